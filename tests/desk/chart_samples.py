"""The chart as samples: one of each shape and of each side."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator

from tests.replacing import replace

from parley.actions.live_rows import FeedRow, LiveRow, PairRow, TrackRow
from parley.actions.rows import AttachmentRow
from parley.desk import shown
from parley.desk.charting import Feature, circle, corridor, mark, polygon, track
from parley.errors import Refused


def day(clock: str) -> str:
    return f"2026-11-23T{clock}.000Z"


PAIR = PairRow(
    key="icao-4CA2BF.mmsi-244660000", first="4CA2BF", second="AURORA", since=day("03:12:01"), distance_m=1_840,
    closest_m=310, closest_at=day("03:14:20"), lat=54.33, lon=11.21, over_at="",
)  # fmt: skip
START_MS = 1_795_402_800_000  # 2026-11-23T03:00:00Z


def sailed(
    lat: float, lon: float, north: float, east: float, count: int = 200
) -> tuple[list[tuple[float, float]], list[int]]:
    """Give a winding track and its times, ten seconds apart."""
    points = [(lat + north * n / count + 0.004 * math.sin(n / 15), lon + east * n / count) for n in range(count)]
    return points, [START_MS + n * 10_000 for n in range(count)]


def features() -> tuple[Feature, ...]:
    """Give a closure, a firing area, a corridor and two ships that met."""
    aurora, patrol = sailed(54.2, 10.8, 0.15, 0.5), sailed(54.35, 11.3, -0.12, -0.5)
    day = {"since": "2026-11-23T02:00:00.000Z", "until": "2026-11-23T05:00:00.000Z"}
    return (
        circle((54.25, 11.1), 6_000, kind="notice", label="Live firing", side="theirs", href="/chart", **day),
        polygon([(54.5, 10.7), (54.6, 11.1), (54.45, 11.2)], kind="notice", label="Exercise Heron", side="ours", **day),
        corridor(
            [(54.1, 10.6), (54.15, 11.0), (54.05, 11.4)],
            4_000,
            kind="notice",
            label="Tow",
            side="ours",
            style="late",
            **day,
        ),
        track(*aurora, label="Aurora", side="ours", error_m=60),
        track(*patrol, label="217", side="theirs", error_m=400),
        mark((54.27, 11.06), kind="closest", label="Closest: 290 m", style="warning", error_m=150),
        mark((54.4, 11.5), kind="name", label="الحاجز الشمالي"),
    )


class ChartSamples:
    """The chart's part of the port over samples."""

    def chart(self, who: shown.Person) -> tuple[Feature, ...]:
        return features()

    def place_names(self, who: shown.Person) -> tuple[Feature, ...]:
        return (mark((54.6, 11.2), kind="name", label="Fehmarnsund"), mark((54.1, 11.9), kind="name", label="浅滩 12"))

    def live(self, who: shown.Person) -> LiveRow:
        feed = FeedRow(
            name="mast", form="ais", by="tcp", address="10.9.0.20:10110", up=True, heard_at=day("03:12:43"),
            lines=48_211, wrong=3, dropped=0,
        )  # fmt: skip
        deaf = replace(feed, name="roof", form="sbs", by="udp", up=False, heard_at="", lines=0, wrong=0, dropped=9_000)
        return LiveRow(
            wanted=True, feeds=(feed, deaf), pairs=(PAIR, replace(PAIR, key="a.b", over_at=day("03:11:00"))),
            tracks=412, crowded=True, distance_m=926, within_s=600,
        )  # fmt: skip

    def live_tracks(self, who: shown.Person) -> tuple[TrackRow, ...]:
        way = tuple((START_MS + n * 2_000, 54.2 + n / 500, 11.0 + n / 300) for n in range(60))
        return (
            TrackRow(id="mmsi-244660000", kind="ship", name="AURORA", lat=54.32, lon=11.2, course_deg=61, knots=14,
                     height_m=None, at=day("03:12:40"), way=way, near=True),
            TrackRow(id="icao-4CA2BF", kind="aircraft", name="4CA2BF", lat=54.34, lon=11.23, course_deg=None,
                     knots=None, height_m=120, at=day("03:12:42"), way=(), near=True),
        )  # fmt: skip

    async def keep_moment(self, who: shown.Person, key: str) -> tuple[PairRow, AttachmentRow]:
        if key != PAIR.key:
            raise Refused("live.unknown", "these two are not near each other any more, and their warning is gone")
        return PAIR, AttachmentRow(
            root="ab" * 32, size=18_211, media="text/csv", name="tracks-2026-11-23T031244Z.csv", here_bytes=18_211,
            here=True, there=None,
        )  # fmt: skip

    async def kept_moment(self, who: shown.Person, root: str) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"time,lat,lon,id,name,source\n"

        return (await self.keep_moment(who, PAIR.key))[1], pieces()
