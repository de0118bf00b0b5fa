"""A file taken in as evidence, and the copy of it that may cross: without place, device and the file's own story.

Owns: both copies, what is told of the first, and keeping that so that no file is gone through twice.
Does not own: chunks (actions/files.py, storage/), the forms of files (codec/picture.py, media.py, office.py, pdf.py).
Always true:
  1. What is not looked into, or cannot be followed to its end, is taken in as it is, and that is said of it.
  2. Sound and film of any length are gone through in constant memory; pictures and documents up to a bound.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Final

import msgspec

from parley import limits
from parley.actions.files import attach, file_row
from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow
from parley.actions.who import Who, need
from parley.codec import media as sound
from parley.codec import office, pdf, picture
from parley.codec.exif import Hidden
from parley.errors import PeerError, Refused
from parley.storage.port import ValueRow

_KEPT: Final = "private.evidence"  # space: the root of a file that was gone through
_Strip = Callable[[bytes], tuple[bytes, Hidden]]


class TakenIn(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was taken in: its own root, that of the copy without hidden data (the same where there is none)."""

    root: str
    clean: str
    name: str
    media: str
    found: tuple[tuple[str, str], ...]  # what is hidden in it: place, device, taken, other
    read: bool  # it could be looked into
    taken: str  # the moment the camera wrote, in the form it is typed; "" for none


_taken: Final = msgspec.json.Decoder(TakenIn)


async def take_in(node: NodePort, who: Who, *, name: str, media: str, content: AsyncIterable[bytes]) -> TakenIn:
    """Take a file in, and the copy that may cross. Raises Refused `incidents.picture`."""
    need(who, "draft")
    head, content = await _begun(content)
    if _is_short(head):
        return await _whole(node, who, name, media, head, content)
    scan = _Listening(sound.form_of(head), content)
    row = await attach(node, who, name=name, media=media, content=scan.pieces())
    return await _copy(node, who, row, scan.end())


async def taken_again(node: NodePort, who: Who, root: str) -> TakenIn:
    """Give a file that was taken in before, with what is hidden in it, so that nobody has to choose it again.

    Raises: Refused `people.right`, `files.unknown`, `incidents.picture`.
    """
    need(who, "draft")
    row = file_row(node, root)
    kept = node.store.value(_KEPT, root)
    if kept is not None:
        found = _taken.decode(kept)
        if all(node.attachment_held(each) >= file_row(node, each).size for each in (found.root, found.clean)):
            return found
    head, content = await _begun(node.read_attachment(root))
    if _is_short(head):
        return await _whole(node, who, row.name, row.media, head, content)
    scan = _Listening(sound.form_of(head), content)
    async for _ in scan.pieces():
        pass  # it is here already: only looked through
    return await _copy(node, who, row, scan.end())


def _is_short(head: bytes) -> bool:
    """Say whether a file of this kind is gone through as a whole, in memory: a picture or a document."""
    return bool(picture.kind(head)) or head.startswith((pdf.MAGIC, office.MAGIC))


async def _whole(
    node: NodePort, who: Who, name: str, media: str, head: bytes, content: AsyncIterator[bytes]
) -> TakenIn:
    kind = picture.kind(head)
    if kind:
        return await _in_memory(node, who, name, kind, await _picture(content), picture.strip)
    return await _document(node, who, name, media, content)


async def _document(node: NodePort, who: Who, name: str, media: str, content: AsyncIterator[bytes]) -> TakenIn:
    """Take in a document; a long one, and an archive that is none, as it is."""
    data, rest = await _up_to(content, limits.EVIDENCE_PICTURE_BYTES_MAX)
    strip = pdf.strip if data.startswith(pdf.MAGIC) else office.strip
    if rest is None and (strip is pdf.strip or office.is_office(data)):
        try:
            return await _in_memory(node, who, name, media, data, strip)
        except Refused as fault:
            if fault.code != "incidents.picture":
                raise
    return await _unread(node, await attach(node, who, name=name, media=media, content=_joined(data, rest)))


async def _in_memory(node: NodePort, who: Who, name: str, media: str, data: bytes, strip: _Strip) -> TakenIn:
    try:
        clean, hidden = await asyncio.to_thread(strip, data)
    except PeerError as fault:
        raise Refused("incidents.picture", f"{name[:80]}: {fault.sentence}") from None
    first = await attach(node, who, name=name, media=media, content=_pieces(data))
    second = first if clean == data else await attach(node, who, name=name, media=media, content=_pieces(clean))
    return await _kept(node, first, second.root, hidden.told, hidden.taken)


async def _copy(node: NodePort, who: Who, row: AttachmentRow, traces: sound.Traces | None) -> TakenIn:
    """Make the copy of a film or a recording from the file that is here; None says that it could not be followed."""
    if traces is None:
        return await _unread(node, row)
    clean = row.root
    if traces.blanks:
        painter = sound.Painter(traces.blanks)

        async def painted() -> AsyncIterator[bytes]:
            async for piece in node.read_attachment(row.root):
                yield painter.paint(piece)

        clean = (await attach(node, who, name=row.name, media=row.media, content=painted())).root
    return await _kept(node, row, clean, traces.told, traces.taken)


async def _kept(
    node: NodePort, row: AttachmentRow, clean: str, found: tuple[tuple[str, str], ...], taken: str
) -> TakenIn:
    """Keep what was found of a file, and that there is nothing in its copy but what could not be taken out."""
    made = TakenIn(
        root=row.root, clean=clean, name=row.name, media=row.media, found=found, read=True, taken=taken
    )  # fmt: skip
    rows = [ValueRow(_KEPT, row.root, msgspec.json.encode(made))]
    if clean != row.root:
        left = tuple(one for one in found if one[0] == "left")
        copy = msgspec.structs.replace(made, root=clean, found=left, taken="")
        rows.append(ValueRow(_KEPT, clean, msgspec.json.encode(copy)))
    await node.keep(rows)
    return made


async def _unread(node: NodePort, row: AttachmentRow) -> TakenIn:
    made = TakenIn(
        root=row.root, clean=row.root, name=row.name, media=row.media, found=(), read=False, taken=""
    )  # fmt: skip
    await node.keep([ValueRow(_KEPT, row.root, msgspec.json.encode(made))])
    return made


class _Listening:
    """Goes through a file while it is taken in; one of a form that nobody knows just goes by."""

    def __init__(self, form: sound.Form | None, content: AsyncIterator[bytes]) -> None:
        self._scan = None if form is None else sound.Scan(form)
        self._content = content

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give the file on, as it comes."""
        async for piece in self._content:
            try:
                if self._scan is not None:
                    self._scan.feed(piece)
            except PeerError:
                self._scan = None  # no reason to lose the file: what cannot be followed is not looked into
            yield piece

    def end(self) -> sound.Traces | None:
        """Give what was found; None if the file could not be followed to its end."""
        try:
            return None if self._scan is None else self._scan.end()
        except PeerError:
            return None


async def _begun(content: AsyncIterable[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    """Give the first bytes of a file, and all of it again."""
    pieces, read = aiter(content), b""
    while len(read) < picture.HEAD_BYTES and (piece := await anext(pieces, None)) is not None:
        read += piece

    async def whole() -> AsyncIterator[bytes]:
        if read:
            yield read
        async for piece in pieces:
            yield piece

    return read[: picture.HEAD_BYTES], whole()


async def _up_to(content: AsyncIterator[bytes], most: int) -> tuple[bytes, AsyncIterator[bytes] | None]:
    """Give the whole of a file that is short enough; of a longer one the beginning, and the rest."""
    data = bytearray()
    async for piece in content:
        data += piece
        if len(data) > most:
            return bytes(data), content
    return bytes(data), None


async def _picture(content: AsyncIterator[bytes]) -> bytes:
    data, rest = await _up_to(content, limits.EVIDENCE_PICTURE_BYTES_MAX)
    if rest is not None:
        most = limits.EVIDENCE_PICTURE_BYTES_MAX
        raise Refused("incidents.picture", f"a picture of more than {most} bytes is not looked into")
    return data


async def _joined(data: bytes, rest: AsyncIterator[bytes] | None) -> AsyncIterator[bytes]:
    async for piece in _pieces(data):
        yield piece
    if rest is not None:
        async for piece in rest:
            yield piece


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), limits.CHUNK_BYTES):
        yield data[start : start + limits.CHUNK_BYTES]
