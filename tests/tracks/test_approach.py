"""The closest approach of two tracks against answers found another way."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic

from parley.errors import PeerError, Refused
from parley.tracks import Fix, Position, Track, closest, cpa_at
from parley.tracks.geodesy import destination

EARTH = Geodesic.WGS84


def track(*fixes: Fix, kind: str = "surface") -> Track:
    return Track(name="ship", kind=kind, fixes=fixes)


def crossing(dice: random.Random, scale_m: float) -> tuple[Track, Track]:
    """Give two tracks of a few fixes that pass near one place, anywhere on Earth."""
    middle = Position(math.degrees(math.asin(dice.uniform(-1, 1))), dice.uniform(-180, 180))
    made = []
    for _ in range(2):
        count, bearing = dice.choice([2, 3, 5]), dice.uniform(0, 360)
        aside = destination(middle, dice.uniform(0, 360), dice.choice([0.0, 0.1, 0.5]) * scale_m)
        place = destination(aside, bearing + 180, scale_m)
        fixes = []
        for number in range(count):
            fixes.append(Fix(number * 800_000 // (count - 1), place.lat, place.lon))
            place = destination(place, bearing + dice.gauss(0, 5), 2 * scale_m / (count - 1))
        made.append(track(*fixes))
    return made[0], made[1]


def by_search(a: Track, b: Track) -> float:
    """Give the least distance by looking often, then ever closer, with an independent library."""

    legs = [
        [(one, two, EARTH.InverseLine(one.lat, one.lon, two.lat, two.lon)) for one, two in pairwise(of.fixes)]
        for of in (a, b)
    ]

    def place(of: int, at: float) -> tuple[float, float]:
        one, two, line = next(leg for leg in legs[of] if leg[0].at_ms <= at <= leg[1].at_ms)
        found = line.Position(line.s13 * (at - one.at_ms) / (two.at_ms - one.at_ms))
        return found["lat2"], found["lon2"]

    def apart(at: float) -> float:
        return float(EARTH.Inverse(*place(0, at), *place(1, at))["s12"])

    start, end = max(a.first_ms, b.first_ms), min(a.last_ms, b.last_ms)
    step = (end - start) / 100
    best, number = min((apart(start + step * number), number) for number in range(101))
    low, high = start + step * max(0, number - 1), start + step * min(100, number + 1)
    for _ in range(40):
        third = (high - low) / 3
        if apart(low + third) < apart(high - third):
            high -= third
        else:
            low += third
    return min(best, apart((low + high) / 2))


@pytest.mark.parametrize("scale_m, within", [(1e3, 0.01), (1e5, 1.0), (1e6, 1e3)])
def test_the_closest_approach_is_the_one_found_by_search(scale_m: float, within: float) -> None:
    """Two sides that get two figures from the same tracks would quarrel over the arithmetic."""
    dice = random.Random(int(scale_m))
    for _ in range(10):
        a, b = crossing(dice, scale_m)
        assert abs(closest(a, b).distance_m - by_search(a, b)) < within


def test_two_ships_that_keep_together_say_that_nothing_moved() -> None:
    """With no relative motion a closest moment means nothing, and must not be read as one."""
    a = track(Fix(0, 10.0, 179.99), Fix(60_000, 10.01, 179.99))
    b = track(Fix(0, 10.0, -179.99), Fix(60_000, 10.01, -179.99))
    found = closest(a, b)
    assert "no-relative-motion" in found.notes and found.geometry == "none"
    assert abs(found.distance_m - 2_193) < 5
    assert cpa_at(a, a, 30_000).tcpa_s is None


def test_a_height_between_them_counts() -> None:
    """An aircraft 300 m above a ship is 300 m away."""
    ship = track(Fix(0, 0.0, 0.0, 0.0), Fix(10_000, 0.0, 0.0, 0.0))
    aircraft = track(Fix(0, -0.01, 0.0, 300.0), Fix(10_000, 0.01, 0.0, 300.0), kind="aircraft")
    found = closest(aircraft, ship)
    assert (round(found.horizontal_m, 2), found.vertical_m, round(found.distance_m, 2)) == (0.0, 300.0, 300.0)
    assert found.at_ms == 5_000


def test_nothing_is_worked_out_across_a_long_gap() -> None:
    """Where a ship was in a silent hour nobody knows."""
    a = track(Fix(0, 0.0, -1.0), Fix(3_600_000, 0.0, 1.0))
    b = track(*(Fix(at * 600_000, 0.0, 0.0) for at in range(7)))
    found = closest(a, b)
    assert "gap-left-out" in found.notes and found.distance_m > 100_000


def test_tracks_without_a_shared_moment_are_refused() -> None:
    """A figure for two ships never seen at once would be made up."""
    with pytest.raises(Refused) as refused:
        closest(track(Fix(0, 0.0, 0.0)), track(Fix(1, 0.0, 0.0)))
    assert refused.value.code == "tracks.overlap"


def test_two_on_far_sides_of_the_earth_cost_no_more_than_two_that_met() -> None:
    """A file that the other side made must not keep our node busy: there a distance takes milliseconds."""
    a = track(*(Fix(at * 800_000, 0.0, 0.0) for at in range(300)))
    b = track(*(Fix(at * 800_000, 0.01 * (at % 3), 179.99) for at in range(300)))
    assert abs(closest(a, b).distance_m - 20_001_700) < 2_000_000


def test_one_shared_moment_is_enough() -> None:
    """A single radar fix against a track still says something."""
    a, b = track(Fix(30_000, 0.0, 0.0)), track(Fix(0, 0.0, 0.01), Fix(60_000, 0.0, -0.01))
    found = closest(a, b)
    assert found.at_ms == 30_000 and found.distance_m < 1e-3 and "single-fix" in found.notes


@pytest.mark.parametrize("second", [0, -1])
def test_times_that_stand_still_or_run_back_are_refused_with_their_place(second: int) -> None:
    """Sorted in silence, a forged or damaged track would look whole."""
    with pytest.raises(PeerError) as refused:
        track(Fix(1_000, 0.0, 0.0), Fix(1_000 + second, 0.0, 0.0))
    assert refused.value.code == "tracks.order" and "fix 1" in refused.value.sentence


@pytest.mark.parametrize("lat", [math.nan, math.inf, 90.1])
def test_a_place_that_is_none_is_refused(lat: float) -> None:
    """NaN passes every comparison written the wrong way round."""
    with pytest.raises(PeerError):
        track(Fix(0, lat, 0.0))
