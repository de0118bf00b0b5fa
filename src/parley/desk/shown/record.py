"""Logs and entries, as a page shows them."""

from __future__ import annotations

from msgspec import Struct


class LogShown(Struct, frozen=True, kw_only=True):
    """One log of the record with its newest signatures by both sides."""

    log: str
    channel: str
    side: str
    epoch: int
    size: int
    root: str
    ours: bool
    cosigned_size: int = 0
    cosigned_at: str | None = None
    pq_size: int = 0


class ForkShown(Struct, frozen=True, kw_only=True):
    """A log of the other side's of which two histories are signed."""

    id: str
    log: str
    number: int
    reason: str
    provable: bool


class LostShown(Struct, frozen=True, kw_only=True):
    """An entry found after its author had to go on without it; it counts in no log."""

    log: str
    number: int
    ours: bool
    at: str = ""
    person: str = ""
    kind: str = ""
    precedence: str = ""
    text: str = ""


class EntryShown(Struct, frozen=True, kw_only=True):
    """One entry, its verdict and what proves it."""

    log: str
    number: int
    id: str
    kind: str
    at: str
    person: str
    subject: str
    status: str = "actual"
    precedence: str = ""
    verdict: str = "valid"
    reason: str = ""
    leaf: str = ""
    proof: tuple[str, ...] = ()
    proof_size: int = 0
    root: str = ""
    cosigned_at: str | None = None
    pq: bool = False
    signatures: tuple[tuple[str, int, str | None], ...] = ()  # own-ed own-pq co-ed co-pq, size, time
