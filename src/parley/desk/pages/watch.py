"""The watch page: who is there on both sides since when, the hand-over with its notes, shifts, roll-calls.

Everything here works without script.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.desk.pages import frame
from parley.desk.security import local_path
from parley.desk.view import keep_view, read_view
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("take", "stay", "leave", "relieved", "note", "read", "plan", "unplan", "ask", "every")
_SEVERAL: Final = {"take": "read", "plan": "person"}
_ROLL: Final = r"/watch/rolls/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}/{act:answer|clear}"


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/watch", show),
        web.get("/channels/{channel}/people", people),
        web.get("/watch/now", part),
        web.get("/watch/{channel}/state", state),
        web.post(_ROLL, settle_roll),
        web.post("/watch/{channel}/{act}", settle),
    ]


def _values(request: web.Request) -> dict[str, Any]:
    port, asker = frame.desk(request).port, frame.who(request)
    watches = port.watches(asker)
    return frame.frame_values(request, "watch") | {
        "watches": watches,
        "members": [one for one in port.members(asker) if one.ours and one.account != "disabled"],
        "notes_read": {one.channel: port.notes_read(asker, one.channel) for one in watches},
    }


async def show(request: web.Request) -> web.Response:
    """Show the watch of every channel."""
    return frame.page(request, "watch.html", _values(request))


async def people(request: web.Request) -> web.Response:
    """Show both sides' people of a channel as each side publishes its own."""
    channel = frame.find_channel(request, request.match_info["channel"])
    found = frame.desk(request).port.channel_people(frame.who(request), channel.id)
    return frame.page(request, "roster.html", frame.frame_values(request, "roster", channel) | {"people": found})


async def part(request: web.Request) -> web.Response:
    """Give the watches alone, as they are now."""
    return frame.page(request, "_watch.html", _values(request))


async def state(request: web.Request) -> web.Response:
    """Give who is there and the last roll-calls of one channel: true also while somebody writes a note beside it."""
    channel = request.match_info["channel"]
    found = next((one for one in frame.desk(request).port.watches(frame.who(request)) if one.channel == channel), None)
    if found is None:
        raise web.HTTPNotFound
    return frame.page(request, "_watch_state.html", frame.frame_values(request, "watch") | {"w": found})


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about a watch. Who takes one is at a desk on watch from then on."""
    form, act, channel = await frame.read_form(request), request.match_info["act"], request.match_info["channel"]
    if act not in ACTS:
        raise web.HTTPNotFound
    desk, asker = frame.desk(request), frame.who(request)
    try:
        await desk.port.settle_watch(asker, channel, act, form.values, form.all(_SEVERAL.get(act, "")))
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "watch.html", values, frame.refused_status(error))
    answer = web.Response(status=303, headers={"Location": local_path(form.get("back") or f"/watch#{channel}")})
    if act == "take":
        keep_view(answer, read_view(request).changed({"watch": "on"}), desk.origin)
    return answer


async def settle_roll(request: web.Request) -> web.StreamResponse:
    """Press the key for a roll-call, or clear one, from whatever page; the person stays on it."""
    form, told = await frame.read_form(request), request.match_info
    subject = f"roll/{told['side']}/{told['epoch']}/{told['number']}"
    try:
        await frame.desk(request).port.settle_roll(frame.who(request), subject, told["act"])
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "watch.html", values, frame.refused_status(error))
    return web.Response(status=303, headers={"Location": local_path(form.get("back") or "/watch")})
