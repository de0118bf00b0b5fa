"""Search over the whole record, and the register of what each side has said by topic. Works without script."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable

_TEXT_CHARS_MAX: Final = 200


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/search", search),
        web.get("/positions", show),
        web.post("/positions", note),
        web.post("/positions/{name:[0-9a-f]{16}}/take-back", take_back),
    ]


async def search(request: web.Request) -> web.Response:
    """Show what a search found; without words, the form alone."""
    asked = {
        name: request.query.get(name, "").strip()[: _TEXT_CHARS_MAX + 1] for name in ("q", "side", "since", "until")
    }
    values = frame.frame_values(request, "search") | {"asked": asked, "rows": None, "typed": None}
    if not asked["q"]:
        return frame.page(request, "search.html", values)
    port = frame.desk(request).port
    try:
        rows = port.search(frame.who(request), asked["q"], asked["side"], asked["since"], asked["until"])
    except (Refused, Unavailable, PeerError) as error:
        typed = frame.refusal(frame.Form(list(asked.items())), error)
        return frame.page(request, "search.html", values | {"typed": typed}, frame.refused_status(error))
    return frame.page(request, "search.html", values | {"rows": rows})


def _values(request: web.Request, topic: str) -> dict[str, Any]:
    found = frame.desk(request).port.register(frame.who(request), topic)
    return frame.frame_values(request, "positions") | {"register": found, "topic": topic}


async def show(request: web.Request) -> web.Response:
    """Show the register, whole or of some topics."""
    return frame.page(request, "positions.html", _values(request, request.query.get("topic", "")[:_TEXT_CHARS_MAX]))


async def note(request: web.Request) -> web.StreamResponse:
    """Note words of an entry as a position."""
    form = await frame.read_form(request)
    number, topic = form.get("number"), form.get("topic")
    try:
        if not (number.isascii() and number.isdigit() and len(number) < 17):
            raise Refused("positions.unknown", "there is no such entry")
        await frame.desk(request).port.note_position(
            frame.who(request), form.get("log"), int(number), topic, form.get("words")
        )
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request, "") | {"typed": frame.refusal(form, error)}
        return frame.page(request, "positions.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther("/positions")


async def take_back(request: web.Request) -> web.StreamResponse:
    """Take a note of ours out of the register."""
    try:
        await frame.desk(request).port.take_back_position(frame.who(request), request.match_info["name"])
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request, "") | {"typed": frame.refusal(frame.Form([]), error)}
        return frame.page(request, "positions.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther("/positions")
