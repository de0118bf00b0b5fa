"""The topics in memory: standing ones of the line channel for good, all others as many as fit.

Owns: finding a topic, loading it from disk, letting it go once all of it is on disk.
Does not own: what makes an act valid.
Always true: 1. A topic with an act that is not on disk is never let go.
"""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Final, Protocol, cast

from parley import limits
from parley.errors import ensure
from parley.record.binding import Passkeys
from parley.record.names import LogId, Ref
from parley.storage.port import FoldRow, Place, ValueRow
from parley.subjects import table
from parley.subjects.acts import Act, Cut, Folder, Topic
from parley.subjects.channels.view import ChannelView
from parley.subjects.kinds import Kind
from parley.subjects.nonces import Nonces
from parley.subjects.parts import PARTS, PartedTopic, part_rows
from parley.subjects.standing.facts import ended_subject
from parley.subjects.standing.view import ContinuedView, EndedView, KeysView, PersonView, ReleaseView, RulesView
from parley.subjects.summaries import Values

_STANDING_ROOMS: Final = frozenset(kind.room for kind in table.KINDS.values() if kind.standing)
_LET_GO: Final = 64  # topics let go at once, so that the disk is asked seldom
_READ_BYTES: Final = 128  # read from disk and understood in the time that the folding of one act takes
_EVENT_KINDS: Final = {"test": ("line.test",), "gap": ("line.gap",)}


class Source(Protocol):
    """What the shelf reads of the logs."""

    def parts(self, channel: str, subject: str) -> list[Act]: ...
    def act(self, log: LogId, number: int, turn: int) -> Act: ...
    def on_disk(self, log: LogId) -> int: ...
    def latest(self, kinds: Collection[str], count: int) -> list[FoldRow]: ...
    def scan(self, log: LogId, end: int) -> Iterable[FoldRow]: ...


class Shelf:
    """Topics by channel and subject."""

    def __init__(self, source: Source, nonces: Nonces, values: Values, sides: frozenset[str]) -> None:
        self._source = source
        self._nonces = nonces
        self._sides = sides
        self._values = values
        self.standing_topics: dict[str, Topic] = {}
        self._others: OrderedDict[tuple[str, str], Topic] = OrderedDict()
        self._crowded = limits.TOPICS_KEPT + _LET_GO
        self._events: dict[str, list[tuple[Place, str]]] = {}
        self._counts: dict[LogId, int] = {}
        self._changed: dict[tuple[str, str], PartedTopic] = {}
        self._grown_bytes = 0  # of entries taken into topics since their size was last looked at
        self.work = 0  # acts folded so far, each as often as it was
        self._folds = {room: self._counted(fold) for room, fold in table.FOLDS.items()}
        self._plans = {
            room: replace(plan, fold=self._counted(plan.fold), frame=self._counted(plan.frame))
            for room, plan in table.PLANS.items()
        }

    def _act(self, log: LogId, number: int, turn: int) -> Act:
        """Read an act of a part from disk, which is work as well."""
        act = self._source.act(log, number, turn)
        self.work += 1 + act.size_bytes // _READ_BYTES
        return act

    def _counted(self, fold: Folder) -> Folder:
        def counted(acts: tuple[Act, ...]) -> object:
            self.work += len(acts)
            return fold(acts)

        return counted

    def recall(self, log: LogId, folded: int) -> None:
        """Take up the standing facts of a line log from disk."""
        for row in self._source.scan(log, folded):
            if row.verdict == "valid" and row.kind in table.STANDING_KINDS:
                self._standing(row.subject).add(self._source.act(log, row.number, row.turn))
                self._counts[log] = self._counts.get(log, 0) + 1

    def standing_count(self, log: LogId) -> int:
        """Give how many standing facts `recall` found in a log."""
        return self._counts.get(log, 0)

    def add(self, act: Act, kind: Kind) -> Topic:
        """Put a valid act into its topic; give the topic."""
        entry = act.entry
        if kind.standing:
            topic = self._standing(entry.subject)
        elif kind.opens:
            topic = self._others[entry.channel, entry.subject] = self._topic(kind.room)
            if kind.room in _EVENT_KINDS:
                self._note_event(kind.room, act)
            if kind.room in table.PLANS:
                self._let_texts_go()
        else:
            found = self.topic(entry.channel, entry.subject)
            ensure(found is not None, "an act was valid, and what it speaks of is not there")
            topic = cast(Topic, found)
        topic.add(act)
        self._grown_bytes += 0 if kind.standing else act.size_bytes
        if isinstance(topic, PartedTopic):
            self._changed[entry.channel, entry.subject] = topic
        if len(self._others) > self._crowded:
            self._let_go(2 * _LET_GO)
            self._crowded = max(limits.TOPICS_KEPT, len(self._others)) + _LET_GO  # not again for each entry
        return topic

    def settled(self) -> None:
        """After a large commit, let go what could not be let go before it."""
        surplus = len(self._others) - limits.TOPICS_KEPT - _LET_GO
        if surplus > 0:
            self._let_go(surplus)
            self._crowded = max(limits.TOPICS_KEPT, len(self._others)) + _LET_GO
        if self._grown_bytes > limits.TOPICS_KEPT_BYTES // 4:
            self._grown_bytes = 0
            self._let_bytes_go()

    def topic(self, channel: str, subject: str) -> Topic | None:
        """Give a topic from memory or disk; None if there is no valid act about it."""
        room = subject.partition("/")[0]
        if channel == "line" and room in _STANDING_ROOMS:
            return self.standing_topics.get(subject)
        key = (channel, subject)
        topic = self._others.get(key)
        if topic is not None:
            self._others.move_to_end(key)
            return topic
        topic = self._load(room, channel, subject)
        if topic is None:
            return None
        self._others[key] = topic
        self._grown_bytes += topic.size_bytes
        self.work += topic.size_bytes // _READ_BYTES
        if isinstance(topic, PartedTopic):
            self._let_texts_go()
        return topic

    def _load(self, room: str, channel: str, subject: str) -> Topic | None:
        """Read a topic from disk: one in parts by the rows of its parts, any other by its acts."""
        plan = self._plans.get(room)
        if plan is not None:
            rows = part_rows(self._values, channel, subject)
            return PartedTopic(plan, self._act, rows) if rows else None
        acts = self._source.parts(channel, subject) if room in table.FOLDS else []
        if not acts:
            return None
        topic = self._topic(room)
        for act in acts:
            topic.add(act)
        return topic

    def changed_parts(self) -> Iterator[ValueRow]:
        """Give the rows of all parts that changed since the last call."""
        for (channel, subject), topic in self._changed.items():
            for name, value in topic.changed():
                yield ValueRow(PARTS, f"{channel}|{subject}|{name}", value)
        self._changed.clear()

    def view_for(self, act: Act) -> object:
        """Give the view of the act's subject inside the act's past; None if there is nothing."""
        topic = self.topic(act.entry.channel, act.entry.subject)
        return None if topic is None else topic.view_at(act.cut)

    def nonce_counted(self, act: Act, nonce: str) -> bool:
        """Say whether an entry in the act's past carries this nonce of its side."""
        return self._nonces.counted(act, nonce)

    def standing(self, cut: Cut) -> StandingCut:
        """Give the line channel as a cut shows it."""
        return StandingCut(self.standing_topics, cut, self._sides)

    def rules_agreed(self) -> int:
        """Give the version of the rules both sides agreed to, as all that is here shows it."""
        topic = self.standing_topics.get("rules/line")
        view = None if topic is None else topic.view()
        return view.version if isinstance(view, RulesView) else 1

    def latest(self, room: str) -> list[str]:
        """Give the subjects of the latest tests or gaps, oldest first."""
        return [subject for _, subject in self._noted(room)]

    def _noted(self, room: str) -> list[tuple[Place, str]]:
        events = self._events.get(room)
        if events is None:
            rows = self._source.latest(_EVENT_KINDS[room], limits.EVENTS_KEPT)
            events = self._events[room] = sorted((row.place, row.subject) for row in rows if row.verdict == "valid")
        return events

    def _note_event(self, room: str, act: Act) -> None:
        events = self._noted(room)
        event = (act.place, act.entry.subject)
        if event not in events:  # the first time, the disk may have named it already
            insort(events, event)
        del events[: -limits.EVENTS_KEPT]

    def _standing(self, subject: str) -> Topic:
        topic = self.standing_topics.get(subject)
        if topic is None:
            topic = self.standing_topics[subject] = Topic(self._folds[subject.partition("/")[0]])
        return topic

    def _let_texts_go(self) -> None:
        """Keep the few topics in parts that were used last: each may be as large as all others together."""
        found = [(key, topic) for key, topic in self._others.items() if isinstance(topic, PartedTopic)]
        for key, topic in found[: -limits.TEXTS_KEPT]:
            if all(number < self._source.on_disk(log) for log, number in topic.tops.items()):
                del self._others[key]

    def _let_bytes_go(self) -> None:
        """Let the longest unused topics go until the entries they hold are within their bound, as far as on disk."""
        on_disk = cache(self._source.on_disk)
        size = sum(topic.size_bytes for topic in self._others.values())
        for key, topic in list(self._others.items()):
            if size <= limits.TOPICS_KEPT_BYTES:
                return
            size -= topic.size_bytes
            if isinstance(topic, PartedTopic):
                topic.let_parts_go(on_disk)
                size += topic.size_bytes
            elif all(number < on_disk(log) for log, number in topic.tops.items()):
                del self._others[key]
            else:
                size += topic.size_bytes

    def _let_go(self, count: int) -> None:
        """Let up to `count` of the longest unused topics go, as far as they are on disk."""
        on_disk: dict[LogId, int] = {}
        for key in list(islice(self._others, count)):
            topic = self._others[key]
            for log, number in topic.tops.items():
                if log not in on_disk:
                    on_disk[log] = self._source.on_disk(log)
                if number >= on_disk[log]:
                    return  # the longest unused is not on disk yet, so hardly any other is: `settled` asks again
            del self._others[key]

    def _topic(self, room: str) -> Topic:
        plan = self._plans.get(room)
        return Topic(self._folds[room]) if plan is None else PartedTopic(plan, self._act)


class StandingCut:
    """The line channel inside one cut, as rules read it. Later acts are outside the cut, so answers are kept."""

    __slots__ = ("_binding", "_cut", "_listed", "_sides", "_topics", "_views")

    def __init__(self, topics: dict[str, Topic], cut: Cut, sides: frozenset[str]) -> None:
        self._topics = topics
        self._sides = sides
        self._cut = cut
        self._views: dict[str, object] = {}
        self._listed: dict[tuple[str, str], bool] = {}
        self._binding: dict[str, frozenset[str]] = {}

    def _view(self, subject: str) -> object:
        if subject in self._views:
            return self._views[subject]
        topic = self._topics.get(subject)
        view = self._views[subject] = None if topic is None else topic.view_at(self._cut)
        return view

    def sides(self) -> frozenset[str]:
        """Give the two sides of the line."""
        return self._sides

    def listed(self, side: str, person: str) -> bool:
        """Say whether this person is on that side's roster."""
        known = self._listed.get((side, person))
        if known is None:
            view = self._view(f"roster/{side}/{person}")
            known = isinstance(view, PersonView) and view.listed
            if len(self._listed) < limits.PERSONS_MAX:
                self._listed[side, person] = known
        return known

    def passkeys(self, side: str, person: str) -> tuple[Passkeys, Ref] | None:
        """Give the passkeys listed for this person, and the roster entry that lists them."""
        view = self._view(f"roster/{side}/{person}")
        if not isinstance(view, PersonView) or not view.listed or view.passkeys is None:
            return None
        return view.passkeys, view.ref

    def binding(self, side: str) -> frozenset[str]:
        """Give the persons of that side for whom passkeys are listed."""
        known = self._binding.get(side)
        if known is None:
            prefix = f"roster/{side}/"
            persons = [subject.removeprefix(prefix) for subject in self._topics if subject.startswith(prefix)]
            known = frozenset(person for person in persons if self.passkeys(side, person) is not None)
            self._binding[side] = known
        return known

    def releases_alone(self, side: str, person: str) -> bool:
        """Say whether that side laid down beforehand that this person may release a FLASH alone."""
        view = self._view(f"release/{side}")
        return isinstance(view, ReleaseView) and person in view.persons

    def continued(self) -> tuple[tuple[str, ...], ...]:
        """Give, for each side that said so, the digests of both cards with which the line went on, sorted."""
        views = [self._view(subject) for subject in self._topics if subject.startswith("continued/")]
        return tuple(view.cards for view in views if isinstance(view, ContinuedView))

    def log_ended(self, log: LogId) -> bool:
        """Say whether the side that did not write this log said that it goes no further."""
        return isinstance(self._view(ended_subject(log)), EndedView)

    def announces_keys(self, side: str) -> bool:
        """Say whether a card of that side is announced and not confirmed yet."""
        view = self._view(f"keys/{side}")
        return isinstance(view, KeysView) and not view.confirmed_at

    def rules_agreed(self) -> int:
        """Give the version of the rules both sides agreed to."""
        view = self._view("rules/line")
        return view.version if isinstance(view, RulesView) else 1

    def channel(self, channel: str) -> ChannelView | None:
        """Give one channel."""
        view = self._view(f"channel/{channel}")
        return view if isinstance(view, ChannelView) else None

    def channel_agreed(self, channel: str) -> bool:
        """Say whether both sides ever agreed to a channel."""
        view = self.channel(channel)
        return view is not None and view.agreed
