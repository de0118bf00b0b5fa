"""What comes of two facts about one document that crossed, by the words of crossed.py. All have seen the proposal."""

from __future__ import annotations

from typing import Final

# Adopted and declined are of the side that was asked, withdrawn of the side that proposed. Either may end a document,
# once it has seen the adoption: so an end crosses nothing but the other side's end.
PAIRS: Final[dict[tuple[str, str], str]] = {
    ("rulebook.adopted", "rulebook.adopted"): "one-writer",
    ("rulebook.adopted", "rulebook.declined"): "one-writer",
    ("rulebook.declined", "rulebook.declined"): "one-writer",
    ("rulebook.withdrawn", "rulebook.withdrawn"): "one-writer",
    ("rulebook.adopted", "rulebook.withdrawn"): "agreed-stands",
    ("rulebook.declined", "rulebook.withdrawn"): "both-stand",
    **{(f"rulebook.{one}", "rulebook.ended"): "both-stand" for one in ("adopted", "declined", "withdrawn", "ended")},
}
