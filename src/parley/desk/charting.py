"""What a chart shows, made from plain values: GeoJSON for the script and the same as rows of a table.

Owns: the form of a chart's features (docs/desk/chart.md), its bounds, the table that says the same in words.
Does not own: what is shown and to whom (the pages), drawing (static/chart*.js), the land (land/).
Always true:
  1. A chart holds at most limits.CHART_FEATURES_MAX features and limits.CHART_POINTS_MAX positions; more is refused.
  2. Every position is finite and on the earth; nothing else leaves here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web

from parley import limits
from parley.errors import Refused, ensure
from parley.times import Moment, moment_text

Side = Literal["", "ours", "theirs"]
STYLES: Final = ("", "agreed", "disputed", "unanswered", "warning", "late")
KINDS: Final = ("notice", "incident", "track", "closest", "report", "name", "area", "mark")
Point = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """One thing on a chart."""

    kind: str  # one of KINDS
    points: tuple[Point, ...]
    shape: Literal["point", "line", "area"] = "point"
    label: str = ""
    side: Side = ""
    style: str = ""  # one of STYLES
    since: str = ""  # moments; "" is without end
    until: str = ""
    radius_m: float = 0  # a circle around a point
    width_m: float = 0  # a corridor along a line, from edge to edge
    error_m: float = 0  # how far from the truth a position may be
    times_ms: tuple[int, ...] = ()  # of a track, one a point, never falling
    href: str = ""  # where the table leads to

    def __post_init__(self) -> None:
        ensure(self.kind in KINDS and self.style in STYLES, f"a chart knows no {self.kind} {self.style}")
        ensure(len(self.points) >= {"point": 1, "line": 1, "area": 3}[self.shape], "a feature without positions")
        ensure(len(self.times_ms) in (0, len(self.points)), "a track needs a time for each position")
        for lat, lon in self.points:
            ensure(math.isfinite(lat + lon) and abs(lat) <= 90 and abs(lon) <= 180, "a position off the earth")


def circle(centre: Point, radius_m: float, **more: object) -> Feature:
    """Give a circle."""
    return Feature(points=(centre,), radius_m=radius_m, **more)  # type: ignore[arg-type]


def polygon(points: Sequence[Point], **more: object) -> Feature:
    """Give an area; the last point joins the first and is not said again."""
    return Feature(points=tuple(points), shape="area", **more)  # type: ignore[arg-type]


def corridor(points: Sequence[Point], width_m: float, **more: object) -> Feature:
    """Give a corridor along a line."""
    return Feature(points=tuple(points), shape="line", width_m=width_m, **more)  # type: ignore[arg-type]


def track(points: Sequence[Point], times_ms: Sequence[int], **more: object) -> Feature:
    """Give a track: where something was, and when."""
    return Feature(kind="track", points=tuple(points), shape="line", times_ms=tuple(times_ms), **more)  # type: ignore[arg-type]


def mark(at: Point, **more: object) -> Feature:
    """Give a point with a word."""
    return Feature(points=(at,), **more)  # type: ignore[arg-type]


def geojson(features: Iterable[Feature]) -> str:
    """Give the FeatureCollection; raises Refused `chart.size` for more than a browser can be asked to draw."""
    all_features = list(features)
    points = sum(len(feature.points) for feature in all_features)
    if len(all_features) > limits.CHART_FEATURES_MAX or points > limits.CHART_POINTS_MAX:
        raise Refused(
            "chart.size",
            f"a chart shows at most {limits.CHART_FEATURES_MAX} things and {limits.CHART_POINTS_MAX} positions,"
            f" got {len(all_features)} and {points}",
        )
    whole = {"type": "FeatureCollection", "features": [_feature(each) for each in all_features]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def answer(features: Iterable[Feature]) -> web.Response:
    """Give the GeoJSON as an answer to a chart's question."""
    return web.Response(text=geojson(features), content_type="application/geo+json")


def _feature(it: Feature) -> dict[str, object]:
    places = [[round(lon, 7), round(lat, 7)] for lat, lon in it.points]
    geometry: dict[str, object]
    if it.shape == "point":
        geometry = {"type": "Point", "coordinates": places[0]}
    elif it.shape == "area":
        geometry = {"type": "Polygon", "coordinates": [[*places, places[0]]]}
    else:
        geometry = {"type": "LineString", "coordinates": places if len(places) > 1 else places * 2}
    said: dict[str, object] = {
        "kind": it.kind, "label": it.label, "side": it.side, "style": it.style, "from": it.since, "to": it.until,
        "radius_m": it.radius_m, "width_m": it.width_m, "error_m": it.error_m,
        "times": list(it.times_ms) if len(places) > 1 else list(it.times_ms) * 2,
    }  # fmt: skip
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {name: value for name, value in said.items() if value},
    }


# --- the same in words ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One thing on a chart, as the table has it."""

    kind: str
    label: str
    side: str
    style: str
    shape: str  # point, circle, line, corridor, area or track
    count: int
    first: str
    last: str
    since: str
    until: str
    radius_m: int
    width_m: int
    error_m: int
    href: str


def table(features: Iterable[Feature]) -> tuple[Row, ...]:
    """Give what a chart shows as rows, in the same order."""
    return tuple(_row(each) for each in features)


def _row(it: Feature) -> Row:
    shape = "track" if it.times_ms else "circle" if it.radius_m else "corridor" if it.width_m else it.shape
    since, until = it.since, it.until
    if it.times_ms and not since:
        since, until = moment_text(Moment(it.times_ms[0])), moment_text(Moment(it.times_ms[-1]))
    return Row(
        kind=it.kind, label=it.label, side=it.side, style=it.style, shape=shape, count=len(it.points),
        first=place_text(it.points[0]), last=place_text(it.points[-1]) if len(it.points) > 1 else "",
        since=since, until=until, radius_m=round(it.radius_m), width_m=round(it.width_m), error_m=round(it.error_m),
        href=it.href,
    )  # fmt: skip


def place_text(at: Point) -> str:
    """Give a position as ships say it: 54°18.00′N 011°02.00′E."""
    return f"{_angle(at[0], 'N', 'S', 2)} {_angle(at[1], 'E', 'W', 3)}"


def _angle(degrees: float, plus: str, minus: str, digits: int) -> str:
    hundredths = round(abs(degrees) * 6000)
    whole, rest = divmod(hundredths, 6000)
    return f"{whole:0{digits}d}°{rest / 100:05.2f}′{minus if degrees < 0 else plus}"
