"""The book: folds the entries of both sides into verdicts and views, the same on both nodes.

Owns: what is folded, what waits for its past, the verdict on each entry, topics in memory, the digest.
Does not own: disk (a reader is handed in; rows are handed back), signatures and roots (line/, record/), rules' content.
Always true:
  1. An entry is judged by the view folded from its own past, so its verdict never changes (DESIGN 3, "Validity").
  2. Nothing depends on the order in which entries of different logs arrive (DESIGN 2.6).
  3. An entry whose past is not yet folded waits, and is not counted in `past_for` (DESIGN 3, "Past and order").
  4. Memory is bounded, whatever the peer writes; what was dropped is folded again from disk.
Read first: docs/protocol/views.md. Why topics are folded whole: DESIGN.md, "No folding on".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, cast

from parley import limits
from parley.errors import PeerError, Refused, Unavailable, ensure
from parley.record.binding import is_signed
from parley.record.entry import RULES, Entry, read_entry
from parley.record.names import LogId, Past, Ref
from parley.storage.port import FoldRow, Place, ValueRow, Verdict
from parley.subjects import digests, indexes, table
from parley.subjects.acts import Act, Cut
from parley.subjects.channels.view import ChannelView
from parley.subjects.kinds import Kind
from parley.subjects.line_view import LineView, assemble
from parley.subjects.messages.view import MessageView
from parley.subjects.nonces import Nonces
from parley.subjects.openings import OpenItem, OpenItems
from parley.subjects.pasts import PastFault, Pasts, PastWaits
from parley.subjects.rulings import rule, rule_version
from parley.subjects.standing.facts import ended_subject
from parley.subjects.standing.view import EndedView, GapView, TestView
from parley.subjects.topics import Shelf
from parley.subjects.tracks import KEPT, Taken, Track

_ANSWERS: Final = "fold.answers"  # index: which messages answer a message; key "channel|subject|turn|answer"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """One message in a thread; `view` is None where the entry is not valid, and `reason` says why."""

    place: Place
    ref: Ref
    subject: str
    verdict: str
    reason: str
    view: MessageView | None


class Book:
    """Both sides' entries, judged and folded. After a failed commit throw it away and make another from the store."""

    def __init__(self, us: str, them: str, line: str, reader: BookReader, *, rules_known: int = RULES) -> None:
        self.us, self.them, self.line = us, them, line
        self._reader = reader
        self._rules_known = rules_known
        self._tracks: dict[LogId, Track] = {}
        self._dirty: deque[Track] = deque()
        self._waiting: dict[LogId, dict[LogId, int]] = {}  # log wanted -> {log that waits: size it wants}
        self._pasts = Pasts(us, them, self)
        self._shelf = Shelf(self, reader, frozenset((us, them)))
        self.nonces = Nonces(reader)
        self._ended: dict[LogId, int] = {}
        self._past_for: dict[str, _PastFor] = {}
        self._roots: dict[LogId, tuple[int, str]] = {}
        self._open: dict[str, OpenItems] = {}
        self._index: list[ValueRow] = []
        self._fresh_answers: dict[tuple[str, str], list[str]] = {}
        self._line_view: LineView | None = None
        self._judged: Entry | None = None  # found allowed; its verdict cannot change before it is folded
        for log in sorted(reader.logs()):
            if log.side in (us, them):
                self._recall(log)

    # --- taking in and folding ------------------------------------------------------------------------------------

    def take(self, log: LogId, number: int, leaf: bytes, id: bytes, entry: Entry | None = None) -> None:
        """Take the next entry of a log, on disk or about to be; a repeat changes nothing.

        Args:
            entry: The leaf already read, if the caller has it; saves reading it again.
        """
        track = self._track(log)
        if number < track.taken:
            return
        ensure(number == track.taken, f"{log.text}: entry {number} was handed over, {track.taken} is next")
        reason = ""
        if entry is None:
            entry, reason = _read(leaf)
        track.kept[number] = Taken(entry, id.hex(), reason)
        track.taken += 1
        self._dirty.append(track)

    def fold(self) -> list[FoldRow]:
        """Fold every entry whose past is held; give the rows to store in the same commit as those entries."""
        rows: list[FoldRow] = []
        dirty = self._dirty
        while dirty:
            track = dirty.popleft()
            while track.folded < track.taken:
                row = self._fold_next(track)
                if row is None:
                    break
                rows.append(row)
                waiting = self._waiting.get(track.log)
                if waiting:
                    self._wake(track, waiting)
        return rows

    def index(self) -> list[ValueRow]:
        """Give index rows made since the last call; store them in the same commit as the fold rows."""
        rows, self._index = [*self._index, *self._shelf.changed_parts()], []
        return rows

    def settled(self, log: LogId, size: int) -> None:
        """Note that the first `size` entries of a log are on disk."""
        track = self._track(log)
        track.settled = max(track.settled, size)
        if len(track.kept) > 2 * KEPT or len(track.rows) > 2 * KEPT:
            track.trim(self._reader.folded(log))
        self._shelf.settled()

    def trust_our_end(self, whole: bool) -> None:
        """Say whether our own logs are known to be whole.

        While they are (the tail was asked for and answered, or the store matches the anchor), an entry of the peer that
        names more of our log than there is cannot be true, and is not valid. Before that it waits: the missing part may
        come back to us. The book begins with False.
        """
        self._pasts.whole = whole
        if whole:
            self._dirty.extend(self._tracks.values())

    def judge(self, entry: Entry) -> None:
        """Raise Refused, saying which rule, if this next entry of our own may not be. Changes nothing."""
        kind = table.KINDS.get(entry.kind)
        if kind is None or entry.rules > self._rules_known:
            raise Refused("subjects.kind", f"this node knows no {entry.kind} under rules {entry.rules}")
        if kind.name == "rules.proposed" or kind.name == "rules.agreed":
            version = entry.body.get("version")
            if isinstance(version, int) and version > self._rules_known:
                raise Refused("rules.unknown", f"this node knows the rules up to {self._rules_known} only")
        log = entry.log
        track = self._tracks.get(log)
        if track is not None and entry.past == track.past:
            self._rule(Act(entry, "", log, 0, Cut(track.past_map, log, entry.number)), kind, track)
        else:
            past = {one.log: one.size for one in entry.past}
            self._rule(Act(entry, "", log, 0, Cut(past, log, entry.number)), kind, None)
        self._judged = entry

    # --- the past ---------------------------------------------------------------------------------------------------

    def past_for(self, channel: str, writing: LogId | None = None) -> tuple[Past, ...]:
        """Give the past of an entry we write now: all that is folded of this channel and of the line channel.

        Args:
            writing: The log that will hold the entry; by default our newest in this channel. It is left out.
        """
        if writing is None:
            ours = [log for log in self._tracks if log.channel == channel and log.side == self.us]
            writing = max(ours, key=lambda log: log.epoch, default=None)
        known = self._past_for.get(channel)
        if known is None or known.writing != writing or known.logs != len(self._tracks):
            tracks = [
                track for log, track in self._tracks.items() if log.channel in (channel, "line") and log != writing
            ]
            tracks.sort(key=lambda track: track.log.text)
            known = self._past_for[channel] = _PastFor(writing, len(self._tracks), tracks)
        sizes = [track.shared for track in known.tracks]
        if sizes != known.sizes:
            known.sizes = sizes
            known.past = tuple(
                Past(track.log, size, self._root(track, size))
                for track, size in zip(known.tracks, sizes, strict=True)
                if size
            )
        return known.past

    def turn(self, log: LogId) -> int:
        """Give the turn of the last folded entry of a log; 0 if there is none."""
        track = self._tracks.get(log)
        return track.turn if track else 0

    def folded(self, log: LogId) -> int:
        """Give how many entries of a log are folded."""
        track = self._tracks.get(log)
        return track.folded if track else 0

    def forsake(self, log: LogId, beyond: int = 0) -> None:
        """Name no more than `beyond` of this log of ours in a past: the other side never gets the rest."""
        self._track(log).beyond = beyond
        self._past_for.clear()

    def let_go(self, log: LogId) -> tuple[int, str] | None:
        """Give the size and root at which the other side ended this log of ours, and so agreed to its next epoch."""
        view = self.view("line", ended_subject(log))
        return (view.size, view.root) if isinstance(view, EndedView) else None

    def cut(self) -> dict[LogId, int]:
        """Give how much of each log is folded here and may be there: the cut for a line test begun now."""
        return {log: size for log in sorted(self._tracks) if (size := self._tracks[log].shared)}

    @property
    def rules(self) -> int:
        """The version of the rules both sides agreed to; entries of ours are written by it."""
        return self._shelf.rules_agreed()

    # --- reading ----------------------------------------------------------------------------------------------------

    def entry(self, log: LogId, number: int) -> Entry | None:
        """Give an entry that was taken in; None if it is unreadable."""
        return self.taken(log, number).entry

    def view(self, channel: str, subject: str) -> object:
        """Give the view of a subject (MessageView, ChannelView, PersonView, TestView, …); None if there is none."""
        topic = self._shelf.topic(channel, subject)
        return None if topic is None else topic.view()

    def view_then(self, channel: str, subject: str, log: LogId, number: int) -> object:
        """Give a subject's view as the author of an entry had it, with that entry; None if it was not there yet."""
        track = self._tracks.get(log)
        entry = self.entry(log, number) if track is not None and 0 <= number < track.folded else None
        topic = None if entry is None else self._shelf.topic(channel, subject)
        if entry is None or topic is None or log.channel != channel:
            return None
        return topic.view_at(Cut({one.log: one.size for one in entry.past}, log, number + 1))

    def message(self, channel: str, subject: str) -> MessageView | None:
        """Give one message."""
        view = self.view(channel, subject)
        return view if isinstance(view, MessageView) else None

    def channel(self, channel: str) -> ChannelView | None:
        """Give one channel."""
        view = self.view("line", f"channel/{channel}")
        return view if isinstance(view, ChannelView) else None

    def line_view(self) -> LineView:
        """Give the whole view of the line channel."""
        if self._line_view is None:
            tests = [self.view("line", name) for name in self._shelf.latest("test")]
            gaps = [self.view("line", name) for name in self._shelf.latest("gap")]
            self._line_view = assemble(
                self.us,
                self.them,
                self._shelf.standing_topics,
                tests=[one for one in tests if isinstance(one, TestView)],
                gaps=[one for one in gaps if isinstance(one, GapView)],
            )
        return self._line_view

    def thread(self, channel: str, *, before: Place | None = None, count: int = 50) -> list[ThreadRow]:
        """Give up to `count` messages of a channel that are on disk, newest first, all before the place `before`."""
        rows = self._reader.recent(channel, ("message.sent",), before=before, count=count)
        return [
            ThreadRow(
                place=row.place,
                ref=Ref(row.log, row.number, self.taken(row.log, row.number).id),
                subject=row.subject,
                verdict=row.verdict,
                reason=row.reason,
                view=self.message(channel, row.subject) if row.verdict == "valid" else None,
            )
            for row in rows
        ]

    def answers(self, channel: str, subject: str) -> list[str]:
        """Give the subjects of the messages that answer this one, in the order of the views."""
        prefix = f"{channel}|{subject}|"
        stored = [key for key, _ in self._reader.values(_ANSWERS, prefix=prefix)]
        found = {*stored, *self._fresh_answers.get((channel, subject), ())}
        return [key.rpartition("|")[2] for key in sorted(found)]

    def open_items(self, channel: str) -> list[OpenItem]:
        """Give the messages of both sides that wait for an acknowledgement, the most pressing first; bounded."""
        return self._opened(channel).list()

    def open_items_more(self, channel: str) -> bool:
        """Say whether more messages wait than `open_items` lists."""
        return self._opened(channel).more

    def digest(self, cut: Mapping[LogId, int]) -> str:
        """Give the digest of all verdicts, and of the line's and the latest views, inside a cut.

        Raises: Unavailable `subjects.cut` if this node has not folded that far.
        """
        for log, size in cut.items():
            track = self._tracks.get(log)
            if track is None or track.folded < size:
                raise Unavailable("subjects.cut", f"{log.text} is not folded up to {size} yet")
        return digests.digest(self, self._shelf, cut)

    # --- for the other parts of this room ---------------------------------------------------------------------------

    def track(self, log: LogId) -> Track | None:
        """Give what is known of a log."""
        return self._tracks.get(log)

    def taken(self, log: LogId, number: int) -> Taken:
        """Give an entry as it was taken in, from memory or disk."""
        track = self._track(log)
        kept = track.kept.get(number)
        if kept is None:
            leaves, ids = self._reader.leaves(log, number, 1), self._reader.ids(log, number, 1)
            ensure(leaves and ids, f"{log.text}: entry {number} was taken in and is not on disk")
            kept = Taken(*_read_with_id(leaves[0], ids[0]))
        return kept

    def rows(self, log: LogId, first: int, end: int) -> Iterable[FoldRow]:
        """Give fold rows from memory or disk, in order."""
        track = self._track(log)
        number = first
        while number < end:
            row = track.rows.get(number)
            if row is not None:
                yield row
                number += 1
                continue
            page = self._reader.folds(log, number, min(end - number, 1000))
            ensure(page, f"{log.text}: fold row {number} is neither in memory nor on disk")
            yield from page
            number += len(page)

    def ids(self, log: LogId, first: int, end: int) -> Iterable[str]:
        """Give entries' ids from memory or disk, in order."""
        kept, number = self._track(log).kept, first
        while number < end:
            taken = kept.get(number)
            if taken is not None:
                yield taken.id
                number += 1
                continue
            page = self._reader.ids(log, number, min(end - number, 1000))
            ensure(page, f"{log.text}: entry {number} is neither in memory nor on disk")
            yield from (id.hex() for id in page)
            number += len(page)

    def parts(self, channel: str, subject: str) -> list[Act]:
        """Give the valid acts of a subject from disk."""
        acts = []
        for log, number in self._reader.parts(channel, subject):
            row = next(iter(self.rows(log, number, number + 1)))
            if row.verdict == "valid":
                acts.append(self.act(log, number, row.turn))
        return acts

    def act(self, log: LogId, number: int, turn: int) -> Act:
        """Make the act of a valid entry from memory or disk."""
        taken = self.taken(log, number)
        ensure(taken.entry is not None, f"{log.text}: entry {number} was valid and cannot be read")
        entry = cast(Entry, taken.entry)
        return Act(entry, taken.id, log, turn, Cut({one.log: one.size for one in entry.past}, log, number))

    def on_disk(self, log: LogId) -> int:
        """Give how many fold rows of a log are on disk."""
        return self._reader.folded(log)

    def ended(self, log: LogId) -> int | None:
        """Give the size at which a log's author went on in a later epoch; None if it has not."""
        return self._ended.get(log)

    def root_at(self, log: LogId, size: int) -> bytes | None:
        """Give the root of a prefix."""
        return self._reader.root_at(log, size)

    def latest(self, kinds: Collection[str], count: int) -> list[FoldRow]:
        """Give the latest rows of these kinds in the line channel that are on disk."""
        return self._reader.recent("line", kinds, before=None, count=count)

    def scan(self, log: LogId, end: int) -> Iterable[FoldRow]:
        """Give every fold row of a log up to `end`."""
        return self.rows(log, 0, end)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _track(self, log: LogId) -> Track:
        track = self._tracks.get(log)
        if track is None:
            track = self._tracks[log] = Track(log)
        return track

    def _recall(self, log: LogId) -> None:
        """Take up a log where the disk has it folded to."""
        folded = self._reader.folded(log)
        track = self._tracks[log] = Track(log, folded)
        if not folded:
            return
        track.turn = next(iter(self.rows(log, folded - 1, folded))).turn
        first = next(iter(self.rows(log, 0, 1)))
        opening = self.entry(log, 0) if first.kind == "log.opened" and first.verdict == "valid" else None
        if opening is not None:
            self._end(opening)
        self._pasts.recall(track)
        if log.channel == "line":
            self._shelf.recall(log, folded)
            track.standing = self._shelf.standing_count(log)

    def _wake(self, track: Track, waiting: dict[LogId, int]) -> None:
        for log in [log for log, size in waiting.items() if size <= track.folded]:
            del waiting[log]
            self._dirty.append(self._tracks[log])

    def _fold_next(self, track: Track) -> FoldRow | None:
        number = track.folded
        taken = track.kept.get(number) or self.taken(track.log, number)
        entry = taken.entry
        if entry is None:
            return self._done(track, taken, "", "", track.turn + 1, "unreadable", taken.reason)
        try:
            self._pasts.check(track, number, entry)
        except PastWaits as waits:
            self._waiting.setdefault(waits.log, {})[track.log] = waits.size
            return None
        except PastFault as fault:
            return self._done(track, taken, entry.subject, entry.kind, track.turn + 1, "not-valid", str(fault))
        turn = max(track.turn, track.past_turn) + 1
        kind = table.KINDS.get(entry.kind)
        if kind is None or entry.rules > self._rules_known or kind.since > entry.rules:
            verdict, reason = self._unknown(entry, Cut(track.past_map, track.log, number))
            return self._done(track, taken, entry.subject, entry.kind, turn, verdict, reason)
        act = Act(entry, taken.id, track.log, turn, Cut(track.past_map, track.log, number))
        try:
            if entry is not self._judged:
                self._rule(act, kind, track)
            if kind.standing and track.standing >= limits.STANDING_FACTS_MAX:
                raise Refused("line.full", f"a log holds at most {limits.STANDING_FACTS_MAX} standing facts")
        except Refused as refused:
            return self._done(track, taken, entry.subject, entry.kind, turn, "not-valid", str(refused))
        row = self._done(track, taken, entry.subject, entry.kind, turn, "valid", "")
        self._add(track, act, kind)
        return row

    def _unknown(self, entry: Entry, cut: Cut) -> tuple[Verdict, str]:
        """Judge an entry this program has no rule for: first by the agreed version, which every program reads alike."""
        try:
            rule_version(entry, self._shelf.standing(cut).rules_agreed())
        except Refused as refused:
            return "not-valid", str(refused)
        return "newer", f"subjects.newer: this node knows no {entry.kind} under rules {entry.rules}"

    def _rule(self, act: Act, kind: Kind, track: Track | None) -> None:
        """Rule on an act. What the line channel shows inside a log's last past is kept with its track."""
        standing = track.standing_cut if track is not None else None
        if standing is None:
            standing = self._shelf.standing(act.cut)
            if track is not None and track.log.channel != "line":
                track.standing_cut = standing
        rule(act, kind, standing, self._shelf)

    def _done(
        self, track: Track, taken: Taken, subject: str, kind: str, turn: int, verdict: Verdict, reason: str
    ) -> FoldRow:
        log, number = track.log, track.folded
        at = taken.entry.at if taken.entry else ""
        row = FoldRow(log, number, log.channel, subject, kind, turn, verdict, reason, at)
        track.turn = turn
        track.folded = number + 1
        track.rows[number] = row
        if track.sum is not None:
            track.sum = (track.sum + digests.weigh(row, taken.id)) & digests.MASK
        return row

    def _add(self, track: Track, act: Act, kind: Kind) -> None:
        """Put a valid act into its topic, and note what follows from it beside the views."""
        topic = self._shelf.add(act, kind)
        entry = act.entry
        if entry.kind == "log.opened":
            self._end(entry)
        if is_signed(entry):
            self._index.append(self.nonces.note(act))
        self._index.extend(indexes.rows(kind.room, act, topic))
        if entry.channel == "line":
            self._line_view = None
            track.standing += kind.standing
            return
        items = self._open.get(entry.channel)
        if entry.kind == "message.sent":
            answered = cast(str, entry.body["answers"])
            if answered:
                key = f"{entry.channel}|{answered}|{act.place[0]:016d}|{entry.subject}"
                self._index.append(ValueRow(_ANSWERS, key, b""))
                self._fresh_answers.setdefault((entry.channel, answered), []).append(key)
                if len(self._fresh_answers) > limits.TOPICS_KEPT:
                    del self._fresh_answers[next(iter(self._fresh_answers))]
            if items is not None:
                due = cast(str, entry.body["due"])
                items.add(entry.subject, entry.channel, entry.side, entry.precedence, entry.status, entry.at, due)
        elif items is not None and entry.kind in ("message.acknowledged", "message.corrected", "message.cancelled"):
            view = topic.view()
            if isinstance(view, MessageView):
                items.note(view)

    def _end(self, opening: Entry) -> None:
        """Note where the epoch before ended, and judge at once what waited for more of it."""
        name, size, _ = cast("list[object]", opening.body["previous"])
        log = LogId.read(cast(str, name))
        self._ended[log] = cast(int, size)
        for waiting in self._waiting.pop(log, {}):
            self._dirty.append(self._tracks[waiting])

    def _opened(self, channel: str) -> OpenItems:
        items = self._open.get(channel)
        if items is None:
            items = self._open[channel] = OpenItems()
            fresh = self._fresh_rows(channel)  # before the disk is asked: a commit may land in between
            rows = self._reader.recent(channel, ("message.sent",), before=None, count=limits.OPEN_ITEMS_MAX)
            items.more = len(rows) == limits.OPEN_ITEMS_MAX
            for row in (*reversed(rows), *fresh):
                view = self.message(channel, row.subject) if row.verdict == "valid" else None
                if view is not None:
                    items.note(view)
        return items

    def _fresh_rows(self, channel: str) -> list[FoldRow]:
        """Give the messages of a channel that are folded and perhaps not on disk yet, in the order of the views."""
        rows = [
            row
            for track in self._tracks.values()
            if track.log.channel == channel
            for row in self.rows(track.log, self._reader.folded(track.log), track.folded)
            if row.kind == "message.sent"
        ]
        return sorted(rows, key=lambda row: row.place)

    def _root(self, track: Track, size: int) -> str:
        known = self._roots.get(track.log)
        if known is not None and known[0] == size:
            return known[1]
        root = self._reader.root_at(track.log, size)
        ensure(root is not None, f"{track.log.text}: folded up to {track.folded}, yet the root at {size} is not known")
        self._roots[track.log] = (size, cast(bytes, root).hex())
        return self._roots[track.log][1]


@dataclass(slots=True)
class _PastFor:
    """What `past_for` answered last for a channel, and from which logs."""

    writing: LogId | None
    logs: int
    tracks: list[Track]
    sizes: list[int] = field(default_factory=list)
    past: tuple[Past, ...] = ()


class _Everything(Mapping[LogId, int]):
    """A past that holds all of every log."""

    def __getitem__(self, log: LogId) -> int:
        return limits.INTEGER_MAX

    def get(self, log: LogId, default: object = None) -> int:
        return limits.INTEGER_MAX

    def __iter__(self) -> Iterator[LogId]:
        return iter(())

    def __len__(self) -> int:
        return 0


_ALL: Final = Cut(_Everything())


def _read(leaf: bytes) -> tuple[Entry | None, str]:
    try:
        return read_entry(leaf), ""
    except PeerError as fault:
        return None, str(fault)


def _read_with_id(leaf: bytes, id: bytes) -> tuple[Entry | None, str, str]:
    entry, reason = _read(leaf)
    return entry, id.hex(), reason
