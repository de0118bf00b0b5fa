"""The rule book: documents, one document, proposing one; and a signal sent from the page of a channel.

Everything here works without script.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.desk import shown
from parley.desk.pages import channel as channel_page
from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("adopt", "decline", "withdraw", "end")
EXAMPLES: Final = ("sea-air", "notice-times")
_BOOK: Final = r"/rulebook/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/rulebook", documents),
        web.get("/rulebook/list", part),
        web.get("/rulebook/new", form),
        web.post("/rulebook/new", propose),
        web.get(_BOOK, show),
        web.post(_BOOK + "/{act}", settle),
        web.post("/channels/{channel}/signal", signal),
    ]


def _values(request: web.Request) -> dict[str, Any]:
    port, asker = frame.desk(request).port, frame.who(request)
    values = frame.frame_values(request, "rulebook")
    return values | {"books": port.rulebooks(asker), "signals": port.signals(asker), "best": _best(values)}


def _best(values: dict[str, Any]) -> Any:
    """Give a function that picks a text in a language of our side."""
    languages = values["sides"].our_languages

    def best(texts: dict[str, str]) -> tuple[str, str]:
        tag = next((one for one in (*languages, *texts) if one in texts), "")
        return texts.get(tag, ""), tag

    return best


async def documents(request: web.Request) -> web.Response:
    """Show every document, and the signals in force."""
    return frame.page(request, "rulebook.html", _values(request))


async def part(request: web.Request) -> web.Response:
    """Give the documents alone, as they are now."""
    return frame.page(request, "_rulebook.html", _values(request))


async def form(request: web.Request) -> web.Response:
    """Show the form to propose a document, empty or filled with an example."""
    values = frame.frame_values(request, "rulebook") | {"examples": EXAMPLES}
    name = request.query.get("example", "")
    if name in EXAMPLES:
        text = frame.desk(request).port.rulebook_example(frame.who(request), name)
        values["typed"] = shown.Typed(values={"document": text})
    return frame.page(request, "rulebook_form.html", values)


async def propose(request: web.Request) -> web.StreamResponse:
    """Propose a document."""
    filled = await frame.read_form(request)
    values = frame.frame_values(request, "rulebook")
    try:
        subject = await frame.desk(request).port.propose_rulebook(
            frame.who(request), filled.get("document"), values["status"]
        )
    except (Refused, Unavailable, PeerError) as error:
        values |= {"examples": EXAMPLES, "typed": frame.refusal(filled, error)}
        return frame.page(request, "rulebook_form.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/{subject}")


def _one(request: web.Request) -> dict[str, Any]:
    told = request.match_info
    values = frame.frame_values(request, "rulebook")
    book = frame.desk(request).port.rulebook(
        frame.who(request), f"rulebook/{told['side']}/{told['epoch']}/{told['number']}"
    )
    return values | {"b": book, "best": _best(values)}


async def show(request: web.Request) -> web.Response:
    """Show one document in all its languages, and what may be said about it."""
    return frame.page(request, "rulebook_one.html", _one(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Adopt, decline, withdraw or end a document."""
    filled, told = await frame.read_form(request), request.match_info
    if told["act"] not in ACTS:
        raise web.HTTPNotFound
    subject = f"rulebook/{told['side']}/{told['epoch']}/{told['number']}"
    try:
        await frame.desk(request).port.settle_rulebook(
            frame.who(request), subject, told["act"], filled.get("reason")
        )  # fmt: skip
    except (Refused, Unavailable, PeerError) as error:
        values = _one(request) | {"typed": frame.refusal(filled, error)}
        return frame.page(request, "rulebook_one.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/{subject}")


async def signal(request: web.Request) -> web.StreamResponse:
    """Send a signal from the page of a channel, and go back to it."""
    filled, channel = await frame.read_form(request), request.match_info["channel"]
    status = frame.base_values(request)["status"]
    try:
        await frame.desk(request).port.send_signal(frame.who(request), channel, filled.values | {"status": status})
    except (Refused, Unavailable, PeerError) as error:
        values = channel_page.values(request, frame.find_channel(request, channel))
        values |= {"typed": frame.refusal(filled, error)}
        return frame.page(request, "channel.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/channels/{channel}")
