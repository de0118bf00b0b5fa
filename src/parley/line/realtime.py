"""Real-time text: what somebody writes beside a voice, seen at the other side character by character.

Owns: the fields of the two signals and their strict reading; the difference between two states of a line; what a reader
makes of what comes, so that a lost edit heals.
Does not own: when to send (node/texting.py), who may write (node/calling.py), keeping it (subjects/calls/).
Always true:
  1. Reading gives a change or PeerError; what a reader shows is a text by the rules (NFC, no control characters).
  2. An edit counts only upon the whole state it names, and states only rise: what comes late or twice changes nothing.
  3. What a peer can make us remember is bounded: a line of limits.TEXT_CHARS_MAX, the lines just before it.
Read first: docs/protocol/realtime-text.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from parley import limits
from parley.codec.canonical import JsonInput
from parley.codec.fields import Reader
from parley.codec.text import check_text
from parley.errors import PeerError, ensure

STREAM_MAX: Final = 2**32 - 1


class Writer(NamedTuple):
    """Who writes, and where; the same in every signal of a stream."""

    channel: str
    session: str  # hex
    person: str
    stream: int  # drawn by the node for each time a desk takes part

    def fields(self) -> dict[str, JsonInput]:
        """Give them as a signal has them."""
        return dict(self._asdict())


class Whole(NamedTuple):
    """The whole state of a stream: the line being written, and the ones finished just before it."""

    edit: int  # rises by one with each signal of the stream
    line: int  # which line of the stream is being written, from 0
    text: str
    before: tuple[str, ...]  # the latest finished lines, the newest last

    def fields(self) -> dict[str, JsonInput]:
        """Give them as the signal `text` has them."""
        return {"edit": self.edit, "line": self.line, "text": self.text, "before": list(self.before)}


class Edit(NamedTuple):
    """A change of the line, upon the last whole state: its first `keep` code points, `text`, its last `tail`."""

    edit: int
    base: int  # the edit number of that whole state
    keep: int
    text: str
    tail: int

    def fields(self) -> dict[str, JsonInput]:
        """Give them as the signal `text-edit` has them."""
        return dict(self._asdict())


def read_whole(fields: Reader) -> tuple[Writer, Whole]:
    """Read a signal `text`; raises PeerError."""
    writer, edit, line = _writer(fields), fields.integer("edit", 1), fields.integer("line")
    text = fields.text("text", max_chars=limits.TEXT_CHARS_MAX, min_chars=0)
    before = fields.texts("before", max_items=limits.TEXT_BEFORE_MAX, max_chars=limits.TEXT_CHARS_MAX)
    fields.done()
    if len(before) > line:
        raise PeerError("line.text", f"{len(before)} lines before line {line}")
    for each in (text, *before):
        _one_line(each)
    return writer, Whole(edit, line, text, before)


def read_edit(fields: Reader) -> tuple[Writer, Edit]:
    """Read a signal `text-edit`; raises PeerError."""
    writer, edit, base = _writer(fields), fields.integer("edit", 1), fields.integer("base", 1)
    keep = fields.integer("keep", 0, limits.TEXT_CHARS_MAX)
    text = fields.text("text", max_chars=limits.TEXT_CHARS_MAX, min_chars=0)
    tail = fields.integer("tail", 0, limits.TEXT_CHARS_MAX)
    fields.done()
    if base >= edit:
        raise PeerError("line.text", "an edit stands upon a state before it")
    return writer, Edit(edit, base, keep, _one_line(text), tail)


def _writer(fields: Reader) -> Writer:
    return Writer(
        fields.channel("channel"), fields.hex("session", 16), fields.person("person"),
        fields.integer("stream", 0, STREAM_MAX),
    )  # fmt: skip


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PeerError("line.text", "a line of real-time text has no line end within it")
    return text


def edit_between(base: Whole, text: str, number: int) -> Edit:
    """Give the edit that makes of a whole state's line this text."""
    most = min(len(base.text), len(text))
    keep = next((at for at in range(most) if base.text[at] != text[at]), most)
    most -= keep
    tail = next((at for at in range(most) if base.text[-1 - at] != text[-1 - at]), most)
    return Edit(number, base.edit, keep, text[keep : len(text) - tail], tail)


class Pen:
    """What one desk of ours writes."""

    def __init__(self) -> None:
        self.line = 0
        self.text = ""
        self._edit = 0
        self._finished: list[str] = []
        self._whole: Whole | None = None  # the last one sent
        self._sent = ""

    @property
    def dirty(self) -> bool:
        """Say whether the other side has not been told of the latest text."""
        return self._whole is None or self.text != self._sent

    def write(self, text: str) -> None:
        """Have this text in the line now."""
        ensure(len(text) <= limits.TEXT_CHARS_MAX, "a line of real-time text outgrew its bound")
        self.text = text

    def finish(self) -> None:
        """End the line and begin the next; only a whole state can say so."""
        self._finished = [*self._finished, self.text][-limits.TEXT_BEFORE_MAX :]
        self.line, self.text, self._whole = self.line + 1, "", None

    def whole(self) -> Whole:
        """Give the whole state, to be sent now."""
        self._edit += 1
        self._whole = Whole(self._edit, self.line, self.text, tuple(self._finished))
        self._sent = self.text
        return self._whole

    def edit(self) -> Edit | Whole:
        """Give the latest change, to be sent now; the whole state where there is none to stand upon."""
        if self._whole is None:
            return self.whole()
        change = edit_between(self._whole, self.text, self._edit + 1)
        try:
            check_text(change.text, "")
        except PeerError:  # half a pair of bidi isolates: whole it is a text, alone it is none
            return self.whole()
        self._edit += 1
        self._sent = self.text
        return change


class Line(NamedTuple):
    """A finished line; `text` is None if it never came here."""

    number: int
    text: str | None


@dataclass(slots=True)
class Sheet:
    """What is read here of one desk of theirs."""

    line: int = 0
    text: str = ""
    edit: int = 0  # the last one taken
    _base: Whole | None = field(default=None)
    begun: bool = False

    def take_whole(self, whole: Whole) -> list[Line] | None:
        """Take a whole state; gives the lines finished by it, or None if it comes late or twice.

        Raises: PeerError `line.text`: it goes back to a line that was finished.
        """
        if whole.edit <= self.edit:
            return None
        if whole.line < self.line:
            raise PeerError("line.text", f"line {whole.line} was finished before")
        first = self.line if self.begun else whole.line - len(whole.before)
        self.edit, self._base = whole.edit, whole
        self.line, self.text, self.begun = whole.line, whole.text, True
        known = dict(enumerate(whole.before, whole.line - len(whole.before)))
        # What lies further back than is told was lost: one mark stands for all of it.
        lost = [Line(min(known, default=whole.line) - 1, None)] if first < min(known, default=whole.line) else []
        return lost + [Line(number, text) for number, text in known.items() if number >= first]

    def take_edit(self, edit: Edit) -> bool:
        """Take an edit; False if it comes late or twice, or stands upon a state that never came (the next one heals).

        Raises: PeerError `line.text` or `codec.text`: it keeps more than there is, or makes what is no text.
        """
        base = self._base
        if edit.edit <= self.edit or base is None or base.edit != edit.base:
            return False
        if edit.keep + edit.tail > len(base.text):
            raise PeerError("line.text", "an edit keeps more than the state it stands upon has")
        text = base.text[: edit.keep] + edit.text + base.text[len(base.text) - edit.tail :]
        if len(text) > limits.TEXT_CHARS_MAX:
            raise PeerError("line.text", f"a line has at most {limits.TEXT_CHARS_MAX} characters", got=len(text))
        check_text(text, "line.text")
        self.edit, self.text = edit.edit, text
        return True
