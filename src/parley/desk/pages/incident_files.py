"""Evidence of an incident: choosing files, looking at what is hidden in them, putting them forward, and showing them.

A file goes straight to the node's disk. It crosses only when it is put forward, and then the copy that was chosen.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any, Final

from aiohttp import web

from parley import limits
from parley.actions.evidence_copies import TakenIn
from parley.actions.incident_evidence import Put
from parley.actions.incident_tracks import may_be_tracks
from parley.desk import shown
from parley.desk.pages import frame, incident
from parley.desk.pages.uploads import parts_of, pieces_of, takes_files
from parley.errors import PeerError, Refused, Unavailable
from parley.subjects.incidents.facts import ERRORS

FILES_MAX: Final = 16  # chosen at once
_RANGE: Final = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})?")  # a player that seeks asks for one stretch
# What a browser may show in a page of ours; anything else is only saved. No kind here can run a script.
_SHOWN: Final = frozenset(
    ("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm", "audio/ogg", "audio/mpeg",
     "audio/mp4", "audio/wav", "audio/webm"),
)  # fmt: skip


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get(incident.AT + "/evidence", choose),
        web.post(incident.AT + "/evidence", take),
        web.post(incident.AT + "/evidence/put", put),
        web.get(incident.AT + "/files/{root:[0-9a-f]{64}}", file),
    ]


_Fault = Refused | Unavailable | PeerError
_Left = tuple[tuple[str, _Fault], ...]  # the name of each file that was not taken in, and why not


def _page(
    request: web.Request, taken: tuple[TakenIn, ...], typed: shown.Typed | None, status: int = 200, left: _Left = ()
) -> web.Response:  # fmt: skip
    values: dict[str, Any] = incident.values(request, typed) | {
        "taken": taken,
        "left": left,
        "errors": ERRORS,
        "is_track": may_be_tracks,
    }
    return frame.page(request, "incident_evidence.html", values, status)


async def choose(request: web.Request) -> web.Response:
    """Show the form that asks for files."""
    return _page(request, (), None)


@takes_files
async def take(request: web.Request) -> web.Response:
    """Take files in and show what is hidden in them; one that cannot be taken in is named, and the others stay."""
    port, who = frame.desk(request).port, frame.who(request)
    port.incident(who, request.match_info["channel"], incident.subject_of(request))
    taken: list[TakenIn] = []
    left: list[tuple[str, _Fault]] = []
    async for part in parts_of(request):
        if not part.filename:
            continue
        media = part.headers.get("Content-Type", "application/octet-stream").split(";")[0].strip().lower()
        try:
            if len(taken) >= FILES_MAX:
                raise Refused("incidents.form", f"at most {FILES_MAX} files at once")
            taken.append(await port.take_evidence(who, part.filename, media, pieces_of(part)))
        except (Refused, Unavailable, PeerError) as error:
            left.append((part.filename, error))
    if not taken and not left:
        none = Refused("incidents.form", "no file was chosen")
        return _page(request, (), frame.refusal(frame.Form([]), none), frame.refused_status(none))
    status = max((frame.refused_status(why) for _, why in left), default=200)
    return _page(request, tuple(taken), None, status, tuple(left))


async def put(request: web.Request) -> web.StreamResponse:
    """Put the files forward, each with what is stated of it, and as the copy that was chosen."""
    filled, port, who = await frame.read_form(request), frame.desk(request).port, frame.who(request)
    channel, subject = request.match_info["channel"], incident.subject_of(request)
    roots = list(takewhile(bool, (filled.get(f"root{number}") for number in range(FILES_MAX))))
    evidence = [
        Put(
            root=root if filled.get(f"keep{number}") == "yes" else filled.get(f"clean{number}", root),
            taken=filled.get(f"taken{number}"), source=filled.get(f"source{number}"),
            errors={name: filled.get(f"{name}{number}") for name in ERRORS}, keep=filled.get(f"keep{number}") == "yes",
        )
        for number, root in enumerate(roots)
    ]  # fmt: skip
    try:
        await port.put_evidence(who, channel, subject, evidence, filled.get("note"))
    except (Refused, Unavailable, PeerError) as error:
        taken = tuple(
            [await port.evidence_again(who, root) for root in roots]
        )  # they are on our disk; only words were wrong
        return _page(request, taken, frame.refusal(filled, error), frame.refused_status(error))
    raise web.HTTPSeeOther(incident.path_of(channel, subject) + "#evidence")


async def file(request: web.Request) -> web.StreamResponse:
    """Give a file, or the stretch of it that is asked for; a picture, video or sound of a plain kind is shown."""
    start, last = _stretch(request.headers.get("Range", ""))
    found, chunks = await frame.desk(request).port.incident_file(
        frame.who(request), request.match_info["channel"], incident.subject_of(request), request.match_info["root"],
        (start or 0) // limits.CHUNK_BYTES,
    )  # fmt: skip
    shows = found.media in _SHOWN and request.query.get("save") != "1"
    end = found.size if last is None else min(last + 1, found.size)
    response = web.StreamResponse(status=200 if start is None else 206)
    if start is not None and start >= end:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{found.size}"})
    if start is not None:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    response.content_type = found.media if shows else "application/octet-stream"
    response.content_length = left = end - (start or 0)
    name = "".join(char if char.isascii() and (char.isalnum() or char in ".-_") else "_" for char in found.name)
    response.headers["Content-Disposition"] = f'{"inline" if shows else "attachment"}; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Accept-Ranges"] = "bytes"
    await response.prepare(request)
    skip = (start or 0) % limits.CHUNK_BYTES
    async for piece in chunks:
        part = piece[skip : skip + left]
        skip, left = 0, left - len(part)
        await response.write(part)
        if not left:
            break
    await response.write_eof()
    return response


def _stretch(asked: str) -> tuple[int | None, int | None]:
    """Give the first and the last byte of one stretch (RFC 9110 section 14.1.2); None where it is not asked so."""
    read = _RANGE.fullmatch(asked)
    if read is None or (read[2] and int(read[2]) < int(read[1])):
        return None, None
    return int(read[1]), int(read[2]) if read[2] else None
