"""The record browser: logs, entries, what proves each, and the whole record as one file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from aiohttp import web

from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.security import FILE_POLICY
from parley.errors import Refused

PAGE: Final = 50
_LOG: Final = "/record/{channel:[a-z][a-z0-9-]*}/{side:[a-z][a-z0-9-]*}/{epoch:[0-9]+}"


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/record", show),
        web.get("/record/export.parley", export),
        web.get("/record/forks/{id:[0-9a-f]{16}}.parley", fork),
        web.get(_LOG, log),
        web.get(_LOG + "/{number:[0-9]{1,16}}", entry),
    ]


def _log_text(request: web.Request) -> str:
    at = request.match_info
    return f"{at['channel']}/{at['side']}/{at['epoch']}"


async def show(request: web.Request) -> web.Response:
    """Show every log."""
    port, who = frame.desk(request).port, frame.who(request)
    forks, lost = port.beside_the_logs(who)
    values = {"logs": port.logs(who), "forks": forks, "lost": lost}
    return frame.page(request, "record.html", frame.frame_values(request, "record") | values)


def _find(request: web.Request) -> shown.LogShown:
    for one in frame.desk(request).port.logs(frame.who(request)):
        if one.log == _log_text(request):
            return one
    raise Refused("record.unknown", "There is no such log, or you may not read it.")


async def log(request: web.Request) -> web.Response:
    """Show a stretch of one log; without a place it is the newest."""
    found = _find(request)
    asked = request.query.get("at", "")
    last = max(found.size - PAGE, 0)
    first = int(asked) // PAGE * PAGE if asked.isdecimal() and len(asked) < 17 and asked.isascii() else last
    first = min(first, max(found.size - 1, 0))
    entries = frame.desk(request).port.entries(frame.who(request), found.log, first, PAGE)
    values = frame.frame_values(request, "record") | {"log": found, "entries": entries, "first": first}
    return frame.page(request, "log.html", values)


async def entry(request: web.Request) -> web.Response:
    """Show one entry with its bytes and its proof."""
    number = int(request.match_info["number"])
    found = frame.desk(request).port.entry(frame.who(request), _log_text(request), number)
    return frame.page(request, "entry.html", frame.frame_values(request, "record") | {"entry": found})


async def export(request: web.Request) -> web.StreamResponse:
    """Give the whole record, read from disk as it is sent."""
    desk = frame.desk(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.parley"
        await desk.port.export_record(frame.who(request), path)
        return await _give(request, path, f"{desk.port.sides.ours}-{desk.port.now()[:10]}.parley")


async def fork(request: web.Request) -> web.StreamResponse:
    """Give the proof that the other side signed two histories of a log."""
    desk, id = frame.desk(request), request.match_info["id"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fork.parley"
        await desk.port.export_fork(frame.who(request), id, path)
        return await _give(request, path, f"fork-{id}.parley")


async def _give(request: web.Request, path: Path, name: str) -> web.StreamResponse:
    answer = web.StreamResponse(
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": FILE_POLICY,
        }
    )
    answer.content_length = path.stat().st_size
    await answer.prepare(request)
    with path.open("rb") as file:
        while chunk := file.read(262_144):
            await answer.write(chunk)
    await answer.write_eof()
    return answer
