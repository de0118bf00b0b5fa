"""Notes of our own side beside a part of a negotiated text. They never cross the line (promise 9).

Owns: the space `private.text-notes`. Does not own: comments that both sides read (subjects/texts/).
"""

from __future__ import annotations

from typing import Final

import msgspec

from parley import limits
from parley.codec.text import make_text
from parley.errors import Refused
from parley.people import kept
from parley.people.kept import Values
from parley.storage.port import ValueRow
from parley.times import Moment

NOTES: Final = "private.text-notes"


class TextNote(msgspec.Struct, frozen=True, kw_only=True):
    """One note: about a unit, by one of our people."""

    unit: str
    at: int
    by: str
    text: str


_note: Final = msgspec.json.Decoder(TextNote)


def note(
    values: Values, channel: str, subject: str, unit: str, person: str, text: str, now: Moment, note_id: str
) -> ValueRow:
    """Give the row of a new note. Raises Refused `texts.note`."""
    told = make_text(text).strip()
    if not told or len(told) > limits.NOTE_CHARS_MAX:
        raise Refused("texts.note", f"a note has 1 to {limits.NOTE_CHARS_MAX} characters")
    if len(notes(values, channel, subject)) >= limits.TEXT_NOTES_MAX:
        raise Refused("texts.note", f"there are {limits.TEXT_NOTES_MAX} notes beside this text already")
    made = TextNote(unit=unit, at=int(now), by=person, text=told)
    return ValueRow(NOTES, f"{channel}|{subject}|{int(now):015d}|{note_id}", kept.write(made))


def notes(values: Values, channel: str, subject: str) -> list[TextNote]:
    """Give our notes beside a text, oldest first."""
    rows = values.values(NOTES, prefix=f"{channel}|{subject}|", count=limits.TEXT_NOTES_MAX)
    return [kept.read(_note, data) for _, data in rows]
