"""The tracks of an incident on its page: figures side by side, as a part that is asked for again.

A page is drawn with what was read before; the part itself reads, so that no page waits for a file.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.actions.incident_forms import moment_typed
from parley.actions.track_rows import CpaRow, TracksRow
from parley.desk.pages import frame
from parley.errors import PeerError, Refused
from parley.times import Moment, read_moment

_COLUMNS: Final = ("ours", "theirs", "both")


def routes(at: str) -> list[web.RouteDef]:
    """Give the routes of this part, below the page of an incident."""
    return [web.get(at + "/tracks", part), web.get(at + "/tracks/read", read)]


def now(request: web.Request, channel: str, subject: str) -> TracksRow:
    """Give what was read before."""
    return frame.desk(request).port.tracks_now(frame.who(request), channel, subject)


def values(request: web.Request, tracks: TracksRow, channel: str, subject: str) -> dict[str, Any]:
    """Give what the part shows, with CPA and TCPA at a moment where one was asked for."""
    port, who, typed = frame.desk(request).port, frame.who(request), request.query.get("at", "").strip()[:40]
    cpa: tuple[CpaRow, ...] = ()
    wrong = False
    if typed and tracks.figures:
        try:
            moment = read_moment(moment_typed(typed, Moment(read_moment(port.now()))))
            cpa = port.cpa_at(who, channel, subject, moment)
        except (Refused, PeerError):
            wrong = True
    figures = {one.whose: one for one in tracks.figures}
    return {
        "tr": tracks, "columns": [figures[whose] for whose in _COLUMNS if whose in figures], "at_typed": typed,
        "at_wrong": wrong, "cpa": {one.whose: one for one in cpa},
    }  # fmt: skip


async def part(request: web.Request) -> web.Response:
    """Read the files, and give the part alone."""
    from parley.desk.pages import incident

    channel, subject = request.match_info["channel"], incident.subject_of(request)
    await frame.desk(request).port.read_tracks(frame.who(request), channel, subject)
    return frame.page(request, "_incident_tracks.html", incident.values(request))


async def read(request: web.Request) -> web.StreamResponse:
    """Read the files, and go back to the page: for browsers without script."""
    from parley.desk.pages import incident

    channel, subject = request.match_info["channel"], incident.subject_of(request)
    await frame.desk(request).port.read_tracks(frame.who(request), channel, subject)
    raise web.HTTPSeeOther(incident.path_of(channel, subject) + "#tracks")
