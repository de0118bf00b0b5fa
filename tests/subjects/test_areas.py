"""Whether two areas meet: a warning that may come too early, and never fails to come."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.subjects import areas, places
from parley.subjects.places import Area, Circle, Position

EARTH = Geodesic.WGS84
LATS, LONS = st.floats(-89, 89), st.floats(-179.9, 180)


def contains(area: Area, point: Position) -> bool:
    """Say whether a point lies in an area, or nearly."""
    return areas.meet(area, Circle(point, 0))


def box(south: float, west: float, north: float, east: float) -> Area:
    corners = ((south, west), (south, east), (north, east), (north, west))
    return places.polygon([places.position(lat, lon) for lat, lon in corners])


def ring(lat: float, lon: float, size_m: float, count: int = 5) -> Area:
    """A convex ring around a point, every corner `size_m` away on the ellipsoid."""
    found = [EARTH.Direct(lat, lon, 360 * n / count, size_m) for n in range(count)]
    return places.polygon([places.position(one["lat2"], one["lon2"]) for one in found])


@settings(max_examples=200)
@given(LATS, LONS, st.floats(0, 360), st.floats(1_000, 500_000), st.floats(0.1, 1.0))
def test_circles_that_meet_on_the_ellipsoid_are_never_missed(
    lat: float, lon: float, bearing: float, apart: float, share: float
) -> None:
    """An exercise that touches ours must be told of, wherever on the earth it is."""
    there = EARTH.Direct(lat, lon, bearing, apart)
    one = places.circle(places.position(lat, lon), max(1, int(apart * share) + 2))
    other = places.circle(places.position(there["lat2"], there["lon2"]), max(1, int(apart * (1 - share)) + 2))
    assert areas.meet(one, other)
    assert areas.meet(other, one)


@settings(max_examples=200)
@given(LATS, LONS, st.floats(0, 360), st.floats(10_000, 500_000))
def test_circles_well_apart_do_not_meet(lat: float, lon: float, bearing: float, apart: float) -> None:
    """A warning for everything is a warning for nothing: within 2 percent it must be right."""
    there = EARTH.Direct(lat, lon, bearing, apart)
    radius = int(apart * 0.49)
    one = places.circle(places.position(lat, lon), radius)
    assert not areas.meet(one, places.circle(places.position(there["lat2"], there["lon2"]), radius))


@settings(max_examples=200)
@given(LATS, LONS, st.floats(0, 360), st.floats(0, 3), st.floats(5_000, 800_000))
def test_a_point_in_a_ring_is_found(lat: float, lon: float, bearing: float, far: float, size: float) -> None:
    """Over poles and the antimeridian as elsewhere: near the middle it is in, beyond the corners it is out."""
    there = EARTH.Direct(lat, lon, bearing, far * size)
    point = places.position(there["lat2"], there["lon2"])
    if far < 0.7:
        assert contains(ring(lat, lon, size), point)
    elif far > 1.1:
        assert not contains(ring(lat, lon, size), point)


@settings(max_examples=100)
@given(LATS, LONS, st.floats(0, 360), st.floats(0.2, 3), st.floats(5_000, 300_000))
def test_meeting_does_not_depend_on_who_asks(lat: float, lon: float, bearing: float, far: float, size: float) -> None:
    """Both sides warn of the same pairs."""
    there = EARTH.Direct(lat, lon, bearing, far * size)
    one, other = ring(lat, lon, size), ring(there["lat2"], there["lon2"], size / 2, 4)
    assert areas.meet(one, other) is areas.meet(other, one)
    if far < 1:
        assert areas.meet(one, other)


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (box(54, 10, 55, 11), box(54.5, 10.5, 56, 12), True),
        (box(54, 10, 55, 11), box(54.2, 10.2, 54.4, 10.4), True),  # one inside the other
        (box(54, 10, 55, 11), box(55.5, 10, 56, 11), False),
        (box(54, 10, 55, 20), box(50, 14, 60, 15), True),  # a cross: no corner of either is inside
        (box(-1, 179, 1, -179), Circle(Position(0, 180_000_000), 1), True),
        (box(-1, 179, 1, -179), Circle(Position(0, 178_000_000), 1_000), False),
        (box(79, -90, 80, 90), Circle(Position(90_000_000, 0), 1), True),  # on the edge over the pole
        (places.corridor([places.position(0, 179), places.position(0, -179)], 1_000),
         Circle(Position(0, 180_000_000), 1), True),
        (places.corridor([places.position(50, 0), places.position(50, 40)], 1_000),
         Circle(places.position(50, 20), 1_000), False),  # a great circle runs far north of the parallel
    ],
)  # fmt: skip
def test_known_pairs(one: Area, other: Area, meets: bool) -> None:
    """Where the answer can be seen on a globe."""
    assert areas.meet(one, other) is meets


def test_a_ring_around_half_the_earth_meets_everything() -> None:
    """Which part is inside cannot be said, and a warning too many is the lesser fault."""
    assert areas.meet(places.polygon([places.position(0, lon) for lon in (0, 120, -120)]), Circle(Position(0, 1), 1))


def test_an_outline_of_a_corridor_holds_its_path() -> None:
    """A format that knows polygons alone must still close the whole corridor."""
    path = [places.position(54, 10), places.position(54.5, 11), places.position(54, 12)]
    around = places.polygon(areas.outline(places.corridor(path, 9_260)))
    assert all(contains(around, point) for point in path)
