"""How long to wait before the next dial. The first is at once; the pause never exceeds a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from parley import limits

# Half a second in total for the first three: a restarted node is back on the line before anybody looks.
_PAUSES_S: Final = (0.0, 0.1, 0.25, 0.5, limits.DIAL_PAUSE_S_MAX)


class BackOff:
    """Counts the failures since the last success; the dice are handed in."""

    def __init__(self, dice: Callable[[], float]) -> None:
        self._dice = dice  # 0 <= value < 1: two nodes that fall together should not knock together for ever
        self._failures = 0

    def pause_s(self) -> float:
        """Give the pause before the next attempt, and count one failure."""
        pause = _PAUSES_S[min(self._failures, len(_PAUSES_S) - 1)]
        self._failures += 1
        return pause * (0.75 + self._dice() / 4)

    def succeeded(self) -> None:
        """Start from the beginning."""
        self._failures = 0
