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
from parley.line.frames import Ahead, open_frame, read_ahead
from parley.record.forks import Placed, differing_pieces, fork_pieces
from parley.record.names import LogId
from parley.record.notes import OWN_ED, Checkpoint
from parley.record.tree import leaf_hash
from parley.storage.port import StoreReads

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
        provable = store.value("ahead-proof", key) is not None
        number = int(key.partition("|")[2])
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
    second, first = store.value("fork-ahead", key), store.value("ahead-proof", key)
    if first is None or second is None:
        raise Refused("record.no-evidence", f"nothing was kept under {key} that proves a fork to others")
    kept = store.value("ahead", key)
    number = int(key.partition("|")[2])
    one, other = _ahead(first), _ahead(second)
    return differing_pieces(
        cards, number, _placed(one, kept[:32] if kept else b""), _placed(other, leaf_hash(other.leaf))
    )


def _head(value: bytes) -> tuple[LogId, Checkpoint, bytes]:
    reader = Reader(decode(value), "fork")
    log = LogId.read(reader.text("log", max_chars=_LOG_CHARS_MAX))
    head = Checkpoint(log, reader.integer("size"), unb64(reader.text("root", max_chars=44), 32))
    return log, head, unb64(reader.text("signature", max_chars=limits.NOTE_BYTES_MAX))


def _ahead(frame: bytes) -> Ahead:
    _, reader, blob = open_frame(frame)
    return read_ahead(reader, blob)


def _placed(ahead: Ahead, id: bytes) -> Placed:
    head = ahead.head
    return Placed(head=Checkpoint(head.log, head.size, head.root), signature=head.signature, id=id, proof=ahead.proof)
