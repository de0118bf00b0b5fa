"""What programs may send about readouts, as strict shapes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from parley import limits
from parley.api.bodies import Line, Note, Reason, Strict

Day = Annotated[str, Meta(min_length=10, max_length=10)]
Moment = Annotated[str, Meta(max_length=30)]
Language = Annotated[str, Meta(max_length=35)]
Words = Annotated[str, Meta(min_length=1, max_length=2 * limits.READOUT_CHARS_MAX)]


class AskReadouts(Strict):
    """The meeting, by its subject or by title and date alone; when both are to be opened at the latest."""

    title: Line
    date: Day
    meeting: Annotated[str, Meta(max_length=100)] = ""
    open_at: Moment = ""
    status: Annotated[str, Meta(max_length=20)] = ""


class ReadoutWords(Strict):
    """Our readout."""

    text: Words
    language: Language = ""


class Contest(Strict):
    """Which statement of their confirmation, by its number there, and why."""

    statement: Annotated[int, Meta(ge=0, lt=limits.STATEMENTS_MAX)]
    reason: Reason


class PressReport(Strict):
    """A report with its source."""

    source: Line
    date: Day
    text: Words
    address: Note = ""
    language: Language = ""


Part = Annotated[str, Meta(max_length=limits.STATEMENT_PART_CHARS_MAX)]


class Mark(Strict):
    """Words of an account, exactly as they stand, and who is said to have said them; `at` chooses among places."""

    words: Words
    who: Part = ""
    whom: Part = ""
    verb: Part = ""
    through: Part = ""
    topic: Part = ""
    manner: Annotated[str, Meta(max_length=10)] = "indirect"
    at: int = -1
    instead: Annotated[str, Meta(max_length=20)] = ""


class Place(Strict):
    """Where a statement stands in its account, "START-END", as suggestions and statements name it."""

    place: Annotated[str, Meta(max_length=20)]


class Pair(Strict):
    """Two confirmed statements, each "SOURCE:START-END", and what they are: same, different or apart."""

    first: Annotated[str, Meta(max_length=120)]
    second: Annotated[str, Meta(max_length=120)]
    verdict: Annotated[str, Meta(max_length=10)]


class NotePosition(Strict):
    """Words of an entry under a topic; without words, its longest text."""

    log: Annotated[str, Meta(max_length=120)]
    number: Annotated[int, Meta(ge=0)]
    topic: Part
    words: Note = ""


class NamedNote(Strict):
    """A note of ours, as the register names it."""

    name: Annotated[str, Meta(max_length=120)]
