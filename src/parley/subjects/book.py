"""The book: folds the entries of both sides into verdicts and views, the same on both nodes.

Owns: what is folded, what waits for its past, the verdict on each entry, topics in memory, the digest.
Does not own: what is held of each log (logs.py), our next past (next_past.py), threads (threads.py), disk (a reader is
    handed in; rows are handed back), signatures and roots (line/, record/), rules' content.
Always true:
  1. An entry is judged by the view folded from its own past, so its verdict never changes (DESIGN 3, "Validity").
  2. Nothing depends on the order in which entries of different logs arrive (DESIGN 2.6).
  3. An entry whose past is not yet folded waits, and is not counted in `past_for` (DESIGN 3, "Past and order").
  4. Memory is bounded, whatever the peer writes; what was dropped is folded again from disk.
Read first: docs/protocol/views.md. Why topics are folded whole: DESIGN.md, "No folding on".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final, cast

from parley import limits
from parley.errors import Refused, Unavailable, ensure
from parley.record.binding import is_signed
from parley.record.entry import RULES, Entry
from parley.record.names import LogId, Past
from parley.storage.port import FoldRow, Place, ValueRow, Verdict
from parley.subjects import digests, indexes, table
from parley.subjects.acts import Act, Cut
from parley.subjects.channels.view import ChannelView
from parley.subjects.kinds import Kind
from parley.subjects.line_view import LineView, assemble
from parley.subjects.logs import BookReader, Logs, read_leaf
from parley.subjects.messages.view import MessageView
from parley.subjects.next_past import NextPast
from parley.subjects.nonces import Nonces
from parley.subjects.openings import OpenItem
from parley.subjects.pasts import PastFault, Pasts, PastWaits
from parley.subjects.rulings import rule, rule_version
from parley.subjects.standing.facts import ended_subject
from parley.subjects.standing.view import EndedView, GapView, TestView
from parley.subjects.threads import ThreadRow, Threads
from parley.subjects.topics import Shelf
from parley.subjects.tracks import Taken, Track

_ENTRY_WORK: Final = 8  # what an entry costs beside its view, in acts folded: its past, its root, its row


class Book:
    """Both sides' entries, judged and folded. After a failed commit throw it away and make another from the store."""

    def __init__(self, us: str, them: str, line: str, reader: BookReader, *, rules_known: int = RULES) -> None:
        self.us, self.them, self.line = us, them, line
        self.logs = Logs(us, them, line, reader)
        self._rules_known = rules_known
        self._dirty: deque[Track] = deque()
        self.more = False  # the last `fold` left something for the next
        self._waiting: dict[LogId, dict[LogId, int]] = {}  # log wanted -> {log that waits: size it wants}
        self._pasts = Pasts(us, them, self.logs)
        self.logs.seen = self._pasts.seen
        self.nonces = Nonces(reader)
        self._shelf = Shelf(self.logs, self.nonces, reader, frozenset((us, them)))
        self._next_past = NextPast(self.logs)
        self._threads = Threads(self.logs, self.message)
        self._index: list[ValueRow] = []
        self._line_view: LineView | None = None
        self._judged: Entry | None = None  # found allowed; its verdict cannot change before it is folded
        logs = [log for log in sorted(reader.logs()) if log.side in (us, them)]
        beyond = dict(reader.values("lost-beyond", count=limits.LOGS_MAX))
        lost = {name: int(beyond.get(name, b"0")) for name, _ in reader.values("lost", count=limits.LOGS_MAX)}
        for log in logs:
            track = self.logs.tracks[log] = Track(log, reader.folded(log))
            track.beyond = lost.get(log.text)
        for log in logs:
            self._recall(self.logs.tracks[log])

    # --- taking in and folding ------------------------------------------------------------------------------------

    def take(self, log: LogId, number: int, leaf: bytes, id: bytes, entry: Entry | None = None) -> None:
        """Take the next entry of a log, on disk or about to be; a repeat changes nothing.

        Args:
            entry: The leaf already read, if the caller has it; saves reading it again.
        """
        track = self.logs.of(log)
        if number < track.taken:
            return
        ensure(number == track.taken, f"{log.text}: entry {number} was handed over, {track.taken} is next")
        reason = ""
        if entry is None:
            entry, reason = read_leaf(leaf)
        track.keep(number, Taken(entry, id.hex(), reason, len(leaf)))
        track.taken += 1
        self._dirty.append(track)
        if number == 0 and entry is not None and entry.kind == "log.opened":
            self._wake_all(self.logs.opening(log, entry))

    def resume(self, log: LogId, size: int) -> None:
        """Take the entries of a log that were on disk when the book began and are not folded: read in their turn."""
        track = self.logs.of(log)
        if size <= track.taken:
            return
        first = self.logs.entry(log, 0) if track.taken == 0 else None
        track.taken = track.settled = size
        self._dirty.append(track)
        if first is not None and first.kind == "log.opened":
            self._wake_all(self.logs.opening(log, first))

    def fold(self, work: int | None = None) -> list[FoldRow]:
        """Fold entries whose past is held; give the rows to store in the same commit as those entries.

        Args:
            work: About how many acts may be folded for it, so that a peer whose entries are dear to judge does not hold
                up everything else; `more` says whether something is left. None: until nothing is. Ours are never left,
                for our next entry is judged by all of ours before it.
        """
        rows: list[FoldRow] = []
        left: dict[LogId, Track] = {}
        end = None if work is None else self._shelf.work + work
        while self._dirty:
            track = self._dirty.popleft()
            ours = track.log.side == self.us
            if ours or end is None or self._shelf.work < end:
                self._fold_log(track, rows, None if ours else end)
            else:
                left[track.log] = track
        self._dirty.extend(left.values())
        self.more = bool(left)
        return rows

    def _fold_log(self, track: Track, rows: list[FoldRow], end: int | None) -> None:
        while track.folded < track.taken:
            if end is not None and self._shelf.work >= end:
                self._dirty.append(track)  # its turn comes again after all others
                return
            self._shelf.work += _ENTRY_WORK
            row = self._fold_next(track)
            if row is None:
                return
            rows.append(row)
            waiting = self._waiting.get(track.log)
            if waiting:
                self._wake(track, waiting)

    def index(self) -> list[ValueRow]:
        """Give index rows made since the last call; store them in the same commit as the fold rows."""
        rows, self._index = [*self._index, *self._shelf.changed_parts()], []
        return rows

    def settled(self, log: LogId, size: int) -> None:
        """Note that the first `size` entries of a log are on disk."""
        track = self.logs.of(log)
        track.settled = max(track.settled, size)
        if track.full:
            track.trim(self.logs.reader.folded(log))
        self._shelf.settled()

    def trust_our_end(self, whole: bool) -> None:
        """Say whether our own logs are known to be whole.

        While they are (the tail was asked for and answered, or the store matches the anchor), an entry of the peer that
        names more of our log than there is cannot be true, and is not valid. Before that it waits: the missing part may
        come back to us. The book begins with False.
        """
        self._pasts.whole = whole
        if whole:
            self._dirty.extend(self.logs.tracks.values())

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
        track = self.logs.tracks.get(log)
        if track is not None and entry.past == track.past:
            self._rule(Act(entry, "", log, 0, Cut(track.seen, log, entry.number)), kind, track)
        else:
            self._rule(Act(entry, "", log, 0, self.logs.cut(entry, log, entry.number)), kind, None)
        self._judged = entry

    # --- the past ---------------------------------------------------------------------------------------------------

    def past_for(self, channel: str, writing: LogId | None = None) -> tuple[Past, ...]:
        """Give the past of an entry we write now: all that is folded of this channel and of the line channel.

        Args:
            writing: The log that will hold the entry; by default our newest in this channel. It is left out.
        """
        return self._next_past.of(channel, writing)

    def turn(self, log: LogId) -> int:
        """Give the turn of the last folded entry of a log; 0 if there is none."""
        track = self.logs.tracks.get(log)
        return track.turn if track else 0

    def folded(self, log: LogId) -> int:
        """Give how many entries of a log are folded."""
        track = self.logs.tracks.get(log)
        return track.folded if track else 0

    def forsake(self, log: LogId, beyond: int = 0) -> None:
        """Name no more than `beyond` of this log of ours in a past unless they do: they never get the rest."""
        self._next_past.forsake(log, beyond)

    def let_go(self, log: LogId) -> tuple[int, str] | None:
        """Give the size and root at which the other side ended this log of ours, and so agreed to its next epoch."""
        view = self.view("line", ended_subject(log))
        return (view.size, view.root) if isinstance(view, EndedView) else None

    def ended(self, log: LogId) -> int | None:
        """Give the size at which a log's author went on in a later epoch; None if it has not."""
        return self.logs.ended(log)

    def cut(self) -> dict[LogId, int]:
        """Give how much of each log is folded here and may be there: the cut for a line test begun now."""
        logs = self.logs
        return {log: size for log in sorted(logs.tracks) if (size := logs.shared(logs.tracks[log]))}

    @property
    def rules(self) -> int:
        """The version of the rules both sides agreed to; entries of ours are written by it."""
        return self._shelf.rules_agreed()

    # --- reading ----------------------------------------------------------------------------------------------------

    def entry(self, log: LogId, number: int) -> Entry | None:
        """Give an entry that was taken in; None if it is unreadable."""
        return self.logs.entry(log, number)

    def view(self, channel: str, subject: str) -> object:
        """Give the view of a subject (MessageView, ChannelView, PersonView, TestView, …); None if there is none."""
        topic = self._shelf.topic(channel, subject)
        return None if topic is None else topic.view()

    def view_then(self, channel: str, subject: str, log: LogId, number: int) -> object:
        """Give a subject's view as the author of an entry had it, with that entry; None if it was not there yet."""
        track = self.logs.tracks.get(log)
        entry = self.entry(log, number) if track is not None and 0 <= number < track.folded else None
        topic = None if entry is None else self._shelf.topic(channel, subject)
        if entry is None or topic is None or log.channel != channel:
            return None
        return topic.view_at(self.logs.cut(entry, log, number + 1))

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
        return self._threads.thread(channel, before=before, count=count)

    def answers(self, channel: str, subject: str) -> list[str]:
        """Give the subjects of the messages that answer this one, in the order of the views."""
        return self._threads.answers(channel, subject)

    def open_items(self, channel: str) -> list[OpenItem]:
        """Give the messages of both sides that wait for an acknowledgement, the most pressing first; bounded."""
        return self._threads.opened(channel).list()

    def digest(self, cut: Mapping[LogId, int]) -> str:
        """Give the digest of all verdicts, and of the line's and the latest views, inside a cut.

        Raises: Unavailable `subjects.cut` if this node has not folded that far, or an entry inside rests on others.
        """
        for log, size in cut.items():
            track = self.logs.tracks.get(log)
            if track is None or track.folded < size:
                raise Unavailable("subjects.cut", f"{log.text} is not folded up to {size} yet")
        if (torn := self._pasts.torn(cut)) is not None:
            raise Unavailable("subjects.cut", f"entries of {torn.text} rest on what is outside the cut")
        return digests.digest(self.logs, self._shelf, cut)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _recall(self, track: Track) -> None:
        """Take up a log where the disk has it folded to."""
        log, folded = track.log, track.folded
        if not folded:
            return
        track.turn = next(iter(self.logs.rows(log, folded - 1, folded))).turn
        first = next(iter(self.logs.rows(log, 0, 1)))
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
            self._dirty.append(self.logs.tracks[log])

    def _fold_next(self, track: Track) -> FoldRow | None:
        number = track.folded
        taken = track.kept.get(number) or self.logs.taken(track.log, number)
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
            verdict, reason = self._unknown(entry, Cut(track.seen, track.log, number))
            return self._done(track, taken, entry.subject, entry.kind, turn, verdict, reason)
        act = Act(entry, taken.id, track.log, turn, Cut(track.seen, track.log, number), taken.size_bytes)
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
        if number == 0:
            self.logs.opened(log)
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
        self._index.extend(self._threads.add(act, topic.view))

    def _end(self, opening: Entry) -> None:
        """Note where the epoch before ended, and judge at once what waited for more of it."""
        name, size, _ = cast("list[object]", opening.body["previous"])
        log = LogId.read(cast(str, name))
        self.logs.end(log, cast(int, size))
        self._wake_all(log)

    def _wake_all(self, log: LogId | None) -> None:
        """Judge again what waited for more of a log than its author had when it went on."""
        for waiting in self._waiting.pop(log, {}) if log is not None else ():
            self._dirty.append(self.logs.tracks[waiting])
