"""What comes of two acts about one text that crossed, as rows of subjects/crossed.py's table.

Owns: the rows. The folds carry them out; tests/subjects/test_texts.py crosses them.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Final

from parley.subjects.texts.facts import KINDS, SIGNING

BRACKET: Final = "one-bracket"
TAKEN_UP: Final = "accepted-stands"
TWO_PLACES: Final = "two-places"
FINAL: Final = "agreed-words-stand"
DIGEST: Final = "named-digest"
WORDS: Final = {
    BRACKET: "Both stand; where they want other words in the same place, both are alternatives in one bracket.",
    TAKEN_UP: "The acceptance stands: it took up an offer that stood in its past. The withdrawal does nothing.",
    TWO_PLACES: "Both stand; the unit is shown at one place with the other named beside it, until it is moved again.",
    FINAL: "If the agreement made both sides' words the same they stand, and what crossed it is kept and not in force.",
    DIGEST: "Both stand; a signature or a fallback holds for the text with the digest it names, and for no other.",
}
_CHANGES: Final = {"added", "proposed", "rendered", "accepted", "withdrawn", "moved"}
_WHOLE: Final = {name.removeprefix("text.") for name in SIGNING} | {"fallback-proposed", "fallback-agreed"}


def _result(one: str, other: str) -> str:
    pair = {one, other}
    if pair == {"moved"}:
        return TWO_PLACES
    if pair == {"accepted", "withdrawn"}:
        return TAKEN_UP
    if pair & {"agreed", "agreement-withdrawn"} and pair & (_CHANGES | {"agreement-withdrawn"}):
        return FINAL
    if pair & _WHOLE and pair & _CHANGES:
        return DIGEST
    if "signature-withdrawn" in pair and pair & _WHOLE:
        return FINAL
    if pair & {"proposed", "accepted", "rendered"} and pair <= _CHANGES:
        return BRACKET
    return "both-stand"


_NAMES: Final = tuple(kind.name.removeprefix("text.") for kind in KINDS if not kind.opens)
CROSSED: Final = {
    (f"text.{one}", f"text.{other}"): _result(one, other) for one, other in combinations_with_replacement(_NAMES, 2)
} | {("text.opened", "text.opened"): "both-stand"}
