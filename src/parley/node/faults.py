"""The record of faults: what the peer did that the protocol forbids, with the bytes kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass

from parley import limits
from parley.codec.canonical import decode
from parley.codec.fields import Reader
from parley.storage.port import StoreReads
from parley.times import Moment, moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultNote:
    """One broken rule: when it came, by which link, what it was; `evidence` finds the bytes again."""

    at: str
    code: str
    sentence: str
    link: str
    evidence: str


def read_faults(store: StoreReads, count: int) -> list[FaultNote]:
    """Give the newest kept faults, newest first."""
    notes = []
    for key, value in store.values("fault", count=limits.FAULTS_KEPT_MAX):
        size = int.from_bytes(value[:4], "big")
        reader = Reader(decode(value[4 : 4 + size]), "fault")
        at, code = reader.integer("at"), reader.text("code", max_chars=64)
        sentence, link = reader.text("sentence", max_chars=2000), reader.text("link", max_chars=64, min_chars=0)
        notes.append(FaultNote(at=moment_text(Moment(at)), code=code, sentence=sentence, link=link, evidence=key))
    return notes[::-1][:count]
