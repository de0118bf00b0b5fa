"""One incident to take away: on paper (PDF) in any language of the desk, and its evidence for `parley check`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from aiohttp import web

from parley.desk import incident_sheet
from parley.desk.pages import frame
from parley.desk.pages.incident import AT, subject_of
from parley.desk.pages.message import download
from parley.desk.words import LANGUAGES, Words
from parley.errors import Refused


def routes() -> list[web.RouteDef]:
    """Give the routes of these files."""
    return [web.get(AT + "/{language:[a-z]{2}}.pdf", paper), web.get(AT + "/evidence.parley", evidence)]


def _name(subject: str) -> str:
    return subject.replace("/", "-")


async def paper(request: web.Request) -> web.Response:
    """Give it as PDF; it is set outside the loop, which has calls to carry."""
    language, port = request.match_info["language"], frame.desk(request).port
    if language not in LANGUAGES:
        raise Refused("desk.missing", "There is no such language.")
    subject = subject_of(request)
    at = (frame.who(request), request.match_info["channel"], subject)
    whole, tracks = port.incident(*at), await port.read_tracks(*at)
    data = await asyncio.to_thread(incident_sheet.sheet, whole, tracks, port.sides, Words(language), port.now())
    return web.Response(
        body=data, content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{_name(subject)}-{language}.pdf"'},
    )  # fmt: skip


async def evidence(request: web.Request) -> web.StreamResponse:
    """Give the evidence: a file that `parley check` reads with no node and no network."""
    subject, channel = subject_of(request), request.match_info["channel"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "evidence.parley"
        await frame.desk(request).port.incident_evidence(frame.who(request), channel, subject, path)
        return download(path, _name(subject) + ".parley")
