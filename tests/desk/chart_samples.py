"""The chart as samples: one of each shape and of each side."""

from __future__ import annotations

import math

from parley.desk import shown
from parley.desk.charting import Feature, circle, corridor, mark, polygon, track

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
