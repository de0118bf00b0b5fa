"""One message: its four facts, its history, what proves it, and what may be done about it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.security import FILE_POLICY
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("acknowledge", "read-back", "confirm", "correct", "cancel", "translate")
_FROM_THREAD: Final = ("acknowledge", "read-back", "confirm")
AT: Final = "/channels/{channel}/{kind:message}/{side}/{epoch:[0-9]+}/{number:[0-9]+}"


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get(AT, show),
        web.get(AT + "/fragment", fragment),
        web.get(AT + "/evidence.parley", evidence),
        web.get(AT + "/files/{root:[0-9a-f]{64}}", file),
        *(web.post(f"{AT}/{act}", settle) for act in ACTS),
    ]


def subject_of(request: web.Request) -> str:
    """Give the subject's id from the address."""
    at = request.match_info
    return f"{at['kind']}/{at['side']}/{at['epoch']}/{at['number']}"


def values(request: web.Request) -> dict[str, Any]:
    """Give what the page shows."""
    channel = frame.find_channel(request, request.match_info["channel"])
    found = frame.desk(request).port.message(frame.who(request), channel.id, subject_of(request))
    return frame.frame_values(request, "message", channel) | {"m": found}


async def show(request: web.Request) -> web.Response:
    """Show the message."""
    return frame.page(request, "message.html", values(request))


async def fragment(request: web.Request) -> web.Response:
    """Give the message alone, as it is now."""
    return frame.page(request, "_message.html", values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about the message."""
    form, subject = await frame.read_form(request), subject_of(request)
    act, channel = request.path.rpartition("/")[2], request.match_info["channel"]
    try:
        await frame.desk(request).port.settle_message(frame.who(request), channel, subject, act, form.values)
    except (Refused, Unavailable, PeerError) as error:
        shown_again = values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "message.html", shown_again, frame.refused_status(error))
    here = f"/channels/{channel}"
    raise web.HTTPSeeOther(f"{here}#m-{subject.replace('/', '-')}" if act in _FROM_THREAD else f"{here}/{subject}")


def download(path: Path, name: str) -> web.Response:
    """Give a small file that is ours, to be saved and not shown."""
    return web.Response(
        body=path.read_bytes(),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": FILE_POLICY},
    )


async def evidence(request: web.Request) -> web.StreamResponse:
    """Give the evidence of this message: a file that `parley check` reads with no node and no network."""
    subject = subject_of(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "evidence.parley"
        await frame.desk(request).port.evidence(frame.who(request), request.match_info["channel"], subject, path)
        return download(path, subject.partition("/")[2].replace("/", "-") + ".parley")


def attached(found: shown.FileShown) -> dict[str, str]:
    """Give the headers of an attachment: the other side's bytes are saved, never opened by the browser itself."""
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": FILE_POLICY,
        "Content-Length": str(found.size),
    }


async def file(request: web.Request) -> web.StreamResponse:
    """Give an attachment, chunk by chunk."""
    at = request.match_info
    found, chunks = await frame.desk(request).port.file(
        frame.who(request), at["channel"], subject_of(request), at["root"]
    )
    answer = web.StreamResponse(headers=attached(found))
    await answer.prepare(request)
    async for chunk in chunks:
        await answer.write(chunk)
    await answer.write_eof()
    return answer
