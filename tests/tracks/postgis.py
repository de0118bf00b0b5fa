"""Distances between two moving ships by PostGIS: asked through psql, so that no driver is needed.

PostGIS has the ellipsoid from PROJ and places from `ST_Project`; nothing of Parley's geodesy is in the answer. What is
ours is only which leg of a track a moment lies on, and how far along.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from parley.tracks import Approach, Track

NAMED: Final = "PARLEY_POSTGIS"  # postgresql://user@host:port/database
MOMENTS: Final = 200  # looked at over the time both tracks cover, and as many again close to the moment we name
_TABLE: Final = """
create temporary table asked (pair int, named bool, la float8, lo float8, la2 float8, lo2 float8, f float8,
  ma float8, mo float8, ma2 float8, mo2 float8, g float8);
copy asked from stdin;
"""
_ASKED: Final = """\\.
with legs as (select pair, named, f, g,
    ST_SetSRID(ST_MakePoint(lo, la), 4326)::geography a, ST_SetSRID(ST_MakePoint(lo2, la2), 4326)::geography a2,
    ST_SetSRID(ST_MakePoint(mo, ma), 4326)::geography b, ST_SetSRID(ST_MakePoint(mo2, ma2), 4326)::geography b2
  from asked),
places as (select pair, named,
    ST_Project(a, f * ST_Distance(a, a2), coalesce(ST_Azimuth(a, a2), 0)) a,
    ST_Project(b, g * ST_Distance(b, b2), coalesce(ST_Azimuth(b, b2), 0)) b
  from legs)
select pair, min(ST_Distance(a, b)) filter (where named), min(ST_Distance(a, b)) from places
group by pair order by pair;
"""


def compared(
    pairs: Sequence[tuple[Track, Track]], ours: Sequence[Approach], moments: int = MOMENTS
) -> list[tuple[float, float]]:  # fmt: skip
    """Give for each pair the distance at the moment we name, and the least at all moments looked at, in metres."""
    rows = "".join(
        "\t".join(map(str, (number, *row))) + "\n"
        for number, ((a, b), found) in enumerate(zip(pairs, ours, strict=True))
        for row in _rows(a, b, found.at_ms, moments)
    )
    done = subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-f", "-", os.environ[NAMED]],
        input=_TABLE + rows + _ASKED, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [(float(at), float(least)) for _, at, least in (line.split("\t") for line in done.stdout.splitlines())]


def _rows(a: Track, b: Track, at_ms: int, moments: int) -> Iterator[tuple[float, ...]]:
    start, end = max(a.first_ms, b.first_ms), min(a.last_ms, b.last_ms)
    step = (end - start) / moments
    near = [at_ms + step * (2 * number / moments - 1) for number in range(moments + 1)]
    yield (1, *_place(a, at_ms), *_place(b, at_ms))
    for at in [*(start + step * number for number in range(moments + 1)), *near]:
        if start <= at <= end:
            yield (0, *_place(a, at), *_place(b, at))


def _place(track: Track, at: float) -> tuple[float, ...]:
    """Give the ends of the leg that a moment lies on, and how far along it is."""
    one, two = next(leg for leg in pairwise(track.fixes) if leg[0].at_ms <= at <= leg[1].at_ms)
    return one.lat, one.lon, two.lat, two.lon, (at - one.at_ms) / (two.at_ms - one.at_ms)
