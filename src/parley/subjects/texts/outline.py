"""What the whole of a text needs to know of one unit, kept beside the record so that a large text opens at once.

Owns: `Outline`, and making one from a unit's view. Does not own: keeping it (subjects/parts.py).
Always true: it says nothing that the unit's view does not say, and holds JSON values alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from parley.codec import JsonInput, encode
from parley.subjects.texts.algebra import Piece
from parley.subjects.texts.unit_view import UnitView


class Outline(NamedTuple):
    """One unit in short.

    parent, position, by: Where it stands. words: What a line of the digest says of it, as canonical JSON.
    open_of: By side, how many of its alternatives wait for the other side's answer. marked: Sides that called its
    versions equally authentic. ready: It is clean and given in every language.
    """

    name: str
    level: str
    parent: str
    position: str
    by: str
    status: str
    gone: bool
    ready: bool
    brackets: int
    open_of: dict[str, int]
    marked: list[str]
    words: str


def outline_of(unit: UnitView) -> list[Any]:
    """Give a unit's outline as a list, to be read by `Outline(*…)`."""
    words: JsonInput = dict(unit.words) if unit.digest else {tag: _open(found) for tag, found in unit.content.items()}
    open_of: dict[str, int] = {}
    for one in unit.alternatives.values():
        if one.state == "open":
            open_of[one.side] = open_of.get(one.side, 0) + 1
    place = unit.place
    return [
        unit.name, unit.level, place.parent, place.position, place.by, unit.status, unit.gone, bool(unit.digest),
        unit.brackets, open_of, list(unit.concordant), "" if unit.gone else encode(words).decode(),
    ]  # fmt: skip


def _open(content: Iterable[Piece]) -> JsonInput:
    """Give pieces flat: words as text, an option as [side, how deep, …]; depth and members stay within the codec's."""
    flat: list[JsonInput] = []

    def lay(found: Iterable[Piece], depth: int) -> None:
        for piece in found:
            if isinstance(piece, str):
                flat.append(piece)
                continue
            for option in piece.options:
                flat.append([depth, option.side, option.alternative])
                lay(option.content, depth + 1)
            flat.append([depth])

    lay(content, 0)
    return [hashlib.sha256(encode(flat[at : at + 1000])).hexdigest() for at in range(0, len(flat), 1000)]
