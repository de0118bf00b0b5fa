"""Bodies that kinds of several subjects have alike, each read strictly: none, a reason, a note, a file, a bell.

Owns: forms that say the same in each of those subjects. Does not own: a form that one subject may change by itself; it
keeps its own reader, even if the two look the same today.
"""

from __future__ import annotations

from parley import limits
from parley.codec import Reader
from parley.subjects.kinds import Body


def empty(body: Body) -> None:
    """Read a body that has no fields: the kind says it all."""
    Reader(body, "$.body").done()


def reason(body: Body) -> None:
    """Read why somebody did it; it may not be left out."""
    reader = Reader(body, "$.body")
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def maybe_reason(body: Body) -> None:
    """Read why somebody did it; the words may be empty."""
    reader = Reader(body, "$.body")
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


def maybe_text(body: Body) -> None:
    """Read a note that may be left out."""
    reader = Reader(body, "$.body")
    reader.maybe_text("text", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def file_held(body: Body) -> None:
    """Read which file is whole on a disk, by its root."""
    reader = Reader(body, "$.body")
    reader.hex("root", 32)
    reader.done()


def ringing(body: Body) -> None:
    """Read at how many desks it rings."""
    reader = Reader(body, "$.body")
    reader.integer("desks", 1, limits.DESKS_MAX)
    reader.done()
