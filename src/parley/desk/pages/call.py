"""The call page of a channel: lift, see each of the four facts, answer, decline, put off, hang up; and earlier calls.

Everything here but the sound works without script.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final

from aiohttp import web

from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("lift", "answer", "decline", "later", "join", "leave", "hang-up", "statement", "clear", "rings")
AGREEMENTS: Final = tuple(f"{what}-{act}" for what in ("text", "turns") for act in ("ask", "agree", "decline", "stop"))


RECORDING: Final = (*(f"recording-{act}" for act in ("ask", "agree", "decline", "stop")), "tone", "tone-heard")


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/channels/{channel}/call", show),
        web.get("/channels/{channel}/call/now", part),
        web.get("/channels/{channel}/call/before", before_part),
        web.get("/channels/{channel}/call/tone-now", tone_part),
        web.post("/channels/{channel}/call/{act}", settle),
    ]


def _values(request: web.Request) -> dict[str, Any]:
    channel = frame.find_channel(request, request.match_info["channel"])
    asker = frame.who(request)
    rows = frame.desk(request).port.calls(asker, channel.id)
    now = next((row for row in rows if row.state in ("ringing", "active")), None)
    before = [row for row in rows if row is not now]
    # What was not taken stays in front of its caller for as long as urgent words can be left.
    untaken = next((row for row in before[:1] if now is None and "statement" in row.may), None)
    values = {
        "call": now,
        "untaken": untaken,
        "before": before,
        "tones": frame.desk(request).port.tones(asker, channel.id),
    }
    return frame.frame_values(request, "call", channel) | values


async def show(request: web.Request) -> web.Response:
    """Show the page."""
    return frame.page(request, "call.html", _values(request))


async def part(request: web.Request) -> web.Response:
    """Give the call alone, as it is now."""
    return frame.page(request, "_call.html", _values(request))


async def before_part(request: web.Request) -> web.Response:
    """Give the earlier calls alone, as they are now."""
    return frame.page(request, "_call_before.html", _values(request))


async def tone_part(request: web.Request) -> web.Response:
    """Give the tone test alone, as it is now."""
    return frame.page(request, "_tone.html", _values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about a call."""
    form, act, channel = await frame.read_form(request), request.match_info["act"], request.match_info["channel"]
    if act not in (*ACTS, *AGREEMENTS, *RECORDING):
        raise web.HTTPNotFound
    port, asker = frame.desk(request).port, frame.who(request)
    wish: Awaitable[None] = port.settle_call(asker, channel, form.get("subject"), act, form.values)
    try:
        await wish
    except (Refused, Unavailable, PeerError) as error:
        if act == "rings":
            return web.Response(status=204)  # it rang, and was taken meanwhile
        values = _values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "call.html", values, frame.refused_status(error))
    if act == "rings":
        return web.Response(status=204)
    raise web.HTTPSeeOther(f"/channels/{channel}/call")
