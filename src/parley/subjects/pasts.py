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

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Protocol

from parley.record.entry import Entry
from parley.record.names import LogId
from parley.storage.port import FoldRow
from parley.subjects.tracks import Taken, Track


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
            if one in track.past:
                continue
            root = self._logs.root_at(one.log, one.size)
            if root is None or root.hex() != one.root:
                raise PastFault("past.root", f"another root of {one.log.text} at {one.size} than the log has")
        turn, seen = track.past_turn, track.inside(past)
        for one in grown:
            self._check_closed(track, number, seen, one.log, last.get(one.log, 0), one.size)
            row = next(iter(self._logs.rows(one.log, one.size - 1, one.size)))
            turn = max(turn, row.turn)
        track.past, track.past_map, track.past_turn = entry.past, past, turn
        if number == 0:
            track.holes = self.holes(past)
        track.seen = track.inside(past)
        track.standing_cut = None

    def recall(self, track: Track) -> None:
        """Find the last sound past of a log on disk again."""
        first = self._sound(track.log, 0)
        if first is not None:
            track.holes = self.holes({one.log: one.size for one in first.past})
        for number in range(track.folded - 1, -1, -1):
            entry = self._sound(track.log, number)
            if entry is not None:
                track.past = entry.past
                track.past_map = {one.log: one.size for one in entry.past}
                track.seen = track.inside(track.past_map)
                track.past_turn = max(
                    (next(iter(self._logs.rows(one.log, one.size - 1, one.size))).turn for one in entry.past),
                    default=0,
                )
                return

    def holes(self, cut: Mapping[LogId, int]) -> dict[LogId, tuple[int, int]]:
        """Give each log of which a cut holds more than it may: how many entries, and how many rest on the cut alone.

        There are none in what an honest author folded. The first entry of a later epoch may leave out what its author
        lost of earlier ones, and with it goes all that the other side said with that in view: the author may not even
        have found it valid, and no view could be made of an answer to words that are not there.
        """
        kept = dict(cut)
        settled = False
        while not settled:
            settled = True
            for log, size in kept.items():
                resting = self._resting(log, size, kept)
                if resting < size:
                    kept[log] = resting
                    settled = False
        return {log: (size, kept[log]) for log, size in cut.items() if kept[log] < size}

    def _resting(self, log: LogId, size: int, cut: Mapping[LogId, int]) -> int:
        """Give how many of the first `size` entries of a log rest on nothing outside the cut; pasts only grow."""

        def rests(number: int) -> bool:
            entry = self._sound(log, number)
            return entry is not None and all(one.size <= cut.get(one.log, 0) for one in entry.past)

        if not size or rests(size - 1):
            return size
        sound = [row.number for row in self._logs.rows(log, 0, size) if _has_sound_past(row)]
        first = bisect_left(sound, True, key=lambda number: not rests(number))
        return sound[first] if first < len(sound) else size

    def _check_scope(self, track: Track, past: Mapping[LogId, int]) -> None:
        log = track.log
        for named in past:
            if named == log or named.channel not in (log.channel, "line") or named.side not in self._sides:
                raise PastFault("past.scope", f"{named.text} cannot be in the past of an entry of {log.text}")

    def _check_held(self, log: LogId, size: int, by: LogId, number: int) -> None:
        track = self._logs.track(log)
        if track is not None and track.folded >= size:
            return
        # Its author lost the rest and went on, or it is ours and whole: in one way or the other it can never be had.
        # One sentence for all, since the two nodes come to know it in different ways.
        ended = self._logs.ended(log)
        beyond = log.side == self._us and self.whole and (track is None or track.taken < size)
        if beyond or (ended is not None and ended < size) or self._logs.passed_by(log, size, by, number):
            raise PastFault("past.beyond", f"it holds {size} of {log.text}, which never had so many")
        raise PastWaits(log, size)

    def _check_closed(
        self, track: Track, number: int, past: Mapping[LogId, int], named: LogId, first: int, size: int
    ) -> None:
        """Ask it of the last sound entry from `first` on: it held all that those before it did, and no other counts."""
        at = size - 1
        while at >= first and (entry := self._sound(named, at)) is None:
            at -= 1
        if at < first or entry is None:
            return
        own = (track.log.channel, track.log.side)
        for one in entry.past:
            if one.log == track.log or past.get(one.log, 0) >= one.size:
                continue
            if number == 0 and (one.log.channel, one.log.side) == own:
                continue  # a new epoch names the epochs before it in its body
            raise PastFault(
                "past.open", f"it names entry {at} of {named.text}, whose author held more of {one.log.text}"
            )

    def _sound(self, log: LogId, number: int) -> Entry | None:
        """Give an entry whose own past was found sound; None for one that is unreadable or whose past was not."""
        row = next(iter(self._logs.rows(log, number, number + 1)))
        return self._logs.taken(log, number).entry if _has_sound_past(row) else None


def _has_sound_past(row: FoldRow) -> bool:
    return row.verdict != "unreadable" and not row.reason.startswith("past.")
