"""The links of a node: by whose keys they are pinned, where they listen, by which ways they dial.

Does not own: the sockets (transports/), what goes by which link (ways.py, line/).
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.identity import LineIdentity, SideKeys
from parley.node.status import former_pins
from parley.storage.port import Store
from parley.transports import LinkHost, LinkListener, Route


def links_of(
    identity: LineIdentity,
    keys: SideKeys,
    store: Store,
    *,
    listen: Sequence[tuple[str, int]],
    routes: Sequence[Route],
    listener: LinkListener,
) -> LinkHost:
    """Give the links of a node, not yet open; what they bring is told to `listener`."""
    return LinkHost(
        line=identity.line,
        ours=identity.ours,
        theirs=identity.theirs,
        former_pins=former_pins(identity, store),
        tls_pem=keys.tls,
        listen=list(listen),
        routes=list(routes),
        listener=listener,
    )
