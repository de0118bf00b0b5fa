"""Which of several things somebody might say they do say: by chance, and else what this world has heard least.

Owns: the order in which they are tried. Does not own: what could be said (the modules of acts).
Chance alone hardly ever comes to the end of a long story: two agree to a text, ask to open it again, and do. People who
would rather say what was not said yet get there, and the rules still hear much that they must refuse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from parley.sim.dice import Dice
from parley.subjects.kinds import Fact

_TRIES: Final = 4
_BY_CHANCE: Final = 0.45


class Thought(NamedTuple):
    """What somebody thinks of saying: the facts of which one will do, and how it is marked."""

    facts: Sequence[Fact]
    status: str = "actual"
    precedence: str = ""


class Chooser:
    """The choices of one side's people."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._heard: Counter[str] = Counter()
        self._tried: Counter[str] = Counter()

    def hear(self, kind: str) -> None:
        """An entry of that kind stands in the record."""
        self._heard[kind] += 1

    def order(self, facts: Sequence[Fact]) -> Iterator[Fact]:
        """Give one by chance, or a few, the rarest first, to be tried until one is taken."""
        dice = self._dice
        if len(facts) == 1 or dice.chance(_BY_CHANCE):
            yield dice.choice(facts)
            return
        shuffled = dice.sample(facts, len(facts))
        for fact in sorted(shuffled, key=lambda one: 2 * self._heard[one.kind] + self._tried[one.kind])[:_TRIES]:
            self._tried[fact.kind] += 1
            yield fact
