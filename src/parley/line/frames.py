"""What the two nodes say to each other above a link: one byte of type, a canonical header, then raw bytes.

    type (1) | header length (2, big-endian) | header (canonical JSON object) | blob

Owns: the types, their headers' fields and bounds, and the strict reading of both.
Does not own: framing on a connection and heartbeats (link/), what a frame makes us do (intake, sending, tail).
Always true: reading a frame gives a value or PeerError; nothing is guessed.
Read first: docs/protocol/line.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from parley import limits
from parley.codec.canonical import JsonInput, decode, encode
from parley.codec.fields import Reader
from parley.codec.text import b64, unb64
from parley.errors import PeerError, ensure
from parley.record.names import LogId

HASH_BYTES = 32
_HEADER_BYTES_MAX = 65_535
# A standing or a tail answer names every log of one side in one frame.
HEADS_MAX = limits.LOGS_MAX
# Beside them it names this many logs that are held ahead; with the longest names both still fit one header.
AHEAD_HEADS_MAX = HEADS_MAX // 2
# The last second that the text form of a moment can show: 9999-12-31T23:59:59Z.
_AT_S_MAX = 253_402_300_799


class Kind(IntEnum):
    """The first byte of a frame. 0x00 to 0x0f belong to the link."""

    STANDING = 0x10
    RUN = 0x11
    COSIGNED = 0x12
    SEALED = 0x13
    AHEAD = 0x14
    RECEIPT = 0x15
    TAIL_ASK = 0x16
    TAIL_ANSWER = 0x17
    SIGNAL = 0x18
    WANT = 0x19
    CHUNK = 0x1A
    BACK = 0x1B
    PROGRESS = 0x1C
    VOICE = 0x1D  # its own compact form: voice.py
    PICTURE = 0x1E  # likewise: picture.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A log's author says: these are the first `size` entries; `signature` is its Ed25519 checkpoint signature."""

    log: LogId
    size: int
    root: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Entries `first` up to `first + len(leaves)` of a log, proven to `head`.

    `proof` is the RFC 9162 consistency proof from `first + len(leaves)` to `head.size`; empty if they are equal.
    """

    head: Head
    first: int
    proof: tuple[bytes, ...]
    leaves: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """The other side holds exactly `size` entries of `log` since `at_s`, by its clock.

    `suite` is 1 for Ed25519, 2 for ML-DSA-44.
    """

    log: LogId
    size: int
    root: bytes
    at_s: int
    suite: int
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the sender holds on disk of the receiver's logs, and its own newest heads: to catch up and to spot forks."""

    held: tuple[tuple[LogId, int], ...]
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One urgent entry before its log has arrived, with its inclusion proof to `head`."""

    head: Head
    number: int
    proof: tuple[bytes, ...]
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The sender has this entry, come ahead of its log, on its disk since `at_s`."""

    log: LogId
    number: int
    id: bytes
    at_s: int
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TailAnswer:
    """For a fresh nonce: the highest heads of the asker's logs that the answerer holds, signed by the answerer."""

    nonce: bytes
    heads: tuple[Head, ...]
    signature: bytes
    ahead: tuple[tuple[int, Head], ...] = ()  # of each log: the last entry held ahead of it, and the head it came with


def _frame(kind: Kind, header: dict[str, JsonInput], blob: bytes = b"") -> bytes:
    data = encode(header)
    ensure(len(data) <= _HEADER_BYTES_MAX, "a frame's header outgrew its length field")
    return b"".join((bytes((kind,)), len(data).to_bytes(2, "big"), data, blob))


def _head_value(head: Head) -> list[JsonInput]:
    return [head.log.text, head.size, b64(head.root), b64(head.signature)]


def write_run(run: Run) -> bytes:
    """Give the frame of a run: the blob is each leaf behind its length (4 bytes, big-endian)."""
    header: dict[str, JsonInput] = {
        "first": run.first,
        "head": _head_value(run.head),
        "proof": [b64(part) for part in run.proof],
    }
    parts: list[bytes] = []
    for leaf in run.leaves:
        parts.append(len(leaf).to_bytes(4, "big"))
        parts.append(leaf)
    return _frame(Kind.RUN, header, b"".join(parts))


def write_standing(standing: Standing) -> bytes:
    """Give the frame of a standing."""
    held: list[JsonInput] = [[log.text, size] for log, size in standing.held]
    return _frame(Kind.STANDING, {"heads": [_head_value(head) for head in standing.heads], "held": held})


def write_cosigned(rows: Iterable[Cosigned]) -> bytes:
    """Give the frame of some cosignatures."""
    values: list[JsonInput] = [
        [row.log.text, row.size, b64(row.root), row.at_s, row.suite, b64(row.signature)] for row in rows
    ]
    return _frame(Kind.COSIGNED, {"rows": values})


def write_sealed(heads: Iterable[Head]) -> bytes:
    """Give the frame of ML-DSA-44 checkpoint signatures over heads already sent."""
    return _frame(Kind.SEALED, {"heads": [_head_value(head) for head in heads]})


def write_ahead(ahead: Ahead) -> bytes:
    """Give the frame of an entry sent ahead of its log."""
    header: dict[str, JsonInput] = {
        "head": _head_value(ahead.head),
        "number": ahead.number,
        "proof": [b64(part) for part in ahead.proof],
    }
    return _frame(Kind.AHEAD, header, ahead.leaf)


def write_receipt(receipt: Receipt) -> bytes:
    """Give the frame of a receipt."""
    row: list[JsonInput] = [receipt.log.text, receipt.number, b64(receipt.id), receipt.at_s, b64(receipt.signature)]
    return _frame(Kind.RECEIPT, {"row": row})


def write_tail_ask(nonce: bytes) -> bytes:
    """Ask for the highest heads of our own logs that the peer holds."""
    return _frame(Kind.TAIL_ASK, {"nonce": b64(nonce)})


def write_tail_answer(answer: TailAnswer) -> bytes:
    """Give the frame of a tail answer."""
    header: dict[str, JsonInput] = {
        "ahead": [[number, *_head_value(head)] for number, head in answer.ahead],
        "heads": [_head_value(head) for head in answer.heads],
        "nonce": b64(answer.nonce),
        "signature": b64(answer.signature),
    }
    return _frame(Kind.TAIL_ANSWER, header)


def write_back(log: LogId, first: int) -> bytes:
    """Ask for entries of our own log from `first` on: we lost them."""
    return _frame(Kind.BACK, {"first": first, "log": log.text})


def write_progress(log: LogId, held: int, *, again: bool) -> bytes:
    """Say how far we hold a log of theirs; `again` asks to send from there once more."""
    return _frame(Kind.PROGRESS, {"again": again, "held": held, "log": log.text})


def write_other(kind: Kind, header: dict[str, JsonInput], blob: bytes = b"") -> bytes:
    """Give the frame of a signal, a want or a chunk, whose headers belong to other files."""
    return _frame(kind, header, blob)


def open_frame(frame: bytes) -> tuple[Kind, Reader, bytes]:
    """Take a frame apart: its type, a strict reader over its header, and the blob.

    Raises:
        PeerError: `line.frame` for an unknown type or a wrong length; `codec.…` for a header that is not canonical.
    """
    if len(frame) < 3 or len(frame) > limits.FRAME_BYTES_MAX:
        raise PeerError("line.frame", "a frame has the wrong length", got=len(frame))
    try:
        kind = Kind(frame[0])
    except ValueError:
        raise PeerError("line.frame", f"frame type {frame[0]:#04x} is not one we know", got=frame[0]) from None
    end = 3 + int.from_bytes(frame[1:3], "big")
    if end > len(frame):
        raise PeerError("line.frame", "a frame's header is longer than the frame", got=len(frame))
    header = decode(frame[3:end], bytes_max=_HEADER_BYTES_MAX)
    return kind, Reader(header, f"frame {kind.name}"), frame[end:]


def _wrong(where: str) -> PeerError:
    return PeerError("line.frame", f"{where} does not have the form docs/protocol/line.md gives")


_T = TypeVar("_T")


def _typed(value: object, kind: type[_T], where: str) -> _T:
    if type(value) is not kind:
        raise _wrong(where)
    return value


def _count(value: object, where: str) -> int:
    number = _typed(value, int, where)
    if number < 0:
        raise _wrong(where)
    return number


def _at_s(value: object, where: str) -> int:
    at_s = _typed(value, int, where)
    if not 1 <= at_s <= _AT_S_MAX:
        raise _wrong(where)
    return at_s


def _log(value: object, where: str) -> LogId:
    return LogId.read(_typed(value, str, where))


def _row(value: object, length: int, where: str) -> Sequence[object]:
    row: list[object] = _typed(value, list, where)
    if len(row) != length:
        raise _wrong(where)
    return row


def _read_head(value: object, where: str, *, signature_bytes: int = 64) -> Head:
    row = _row(value, 4, where)
    return Head(
        log=_log(row[0], where),
        size=_count(row[1], where),
        root=unb64(_typed(row[2], str, where), HASH_BYTES),
        signature=unb64(_typed(row[3], str, where), signature_bytes),
    )


def _read_proof(value: object, where: str) -> tuple[bytes, ...]:
    parts = _typed(value, list, where)
    if len(parts) > limits.PROOF_HASHES_MAX + 1:
        raise _wrong(where)
    return tuple(unb64(_typed(part, str, where), HASH_BYTES) for part in parts)


def _read_rows(reader: Reader, name: str) -> list[object]:
    rows = _typed(reader.take(name), list, name)
    if len(rows) > 2 * HEADS_MAX:
        raise _wrong(name)
    return rows


def read_run(reader: Reader, blob: bytes) -> Run:
    """Read a run; bounds: 1 to 256 leaves of at most 64 KiB each, 1 MiB together (one larger leaf may go alone)."""
    head = _read_head(reader.take("head"), "$.head")
    first = _count(reader.take("first"), "$.first")
    proof = _read_proof(reader.take("proof"), "$.proof")
    reader.done()
    leaves: list[bytes] = []
    at, end = 0, len(blob)
    while at < end:
        size = int.from_bytes(blob[at : at + 4], "big")
        if size > limits.ENTRY_BYTES_MAX or at + 4 + size > end or len(leaves) == limits.RUN_ENTRIES_MAX:
            raise PeerError("line.size", "a run holds a leaf or a count beyond its bound", got=size)
        leaves.append(blob[at + 4 : at + 4 + size])
        at += 4 + size
    if not leaves:
        raise PeerError("line.size", "a run without entries", got=0)
    return Run(head=head, first=first, proof=proof, leaves=tuple(leaves))


def read_standing(reader: Reader) -> Standing:
    """Read a standing."""
    heads = tuple(_read_head(row, "$.heads") for row in _read_rows(reader, "heads"))
    held = []
    for value in _read_rows(reader, "held"):
        row = _row(value, 2, "$.held")
        held.append((_log(row[0], "$.held"), _count(row[1], "$.held")))
    reader.done()
    return Standing(held=tuple(held), heads=heads)


def read_cosigned(reader: Reader) -> list[Cosigned]:
    """Read some cosignatures."""
    rows = []
    for value in _read_rows(reader, "rows"):
        row = _row(value, 6, "$.rows")
        suite = _count(row[4], "$.rows")
        if suite not in (1, 2):
            raise _wrong("$.rows")
        rows.append(
            Cosigned(
                log=_log(row[0], "$.rows"),
                size=_count(row[1], "$.rows"),
                root=unb64(_typed(row[2], str, "$.rows"), HASH_BYTES),
                at_s=_at_s(row[3], "$.rows"),
                suite=suite,
                signature=unb64(_typed(row[5], str, "$.rows"), 64 if suite == 1 else 2420),
            )
        )
    reader.done()
    return rows


def read_sealed(reader: Reader) -> list[Head]:
    """Read ML-DSA-44 checkpoint signatures."""
    heads = [_read_head(row, "$.heads", signature_bytes=2420) for row in _read_rows(reader, "heads")]
    reader.done()
    return heads


def read_ahead(reader: Reader, blob: bytes) -> Ahead:
    """Read an entry sent ahead of its log."""
    head = _read_head(reader.take("head"), "$.head")
    number = _count(reader.take("number"), "$.number")
    proof = _read_proof(reader.take("proof"), "$.proof")
    reader.done()
    if len(blob) > limits.ENTRY_BYTES_MAX:
        raise PeerError("line.size", "an entry ahead of its log is larger than 64 KiB", got=len(blob))
    return Ahead(head=head, number=number, proof=proof, leaf=blob)


def read_receipt(reader: Reader) -> Receipt:
    """Read a receipt."""
    row = _row(reader.take("row"), 5, "$.row")
    reader.done()
    return Receipt(
        log=_log(row[0], "$.row"),
        number=_count(row[1], "$.row"),
        id=unb64(_typed(row[2], str, "$.row"), HASH_BYTES),
        at_s=_at_s(row[3], "$.row"),
        signature=unb64(_typed(row[4], str, "$.row"), 64),
    )


def read_tail_ask(reader: Reader) -> bytes:
    """Read the nonce of a question for our tail."""
    nonce = unb64(_typed(reader.take("nonce"), str, "$.nonce"), HASH_BYTES)
    reader.done()
    return nonce


def read_tail_answer(reader: Reader) -> TailAnswer:
    """Read a tail answer."""
    ahead = []
    for value in _read_rows(reader, "ahead"):
        row = _row(value, 5, "$.ahead")
        ahead.append((_count(row[0], "$.ahead"), _read_head(list(row[1:]), "$.ahead")))
    heads = tuple(_read_head(row, "$.heads") for row in _read_rows(reader, "heads"))
    nonce = unb64(_typed(reader.take("nonce"), str, "$.nonce"), HASH_BYTES)
    signature = unb64(_typed(reader.take("signature"), str, "$.signature"), 64)
    reader.done()
    return TailAnswer(nonce=nonce, heads=heads, signature=signature, ahead=tuple(ahead))


def read_back(reader: Reader) -> tuple[LogId, int]:
    """Read a request for entries of the asker's own log."""
    asked = _log(reader.take("log"), "$.log"), _count(reader.take("first"), "$.first")
    reader.done()
    return asked


def read_progress(reader: Reader) -> tuple[LogId, int, bool]:
    """Read how far the peer holds one of our logs, and whether it wants the rest once more."""
    held = (
        _log(reader.take("log"), "$.log"),
        _count(reader.take("held"), "$.held"),
        _typed(reader.take("again"), bool, "$.again"),
    )
    reader.done()
    return held
