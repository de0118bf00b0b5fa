"""Notices: the calendar of some days, one notice with its forms, the form to give or amend one, and files.

Everything here works without script; the slider then has a button.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from aiohttp import web

from parley.desk import charting, notice_chart, shown
from parley.desk.pages import frame
from parley.desk.shown.notices import NoticeShown
from parley.errors import PeerError, Refused, Unavailable
from parley.subjects.notices.facts import WHAT
from parley.times import Moment, moment_text, read_moment

ACTS: Final = ("amend", "extend", "cancel", "end", "acknowledge")
DAYS: Final = (1, 7, 31, 92, 366)
_NOTICE: Final = r"/notices/{channel}/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
_DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000
_OVERLAPS_DRAWN: Final = 8  # beside one notice; the list names all
_FIELDS: Final = ("what", "title", "forces", "contact", "basis", "text", "language")


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/notices", calendar),
        web.get("/notices/list", part),
        web.get("/notices/chart", chart),
        web.get("/notices/new", form),
        web.post("/notices/new", give),
        web.post("/notices/movements/{act:plan|drop}", settle_movement),
        web.get("/notices.ics", feed),
        web.get("/notices.geojson", geojson),
        web.get(_NOTICE, show),
        web.get(_NOTICE + "/now", now),
        web.get(_NOTICE + "/chart", chart_of_one),
        web.get(_NOTICE + "/amend", amend_form),
        web.get(_NOTICE + "/cap", cap),
        web.post(_NOTICE + "/{act}", settle),
    ]


# --- the calendar -----------------------------------------------------------------------------------------------------


def _calendar(request: web.Request) -> dict[str, Any]:
    port, asker, told = frame.desk(request).port, frame.who(request), request.query
    current = read_moment(port.now())
    start = current - current % _HOUR_MS
    if told.get("day"):
        start = _moment(told["day"] + "T00:00:00.000Z")
    days = int(told["days"]) if told.get("days", "") in map(str, DAYS) else 31
    since, until = moment_text(Moment(start)), moment_text(Moment(start + days * _DAY_MS))
    hour = told.get("hour", "0")
    hours = min(int(hour), days * 24) if hour.isascii() and hour.isdigit() and len(hour) < 6 else 0
    at = moment_text(Moment(start + hours * _HOUR_MS)) if hours else moment_text(Moment(max(start, current)))
    found = port.notices(asker, since, until)
    moving = port.movements(asker)
    rows = [row for row in found.notices if told.get("only") != "1" or in_force(row, at)]
    return frame.frame_values(request, "notices") | {
        "found": found, "by_day": _by_day(rows, since), "at": at, "hour": hours, "days": days, "all_days": DAYS,
        "day": since[:10], "earlier": _day(start - days * _DAY_MS), "later": _day(start + days * _DAY_MS),
        "chart_rows": charting.table(notice_chart.features(found.notices)), 
        "only": told.get("only") == "1", "in_force": in_force, "moving": moving, "query": request.query_string,
    }  # fmt: skip


def in_force(row: NoticeShown, at: str) -> bool:
    """Say whether a notice is in force at a moment."""
    return row.state != "cancelled" and row.since <= at < row.until


def _by_day(rows: Sequence[NoticeShown], since: str) -> list[tuple[str, list[NoticeShown]]]:
    """Put notices under the day on which they begin; those that began before, under the first."""
    days: dict[str, list[NoticeShown]] = {}
    for row in rows:
        days.setdefault(max(row.since, since)[:10], []).append(row)
    return sorted(days.items())


def _moment(text: str) -> int:
    try:
        return read_moment(text)
    except PeerError:
        raise Refused("notices.time", "a day looks like 2026-11-23") from None


def _day(moment: int) -> str:
    return moment_text(Moment(moment))[:10]


async def calendar(request: web.Request) -> web.Response:
    """Show the notices of some days, by day, and what is in force at a moment of them."""
    return frame.page(request, "notices.html", _calendar(request))


async def settle_movement(request: web.Request) -> web.StreamResponse:
    """Keep a movement of ours, or take one out; neither leaves our side."""
    filled = await frame.read_form(request)
    try:
        await frame.desk(request).port.settle_movement(frame.who(request), request.match_info["act"], filled.values)
    except (Refused, Unavailable, PeerError) as error:
        values = _calendar(request) | {"typed": frame.refusal(filled, error)}
        return frame.page(request, "notices.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther("/notices#movements")


async def part(request: web.Request) -> web.Response:
    """Give the list alone, as it is now."""
    return frame.page(request, "_notices.html", _calendar(request))


async def chart(request: web.Request) -> web.Response:
    """Give the areas of some days, by default those from now on."""
    told = request.query
    found = frame.desk(request).port.notices(frame.who(request), told.get("since", ""), told.get("until", ""))
    return charting.answer(notice_chart.features(found.notices))


# --- giving and amending ----------------------------------------------------------------------------------------------


def _form_values(request: web.Request, typed: shown.Typed | None, **more: Any) -> dict[str, Any]:
    values = frame.frame_values(request, "notices")
    rooms = [one for one in values["channels"] if one.id != "line" and one.state == "open" and one.may_write]
    port, asker = frame.desk(request).port, frame.who(request)
    articles = port.articles(asker)
    draft = notice_chart.drafted(more.get("checked"), typed.get("title") if typed else "")
    drawn = notice_chart.features(port.notices(asker, "", "").notices)
    return values | {
        "citable": port.citable_commitments(asker),
        "chart_rows": charting.table(draft + drawn), "draft": charting.geojson(draft) if draft else "",
        "typed": typed, "rooms": rooms, "articles": articles, "kinds": WHAT, "checked": None, "row": None, "cap": False,
    } | more  # fmt: skip


async def form(request: web.Request) -> web.Response:
    """Show the empty form."""
    return frame.page(request, "notice_form.html", _form_values(request, None))


async def give(request: web.Request) -> web.StreamResponse:
    """Check, give, or fill the form from a CAP message, by the button that was pressed."""
    filled = await frame.read_form(request)
    port, asker, act, channel = frame.desk(request).port, frame.who(request), filled.get("act"), filled.get("channel")
    try:
        if act == "read":
            told = filled.values | port.read_cap(asker, filled.get("cap"))
            return frame.page(request, "notice_form.html", _form_values(request, shown.Typed(values=told)))
        if act == "check":
            checked = port.check_notice(asker, channel, filled.values)
            values = _form_values(request, shown.Typed(values=filled.values), checked=checked)
            return frame.page(request, "notice_form.html", values)
        subject = await port.give_notice(asker, channel, filled.values)
    except (Refused, Unavailable, PeerError) as error:
        values = _form_values(request, frame.refusal(filled, error), cap=act == "read")
        return frame.page(request, "notice_form.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(_path(channel, subject))


async def amend_form(request: web.Request) -> web.Response:
    """Show the form with the words in force, to be changed."""
    row = _row(request)
    told = {name: str(getattr(row, name)) for name in _FIELDS} | {
        "since": row.since[:16], "until": row.until[:16], "area": row.area_text, "low": _level(row.low_m),
        "high": _level(row.high_m), "number": row.number,
        "book": f"{row.basis_book}/{row.basis_version}/{row.basis_article}" if row.basis_book else "",
        "commitment": f"{row.commitment.channel} {row.commitment.subject}" if row.commitment else "",
    }  # fmt: skip
    if row.basis_book:
        told["basis"] = ""
    if row.what not in WHAT:
        told["other"] = row.what
    return frame.page(request, "notice_form.html", _form_values(request, shown.Typed(values=told), row=row))


def _level(metres: int | None) -> str:
    return "" if metres is None else f"{metres} m"


# --- one notice -------------------------------------------------------------------------------------------------------


def _row(request: web.Request) -> NoticeShown:
    told = request.match_info
    subject = f"notice/{told['side']}/{told['epoch']}/{told['number']}"
    return frame.desk(request).port.notice(frame.who(request), told["channel"], subject)


def _values(request: web.Request) -> dict[str, Any]:
    row = _row(request)
    rows = charting.table(notice_chart.features(_with_overlaps(request, row)))
    return frame.frame_values(request, "notices") | {"n": row, "chart_rows": rows}


def _with_overlaps(request: web.Request, row: NoticeShown) -> list[NoticeShown]:
    """Give a notice and those it overlaps."""
    port, asker = frame.desk(request).port, frame.who(request)
    others = [one for one in row.overlaps if one.subject not in ("", row.subject)][:_OVERLAPS_DRAWN]
    found = [row]
    for one in others:
        with suppress(Refused):  # the other side may have taken it back this very moment
            found.append(port.notice(asker, one.channel, one.subject))
    return found


async def chart_of_one(request: web.Request) -> web.Response:
    """Give the areas of one notice and of those it overlaps."""
    return charting.answer(notice_chart.features(_with_overlaps(request, _row(request))))


async def show(request: web.Request) -> web.Response:
    """Show one notice, its forms, and what may be said about it."""
    return frame.page(request, "notice.html", _values(request))


async def now(request: web.Request) -> web.Response:
    """Give the notice alone, as it is now."""
    return frame.page(request, "_notice.html", _values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Say the next thing about a notice."""
    filled, told = await frame.read_form(request), request.match_info
    act, channel = told["act"], told["channel"]
    if act not in ACTS:
        raise web.HTTPNotFound
    subject = f"notice/{told['side']}/{told['epoch']}/{told['number']}"
    try:
        await frame.desk(request).port.settle_notice(frame.who(request), channel, subject, act, filled.values)
    except (Refused, Unavailable, PeerError) as error:
        typed, status = frame.refusal(filled, error), frame.refused_status(error)
        if act == "amend":
            return frame.page(request, "notice_form.html", _form_values(request, typed, row=_row(request)), status)
        return frame.page(request, "notice.html", _values(request) | {"typed": typed}, status)
    raise web.HTTPSeeOther(_path(channel, subject))


def _path(channel: str, subject: str) -> str:
    return f"/notices/{channel}/{subject.partition('/')[2]}"


# --- files ------------------------------------------------------------------------------------------------------------


async def feed(request: web.Request) -> web.Response:
    """Give the calendar as a file."""
    body = await frame.desk(request).port.notice_calendar(frame.who(request))
    return _file(body, "text/calendar", "notices.ics")


async def geojson(request: web.Request) -> web.Response:
    """Give the notices of some days as a file."""
    since, until = request.query.get("since", ""), request.query.get("until", "")
    text = frame.desk(request).port.notice_geojson(frame.who(request), since, until)
    return _file(text.encode(), "application/geo+json", "notices.geojson")


async def cap(request: web.Request) -> web.Response:
    """Give one notice as CAP 1.2."""
    told = request.match_info
    subject = f"notice/{told['side']}/{told['epoch']}/{told['number']}"
    text = frame.desk(request).port.notice_cap(frame.who(request), told["channel"], subject)
    return _file(text.encode(), "application/cap+xml", "notice.xml")


def _file(body: bytes, media: str, name: str) -> web.Response:
    return web.Response(
        body=body, content_type=media, charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
