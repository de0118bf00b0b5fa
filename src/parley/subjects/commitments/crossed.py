"""What comes of two acts about one commitment that crossed, as rows of subjects/crossed.py's table."""

from __future__ import annotations

from typing import Final

ALONE, BOTH, SET, AGREED, NOT_WANTED = "one-writer", "both-stand", "own-side", "agreed-stands", "commitment-declined"
WORDS: Final = {NOT_WANTED: "Both stand as facts; the commitment is declined."}
_ANSWERS: Final = ("commitment.agreed", "commitment.declined")

PAIRS: Final = {
    **{(one, other): ALONE for one in _ANSWERS for other in _ANSWERS},
    ("commitment.agreed", "commitment.withdrawn"): AGREED,
    ("commitment.declined", "commitment.withdrawn"): NOT_WANTED,
    ("commitment.withdrawn", "commitment.withdrawn"): ALONE,
    ("commitment.viewed", "commitment.viewed"): SET,
    **{(f"commitment.{name}", "commitment.viewed"): BOTH for name in ("agreed", "declined", "withdrawn")},
}
