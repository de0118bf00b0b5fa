"""The first page: every channel and what waits in it, the keys, and the parts of the frame that refresh."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from parley.desk import shown
from parley.desk.keys import KEYS
from parley.desk.pages import frame
from parley.desk.terms import terms
from parley.errors import PeerError, Refused, Unavailable

_PARTS = {
    "bar": "_bar.html",
    "alerts": "_alerts.html",
    "rooms": "_rooms.html",
    "home": "_home.html",
    "line": "_line.html",
    "no-sound": "_no_sound.html",
}


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/", home),
        web.get("/help", show_help),
        web.post("/channels", propose),
        web.get("/fragments/drafts", drafts_part),
        web.get("/fragments/{part}", part),
    ]


async def home(request: web.Request) -> web.Response:
    """Show what waits."""
    return frame.page(request, "home.html", _values(request))


def _values(request: web.Request) -> dict[str, Any]:
    """Give what the duty officer sees first, in the order in which it matters."""
    port, asker = frame.desk(request).port, frame.who(request)
    return frame.frame_values(request, "home") | {
        "watches": port.watches(asker), "waiting": port.waiting(asker), "open_calls": port.open_calls(asker),
        "reminders": port.commitment_reminders(asker),
        "incidents": port.incidents(asker, "waits") if "read" in asker.rights else (),
    }  # fmt: skip


async def show_help(request: web.Request) -> web.Response:
    """Show every key, and what the words on the desk mean."""
    return frame.page(request, "help.html", frame.frame_values(request, "help") | {"keys": KEYS, "terms": terms()})


async def part(request: web.Request) -> web.Response:
    """Give one part of a page as it is now."""
    template = _PARTS.get(request.match_info["part"])
    if template is None:
        raise web.HTTPNotFound
    here = request.query.get("here", "")
    if request.match_info["part"] == "home":
        return frame.page(request, template, _values(request))
    channel = shown.ChannelShown(id=here, title="", state="open") if here else None
    place = "line" if request.match_info["part"] == "line" else ""
    return frame.page(request, template, frame.frame_values(request, place, channel))


async def drafts_part(request: web.Request) -> web.Response:
    """Give the list of drafts as it is now."""
    drafts = frame.desk(request).port.drafts(frame.who(request))
    return frame.page(request, "_drafts.html", frame.frame_values(request, "drafts") | {"drafts": drafts})


async def propose(request: web.Request) -> web.StreamResponse:
    """Propose a channel to the other side."""
    form = await frame.read_form(request)
    port = frame.desk(request).port
    try:
        await port.propose_channel(frame.who(request), form.get("channel"), form.get("title"), form.get("purpose"))
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "home.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/channels/{form.get('channel')}")
