"""A topic in parts: each act speaks of one part, and each part is folded whole from its own acts, when it is asked for.

Owns: which acts are of which part, the view of the whole that folds its parts only when they are read.
Does not own: what the parts are and how they fold (a `Plan`, given by the subject).
Always true:
  1. A part's view is folded from its acts and from nothing else: there is no folding on (DESIGN.md, "In parts").
  2. A view once given never changes: it carries its cut, and what is added later is outside of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from parley.errors import OurMistake
from parley.record.names import LogId
from parley.subjects.acts import Act, Cut, Topic

FRAME = ""  # the part that everything belongs to which is about the whole


@dataclass(frozen=True, slots=True)
class Plan:
    """How a subject is cut into parts.

    part: Names the part an act speaks of, from the act alone; FRAME for the whole. Named after the act that begins it.
    fold: Gives the view of one part from its acts in order.
    frame: Gives the view of the frame from its acts in order; None without the act that opens the subject.
    whole: Gives the view of the subject from the frame's view, the parts by name, and the count of all acts.
    """

    part: Callable[[Act], str]
    fold: Callable[[tuple[Act, ...]], object]
    frame: Callable[[tuple[Act, ...]], object]
    whole: Callable[[object, Mapping[str, object], int], object]


class PartedTopic(Topic):
    """All valid acts about one subject that is folded in parts."""

    __slots__ = ("_numbers", "_parts", "_plan", "_whole")

    def __init__(self, plan: Plan) -> None:
        super().__init__(_never)
        self._plan = plan
        self._parts: dict[str, Topic] = {FRAME: Topic(plan.frame)}
        self._numbers: dict[LogId, list[int]] = {}  # of each log, which of its entries are acts here, ascending
        self._whole: object = None

    def add(self, act: Act) -> None:
        """Add an act to its part."""
        name = self._plan.part(act)
        part = self._parts.get(name)
        if part is None:
            part = self._parts[name] = Topic(self._plan.fold)
        part.add(act)
        self._numbers.setdefault(act.log, []).append(act.number)
        self.tops[act.log] = max(act.number, self.tops.get(act.log, -1))
        self._whole = None

    @property
    def count(self) -> int:
        """Give how many acts are held."""
        return sum(len(numbers) for numbers in self._numbers.values())

    def view(self) -> object:
        """Give the view over every act held; parts that are not read are not folded."""
        if self._whole is None:
            self._whole = self.view_at(Cut({log: number + 1 for log, number in self.tops.items()}))
        return self._whole

    def view_at(self, cut: Cut) -> object:
        """Give the view over the acts inside the cut."""
        frame = self._parts[FRAME].view_at(cut)
        count = sum(bisect_left(numbers, cut.size(log)) for log, numbers in self._numbers.items())
        return self._plan.whole(frame, _Parts(self._parts, cut), count)


class _Parts(Mapping[str, object]):
    """The parts begun inside a cut, each folded when it is first read."""

    __slots__ = ("_cut", "_folded", "_parts")

    def __init__(self, parts: dict[str, Topic], cut: Cut) -> None:
        self._parts = parts
        self._cut = cut
        self._folded: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        found = self._folded.get(name)
        if found is None:
            if name == FRAME or not self._begun(self._parts[name]):
                raise KeyError(name)
            found = self._folded[name] = self._parts[name].view_at(self._cut)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name, part in self._parts.items() if name != FRAME and self._begun(part))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _begun(self, part: Topic) -> bool:
        first = part.acts[0]  # in the past of every other act of its part
        return self._cut.size(first.log) > first.number


def _never(acts: tuple[Act, ...]) -> object:
    raise OurMistake("subjects.parts", "a topic in parts is never folded whole")
