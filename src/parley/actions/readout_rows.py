"""What the actions hand out about readouts: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from msgspec import Struct

from parley.statements.neutral import Neutral, Warning
from parley.statements.parts import Statement

__all__ = [
    "AccountRow",
    "ContestRow",
    "Neutral",
    "PressRow",
    "ReadoutDraftRow",
    "ReadoutRow",
    "StatementRow",
    "Warning",
]


class ContestRow(Struct, frozen=True, kw_only=True):
    """A contested attribution."""

    by: str
    at: str
    reason: str


class StatementRow(Struct, frozen=True, kw_only=True):
    """A statement with its words."""

    number: int
    place: str  # "<start>-<end>" of the words: its name within its source
    statement: Statement
    words: str
    contests: tuple[ContestRow, ...] = ()


class AccountRow(Struct, frozen=True, kw_only=True):
    """One side's readout, as far as it has come."""

    side: str
    side_name: str
    ours: bool
    state: str  # none | sealed | opened
    digest: str = ""
    sealed_at: str | None = None
    sealed_by: str = ""
    signed: bool = False
    after: bool = False  # sealed by somebody who could have read the other's words
    opened_at: str | None = None
    alone: bool = False  # opened at the agreed time, without the other's seal
    language: str = ""
    text: str = ""
    statements: tuple[StatementRow, ...] = ()
    confirmed_at: str | None = None
    confirmed_by: str = ""
    refused: tuple[tuple[str, str], ...] = ()  # what of this side the record marks not valid: kind, reason


class PressRow(Struct, frozen=True, kw_only=True):
    """A press report beside the readouts; `shared` if it is in the record."""

    id: str
    shared: bool
    ours: bool
    source: str
    date: str
    address: str
    language: str
    text: str


class ReadoutDraftRow(Struct, frozen=True, kw_only=True):
    """Our draft, and where it contradicts the record."""

    text: str
    language: str
    changed_by: str
    changed_at: str | None
    warnings: tuple[Warning, ...]


class ReadoutRow(Struct, frozen=True, kw_only=True):
    """The readouts of one meeting as a desk shows them now."""

    subject: str
    channel: str
    ours: bool
    asked_by: str
    title: str
    date: str
    meeting: str
    open_at: str | None
    time_agreed_at: str | None
    status: str
    at: str
    state: str  # asked | sealed-by-one | sealed | opened-by-one | opened
    accounts: tuple[AccountRow, ...]  # ours first
    press: tuple[PressRow, ...]
    facts: Neutral
    draft: ReadoutDraftRow | None  # None for whom drafts are not shown
    signs: bool  # sealing asks for a passkey
    may: frozenset[str] = frozenset()  # of: agree-time draft seal confirm contest press compare
