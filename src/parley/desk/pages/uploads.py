"""Forms that bring files along: a file goes straight to the node's disk, and the form names it by its root.

Owns: reading such a form part by part, each field bounded while it comes in. Does not own: what is done with a file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from aiohttp import BodyPartReader, web

from parley.desk.pages import frame
from parley.errors import PeerError, Refused

# Files in one message; the sum of their bytes is bounded by the node's own disk reserve.
FILES_MAX: Final = 16


async def read_with_files(request: web.Request) -> frame.Form:
    """Read a form part by part; each file becomes a field "attachment", its root and name with a bar between."""
    if not request.content_type.startswith("multipart/"):
        return await frame.read_form(request)
    pairs: list[tuple[str, str]] = []
    asker, port = frame.who(request), frame.desk(request).port
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader) or not part.name:
            raise PeerError("desk.form", "the form could not be read")
        if part.filename:
            if sum(name == "attachment" for name, _ in pairs) >= FILES_MAX:
                raise Refused("desk.files", f"A message holds at most {FILES_MAX} files. It was not sent.")
            media = part.headers.get("Content-Type", "application/octet-stream")
            root = await port.attach(asker, part.filename, media, _chunks(part))
            pairs.append(("attachment", f"{root}|{part.filename}"))
        elif part.name != "files":
            text = await _text(part)
            pairs.append((part.name, text.replace("\r\n", "\n")))
    return frame.Form(pairs)


async def _text(part: BodyPartReader) -> str:
    """Read one field, bounded while it comes in and not after."""
    parts: list[bytes] = []
    left = frame.FIELD_BYTES_MAX
    while not part.at_eof():
        chunk = await part.read_chunk()
        left -= len(chunk)
        if left < 0:
            raise Refused("desk.form", "The text is longer than a message can be. It was not sent.")
        parts.append(chunk)
    try:
        return b"".join(parts).decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise PeerError("desk.form", "a field of the form is not UTF-8") from None


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while not part.at_eof():
        chunk = await part.read_chunk(65_536)
        if chunk:
            yield chunk
