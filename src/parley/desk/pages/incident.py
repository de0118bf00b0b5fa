"""Incidents: the list, the one-screen report, the page with both accounts, and what may be said about one.

Everything here works without script. Files are in incident_files.py, the year in incident_year.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from parley import limits
from parley.actions.incidents import FILTERS
from parley.desk import charting, incident_typed, shown, track_chart
from parley.desk.pages import frame, incident_tracks
from parley.desk.security import local_path
from parley.desk.shown import incidents
from parley.errors import PeerError, Refused, Unavailable

AT: Final = r"/incidents/{channel}/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
ACTS: Final = (
    "account", "no-knowledge", "propose-join", "join", "ask", "answer", "ask-meeting", "answer-meeting", "state",
    "unstate", "stand", "freeze", "sign", "propose-closing", "close", "close-alone", "reopen", "propose-offset",
    "agree-offset",
)  # fmt: skip


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/incidents", show_list),
        web.get("/incidents/list", part_of_list),
        web.get("/incidents/new", form),
        web.post("/incidents/new", report),
        web.get(AT, show),
        web.get(AT + "/all", part),
        web.get(AT + "/evidence/{part:list|videos}", part_of_evidence),
        web.get(AT + "/chart", on_chart),
        *incident_tracks.routes(AT),
        web.get(AT + "/account", account_form),
        web.post(AT + "/look", look),
        web.post(AT + "/seen", seen),
        web.post(AT + "/{act:" + "|".join(ACTS) + "}", settle),
    ]


def subject_of(request: web.Request) -> str:
    """Give the incident named in the path, as the record names it."""
    parts = request.match_info
    return f"incident/{parts['side']}/{parts['epoch']}/{parts['number']}"


def path_of(channel: str, subject: str) -> str:
    """Give the page of an incident."""
    return f"/incidents/{channel}/{subject.partition('/')[2]}"


# --- the list ---------------------------------------------------------------------------------------------------------


def _list_values(request: web.Request) -> dict[str, Any]:
    which = request.query.get("which", "open")
    which = which if which in FILTERS else "open"
    rows = frame.desk(request).port.incidents(frame.who(request), which)
    return frame.frame_values(request, "incidents") | {"rows": rows, "which": which, "filters": FILTERS}


async def show_list(request: web.Request) -> web.Response:
    """Show the incidents: those that are open, wait for us, are overdue, or all."""
    return frame.page(request, "incidents.html", _list_values(request))


async def part_of_list(request: web.Request) -> web.Response:
    """Give the list alone, as it is now."""
    return frame.page(request, "_incident_list.html", _list_values(request))


# --- the report -------------------------------------------------------------------------------------------------------


def _form_values(request: web.Request, typed: shown.Typed | None, *, more: str = "") -> dict[str, Any]:
    port, who = frame.desk(request).port, frame.who(request)
    unit = port.last_unit(who)
    given = incident_typed.typed_unit(0, unit) if unit else {}
    for name in ("u0.course", "u0.speed", "u0.altitude"):  # where it was going last time says nothing about now
        given = {field: value for field, value in given.items() if not field.startswith(name)}
    given |= {"time": port.now()[:19].replace("T", " ")}
    given |= {
        name: value for name, value in request.query.items() if name in ("time", "place", "what", "channel", "tracks")
    }
    return _form(request, typed.values if typed else given, more=more) | {
        "typed": typed, "post": "/incidents/new", "about": None,
    }  # fmt: skip


def _form(request: web.Request, given: Mapping[str, str], *, more: str = "") -> dict[str, Any]:
    """Give what the form shows whether it is a first report or an account; `more` adds a unit or a signal to it."""
    sides, signals = incident_typed.units(given, more=more == "unit"), incident_typed.signals(given)
    new = f"u{len(sides) - 1}" if len(sides) > len(incident_typed.units(given)) else ""
    if more == "signal" and incident_typed.signals(given, more=True) > signals:
        new, signals = f"s{signals}", signals + 1
    port, who = frame.desk(request).port, frame.who(request)
    return frame.frame_values(request, "incidents") | {
        "given": given, "units": sides, "signals": signals, "new": new, "most": limits.INCIDENT_UNITS_MAX,
        "most_signals": limits.INCIDENT_SIGNALS_MAX, "articles": port.articles(who),
        "citable": port.citable_commitments(who),
        "checked": None, "beside": {},
    }  # fmt: skip


async def form(request: web.Request) -> web.Response:
    """Show the one screen of a first report."""
    return frame.page(request, "incident_form.html", _form_values(request, None))


async def report(request: web.Request) -> web.StreamResponse:
    """Report and show how it goes; or check, or add a unit to the form, by the button that was pressed."""
    filled = await frame.read_form(request)
    port, who, act = frame.desk(request).port, frame.who(request), filled.get("act")
    typed = shown.Typed(values=filled.values)
    try:
        if act in ("unit", "signal"):
            return frame.page(request, "incident_form.html", _form_values(request, typed, more=act))
        if act == "check":
            checked = port.check_incident(who, filled.values)
            beside = incident_typed.beside(checked.flags, filled.values)
            told = _form_values(request, typed) | {"checked": checked, "beside": beside}
            return frame.page(request, "incident_form.html", told)
        at = await port.report_incident(who, filled.values)
    except (Refused, Unavailable, PeerError) as error:
        values = _form_values(request, frame.refusal(filled, error))
        return frame.page(request, "incident_form.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(path_of(*at))


# --- one incident -----------------------------------------------------------------------------------------------------


def values(request: web.Request, typed: shown.Typed | None = None) -> dict[str, Any]:
    """Give what the page of one incident shows, read afresh."""
    port, who, channel = frame.desk(request).port, frame.who(request), request.match_info["channel"]
    whole = port.incident(who, channel, subject_of(request))
    told = frame.frame_values(request, "incidents")
    tracks = incident_tracks.now(request, channel, whole.row.subject)
    return told | incident_tracks.values(request, tracks, channel, whole.row.subject) | {
        "w": whole, "i": whole.row, "compare": incidents.compare(*whole.latest), "typed": typed,
        "base": path_of(channel, whole.row.subject), "titles": {one.id: one.title for one in told["channels"]},
        "signs": port.signs(who), "chart_rows": charting.table([*_features(whole), *track_chart.features(tracks)]),
    }  # fmt: skip


def _features(whole: incidents.IncidentWhole) -> list[charting.Feature]:
    """Give the latest position of each side's account."""
    return [
        charting.mark(
            (float(one.latitude), float(one.longitude)), kind="report", label=one.what[:60],
            side="ours" if one.ours else "theirs", since=one.time,
        )
        for one in whole.latest
        if one is not None
    ]  # fmt: skip


async def on_chart(request: web.Request) -> web.Response:
    """Give what the chart of one incident shows."""
    channel = request.match_info["channel"]
    whole = frame.desk(request).port.incident(frame.who(request), channel, subject_of(request))
    tracks = incident_tracks.now(request, channel, whole.row.subject)
    return charting.answer([*_features(whole), *track_chart.features(tracks)])


async def show(request: web.Request) -> web.Response:
    """Show one incident, with both accounts side by side."""
    return frame.page(request, "incident.html", values(request))


async def part(request: web.Request) -> web.Response:
    """Give all of it without the frame, as it is now."""
    return frame.page(request, "_incident.html", values(request))


async def part_of_evidence(request: web.Request) -> web.Response:
    """Give the files, or the two videos on one clock, as they are now: each is put in without touching the other."""
    name = {"list": "_incident_files.html", "videos": "_incident_videos.html"}[request.match_info["part"]]
    return frame.page(request, name, values(request))


async def account_form(request: web.Request) -> web.Response:
    """Show the form of our side's account, filled with what our side said last."""
    return frame.page(request, "incident_form.html", _account_values(request, None))


def _account_values(request: web.Request, typed: shown.Typed | None, *, more: str = "") -> dict[str, Any]:
    told = values(request, typed)
    mine, theirs = told["w"].latest
    given = typed.values if typed else _last_words(mine, theirs, told["w"].row)
    return told | _form(request, given, more=more) | {
        "typed": typed, "post": told["base"] + "/account", "about": told["i"],
    }  # fmt: skip


def _last_words(
    mine: incidents.AccountRow | None, theirs: incidents.AccountRow | None, row: incidents.IncidentRow
) -> dict[str, str]:
    """Give what our side said last; else their time and place: no word of theirs is put into our mouth."""
    if mine is not None:
        return incident_typed.typed_again(mine)
    one = theirs or row
    return {"time": one.time[:19].replace("T", " "), "place": f"{one.latitude} {one.longitude}"}


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about an incident."""
    filled, act = await frame.read_form(request), request.match_info["act"]
    channel, subject = request.match_info["channel"], subject_of(request)
    port, who = frame.desk(request).port, frame.who(request)
    if act == "account" and filled.get("act") in ("unit", "signal"):
        more = _account_values(request, shown.Typed(values=filled.values), more=filled.get("act"))
        return frame.page(request, "incident_form.html", more)
    try:
        await port.settle_incident(who, channel, subject, act, filled.values, filled.all("number"))
    except (Refused, Unavailable, PeerError) as error:
        typed, status = frame.refusal(filled, error), frame.refused_status(error)
        if act == "account":
            return frame.page(request, "incident_form.html", _account_values(request, typed), status)
        return frame.page(request, "incident.html", values(request, typed), status)
    raise web.HTTPSeeOther(path_of(channel, subject) + filled.get("after"))


async def look(request: web.Request) -> web.StreamResponse:
    """Show what signing a list signs, word for word."""
    filled, port = await frame.read_form(request), frame.desk(request).port
    channel, subject = request.match_info["channel"], subject_of(request)
    origin = frame.desk(request).origin.text
    try:
        asked = port.ask_signing(frame.who(request), origin, channel, subject, filled.get("entry"))
    except (Refused, Unavailable, PeerError) as error:
        told = values(request, frame.refusal(filled, error))
        return frame.page(request, "incident.html", told, frame.refused_status(error))
    back = path_of(channel, subject)
    told = frame.frame_values(request, "incidents") | {
        "asked": asked,
        "after": back + "#facts",
        "back": back,
        "m": None,
    }
    return frame.page(request, "binding.html", told)


async def seen(request: web.Request) -> web.StreamResponse:
    """Take a report of theirs off our desks: somebody has seen it."""
    filled = await frame.read_form(request)
    channel = request.match_info["channel"]
    await frame.desk(request).port.clear_report(frame.who(request), channel, subject_of(request))
    raise web.HTTPSeeOther(local_path(filled.get("back") or path_of(channel, subject_of(request))))
