"""Standing talks: the lists of meetings and bodies with both sides' days, and one body.

Everything here works without script. What was typed stands in its form again when it is refused.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.desk import shown
from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable
from parley.limits import MEETINGS_SHOWN
from parley.subjects.talks.bodies import LEVELS

AT: Final = r"/bodies/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
ACTS: Final = (
    "agree",
    "decline",
    "withdraw",
    "suspend",
    "resume",
    "end",
    "delegation",
    "term",
    "term-agree",
    "term-withdraw",
)


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/talks", talks),
        web.get("/talks/list", part),
        web.get("/talks/meetings", meetings),
        web.post("/talks", propose),
        web.post("/talks/days", state_days),
        web.get(AT, show),
        web.get(AT + "/now", now),
        web.post(AT + "/{act:" + "|".join(ACTS) + "}", settle),
    ]


# --- the list ---------------------------------------------------------------------------------------------------------


def _list_values(request: web.Request, typed: shown.Typed | None = None, form: str = "") -> dict[str, Any]:
    port, who = frame.desk(request).port, frame.who(request)
    meetings = port.meetings(who)
    return frame.frame_values(request, "talks") | {
        "rows": port.bodies(who), "meetings": meetings[:MEETINGS_SHOWN],
        "more": len(meetings) > MEETINGS_SHOWN, "days": port.calendars(who), "levels": LEVELS,
        "typed": typed, "form": form,
    }  # fmt: skip


async def talks(request: web.Request) -> web.Response:
    """Show the bodies and both sides' days."""
    return frame.page(request, "talks.html", _list_values(request))


async def part(request: web.Request) -> web.Response:
    """Give the list alone, as it is now."""
    return frame.page(request, "_talks.html", _list_values(request))


async def meetings(request: web.Request) -> web.Response:
    """Give the list of meetings alone, as it is now."""
    return frame.page(request, "_talks_meetings.html", _list_values(request))


async def propose(request: web.Request) -> web.StreamResponse:
    """Propose a body, and show it."""
    filled = await frame.read_form(request)
    status = frame.base_values(request)["status"]
    try:
        subject = await frame.desk(request).port.propose_body(frame.who(request), filled.values | {"status": status})
    except (Refused, Unavailable, PeerError) as error:
        values = _list_values(request, frame.refusal(filled, error), "propose")
        return frame.page(request, "talks.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(path_of(subject))


async def state_days(request: web.Request) -> web.StreamResponse:
    """State our zone and holidays."""
    filled = await frame.read_form(request)
    try:
        await frame.desk(request).port.state_calendar(frame.who(request), filled.values)
    except (Refused, Unavailable, PeerError) as error:
        values = _list_values(request, frame.refusal(filled, error), "days")
        return frame.page(request, "talks.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther("/talks#days")


# --- one body ---------------------------------------------------------------------------------------------------------


def path_of(subject: str) -> str:
    """Give the page of a body."""
    return f"/bodies/{subject.partition('/')[2]}"


def _subject(request: web.Request) -> str:
    parts = request.match_info
    return f"body/{parts['side']}/{parts['epoch']}/{parts['number']}"


def _values(request: web.Request, typed: shown.Typed | None = None) -> dict[str, Any]:
    row = frame.desk(request).port.body(frame.who(request), _subject(request))
    told = frame.frame_values(request, "talks")
    rooms = {one.id for one in told["channels"]}
    return told | {
        "b": row,
        "base": path_of(row.subject),
        "typed": typed,
        "rooms": rooms,
        "act": "",
        "more": len(row.meetings) == MEETINGS_SHOWN,
    }


async def show(request: web.Request) -> web.Response:
    """Show one body."""
    return frame.page(request, "body.html", _values(request))


async def now(request: web.Request) -> web.Response:
    """Give all of it without the frame, as it is now."""
    return frame.page(request, "_body.html", _values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about it, and show it again."""
    filled, act, subject = await frame.read_form(request), request.match_info["act"], _subject(request)
    port = frame.desk(request).port
    try:
        await port.settle_body(frame.who(request), subject, act, filled.values, filled.all("person"))
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request, frame.refusal(filled, error)) | {"act": act, "ticked": filled.all("person")}
        return frame.page(request, "body.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(path_of(subject) + ("#glossary" if act.startswith("term") else ""))
