"""Whether what an entry says it had seen can be true.

Owns: the checks of an entry's `past`: place, scope, never backwards, held here, true roots, closed.
Does not own: rules of subjects (rulings.py).
Always true:
  1. The answer is the same whenever it is given: a past is checked only once all it names is folded here.
  2. A log's past only grows, so nothing its author once held can be unseen later (DESIGN 3, "Final stays final").
Closed means: whoever names an entry also holds what that entry's author held. Otherwise an author could name a message
and leave out the suspension that message had seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from parley.record.entry import Entry
from parley.record.names import LogId, Past
from parley.storage.port import FoldRow
from parley.subjects.tracks import Taken, Track

_KEPT: Final = 4_096


class PastFault(Exception):
    """The past cannot be true; its text is the reason of a not-valid entry."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")


class PastWaits(Exception):
    """The past may be true, and `log` is not yet folded up to `size`."""

    def __init__(self, log: LogId, size: int) -> None:
        super().__init__(f"waits for {log.text} up to {size}")
        self.log = log
        self.size = size


class Folded(Protocol):
    """What the checks read of the logs."""

    line: str

    def track(self, log: LogId) -> Track | None: ...
    def taken(self, log: LogId, number: int) -> Taken: ...
    def rows(self, log: LogId, first: int, end: int) -> Iterable[FoldRow]: ...
    def root_at(self, log: LogId, size: int) -> bytes | None: ...
    def ended(self, log: LogId) -> int | None: ...
    def passed_by(self, log: LogId, size: int, by: LogId, number: int) -> bool: ...


class Pasts:
    """Checks pasts, and keeps the last sound one of each log in its track."""

    def __init__(self, us: str, them: str, logs: Folded) -> None:
        self._us = us
        self._sides = (us, them)
        self._logs = logs
        self.whole = False  # see Book.trust_our_end
        self._named: dict[tuple[LogId, int, LogId], int] = {}  # what `_named_before` found
        self._ends: dict[tuple[LogId, int], int] = {}  # what `_last_sound` found: it cannot change

    def check(self, track: Track, number: int, entry: Entry) -> None:
        """Take the entry's past as the log's last sound one, or raise PastFault or PastWaits."""
        log = track.log
        if entry.number != number or entry.side != log.side or entry.channel != log.channel or entry.epoch != log.epoch:
            raise PastFault("past.place", f"it names itself {entry.log.text} {entry.number}, and stands elsewhere")
        if entry.line != self._logs.line:
            raise PastFault("past.line", "it belongs to another line")
        if entry.past == track.past:
            return
        past = {one.log: one.size for one in entry.past}
        self._check_scope(track, past)
        last = track.past_map
        for named, size in last.items():
            if past.get(named, 0) < size:
                raise PastFault(
                    "past.backwards", f"it holds {past.get(named, 0)} of {named.text}, this author held {size}"
                )
        grown = [one for one in entry.past if last.get(one.log, 0) < one.size]
        for one in grown:
            self._check_held(one.log, one.size, log, number)
        for one in entry.past:
            if one not in track.past:
                self._check_root(one)
        seen = self._counted(entry.past, track.seen)
        gone = _gone_on(log, past)
        turn = track.past_turn
        for one in grown:
            size = seen[one.log]
            self._check_closed(track, past, gone, one.log, last.get(one.log, 0), size)
            if size:
                turn = max(turn, next(iter(self._logs.rows(one.log, size - 1, size))).turn)
        track.past, track.past_map, track.past_turn = entry.past, past, turn
        track.seen = self._with_own(seen, gone)
        track.standing_cut = None

    def seen(self, log: LogId, number: int, past: tuple[Past, ...]) -> Mapping[LogId, int]:
        """Give what counted of the past of an entry that was judged before, or that we write now."""
        before = {one.log: self._named_before(log, number, one) for one in past}
        return self._with_own(self._counted(past, before), _gone_on(log, {one.log: one.size for one in past}))

    def recall(self, track: Track) -> None:
        """Find the last sound past of a log on disk again."""
        for number in range(track.folded - 1, -1, -1):
            entry = self._sound(track.log, number)
            if entry is not None:
                track.past = entry.past
                track.past_map = {one.log: one.size for one in entry.past}
                track.seen = self.seen(track.log, number, entry.past)
                counted = [(one.log, track.seen[one.log]) for one in entry.past]
                rows = (next(iter(self._logs.rows(log, size - 1, size))) for log, size in counted if size)
                track.past_turn = max((row.turn for row in rows), default=0)
                return

    def torn(self, cut: Mapping[LogId, int]) -> LogId | None:
        """Give a log of which the cut holds an entry that rests on others outside it; None as in what an author holds.

        No view can be made of an answer to words that are not there.
        """
        for log, size in cut.items():
            at, entry = self._last_sound(log, 0, size)  # it held all that those before it did
            seen = self.seen(log, at, entry.past) if entry is not None else {}
            if any(held > cut.get(one, 0) for one, held in seen.items()):
                return log
        return None

    def _check_scope(self, track: Track, past: Mapping[LogId, int]) -> None:
        log = track.log
        for named in past:
            if named == log or named.channel not in (log.channel, "line") or named.side not in self._sides:
                raise PastFault("past.scope", f"{named.text} cannot be in the past of an entry of {log.text}")

    def _check_held(self, log: LogId, size: int, by: LogId, number: int) -> None:
        track = self._logs.track(log)
        if track is not None and (track.folded >= size or track.beyond is not None):
            return
        # Its author lost the rest and went on, or it is ours and whole: in one way or the other it can never be had.
        # One sentence for all, since the two nodes come to know it in different ways.
        ended = self._logs.ended(log)
        beyond = log.side == self._us and self.whole and (track is None or track.taken < size)
        if beyond or (ended is not None and ended < size) or self._logs.passed_by(log, size, by, number):
            raise PastFault("past.beyond", f"it holds {size} of {log.text}, which never had so many")
        raise PastWaits(log, size)

    def _check_root(self, one: Past) -> None:
        if self._here(one):
            return
        track = self._logs.track(one.log)
        if one.log.side == self._us and not self.whole:
            raise PastWaits(one.log, one.size)  # they may hold what we signed and lost: their answer will tell
        if track is None or track.beyond is None:
            raise PastFault("past.root", f"another root of {one.log.text} at {one.size} than the log has")

    def _here(self, one: Past) -> bool:
        track = self._logs.track(one.log)
        root = self._logs.root_at(one.log, one.size) if track is not None and one.size <= track.folded else None
        return root is not None and root.hex() == one.root

    def _counted(self, past: tuple[Past, ...], before: Mapping[LogId, int]) -> dict[LogId, int]:
        """Give how much counts of each log that is named: of one of ours with another end there, what both ends share.

        That is as much as they named before of the end that is here, or said that they hold of it.
        """
        counted = {one.log: one.size for one in past}
        for one in past:
            track = self._logs.track(one.log)
            if track is not None and track.beyond is not None and not self._here(one):
                counted[one.log] = min(one.size, track.folded, max(before.get(one.log, 0), track.beyond))
        return counted

    def _named_before(self, log: LogId, number: int, one: Past) -> int:
        """Give how much the entries of a log before this one named of a log of ours, as it is here."""
        track = self._logs.track(one.log)
        if track is None or track.beyond is None or self._here(one):
            return 0
        passed = []
        while (known := self._named.get((log, number, one.log))) is None:
            passed.append((log, number, one.log))
            number, entry = self._last_sound(log, 0, number)
            named = [each for each in entry.past if each.log == one.log] if entry is not None else []
            if not named or self._here(named[0]):
                known = named[0].size if named else 0
                break
        if len(self._named) > _KEPT:
            self._named.clear()
        self._named.update(dict.fromkeys(passed, known))
        return known

    def _with_own(self, seen: dict[LogId, int], gone: Mapping[tuple[str, str], int]) -> Mapping[LogId, int]:
        """Add what authors of the named entries held of ended epochs of this author's own: its words count as said."""
        if not any(gone.values()):
            return seen
        for log, size in list(seen.items()):
            entry = self._last_sound(log, 0, size)[1]
            own = [one for one in entry.past if _ended(one.log, gone)] if entry is not None else []
            for held, more in self._counted(tuple(own), seen).items():
                seen[held] = max(seen.get(held, 0), more)
        return seen

    def _check_closed(
        self, track: Track, past: Mapping[LogId, int], gone: Mapping[tuple[str, str], int], named: LogId, first: int,
        size: int,
    ) -> None:  # fmt: skip
        """Ask it of the last sound entry from `first` on: it held all that those before it did, and no other counts."""
        at, entry = self._last_sound(named, first, size)
        for one in entry.past if entry is not None else ():
            if one.log == track.log or past.get(one.log, 0) >= one.size or _ended(one.log, gone):
                continue
            raise PastFault(
                "past.open", f"it names entry {at} of {named.text}, whose author held more of {one.log.text}"
            )

    def _last_sound(self, log: LogId, first: int, end: int) -> tuple[int, Entry | None]:
        """Give the last sound entry within [first, end); what was looked through once is not looked through again."""
        if len(self._ends) > _KEPT:
            self._ends.clear()
        at = end
        while at > 0 and (log, at) not in self._ends and self._sound(log, at - 1) is None:
            at -= 1
        at = self._ends[log, end] = self._ends.get((log, at), at)
        return (at - 1, self._sound(log, at - 1)) if at > first else (first, None)

    def _sound(self, log: LogId, number: int) -> Entry | None:
        """Give an entry whose own past was found sound; None for one that is unreadable or whose past was not."""
        row = next(iter(self._logs.rows(log, number, number + 1)))
        return self._logs.taken(log, number).entry if _has_sound_past(row) else None


def _has_sound_past(row: FoldRow) -> bool:
    return row.verdict != "unreadable" and not row.reason.startswith("past.")


def _gone_on(log: LogId, past: Mapping[LogId, int]) -> dict[tuple[str, str], int]:
    """Give the newest epoch of each log of an author's own that an entry of `log` with this past knows of."""
    newest: dict[tuple[str, str], int] = {}
    for one in (log, *past):
        if one.side == log.side:
            newest[one.channel, one.side] = max(one.epoch, newest.get((one.channel, one.side), 0))
    return newest


def _ended(log: LogId, gone: Mapping[tuple[str, str], int]) -> bool:
    return log.epoch < gone.get((log.channel, log.side), 0)
