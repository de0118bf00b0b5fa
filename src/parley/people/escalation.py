"""Who is to be told of what waits, and when: the steps of the ladders, taken one after the other. A core.

Owns: how far each thing that waits has come. Does not own: what waits, who is at which desk, ladders, sending.
Always true:
  1. While something waits its first step is in force; a desk that was rung goes on ringing until it is taken.
  2. A step is taken once, so a target is told once by it; a later look at the same state tells nobody anything new.
  3. Steps that reach no desk for NOBODY_S are followed by the next at once: nobody waits for a bell in an empty room.
  4. It ends because the thing no longer waits, and for no other reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.people.ladders import NOTIFY, Step
from parley.times import Instant

NOBODY_S: Final = 2.0  # a desk that should ring and does not within this time counts as silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Something that waits for a person of ours. `subject` is for us alone and stands in no notification."""

    kind: str
    channel: str = ""  # "" where it is about the line as a whole
    subject: str = ""
    precedence: str = ""
    status: str = "actual"
    since: str = ""  # moment text
    not_for: frozenset[str] = frozenset()  # persons whom it does not help to tell: who drafted it
    session: str = ""  # of a call

    @property
    def key(self) -> str:
        """What it is known by."""
        return f"{self.kind}|{self.channel}|{self.subject}"

    @property
    def alike(self) -> tuple[str, str, str]:
        """What it shares a bound with."""
        return self.kind, self.status, self.precedence


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Effect: this step of this thing is taken now. Desks are asked who rings; a `notify` step goes to its targets."""

    waits: Waits
    number: int  # from 0
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """Effect: this no longer waits; whatever rings for it ends."""

    waits: Waits


Effect = Take | Over


class _Climb:
    """How far one thing has come."""

    __slots__ = ("nobody_since", "steps", "taken", "taken_at", "waits")

    def __init__(self, waits: Waits, steps: tuple[Step, ...], taken: int, now: Instant) -> None:
        self.waits = waits
        self.steps = steps
        self.taken = min(taken, len(steps))
        self.taken_at = now
        self.nobody_since: Instant | None = None

    @property
    def rings(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps[: self.taken] if step.how != NOTIFY)

    def due(self) -> Instant | None:
        """Give when the next step is due, as things are now."""
        if self.taken >= len(self.steps):
            return None
        if not self.taken:
            return self.taken_at
        last, following = self.steps[self.taken - 1], self.steps[self.taken]
        in_turn = self.taken_at + following.after_s - last.after_s
        if self.nobody_since is None or last.how == NOTIFY:
            return Instant(in_turn)
        return Instant(min(in_turn, max(self.nobody_since, self.taken_at) + NOBODY_S))


class Escalation:
    """Everything of ours that waits, and how far each has come."""

    def __init__(self, taken: Mapping[str, int] | None = None) -> None:
        self._before = dict(taken or {})  # steps that were taken before the node started again, by key
        self._climbs: dict[str, _Climb] = {}

    def fold(
        self, waiting: Iterable[Waits], steps_of: Callable[[Waits], tuple[Step, ...]], now: Instant
    ) -> list[Effect]:
        """Take in what waits now; what is new begins, what is gone ends. At most limits.ESCALATIONS_MAX of a kind."""
        found = {one.key: one for one in waiting}
        effects: list[Effect] = []
        for key in [key for key in self._climbs if key not in found]:
            effects.append(Over(waits=self._climbs.pop(key).waits))
        for key, one in found.items():
            # Each kind for itself, real or not, by precedence: messages keep no call from ringing, and none a FLASH.
            if key not in self._climbs and self._count(one) < limits.ESCALATIONS_MAX:
                self._climbs[key] = _Climb(one, steps_of(one), self._before.pop(key, 0), now)
        return effects + self.tick(now)

    def forget_rest(self) -> list[str]:
        """Give the keys of an earlier run that no longer wait, and forget them."""
        left, self._before = sorted(self._before), {}
        return left

    def _count(self, like: Waits) -> int:
        return sum(climb.waits.alike == like.alike for climb in self._climbs.values())

    def reached(self, keys: Mapping[str, int], now: Instant) -> None:
        """Take in how many desks really ring for each thing."""
        for key, climb in self._climbs.items():
            if keys.get(key, 0):
                climb.nobody_since = None
            elif climb.nobody_since is None:
                climb.nobody_since = now

    def tick(self, now: Instant) -> list[Effect]:
        """Give the steps that are due."""
        effects: list[Effect] = []
        for climb in self._climbs.values():
            while (due := climb.due()) is not None and due <= now:
                effects.append(Take(waits=climb.waits, number=climb.taken, step=climb.steps[climb.taken]))
                climb.taken += 1
                climb.taken_at = due  # not `now`: a late look must not put off what follows
        return effects

    def wake_at(self) -> Instant | None:
        """Give when the next step is due, if nothing changes until then."""
        return min((due for climb in self._climbs.values() if (due := climb.due()) is not None), default=None)

    @property
    def now(self) -> Collection[Waits]:
        """Everything that waits and is being told of."""
        return [climb.waits for climb in self._climbs.values()]

    def rings(self, key: str) -> tuple[Step, ...]:
        """Give the ringing steps of one thing that have been taken: all of them are in force."""
        climb = self._climbs.get(key)
        return climb.rings if climb else ()

    def taken(self, key: str) -> tuple[int, int]:
        """Give how many steps were taken, of how many."""
        climb = self._climbs.get(key)
        return (climb.taken, len(climb.steps)) if climb else (0, 0)
