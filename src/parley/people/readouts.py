"""What our side keeps for itself about readouts: drafts, what is sealed and not opened, the comparison in the making.

Owns: the spaces `private.readouts`, `private.readout-seals` and `private.readout-boards`, and their form.
Does not own: rights (actions/), when a seal is opened (node/readouts.py).
Always true:
  1. Nothing here crosses the line (promise 9). Salt and text of a seal are on our disk before its digest is said.
  2. A seal's row is named by its digest: a second wish to seal never takes the place of the first one's words.
"""

from __future__ import annotations

from typing import Final

import msgspec

from parley.people import kept
from parley.people.kept import Values
from parley.statements.parts import Statement
from parley.storage.port import ValueRow

DRAFTS: Final = "private.readouts"
SEALS: Final = "private.readout-seals"
BOARDS: Final = "private.readout-boards"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Our readout before it is sealed."""

    text: str
    language: str
    changed_by: str
    changed_at: str


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """What a seal of ours is over."""

    text: str
    language: str
    salt: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A press report that stays with us."""

    id: str
    source: str
    date: str
    address: str
    language: str
    text: str


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Two statements that a person laid side by side, each named by source and place: said the same, or differently."""

    first: str
    second: str
    verdict: str  # same | different


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Our comparison of one meeting's accounts, as people confirmed it. A source is a side, or a report's name."""

    marks: dict[str, tuple[Statement, ...]] = {}
    links: tuple[Link, ...] = ()
    reports: tuple[Report, ...] = ()


_draft: Final = msgspec.json.Decoder(Draft)
_sealed: Final = msgspec.json.Decoder(Sealed)
_board: Final = msgspec.json.Decoder(Board)


def draft(values: Values, channel: str, subject: str) -> Draft | None:
    """Give our draft of a meeting's readout."""
    data = values.value(DRAFTS, f"{channel}|{subject}")
    return None if data is None else kept.read(_draft, data)


def draft_row(channel: str, subject: str, held: Draft | None) -> ValueRow:
    """Give the row that stores a draft, or removes it."""
    return ValueRow(DRAFTS, f"{channel}|{subject}", None if held is None else kept.write(held))


def sealed(values: Values, channel: str, subject: str, digest: str) -> Sealed | None:
    """Give what a seal of ours is over; None if this node does not have it (restored from a backup, say)."""
    data = values.value(SEALS, f"{channel}|{subject}|{digest}")
    return None if data is None else kept.read(_sealed, data)


def sealed_row(channel: str, subject: str, digest: str, held: Sealed) -> ValueRow:
    """Give the row that keeps what a seal is over."""
    return ValueRow(SEALS, f"{channel}|{subject}|{digest}", kept.write(held))


def board(values: Values, channel: str, subject: str) -> Board:
    """Give our comparison of a meeting's accounts; an empty one at first."""
    data = values.value(BOARDS, f"{channel}|{subject}")
    return Board() if data is None else kept.read(_board, data)


def board_row(channel: str, subject: str, held: Board) -> ValueRow:
    """Give the row that stores a comparison."""
    return ValueRow(BOARDS, f"{channel}|{subject}", kept.write(held))
