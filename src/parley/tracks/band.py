"""How far the truth may be from a closest approach: a band that holds it in 95 of 100 cases.

Owns: what the stated errors of place, height and clock, and what happened between fixes, mean for the distance.
Does not own: the approach (approach.py), how a track is smoothed (smoothing.py).
Always true:
  1. The band holds the distance of the tracks as they are drawn, whatever else it holds.
  2. Errors of fixes that do not scatter as much as is stated are taken to be shared by all fixes, and not averaged.
  3. At most limits.BAND_FIXES_MAX fixes of each track are looked at.
Read first: docs/protocol/tracks.md, "The band". Measured: `./run bench military band`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from parley import limits
from parley.errors import ensure
from parley.tracks.geodesy import Position, earth_xyz
from parley.tracks.motion import Moving, Vector
from parley.tracks.smoothing import Knot, Values, between, smooth, wander_of

_RADIUS: Final = 2.4477  # of a plane error: the radius that holds 95 of 100, in standard deviations
_SIDE: Final = 1.9600  # of an error along one line
_REACH: Final = 2.1  # of ours: how much a track wanders is itself found from few fixes, as for Student's t
_HELD: Final = math.erf(_REACH / math.sqrt(2))  # of a normal error, within that reach
# By how much less than expected fixes may scatter before it counts as a sign that they share an error, in parts of one
# over the root of their number. Measured: 2.6 missed it where they share 30 to 50 %, 1.2 sees it where they share none.
_NO_SIGN: Final = 1.6
_EXACT_M: Final = 0.05  # nobody's fixes are better than this, whatever is stated
# How fast the variance of a velocity usually grows, m²/s³: a ship that turns by a degree in half a minute, an aircraft
# in a gentle turn; of a climb less, and of a ship's height next to nothing. The fixes say more.
_WANDERS: Final = {"aircraft": 1.0}
_WANDERS_OTHERS: Final = 3e-3
_CLIMBS: Final = {"aircraft": 0.1}
_CLIMBS_OTHERS: Final = 1e-6


def band(
    a: Moving, b: Moving, spans: Sequence[tuple[int, int]], at: float, distance: float, *, heights: bool
) -> tuple[float, float]:
    """Give the least and the greatest distance that are likely, in metres.

    Args:
        spans: When both tracks are joined by lines.
        at, distance: The closest moment of the tracks as they are drawn, in ms, and how near they then were.
    """
    origin = a.place_at(at)
    one, two = _Near(a, at, origin, heights=heights), _Near(b, at, origin, heights=heights)
    first, last = next(span for span in spans if span[0] <= at <= span[1])
    start = max((first - at) / 1000, one.first_s, two.first_s)
    end = min((last - at) / 1000, one.last_s, two.last_s)

    def apart(at_s: float) -> float:
        return math.dist(one.at(at_s)[0], two.at(at_s)[0])

    near_s, near = _least(apart, sorted({start, *one.times(start, end), *two.times(start, end), max(start, end)}))
    drawn = math.dist(one.drawn(at), two.drawn(at))  # in the same plane: far apart, a plane is no ellipsoid
    low, high = _around(max(0.0, distance + near - drawn), math.sqrt(_variance(one, two, near_s)))
    return min(low, distance), max(high, distance)


class _Axes:
    """Some axes of one track, smoothed."""

    def __init__(self, knots: list[Knot], deviation: float, usual: float) -> None:
        self._knots, self._error = knots, deviation * deviation
        self._wander = wander_of(knots, self._error, usual)
        self._states = smooth(knots, self._error, self._wander)
        self.times = [knot.at_s for knot in knots]

    def at(self, at_s: float) -> tuple[Values, Values]:
        """Give place and velocity."""
        if len(self.times) == 1:
            return self._states[0].place, self._states[0].speed
        after = min(max(bisect_left(self.times, at_s), 1), len(self.times) - 1)
        return between(self._states[after - 1], self._states[after], at_s)

    def variance(self, at_s: float) -> float:
        """Give the variance of the place: of what scatters, smoothed, and of what all fixes share, as it is."""
        number = bisect_left(self.times, at_s)
        if number == 0 or number == len(self.times) or self.times[number] == at_s:
            smoothed = self._states[min(number, len(self.times) - 1)].pp
        else:
            knots = [*self._knots[:number], Knot(at_s, None), *self._knots[number:]]
            smoothed = smooth(knots, self._error, self._wander)[number].pp
        part = self._scatter()
        return smoothed * part + self._error * (1 - part)

    def _scatter(self) -> float:
        """Give which part of the stated variance is seen as scatter of the fixes about the smoothed way, 0 to 1."""
        seen = expected = 0.0
        for knot, state in zip(self._knots, self._states, strict=True):
            if knot.seen is not None:
                seen += math.dist(knot.seen, state.place) ** 2 / len(state.place)
                expected += max(0.0, self._error - state.pp)
        free = (len(self._knots) - 2) * len(self._states[0].place)  # through two fixes a way always runs
        chance = 1 - _NO_SIGN / math.sqrt(free) if free > 0 else 0.0
        return 1.0 if seen >= expected * chance else seen / expected


class _Near:
    """One track near a moment, in metres east, north and up from a place, and seconds from the moment."""

    def __init__(self, moving: Moving, at: float, origin: Position, *, heights: bool) -> None:
        self._moving, self._frame, self._heights = moving, _frame(origin), heights
        self.error, kind = moving.track.error, moving.track.kind
        first, last = next(leg for leg in moving.legs if moving.times[leg[0]] <= at <= moving.times[leg[1]])
        middle = bisect_left(moving.times, at, first, last + 1)
        half = limits.BAND_FIXES_MAX // 2
        fixes = moving.track.fixes[max(first, middle - half) : min(last + 1, middle + half)]
        ensure(fixes, "a moment of a leg has no fix beside it")
        moments = [(fix.at_ms - at) / 1000 for fix in fixes]
        flat = [Knot(at_s, self._flat(fix.place)) for at_s, fix in zip(moments, fixes, strict=True)]
        self.flat = _Axes(flat, max(self.error.position_m, _EXACT_M) / _RADIUS, _WANDERS.get(kind, _WANDERS_OTHERS))
        self.up: _Axes | None = None
        if heights:
            up = [Knot(at_s, (fix.alt_m or 0.0,)) for at_s, fix in zip(moments, fixes, strict=True)]
            self.up = _Axes(up, max(self.error.vertical_m, _EXACT_M) / _SIDE, _CLIMBS.get(kind, _CLIMBS_OTHERS))
        self.first_s, self.last_s = moments[0], moments[-1]

    def times(self, start: float, end: float) -> list[float]:
        """Give the moments of its fixes within a span."""
        return [at_s for at_s in self.flat.times if start < at_s < end]

    def at(self, at_s: float) -> tuple[Values, Values]:
        """Give place and velocity: east, north, up."""
        place, speed = self.flat.at(at_s)
        if self.up is None:
            return (*place, 0.0), (*speed, 0.0)
        height, climb = self.up.at(at_s)
        return place + height, speed + climb

    def drawn(self, at: float) -> Values:
        """Give where the track as it is drawn has it."""
        return *self._flat(self._moving.place_at(at)), self._moving.height_at(at) if self._heights else 0.0

    def _flat(self, place: Position) -> tuple[float, float]:
        middle, east, north = self._frame
        way = [one - other for one, other in zip(earth_xyz(place), middle, strict=True)]
        return _along(way, east), _along(way, north)


def _along(way: Sequence[float], line: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(way, line, strict=True))


def _frame(origin: Position) -> tuple[Vector, Vector, Vector]:
    """Give a place from the Earth's middle, and the ways east and north there."""
    lat, lon = math.radians(origin.lat), math.radians(origin.lon)
    sin_lat, cos_lat, sin_lon, cos_lon = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    return earth_xyz(origin), (-sin_lon, cos_lon, 0.0), (-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat)


def _variance(one: _Near, two: _Near, at_s: float) -> float:
    """Give the variance of the distance: of each error that part which lies along the line between the two."""
    (here, way), (there, other) = one.at(at_s), two.at(at_s)
    line = [p - q for p, q in zip(here, there, strict=True)]
    size = math.hypot(*line)
    if size < 1e-3:  # they met: what counts lies across the way of one as seen from the other
        line = [other[1] - way[1], way[0] - other[0], 0.0]
        size = math.hypot(*line)
    line = [each / size for each in line] if size else [1.0, 0.0, 0.0]
    found = 0.0
    for side, speed in ((one, way), (two, other)):
        clock = side.error.clock_s / _SIDE * _along(speed, line)
        found += clock * clock + (line[0] ** 2 + line[1] ** 2) * side.flat.variance(at_s)
        if side.up is not None:
            found += line[2] ** 2 * side.up.variance(at_s)
    return found


def _around(size: float, deviation: float) -> tuple[float, float]:
    """Give the band of a distance that was found to be `size`: it has no sign, so a band that covers 0 begins there."""
    reach = _REACH * deviation
    if size >= reach:
        return size - reach, size + reach
    low, high = 0.0, size + reach
    for _ in range(40):
        middle = (low + high) / 2
        held = _below((middle - size) / deviation) - _below((-middle - size) / deviation)
        low, high = (middle, high) if held < _HELD else (low, middle)
    return 0.0, high


def _below(deviations: float) -> float:
    """Give the share of a normal error that lies below so many standard deviations."""
    return (1 + math.erf(deviations / math.sqrt(2))) / 2


def _least(apart: Callable[[float], float], knots: Sequence[float]) -> tuple[float, float]:
    """Give the least distance of the smoothed ways and its moment: by the knots and between them, then closer."""
    tries = [moment for one, two in pairwise(knots) for moment in (one, (one + two) / 2)] + [knots[-1]]
    values = [apart(moment) for moment in tries]
    best = min(range(len(tries)), key=values.__getitem__)
    left, right = tries[max(0, best - 1)], tries[min(len(tries) - 1, best + 1)]
    for _ in range(20):
        third = (right - left) / 3
        if apart(left + third) < apart(right - third):
            right -= third
        else:
            left += third
    middle = (left + right) / 2
    value = apart(middle)
    return (middle, value) if value < values[best] else (tries[best], values[best])
