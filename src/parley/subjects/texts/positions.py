"""Positions between positions: texts of digits and letters that sort by their characters, with always room between.

Owns: making one. Does not own: which of two equal ones stands first (content.py: the digests of the entries decide).
Always true: low < made < high, and no position ends in "0", so there is room below each.
"""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.errors import Refused

_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def between(low: str, high: str, salt: str = "") -> str:
    """Give a position above `low` and below `high` ("" for no bound); `salt` keeps two authors from making the same.

    Raises: Refused `texts.position` if the two are equal, or nothing this short lies between.
    """
    if high and low >= high:
        raise Refused("texts.position", "two parts stand at the same position: move one of them first")
    made = _middle(low, high) + "".join(sign for sign in salt if sign in _SIGNS[1:])
    if len(made) > limits.POSITION_CHARS_MAX:
        raise Refused("texts.position", "too many parts were put in between here: move a neighbour first")
    return made


def _middle(low: str, high: str) -> str:
    made = ""
    while True:
        at = len(made)
        below = _SIGNS.index(low[at]) if at < len(low) else 0
        above = _SIGNS.index(high[at]) if high and at < len(high) else len(_SIGNS)
        if above - below > 1:
            return made + _SIGNS[(below + above) // 2]
        made += _SIGNS[below]
        if above > below:
            high = ""  # anything after a smaller sign is below
