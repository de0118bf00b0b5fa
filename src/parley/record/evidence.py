"""Writing evidence: one message or incident with all that vouches for it, or a whole record. Forks: forks.py.

Owns: which entries and signatures belong into a file, and their order. Everything comes from a store's reads.
Does not own: the form of the file (form.py), judging it (check.py).
Always true:
  1. What is written checks: entries not yet signed by their author, or whose past we do not hold, stay out.
  2. Memory stays flat: entries pass through in runs.
Read first: docs/protocol/evidence.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from parley import limits
from parley.codec import b64
from parley.errors import PeerError, Refused, Unavailable
from parley.identity import Card
from parley.record.entry import Entry, body_text, read_entry
from parley.record.form import BUNDLE, RECORD, Founding, Writer, founding
from parley.record.names import LogId
from parley.record.notes import (
    CO_ED,
    CO_PQ,
    KINDS,
    OWN_ED,
    OWN_PQ,
    Checkpoint,
    NoteSignature,
    SignatureKind,
    write_note,
)
from parley.record.tree import inclusion_proof

TLOG_PROOF: Final = b"c2sp.org/tlog-proof@v1"
SUPPORTING: Final = frozenset((  # what else is said about a message and belongs beside it
    "message.shown", "message.acknowledged", "message.corrected", "message.cancelled",
    "message.read-back", "message.confirmed", "message.not-confirmed",
))  # fmt: skip
# Of an incident everything belongs beside its report; where there is too much, this comes first, and the earliest.
_FIRST: Final = tuple(
    f"incident.{name}"
    for name in ("reported", "signed", "frozen", "stood", "stated", "unstated", "account", "no-knowledge")
)
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")


Joined = tuple[str, str]  # channel and subject of an incident


class SignatureLike(Protocol):
    """A signature row of a store."""

    @property
    def size(self) -> int: ...
    @property
    def root(self) -> bytes: ...
    @property
    def at_s(self) -> int: ...
    @property
    def signature(self) -> bytes: ...


class FoldLike(Protocol):
    """A fold row of a store."""

    @property
    def log(self) -> LogId: ...
    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def place(self) -> tuple[int, str, int, int]: ...


class RecordReader(Protocol):
    """The reads of a store that evidence needs; storage.StoreReads has them all."""

    def logs(self) -> list[LogId]: ...
    def size(self, log: LogId) -> int: ...
    def leaves(self, log: LogId, first: int, count: int) -> list[bytes]: ...
    def subtree(self, log: LogId, level: int, index: int) -> bytes: ...
    def folded(self, log: LogId) -> int: ...
    def folds(self, log: LogId, first: int, count: int) -> Sequence[FoldLike]: ...
    def signature(self, log: LogId, kind: SignatureKind, *, at_least: int) -> SignatureLike | None: ...
    def signatures(self, log: LogId, kind: SignatureKind, first: int, count: int) -> Sequence[SignatureLike]: ...
    def value(self, space: str, key: str) -> bytes | None: ...
    def parts(self, channel: str, subject: str) -> list[tuple[LogId, int]]: ...
    def recent(
        self, channel: str, kinds: Collection[str], *, before: tuple[int, str, int, int] | None, count: int
    ) -> Sequence[FoldLike]: ...


class RecordHashes:
    """Subtree hashes of one log, as tree.py wants them."""

    def __init__(self, reader: RecordReader, log: LogId) -> None:
        self._reader, self._log = reader, log

    def subtree(self, level: int, index: int) -> bytes:
        return self._reader.subtree(self._log, level, index)


def is_plain(leaf: bytes) -> bool:
    """Say whether a leaf is written as it is: UTF-8 without control characters. All others are written in base64."""
    if _CONTROL.search(leaf) is not None:
        return False
    try:
        leaf.decode()
    except UnicodeDecodeError:
        return False
    return True


def export_evidence(
    reader: RecordReader, cards: Sequence[Card], log: LogId, number: int, path: Path, joined: Sequence[Joined] = ()
) -> int:
    """Write the evidence of one message or incident, and give how many entries it holds, roster entries included.

    Raises: as `bundle_pieces`, and Unavailable `record.evidence-write`.
    """
    places = _gathered(reader, log, number, joined)
    write_pieces(_bundle(reader, founding_of(cards), places), path)
    return len(places)


def export_record(reader: RecordReader, cards: Sequence[Card], path: Path) -> None:
    """Write the whole record; raises as `record_pieces`, and Unavailable `record.evidence-write`."""
    write_pieces(record_pieces(reader, cards), path)


def write_pieces(pieces: Iterable[bytes], path: Path) -> None:
    """Write a file whole or not at all. The shell's part of this room."""
    fresh = path.with_name(path.name + ".part")
    try:
        with fresh.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        fresh.replace(path)
    except OSError as fault:
        raise Unavailable("record.evidence-write", f"{path}: {fault.strerror}; nothing was left there") from None
    finally:
        fresh.unlink(missing_ok=True)


def bundle_pieces(
    reader: RecordReader, cards: Sequence[Card], log: LogId, number: int, joined: Sequence[Joined] = ()
) -> Iterator[bytes]:
    """Give the evidence file of one entry: itself, what is said about it, and the roster entries of who spoke.

    Args:
        cards: Both cards of the founding, then later ones.
        joined: Incidents that were joined to the one it opens; what was said of them stands beside it.
    Raises:
        Refused: record.no-evidence; there is no such entry, or its author's checkpoint over it is not there yet.
    """
    return _bundle(reader, founding_of(cards), _gathered(reader, log, number, joined))


def _gathered(reader: RecordReader, log: LogId, number: int, joined: Sequence[Joined]) -> list[tuple[LogId, int]]:
    """Give the places of a bundle's entries in their order: the one it is about first."""
    entry = _readable(reader, log, number)
    if entry is None or _first(reader, log, OWN_ED, number) is None:
        raise Refused("record.no-evidence", f"{log} has no readable entry {number} under its author's signature")
    others: set[tuple[str, int, LogId]] = set()
    told = [(log, entry)]
    for other, place, said in _beside(reader, entry, joined):
        if (other, place) == (log, number):
            continue
        if any(row.verdict == "not-valid" for row in reader.folds(other, place, 1)):
            continue  # what one side said against the rules must not spoil the other's evidence
        if _first(reader, other, OWN_ED, place) is not None and len(others) < limits.BUNDLE_ABOUT_MAX:
            others.add((other.text, place, other))
            told.append((other, said))
    # Grows: a roster entry may be signed by a person whom another roster entry lists, or repeat keys that one brought.
    for _, said in told:
        for row in _roster_rows(reader, said):
            listing = _readable(reader, row.log, row.number)
            if (row.log.text, row.number, row.log) in others or len(others) >= limits.BUNDLE_ENTRIES_MAX - 1:
                continue
            if listing is not None and _first(reader, row.log, OWN_ED, row.number) is not None:
                others.add((row.log.text, row.number, row.log))
                told.append((row.log, listing))
    return [(log, number), *((other, place) for _, place, other in sorted(others))]


def _bundle(reader: RecordReader, found: Founding, places: Sequence[tuple[LogId, int]]) -> Iterator[bytes]:
    writer = Writer()
    yield writer.header(BUNDLE, found)
    for log, number in places:
        yield from _proofs(reader, writer, found, log, number)
    log, number = places[0]
    receipt = reader.value("receipt", f"{log.text}|{number:016d}")
    if receipt is not None and _first(reader, log, CO_ED, number) is None:  # it went ahead; its log is still to come
        yield writer.put(b"receipt %d %s" % (int.from_bytes(receipt[:8], "big"), b64(receipt[8:]).encode()))
    yield writer.end()


def _beside(reader: RecordReader, entry: Entry, joined: Sequence[Joined]) -> list[tuple[LogId, int, Entry]]:
    """Give what else is said of an entry's subject and belongs beside it, the weightiest first, then of joined."""
    found = []
    for rank, (channel, subject) in enumerate(dict.fromkeys([(entry.channel, entry.subject), *joined])):
        for log, number in reader.parts(channel, subject):
            said = _readable(reader, log, number)
            if said is not None and (said.kind in SUPPORTING or said.kind.startswith("incident.")):
                weight = _FIRST.index(said.kind) if said.kind in _FIRST else len(_FIRST)
                found.append((rank > 0, weight, log, number, said))
    return [(log, number, said) for _, _, log, number, said in sorted(found, key=lambda one: one[:2])]


def record_pieces(reader: RecordReader, cards: Sequence[Card]) -> Iterator[bytes]:
    """Give the whole record as one evidence file: every log up to its author's newest checkpoint that we folded."""
    found = founding_of(cards)
    writer = Writer()
    yield writer.header(RECORD, found)
    for log in sorted(reader.logs(), key=lambda each: each.text):
        end = _signed_end(reader, log)
        if end == 0:
            continue
        yield writer.put(b"log " + log.text.encode())
        done = 0
        for size, note in _notes(reader, found, log, end):
            while done < size:
                leaves = reader.leaves(log, done, min(limits.RUN_ENTRIES_MAX, size - done))
                if not leaves:
                    raise Unavailable("record.evidence-read", f"{log} ends at {done}, though {size} are signed")
                rows = [b"entry " + x if is_plain(x) else b"bytes " + b64(x).encode() for x in leaves]
                yield writer.put(*rows)
                done += len(leaves)
            yield writer.put(b"note")
            yield writer.raw(note + b"\n")
    yield writer.end()


def founding_of(cards: Sequence[Card]) -> Founding:
    return founding([*sorted(cards[:2], key=lambda card: card.party.side), *cards[2:]])


def _readable(reader: RecordReader, log: LogId, number: int) -> Entry | None:
    leaves = reader.leaves(log, number, 1) if 0 <= number < reader.size(log) else []
    if not leaves:
        return None
    try:
        entry = read_entry(leaves[0])
    except PeerError:
        return None
    return entry if (entry.log, entry.number) == (log, number) else None


def _first(reader: RecordReader, log: LogId, kind: SignatureKind, number: int) -> SignatureLike | None:
    return reader.signature(log, kind, at_least=number + 1)


def _roster_rows(reader: RecordReader, said: Entry) -> Iterator[FoldLike]:
    """Find how the roster listed who spoke; of a listing of keys, also the one before it, if it has the same keys."""
    row = _roster_row(reader, said, said.person) if said.person else None
    if row is not None:
        yield row
    if said.kind == "roster.listed" and said.body.get("passkeys") is not None:
        row = _roster_row(reader, said, body_text(said, "person"))
        before = None if row is None else _readable(reader, row.log, row.number)
        if row is not None and before is not None and before.body.get("passkeys") == said.body["passkeys"]:
            yield row


def _roster_row(reader: RecordReader, said: Entry, person: str) -> FoldLike | None:
    """Find how the speaker's side listed a person: the newest listing inside the entry's past."""
    cut = {past.log: past.size for past in said.past} | {said.log: said.number}
    before: tuple[int, str, int, int] | None = None
    subject = f"roster/{said.side}/{person}"
    for _ in range(limits.BUNDLE_ENTRIES_MAX):
        rows = reader.recent("line", ("roster.listed",), before=before, count=100)
        for row in rows:
            mine = row.subject == subject and row.log.side == said.side and row.verdict == "valid"
            if mine and row.number < cut.get(row.log, 0):
                return row
        if not rows:
            return None
        before = rows[-1].place
    return None


def _proofs(reader: RecordReader, writer: Writer, found: Founding, log: LogId, number: int) -> Iterator[bytes]:
    """Give one C2SP tlog-proof for each head whose signatures say something first about this entry."""
    leaf = reader.leaves(log, number, 1)[0]
    hashes = RecordHashes(reader, log)
    rows = [_first(reader, log, kind, number) for kind in (OWN_ED, CO_ED, OWN_PQ, CO_PQ)]
    for size in sorted({row.size for row in rows if row is not None}):
        proof = inclusion_proof(number, size, hashes)
        yield writer.put(
            TLOG_PROOF,
            b"extra " + b64(leaf).encode(),
            b"index %d" % number,
            *(b64(step).encode() for step in proof),
            b"",
        )
        yield writer.raw(_note_at(reader, found, log, size) + b"\n")


def _note_at(reader: RecordReader, found: Founding, log: LogId, size: int) -> bytes:
    """Give the note with every signature kept for exactly this size."""
    rows = {kind: reader.signature(log, kind, at_least=size) for kind in KINDS}
    kept = {kind: row for kind, row in rows.items() if row is not None and row.size == size}
    return _write(found, log, size, kept)


def _write(found: Founding, log: LogId, size: int, kept: dict[SignatureKind, SignatureLike]) -> bytes:
    """Write a note with the keys of the cards under which the signatures were made."""
    root = next(iter(kept.values())).root
    signed = [NoteSignature(kind, row.at_s, row.signature) for kind, row in kept.items() if row.root == root]
    return write_note_of(found, Checkpoint(log, size, root), signed)


def write_note_of(found: Founding, head: Checkpoint, signed: Sequence[NoteSignature]) -> bytes:
    """Write a note whose signatures may be by any card of their side: the one that fits each is found by trying."""
    from parley.record.notes import verify_note_signature  # only here: writing is rare, trying is not its rule

    authors = [party for party in found.parties if party.side == head.log.side]
    others = [party for party in found.parties if party.side != head.log.side]
    if len(found.parties) == 2:
        return write_note(authors[0], others[0], found.line, head, signed)
    body, lines = b"", b""
    for made in sorted(signed, key=lambda each: KINDS.index(each.kind)):
        for author, cosigner in ((a, b) for a in authors for b in others):
            try:
                verify_note_signature(author, cosigner, found.line, head, made)
            except PeerError:
                continue
            body, _, row = write_note(author, cosigner, found.line, head, [made]).partition(b"\n\n")
            lines += row
            break
        else:
            raise Refused("record.no-evidence", f"a signature of {head.log} at {head.size} fits no card given")
    return body + b"\n\n" + lines


def _signed_end(reader: RecordReader, log: LogId) -> int:
    """Give the largest size that the author signed and whose entries are all folded, so that their past is held."""
    folded, end, first = reader.folded(log), 0, 0
    while True:
        rows = reader.signatures(log, OWN_ED, first, 1000)
        for row in rows:
            if row.size > folded:
                return end
            end = row.size
        if not rows:
            return end
        first = rows[-1].size + 1


def _notes(reader: RecordReader, found: Founding, log: LogId, end: int) -> Iterator[tuple[int, bytes]]:
    """Give every kept head up to `end` by size, each with all its signatures, reading in runs."""
    streams = {kind: _stream(reader, log, kind) for kind in KINDS}
    heads = {kind: next(stream, None) for kind, stream in streams.items()}
    while True:
        size = min((row.size for row in heads.values() if row is not None), default=end + 1)
        if size > end:
            return
        kept: dict[SignatureKind, SignatureLike] = {}
        for kind in KINDS:
            row = heads[kind]
            if row is not None and row.size == size:
                kept[kind] = row
                heads[kind] = next(streams[kind], None)
        if size:
            yield size, _write(found, log, size, kept)


def _stream(reader: RecordReader, log: LogId, kind: SignatureKind) -> Iterator[SignatureLike]:
    first = 0
    while True:
        rows = reader.signatures(log, kind, first, 256)
        yield from rows
        if not rows:
            return
        first = rows[-1].size + 1
