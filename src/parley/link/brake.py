"""How fast bulk may go on one link, so that it does not push up the urgent round trip.

A separate connection keeps bulk out of the urgent one's queues; it cannot keep it out of the router, the other node's
processor or our own. What it can do is notice: while bulk is under way the urgent connection beats faster, and when
those beats come back late, bulk goes slower until they no longer do.

Always true: bulk never stops (it would never finish on a path that is slow by nature), and it is never slowed by a
path that is merely long: what counts is the growth over the shortest round trip lately.
"""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.times import Instant

_UNBOUND: Final = float("inf")
_SLOWER: Final = 0.7  # of what really went since the last sample
_FASTER: Final = 1.25
_PART_BYTES: Final = 16_384  # not worth a system call below one TLS record
_BURST_S: Final = 0.01


class Brake:
    """A rate that follows the urgent round trip; `sample` moves it, `allow` spends it."""

    def __init__(self) -> None:
        self.rate_bytes_s = _UNBOUND
        self._tokens = 0.0
        self._filled_at: Instant | None = None
        self._spent = 0  # since the last sample
        self._sampled_at: Instant | None = None

    def sample(self, rtt_s: float, rtt_min_s: float, now: Instant) -> None:
        """Take in a round trip of the urgent connection."""
        passed = now - self._sampled_at if self._sampled_at is not None else 0.0
        spent, self._spent, self._sampled_at = self._spent, 0, now
        if rtt_s <= rtt_min_s + max(limits.BRAKE_S, rtt_min_s):
            self.rate_bytes_s *= _FASTER
            if self.rate_bytes_s > limits.BRAKE_OFF_BYTES_S:
                self.rate_bytes_s = _UNBOUND
        elif spent and passed > 0:  # what did not go cannot have been the cause
            went = min(self.rate_bytes_s, spent / passed)
            self.rate_bytes_s = max(limits.BRAKE_BYTES_S_MIN, went * _SLOWER)

    def allow(self, wanted: int, now: Instant) -> int:
        """Give how many bytes may go now, at most `wanted`; 0 if it is better to wait for `wait_s`."""
        granted = wanted
        if self.rate_bytes_s != _UNBOUND:
            passed = now - self._filled_at if self._filled_at is not None else 0.0
            full = max(float(_PART_BYTES), self.rate_bytes_s * _BURST_S)
            self._tokens = min(full, self._tokens + passed * self.rate_bytes_s)
            self._filled_at = now
            if self._tokens < min(wanted, _PART_BYTES):
                return 0
            granted = min(wanted, int(self._tokens))
            self._tokens -= granted
        self._spent += granted
        return granted

    def wait_s(self) -> float:
        """Give how long until the next part may go."""
        return max(0.001, (_PART_BYTES - self._tokens) / self.rate_bytes_s)
