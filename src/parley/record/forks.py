"""The proof that a log was forked: written so that anybody can check it, and the check itself.

Owns: the two ways to show it. Does not own: keeping what shows it (line/intake.py), the words (telling.py).
Always true: an accusation that this room writes is one that its own check proves.
Read first: docs/protocol/evidence.md, "A fork".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from parley.codec import b64
from parley.errors import PeerError, Refused
from parley.identity import Card
from parley.record.evidence import RecordHashes, RecordReader, founding_of
from parley.record.form import (
    FORK,
    Founding,
    Lines,
    NotProven,
    Writer,
    fault_of,
    read_hashes,
    read_note_lines,
    unb64_line,
)
from parley.record.names import LogId
from parley.record.notes import OWN_ED, Checkpoint, NoteSignature, write_note
from parley.record.tree import consistency_proof, root_at, verify_consistency, verify_inclusion

_DIFFER: Final = re.compile(rb"differ (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class ForkFindings:
    """Two heads of one log that its author signed and that cannot both be true."""

    log: LogId
    side: str
    size: int
    other_size: int
    number: int | None = None  # the entry that is shown to differ, where one is


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An entry's id, proven to lie at a place of a log under a head that the log's author signed with Ed25519."""

    head: Checkpoint
    signature: bytes
    id: bytes
    proof: tuple[bytes, ...]


def fork_pieces(reader: RecordReader, cards: Sequence[Card], strange: Checkpoint, signature: bytes) -> Iterator[bytes]:
    """Give the proof that a log was forked: a head its author signed that is no prefix of the history we hold.

    Raises:
        Refused: record.no-evidence; we hold no signed head that is large enough, or the head is no fork at all.
    """
    log = strange.log
    row = reader.signature(log, OWN_ED, at_least=strange.size)
    if row is None:
        raise Refused("record.no-evidence", f"no signed head of {log} reaches entry {strange.size}; nothing to compare")
    hashes = RecordHashes(reader, log)
    held = root_at(strange.size, hashes)
    if held == strange.root:
        raise Refused("record.no-evidence", f"this head of {log} is a prefix of what we hold: no fork")
    writer = Writer()
    yield from _opening(writer, cards, (strange, signature), (Checkpoint(log, row.size, row.root), row.signature))
    yield writer.put(b"grew " + b64(held).encode())
    yield writer.put(*(b64(step).encode() for step in consistency_proof(strange.size, row.size, hashes)), b"")
    yield writer.end()


def differing_pieces(cards: Sequence[Card], number: int, one: Placed, other: Placed) -> Iterator[bytes]:
    """Give the proof that a log was forked by two different entries at one place of it.

    Raises:
        Refused: record.no-evidence; it is one entry, or they lie in two logs.
    """
    if one.id == other.id or one.head.log != other.head.log:
        raise Refused("record.no-evidence", f"entry {number} of {one.head.log} is one and the same: no fork")
    first, second = sorted((one, other), key=lambda each: each.head.size)
    writer = Writer()
    yield from _opening(writer, cards, (first.head, first.signature), (second.head, second.signature))
    yield writer.put(b"differ %d" % number)
    for each in (first, second):
        yield writer.put(*(b64(step).encode() for step in (each.id, *each.proof)), b"")
    yield writer.end()


def _opening(writer: Writer, cards: Sequence[Card], *heads: tuple[Checkpoint, bytes]) -> Iterator[bytes]:
    found = founding_of(cards)
    side = heads[0][0].log.side
    author, cosigner = found.named(side), found.other(side)
    yield writer.header(FORK, found)
    for head, signature in heads:
        made = NoteSignature(OWN_ED, 0, signature)
        yield writer.raw(write_note(author, cosigner, found.line, head, [made]) + b"\n")


def check_fork(lines: Lines, found: Founding) -> ForkFindings:
    """Check the proof of a fork; raises NotProven if the two heads may well be one history."""
    first, first_signatures, _ = read_note_lines(lines, found)
    second, second_signatures, _ = read_note_lines(lines, found)
    row = lines.next()
    if first.log != second.log or first.size > second.size or first.size == 0:
        raise NotProven("evidence.form", "the two heads are not of one log, the shorter one first")
    for signatures in (first_signatures, second_signatures):
        if not any(signed.kind == OWN_ED for signed in signatures):
            raise NotProven("evidence.unsigned", "a head lacks its author's signature")
    differ = _DIFFER.fullmatch(row)
    if differ is not None:
        number = int(differ[1])
        _check_entries(lines, number, first, second)
        return ForkFindings(first.log, first.log.side, first.size, second.size, number)
    _check_growth(lines, row, first, second)
    return ForkFindings(first.log, first.log.side, first.size, second.size)


def _check_growth(lines: Lines, row: bytes, strange: Checkpoint, held: Checkpoint) -> None:
    if not row.startswith(b"grew "):
        raise NotProven("evidence.form", f"{lines.where}: expected 'grew' and a root, or 'differ' and a number")
    root = unb64_line(lines, row[5:], 32)
    proof = read_hashes(lines)
    lines.finish(lines.next())
    try:
        verify_consistency(strange.size, held.size, root, held.root, proof)
    except PeerError as fault:
        raise fault_of(fault, "the proof of growth") from None
    if root == strange.root:
        raise NotProven("evidence.no-fork", f"the two heads of {held.log} are one history")


def _check_entries(lines: Lines, number: int, *heads: Checkpoint) -> None:
    ids = set()
    for head in heads:
        id, *proof = read_hashes(lines) or [b""]
        try:
            verify_inclusion(id, number, head.size, proof, head.root)
        except PeerError as fault:
            raise fault_of(fault, f"the proof of entry {number}") from None
        ids.add(id)
    lines.finish(lines.next())
    if len(ids) == 1:
        raise NotProven("evidence.no-fork", f"both heads of {heads[0].log} hold the same entry {number}")
