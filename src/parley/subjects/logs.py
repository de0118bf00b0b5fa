"""What is held of each log, in memory and on disk as one: entries as they came, their fold rows, their acts.

Owns: a `Track` a log, the reader of the disk, where an author went on in a later epoch.
Does not own: verdicts and views (book.py), what a track keeps and forgets (tracks.py).
Always true: 1. Whoever reads cannot tell whether a thing was still in memory or had to be read again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol, cast

from parley.errors import PeerError, ensure
from parley.record.entry import Entry, read_entry
from parley.record.names import LogId, Past
from parley.storage.port import FoldRow, Place
from parley.subjects import table
from parley.subjects.acts import Act, Cut
from parley.subjects.tracks import Taken, Track


class BookReader(Protocol):
    """What the book reads back of what was stored, and the root of any prefix of any log, stored or about to be."""

    def logs(self) -> list[LogId]: ...
    def leaves(self, log: LogId, first: int, count: int) -> list[bytes]: ...
    def ids(self, log: LogId, first: int, count: int) -> list[bytes]: ...
    def folded(self, log: LogId) -> int: ...
    def folds(self, log: LogId, first: int, count: int) -> list[FoldRow]: ...
    def parts(self, channel: str, subject: str) -> list[tuple[LogId, int]]: ...
    def recent(self, channel: str, kinds: Collection[str], *, before: Place | None, count: int) -> list[FoldRow]: ...
    def values(
        self, space: str, *, prefix: str = "", after: str = "", count: int = 1000
    ) -> list[tuple[str, bytes]]: ...
    def root_at(self, log: LogId, size: int) -> bytes | None: ...


class Logs:
    """The logs of both sides of one line."""

    def __init__(self, us: str, them: str, line: str, reader: BookReader) -> None:
        self.us, self.them, self.line = us, them, line
        self.reader = reader
        self.tracks: dict[LogId, Track] = {}
        self._ended: dict[LogId, int] = {}
        self.seen: Callable[[LogId, int, tuple[Past, ...]], Mapping[LogId, int]]  # set by the book (pasts.py)
        self._openings: dict[LogId, Entry] = {}  # log -> the opening of a later epoch that is here and not folded

    def of(self, log: LogId) -> Track:
        """Give the track of a log, a new one for a log not seen before."""
        track = self.tracks.get(log)
        if track is None:
            track = self.tracks[log] = Track(log)
        return track

    def track(self, log: LogId) -> Track | None:
        """Give what is known of a log."""
        return self.tracks.get(log)

    def shared(self, track: Track) -> int:
        """Give how much of a log we may speak of: all that is folded, unless its end is on our disk alone.

        What they name in a past of theirs they hold, also where they had said before that they hold less: their store
        may have been put back in between.
        """
        if track.beyond is None:
            return track.folded
        named = (each.seen.get(track.log, 0) for each in self.tracks.values() if each.log.side == self.them)
        return min(track.folded, max(track.beyond, *named, 0))

    def taken(self, log: LogId, number: int) -> Taken:
        """Give an entry as it was taken in, from memory or disk."""
        track = self.of(log)
        kept = track.kept.get(number)
        if kept is None:
            leaves, ids = self.reader.leaves(log, number, 1), self.reader.ids(log, number, 1)
            ensure(leaves and ids, f"{log.text}: entry {number} was taken in and is not on disk")
            entry, reason = read_leaf(leaves[0])
            kept = Taken(entry, ids[0].hex(), reason, len(leaves[0]))
        return kept

    def entry(self, log: LogId, number: int) -> Entry | None:
        """Give an entry that was taken in; None if it is unreadable."""
        return self.taken(log, number).entry

    def rows(self, log: LogId, first: int, end: int) -> Iterable[FoldRow]:
        """Give fold rows from memory or disk, in order."""
        track = self.of(log)
        number = first
        while number < end:
            row = track.rows.get(number)
            if row is not None:
                yield row
                number += 1
                continue
            page = self.reader.folds(log, number, min(end - number, 1000))
            ensure(page, f"{log.text}: fold row {number} is neither in memory nor on disk")
            yield from page
            number += len(page)

    def ids(self, log: LogId, first: int, end: int) -> Iterable[str]:
        """Give entries' ids from memory or disk, in order."""
        kept, number = self.of(log).kept, first
        while number < end:
            taken = kept.get(number)
            if taken is not None:
                yield taken.id
                number += 1
                continue
            page = self.reader.ids(log, number, min(end - number, 1000))
            ensure(page, f"{log.text}: entry {number} is neither in memory nor on disk")
            yield from (id.hex() for id in page)
            number += len(page)

    def parts(self, channel: str, subject: str) -> list[Act]:
        """Give the valid acts of a subject from disk."""
        acts = []
        for log, number in self.reader.parts(channel, subject):
            row = next(iter(self.rows(log, number, number + 1)))
            if row.verdict == "valid":
                acts.append(self.act(log, number, row.turn))
        return acts

    def act(self, log: LogId, number: int, turn: int) -> Act:
        """Make the act of a valid entry from memory or disk."""
        taken = self.taken(log, number)
        ensure(taken.entry is not None, f"{log.text}: entry {number} was valid and cannot be read")
        entry = cast(Entry, taken.entry)
        return Act(entry, taken.id, log, turn, self.cut(entry, log, number), taken.size_bytes)

    def cut(self, entry: Entry, log: LogId, number: int) -> Cut:
        """Give what an entry's author had seen: what counts of its past, and the first `number` entries of its log."""
        return Cut(self.seen(log, entry.number, entry.past), log, number)

    def on_disk(self, log: LogId) -> int:
        """Give how many fold rows of a log are on disk."""
        return self.reader.folded(log)

    def root_at(self, log: LogId, size: int) -> bytes | None:
        """Give the root of a prefix."""
        return self.reader.root_at(log, size)

    def latest(self, kinds: Collection[str], count: int) -> list[FoldRow]:
        """Give the latest rows of these kinds in the line channel that are on disk."""
        return self.reader.recent("line", kinds, before=None, count=count)

    def scan(self, log: LogId, end: int) -> Iterable[FoldRow]:
        """Give every fold row of a log up to `end`."""
        return self.rows(log, 0, end)

    def end(self, log: LogId, size: int) -> None:
        """Note where a log ended: its author went on in a later epoch."""
        self._ended[log] = size

    def ended(self, log: LogId) -> int | None:
        """Give the size at which a log's author went on in a later epoch; None if it has not."""
        return self._ended.get(log)

    def opening(self, log: LogId, entry: Entry) -> LogId | None:
        """Note an opening that is not folded yet; give the log whose end it states, None if it is not sound."""
        previous = _previous(entry)
        if entry.log != log or previous is None:
            return None
        self._openings[previous] = entry
        return previous

    def opened(self, log: LogId) -> None:
        """An opening was folded: what it states counts as `ended`, or not at all."""
        self._openings = {named: entry for named, entry in self._openings.items() if entry.log != log}

    def passed_by(self, log: LogId, size: int, by: LogId, number: int) -> bool:
        """Say whether the author of `log` went on without so much of it, resting on entry `number` of `by` as it did.

        It then has judged that entry, knowing its own end. Its opening cannot be folded before we judge the entry too.
        """
        opening = self._openings.get(log)
        if opening is None:
            return False
        _, end, _ = cast("list[object]", opening.body["previous"])
        return cast(int, end) < size and any(one.log == by and one.size > number for one in opening.past)


def _previous(entry: Entry) -> LogId | None:
    """Give the epoch before that an opening names; None for one that does not say it as an opening has to."""
    try:
        table.KINDS["log.opened"].check(entry.body)
    except PeerError:
        return None
    named, _, _ = cast("list[object]", entry.body["previous"])
    log = LogId.read(cast(str, named))
    return log if (log.channel, log.side) == (entry.channel, entry.side) and log.epoch < entry.epoch else None


def read_leaf(leaf: bytes) -> tuple[Entry | None, str]:
    """Read an entry, or give the reason why it cannot be."""
    try:
        return read_entry(leaf), ""
    except PeerError as fault:
        return None, str(fault)
