"""Files in and out: attachments, evidence and the whole record, each streamed in constant memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote

import msgspec
from aiohttp import web

from parley.actions import files, incident_copies, messages, record
from parley.actions.ports import NodePort
from parley.actions.record_rows import EvidenceFile
from parley.actions.who import Who, need
from parley.errors import Refused, Unavailable
from parley.storage.chunks import RESERVE_BYTES

Bearer = Callable[[NodePort, web.Request], Who]
_MESSAGE = r"/channels/{channel}/messages/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
_INCIDENT = r"/channels/{channel}/incidents/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


def add_routes(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    """Add the routes that carry files."""
    _add_attachments(app, node, bearer)
    _add_evidence(app, node, bearer)
    _add_carrying(app, node, bearer)


def _add_attachments(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    async def attach(request: web.Request) -> web.StreamResponse:
        row = await files.attach(
            node,
            bearer(node, request),
            name=request.query.get("name", ""),
            media=request.query.get("media", "application/octet-stream"),
            content=_chunks(request),
        )
        return web.Response(status=201, body=msgspec.json.encode(row), content_type="application/json")

    async def attachment(request: web.Request) -> web.StreamResponse:
        part = request.match_info
        subject = f"message/{part['side']}/{part['epoch']}/{part['number']}"
        row, chunks = await files.read_attachment(node, bearer(node, request), part["channel"], subject, part["root"])
        response = web.StreamResponse(headers=_download(row.name or "attachment"))
        response.content_type = "application/octet-stream"  # what a peer says its type is decides nothing here
        response.content_length = row.size
        await response.prepare(request)
        async for chunk in chunks:
            await response.write(chunk)
        await response.write_eof()
        return response

    app.router.add_post("/attachments", attach)
    app.router.add_get(_MESSAGE + "/attachments/{root}", attachment)


def _add_evidence(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    async def evidence(request: web.Request) -> web.StreamResponse:
        who, part = bearer(node, request), request.match_info
        subject = f"message/{part['side']}/{part['epoch']}/{part['number']}"
        with tempfile.TemporaryDirectory(prefix="parley-evidence-") as folder:
            path = Path(folder) / "evidence.parley"
            return await _give(request, await messages.evidence(node, who, part["channel"], subject, path))

    async def of_incident(request: web.Request) -> web.StreamResponse:
        who, part = bearer(node, request), request.match_info
        subject = f"incident/{part['side']}/{part['epoch']}/{part['number']}"
        with tempfile.TemporaryDirectory(prefix="parley-evidence-") as folder:
            path = Path(folder) / "evidence.parley"
            return await _give(request, await incident_copies.evidence(node, who, part["channel"], subject, path))

    async def whole(request: web.Request) -> web.StreamResponse:
        who = bearer(node, request)
        with tempfile.TemporaryDirectory(prefix="parley-record-") as folder:
            return await _give(request, await record.export_record(node, who, Path(folder) / "record.parley"))

    async def fork(request: web.Request) -> web.StreamResponse:
        who, id = bearer(node, request), request.match_info["id"]
        with tempfile.TemporaryDirectory(prefix="parley-fork-") as folder:
            return await _give(request, await record.export_fork(node, who, id, Path(folder) / "fork.parley"))

    app.router.add_get(_MESSAGE + "/evidence", evidence)
    app.router.add_get(_INCIDENT + "/evidence.parley", of_incident)
    app.router.add_get("/record.parley", whole)
    app.router.add_get("/record/forks/{id}/evidence", fork)


def _add_carrying(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    async def carry_out(request: web.Request) -> web.StreamResponse:
        who = bearer(node, request)
        asked = request.query.get("whole", "0")
        if asked not in ("0", "1"):
            raise Refused("api.form", f"query whole: expected 0 or 1, got {asked[:40]!r}")
        with tempfile.TemporaryDirectory(prefix="parley-carry-") as folder:
            path = Path(folder) / f"{node.identity.ours.side}.carry"
            await record.carry_out(node, who, path, whole=asked == "1")
            return await _give(request, messages.written(path, 0))

    async def carry_in(request: web.Request) -> web.StreamResponse:
        who = bearer(node, request)
        need(who, "line")  # before a stranger's bytes are written anywhere
        with tempfile.TemporaryDirectory(prefix="parley-carry-") as folder:
            path = Path(folder) / "theirs.carry"
            with path.open("wb") as out:
                async for chunk in _chunks(request):
                    if shutil.disk_usage(folder).free - len(chunk) < RESERVE_BYTES:
                        raise Unavailable("storage.full", "the file would leave too little space for the record")
                    out.write(chunk)
            row = await record.carry_in(node, who, path)
        return web.Response(body=msgspec.json.encode(row), content_type="application/json")

    app.router.add_get("/carry", carry_out)
    app.router.add_post("/carry", carry_in)


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    async for chunk in request.content.iter_chunked(65_536):
        yield chunk


async def _give(request: web.Request, made: EvidenceFile) -> web.StreamResponse:
    """Send a file that is about to be removed: all of it leaves before this returns."""
    path = Path(made.path)
    response = web.StreamResponse(headers=_download(path.name) | {"Parley-SHA256": made.sha256})
    response.content_type = "application/octet-stream"
    response.content_length = made.bytes
    await response.prepare(request)
    with path.open("rb") as source:
        while chunk := source.read(65_536):
            await response.write(chunk)
    await response.write_eof()
    return response


def _download(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
