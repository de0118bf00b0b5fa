"""A topic in parts: each act speaks of one part, and each part is folded whole from its own acts, when it is asked for.

Owns: which acts are of which part, the view of the whole that folds its parts only when they are read, the outline of
each part, and the rows by which a part is found again without reading its acts.
Does not own: what the parts are and how they fold (a `Plan`, given by the subject), the disk (book.py).
Always true:
  1. A part's view is folded from its acts and from nothing else: there is no folding on (DESIGN.md, "In parts").
  2. A view once given never changes: it carries its cut, and what is added later is outside of it.
  3. An outline says what the view of its part says. Its row is an index of the record and can be made again from it.
"""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from parley.errors import OurMistake
from parley.record.names import LogId
from parley.subjects.acts import Act, Cut, Topic
from parley.subjects.summaries import Values

FRAME: Final = ""  # the part that everything belongs to which is about the whole
PARTS: Final = "fold.parts"  # key "channel|subject|part", value where its acts are, and its outline


@dataclass(frozen=True, slots=True)
class Plan:
    """How a subject is cut into parts.

    part: Names the part an act speaks of, from the act alone; FRAME for the whole. Named after the act that begins it.
    fold: Gives the view of one part from its acts in order.
    frame: Gives the view of the frame from its acts in order; None without the act that opens the subject.
    whole: Gives the view of the subject from the frame's view, the parts by name, and the count of all acts.
    outline: Gives, from a part's view, what the whole needs to know of it, as JSON values in a list.
    """

    part: Callable[[Act], str]
    fold: Callable[[tuple[Act, ...]], object]
    frame: Callable[[tuple[Act, ...]], object]
    whole: Callable[[object, Parts, int], object]
    outline: Callable[[Any], list[Any]]


Load = Callable[[LogId, int, int], Act]
"""Gives a valid act from the disk, by log, number and turn."""


class _Part:
    """One part: where its acts are, the acts once they are needed, and its outline while it holds."""

    __slots__ = ("_fold", "_load", "_topic", "outline", "places", "tops")

    def __init__(self, fold: Callable[[tuple[Act, ...]], object], load: Load | None) -> None:
        self._fold = fold
        self._load = load
        self._topic: Topic | None = None
        self.places: list[tuple[LogId, int, int]] = []  # log, number, turn; first the act that begins the part
        self.tops: dict[LogId, int] = {}
        self.outline: list[Any] | None = None

    @property
    def topic(self) -> Topic:
        """Give its acts; read from disk the first time, if they were not added here."""
        if self._topic is None:
            self._topic = Topic(self._fold)
            for place in self.places:
                if self._load is None:
                    raise OurMistake("subjects.parts", "a part was to be read and nobody said from where")
                self._topic.add(self._load(*place))
        return self._topic

    def add(self, act: Act) -> None:
        """Add an act."""
        self.topic.add(act)
        self.note(act.log, act.number, act.place[0])
        self.outline = None

    def note(self, log: LogId, number: int, turn: int) -> None:
        """Note where an act is."""
        self.places.append((log, number, turn))
        self.tops[log] = max(number, self.tops.get(log, -1))

    @property
    def size_bytes(self) -> int:
        """Give how large the entries are that it holds in memory."""
        return 0 if self._topic is None else self._topic.size_bytes

    def let_go(self, on_disk: Callable[[LogId], int]) -> None:
        """Forget its acts if all of them are on disk, from where they are read again."""
        if self._load is not None and all(number < on_disk(log) for log, number in self.tops.items()):
            self._topic = None

    def inside(self, cut: Cut) -> bool:
        """Say whether all of it is inside a cut."""
        return all(cut.size(log) > number for log, number in self.tops.items())

    def begun(self, cut: Cut) -> bool:
        """Say whether its first act, which every other one of its acts had seen, is inside a cut."""
        log, number, _ = self.places[0]
        return cut.size(log) > number


class PartedTopic(Topic):
    """All valid acts about one subject that is folded in parts."""

    __slots__ = ("_changed", "_load", "_numbers", "_parts", "_plan", "_whole")

    def __init__(self, plan: Plan, load: Load | None = None, rows: Iterable[tuple[str, bytes]] = ()) -> None:
        """Begin without acts, or with the parts that `rows` of an earlier `changed` say are on disk."""
        super().__init__(_never)
        self._plan = plan
        self._load = load
        self._parts: dict[str, _Part] = {FRAME: _Part(plan.frame, load)}
        self._numbers: dict[LogId, list[int]] = {}  # of each log, which of its entries are acts here, ascending
        self._whole: object = None
        self._changed: set[str] = set()
        for name, value in rows:
            self._recall(name, json.loads(value))
        for numbers in self._numbers.values():
            numbers.sort()

    def _recall(self, name: str, told: dict[str, Any]) -> None:
        part = self._part(name)
        logs = [LogId.read(one) for one in told["logs"]]
        acts: list[int] = told["acts"]
        for at in range(0, len(acts), 3):
            log = logs[acts[at]]
            part.note(log, acts[at + 1], acts[at + 2])
            self._numbers.setdefault(log, []).append(acts[at + 1])
        for log, top in part.tops.items():
            self.tops[log] = max(top, self.tops.get(log, -1))
        part.outline = told["outline"]

    def _part(self, name: str) -> _Part:
        part = self._parts.get(name)
        if part is None:
            part = self._parts[name] = _Part(self._plan.fold, self._load)
        return part

    def add(self, act: Act) -> None:
        """Add an act to its part."""
        name = self._plan.part(act)
        self._part(name).add(act)
        insort(self._numbers.setdefault(act.log, []), act.number)
        self.tops[act.log] = max(act.number, self.tops.get(act.log, -1))
        self._whole = None
        self._changed.add(name)

    @property
    def size_bytes(self) -> int:
        """Give how large the entries are that its parts hold in memory."""
        return sum(part.size_bytes for part in self._parts.values())

    def let_parts_go(self, on_disk: Callable[[LogId], int]) -> None:
        """Forget the acts of every part that is on disk; outlines and places stay."""
        for name, part in self._parts.items():
            if name not in self._changed:
                part.let_go(on_disk)
        self._whole = None

    @property
    def count(self) -> int:
        """Give how many acts are held."""
        return sum(len(numbers) for numbers in self._numbers.values())

    def changed(self) -> Iterator[tuple[str, bytes]]:
        """Give name and row of every part that changed since the last call, to be stored with what changed it."""
        for name in sorted(self._changed):
            part = self._parts[name]
            logs = sorted(part.tops, key=lambda log: log.text)
            at = {log: number for number, log in enumerate(logs)}
            told = {
                "acts": [value for log, number, turn in part.places for value in (at[log], number, turn)],
                "logs": [log.text for log in logs],
                "outline": [] if name == FRAME else self._outline(part),
            }
            yield name, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        self._changed.clear()

    def _outline(self, part: _Part) -> list[Any]:
        if part.outline is None:
            part.outline = self._plan.outline(part.topic.view())
        return part.outline

    def view(self) -> object:
        """Give the view over every act held; parts that are not read are not folded."""
        if self._whole is None:
            self._whole = self._inside(Cut({log: number + 1 for log, number in self.tops.items()}))
        return self._whole

    def view_at(self, cut: Cut) -> object:
        """Give the view over the acts inside the cut."""
        if all(cut.size(log) > number for log, number in self.tops.items()):
            return self.view()
        return self._inside(cut)

    def _inside(self, cut: Cut) -> object:
        frame = self._parts[FRAME].topic.view_at(cut)
        count = sum(bisect_left(numbers, cut.size(log)) for log, numbers in self._numbers.items())
        return self._plan.whole(frame, Parts(self._parts, cut, self._plan, self._outline), count)


class Parts(Mapping[str, object]):
    """The parts begun inside a cut, each folded when it is first read; outlines are had without folding."""

    __slots__ = ("_begun", "_cut", "_folded", "_outline", "_parts", "_plan")

    def __init__(self, parts: dict[str, _Part], cut: Cut, plan: Plan, outline: Callable[[_Part], list[Any]]) -> None:
        self._parts = parts
        self._cut = cut
        self._plan = plan
        self._outline = outline
        self._folded: dict[str, object] = {}
        self._begun: list[str] | None = None  # a part that is begun later is begun outside the cut

    def outlines(self) -> Iterator[list[Any]]:
        """Give the outline of every part begun inside the cut; only parts that are partly outside are folded."""
        for name in self:
            part = self._parts[name]
            yield self._outline(part) if part.inside(self._cut) else self._plan.outline(self[name])

    def __getitem__(self, name: str) -> object:
        found = self._folded.get(name)
        if found is None:
            if name == FRAME or not self._parts[name].begun(self._cut):
                raise KeyError(name)
            found = self._folded[name] = self._parts[name].topic.view_at(self._cut)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._parts and name != FRAME and self._parts[str(name)].begun(self._cut)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        if self._begun is None:
            self._begun = [name for name, part in self._parts.items() if name != FRAME and part.begun(self._cut)]
        return self._begun


def part_rows(values: Values, channel: str, subject: str) -> list[tuple[str, bytes]]:
    """Give the rows of a subject's parts that are on disk, by the part's name."""
    prefix, found = f"{channel}|{subject}|", []
    page = values.values(PARTS, prefix=prefix)
    while page:
        found += [(key.removeprefix(prefix), value) for key, value in page]
        page = values.values(PARTS, prefix=prefix, after=page[-1][0])
    return found


def _never(acts: tuple[Act, ...]) -> object:
    raise OurMistake("subjects.parts", "a topic in parts is never folded whole")
