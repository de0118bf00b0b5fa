"""Counts what the other side sends beyond what it may, so that it is named for it, once and not a thousand times.

Owns: a rate for everything of one kind together; frames that nothing allows, by what they belong to.
Does not own: the rate of one stream (line/), what is done about it.
Always true: whatever comes, what is remembered here is bounded, and many small faults are named as surely as one large.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from parley import limits
from parley.times import Instant

_AGAIN_S: Final = 60.0  # one that goes on is named once a minute
_BESIDE: Final = 4  # so many times what names one call or stream, spread over many, names as well
_FORGIVEN_S: Final = 600.0  # what crossed the ends of calls in that time counts no more


class Inflow:
    """How much of one kind may come: a rate with a burst, and how far beyond it the sender is named."""

    __slots__ = ("_at", "_burst", "_named_at", "_over", "_over_max", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, over_max: int, now: Instant) -> None:
        self._rate, self._burst, self._over_max = rate, burst, over_max
        self._tokens, self._at, self._over = burst, now, 0
        self._named_at = Instant(float("-inf"))

    def takes(self, now: Instant) -> bool:
        """Count one; False if it is too much."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            self._over += 1
            return False
        self._tokens -= 1
        return True

    def names(self, now: Instant) -> bool:
        """Say, after one too many, whether the sender is to be named now."""
        if self._over < self._over_max or now - self._named_at < _AGAIN_S:
            return False
        self._over, self._named_at = 0, now
        return True


class Inflows:
    """How much of one kind each link may bring."""

    def __init__(self, rate: float, burst: float, over_max: int) -> None:
        self._bounds = rate, burst, over_max
        self._links: dict[str, Inflow] = {}

    def of(self, link: str, now: Instant) -> Inflow:
        """Give what is counted of a link; it begins with the first that comes."""
        found = self._links.get(link)
        if found is None:
            found = self._links[link] = Inflow(*self._bounds, now)
        return found

    def link_down(self, link: str) -> None:
        """A link is gone, and what was counted of it."""
        self._links.pop(link, None)


class Strays:
    """Frames that nothing allows. A few cross the end of a call; many are somebody out of turn."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[Hashable, int] = {}  # the longest untouched first
        self._all, self._at = 0.0, Instant(0.0)

    def names(self, key: Hashable, now: Instant) -> bool:
        """Count one of what it belongs to; say whether the sender is to be named now."""
        count = self._counts[key] = self._counts.pop(key, 0) + 1
        if len(self._counts) > limits.VOICE_STRAYS_KEPT:
            del self._counts[next(iter(self._counts))]
        whole = self._most * _BESIDE
        self._all = max(0.0, self._all - (now - self._at) * whole / _FORGIVEN_S) + (count <= self._most)
        self._at = now
        if self._all >= whole:
            self._all = 0.0
            return True
        return count == self._most

    def forget(self, key: Hashable) -> None:
        """What belongs to it is counted from the beginning."""
        self._counts.pop(key, None)
