"""What a person does at a desk now: sit down, be on watch of channels, leave. Never in the record.

Owns: rights. Does not own: the socket (desk/pages/direct.py), which desks are open (node/desks.py).
"""

from __future__ import annotations

from collections.abc import Collection

from parley.actions.ports import DeskPort, NodePort, SinkPort
from parley.actions.who import Who, need, need_in


def sit_down(node: NodePort, who: Who, sink: SinkPort) -> DeskPort:
    """Open a desk for this person; whoever opened it closes it with `get_up`. Raises Refused `desks.full`."""
    need(who, "state")
    return node.desks.open(who.person, sink)


def get_up(node: NodePort, desk: DeskPort) -> None:
    """Close a desk: it is on watch of nothing any more."""
    node.desks.close(desk)


def beat(node: NodePort, desk: DeskPort) -> None:
    """Note that the page is alive."""
    node.desks.beat(desk)


def watch(node: NodePort, who: Who, desk: DeskPort, channels: Collection[str]) -> None:
    """Put a desk on watch of these channels.

    Raises: Refused `people.right`, `people.member`, `channels.unknown`; then it watches what it did before.
    """
    for channel in channels:
        need_in(node, who, "read", channel)
    node.desks.watch(desk, channels)
