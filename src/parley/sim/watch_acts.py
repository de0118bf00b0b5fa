"""What the people of one side may think of saying about watches and roll-calls.

Owns: the choice among their kinds, about the latest watches and roll-calls of either side; some break a rule.
Does not own: when they speak (acts.py), which dice (its own, so that watches shift no other wish).
"""

from __future__ import annotations

from typing import Final

from parley.record import Entry
from parley.sim.dice import Dice
from parley.subjects.kinds import Fact
from parley.subjects.watches import facts as watches
from parley.times import Moment, moment_text

_KNOWN_MAX: Final = 4  # people act on the watch of now
_CHANCE: Final = 0.05


class WatchActs:
    """The next wish about a watch or a roll-call."""

    def __init__(self, side: str, dice: Dice) -> None:
        self._side = side
        self._dice = dice
        self._watches: list[str] = []
        self._rolls: list[tuple[str, str]] = []  # side, subject

    def hear(self, entry: Entry) -> None:
        """Its own node told it of an entry."""
        if entry.kind == "watch.taken":
            self._watches = [*self._watches[1 - _KNOWN_MAX :], entry.subject]
        elif entry.kind == "roll.asked":
            self._rolls = [*self._rolls[1 - _KNOWN_MAX :], (entry.side, entry.subject)]

    def wants(self) -> bool:
        """Say whether somebody thinks of a watch now."""
        return self._dice.chance(_CHANCE)

    def next(self, channels: tuple[str, ...], clock: Moment) -> tuple[Fact, bool]:
        """Give what is said next, and whether the node says it rather than a person."""
        dice = self._dice
        soon = moment_text(Moment(clock + dice.choice((1, 1_000, 60_000))))
        choices = [watches.take(dice.choice(channels)), watches.ask(dice.choice(channels), soon)]
        for subject in self._watches:
            choices += [watches.hand_over(subject), watches.leave(subject, dice.choice(watches.REASONS))]
        for side, subject in self._rolls:
            choices.append(watches.unanswered(subject) if side == self._side else watches.answer(subject))
        fact = dice.choice(choices)
        return fact, fact.kind == "roll.unanswered" or (fact.kind in ("watch.left", "roll.asked") and dice.chance(0.3))
