"""Forms that bring files along: a file goes straight to the node's disk, and the form names it by its root.

Owns: reading such a form part by part, each field bounded while it comes in. Does not own: what is done with a file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

from aiohttp import BodyPartReader, http_exceptions, web

from parley.desk.pages import frame
from parley.errors import PeerError, Refused

# Files in one message; the sum of their bytes is bounded by the node's own disk reserve.
FILES_MAX: Final = 16
_FILES: Final = "multipart/form-data"
_UNREADABLE: Final = (ValueError, LookupError, RuntimeError, AssertionError, http_exceptions.HttpProcessingError)
_taking: Final[set[object]] = set()
_Handler = TypeVar("_Handler", bound=Callable[[web.Request], Awaitable[web.StreamResponse]])


def takes_files(handler: _Handler) -> _Handler:
    """Mark a page that reads its form part by part. Every other form is read, bounded, before its page runs."""
    _taking.add(handler)
    return handler


def may_take_files(request: web.Request) -> bool:
    """Say whether the page that was asked for reads files."""
    return request.match_info.handler in _taking


async def parts_of(request: web.Request) -> AsyncIterator[BodyPartReader]:
    """Give each part of a form with files.

    Raises: PeerError `desk.form` for what is none; the answer is 415 for one of another kind.
    """
    if request.content_type != _FILES:
        raise web.HTTPUnsupportedMediaType
    try:
        reader = await request.multipart()
        for _ in range(frame.FIELDS_MAX):
            part = await reader.next()
            if part is None:
                return
            if not isinstance(part, BodyPartReader):
                break
            yield part
    except _UNREADABLE:
        raise PeerError("desk.form", "the form could not be read") from None
    raise PeerError("desk.form", "the form could not be read, or has too many parts")


async def pieces_of(part: BodyPartReader) -> AsyncIterator[bytes]:
    """Give the bytes of a part as they come in; raises PeerError `desk.form` where they break off."""
    try:
        while not part.at_eof():
            if piece := await part.read_chunk(65_536):
                yield piece
    except _UNREADABLE:
        raise PeerError("desk.form", "a part of the form could not be read") from None


async def read_with_files(request: web.Request) -> frame.Form:
    """Read a form part by part; each file becomes a field "attachment", its root and name with a bar between."""
    if not request.content_type.startswith("multipart/"):
        return await frame.read_form(request)
    pairs: list[tuple[str, str]] = []
    asker, port = frame.who(request), frame.desk(request).port
    async for part in parts_of(request):
        if not part.name:
            raise PeerError("desk.form", "the form could not be read")
        if part.filename:
            if sum(name == "attachment" for name, _ in pairs) >= FILES_MAX:
                raise Refused("desk.files", f"A message holds at most {FILES_MAX} files. It was not sent.")
            media = part.headers.get("Content-Type", "application/octet-stream")
            root = await port.attach(asker, part.filename, media, pieces_of(part))
            pairs.append(("attachment", f"{root}|{part.filename}"))
        elif part.name != "files":
            text = await _text(part)
            pairs.append((part.name, text.replace("\r\n", "\n")))
    return frame.Form(pairs)


async def _text(part: BodyPartReader) -> str:
    """Read one field, bounded while it comes in and not after."""
    parts: list[bytes] = []
    left = frame.FIELD_BYTES_MAX
    async for chunk in pieces_of(part):
        left -= len(chunk)
        if left < 0:
            raise Refused("desk.form", "The text is longer than a message can be. It was not sent.")
        parts.append(chunk)
    try:
        return b"".join(parts).decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise PeerError("desk.form", "a field of the form is not UTF-8") from None
