"""One virtual clock for a whole world, and what is still to happen on it.

Always true:
  1. What is due at the same instant happens in the order in which it was asked for.
  2. Time moves only by taking the next thing that is due: an idle hour costs nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

from parley.errors import ensure
from parley.times import Instant

_Action = Callable[[], None]


class Schedule:
    """What will happen, by virtual time."""

    def __init__(self) -> None:
        self.now: Instant = Instant(0.0)
        self._due: list[tuple[float, int, _Action]] = []
        self._asked = 0
        self.done = 0  # things that have happened: the guard against a world that never rests

    def after(self, delay_s: float, action: _Action) -> None:
        """Let `action` happen `delay_s` from now; a delay below zero means now."""
        self.at(self.now + max(delay_s, 0.0), action)

    def at(self, instant: float, action: _Action) -> None:
        """Let `action` happen at an instant; one that has passed means now."""
        self._asked += 1
        heapq.heappush(self._due, (max(instant, self.now), self._asked, action))

    def run_until(self, instant: float, *, steps_max: int = 2_000_000) -> None:
        """Let everything due up to an instant happen, then stand at that instant."""
        steps = 0
        while self._due and self._due[0][0] <= instant:
            when, _, action = heapq.heappop(self._due)
            self.now = Instant(when)
            action()
            steps += 1
            self.done += 1
            ensure(steps < steps_max, "the simulated world does something without end and without time passing")
        self.now = Instant(max(self.now, instant))
