"""What the people of one side may think of saying about emergency stops.

Owns: the choice among their kinds, about the latest stops that this side has heard of; often what the rules refuse.
Does not own: when they speak (acts.py), which dice (its own, so that stops shift no other wish).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from parley.record import Entry, Ref
from parley.sim.dice import Dice
from parley.storage import FoldRow
from parley.subjects.kinds import Fact
from parley.subjects.stops import facts as stops

_STOPS_MAX: Final = 2  # people act on the stop of now
_CHANCE: Final = 0.06
_WHEN: Final = "2026-11-23T10:00:00.000Z"


@dataclass(kw_only=True)
class KnownStop:
    """One stop that this side has heard of."""

    channel: str
    subject: str
    ours: bool
    status: str
    ref: Ref
    readings: list[Ref] = field(default_factory=list)


class StopActs:
    """The next wish about a stop."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._known: list[KnownStop] = []

    def hear(self, row: FoldRow, entry: Entry, ref: Ref, ours: bool) -> None:
        """Its own node told it of an entry about a stop."""
        if entry.kind == "stop.raised":
            stop = KnownStop(channel=row.channel, subject=row.subject, ours=ours, status=entry.status, ref=ref)
            self._known = [*self._known[1 - _STOPS_MAX :], stop]
        elif entry.kind == "stop.read-back":
            for known in self._known:
                if (known.channel, known.subject) == (row.channel, row.subject):
                    known.readings.append(ref)

    def wants(self) -> bool:
        """Say whether somebody thinks of a stop now."""
        return self._dice.chance(_CHANCE)

    def next(self, channels: tuple[str, ...]) -> tuple[Fact, str]:
        """Give what is said next, and its status."""
        dice = self._dice
        if not self._known or dice.chance(0.15):
            status = dice.choices(("actual", "exercise"), (80, 20))[0]
            channel = dice.choice((*channels, "line"))
            about = dice.choice(channels) if channel == "line" and dice.chance(0.5) else ""
            return stops.raise_stop(channel, **self._words(), about=about), status
        known = dice.choice(self._known)
        this = (known.channel, known.subject)
        reading = known.readings[-1] if known.readings else known.ref
        raising = [
            *(stops.confirm(*this, reading) for _ in range(3)),
            stops.correct(*this, **self._words(), read=(reading,)),
            stops.withdraw(*this, "sent in error"),
        ]
        called = [
            stops.ring(*this, dice.randint(1, 3)),
            stops.take(*this),
            *(stops.read_back(*this, f"Stop at hill {dice.randrange(30)}.") for _ in range(3)),
            stops.reach(*this, "the general, by telephone"),
            stops.effect(*this, _WHEN, "all tubes"),
            stops.not_possible(*this, "the battery does not answer"),
        ]
        crossed = dice.chance(0.05)  # now and then what is not this side's to say
        return dice.choice(raising if known.ours != crossed else called), known.status

    def _words(self) -> dict[str, str]:
        since = _WHEN if self._dice.chance(0.5) else ""
        return {"what": "shelling", "where": f"hill {self._dice.randrange(30)}", "since": since, "language": "en"}
