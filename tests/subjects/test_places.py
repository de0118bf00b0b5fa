"""Places: one form for one point, and an area that both sides read alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley import limits
from parley.codec.fields import Reader
from parley.errors import PeerError, Refused
from parley.subjects import places
from parley.subjects.places import Area, Circle, Position

MILLIONTHS = st.builds(
    lambda lat, lon: Position(lat, 0 if abs(lat) == 90_000_000 else lon),
    st.integers(-90_000_000, 90_000_000),
    st.integers(-179_999_999, 180_000_000),
)
POINT = Position(54_500_000, 10_258_333)


def point(lat: str, lon: str) -> Position:
    return places.read_position(Reader({"at": {"lat": lat, "lon": lon}}), "at")


def area(value: dict[str, object]) -> Area:
    return places.read_area(Reader({"area": value}), "area")


@given(MILLIONTHS)
def test_a_position_is_read_back_exactly(at: Position) -> None:
    """What was signed is what is reckoned with: no digit is lost between the two."""
    assert places.read_position(Reader({"at": at.value()}), "at") == at
    assert places.position(*at.degrees) == at


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("54.50", "10"), ("+54.5", "10"), ("054.5", "10"), (".5", "10"), ("5.", "10"), ("-0", "10"), ("1e1", "10"),
        ("54.1234567", "10"), ("90.000001", "0"), ("-91", "0"), ("0", "-180"), ("0", "180.000001"), ("90", "7"),
        ("٥٤", "10"), ("", "10"), ("0", "10 "), ("0\n", "10"),
    ],
)  # fmt: skip
def test_a_second_form_of_a_point_is_refused(lat: str, lon: str) -> None:
    """Two sides that read one text leniently may read two points."""
    with pytest.raises(PeerError, match=r"\$\.at\."):
        point(lat, lon)


def test_edges_of_the_earth_are_right() -> None:
    """The poles and the antimeridian are places too."""
    assert point("-90", "0") == places.position(-90, 123)
    assert point("0", "180") == places.position(0, -180)
    assert point("-0.000001", "-179.999999") == Position(-1, -179_999_999)


@pytest.mark.parametrize(
    "value",
    [
        Circle(POINT, 9_260).value(),
        places.polygon([places.position(54, 10), places.position(54, 11), places.position(55, 10)]).value(),
        places.corridor([places.position(54, 179), places.position(54, -179)], 5_000).value(),
    ],
)
def test_an_area_is_read_back_exactly(value: dict[str, object]) -> None:
    """Every shape has one form."""
    assert area(value).value() == value


def test_a_ring_is_closed_by_its_form() -> None:
    """A last point that repeats the first would be a second form of the same ring."""
    corners = [places.position(54, 10), places.position(54, 11), places.position(55, 10)]
    closed = places.polygon([*corners, corners[0]])

    assert closed.points == tuple(corners)
    with pytest.raises(PeerError, match="not at the end again"):
        area({"shape": "polygon", "points": [one.value() for one in (*corners, corners[0])]})


@pytest.mark.parametrize(
    "change",
    [
        {"radius_m": 0}, {"radius_m": limits.AREA_RADIUS_M_MAX + 1}, {"radius_m": "5"}, {"radius_m": True},
        {"shape": "square"}, {"points": []}, {"center": {"lat": "1"}}, {"center": {"lat": "1", "lon": "1", "alt": "1"}},
    ],
)  # fmt: skip
def test_an_area_of_another_form_is_refused(change: dict[str, object]) -> None:
    """Unknown fields and sizes out of bounds say where they stand."""
    with pytest.raises(PeerError, match=r"\$\.area"):
        area({**Circle(POINT, 9_260).value(), **change})


def test_points_are_bounded_and_each_is_new() -> None:
    """An outline of a million points is an attack, and a doubled point a slip."""
    with pytest.raises(PeerError, match=r"2 to 100 items"):
        area({"shape": "corridor", "points": [POINT.value()] * 101, "half_width_m": 5})
    with pytest.raises(PeerError, match="another point"):
        area({"shape": "corridor", "points": [POINT.value()] * 2, "half_width_m": 5})
    with pytest.raises(Refused, match=r"places\.area"):
        places.corridor([POINT, POINT], 5)
