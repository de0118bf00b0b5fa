"""The places in which nodes are killed: what a history must not trip over by itself."""

from __future__ import annotations

import socket

from tests.kills.grounds import hold_port


def test_no_held_port_is_given_twice_and_its_node_may_come_and_go() -> None:
    """A link on its own target's port dials itself until no descriptor is left; it happened, once in some thousand."""
    held = [hold_port() for _ in range(400)]
    try:
        ports = [each.getsockname()[1] for each in held]
        assert len(set(ports)) == len(ports)
        for _ in range(2):  # the node that is dialled, and again after a kill
            with socket.create_server(("127.0.0.1", ports[0])) as node:
                assert node.getsockname()[1] == ports[0]
            with socket.socket() as caller:  # held is not listened on: a node that is down refuses at once
                assert caller.connect_ex(("127.0.0.1", ports[0])) != 0
    finally:
        for each in held:
            each.close()
