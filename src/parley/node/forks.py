"""Logs of which the other side signed two histories: what was kept of it, and the file that proves it to anybody.

Owns: the list, and choosing the proof. Does not own: noticing a fork (line/intake.py), the form of the proof (record/).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.codec.canonical import decode
from parley.codec.fields import Reader
from parley.codec.text import unb64
from parley.errors import Refused
from parley.identity import Card
from parley.line.frames import Ahead, Head, open_frame, read_ahead
from parley.record.evidence import RecordHashes
from parley.record.forks import Placed, differing_pieces, fork_pieces
from parley.record.names import LogId
from parley.record.notes import OWN_ED, Checkpoint
from parley.record.tree import inclusion_proof, leaf_hash
from parley.storage.port import SignatureRow, StoreReads

_LOG_CHARS_MAX: Final = limits.CHANNEL_ID_CHARS_MAX + limits.SIDE_ID_CHARS_MAX + 14


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkNote:
    """One log that was signed twice. `provable`: what was kept convinces somebody who trusts neither side."""

    key: str  # finds it again
    log: LogId
    size: int  # entries under the head that does not fit; for two entries at one place, its number
    reason: str  # why the log is frozen here, in words; "" while it is not
    provable: bool


def read_forks(store: StoreReads) -> list[ForkNote]:
    """Give every fork of the other side's logs that was kept."""
    frozen = {key: value.decode() for key, value in store.values("frozen", count=limits.LOGS_MAX)}
    found = []
    for key, value in store.values("fork", count=limits.FAULTS_KEPT_MAX):
        log, strange, _ = _head(value)
        if log.text not in frozen:
            continue  # they cosigned something else of ours: only a signature of our own could show a fork of ours
        held = store.root_at(log, strange.size) if strange.size <= store.size(log) else None
        provable = held not in (None, strange.root) and store.signature(log, OWN_ED, at_least=strange.size) is not None
        found.append(ForkNote(key=key, log=log, size=strange.size, reason=frozen[log.text], provable=provable))
    for key, _ in store.values("fork-ahead", count=limits.FAULTS_KEPT_MAX):
        log = LogId.read(key.partition("|")[0])
        number = int(key.partition("|")[2])
        provable = store.value("ahead-proof", key) is not None or _signed(store, log, number) is not None
        found.append(ForkNote(key=key, log=log, size=number, reason=frozen.get(log.text, ""), provable=provable))
    return found


def fork_evidence(store: StoreReads, cards: Sequence[Card], key: str) -> Iterator[bytes]:
    """Give the proof of a kept fork, piece by piece.

    Raises: Refused `record.no-evidence`: there is no such fork, or what was kept shows it to us alone.
    """
    value = store.value("fork", key)
    if value is not None:
        _, strange, signature = _head(value)
        return fork_pieces(store, cards, strange, signature)
    second = store.value("fork-ahead", key)
    if second is None:
        raise Refused("record.no-evidence", f"nothing was kept under {key} that proves a fork to others")
    other = _ahead(second)
    one = _came_first(store, other.head.log, other.number, key)
    placed = Placed(
        head=_checkpoint(other.head), signature=other.head.signature, id=leaf_hash(other.leaf), proof=other.proof
    )
    return differing_pieces(cards, other.number, one, placed)


def _came_first(store: StoreReads, log: LogId, number: int, key: str) -> Placed:
    """Give the entry that the second one stands against: held ahead of its log, or in the log itself."""
    first, kept = store.value("ahead-proof", key), store.value("ahead", key)
    if first is not None and kept is not None:
        ahead = _ahead(first)
        return Placed(head=_checkpoint(ahead.head), signature=ahead.head.signature, id=kept[:32], proof=ahead.proof)
    row = _signed(store, log, number)
    if row is None:
        raise Refused("record.no-evidence", f"no signed head of {log.text} reaches entry {number}; nothing to compare")
    proof = inclusion_proof(number, row.size, RecordHashes(store, log))
    head = Checkpoint(log, row.size, row.root)
    return Placed(head=head, signature=row.signature, id=store.ids(log, number, 1)[0], proof=tuple(proof))


def _signed(store: StoreReads, log: LogId, number: int) -> SignatureRow | None:
    """Give a head that the log's author signed over this entry, where we hold the log so far."""
    row = store.signature(log, OWN_ED, at_least=number + 1)
    return row if row is not None and row.size <= store.size(log) else None


def _checkpoint(head: Head) -> Checkpoint:
    return Checkpoint(head.log, head.size, head.root)


def _head(value: bytes) -> tuple[LogId, Checkpoint, bytes]:
    reader = Reader(decode(value), "fork")
    log = LogId.read(reader.text("log", max_chars=_LOG_CHARS_MAX))
    head = Checkpoint(log, reader.integer("size"), unb64(reader.text("root", max_chars=44), 32))
    return log, head, unb64(reader.text("signature", max_chars=limits.NOTE_BYTES_MAX))


def _ahead(frame: bytes) -> Ahead:
    _, reader, blob = open_frame(frame)
    return read_ahead(reader, blob)
