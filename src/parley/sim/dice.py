"""Chance, from one seed: every part of a world has dice of its own.

Always true:
  1. The same seed and the same names give the same throws, on any machine and in any process.
  2. One part's throws do not shift another's, so a fix in one place does not turn every seed into another world.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable


class Dice(random.Random):
    """Dice named by the seed and the part of the world that throws them."""

    def __init__(self, seed: int, *names: str) -> None:
        text = "/".join(("parley-sim", str(seed), *names))
        self._name = text
        super().__init__(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.random() < probability

    def spread(self, low: float, high: float) -> float:
        """A number between two positive ones, each order of magnitude equally likely."""
        return float(low * (high / low) ** self.random())


def entropy_from(dice: Dice) -> Callable[[int], bytes]:
    """Give the source of nonces that a core is handed in place of the operating system's."""
    return dice.randbytes
