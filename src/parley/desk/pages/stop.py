"""Emergency stops: raise one from any page, take and answer one, the list, and how drills went.

Everything here works without script. Stops that want somebody stand across the top of every page (_stops.html).
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final

from aiohttp import web

from parley.codec import Reader
from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.pages.direct import Direct, on
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = (
    "take", "read-back", "confirm", "correct", "reach", "effect", "not-possible", "withdraw", "clear", "rings",
)  # fmt: skip
_SUBJECT_CHARS_MAX: Final = 128
_STOP: Final = r"/stops/{channel}/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/stop", form),
        web.post("/stop", raise_stop),
        web.get("/stops", stops),
        web.get("/stops/drills", drills),
        web.get("/stops/strip", strip),
        web.get("/stops/list", part_of_list),
        web.get(_STOP, show),
        web.get(_STOP + "/{part:words|acts}", part),
        web.post(_STOP + "/{act}", settle),
    ]


# --- raising ----------------------------------------------------------------------------------------------------------


def _form_values(request: web.Request, typed: shown.Typed | None) -> dict[str, Any]:
    mode = frame.desk(request).port.mode
    drill = request.query.get("drill") == "1"
    # Real or not is the button that is pressed, never a setting that somebody forgot; on a node that is for exercises
    # or tests nothing is real.
    statuses = (mode,) if mode != "actual" else ("exercise",) if drill else ("actual", "exercise")
    return frame.frame_values(request, "stop") | {"typed": typed, "statuses": statuses}


async def form(request: web.Request) -> web.Response:
    """Show the one form."""
    return frame.page(request, "stop_form.html", _form_values(request, None))


async def raise_stop(request: web.Request) -> web.StreamResponse:
    """Raise a stop, and show how it goes."""
    filled = await frame.read_form(request)
    port = frame.desk(request).port
    try:
        channel, subject = await port.raise_stop(frame.who(request), filled.values)
    except (Refused, Unavailable, PeerError) as error:
        values = _form_values(request, frame.refusal(filled, error))
        return frame.page(request, "stop_form.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(_path(channel, subject))


def _path(channel: str, subject: str) -> str:
    return f"/stops/{channel}/{subject.partition('/')[2]}"


# --- the list and the strip -------------------------------------------------------------------------------------------


def _list_values(request: web.Request, for_drills: bool) -> dict[str, Any]:
    rows = frame.desk(request).port.stops(frame.who(request), for_drills)
    return frame.frame_values(request, "stops") | {"rows": rows, "drills": for_drills}


async def stops(request: web.Request) -> web.Response:
    """Show the real stops."""
    return frame.page(request, "stops.html", _list_values(request, False))


async def drills(request: web.Request) -> web.Response:
    """Show how drills went; nothing real stands on this page."""
    return frame.page(request, "stops.html", _list_values(request, True))


async def part_of_list(request: web.Request) -> web.Response:
    """Give the list alone, as it is now."""
    return frame.page(request, "_stop_list.html", _list_values(request, request.query.get("drills") == "1"))


async def strip(request: web.Request) -> web.Response:
    """Give the strip and the ringing screen alone: asked for by every desk at once, so it reads little."""
    who = frame.who(request)
    values = frame.base_values(request) | {
        "who": who,
        "stops": frame.desk(request).port.stops_now(who),
        "stop_here": request.query.get("here", ""),
    }
    return frame.page(request, "_stops.html", values)


# --- one stop ---------------------------------------------------------------------------------------------------------


def _values(request: web.Request) -> dict[str, Any]:
    parts = request.match_info
    channel, subject = parts["channel"], f"stop/{parts['side']}/{parts['epoch']}/{parts['number']}"
    row = frame.desk(request).port.stop(frame.who(request), channel, subject)
    values = frame.frame_values(request, "stops")
    titles = {one.id: one.title for one in values["channels"]}
    return values | {"s": row, "stop_here": row.subject, "titles": titles}


async def show(request: web.Request) -> web.Response:
    """Show one stop and what may be done about it."""
    return frame.page(request, "stop.html", _values(request))


async def part(request: web.Request) -> web.Response:
    """Give what was said, or what may be done, as it is now."""
    return frame.page(request, f"_stop_{request.match_info['part']}.html", _values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about a stop."""
    filled, parts = await frame.read_form(request), request.match_info
    act, channel = parts["act"], parts["channel"]
    if act not in ACTS:
        raise web.HTTPNotFound
    subject = f"stop/{parts['side']}/{parts['epoch']}/{parts['number']}"
    wish: Awaitable[None] = frame.desk(request).port.settle_stop(
        frame.who(request), channel, subject, act, filled.values
    )
    try:
        await wish
    except (Refused, Unavailable, PeerError) as error:
        if act == "rings":
            return web.Response(status=204)  # it rang, and was withdrawn meanwhile
        values = _values(request) | {"typed": frame.refusal(filled, error)}
        return frame.page(request, "stop.html", values, frame.refused_status(error))
    if act == "rings":
        return web.Response(status=204)
    raise web.HTTPSeeOther(_path(channel, subject) + ("#stop-acts" if act == "take" else ""))


@on("stop-rings")
def _rings(direct: Direct, fields: Reader) -> Awaitable[None]:
    """This page really shows a stop and rings."""
    channel, subject = fields.channel("channel"), fields.text("subject", max_chars=_SUBJECT_CHARS_MAX)
    fields.done()
    return direct.port.settle_stop(direct.who, channel, subject, "rings", {})
