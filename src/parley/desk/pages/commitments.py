"""Commitments: the register, a new one taken from words, and one with both sides' views. Works without script."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley import limits
from parley.actions.commitments import FILTERS
from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.pages.uploads import read_with_files, takes_files
from parley.desk.shown.commitments import SourceForm
from parley.errors import PeerError, Refused, Unavailable
from parley.subjects.commitments.facts import VIEWS

AT: Final = r"/commitments/{channel}/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
_ACTS: Final = "agree|decline|withdraw|view"
_ASKED: Final = ("channel", "source", "part", "from", "to")
_ASKED_CHARS_MAX: Final = 200


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/commitments", show_all),
        web.get("/commitments/list", part_of_list),
        web.get("/commitments/reminders", reminders),
        web.get("/commitments/register.csv", file),
        web.get("/commitments/new", form),
        web.post("/commitments/new", make),
        web.get(AT, show),
        web.get(AT + "/now", part),
        web.post(AT + "/{act:" + _ACTS + "}", settle),
    ]


def path_of(channel: str, subject: str) -> str:
    """Give the page of a commitment."""
    return f"/commitments/{channel}/{subject.partition('/')[2]}"


# --- the register -----------------------------------------------------------------------------------------------------


def _filter(request: web.Request) -> tuple[str, str]:
    which = request.query.get("which", "open")
    return which if which in FILTERS else "open", request.query.get("channel", "")[: limits.CHANNEL_ID_CHARS_MAX]


def _list_values(request: web.Request) -> dict[str, Any]:
    which, channel = _filter(request)
    told = frame.frame_values(request, "commitments")
    titles = {one.id: one.title for one in told["channels"]}
    channel = channel if channel in titles else ""
    found = frame.desk(request).port.commitments(
        frame.who(request), which, channel, _whole(request.query.get("first", ""))
    )
    return told | {"r": found, "which": which, "only": channel, "titles": titles, "page": limits.COMMITMENTS_SHOWN}


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


async def show_all(request: web.Request) -> web.Response:
    """Show the register of all channels, or of one."""
    return frame.page(request, "commitments.html", _list_values(request))


async def part_of_list(request: web.Request) -> web.Response:
    """Give the list alone, as it is now."""
    return frame.page(request, "_commitments.html", _list_values(request))


async def reminders(request: web.Request) -> web.Response:
    """Give what wants our side, for the first page, as it is now."""
    found = frame.desk(request).port.commitment_reminders(frame.who(request))
    values = frame.frame_values(request, "home") | {"reminders": found}
    return frame.page(request, "_commitment_reminders.html", values)


async def file(request: web.Request) -> web.Response:
    """Give the register for a spreadsheet."""
    which, channel = _filter(request)
    body = frame.desk(request).port.commitments_csv(frame.who(request), which, channel)
    headers = {"Content-Disposition": 'attachment; filename="commitments.csv"'}
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)


# --- a new one --------------------------------------------------------------------------------------------------------


def _form_values(request: web.Request, typed: shown.Typed | None, given: dict[str, str]) -> dict[str, Any]:
    source = None
    if given.get("source"):
        source = frame.desk(request).port.commitment_source(
            frame.who(request), given.get("channel", ""), given["source"], given.get("part", "")
        )
        if "words" not in given:
            given = given | _pointed(source, given)
    return frame.frame_values(request, "commitments") | {"typed": typed, "given": given, "source": source}


def _pointed(source: SourceForm, given: dict[str, str]) -> dict[str, str]:
    """Give the words that were pointed at: a stretch of a paragraph, else all of it, and which paragraph it is."""
    one = next((each for each in source.passages if each.part == given.get("part")), source.passages[0])
    first, last = _whole(given.get("from", "")), _whole(given.get("to", ""))
    words = one.text[first - 1 : last].strip() if 0 < first <= last else one.text
    words = words[: limits.NOTE_CHARS_MAX]
    return {"part": one.part, "words": words, "what": given.get("what", words)}


async def form(request: web.Request) -> web.Response:
    """Show the form, filled with the words that were pointed at."""
    given = {name: request.query[name][:_ASKED_CHARS_MAX] for name in _ASKED if name in request.query}
    return frame.page(request, "commitment_form.html", _form_values(request, None, given))


async def make(request: web.Request) -> web.StreamResponse:
    """Propose or promise, and show it."""
    filled = await frame.read_form(request)
    try:
        subject = await frame.desk(request).port.make_commitment(frame.who(request), filled.values)
    except (Refused, Unavailable, PeerError) as error:
        values = _form_values(request, frame.refusal(filled, error), filled.values)
        return frame.page(request, "commitment_form.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(path_of(filled.get("channel"), subject))


# --- one --------------------------------------------------------------------------------------------------------------


def _named(request: web.Request) -> tuple[str, str]:
    parts = request.match_info
    return parts["channel"], f"commitment/{parts['side']}/{parts['epoch']}/{parts['number']}"


def _values(request: web.Request, typed: shown.Typed | None = None) -> dict[str, Any]:
    channel, subject = _named(request)
    whole = frame.desk(request).port.commitment(frame.who(request), channel, subject)
    told = frame.frame_values(request, "commitments")
    titles = {one.id: one.title for one in told["channels"]}
    return told | {
        "w": whole, "c": whole.row, "base": path_of(channel, subject), "typed": typed, "titles": titles,
        "view_states": VIEWS,
    }  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show one commitment, both views side by side."""
    return frame.page(request, "commitment.html", _values(request))


async def part(request: web.Request) -> web.Response:
    """Give what was said of it alone, as it is now."""
    return frame.page(request, "_commitment.html", _values(request))


@takes_files
async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about it."""
    filled, act = frame.Form([]), request.match_info["act"]
    channel, subject = _named(request)
    port, who = frame.desk(request).port, frame.who(request)
    try:
        filled = await read_with_files(request)
        files = [one.partition("|")[0] for one in filled.all("attachment")]
        await port.settle_commitment(who, channel, subject, act, filled.values, files)
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request, frame.refusal(filled, error))
        return frame.page(request, "commitment.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(path_of(channel, subject))
