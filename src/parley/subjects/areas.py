"""Whether two areas meet, on the sphere: enough for a warning, never for a verdict.

Owns: distances, the inside of a polygon, `meet`. Does not own: the form of an area (places.py), the distance of moving
tracks, which needs the ellipsoid.
Always true:
  1. Where two areas meet on the ellipsoid, `meet` says so: distances are taken short by SLACK. It may say so too early.
  2. A polygon too large to have one plain inside (beyond REACH from its middle) meets everything.
Source: arcs cross by the four triangle signs; a gnomonic map turns great circles into straight lines, so the test of a
point inside a polygon is the plane's. Both are textbook spherical geometry.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from parley.subjects.places import Area, Circle, Polygon, Position

EARTH_M: Final = 6_371_008.8  # mean radius of WGS 84
SLACK: Final = 0.006  # by how much a distance on the sphere may exceed that on the ellipsoid
REACH: Final = math.radians(85)  # of a gnomonic map: at a right angle from its middle it has no more points
_NOTHING: Final = 1e-12

Vector = tuple[float, float, float]


@lru_cache(maxsize=4_096)
def meet(one: Area, other: Area) -> bool:
    """Say whether two areas have a point in common, or nearly."""
    if _too_large(one) or _too_large(other):
        return True
    if not Around(one).cost(Around(other)):
        return False
    first, second = _points(one), _points(other)
    if _inside(one, second[0]) or _inside(other, first[0]):
        return True
    near = (_width(one) + _width(other)) / EARTH_M / (1 - SLACK)
    arcs = list(_arcs(other, second))
    return any(_near(arc, another, near) for arc in _arcs(one, first) for another in arcs)


class Around:
    """An area with the cap around it, reckoned once for many comparisons."""

    __slots__ = ("area", "lines", "middle", "radius", "wide")

    def __init__(self, area: Area) -> None:
        self.area = area
        self.middle, self.radius = _cap(_points(area))
        self.wide = _width(area)
        self.lines = len(_points(area))

    def cost(self, other: Around) -> int:
        """Give how many pairs of lines `meet` has to look at: none where two areas are plainly apart."""
        apart = _angle(self.middle, other.middle) - self.radius - other.radius
        return 0 if apart * EARTH_M * (1 - SLACK) > self.wide + other.wide else self.lines * other.lines


def distance_m(one: Position, other: Position) -> float:
    """Give the distance of two points along the sphere, in metres."""
    return _angle(_vector(one), _vector(other)) * EARTH_M


def middle_of(area: Area) -> Position:
    """Give the middle of an area's points: where a chart looks, and what a calendar names."""
    x, y, z = _cap(_points(area))[0]
    lat, lon = math.atan2(z, math.hypot(x, y)), math.atan2(y, x)
    east = round(math.degrees(lon) * 1e6)
    return Position(round(math.degrees(lat) * 1e6), 180_000_000 if east == -180_000_000 else east)


def outline(area: Area, count: int = 36) -> tuple[Position, ...]:
    """Give a ring around an area, for formats that know nothing but polygons; a corridor's is of its two edges."""
    if isinstance(area, Polygon):
        return area.points
    if isinstance(area, Circle):
        return tuple(_at(area.center, 360 * number / count, area.radius_m) for number in range(count))
    half, path = float(area.half_width_m), area.points
    into = [_bearing(*pair) for pair in pairwise(path)]
    left, right = [], []
    for number, point in enumerate(path):
        before, behind = into[max(0, number - 1)], into[min(len(into) - 1, number)]
        turn = math.radians(((behind - before + 540) % 360 - 180) / 2)
        if number in (0, len(path) - 1):  # within half the width of an end is in, too
            point = _at(point, behind if number else behind + 180, half)
        bearing, wide = before + math.degrees(turn), half / max(0.25, math.cos(turn))
        left.append(_at(point, bearing - 90, wide))
        right.append(_at(point, bearing + 90, wide))
    return (*left, *reversed(right))


def _width(area: Area) -> float:
    if isinstance(area, Polygon):
        return 0.0
    return float(area.radius_m if isinstance(area, Circle) else area.half_width_m)


@lru_cache(maxsize=4_096)
def _points(area: Area) -> tuple[Vector, ...]:
    points = (area.center,) if isinstance(area, Circle) else area.points
    return tuple(_vector(point) for point in points)


def _arcs(area: Area, points: Sequence[Vector]) -> Iterator[tuple[Vector, Vector]]:
    """Give the lines of an area; a circle's is its centre alone."""
    if len(points) == 1:
        yield points[0], points[0]
        return
    yield from pairwise(points)
    if isinstance(area, Polygon):
        yield points[-1], points[0]


def _vector(point: Position) -> Vector:
    lat, lon = (math.radians(part) for part in point.degrees)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


@lru_cache(maxsize=4_096)
def _cap(points: tuple[Vector, ...]) -> tuple[Vector, float]:
    """Give the middle of some points, and the angle within which all of them, and the arcs between, lie."""
    total = tuple(math.fsum(point[axis] for point in points) for axis in range(3))
    size = math.hypot(*total)
    if size < 1e-9:
        return (0.0, 0.0, 1.0), math.pi
    middle = (total[0] / size, total[1] / size, total[2] / size)
    radius = max(_angle(middle, point) for point in points)
    return middle, radius if radius < math.pi / 2 else math.pi


def _too_large(area: Area) -> bool:
    return isinstance(area, Polygon) and _cap(_points(area))[1] > REACH


def _inside(area: Area, point: Vector) -> bool:
    """Say whether a point lies inside a ring, by the even count of lines to its right on a gnomonic map."""
    if not isinstance(area, Polygon):
        return False
    points = _points(area)
    middle, radius = _cap(points)
    if _angle(middle, point) > radius:
        return False
    east, north = _axes(middle)
    ring = [_map(one, middle, east, north) for one in points]
    x, y = _map(point, middle, east, north)
    within = False
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            within = not within
    return within


def _axes(middle: Vector) -> tuple[Vector, Vector]:
    aside = (0.0, 0.0, 1.0) if abs(middle[2]) < 0.9 else (1.0, 0.0, 0.0)
    east = _cross(aside, middle)
    size = math.hypot(*east)
    east = (east[0] / size, east[1] / size, east[2] / size)
    return east, _cross(middle, east)


def _map(point: Vector, middle: Vector, east: Vector, north: Vector) -> tuple[float, float]:
    depth = _dot(point, middle)
    return _dot(point, east) / depth, _dot(point, north) / depth


def _near(one: tuple[Vector, Vector], other: tuple[Vector, Vector], near: float) -> bool:
    """Say whether two arcs cross, or come within an angle of one another."""
    a, b, c, d = *one, *other
    if _cross_each_other(a, b, c, d):
        return True
    return (
        _from_arc(a, c, d) <= near or _from_arc(b, c, d) <= near
        or _from_arc(c, a, b) <= near or _from_arc(d, a, b) <= near
    )  # fmt: skip


def _cross_each_other(a: Vector, b: Vector, c: Vector, d: Vector) -> bool:
    normal, other = _cross(a, b), _cross(c, d)
    acb, bda = -_dot(normal, c), _dot(normal, d)
    if acb * bda <= 0:
        return False
    return acb * -_dot(other, b) > 0 and acb * _dot(other, a) > 0


def _from_arc(point: Vector, a: Vector, b: Vector) -> float:
    """Give the angle from a point to the nearest point of an arc."""
    normal = _cross(a, b)
    size = math.hypot(*normal)
    ends = min(_angle(point, a), _angle(point, b))
    if size < _NOTHING:
        return ends
    # The foot of the point lies on the arc if it is on the inner side of both ends.
    if _dot(_cross(normal, a), point) >= 0 and _dot(_cross(b, normal), point) >= 0:
        return min(ends, abs(math.asin(max(-1.0, min(1.0, _dot(point, normal) / size)))))
    return ends


def _angle(one: Vector, other: Vector) -> float:
    """Give the angle between two directions, exact for small and for large ones."""
    return math.atan2(math.hypot(*_cross(one, other)), _dot(one, other))


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _bearing(one: Position, other: Position) -> float:
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point.degrees)) for point in (one, other))
    across = math.sin(lon2 - lon1) * math.cos(lat2)
    ahead = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(lon2 - lon1)
    return math.degrees(math.atan2(across, ahead))


def _at(start: Position, bearing: float, metres: float) -> Position:
    """Give the point so far from another, that way."""
    lat, lon = (math.radians(part) for part in start.degrees)
    turn, far = math.radians(bearing), metres / EARTH_M
    north = math.asin(math.sin(lat) * math.cos(far) + math.cos(lat) * math.sin(far) * math.cos(turn))
    east = lon + math.atan2(
        math.sin(turn) * math.sin(far) * math.cos(lat), math.cos(far) - math.sin(lat) * math.sin(north)
    )
    whole = round(math.degrees(east) * 1e6)
    return Position(round(math.degrees(north) * 1e6), (whole + 179_999_999) % 360_000_000 - 179_999_999)
