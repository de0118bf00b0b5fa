"""What stands at the top of every page of a PDF that must not be taken for what it is not."""

from __future__ import annotations

from parley.desk.shown import Sides
from parley.desk.words import Words


def mark(status: str, sides: Sides, words: Words) -> str:
    """Give the words that mark an exercise, a test or an illustration; "" where nothing does."""
    found = [] if status == "actual" else [words.plain(f"status.line.{status}")]
    if sides.illustration:
        found.append(words.plain("illustration.band"))
    return " · ".join(found)
