"""Who comes close: told once, by course and speed, over the antimeridian and at the poles; never a whole harbour."""

from __future__ import annotations

import math
import random

import pytest

from parley.live import Near, Pair, Report, Rules, Tracks

DEGREE_M = 111_195.0


def ship(id: int, lat: float, lon: float, course: float, knots: float, kind: str = "ship", **more: float) -> Report:
    return Report(id=f"x-{id}", kind=kind, lat=lat, lon=lon, course_deg=course, speed_mps=knots * 1852 / 3600, **more)  # type: ignore[arg-type]


def looked(near: Near, tracks: Tracks, now_ms: int) -> list[Pair]:
    return [pair for part in near.look(tracks, now_ms) for pair in part]


def told(*reports: Report, rules: Rules | None = None, now_ms: int = 0) -> list[Pair]:
    tracks = Tracks()
    for report in reports:
        tracks.hear(report, "radio", now_ms)
    return looked(Near(rules or Rules()), tracks, now_ms)


@pytest.mark.parametrize(("lat", "lon"), [(54, 11), (0, 179.99), (-60, -179.99), (88.5, 60)])
def test_two_that_head_for_each_other_are_told(lat: float, lon: float) -> None:
    """Also where longitude jumps, and where a degree of it is short."""
    away = 2_000 / DEGREE_M
    wide = away / math.cos(math.radians(lat))
    east = (lon + wide + 180) % 360 - 180
    [pair] = told(ship(1, lat, lon, 90, 10), ship(2, lat, east, 270, 10))
    assert pair.distance_m == pytest.approx(2_000, rel=0.01)
    assert pair.closest_m < 20
    assert pair.closest_in_s == pytest.approx(2_000 / (20 * 1852 / 3600), rel=0.01)


def test_what_passes_far_off_lies_still_or_flies_high_is_not_told() -> None:
    """A watch that warns of everything is switched off."""
    assert told(ship(1, 54, 11, 90, 10), ship(2, 54.05, 11.05, 270, 10)) == []
    assert told(ship(1, 54, 11, 0, 0), ship(2, 54.0001, 11, 0, 0)) == []
    high = ship(2, 54, 11.01, 270, 300, "aircraft", height_m=9_000)
    assert told(ship(1, 54, 11, 90, 10), high) == []
    assert told(ship(1, 54, 11, 90, 10), ship(2, 54, 11.01, 270, 300, "aircraft", height_m=100))
    only_aircraft = Rules(pairs=("aircraft-aircraft",))
    assert told(ship(1, 54, 11, 90, 10), ship(2, 54, 11.01, 270, 10), rules=only_aircraft) == []


def test_a_pair_is_told_once_until_it_has_parted() -> None:
    """A bell that rings each second for the same two ships is no warning."""
    near, tracks = Near(Rules()), Tracks()
    firsts = []
    for second in range(0, 1_200, 5):
        gone = second * 10 * 1852 / 3600 / DEGREE_M
        tracks.hear(ship(1, 54 + gone, 11, 0, 10), "radio", second * 1000)
        tracks.hear(ship(2, 54.05 - gone, 11.002, 180, 10), "radio", second * 1000)
        firsts += looked(near, tracks, second * 1000)
    assert len(firsts) == 1
    [over] = near.pairs()
    assert over.over_ms
    assert over.closest_m < 1_200


def test_the_grid_finds_what_comparing_all_with_all_finds() -> None:
    """The grid may only save work, never a warning."""
    dice = random.Random(7)

    def one(number: int) -> Report:
        lon = (dice.uniform(179.8, 180.3) + 180) % 360 - 180
        return ship(number, dice.uniform(-0.4, 0.4), lon, dice.uniform(0, 360), dice.uniform(1, 30))

    reports = [one(number) for number in range(150)]
    rules = Rules(within_s=300)
    found = {pair.key for pair in told(*reports, rules=rules)}
    plain = {pair.key for at, one in enumerate(reports) for two in reports[:at] for pair in told(one, two, rules=rules)}
    assert found == plain
    assert len(found) > 10


def test_tracks_are_bounded_and_forgotten() -> None:
    """A liar with a transmitter can make up ships without end."""
    tracks = Tracks()
    for number in range(2_500):
        tracks.hear(ship(number, 0, 0, 0, 0), "radio", number)
    assert len(tracks) == 2_000
    assert tracks.get("x-0") is None
    tracks.forget(700_000)
    assert len(tracks) == 0
