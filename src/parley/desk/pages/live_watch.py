"""The live watch: what our own receivers hear, who comes close, and one key that makes a report of it.

Private to this side: nothing on these pages is said to the other one.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from parley.actions.live_rows import PairRow, TrackRow
from parley.desk import charting
from parley.desk.pages import frame
from parley.times import read_moment

_ROWS_MAX: Final = 200  # of the table under the chart: a screen reader is not helped by two thousand


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/live-watch", show),
        web.get("/live-watch/now", now),
        web.get("/live-watch/warnings", warnings),
        web.post("/live-watch/keep", keep),
        web.get("/live-watch/kept/{root:[0-9a-f]{64}}", kept),
    ]


def _values(request: web.Request) -> dict[str, Any]:
    row = frame.desk(request).port.live(frame.who(request))
    return frame.frame_values(request, "live") | {"live": row, "kept": None}


def _shown(request: web.Request, more: dict[str, Any]) -> web.Response:
    rows = charting.table(_features(request))
    values = _values(request) | {"rows": rows[:_ROWS_MAX], "rows_left": max(0, len(rows) - _ROWS_MAX)}
    return frame.page(request, "live_watch.html", values | more)


async def show(request: web.Request) -> web.Response:
    """Show the live watch."""
    return _shown(request, {})


async def warnings(request: web.Request) -> web.Response:
    """Give the feeds and warnings alone, as they are now."""
    return frame.page(request, "_live_watch.html", _values(request))


async def now(request: web.Request) -> web.Response:
    """Give what the chart shows."""
    return charting.answer(_features(request))


async def keep(request: web.Request) -> web.Response:
    """Keep the ways of two, and show what can be done with them."""
    filled = await frame.read_form(request)
    pair, file = await frame.desk(request).port.keep_moment(frame.who(request), filled.get("pair"))
    return _shown(request, {"kept": {"pair": pair, "file": file, "report": report_path(pair, file.root)}})


def report_path(pair: PairRow, root: str) -> str:
    """Give the address of a first report with what is known of a pair filled in."""
    place = charting.place_text((pair.lat, pair.lon))
    what = f"{pair.first} – {pair.second}: {pair.distance_m} m, closest {pair.closest_m} m"
    asked = {"time": pair.since[:19].replace("T", " "), "place": place, "what": what, "tracks": root}
    return f"/incidents/new?{urlencode(asked)}"


async def kept(request: web.Request) -> web.StreamResponse:
    """Give a kept file."""
    row, content = await frame.desk(request).port.kept_moment(frame.who(request), request.match_info["root"])
    response = web.StreamResponse()
    response.content_type = row.media
    response.headers["Content-Disposition"] = f'attachment; filename="{row.name}"'
    await response.prepare(request)
    async for piece in content:
        await response.write(piece)
    return response


def _features(request: web.Request) -> list[charting.Feature]:
    port, who = frame.desk(request).port, frame.who(request)
    return features_of(port.live(who).pairs, port.live_tracks(who))


def features_of(pairs: tuple[PairRow, ...], tracks: tuple[TrackRow, ...]) -> list[charting.Feature]:
    """Give pairs and tracks as a chart has them, those that are near first."""
    found = [
        charting.mark(
            (pair.lat, pair.lon), kind="closest", style="warning", since=pair.since,
            label=f"{pair.first} – {pair.second}: {pair.distance_m} m",
        )
        for pair in pairs
        if not pair.over_at
    ]  # fmt: skip
    for row in sorted(tracks, key=lambda track: (not track.near, track.name)):
        fixes = [*row.way]
        if not fixes or fixes[-1][1:] != (row.lat, row.lon):
            fixes.append((read_moment(row.at), row.lat, row.lon))
        style = "warning" if row.near else ""
        points, times = [(lat, lon) for _, lat, lon in fixes], [at for at, _, _ in fixes]
        found.append(charting.track(points, times, label=_label(row), style=style))
    return found


def _label(row: TrackRow) -> str:
    words = [row.name]
    if row.course_deg is not None and row.knots is not None:
        words.append(f"{row.course_deg:03d}° {row.knots} kn")
    if row.height_m is not None:
        words.append(f"{row.height_m} m")
    return " ".join(words)
