"""What the demo shows of tracks: each side's own file of the incident, which do not agree.

Always true: 1. A step that does not come about raises, as in demo_play.py.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import quote

from parley.cli.demo_nodes import DemoNode
from parley.times import Moment, read_moment
from parley.tracks import Fix, Position, Track
from parley.tracks.geodesy import destination
from parley.tracks.writing import written

Until = Callable[[Callable[[], Awaitable[bool]], str], Awaitable[None]]
_SHIP_MPS: Final = 7.2  # 14 knots
_JET_MPS: Final = 150.0
_AROUND_S: Final = 60  # before and after the pass


async def put_tracks(north: DemoNode, south: DemoNode, until: Until) -> None:
    """North puts its radar's tracks forward, South those of its aircraft; both nodes read both."""
    rows = await north.get("/incidents?which=all", "t.brandt")
    row = next(one for one in rows if one["channel"] == "military")
    side, epoch, number = row["subject"].split("/")[1:]
    path = f"/channels/{row['channel']}/incidents/{side}/{epoch}/{number}"
    where, at_ms = Position(float(row["latitude"]), float(row["longitude"])), read_moment(row["time"])
    await _put(north, "t.brandt", path, "north-radar.csv", passing(where, at_ms, 45.0, 60.0), ("25", "30", "0.5"))
    await _put(south, "r.tomas", path, "south-recorder.csv", passing(where, at_ms, 300.0, 90.0), ("15", "15", "0.2"))

    async def both() -> bool:
        found = await north.get(f"{path}/tracks", "t.brandt")
        return found["overlap"] is False and len(found["figures"]) == 2

    await until(both, "the tracks of both sides did not arrive, or do not disagree")


def passing(where: Position, at_ms: Moment, aside_m: float, height_m: float) -> list[Track]:
    """Give a ship that steers west, and an aircraft that crosses ahead of it so many metres aside and up."""
    ship, jet = [], []
    for second in range(-_AROUND_S, _AROUND_S + 1):
        at = at_ms + second * 1000
        here = destination(where, 271.0, _SHIP_MPS * second)
        ship.append(Fix(at, here.lat, here.lon, 0.0, 271.0, _SHIP_MPS))
        ahead = destination(where, 271.0, aside_m)
        there = destination(ahead, 181.0, _JET_MPS * second)
        height = height_m + 0.02 * second * second  # it comes down to the pass and climbs after it
        jet.append(Fix(at, there.lat, there.lon, height, 181.0, math.hypot(_JET_MPS, 0.04 * second)))
    return [
        Track(name="Resolute", kind="surface", fixes=tuple(ship)),
        Track(name="Aircraft of South", kind="aircraft", fixes=tuple(jet)),
    ]


async def _put(
    node: DemoNode, person: str, path: str, name: str, tracks: list[Track], errors: tuple[str, str, str]
) -> None:
    attached: Any = await node.ask(
        "POST", f"/attachments?name={quote(name)}&media=text/csv", person=person, data=b"".join(written(tracks))
    )
    stated = dict(zip(("position_m", "vertical_m", "clock_s"), errors, strict=True))
    source = "Navigation radar" if node.words.side == "north" else "Flight recorder"
    await node.post(
        f"{path}/evidence", person, evidence=[{"root": attached["root"], "source": source, "errors": stated}]
    )
