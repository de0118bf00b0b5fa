"""Where our own forces are to be, as our side alone knows it: held against the other side's notices. Never crosses.

Owns: the space `private.movements`. Does not own: what an area is (subjects/places.py), who may read it (actions/).
Always true: 1. At most limits.MOVEMENTS_MAX are kept; what is over makes room.
"""

from __future__ import annotations

from typing import Final

import msgspec

from parley import limits
from parley.errors import Refused
from parley.people import kept
from parley.people.kept import Values
from parley.storage.port import ValueRow

SPACE: Final = "private.movements"  # "<end>|<id>": by the end, so that what is over comes first


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One movement: what, from when to when (moments' texts), its area and heights as a notice's body holds them."""

    id: str
    title: str
    since: str
    until: str
    area: dict[str, object]
    low_m: int | None
    high_m: int | None
    by: str


_movement: Final = msgspec.json.Decoder(Movement)


def every(values: Values) -> list[Movement]:
    """Give all movements, the first to end first."""
    return [one for _, one in kept.every(values, SPACE, _movement)]


def plan(values: Values, movement: Movement, now: str) -> list[ValueRow]:
    """Give the rows that keep a movement, without those that are over; raises Refused `movements.full`."""
    known = every(values)
    over = [one for one in known if one.until <= now]
    if len(known) - len(over) >= limits.MOVEMENTS_MAX:
        raise Refused("movements.full", f"at most {limits.MOVEMENTS_MAX} movements are kept: take one out first")
    return [*(ValueRow(SPACE, _key(one), None) for one in over), ValueRow(SPACE, _key(movement), kept.write(movement))]


def drop(values: Values, id: str) -> ValueRow:
    """Give the row that takes a movement out; raises Refused `movements.unknown`."""
    found = next((one for one in every(values) if one.id == id), None)
    if found is None:
        raise Refused("movements.unknown", "there is no such movement; somebody may have taken it out")
    return ValueRow(SPACE, _key(found), None)


def _key(movement: Movement) -> str:
    return f"{movement.until}|{movement.id}"
