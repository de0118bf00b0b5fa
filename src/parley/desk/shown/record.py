"""Logs and entries, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class LogShown:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ForkShown:
    """A log of the other side's of which two histories are signed."""

    id: str
    log: str
    number: int
    reason: str
    provable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LostShown:
    """An entry found after its author had to go on without it; it counts in no log."""

    log: str
    number: int
    ours: bool
    at: str = ""
    person: str = ""
    kind: str = ""
    precedence: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryShown:
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
