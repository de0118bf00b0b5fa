"""What comes of two acts about the readouts of one meeting that crossed.

Owns: the stated result of every pair of kinds. What one side does never touches the other's account, so nearly all
stand.
"""

from __future__ import annotations

from typing import Final

_KINDS: Final = ("time-agreed", "sealed", "opened", "confirmed", "contested", "press")


def words() -> dict[tuple[str, str], str]:
    """Give the word of each pair; crossed.py puts its sentence to it."""
    found: dict[tuple[str, str], str] = {}
    for number, first in enumerate(_KINDS):
        for second in _KINDS[number:]:
            word = "both-stand"
            if first == second:
                word = {"time-agreed": "one-writer", "press": "both-stand"}.get(first, "own-side")
            elif (first, second) == ("confirmed", "contested"):
                word = "named-only"
            found[f"readout.{first}", f"readout.{second}"] = word
    return found
