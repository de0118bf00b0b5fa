"""What was recorded of a call: who said yes and stop, both sides' statements, and the voices our node keeps, to hear.

The sound is given in ranges, under a policy of its own, to whoever may read the channel and to nobody else.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from parley.desk.pages import frame
from parley.desk.security import FILE_POLICY
from parley.errors import Refused, Unavailable

_CALL: Final = r"/channels/{channel}/recordings/{side}/{epoch:\d{1,16}}/{at:\d{1,16}}"
_TYPES: Final = {".opus": "audio/ogg", ".wav": "audio/wav"}
_PIECE: Final = 65_536


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get(_CALL, show),
        web.get(_CALL + r"/{number:\d{1,3}}/sound/{file}", sound),
        web.get(_CALL + r"/{number:\d{1,3}}/files", files),
        web.post(_CALL + r"/{number:\d{1,3}}/delete", delete),
    ]


def _subject(request: web.Request) -> str:
    at = request.match_info
    return f"call/{at['side']}/{at['epoch']}/{at['at']}"


async def show(request: web.Request) -> web.Response:
    """Show the recordings of one call."""
    return await _page(request)


async def delete(request: web.Request) -> web.StreamResponse:
    """Delete our copy of one recording, once the box beside the button says that this is meant."""
    form, at = await frame.read_form(request), request.match_info
    try:
        if not form.get("sure"):
            raise Refused("recording.sure", "tick that you mean it; nothing was deleted")
        await frame.desk(request).port.delete_recording(
            frame.who(request), at["channel"], _subject(request), int(at["number"])
        )
    except (Refused, Unavailable) as error:
        return await _page(request, frame.refused_status(error), typed=frame.refusal(form, error))
    raise web.HTTPSeeOther(request.path.rsplit("/", 2)[0])


async def _page(request: web.Request, status: int = 200, **more: Any) -> web.Response:
    channel = frame.find_channel(request, request.match_info["channel"])
    port, asker, subject = frame.desk(request).port, frame.who(request), _subject(request)
    rows = port.recordings(asker, channel.id, subject)
    if not rows:
        raise Refused("recording.unknown", "nothing was recorded of this call")
    kept: dict[int, Any] = {
        one.number: await port.recorded_voices(asker, channel.id, subject, one.number)
        for one in rows if one.state != "running"
    }  # fmt: skip
    values = frame.frame_values(request, "call", channel) | {
        "recordings": rows, "kept": kept, "subject": subject,
        "base": f"/channels/{channel.id}/recordings/{subject.partition('/')[2]}",
    }  # fmt: skip
    return frame.page(request, "recordings.html", values | more, status)


async def sound(request: web.Request) -> web.StreamResponse:
    """Give one voice, or the range of it that was asked for."""
    at = request.match_info
    path = frame.desk(request).port.recorded_sound(
        frame.who(request), at["channel"], _subject(request), int(at["number"]), at["file"]
    )
    return web.FileResponse(
        path,
        headers={
            "Content-Type": _TYPES[path.suffix], "Content-Security-Policy": FILE_POLICY, "Cache-Control": "no-store",
            "Content-Disposition": "inline",
        },
    )  # fmt: skip


async def files(request: web.Request) -> web.StreamResponse:
    """Give everything of one recording as one file, for `parley check` and for any player."""
    at = request.match_info
    name, paths = frame.desk(request).port.recorded_files(
        frame.who(request), at["channel"], _subject(request), int(at["number"])
    )
    answer = web.StreamResponse(
        headers={
            "Content-Type": "application/zip", "Content-Disposition": f'attachment; filename="{name}.zip"',
            "Content-Security-Policy": FILE_POLICY,
        }
    )  # fmt: skip
    await answer.prepare(request)
    pieces = zipped(paths)
    while piece := await asyncio.to_thread(next, pieces, b""):
        await answer.write(piece)
    await answer.write_eof()
    return answer


class _Pipe(io.RawIOBase):
    """Takes what a zip file writes, until it is fetched; it cannot seek, so nothing is held back."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        """It is written to."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes."""
        self.data += data
        return len(data)

    def fetch(self) -> bytes:
        """Give what was written since the last time."""
        data, self.data = bytes(self.data), bytearray()
        return data


def zipped(paths: list[Path]) -> Iterator[bytes]:
    """Give the files as a zip file without compression, piece by piece; nothing is empty but the end."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as whole:
        for path in paths:
            with path.open("rb") as file, whole.open(zipfile.ZipInfo(path.name), "w", force_zip64=True) as into:
                while piece := file.read(_PIECE):
                    into.write(piece)
                    yield pipe.fetch()
    yield pipe.fetch()
