"""Distances, bearings and destinations on the WGS84 ellipsoid, to well within a millimetre.

Owns: the shortest line between two places (Vincenty 1975 with Helmert's series), and the slow sure way for places
nearly opposite each other, where that iteration does not settle (Karney 2013, section 4, by bisection).
Does not own: tracks and times (track.py, motion.py).
Always true:
  1. Any two places have an answer; equal places are 0 m apart.
  2. `destination(a, bearing_deg(a, b), distance_m(a, b))` is b again, to within a millimetre.
Source: T. Vincenty, Survey Review 23 (1975); C. F. F. Karney, J. Geodesy 87 (2013). Checked against geographiclib.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

A_M: Final = 6_378_137.0  # WGS84: equatorial radius and flattening
F: Final = 1 / 298.257223563
B_M: Final = A_M * (1 - F)
_EP2: Final = (A_M * A_M - B_M * B_M) / (B_M * B_M)
_E2: Final = F * (2 - F)
# Gauss-Legendre with 8 points on each of two halves: exact to rounding for these smooth integrands.
_NODES: Final = (
    (0.1834346424956498, 0.3626837833783620), (0.5255324099163290, 0.3137066458778873),
    (0.7966664774136267, 0.2223810344533745), (0.9602898564975363, 0.1012285362903763),
)  # fmt: skip
_SETTLED: Final = 1e-13  # radians of longitude: less than a micrometre
_ROUNDS: Final = 30  # ordinary pairs settle in 3 to 6


@dataclass(frozen=True, slots=True)
class Position:
    """A place: degrees north, degrees east."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Line:
    """The shortest line from one place to another: its length, and its bearings at both ends, in radians."""

    metres: float
    start: float
    end: float


def distance_m(a: Position, b: Position) -> float:
    """Give the length of the shortest line on the ellipsoid, in metres."""
    return line_between(a, b).metres


def bearing_deg(a: Position, b: Position) -> float:
    """Give the bearing at `a` of the shortest line to `b`, 0 to 360 degrees from north."""
    return math.degrees(line_between(a, b).start) % 360.0


def line_between(a: Position, b: Position) -> Line:
    """Give the shortest line from `a` to `b`."""
    lon = math.remainder(math.radians(b.lon - a.lon), 2 * math.pi)
    if a.lat == b.lat and lon == 0.0:
        return Line(0.0, 0.0, 0.0)
    found = _vincenty(math.radians(a.lat), math.radians(b.lat), lon)
    return found or _sure(math.radians(a.lat), math.radians(b.lat), lon)


def destination(a: Position, bearing_deg: float, metres: float) -> Position:
    """Give the place reached from `a` along the shortest line of this bearing."""
    return along(a, math.radians(bearing_deg), metres)


def along(a: Position, azimuth: float, metres: float) -> Position:
    """Give the place `metres` along the line that leaves `a` at this bearing in radians."""
    sin_az, cos_az = math.sin(azimuth), math.cos(azimuth)
    tan_u = (1 - F) * math.tan(math.radians(a.lat))
    cos_u = 1 / math.hypot(1.0, tan_u)
    sin_u = tan_u * cos_u
    sigma1 = math.atan2(tan_u, cos_az)
    sin_a = cos_u * sin_az
    cos2_a = 1 - sin_a * sin_a
    big_a, big_b = _series(cos2_a)
    first = metres / (B_M * big_a)
    sigma = first
    for _ in range(_ROUNDS):
        cos_2m = math.cos(2 * sigma1 + sigma)
        sin_s, cos_s = math.sin(sigma), math.cos(sigma)
        after = first + _delta(big_b, sin_s, cos_s, cos_2m)
        settled = abs(after - sigma) <= 1e-15 * max(1.0, abs(sigma))
        sigma = after
        if settled:
            break
    cos_2m = math.cos(2 * sigma1 + sigma)
    sin_s, cos_s = math.sin(sigma), math.cos(sigma)
    across = sin_u * sin_s - cos_u * cos_s * cos_az
    lat = math.atan2(sin_u * cos_s + cos_u * sin_s * cos_az, (1 - F) * math.hypot(sin_a, across))
    lon = math.atan2(sin_s * sin_az, cos_u * cos_s - sin_u * sin_s * cos_az)
    c = F / 16 * cos2_a * (4 + F * (4 - 3 * cos2_a))
    lon -= (1 - c) * F * sin_a * (sigma + c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m * cos_2m - 1)))
    return Position(math.degrees(lat), math.remainder(a.lon + math.degrees(lon), 360.0))


def earth_xyz(place: Position) -> tuple[float, float, float]:
    """Give metres from the Earth's middle: quick straight lines, for bounds and for small frames."""
    lat, lon = math.radians(place.lat), math.radians(place.lon)
    sin, cos = math.sin(lat), math.cos(lat)
    normal = A_M / math.sqrt(1 - _E2 * sin * sin)
    return normal * cos * math.cos(lon), normal * cos * math.sin(lon), normal * (1 - _E2) * sin


def _series(cos2_a: float) -> tuple[float, float]:
    """Give A and B of the length's series, by Helmert's small parameter."""
    root = math.sqrt(1 + cos2_a * _EP2)
    k = (root - 1) / (root + 1)
    return (1 + k * k / 4) / (1 - k), k * (1 - 3 * k * k / 8)


def _delta(big_b: float, sin_s: float, cos_s: float, cos_2m: float) -> float:
    square = cos_2m * cos_2m
    inner = cos_s * (2 * square - 1) - big_b / 6 * cos_2m * (4 * sin_s * sin_s - 3) * (4 * square - 3)
    return big_b * sin_s * (cos_2m + big_b / 4 * inner)


def _vincenty(lat1: float, lat2: float, lon: float) -> Line | None:
    """Give the line, or None where the iteration does not settle."""
    tan1, tan2 = (1 - F) * math.tan(lat1), (1 - F) * math.tan(lat2)
    cos1, cos2 = 1 / math.hypot(1.0, tan1), 1 / math.hypot(1.0, tan2)
    sin1, sin2 = tan1 * cos1, tan2 * cos2
    turned = lon
    for _ in range(_ROUNDS):
        sin_l, cos_l = math.sin(turned), math.cos(turned)
        east, north = cos2 * sin_l, cos1 * sin2 - sin1 * cos2 * cos_l
        sin_s, cos_s = math.hypot(east, north), sin1 * sin2 + cos1 * cos2 * cos_l
        if sin_s == 0.0:
            return Line(0.0, 0.0, 0.0) if cos_s > 0 else None
        sigma = math.atan2(sin_s, cos_s)
        sin_a = cos1 * cos2 * sin_l / sin_s
        cos2_a = 1 - sin_a * sin_a
        cos_2m = cos_s - 2 * sin1 * sin2 / cos2_a if cos2_a > 1e-15 else 0.0
        c = F / 16 * cos2_a * (4 + F * (4 - 3 * cos2_a))
        before = turned
        inner = sigma + c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m * cos_2m - 1))
        turned = lon + (1 - c) * F * sin_a * inner
        if abs(turned) > math.pi:
            return None
        if abs(turned - before) < _SETTLED:
            break
    else:
        return None
    big_a, big_b = _series(cos2_a)
    metres = B_M * big_a * (sigma - _delta(big_b, sin_s, cos_s, cos_2m))
    return Line(metres, math.atan2(east, north), math.atan2(cos1 * sin_l, cos1 * sin2 * cos_l - sin1 * cos2))


def _sure(lat1: float, lat2: float, lon: float) -> Line:
    """Give the line by bisection over its first bearing, which always settles.

    The pair is first turned so that the first place is the southern one and farther from the equator, the second one
    east of it; there the longitude reached grows with the bearing from 0 to pi.
    """
    west, lon = lon < 0, abs(lon)
    swap = abs(lat2) > abs(lat1)
    first, second = (lat2, lat1) if swap else (lat1, lat2)
    north = first > 0
    if north:
        first, second = -first, -second
    beta1 = min(math.atan((1 - F) * math.tan(first)), -1e-13)  # on the equator: a breath south of it, far below 1 mm
    beta2 = math.atan((1 - F) * math.tan(second))
    low, high = 0.0, math.pi
    for _ in range(60):
        middle = (low + high) / 2
        if _reach(beta1, beta2, middle)[0] < lon:
            low = middle
        else:
            high = middle
    start = (low + high) / 2
    _, metres, end = _reach(beta1, beta2, start)
    # Undo the turning: each mirror mirrors the bearings, a swap runs the line the other way.
    if north:
        start, end = math.pi - start, math.pi - end
    if swap:
        start, end = (math.pi - end, math.pi - start)
    if west:
        start, end = -start, -end
    return Line(metres, start, end)


def _reach(beta1: float, beta2: float, azimuth: float) -> tuple[float, float, float]:
    """Give the longitude passed, the metres and the last bearing of the line from beta1 that reaches beta2."""
    cos_b1, cos_b2 = math.cos(beta1), math.cos(beta2)
    sin_b1, sin_b2 = math.sin(beta1), math.sin(beta2)
    sin_a, cos_a = math.sin(azimuth), math.cos(azimuth)
    sin_a0 = sin_a * cos_b1
    end_east = sin_a0 / cos_b2
    end_north = math.sqrt(max(0.0, (cos_a * cos_b1) ** 2 + (cos_b2 * cos_b2 - cos_b1 * cos_b1))) / cos_b2
    sigma1, sigma2 = math.atan2(sin_b1, cos_a * cos_b1), math.atan2(sin_b2, end_north * cos_b2)
    omega1 = math.atan2(sin_a0 * sin_b1, cos_a * cos_b1)
    omega2 = math.atan2(sin_a0 * sin_b2, end_north * cos_b2)
    k2 = _EP2 * (1 - sin_a0 * sin_a0)
    length = turn = 0.0
    quarter = (sigma2 - sigma1) / 4
    for centre in (sigma1 + quarter, sigma1 + 3 * quarter):
        for node, weight in _NODES:
            for sigma in (centre - quarter * node, centre + quarter * node):
                root = math.sqrt(1 + k2 * math.sin(sigma) ** 2)
                length += weight * root
                turn += weight * (2 - F) / (1 + (1 - F) * root)
    return omega2 - omega1 - F * sin_a0 * turn * quarter, B_M * length * quarter, math.atan2(end_east, end_north)
