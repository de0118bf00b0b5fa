"""Pairs of motions whose truth is known, as the tracks that two receivers would write of them.

Ships and aircraft turn and climb at random, smoothly; the truth is worked out in small steps. A receiver gives a fix at
its own pace, each wrong by what it states: Gaussian, of its own for each fix or shared by all of a track in part, its
clock off by one amount for the whole track.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise

from parley.tracks import Fix, Position, Stated, Track, closest
from parley.tracks.geodesy import A_M, F

Way = list[tuple[float, float, float]]  # metres east, north, up, a step each
AT_MS = 1_700_000_000_000


@dataclass(frozen=True, kw_only=True)
class Class:
    """A class of pairs: what moves, how, and how it is written down."""

    name: str
    kinds: tuple[str, str]
    every_s: tuple[float, float]  # between two fixes of a track
    length_s: float
    step_s: float
    speed: tuple[tuple[float, float], tuple[float, float]]
    turn_deg_s: tuple[float, float]  # standard deviation of the rate of turn
    error: Stated
    miss_m: float  # how far apart they pass at most, as planned


_SHIPS, _SLOW = ("surface", "surface"), ((4.0, 10.0), (4.0, 10.0))
CLASSES = (
    Class(
        name="sparse", kinds=_SHIPS, every_s=(60, 120), length_s=1800, step_s=5, speed=_SLOW, turn_deg_s=(0.02, 0.02),
        error=Stated(position_m=20, clock_s=1), miss_m=1000,
    ),
    Class(
        name="dense", kinds=_SHIPS, every_s=(2, 10), length_s=600, step_s=1, speed=_SLOW, turn_deg_s=(0.05, 0.05),
        error=Stated(position_m=10, clock_s=0.5), miss_m=1000,
    ),
    Class(
        name="clock error", kinds=_SHIPS, every_s=(10, 30), length_s=900, step_s=2, speed=((6, 12), (6, 12)),
        turn_deg_s=(0.05, 0.05), error=Stated(position_m=10, clock_s=15), miss_m=1000,
    ),
    Class(
        name="aircraft", kinds=("aircraft", "surface"), every_s=(1, 10), length_s=120, step_s=0.25,
        speed=((120, 250), (5, 10)), turn_deg_s=(0.3, 0.05),
        error=Stated(position_m=30, vertical_m=30, clock_s=0.5), miss_m=1500,
    ),
)  # fmt: skip


def noisy_pair(dice: random.Random, of: Class, *, shared: float = 0.0) -> tuple[float, Track, Track]:
    """Give the true least distance in metres and both tracks; `shared`: the part of the variance that fixes share."""
    place = Position(math.degrees(math.asin(dice.uniform(-0.9, 0.9))), dice.uniform(-180, 180))
    bearing, miss = dice.uniform(0, 2 * math.pi), dice.uniform(0, of.miss_m)
    ways = [
        _way(dice, of, 0, (0.0, 0.0)),
        _way(dice, of, 1, (miss * math.sin(bearing), miss * math.cos(bearing))),
    ]
    a, b = (_track(dice, of, number, way, place, shared) for number, way in enumerate(ways))
    return _least(*ways), a, b


@dataclass(frozen=True, kw_only=True)
class Held:
    """How the bands of a class did: per cent that hold the truth, and the median width over the true interval's."""

    held: float
    width: float
    true_width: float


def measure(of: Class, count: int, seed: int, *, shared: float = 0.0) -> list[tuple[bool, float, float]]:
    """Give for each of so many pairs: whether the band holds the truth, its width, and truth less figure."""
    dice, found = random.Random(f"{of.name} {seed}"), []
    for _ in range(count):
        truth, a, b = noisy_pair(dice, of, shared=shared)
        near = closest(a, b)
        found.append((near.low_m <= truth <= near.high_m, near.high_m - near.low_m, truth - near.distance_m))
    return found


def judged(measured: list[tuple[bool, float, float]]) -> Held:
    """Give the figures of a class. The true interval: what 95 of 100 of its pairs' errors lie within."""
    count = len(measured)
    widths, errors = sorted(one[1] for one in measured), sorted(one[2] for one in measured)
    low, high = errors[int(0.025 * count)], errors[min(count - 1, math.ceil(0.975 * count) - 1)]
    return Held(
        held=100 * sum(one[0] for one in measured) / count, width=widths[count // 2], true_width=high - low
    )  # fmt: skip


def _way(dice: random.Random, of: Class, number: int, middle: tuple[float, float]) -> Way:
    """Give one true motion that passes `middle` at half time: its rate of turn and its climb wander and settle."""
    flies, step = of.kinds[number] == "aircraft", of.step_s
    keep = math.exp(-step / (10.0 if flies else 60.0))
    spread = math.radians(of.turn_deg_s[number])
    heading, speed = dice.uniform(0, 2 * math.pi), dice.uniform(*of.speed[number])
    rate, climb, kick = dice.gauss(0, spread), 0.0, math.sqrt(1 - keep * keep)
    x = y = 0.0
    z = dice.uniform(100, 600) if flies else 0.0
    way: Way = []
    for _ in range(int(of.length_s / step) + 1):
        way.append((x, y, z))
        x, y = x + speed * math.sin(heading) * step, y + speed * math.cos(heading) * step
        heading += rate * step
        rate = rate * keep + dice.gauss(0, spread * kick)
        if flies:
            climb = climb * keep + dice.gauss(0, 2 * kick)
            z += climb * step
    half = way[len(way) // 2]
    return [(p - half[0] + middle[0], q - half[1] + middle[1], r) for p, q, r in way]


def _track(dice: random.Random, of: Class, number: int, way: Way, place: Position, shared: float) -> Track:
    sine = math.sin(math.radians(place.lat))
    root = math.sqrt(1 - F * (2 - F) * sine * sine)
    north_m, east_m = A_M * (1 - F) ** 2 / root**3, A_M / root * math.cos(math.radians(place.lat))
    flat, up = of.error.position_m / 2.4477, of.error.vertical_m / 1.96
    alone, same = math.sqrt(1 - shared), math.sqrt(shared)
    all_wrong = [dice.gauss(0, same * each) for each in (flat, flat, up)]
    late, every = dice.gauss(0, of.error.clock_s / 1.96), dice.uniform(*of.every_s)
    heights, fixes, at = "aircraft" in of.kinds, [], dice.uniform(0, every)
    while at <= of.length_s:
        step = min(int(at / of.step_s), len(way) - 2)
        part = at / of.step_s - step
        x, y, z = (
            p + (q - p) * part + wrong + dice.gauss(0, alone * each)
            for p, q, wrong, each in zip(way[step], way[step + 1], all_wrong, (flat, flat, up), strict=True)
        )
        lat, lon = place.lat + math.degrees(y / north_m), place.lon + math.degrees(x / east_m)
        fixes.append(
            Fix(AT_MS + round((at + late) * 1000), lat, math.remainder(lon, 360.0), z if heights else None)
        )  # fmt: skip
        at += every
    return Track(name="AB"[number], kind=of.kinds[number], error=of.error, fixes=tuple(fixes))


def _least(a: Way, b: Way) -> float:
    """Give the least distance of two ways that run straight between their steps."""
    best = math.inf
    apart = [(p[0] - q[0], p[1] - q[1], p[2] - q[2]) for p, q in zip(a, b, strict=True)]
    for before, after in pairwise(apart):
        move = [late - early for early, late in zip(before, after, strict=True)]
        square = sum(each * each for each in move)
        part = -sum(early * each for early, each in zip(before, move, strict=True)) / square if square else 0.0
        part = min(1.0, max(0.0, part))
        best = min(best, sum((early + part * each) ** 2 for early, each in zip(before, move, strict=True)))
    return math.sqrt(best)
