"""Make `src/parley/land/*.bin` from the TopoJSON files of the npm package world-atlas.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m tests.land.convert package/land-110m.json package/land-50m.json

The form is docs/desk/chart.md, "The land". Kept in the repository so that anybody can make the same bytes again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parley.land import MAGIC, TURN, Ring

FOLDER = Path(__file__).parents[2] / "src" / "parley" / "land"
POLE_DEGREES = 89.9  # the source closes Antarctica's middle with a hole of a hundred metres; it is land


def rings(topology: Any) -> Iterator[Ring]:
    """Give every ring in hundredths of a degree, each point once, without points that became the same."""
    (scale_x, scale_y), (shift_x, shift_y) = (topology["transform"][name] for name in ("scale", "translate"))
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    for polygon in topology["objects"]["land"]["geometries"][0]["arcs"]:
        for ring in polygon:
            joined: list[tuple[float, float]] = []
            for number in ring:
                points = arcs[number] if number >= 0 else arcs[~number][::-1]
                joined += points[1:] if joined else points
            whole = rounded(joined[:-1])
            if len(whole) >= 3 and any(abs(lat) < POLE_DEGREES for _, lat in joined):
                yield whole


def rounded(points: list[tuple[float, float]]) -> Ring:
    made: Ring = []
    for lon, lat in points:
        point = (round(lon * 100), round(lat * 100))
        if not made or made[-1] != point:
            made.append(point)
    return made[:-1] if made[0] == made[-1] else made


def number(value: int) -> bytes:
    """Give a whole number as zigzag LEB128."""
    left = value * 2 if value >= 0 else -value * 2 - 1
    out = bytearray()
    while left > 127:
        out.append(left & 127 | 128)
        left >>= 7
    return bytes([*out, left])


def written(all_rings: list[Ring]) -> bytes:
    """Give the file: the count of rings, and of each its count of points and the steps from point to point."""
    out = bytearray(MAGIC + number(len(all_rings)))
    for ring in all_rings:
        out += number(len(ring))
        lon = lat = 0
        for east, north in ring:
            step = (east - lon + TURN // 2) % TURN - TURN // 2  # the short way around
            out += number(step) + number(north - lat)
            lon, lat = east, north
    return bytes(out)


if __name__ == "__main__":
    for source in map(Path, sys.argv[1:]):
        made = written(sorted(rings(json.loads(source.read_text("utf-8"))), key=len, reverse=True))
        (FOLDER / f"{source.stem}.bin").write_bytes(made)
        print(f"{source.stem}.bin {len(made)} bytes")
