"""The accounts of a meeting side by side, the words of each with what may be statements; the comparison as a file."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web

from parley.desk import readout_paper
from parley.desk.pages import frame
from parley.desk.pages.readouts import AT, subject_of, values
from parley.desk.security import FILE_POLICY
from parley.desk.shown.readouts import SuggestionShown
from parley.errors import Refused

_MEDIA: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json", "pdf": "application/pdf"}
_SOURCE: Final = "/words/{source:[a-z][a-z0-9-]{0,80}}"


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get(AT + "/compare", compare),
        web.get(AT + "/compare/now", now),
        web.get(AT + "/compare.{form:csv|json|pdf}", file),
        web.get(AT + _SOURCE, words),
    ]


def _values(request: web.Request) -> dict[str, Any]:
    seen = values(request)
    found = frame.desk(request).port.comparison(frame.who(request), seen["r"].channel, seen["r"].subject)
    return seen | {"c": found, "names": {one.id: one.name for one in found.sources}}


async def compare(request: web.Request) -> web.Response:
    """Show by topic what is said by several, by one, or differently."""
    return frame.page(request, "readout_compare.html", _values(request))


async def now(request: web.Request) -> web.Response:
    """Give the comparison alone, as it is now: the other side may confirm its statements while one looks."""
    return frame.page(request, "_readout_compare.html", _values(request))


async def words(request: web.Request) -> web.Response:
    """Show one account with its confirmed statements, and what may be more."""
    seen, source = _values(request), request.match_info["source"]
    found = next((one for one in seen["c"].sources if one.id == source), None)
    if found is None:
        raise Refused("readouts.source", "there is no such account to read here")
    row = seen["r"]
    offered: tuple[SuggestionShown, ...] = ()
    if row.draft is not None:
        offered = frame.desk(request).port.suggestions(frame.who(request), row.channel, row.subject, source)
    more = {"s": found, "offered": offered, "pieces": _pieces(found.text, found.statements)}
    return frame.page(request, "readout_words.html", seen | more)


def _pieces(text: str, statements: Any) -> list[tuple[str, str]]:
    """Cut a text at its confirmed statements, so that each can be led to: (words, name of the place or "")."""
    found, at = [], 0
    for one in sorted(statements, key=lambda each: each.words_start):
        if one.words_start >= at:
            found.append((text[at : one.words_start], ""))
            found.append((text[one.words_start : one.words_end], f"{one.words_start}-{one.words_end}"))
            at = one.words_end
    return [*found, (text[at:], "")]


async def file(request: web.Request) -> web.Response:
    """Give the comparison to keep: only what people confirmed."""
    form, channel = request.match_info["form"], request.match_info["channel"]
    subject = subject_of(request)
    port, asker = frame.desk(request).port, frame.who(request)
    if form == "pdf":
        found = port.comparison(asker, channel, subject)
        data = await asyncio.to_thread(readout_paper.comparison, found, port.sides, frame.words(request))
    else:
        data = port.comparison_file(asker, channel, subject, form)
    name = f"comparison-{subject.replace('/', '-')}.{form}"
    return web.Response(
        body=data,
        headers={
            "Content-Type": _MEDIA[form],
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": FILE_POLICY,
        },
    )
