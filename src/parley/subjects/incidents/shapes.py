"""The parts of an incident's view: plain frozen facts.

Owns: their shapes. Does not own: how they come about (view.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.record.names import Ref
from parley.subjects.incidents.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something said: by whom, when by their node's clock, in which words ("" for none) and language ("" not said)."""

    side: str
    person: str
    at: str
    text: str
    language: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one side says happened; `stage` is first or full."""

    side: str
    person: str
    at: str
    stage: str
    report: Report
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file that a side put forward; `taken` and `source` are that side's words ("" not said)."""

    side: str
    person: str
    at: str
    root: str
    size: int
    media: str
    name: str
    taken: str
    source: str
    errors: tuple[tuple[str, str], ...]  # of a file of tracks, as that side states them
    held_at: str  # since when the other side says that it is whole on its disk; "" before


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """How two recordings lie on one clock, as one side says: moment t of its own file is t + ms of the other's.

    Attributes:
        holds: It is the one agreed last for these two files.
    """

    proposed: Said
    own: str
    other: str
    ms: int
    agreed: Said | None
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, or the asking for a meeting, and its answer; `accepted` is None for a question."""

    asked: Said
    meeting: bool
    answer: Said | None
    accepted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One numbered sentence, and the other side's stand: unanswered, agreed, disputed or law-disputed."""

    number: str
    said: Said
    stand: str
    stood: Said | None
    withdrawn: Said | None

    @property
    def agreed(self) -> bool:
        """Say whether it may stand in a list of facts."""
        return self.stand == "agreed" and self.withdrawn is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A sentence of a frozen list, with its number."""

    number: str
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One side's signature of a list; `passkey`: the entry carries the person's own."""

    side: str
    person: str
    at: str
    passkey: bool
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A list of facts as it is to be signed. Signatures hold for its digest, whoever froze it.

    Attributes:
        changed: A statement in it is not agreed any more, or was taken back. What was signed stays signed.
    """

    side: str
    person: str
    at: str
    facts: tuple[Fact, ...]
    digest: str
    signatures: tuple[Signature, ...]
    changed: bool
    ref: Ref

    @property
    def signed(self) -> bool:
        """Say whether both sides signed it."""
        return len({one.side for one in self.signatures}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Another report that one side says tells of the same event; `joined` once the other side agreed."""

    proposed: Said
    channel: str
    other: str
    joined: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closing: jointly, or by one side with reasons; `lifted` by a reopening that had seen it."""

    said: Said
    joint: bool
    lifted: Said | None
