"""Where on the earth something is: the one strict form of a position and of an area in an entry's body.

Owns: `Position`, `Circle`, `Polygon`, `Corridor`; reading them out of a body and writing them into one.
Does not own: what people type or paste (actions/), distances and overlaps (areas.py).
Always true:
  1. A place has one form: two bodies that mean the same point are the same bytes.
  2. Inside they are whole millionths of a degree (0.11 m), so nothing is rounded between reading and writing.
Read first: docs/protocol/places.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError, Refused

SHAPES: Final = ("circle", "polygon", "corridor")
_MILLION: Final = 1_000_000
_QUARTER, _HALF = 90 * _MILLION, 180 * _MILLION
# No plus, no leading zeros, no trailing zeros behind the point, no minus before nought.
_DEGREES: Final = re.compile(r"(?!-0\Z)-?(0|[1-9][0-9]{0,2})(\.[0-9]{0,5}[1-9])?")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A point in WGS 84, in millionths of a degree: latitude ±90, longitude above -180 up to 180; 0 at the poles."""

    lat: int
    lon: int

    def value(self) -> dict[str, JsonValue]:
        """Give it as a body holds it."""
        return {"lat": degrees_text(self.lat), "lon": degrees_text(self.lon)}

    @property
    def degrees(self) -> tuple[float, float]:
        """Give latitude and longitude in degrees, for reckoning."""
        return self.lat / _MILLION, self.lon / _MILLION


@dataclass(frozen=True, slots=True)
class Circle:
    """All within `radius_m` of a centre."""

    center: Position
    radius_m: int

    def value(self) -> dict[str, JsonValue]:
        """Give it as a body holds it."""
        return {"shape": "circle", "center": self.center.value(), "radius_m": self.radius_m}


@dataclass(frozen=True, slots=True)
class Polygon:
    """The smaller part inside a ring of great circles; the last point joins the first."""

    points: tuple[Position, ...]

    def value(self) -> dict[str, JsonValue]:
        """Give it as a body holds it."""
        return {"shape": "polygon", "points": [point.value() for point in self.points]}


@dataclass(frozen=True, slots=True)
class Corridor:
    """All within `half_width_m` of a path of great circles."""

    points: tuple[Position, ...]
    half_width_m: int

    def value(self) -> dict[str, JsonValue]:
        """Give it as a body holds it."""
        points: list[JsonValue] = [point.value() for point in self.points]
        return {"shape": "corridor", "points": points, "half_width_m": self.half_width_m}


Area = Circle | Polygon | Corridor
_A = TypeVar("_A", Circle, Polygon, Corridor)


def degrees_text(millionths: int) -> str:
    """Give the one text form of an angle: `54.5`, `-10.258333`, `0`."""
    whole, rest = divmod(abs(millionths), _MILLION)
    text = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if millionths < 0 else text


def position(lat: float, lon: float) -> Position:
    """Make a position from degrees, to the nearest millionth; raises Refused `places.range` beyond the earth."""
    north, east = round(lat * _MILLION), round(lon * _MILLION)
    if not -_QUARTER <= north <= _QUARTER:
        raise Refused("places.range", f"a latitude is -90 to 90 degrees, got {lat:g}")
    if not -_HALF <= east <= _HALF:
        raise Refused("places.range", f"a longitude is -180 to 180 degrees, got {lon:g}")
    if abs(north) == _QUARTER:
        return Position(north, 0)
    return Position(north, _HALF if east == -_HALF else east)


def circle(center: Position, radius_m: int) -> Circle:
    """Make a circle; raises Refused `places.area` where `read_area` would refuse it."""
    return _made(Circle(center, radius_m))


def polygon(points: Sequence[Position]) -> Polygon:
    """Make a polygon; a last point that repeats the first is left out. Raises Refused `places.area`."""
    ring = _without_repeats(points)
    return _made(Polygon(ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring))


def corridor(points: Sequence[Position], half_width_m: int) -> Corridor:
    """Make a corridor; raises Refused `places.area` where `read_area` would refuse it."""
    return _made(Corridor(_without_repeats(points), half_width_m))


def read_position(reader: Reader, name: str) -> Position:
    """Read a position of a body; raises PeerError with its path."""
    inner = reader.object(name)
    found = _point(inner)
    inner.done()
    return found


def read_area(reader: Reader, name: str) -> Area:
    """Read an area of a body; raises PeerError with its path."""
    inner = reader.object(name)
    shape = inner.choice("shape", SHAPES)
    area: Area
    if shape == "circle":
        area = Circle(read_position(inner, "center"), inner.integer("radius_m", 1, limits.AREA_RADIUS_M_MAX))
    elif shape == "polygon":
        points = _points(inner, 3)
        if points[0] == points[-1]:
            raise PeerError("codec.field", f"{inner.where}.points: expected the first point once, not at the end again")
        area = Polygon(points)
    else:
        points = _points(inner, 2)
        area = Corridor(points, inner.integer("half_width_m", 1, limits.AREA_HALF_WIDTH_M_MAX))
    inner.done()
    return area


def _point(reader: Reader) -> Position:
    lat, lon = _angle(reader, "lat", _QUARTER), _angle(reader, "lon", _HALF)
    if lon == -_HALF:
        raise PeerError("codec.field", f"{reader.where}.lon: expected 180 for the antimeridian, got -180")
    if abs(lat) == _QUARTER and lon:
        raise PeerError("codec.field", f"{reader.where}.lon: expected 0 at a pole")
    return Position(lat, lon)


def _points(reader: Reader, least: int) -> tuple[Position, ...]:
    found: list[Position] = []
    for inner in reader.objects("points", max_items=limits.AREA_POINTS_MAX, min_items=least):
        point = _point(inner)
        inner.done()
        if found and point == found[-1]:
            raise PeerError("codec.field", f"{inner.where}: expected another point than the one before")
        found.append(point)
    return tuple(found)


def _angle(reader: Reader, name: str, most: int) -> int:
    text = reader.match(name, _DEGREES, "degrees like 54.5 or -10.258333, with at most 6 decimals")
    whole, _, rest = text.lstrip("-").partition(".")
    value = int(whole) * _MILLION + int(rest.ljust(6, "0") or "0")
    if value > most:
        raise PeerError(
            "codec.field", f"{reader.where}.{name}: expected at most {most // _MILLION} degrees, got {text}"
        )
    return -value if text.startswith("-") else value


def _without_repeats(points: Sequence[Position]) -> tuple[Position, ...]:
    return tuple(point for number, point in enumerate(points) if number == 0 or point != points[number - 1])


def _made(area: _A) -> _A:
    """Hold what we make against what we would take: the reader is the one authority."""
    try:
        read_area(Reader({"area": area.value()}), "area")
    except PeerError as fault:
        raise Refused("places.area", fault.sentence) from None
    return area
