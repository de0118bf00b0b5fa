"""Lengths on the ellipsoid against geographiclib, where shortcuts usually break."""

from __future__ import annotations

import math
import random

from geographiclib.geodesic import Geodesic

from parley.tracks.geodesy import Position, along, bearing_deg, destination, distance_m, line_between

EARTH = Geodesic.WGS84
MILLIMETRE = 1e-3


def anywhere(dice: random.Random) -> Position:
    return Position(math.degrees(math.asin(dice.uniform(-1, 1))), dice.uniform(-180, 180))


def pairs() -> list[tuple[Position, Position]]:
    """Give pairs far, near, at poles, on the equator, across the antimeridian and nearly opposite each other."""
    dice = random.Random(1)
    found = []
    for number in range(300):
        a = anywhere(dice)
        other = math.remainder(a.lon + 180 + dice.gauss(0, 0.3), 360)
        found.append((a, anywhere(dice)))
        found.append((a, Position(max(-90.0, min(90.0, -a.lat + dice.gauss(0, 0.3))), other)))
        found.append((a, Position(max(-90.0, min(90.0, a.lat + dice.gauss(0, 0.01))), a.lon)))
        found.append((Position(dice.choice([-90.0, 90.0]), a.lon), Position(dice.choice([-90.0, 90.0, a.lat]), other)))
        found.append((Position(0.0, a.lon), Position(0.0, math.remainder(a.lon + 179 + number / 300, 360))))
        found.append((Position(a.lat, 179.999), Position(a.lat, -179.999)))
    return found


def test_a_distance_is_that_of_an_independent_library_to_a_millimetre() -> None:
    """A figure of a near miss must not depend on where on Earth it happened."""
    for a, b in pairs():
        assert abs(distance_m(a, b) - EARTH.Inverse(a.lat, a.lon, b.lat, b.lon)["s12"]) < MILLIMETRE, (a, b)


def test_the_line_found_leads_to_the_other_place() -> None:
    """Between fixes a track runs along this line: a wrong bearing would bend it."""
    for a, b in pairs():
        line = line_between(a, b)
        there = along(a, line.start, line.metres)
        assert EARTH.Inverse(there.lat, there.lon, b.lat, b.lon)["s12"] < MILLIMETRE, (a, b)


def test_a_destination_is_that_of_an_independent_library() -> None:
    """Synthetic tracks with known answers stand on it."""
    dice = random.Random(2)
    for _ in range(300):
        a, bearing, metres = anywhere(dice), dice.uniform(0, 360), dice.choice([1.0, 1e3, 1e5, 1e6, 1.9e7])
        there, theirs = destination(a, bearing, metres), EARTH.Direct(a.lat, a.lon, bearing, metres)
        assert EARTH.Inverse(there.lat, there.lon, theirs["lat2"], theirs["lon2"])["s12"] < MILLIMETRE


def test_a_bearing_is_counted_from_north_by_east() -> None:
    """A mirrored bearing would look right on half of all charts."""
    assert round(bearing_deg(Position(0, 0), Position(0, 1)), 6) == 90
    assert round(bearing_deg(Position(0, 179.5), Position(0, -179.5)), 6) == 90
