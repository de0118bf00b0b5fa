"""Nodes broken on purpose, to show that the checker finds what it is there to find. Nothing of this is in the product.

Each break is applied in the forked process before the node opens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from parley.line import Commit
from parley.line.frames import write_cosigned
from parley.line.ledger import Batch, Ledger
from parley.node.node import AuthoredEntry, Node
from parley.node.shell import Shell
from parley.storage.port import Row
from parley.times import Moment

_LATE_S: Final = 0.01  # a slow disk: what is told too early stays untrue for long enough to be killed in


def apply(broken: str) -> None:
    """Break the node in one way; "" breaks nothing."""
    if broken:
        _BREAKS[broken]()


def slowed(broken: str, commit: Callable[[Sequence[Row]], None]) -> Callable[[Sequence[Row]], None]:
    """Give a broken node a slow disk."""
    if not broken:
        return commit

    def late(rows: Sequence[Row]) -> None:
        time.sleep(_LATE_S)
        commit(rows)

    return late


def _tell_before_stored() -> None:
    """Clients hear "on our disk" when the commit begins."""
    whole = Shell._commit

    def early(self: Any, effect: Commit) -> None:
        for authored in self.core._under_way.authored:
            self._told(authored)
        whole(self, effect)

    Shell._commit = early  # type: ignore[method-assign]


def _cosign_before_stored() -> None:
    """The other side hears "on our disk" when the commit begins."""
    whole = Shell._commit

    def early(self: Any, effect: Commit) -> None:
        batch = self.core._under_way
        if batch.cosigned:
            for send in self.core._sending.everywhere(write_cosigned(batch.cosigned)):
                if send.link in self._up:
                    self._links.send(send.link, send.lane, send.frame)
        whole(self, effect)

    Shell._commit = early  # type: ignore[method-assign]


def _trust_any_store() -> None:
    """A node that goes on from any store at once, as if it had lost nothing: the way to fork a log."""
    from parley.line import tail

    tail.anchor_matches = lambda ledger, anchor: True
    tail.Tail.ask = lambda self, link, now: []  # type: ignore[method-assign]


def _write_twice() -> None:
    """A node that takes its own repeat for a new wish, now and then."""
    whole = Node.author

    async def twice(self: Any, **what: Any) -> AuthoredEntry:
        if what["kind"] == "message.sent" and time.time_ns() % 5 == 0:
            await whole(self, **what)
        return await whole(self, **what)

    Node.author = twice  # type: ignore[method-assign]


def _date_by_its_clock() -> None:
    """A node whose cosignatures carry whatever its clock says, also when that was set back."""
    whole = Ledger.seal_batch

    def forgetful(self: Any, clock: Moment) -> Batch:
        for theirs in self.theirs.values():
            theirs.cosigned_at_s = 0
        return whole(self, clock)

    Ledger.seal_batch = forgetful  # type: ignore[method-assign]


_BREAKS: Final[dict[str, Callable[[], None]]] = {
    "tells-before-stored": _tell_before_stored,
    "cosigns-before-stored": _cosign_before_stored,
    "trusts-any-store": _trust_any_store,
    "writes-twice": _write_twice,
    "dates-by-its-clock": _date_by_its_clock,
}
