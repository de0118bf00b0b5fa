"""How far each log is taken in and folded, and what may still be needed of it in memory.

Owns: one `Track` a log: counts, the last sound past, the turn, entries and fold rows not yet safe on disk.
Does not own: verdicts (book.py), disk (the reader).
Always true: 1. What is not on disk is never forgotten here; what is, is kept only up to a bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from parley import limits
from parley.record.entry import Entry
from parley.record.names import LogId, Past
from parley.storage.port import FoldRow

if TYPE_CHECKING:
    from parley.subjects.topics import StandingCut

KEPT: Final = 1_024  # entries and rows of one log kept after they are on disk: one commit's worth is asked for again
_NOTHING: Final[Mapping[LogId, int]] = MappingProxyType({})


class Taken:
    """One entry as it came: read, or with the reason why it cannot be."""

    __slots__ = ("entry", "id", "reason", "size_bytes")

    def __init__(self, entry: Entry | None, entry_id: str, reason: str, size_bytes: int) -> None:
        self.entry = entry
        self.id = entry_id
        self.reason = reason
        self.size_bytes = size_bytes


class Track:
    """One log."""

    __slots__ = (
        "beyond",
        "folded",
        "kept",
        "kept_bytes",
        "log",
        "past",
        "past_map",
        "past_turn",
        "rows",
        "seen",
        "settled",
        "standing",
        "standing_cut",
        "sum",
        "taken",
        "turn",
    )

    def __init__(self, log: LogId, folded: int = 0) -> None:
        self.log = log
        self.taken = folded  # entries handed to us; the next must have this number
        self.folded = folded
        self.settled = folded  # entries known to be on disk
        self.beyond: int | None = None  # of a log of ours that ended: what the other side said it holds
        self.turn = 0  # of the last folded entry
        self.past: tuple[Past, ...] = ()  # of the last folded entry whose past was sound
        self.past_map: Mapping[LogId, int] = _NOTHING
        self.past_turn = 0  # the greatest turn in that past
        self.seen: Mapping[LogId, int] = _NOTHING  # what counts of that past (pasts.py)
        self.standing_cut: StandingCut | None = None  # the line channel inside that past, until it grows
        self.standing = 0  # valid standing facts in this log
        self.sum: int | None = None  # running sum for the digest; None until somebody asks
        self.kept: dict[int, Taken] = {}
        self.kept_bytes = 0
        self.rows: dict[int, FoldRow] = {}

    def keep(self, number: int, taken: Taken) -> None:
        """Keep an entry in memory."""
        self.kept[number] = taken
        self.kept_bytes += taken.size_bytes

    @property
    def full(self) -> bool:
        """Say whether it holds so much that it should be trimmed."""
        crowded = len(self.kept) > 2 * KEPT or len(self.rows) > 2 * KEPT
        return crowded or self.kept_bytes > 2 * limits.LOG_KEPT_BYTES

    def trim(self, rows_on_disk: int) -> None:
        """Forget the oldest entries and rows that are safe on disk, down to the bounds."""
        below = min(self.settled, self.folded)
        for number in list(self.kept):  # inserted in order of number
            within = len(self.kept) <= KEPT and self.kept_bytes <= limits.LOG_KEPT_BYTES
            if number >= below or within:
                break
            self._forget(number)
        for number in list(self.rows)[: max(0, len(self.rows) - KEPT)]:
            if number >= rows_on_disk:
                break
            del self.rows[number]
        self._trim_waiting()

    def _trim_waiting(self) -> None:
        """Of those that wait for their past the next ones stay; all others are read again when their turn comes."""
        room = limits.LOG_KEPT_BYTES
        for number in [number for number in self.kept if self.folded <= number < self.settled]:
            room -= self.kept[number].size_bytes
            if number >= self.folded + KEPT or room < 0:
                self._forget(number)

    def _forget(self, number: int) -> None:
        self.kept_bytes -= self.kept.pop(number).size_bytes
