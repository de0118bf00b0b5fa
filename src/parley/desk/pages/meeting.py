"""Meetings: the request with its times on both clocks, one meeting before, on and after its day, and files.

Everything here works without script. What was typed stands in its form again when it is refused. A page is refreshed in
parts, so that a note that is being written does not hold up the clock.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.actions import meeting_calendar
from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.pages.uploads import parts_of, pieces_of, takes_files
from parley.errors import PeerError, Refused, Unavailable
from parley.subjects.talks.bodies import LEVELS
from parley.subjects.talks.day_facts import NOTES
from parley.subjects.talks.facts import FORMS

AT: Final = r"/meetings/{channel}/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
ACTS: Final = (
    "accept", "offer", "decline", "cancel", "item", "hold", "agree", "withdraw", "drop", "raise", "give-paper",
    "drop-paper", "terms", "interpreters", "begin", "end", "item-begin", "item-end", "floor", "attend", "note",
    "agree-note", "minutes", "open-minutes",
)  # fmt: skip
PARTS: Final = ("head", "agenda", "ready", "day", "after")
TIMES_TYPED: Final = 4  # fields for times in a form


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/meetings.ics", feed),
        web.get("/meetings/new", form),
        web.post("/meetings/new", request_meeting),
        web.get(AT, show),
        web.get(AT + "/part/{part:" + "|".join(PARTS) + "}", part),
        web.get(AT + "/calendar", invitation),
        web.post(AT + "/papers", take_paper),
        web.get(AT + "/papers/{root:[0-9a-f]{64}}", paper),
        web.post(AT + "/{act:" + "|".join(ACTS) + "}", settle),
    ]


# --- the request ------------------------------------------------------------------------------------------------------


def _form_values(request: web.Request, typed: shown.Typed | None, times: tuple[str, ...] = ()) -> dict[str, Any]:
    port, who = frame.desk(request).port, frame.who(request)
    told = frame.frame_values(request, "talks")
    meeting_bodies = [one for one in port.bodies(who) if one.state == "agreed"]
    rooms = [one for one in told["channels"] if one.id != "line" and one.state == "open" and one.may_write]
    chosen = next((one for one in meeting_bodies if one.subject == request.query.get("body", "")), None)
    given = typed.values if typed else {}
    if chosen and not typed:
        given = {"where": f"{chosen.channel}|{chosen.subject}", "level": chosen.level}
    elif "call" in request.query and not typed:  # a call at a time, asked for beside a channel's calls
        given = {"where": f"{request.query['call']}|", "form": "voice", "minutes": "30"}
    return told | {
        "typed": typed, "given": given, "times": (*times, *[""] * (TIMES_TYPED - len(times))), "rooms": rooms,
        "bodies": [one for one in meeting_bodies if any(room.id == one.channel for room in rooms)],
        "levels": LEVELS, "forms": FORMS, "zone": port.calendars(who).ours.zone, "checked": None,
    }  # fmt: skip


async def form(request: web.Request) -> web.Response:
    """Show the empty form, or one for a named body."""
    return frame.page(request, "meeting_form.html", _form_values(request, None))


async def request_meeting(request: web.Request) -> web.StreamResponse:
    """Show the times on both clocks, or ask, by the button that was pressed."""
    filled = await frame.read_form(request)
    port, who = frame.desk(request).port, frame.who(request)
    times = tuple(one for one in filled.all("time") if one.strip())[:TIMES_TYPED]
    try:
        if filled.get("act") == "check":
            checked = port.look_at_times(who, times)
            values = _form_values(request, shown.Typed(values=filled.values), times) | {"checked": checked}
            return frame.page(request, "meeting_form.html", values)
        status = frame.base_values(request)["status"]
        at = await port.request_meeting(who, filled.values | {"status": status}, times)
    except (Refused, Unavailable, PeerError) as error:
        values = _form_values(request, frame.refusal(filled, error), times)
        return frame.page(request, "meeting_form.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(path_of(*at))


# --- one meeting ------------------------------------------------------------------------------------------------------


def path_of(channel: str, subject: str) -> str:
    """Give the page of a meeting."""
    return f"/meetings/{channel}/{subject.partition('/')[2]}"


def _named(request: web.Request) -> tuple[str, str]:
    parts = request.match_info
    return parts["channel"], f"meeting/{parts['side']}/{parts['epoch']}/{parts['number']}"


def _values(request: web.Request, typed: shown.Typed | None = None, act: str = "") -> dict[str, Any]:
    port, who = frame.desk(request).port, frame.who(request)
    row = port.meeting(who, *_named(request))
    calls = port.calls(who, row.channel) if row.form != "in-person" else ()
    told = [one for one in port.readouts(who) if one.meeting == row.subject] if row.begun else []
    return frame.frame_values(request, "talks") | {
        "m": row, "base": path_of(row.channel, row.subject), "typed": typed, "act": act, "ticked": (),
        "zone": row.time.ours.zone if row.time else port.calendars(who).ours.zone, "note_kinds": NOTES,
        "times": ("",) * TIMES_TYPED, "readouts": told, "terms": port.body(who, row.body).terms if row.body else (),
        "calls": [one for one in calls if one.state in ("ringing", "active")],
    }  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show one meeting."""
    return frame.page(request, "meeting.html", _values(request))


async def part(request: web.Request) -> web.Response:
    """Give one part of it, as it is now."""
    return frame.page(request, f"_meeting_{request.match_info['part']}.html", _values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about it, and come back to the part it was done in."""
    filled, act = await frame.read_form(request), request.match_info["act"]
    channel, subject = _named(request)
    several = {name: tuple(one for one in filled.all(name) if one.strip()) for name in ("time", "person")}
    port = frame.desk(request).port
    try:
        text = await port.settle_meeting(frame.who(request), channel, subject, act, filled.values, several)
    except (Refused, Unavailable, PeerError) as error:
        return _refused(request, filled, act, error)
    if text:
        raise web.HTTPSeeOther(f"/texts/{channel}/{text.partition('/')[2]}")
    raise web.HTTPSeeOther(path_of(channel, subject) + filled.get("after"))


def _refused(
    request: web.Request, filled: frame.Form, act: str, error: Refused | Unavailable | PeerError
) -> web.Response:
    times = tuple(one for one in filled.all("time") if one.strip())[:TIMES_TYPED]
    values = _values(request, frame.refusal(filled, error), act)
    values |= {"ticked": filled.all("person"), "times": (*times, *[""] * (TIMES_TYPED - len(times)))}
    return frame.page(request, "meeting.html", values, frame.refused_status(error))


# --- files ------------------------------------------------------------------------------------------------------------


@takes_files
async def take_paper(request: web.Request) -> web.StreamResponse:
    """Take a file in as a paper of our side alone; nothing crosses by it."""
    port, who, (channel, subject) = frame.desk(request).port, frame.who(request), _named(request)
    port.meeting(who, channel, subject)
    try:
        taken = False
        async for piece in parts_of(request):
            if piece.filename and not taken:
                media = piece.headers.get("Content-Type", "application/octet-stream").split(";")[0].strip().lower()
                await port.keep_paper(who, channel, subject, piece.filename, media, pieces_of(piece))
                taken = True
        if not taken:
            raise Refused("talks.document", "no file was chosen")
    except (Refused, Unavailable, PeerError) as error:
        return _refused(request, frame.Form([]), "papers", error)
    raise web.HTTPSeeOther(path_of(channel, subject) + "#ready")


async def paper(request: web.Request) -> web.StreamResponse:
    """Give a paper of ours, to be saved."""
    port = frame.desk(request).port
    found, chunks = port.meeting_paper(frame.who(request), *_named(request), request.match_info["root"])
    response = web.StreamResponse()
    response.content_type = "application/octet-stream"
    response.content_length = found.size
    name = "".join(char if char.isascii() and (char.isalnum() or char in ".-_") else "_" for char in found.name)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    await response.prepare(request)
    async for piece in chunks:
        await response.write(piece)
    await response.write_eof()
    return response


async def feed(request: web.Request) -> web.Response:
    """Give all meetings as a file."""
    body = await frame.desk(request).port.meeting_calendar(frame.who(request), "", "")
    return _calendar(body, "meetings.ics")


async def invitation(request: web.Request) -> web.Response:
    """Give one meeting as a file."""
    body = await frame.desk(request).port.meeting_calendar(frame.who(request), *_named(request))
    return _calendar(body, "meeting.ics")


def _calendar(body: bytes, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=meeting_calendar.MEDIA, charset="utf-8", headers=headers)
