"""What our people noted as a position of a side: words of an entry, under a topic. Private to our side.

Owns: the space `private.positions`. Does not own: which words stand in the entry (actions/positions.py looks).
"""

from __future__ import annotations

from typing import Final

import msgspec

from parley.people import kept
from parley.people.kept import Values
from parley.storage.port import ValueRow

SPACE: Final = "private.positions"


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """Words of an entry that are a side's position on a topic."""

    topic: str
    channel: str
    log: str
    number: int
    words: str
    by: str


_decoder: Final = msgspec.json.Decoder(Noted)


def every(values: Values) -> list[tuple[str, Noted]]:
    """Give every note with its name."""
    return kept.every(values, SPACE, _decoder)


def row(name: str, noted: Noted | None) -> ValueRow:
    """Give the row that stores a note, or removes it."""
    return ValueRow(SPACE, name, None if noted is None else kept.write(noted))
