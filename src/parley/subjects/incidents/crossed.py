"""What comes of two acts about one incident that crossed, as rows of subjects/crossed.py's table.

Owns: the rows. The folds carry them out; tests/subjects/test_incidents.py crosses them.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Final

from parley.subjects.incidents.facts import KINDS

NAMED: Final = "named-list"
SEEN: Final = "lifts-seen"
STANDS: Final = "closed-stands"
GONE: Final = "taken-back"
WORDS: Final = {
    NAMED: "Both stand; the signature holds for the list with the digest it names, which is marked as changed.",
    SEEN: "Both stand; the reopening lifts only the closings that it had seen.",
    STANDS: "Both stand; the incident is closed, and what crossed it is in the record.",
    GONE: "Both stand as facts; the statement is taken back, and the stand counts for nothing.",
}


def _result(one: str, other: str) -> str:
    pair = {one, other}
    if pair <= {"no-knowledge"}:
        return "one-writer"
    if (pair <= {"stood", "signed"} and len(pair) == 2) or pair == {"unstated", "signed"}:
        return NAMED
    if pair == {"stood", "unstated"}:
        return GONE
    if "reopened" in pair and pair & {"closed", "closed-alone"}:
        return SEEN
    if "closed" in pair and "held" not in pair:
        return STANDS
    return "both-stand"


_NAMES: Final = tuple(kind.name.removeprefix("incident.") for kind in KINDS if not kind.opens)
CROSSED: Final = {
    (f"incident.{one}", f"incident.{other}"): _result(one, other)
    for one, other in combinations_with_replacement(_NAMES, 2)
}
