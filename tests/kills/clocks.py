"""A wall clock that the harness may set, as a dead battery, a wrong time server or a hand does. The steady one goes on.

It stands in the forked process before the node opens, under everything that asks for the time of day.
"""

from __future__ import annotations

import time
from typing import Final

from parley.transports.host import LinkHost

_NS: Final = 1_000_000_000


class WallClock:
    """The time of day of one process, so many seconds ahead of the machine's (behind, if negative)."""

    def __init__(self, ahead_s: float) -> None:
        self.ahead_s = ahead_s
        self._whole, self._whole_ns = time.time, time.time_ns

    def put_up(self) -> None:
        """Take the place of the machine's clock in this process, for good."""
        time.time = lambda: self._whole() + self.ahead_s
        time.time_ns = lambda: self._whole_ns() + round(self.ahead_s * _NS)
        defaults = LinkHost.__init__.__kwdefaults__
        assert defaults["wall_clock"] is self._whole, "the links take their clock from elsewhere now"
        defaults["wall_clock"] = time.time
