"""Checkpoints and cosignatures: what the two sides sign, in the forms of C2SP.

Owns: origins, cosigner names, the bytes under each of the four signatures, the text form of a signed note.
Does not own: when to sign (line/), where signatures are kept (storage/), the keys (identity/).
Always true:
  1. `own` signatures are made by the log's author with its log keys and say: this is all I have said here.
     `co` signatures are made by the other side with its cosign keys and say: I hold exactly these bytes, on disk.
  2. Both ML-DSA signatures bind the name of their signer and the origin; both Ed25519 signatures bind the origin.
  3. A note has at most one signature of each kind and none by anybody else: we read no note that says more.
Read first: docs/protocol/checkpoints.md. Source: C2SP signed-note, tlog-checkpoint v1.0.0, tlog-cosignature.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from parley import limits
from parley.codec import b64, unb64
from parley.errors import PeerError, ensure
from parley.identity import Party, SigningPair, verify, verify_pq
from parley.record.names import LogId

SignatureKind = Literal["own-ed", "own-pq", "co-ed", "co-pq"]
OWN_ED: Final = "own-ed"
OWN_PQ: Final = "own-pq"
CO_ED: Final = "co-ed"
CO_PQ: Final = "co-pq"
KINDS: Final[tuple[SignatureKind, ...]] = (OWN_ED, OWN_PQ, CO_ED, CO_PQ)  # also their order in a note

_TYPE_BYTE: Final[dict[SignatureKind, int]] = {
    OWN_ED: 0x01,
    OWN_PQ: 0x06,
    CO_ED: 0x04,
    CO_PQ: 0x06,
}  # C2SP signed-note, "Signature types"
_LABEL: Final = b"subtree/v1\n\x00"
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_TIME_MAX: Final = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second a moment can show


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of one log: how many entries it has and the root over them."""

    log: LogId
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature on a checkpoint; `at_s` (seconds since 1970) is 0 for the author's own kinds."""

    kind: SignatureKind
    at_s: int
    signature: bytes


@lru_cache(maxsize=1024)
def origin(domain: str, line: str, log: LogId) -> str:
    """Give the C2SP origin of a log; `domain` is that of the log's own side."""
    return f"{domain}/parley/{line}/{log.channel}/{log.side}/{log.epoch}"


def cosigner_name(domain: str, line: str, side: str) -> str:
    """Give the C2SP name under which a side cosigns the other's logs on this line."""
    return f"{domain}/parley/{line}/{side}"


def checkpoint_body(log_origin: str, size: int, root: bytes) -> bytes:
    """Give the three lines that a checkpoint signs."""
    ensure(0 <= size <= limits.INTEGER_MAX and len(root) == 32, "a checkpoint needs a size and a 32-byte root")
    return f"{log_origin}\n{size}\n{b64(root)}\n".encode()


def key_id(name: str, type_byte: int, public: bytes) -> bytes:
    """Give the four bytes by which a note names a key (C2SP signed-note, "Signatures")."""
    return hashlib.sha256(name.encode() + b"\n" + bytes((type_byte,)) + public).digest()[:4]


def _ed_message(body: bytes, at_s: int) -> bytes:
    """Give what an Ed25519 cosignature signs (tlog-cosignature, "Ed25519 signed message")."""
    return b"cosignature/v1\ntime %d\n" % at_s + body


def _pq_message(name: str, at_s: int, log_origin: str, size: int, root: bytes) -> bytes:
    """Give what an ML-DSA-44 signature signs (tlog-cosignature, "ML-DSA-44 signed message"), for a whole tree."""
    signer, log_name = name.encode(), log_origin.encode()
    ensure(0 < len(signer) < 256 and 0 < len(log_name) < 256, "a C2SP name must have 1 to 255 bytes")
    return b"".join((
        _LABEL, bytes((len(signer),)), signer, struct.pack(">Q", at_s),
        bytes((len(log_name),)), log_name, struct.pack(">QQ", 0, size), root,
    ))  # fmt: skip


def sign_checkpoint(pair: SigningPair, log_origin: str, size: int, root: bytes) -> bytes:
    """Sign our own head with Ed25519. Whoever signs two that are no prefix of one another has forked the log."""
    return pair.sign(checkpoint_body(log_origin, size, root))


def sign_checkpoint_pq(pair: SigningPair, log_origin: str, size: int, root: bytes) -> bytes:
    """Sign our own head with ML-DSA-44 (time 0: no statement about the time)."""
    return pair.sign_pq(_pq_message(log_origin, 0, log_origin, size, root))


def cosign(pair: SigningPair, log_origin: str, size: int, root: bytes, at_s: int) -> bytes:
    """Cosign the other side's head with Ed25519: all these bytes are on our disk, now (`at_s`, our clock)."""
    return pair.sign(_ed_message(checkpoint_body(log_origin, size, root), at_s))


def cosign_pq(pair: SigningPair, name: str, log_origin: str, size: int, root: bytes, at_s: int) -> bytes:
    """Cosign the other side's head with ML-DSA-44; `name` is our `cosigner_name`, which this form binds."""
    return pair.sign_pq(_pq_message(name, at_s, log_origin, size, root))


def verify_checkpoint(author: Party, line: str, log: LogId, size: int, root: bytes, signature: bytes) -> None:
    """Check the author's Ed25519 signature on a head; raises PeerError `identity.signature`."""
    body = checkpoint_body(_origin_of(author, line, log), size, root)
    verify(author.log.ed, body, signature, what=f"checkpoint {log} at {size}")


def verify_checkpoint_pq(author: Party, line: str, log: LogId, size: int, root: bytes, signature: bytes) -> None:
    """Check the author's ML-DSA-44 signature on a head; raises PeerError `identity.signature`."""
    log_origin = _origin_of(author, line, log)
    message = _pq_message(log_origin, 0, log_origin, size, root)
    verify_pq(author.log.pq, message, signature, what=f"checkpoint {log} at {size}")


def receipt_message(line: str, log: LogId, number: int, id: bytes, at_s: int) -> bytes:
    """Give the bytes a receipt signs."""
    return f"parley-receipt/v1\n{line}\n{log.text}\n{number}\n{id.hex()}\n{at_s}\n".encode()


def verify_cosignature(
    cosigner: Party, author: Party, line: str, log: LogId, size: int, root: bytes, at_s: int, signature: bytes
) -> None:
    """Check the other side's Ed25519 cosignature on a head; raises PeerError `identity.signature`."""
    ensure(cosigner.side != author.side, "a side does not cosign its own log")
    message = _ed_message(checkpoint_body(_origin_of(author, line, log), size, root), at_s)
    verify(cosigner.cosign.ed, message, signature, what=f"cosignature of {log} at {size}")


def verify_cosignature_pq(
    cosigner: Party, author: Party, line: str, log: LogId, size: int, root: bytes, at_s: int, signature: bytes
) -> None:
    """Check the other side's ML-DSA-44 cosignature on a head; raises PeerError `identity.signature`."""
    ensure(cosigner.side != author.side, "a side does not cosign its own log")
    name = cosigner_name(cosigner.domain, line, cosigner.side)
    message = _pq_message(name, at_s, _origin_of(author, line, log), size, root)
    verify_pq(cosigner.cosign.pq, message, signature, what=f"cosignature of {log} at {size}")


def verify_note_signature(
    author: Party, cosigner: Party, line: str, checkpoint: Checkpoint, signed: NoteSignature
) -> None:
    """Check one signature of any of the four kinds; raises PeerError `identity.signature`."""
    log, size, root = checkpoint.log, checkpoint.size, checkpoint.root
    if signed.kind == OWN_ED:
        verify_checkpoint(author, line, log, size, root, signed.signature)
    elif signed.kind == OWN_PQ:
        verify_checkpoint_pq(author, line, log, size, root, signed.signature)
    elif signed.kind == CO_ED:
        verify_cosignature(cosigner, author, line, log, size, root, signed.at_s, signed.signature)
    else:
        ensure(signed.kind == CO_PQ, f"no such kind of signature: {signed.kind}")
        verify_cosignature_pq(cosigner, author, line, log, size, root, signed.at_s, signed.signature)


def write_note(
    author: Party, cosigner: Party, line: str, checkpoint: Checkpoint, signatures: Iterable[NoteSignature]
) -> bytes:
    """Give the signed note: three lines, an empty one, then the signatures in the order own-ed … co-pq.

    Any tool that reads C2SP checkpoints reads it; keys are of type 0x01, 0x06, 0x04, 0x06.
    """
    log_origin = _origin_of(author, line, checkpoint.log)
    lines = []
    for signed in sorted(signatures, key=lambda each: KINDS.index(each.kind)):
        name, keyed = _key_line(signed.kind, author, cosigner, line, log_origin)
        ensure((signed.at_s == 0) == (signed.kind in (OWN_ED, OWN_PQ)), "only cosignatures carry a time")
        stamp = b"" if signed.kind == OWN_ED else struct.pack(">Q", signed.at_s)
        lines.append(f"— {name} {b64(keyed + stamp + signed.signature)}\n")
    ensure(lines and len(lines) == len(set(lines)), "a note needs at least one signature, and none twice")
    return checkpoint_body(log_origin, checkpoint.size, checkpoint.root) + b"\n" + "".join(lines).encode()


def read_note(data: bytes, line: str, parties: Sequence[Party]) -> tuple[Checkpoint, tuple[NoteSignature, ...]]:
    """Read a signed note of this line and check every signature in it.

    Args:
        parties: The cards that may speak on this line; of one side there may be several (keys replaced over time).
    Raises:
        PeerError: record.note (not the one form), record.other-line, record.other-log (an origin that is none of
            ours), record.other-key (a side's name with a key not on its card), identity.signature.
    """
    checkpoint, signatures = parse_note(data, line, parties)
    found = []
    for name, keyed, payload in signatures:
        signed, author, cosigner = _recognise(name, keyed, payload, checkpoint.log, line, parties)
        verify_note_signature(author, cosigner, line, checkpoint, signed)
        found.append(signed)
    kinds = [KINDS.index(signed.kind) for signed in found]
    if kinds != sorted(set(kinds)):
        raise PeerError("record.note", "signatures must come once each, in the order own-ed, own-pq, co-ed, co-pq")
    return checkpoint, tuple(found)


def parse_note(data: bytes, line: str, parties: Sequence[Party]) -> tuple[Checkpoint, list[tuple[str, bytes, bytes]]]:
    """Read a note's form without checking signatures: the head, and (name, key id, rest) of each signature line."""
    if len(data) > limits.NOTE_BYTES_MAX:
        raise PeerError("record.note", f"expected at most {limits.NOTE_BYTES_MAX} bytes, got {len(data)}")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise PeerError("record.note", "a note must be UTF-8") from None
    rows = text.split("\n")
    if len(rows) < 6 or rows[3] != "" or rows[-1] != "" or "" in rows[:3]:
        raise PeerError("record.note", "expected three lines, an empty one, then signature lines")
    log = _log_of(rows[0], line, parties)
    if _DECIMAL.fullmatch(rows[1]) is None or int(rows[1]) > limits.INTEGER_MAX:
        raise PeerError("record.note", "the second line must be a size in plain decimals")
    root = _unb64("the root", rows[2], 32)
    signatures = []
    if len(rows) - 5 > limits.NOTE_SIGNATURES_MAX:
        raise PeerError("record.note", f"expected at most {limits.NOTE_SIGNATURES_MAX} signatures")
    for row in rows[4:-1]:
        dash, _, rest = row.partition(" ")
        name, gap, encoded = rest.partition(" ")
        if dash != "—" or not name or not gap:
            raise PeerError("record.note", "a signature line must be a dash, a name and base64")
        blob = _unb64("a signature", encoded, None)
        signatures.append((name, blob[:4], blob[4:]))
    return Checkpoint(log, int(rows[1]), root), signatures


def _recognise(
    name: str, keyed: bytes, payload: bytes, log: LogId, line: str, parties: Sequence[Party]
) -> tuple[NoteSignature, Party, Party]:
    """Find whose signature this is; C2SP passes over unknown ones, we read no note that says more."""
    authors = [party for party in parties if party.side == log.side]
    others = [party for party in parties if party.side != log.side]
    for kind in KINDS:
        for signer in authors if kind in (OWN_ED, OWN_PQ) else others:
            author, cosigner = (signer, others[0]) if kind in (OWN_ED, OWN_PQ) else (authors[0], signer)
            if (name, keyed) != _key_line(kind, author, cosigner, line, origin(author.domain, line, log)):
                continue
            if kind == OWN_ED:
                return NoteSignature(kind, 0, payload), author, cosigner
            at_s = int.from_bytes(payload[:8], "big")
            if len(payload) < 8 or (at_s == 0) != (kind == OWN_PQ) or at_s > _TIME_MAX:
                raise PeerError("record.note", f"the time of the signature by {name} is out of bounds")
            return NoteSignature(kind, at_s, payload[8:]), author, cosigner
    if any(name in (cosigner_name(p.domain, line, p.side), origin(p.domain, line, log)) for p in parties):
        raise PeerError("record.other-key", f"a signature under {name} is by a key that is not on that side's card")
    raise PeerError("record.note", f"a signature under {name[:100]!r} is by nobody of this line")


def _key_line(kind: SignatureKind, author: Party, cosigner: Party, line: str, log_origin: str) -> tuple[str, bytes]:
    """Give the name and key id that a signature of this kind stands under."""
    if kind in (OWN_ED, OWN_PQ):
        return log_origin, _key_id(log_origin, _TYPE_BYTE[kind], author.log.ed if kind == OWN_ED else author.log.pq)
    name = cosigner_name(cosigner.domain, line, cosigner.side)
    return name, _key_id(name, _TYPE_BYTE[kind], cosigner.cosign.ed if kind == CO_ED else cosigner.cosign.pq)


_key_id: Callable[[str, int, bytes], bytes] = lru_cache(maxsize=4096)(key_id)


def _origin_of(author: Party, line: str, log: LogId) -> str:
    ensure(author.side == log.side, f"{author.side} does not write {log}")
    return origin(author.domain, line, log)


def _log_of(text: str, line: str, parties: Sequence[Party]) -> LogId:
    """Read an origin back into one of this line's logs, and say which part of it is strange."""
    parts = text.split("/")
    if len(parts) != 6 or parts[1] != "parley":
        raise PeerError("record.note", "the first line must be an origin: domain/parley/line/channel/side/epoch")
    if parts[2] != line:
        raise PeerError("record.other-line", "a checkpoint of another line", found=parts[2][:32], line=line)
    try:
        log = LogId.read("/".join(parts[3:]))
    except PeerError as fault:
        raise PeerError("record.note", f"the origin names no log: {fault.sentence}") from None
    if not any(party.side == log.side and party.domain == parts[0] for party in parties):
        raise PeerError("record.other-log", f"the origin of {log} is of no side of this line")
    return log


def _unb64(what: str, text: str, size: int | None) -> bytes:
    try:
        return unb64(text, size)
    except PeerError as fault:
        raise PeerError("record.note", f"{what}: {fault.sentence}") from None
