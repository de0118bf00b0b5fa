"""Where land is: the coastline that is shipped with the program, and a coarse test of a position against it.

Owns: `land-110m.bin` and `land-50m.bin` (Natural Earth, see NOTICE.md), their form, `is_land`.
Does not own: drawing (desk/static/chart-*.js), distances (tracks/), what follows from a position on land.
Always true:
  1. The answer is the same on every machine: whole numbers, one file, no clock and no network.
  2. It is coarse: the coast is drawn for a scale of 1:110,000,000, so within about 20 km of one, ask nobody.
Read first: docs/desk/chart.md, "The land".
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from parley.errors import ensure

MAGIC: Final = b"LAND1"
TURN: Final = 36_000  # hundredths of a degree
Ring = list[tuple[int, int]]  # longitude, latitude in hundredths of a degree; the last point joins the first
Side = tuple[int, int, int, int]  # longitude and latitude where it begins, how far east it goes, latitude at its end
NAMES: Final = ("land-110m.bin", "land-50m.bin")


def read_rings(content: bytes) -> list[Ring]:
    """Read a file of rings; what is not whole is a mistake of ours, since we ship it."""
    ensure(content.startswith(MAGIC), "the file of the land does not begin as it should")
    at = len(MAGIC)

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value >> 1 if value % 2 == 0 else -(value + 1 >> 1)
            shift += 7

    rings: list[Ring] = []
    for _ in range(number()):
        ring: Ring = []
        lon = lat = 0
        for _ in range(number()):
            lon, lat = lon + number(), lat + number()
            ring.append((lon, lat))  # going on beyond ±180 where the coast does
        rings.append(ring)
    ensure(at == len(content), "the file of the land has more bytes than rings")
    return rings


def sides_of(rings: list[Ring]) -> list[list[Side]]:
    """Give, for each whole degree of longitude from 0 to 359, every side of a ring that reaches into it."""
    found: list[list[Side]] = [[] for _ in range(360)]
    for ring in rings:
        lon0, lat0 = ring[-1]
        for lon1, lat1 in ring:
            step = (lon1 - lon0 + TURN // 2) % TURN - TURN // 2
            west, east = min(lon0, lon0 + step), max(lon0, lon0 + step)
            for degree in range(west // 100, east // 100 + 1):
                found[degree % 360].append((lon0, lat0, step, lat1))
            lon0, lat0 = lon1, lat1
    return found


@lru_cache(maxsize=1)
def _coarse() -> list[list[Side]]:
    return sides_of(read_rings(files("parley.land").joinpath("land-110m.bin").read_bytes()))


def is_land(lat: float, lon: float) -> bool:
    """Tell whether a position lies on land by the coarse coastline; lakes count as land.

    Args:
        lat, lon: Degrees, -90 to 90 and -180 to 180.
    """
    north, east = lat * 100, lon * 100
    return crossings(_coarse()[int(east // 100) % 360], north, east) % 2 == 1


def crossings(sides: list[Side], north: float, east: float) -> int:
    """Count how often the way from a point up its meridian to the north pole, where there is sea, meets a coast."""
    count = 0
    for lon0, lat0, step, lat1 in sides:
        ahead = (east - lon0 + TURN // 2) % TURN - TURN // 2
        # half-open, so that a corner on the meridian counts once
        if (0 <= ahead < step) or (step <= ahead < 0):
            count += lat0 + (lat1 - lat0) * ahead / step > north
    return count
