"""Evidence of an incident: files taken in with their hidden data found, named with what their side states, read back.

Owns: what a person states of a file (when taken, source), the copy that may cross.
Does not own: chunks (actions/files.py, storage/), the reading of pictures (codec/picture.py).
Always true: of a JPEG, PNG or WebP, known by its first bytes, two copies are taken in, and the one without place and
device crosses unless a person says otherwise; of other kinds of file nothing is removed, and the desk says so.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.actions.files import attach, file_facts, file_row
from parley.actions.incident_forms import moment_typed
from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow
from parley.actions.showing import attachment_row
from parley.actions.who import Who, need, need_in
from parley.codec import JsonValue, picture
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.subjects.incidents import IncidentView
from parley.subjects.incidents.facts import ERROR, ERRORS

_TYPED: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """A file already taken in, and what is stated of it as it was typed ("" for nothing): when, source, errors."""

    root: str
    taken: str = ""
    source: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)  # position_m, vertical_m, clock_s: as typed
    keep: bool = False  # of a picture: what is hidden in it crosses too


async def named(node: NodePort, who: Who, evidence: Sequence[Put]) -> list[dict[str, JsonValue]]:
    """Give what an entry says of these files, a picture as the copy that may cross, by whichever door it came."""
    found = []
    for one in evidence:
        root = one.root if one.keep else (await taken_again(node, who, one.root)).clean
        facts = file_facts(node, root)
        if one.taken.strip():
            facts["taken"] = moment_typed(one.taken, node.moment())
        if one.source.strip():
            facts["source"] = make_text(one.source).strip()
        if errors := {name: _error(name, text) for name, text in one.errors.items() if text.strip()}:
            facts["errors"] = errors
        found.append(facts)
    return found


def _error(name: str, text: str) -> JsonValue:
    """Give an error as an entry has it; raises Refused `incidents.form`."""
    plain = text.strip()
    made = f"{float(plain):.1f}" if _TYPED.fullmatch(plain) else ""
    if name not in ERRORS or not ERROR.fullmatch(made) or float(made) > ERRORS[name]:
        most = ERRORS.get(name, 0)
        raise Refused("incidents.form", f"{name[:20]}: expected a number from 0 to {most}, got {plain[:20]!r}")
    return made


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenIn:
    """A file as it was taken in: its own root, that of the copy without hidden data (the same for other kinds)."""

    root: str
    clean: str
    name: str
    media: str
    found: tuple[tuple[str, str], ...]  # what is hidden in it: place, device, taken, other
    read: bool  # we can look into this kind of file
    taken: str  # the moment the camera wrote, in the form it is typed; "" for none


async def take_in(node: NodePort, who: Who, *, name: str, media: str, content: AsyncIterable[bytes]) -> TakenIn:
    """Take a file in; of a picture also the copy without hidden data. Raises Refused `incidents.picture`."""
    need(who, "draft")
    head, content = await _begun(content)
    kind = picture.kind(head)
    if not kind:
        row = await attach(node, who, name=name, media=media, content=content)
        return TakenIn(root=row.root, clean=row.root, name=row.name, media=row.media, found=(), read=False, taken="")
    data = await _whole(content)
    try:
        clean, hidden = await asyncio.to_thread(picture.strip, data)
    except PeerError as fault:
        raise Refused("incidents.picture", f"{name[:80]}: {fault.sentence}") from None
    first = await attach(node, who, name=name, media=kind, content=_pieces(data))
    second = first if clean == data else await attach(node, who, name=name, media=kind, content=_pieces(clean))
    return TakenIn(
        root=first.root, clean=second.root, name=first.name, media=kind, found=hidden.told, read=True,
        taken=hidden.taken,
    )  # fmt: skip


async def taken_again(node: NodePort, who: Who, root: str) -> TakenIn:
    """Give a file that was taken in before, with what is hidden in it, so that nobody has to choose it again.

    Raises: Refused `people.right`, `files.unknown`, `incidents.picture`.
    """
    need(who, "draft")
    row = file_row(node, root)
    head, content = await _begun(node.read_attachment(root))
    if not picture.kind(head):
        return TakenIn(root=root, clean=root, name=row.name, media=row.media, found=(), read=False, taken="")
    return await take_in(node, who, name=row.name, media=row.media, content=content)


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


async def _whole(content: AsyncIterable[bytes]) -> bytes:
    data = bytearray()
    async for piece in content:
        data += piece
        if len(data) > limits.EVIDENCE_PICTURE_BYTES_MAX:
            raise Refused(
                "incidents.picture",
                f"a picture of more than {limits.EVIDENCE_PICTURE_BYTES_MAX} bytes is not looked into",
            )
    return bytes(data)


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), limits.CHUNK_BYTES):
        yield data[start : start + limits.CHUNK_BYTES]


async def read_evidence(
    node: NodePort, who: Who, channel: str, subject: str, root: str, first: int = 0
) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
    """Give a file of an incident this person may read, from one of its chunks on; each is checked against the root."""
    if channel == "line":
        need(who, "read")
    else:
        need_in(node, who, "read", channel)
    view = node.book.view(channel, subject)
    found = view.evidence if isinstance(view, IncidentView) else ()
    one = next((each for each in found if each.root == root), None)
    if one is None:
        raise Refused("files.unknown", "this incident names no such file")
    ours = one.side == node.identity.ours.side
    row = attachment_row(node, one.root, one.size, one.media, one.name, one.held_at, ours)
    if not row.here:
        raise Refused("files.not-here", f"{row.here_bytes} of {row.size} bytes are here; the rest is still coming")
    return row, node.read_attachment(root, first)
