"""Readouts: ask for both, draft ours with the facts at hand, seal it, see both opened. Works without script."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("agree-time", "draft", "seal", "confirm", "contest", "press", "report", "mark", "unmark", "link")
AT: Final = r"/readouts/{channel}/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
_BACK: Final = {"mark": "words", "unmark": "words", "link": "compare", "report": "compare", "press": "compare"}


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/readouts", show_all),
        web.post("/readouts", ask),
        web.get(AT, show),
        web.get(AT + "/state", state),
        web.post(AT + "/sign", sign),
        web.post(AT + "/{act}", settle),
    ]


def subject_of(request: web.Request) -> str:
    """Give the readouts named in the path, as the record names them."""
    at = request.match_info
    return f"readout/{at['side']}/{at['epoch']}/{at['number']}"


def path_of(channel: str, subject: str) -> str:
    """Give the path of their page."""
    return f"/readouts/{channel}/{subject.partition('/')[2]}"


def _list_values(request: web.Request) -> dict[str, Any]:
    values = frame.frame_values(request, "readouts")
    return values | {"rows": frame.desk(request).port.readouts(frame.who(request))}


async def show_all(request: web.Request) -> web.Response:
    """Show the readouts of the latest meetings, and the form that asks for more."""
    return frame.page(request, "readouts.html", _list_values(request))


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask for both readouts of a meeting."""
    form = await frame.read_form(request)
    channel = form.get("channel")
    try:
        subject = await frame.desk(request).port.ask_readouts(frame.who(request), channel, form.values)
    except (Refused, Unavailable, PeerError) as error:
        values = _list_values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "readouts.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(path_of(channel, subject))


def values(request: web.Request) -> dict[str, Any]:
    """Give what every page about one meeting's readouts shows."""
    channel = frame.find_channel(request, request.match_info["channel"])
    row = frame.desk(request).port.readout(frame.who(request), channel.id, subject_of(request))
    return frame.frame_values(request, "readouts", channel) | {"r": row, "base": path_of(channel.id, row.subject)}


async def show(request: web.Request) -> web.Response:
    """Show one meeting's readouts."""
    return frame.page(request, "readout.html", values(request))


async def state(request: web.Request) -> web.Response:
    """Give how far both have come, alone."""
    return frame.page(request, "_readout_state.html", values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about them; marking and pairing lead back to where they were done."""
    form, act, told = await frame.read_form(request), request.match_info["act"], request.match_info
    if act not in ACTS:
        raise web.HTTPNotFound
    channel, subject = told["channel"], subject_of(request)
    try:
        await frame.desk(request).port.settle_readout(frame.who(request), channel, subject, act, form.values)
    except (Refused, Unavailable, PeerError) as error:
        again = values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "readout.html", again, frame.refused_status(error))
    back = _BACK.get(act, "")
    where = f"/{back}/{form.get('source')}" if back == "words" else f"/{back}" if back else ""
    after = f"#after-{form.get('at')}" if act == "mark" and form.get("at").isdigit() else ""
    raise web.HTTPSeeOther(path_of(channel, subject) + where + after)


async def sign(request: web.Request) -> web.StreamResponse:
    """Show what sealing our draft signs: its digest, over the words that stand beside it."""
    form, seen = await frame.read_form(request), values(request)
    origin, row = frame.desk(request).origin.text, seen["r"]
    try:
        asked = frame.desk(request).port.ask_seal(frame.who(request), origin, row.channel, row.subject)
    except (Refused, Unavailable, PeerError) as error:
        again = seen | {"typed": frame.refusal(form, error)}
        return frame.page(request, "readout.html", again, frame.refused_status(error))
    more = {"asked": asked, "after": seen["base"], "back": seen["base"], "m": None}
    return frame.page(request, "readout_sign.html", seen | more)
