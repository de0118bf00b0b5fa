"""What the world remembers of every log, beside what the nodes themselves hold.

Owns: the one history each side has ever signed, which no crash or restore of a node can make the world forget.
Does not own: when it is asked (checkers.py).
Always true: a history here only grows; what contradicts it breaks promise 5, or 3, or 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from parley.record import LogId, tree
from parley.sim.meter import PromiseBroken


@dataclass
class History:
    """All that a side has ever put on its disk under a signed head of one log: ids, and the root at every size."""

    log: LogId
    ids: list[bytes] = field(default_factory=list)
    roots: list[bytes] = field(default_factory=lambda: [tree.EMPTY_ROOT])
    _frontier: tree.Frontier = field(default_factory=tree.Frontier)

    def entry(self, number: int, identity: bytes) -> None:
        """An entry landed on its author's disk. Raises PromiseBroken if another one ever stood there."""
        if number < len(self.ids):
            if self.ids[number] != identity:
                raise PromiseBroken(
                    5, f"{self.log.text}: its author wrote two different entries {number} into one epoch of the log"
                )
            return
        if number > len(self.ids):
            raise PromiseBroken(3, f"{self.log.text}: entry {number} landed where {len(self.ids)} was next")
        self.ids.append(identity)
        self._frontier.append(identity)
        self.roots.append(self._frontier.root())

    def forget_beyond(self, size: int) -> None:
        """Nobody knows more than the first `size` entries any more."""
        if size < len(self.ids):
            del self.ids[size:], self.roots[size + 1 :]
            self._frontier = tree.Frontier()
            self._frontier.extend(self.ids)

    def head(self, size: int, root: bytes) -> None:
        """Its author signed a head. Raises PromiseBroken if it is not a head of this one history."""
        if size >= len(self.roots):
            raise PromiseBroken(2, f"{self.log.text}: its author signed size {size}, only {len(self.ids)} ever landed")
        if self.roots[size] != root:
            raise PromiseBroken(5, f"{self.log.text}: its author signed a second history at size {size}")


@dataclass
class Histories:
    """Every log's history, by its author's statements."""

    logs: dict[LogId, History] = field(default_factory=dict)

    def of(self, log: LogId) -> History:
        """Give the history of a log, empty if nothing of it has landed."""
        found = self.logs.get(log)
        if found is None:
            found = self.logs[log] = History(log)
        return found


@dataclass(kw_only=True)
class Told:
    """One entry that a client was told is on its own node's disk."""

    log: LogId
    number: int
    id: bytes
    subject: str
    precedence: str
    at: float
    held: bool = False  # the client was also told that it is on the other disk
    excused: bool = False  # a restore took the last copy: DESIGN 2.5, "what both sides have lost is lost"
