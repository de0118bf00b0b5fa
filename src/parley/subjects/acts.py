"""An act: a valid entry at its place; a cut: how much of every log somebody held; a topic: all acts about one thing.

Owns: the order of acts, what one act had seen of another, the view of a topic at any cut.
Does not own: which acts are allowed (the rules of each subject), where entries are kept (book.py).
Always true:
  1. A topic's view is a function of its acts, in the order of their places; arrival plays no part (DESIGN 2.6).
  2. `view_at(cut)` reads only acts inside the cut (DESIGN 3, "Validity comes from an entry's own past").
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Final

from parley.record.entry import Entry
from parley.record.names import LogId, Ref
from parley.storage.port import Place

_by_place: Final = attrgetter("place")


class Cut:
    """How much of each log an entry's author held: its stated past, and its own log before it."""

    __slots__ = ("log", "number", "past")

    def __init__(self, past: Mapping[LogId, int], log: LogId | None = None, number: int = 0) -> None:
        self.past = past
        self.log = log
        self.number = number

    def size(self, log: LogId) -> int:
        """Give how many entries of this log the cut holds."""
        if self.log is not None and log == self.log:
            return self.number
        return self.past.get(log, 0)


class Act:
    """One valid entry, with its place in the order of views and what it had seen."""

    __slots__ = ("cut", "entry", "id", "log", "number", "place", "size_bytes")

    def __init__(self, entry: Entry, entry_id: str, log: LogId, turn: int, cut: Cut, size_bytes: int = 0) -> None:
        self.entry = entry
        self.id = entry_id
        self.log = log
        self.number = entry.number
        self.place: Place = (turn, log.side, log.epoch, entry.number)
        self.cut = cut
        self.size_bytes = size_bytes  # of its entry, which it holds in memory

    def saw(self, other: Act) -> bool:
        """Say whether the other act is in this act's past. If neither saw the other, the two crossed."""
        return self.cut.size(other.log) > other.number

    def names(self, other: Act) -> bool:
        """Say whether this act refers to the other one, by its digest."""
        return other.ref in self.entry.refs

    @property
    def ref(self) -> Ref:
        """How another entry names this one."""
        return Ref(self.log, self.number, self.id)


Folder = Callable[[tuple[Act, ...]], object]
"""Gives the view of a topic from its acts in order; pure; None for no acts."""


class Topic:
    """All valid acts about one subject, and their view."""

    __slots__ = ("_at", "_fold", "_size_bytes", "_stale", "_view", "acts", "tops")

    def __init__(self, fold: Folder) -> None:
        self._fold = fold
        self.acts: list[Act] = []
        self.tops: dict[LogId, int] = {}  # the greatest number of each log among the acts
        self._size_bytes = 0
        self._view: object = None
        self._stale = True
        self._at: tuple[Mapping[LogId, int], object] | None = None  # the last view inside a smaller past

    def add(self, act: Act) -> None:
        """Add an act at its place, which may be in the middle."""
        acts = self.acts
        if acts and act.place < acts[-1].place:
            insort(acts, act, key=_by_place)
        else:
            acts.append(act)
        if act.number > self.tops.get(act.log, -1):
            self.tops[act.log] = act.number
        self._size_bytes += act.size_bytes
        self._stale = True
        self._at = None

    @property
    def size_bytes(self) -> int:
        """Give how large the entries are that it holds in memory."""
        return self._size_bytes

    def view(self) -> object:
        """Give the view over every act held."""
        if self._stale:
            self._view = self._fold(tuple(self.acts))
            self._stale = False
        return self._view

    def view_at(self, cut: Cut) -> object:
        """Give the view over the acts inside the cut."""
        tops = self.tops
        for log, number in tops.items():
            if cut.size(log) <= number:
                break
        else:
            return self.view()
        shared = cut.log is None or cut.log not in tops
        if shared and self._at is not None and self._at[0] is cut.past:
            return self._at[1]
        view = self._fold(tuple(act for act in self.acts if cut.size(act.log) > act.number))
        if shared:
            self._at = (cut.past, view)
        return view
