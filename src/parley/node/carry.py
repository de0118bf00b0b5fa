"""The hand-carried file: the same frames as on a link, sealed to the other side, on a stick.

    parley-carry/1 <line> <carry id> <side that wrote it>\n
    then pieces, each behind its length (4 bytes, big-endian) and sealed by HPKE for "carry <line> <id> <number>"
    the last piece is a statement of what the file covers, signed with the writer's cosign key

Always true:
  1. Nothing is taken in before the whole file was opened and its statement checked: half a file is no file.
  2. Every frame then passes the checks of a live link; taking a file in twice changes nothing.
Read first: docs/protocol/carry.md.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from parley import limits
from parley.codec.canonical import decode, encode
from parley.codec.fields import Reader
from parley.codec.text import b64, unb64
from parley.errors import PeerError, Unavailable
from parley.identity import LineIdentity, Party, SigningPair, open_sealed, seal_to, verify
from parley.line.frames import Kind
from parley.link import Lane
from parley.record.names import LogId
from parley.storage.port import StoreReads
from parley.times import Moment

_HEADER = re.compile(rb"parley-carry/1 ([0-9a-f]{32}) ([0-9a-f]{32}) ([a-z][a-z0-9-]{0,31})\n")
_KINDS = frozenset(bytes((kind,)) for kind in (Kind.RUN, Kind.COSIGNED, Kind.SEALED))
_HEADER_BYTES_MAX = 160
_PIECE_BYTES_MAX = limits.FRAME_BYTES_MAX + 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a file covers: for each of the writer's logs, from which entry up to which size; when it was written."""

    id: str
    side: str
    at: Moment
    covers: dict[str, tuple[int, int]]
    frames: int


def _statement(line: str, id: str, covers: dict[str, tuple[int, int]], frames: int, digest: str, at: Moment) -> bytes:
    rows = {log: list(span) for log, span in covers.items()}
    return encode({"at": at, "carry": id, "covers": rows, "digest": digest, "frames": frames, "line": line})


def write_carry(
    path: Path,
    *,
    identity: LineIdentity,
    cosign_pair: SigningPair,
    id: str,
    at: Moment,
    frames: Iterator[bytes],
    covers: dict[str, tuple[int, int]],
) -> Carried:
    """Write the file; a half-written one is removed. Raises Unavailable if the disk fails."""
    line, part = identity.line, path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            out.write(f"parley-carry/1 {line} {id} {identity.ours.side}\n".encode())
            count, digest = 0, hashlib.sha256()
            for frame in frames:
                digest.update(len(frame).to_bytes(4, "big") + frame)
                _put(out, identity, id, count, frame)
                count += 1
            statement = _statement(line, id, covers, count, digest.hexdigest(), at)
            signature = cosign_pair.sign(b"parley-carry/v1\n" + statement)
            last = encode({"signature": b64(signature), "statement": b64(statement)})
            _put(out, identity, id, count, last)
        part.replace(path)
    except OSError as failed:
        part.unlink(missing_ok=True)
        raise Unavailable("carry.disk", f"{path} could not be written: {failed.strerror}; nothing was left") from None
    return Carried(id=id, side=identity.ours.side, at=at, covers=covers, frames=count)


def _put(out: BinaryIO, identity: LineIdentity, id: str, number: int, data: bytes) -> None:
    sealed = seal_to(identity.theirs.seal, data, purpose=f"carry {identity.line} {id} {number}")
    out.write(len(sealed).to_bytes(4, "big") + sealed)


def read_carry(path: Path, *, identity: LineIdentity, seal_key: bytes) -> Carried:
    """Open the whole file and check its statement; raises PeerError `carry.…` naming what is wrong."""
    last, count, digest = ("", "", b""), -1, hashlib.sha256()
    for piece in _pieces(path, identity, seal_key):
        if count >= 0:
            _check_kind(last[2])
            digest.update(len(last[2]).to_bytes(4, "big") + last[2])
        last, count = piece, count + 1
    if count < 0:
        raise PeerError("carry.form", "the file holds nothing")
    id, side, trailer = last
    reader = Reader(decode(trailer, bytes_max=_PIECE_BYTES_MAX), "carry statement", code="carry.truncated")
    statement = unb64(reader.text("statement", max_chars=1_000_000))
    signature = unb64(reader.text("signature", max_chars=88))
    reader.done()
    _check_writer(identity, b"parley-carry/v1\n" + statement, signature)
    said = Reader(decode(statement, bytes_max=_PIECE_BYTES_MAX), "carry statement", code="carry.form")
    if said.text("line", max_chars=32) != identity.line or said.text("carry", max_chars=32) != id:
        raise PeerError("carry.form", "the statement belongs to another file")
    at, frames, covers = said.integer("at"), said.integer("frames"), said.take("covers")
    if said.text("digest", max_chars=64) != digest.hexdigest():
        raise PeerError(
            "carry.form", "the frames in the file are not those its writer signed for; nothing was taken in"
        )
    said.done()
    if frames != count or not isinstance(covers, dict):
        raise PeerError("carry.truncated", f"the statement speaks of {frames} frames, the file has {count}")
    spans: dict[str, tuple[int, int]] = {}
    for log, span in covers.items():
        if not (isinstance(span, list) and len(span) == 2 and all(type(each) is int for each in span)):
            raise PeerError("carry.form", "what the file covers has the wrong form")
        spans[log] = (int(str(span[0])), int(str(span[1])))
    return Carried(id=id, side=side, at=Moment(at), covers=spans, frames=frames)


def _check_writer(identity: LineIdentity, message: bytes, signature: bytes) -> None:
    """The keys in force must have signed it: a former one may be stolen, and counts for what is held already."""
    theirs = identity.theirs
    if any(_signed(former.party, message, signature) for former in identity.formers(theirs.side)):
        raise PeerError(
            "carry.former",
            f"the file is signed with keys of {theirs.side} that were replaced; nothing was taken in."
            " Ask for a new file; if no link was up since, hand them one of ours first: their node must hear of it.",
        )
    verify(theirs.cosign.ed, message, signature, what="carry statement")


def _signed(party: Party, message: bytes, signature: bytes) -> bool:
    try:
        verify(party.cosign.ed, message, signature, what="carry statement")
    except PeerError:
        return False
    return True


def _check_kind(frame: bytes) -> None:
    """A file brings entries and signatures; questions and signals belong to a live link."""
    if frame[:1] not in _KINDS:
        raise PeerError("carry.form", "the file holds a frame that has no place in one; nothing was taken in")


def carried_frames(path: Path, carried: Carried, *, identity: LineIdentity, seal_key: bytes) -> Iterator[bytes]:
    """Give the frames of a file that `read_carry` found whole."""
    for number, (_, _, piece) in enumerate(_pieces(path, identity, seal_key)):
        if number < carried.frames:
            yield piece


async def take_in(
    path: Path,
    *,
    identity: LineIdentity,
    seal_key: bytes,
    store: StoreReads,
    hear: Callable[[str, Lane, bytes], None],
    settled: Callable[[], Awaitable[None]],
) -> Carried:
    """Let a node hear a file of the other side, frame by frame; returns once all it brought is on disk.

    Raises: PeerError `carry.…`: it is no whole file of theirs (nothing was taken in), or `carry.gap` (what fitted was).
    """
    carried = await asyncio.to_thread(read_carry, path, identity=identity, seal_key=seal_key)
    frames = carried_frames(path, carried, identity=identity, seal_key=seal_key)
    while (frame := await asyncio.to_thread(next, frames, None)) is not None:
        hear(f"carry-{carried.id[:8]}", Lane.ORDINARY, frame)
        await settled()
    for name, (_, size) in carried.covers.items():
        held = store.size(LogId.read(name))
        if held < size:
            raise PeerError(
                "carry.gap",
                f"{name}: the file covers it up to {size}, we hold {held}; an earlier file is missing (ask for one with"
                " everything), or the faults say why. What fitted was taken in.",
            )
    return carried


def fitting_key(path: Path, *, identity: LineIdentity, seal_keys: Iterable[bytes]) -> bytes:
    """Give the key that opens the first piece; raises PeerError `carry.…`, of the first key where none fits."""
    closed: PeerError | None = None
    for key in seal_keys:
        try:
            next(_pieces(path, identity, key), None)
        except PeerError as fault:
            if fault.code != "carry.sealed":
                raise
            closed = closed or fault
        else:
            return key
    assert closed is not None
    raise closed


def _pieces(path: Path, identity: LineIdentity, seal_key: bytes) -> Iterator[tuple[str, str, bytes]]:
    try:
        with path.open("rb") as source:
            found = _HEADER.fullmatch(source.readline(_HEADER_BYTES_MAX))
            if found is None:
                raise PeerError("carry.form", "this is not a carry file")
            line, id, side = (part.decode() for part in found.groups())
            if line != identity.line:
                raise PeerError("carry.other-line", "the file belongs to another line")
            if side != identity.theirs.side:
                raise PeerError("carry.own", f"the file was written by {side}: carry it to the other side")
            number = 0
            while length := source.read(4):
                size = int.from_bytes(length, "big")
                if len(length) != 4 or size > _PIECE_BYTES_MAX:
                    raise PeerError(
                        "carry.truncated", f"the file ends within piece {number}, or is damaged; nothing was taken in"
                    )
                sealed = source.read(size)
                if len(sealed) != size:
                    raise PeerError("carry.truncated", f"the file ends within piece {number}; nothing was taken in")
                yield id, side, _opened(seal_key, sealed, f"carry {line} {id} {number}", number)
                number += 1
    except OSError as failed:
        raise Unavailable("carry.disk", f"{path} cannot be read: {failed.strerror}") from None


def _opened(seal_key: bytes, sealed: bytes, purpose: str, number: int) -> bytes:
    try:
        return open_sealed(seal_key, sealed, purpose=purpose)
    except PeerError:
        raise PeerError(
            "carry.sealed",
            f"piece {number} of the file is damaged, or sealed to keys that were ours before; nothing was taken in."
            " Ask for a new file.",
        ) from None
