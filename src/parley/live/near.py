"""Which of the tracks come close to one another: each pair is told once, until it has parted again.

Owns: the candidates (a grid over where each will be), closest approach on a flat plane, hysteresis.
Does not own: the exact distance of two recorded tracks (tracks/), who is told (node/feeds.py).
Always true:
  1. A pair is told when it will be within `distance_m` before `within_s` are over, if both keep course and speed.
  2. It is told once; it is over when that has been false by a quarter more, or one of the two fell silent.
  3. One look compares at most limits.LIVE_PAIRS_MAX pairs; beyond that `crowded` says that some were left out.
A warning of a machine is a help to look, never a statement: course and speed are what the other one broadcasts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from parley import limits
from parley.live.tracks import METRES_A_DEGREE, LiveTrack, Tracks

KINDS: Final = ("ship-ship", "aircraft-ship", "aircraft-aircraft")
_CELL_DEGREES: Final = 0.05
_MOVES_MPS: Final = 0.5  # two that lie still beside each other in a port are no encounter
_PARTED: Final = 1.25
_SLICE: Final = 64  # tracks looked at in one go


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What a side wants to be warned of."""

    distance_m: int = 926  # half a nautical mile
    within_s: int = 600
    height_m: int = 300  # one that flies higher above the other is not near it
    pairs: tuple[str, ...] = ("ship-ship", "aircraft-ship")


@dataclass(slots=True)
class Pair:
    """Two that come close, as it stands now."""

    a: str
    b: str
    since_ms: int
    distance_m: float
    closest_m: float  # what it will come to
    closest_in_s: float
    lat: float  # between the two
    lon: float
    seen_ms: int
    over_ms: int = 0  # when it was over; 0 while it goes on

    @property
    def key(self) -> str:
        """Name the pair, the same both ways."""
        return f"{self.a}.{self.b}"


class _Placed(NamedTuple):
    track: LiveTrack
    lat: float
    lon: float
    east: float
    north: float


class Near:
    """The pairs of one set of tracks."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._pairs: dict[str, Pair] = {}
        self._over: list[Pair] = []
        self.crowded = False

    def pairs(self) -> list[Pair]:
        """Give the pairs that are near or coming near, the soonest first, then those that have parted."""
        now = sorted(self._pairs.values(), key=lambda pair: (pair.closest_in_s, pair.key))
        return now + self._over[::-1]

    def get(self, key: str) -> Pair | None:
        """Give one pair that is told or was."""
        return self._pairs.get(key) or next((pair for pair in self._over if pair.key == key), None)

    def look(self, tracks: Tracks, now_ms: int) -> Iterator[list[Pair]]:
        """Look at all tracks, a slice at each step so that nothing else waits; gives pairs told for the first time."""
        placed = self._placed(tracks, now_ms)
        cells: dict[tuple[int, int], list[_Placed]] = {}
        compared, crowded = 0, False
        for number, one in enumerate(placed):
            fresh: list[Pair] = []
            met: set[str] = set()
            for cell in self._cells(one):
                others = cells.setdefault(cell, [])
                for other in others:
                    if compared >= limits.LIVE_PAIRS_MAX:
                        crowded = True
                        break
                    if other.track.id not in met:
                        met.add(other.track.id)
                        compared += 1
                        fresh += self._compare(one, other, now_ms)
                others.append(one)
            if fresh or number % _SLICE == _SLICE - 1:
                yield fresh
        self.crowded = crowded
        self._part(tracks, now_ms)
        yield []

    def _placed(self, tracks: Tracks, now_ms: int) -> list[_Placed]:
        found = []
        for track in tracks:
            if track.placed and now_ms - track.at_ms <= limits.LIVE_FRESH_S * 1000:
                found.append(_Placed(track, *track.at(now_ms), *track.velocity()))
        return found

    def _cells(self, one: _Placed) -> Iterator[tuple[int, int]]:
        """Give the cells over which it may be while we look ahead, with half the distance around.

        Each row of cells has as many as fit around the earth at its latitude: right at the poles and over ±180°.
        """
        rules, edge = self.rules, self.rules.distance_m * _PARTED / 2
        rise, run = one.north * rules.within_s, one.east * rules.within_s
        low = one.lat + (min(0.0, rise) - edge) / METRES_A_DEGREE
        high = one.lat + (max(0.0, rise) + edge) / METRES_A_DEGREE
        for row in range(math.floor(max(-90.0, low) / _CELL_DEGREES), math.floor(min(90.0, high) / _CELL_DEGREES) + 1):
            level = max(0.0, math.cos(math.radians(min(abs(row), abs(row + 1)) * _CELL_DEGREES)))
            columns = max(1, int(360 / _CELL_DEGREES * level))
            width = 360 / columns
            shrink = METRES_A_DEGREE * max(0.01, math.cos(math.radians(min(89.4, max(abs(low), abs(high))))))
            first = math.floor((one.lon + (min(0.0, run) - edge) / shrink) / width)
            last = math.floor((one.lon + (max(0.0, run) + edge) / shrink) / width)
            for column in range(first, min(last, first + columns - 1) + 1):
                yield row, column % columns

    def _compare(self, one: _Placed, other: _Placed, now_ms: int) -> list[Pair]:
        kinds = sorted((one.track.kind, other.track.kind))
        if "-".join(kinds) not in self.rules.pairs or self._apart_in_height(one.track, other.track):
            return []
        east = ((other.lon - one.lon + 180) % 360 - 180) * METRES_A_DEGREE
        east *= math.cos(math.radians((one.lat + other.lat) / 2))
        north = (other.lat - one.lat) * METRES_A_DEGREE
        way_east, way_north = other.east - one.east, other.north - one.north
        speed2 = way_east * way_east + way_north * way_north
        moves = max(math.hypot(one.east, one.north), math.hypot(other.east, other.north)) >= _MOVES_MPS
        a, b = sorted((one.track.id, other.track.id))
        known = self._pairs.get(f"{a}.{b}")
        in_s = (
            max(0.0, min(self.rules.within_s, -(east * way_east + north * way_north) / speed2))
            if speed2 > 1e-6
            else 0.0
        )
        closest = math.hypot(east + way_east * in_s, north + way_north * in_s)
        if closest > self.rules.distance_m * (_PARTED if known else 1) or not (moves or known):
            return []
        pair = known or Pair(a, b, now_ms, 0, 0, 0, 0, 0, 0)
        pair.distance_m, pair.closest_m, pair.closest_in_s = math.hypot(east, north), closest, in_s
        half = ((other.lon - one.lon + 180) % 360 - 180) / 2
        pair.lat, pair.lon = (one.lat + other.lat) / 2, (one.lon + half + 180) % 360 - 180
        pair.seen_ms = now_ms
        if known is not None:
            return []
        if len(self._pairs) >= limits.LIVE_WARNINGS_MAX:
            self.crowded = True
            return []
        self._pairs[pair.key] = pair
        self._over = [gone for gone in self._over if gone.key != pair.key]
        return [pair]

    def _apart_in_height(self, one: LiveTrack, other: LiveTrack) -> bool:
        if one.kind == other.kind == "ship":
            return False
        heights = [0.0 if each.kind == "ship" else each.height_m for each in (one, other)]
        if heights[0] is None or heights[1] is None:
            return False  # who does not say how high it flies may be low
        return abs(heights[0] - heights[1]) > self.rules.height_m

    def _part(self, tracks: Tracks, now_ms: int) -> None:
        for key, pair in list(self._pairs.items()):
            if pair.seen_ms != now_ms:
                del self._pairs[key]
                pair.over_ms = now_ms
                self._over = [*self._over, pair][-limits.LIVE_OVER_MAX :]
