"""What may be said about the readouts of a meeting: asked for, sealed, opened, its statements confirmed or contested.

Owns: the bodies, strictly read, and their builders. Does not own: when one is allowed (rules.py), what is sealed
and not opened yet, which is private (people/readouts.py, promise 9).
Read first: docs/protocol/readouts.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.binding import read_signed
from parley.record.names import Ref
from parley.statements.parts import MANNERS, Statement
from parley.subjects.alike import empty
from parley.subjects.kinds import Body, Fact, Kind
from parley.subjects.readouts.sealing import SALT_BYTES

LANGUAGE_CHARS_MAX: Final = 35
_DATE: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_SUBJECT: Final = re.compile(r"(?:meeting/[a-z][a-z0-9-]{0,31}/[0-9]{1,4}/[0-9]{1,16})?")


def _asked(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("title", max_chars=limits.TITLE_CHARS_MAX)
    reader.match("date", _DATE, "a date like 2026-11-23")
    reader.match("meeting", _SUBJECT, "a meeting's subject or nothing")
    if (at := reader.take("open_at")) != "":
        Reader({"open_at": at}, "$.body").moment("open_at")
    reader.done()


def _sealed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.hex("digest", 32)
    if (assertion := reader.take("assertion")) is not None:
        read_signed(assertion)
    reader.done()


def _opened(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("language", max_chars=LANGUAGE_CHARS_MAX)
    reader.hex("salt", SALT_BYTES)
    reader.text("text", max_chars=limits.READOUT_CHARS_MAX)
    reader.done()


def _confirmed(body: Body) -> None:
    reader = Reader(body, "$.body")
    for each in reader.objects("statements", max_items=limits.STATEMENTS_MAX, min_items=1):
        read_statement(each)
        each.done()
    reader.done()


def read_statement(reader: Reader) -> Statement:
    """Read one statement of a confirmation, or of a private board; call `done()` after it. Raises PeerError."""
    end = limits.READOUT_CHARS_MAX
    found = Statement(
        start=reader.integer("start", 0, end),
        end=reader.integer("end", 1, end),
        words_start=reader.integer("words_start", 0, end),
        words_end=reader.integer("words_end", 1, end),
        who=reader.text("who", max_chars=limits.STATEMENT_PART_CHARS_MAX, min_chars=0),
        whom=reader.text("whom", max_chars=limits.STATEMENT_PART_CHARS_MAX, min_chars=0),
        verb=reader.text("verb", max_chars=limits.STATEMENT_PART_CHARS_MAX, min_chars=0),
        through=reader.text("through", max_chars=limits.STATEMENT_PART_CHARS_MAX, min_chars=0),
        manner=reader.choice("manner", MANNERS),
        topic=reader.text("topic", max_chars=limits.STATEMENT_PART_CHARS_MAX, min_chars=0),
    )
    if not found.start <= found.words_start < found.words_end <= found.end:
        raise PeerError("codec.field", f"{reader.where}: expected start <= words_start < words_end <= end")
    return found


def statement_value(one: Statement) -> dict[str, JsonValue]:
    """Give a statement's form in an entry."""
    return {
        "start": one.start, "end": one.end, "words_start": one.words_start, "words_end": one.words_end, "who": one.who,
        "whom": one.whom, "verb": one.verb, "through": one.through, "manner": one.manner, "topic": one.topic,
    }  # fmt: skip


def _contested(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.integer("statement", 0, limits.STATEMENTS_MAX - 1)
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _press(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("source", max_chars=limits.TITLE_CHARS_MAX)
    reader.match("date", _DATE, "a date like 2026-11-23")
    reader.text("address", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.text("language", max_chars=LANGUAGE_CHARS_MAX)
    reader.text("text", max_chars=limits.READOUT_CHARS_MAX)
    reader.done()


KINDS: Final = (
    Kind("readout.asked", "readout", False, "person", _asked, opens=True),
    Kind("readout.time-agreed", "readout", False, "person", empty),
    Kind("readout.sealed", "readout", False, "person", _sealed),
    Kind("readout.opened", "readout", False, "either", _opened),
    Kind("readout.confirmed", "readout", False, "person", _confirmed),
    Kind("readout.contested", "readout", False, "person", _contested),
    Kind("readout.press", "readout", False, "person", _press),
)


def ask(channel: str, *, title: str, date: str, meeting: str = "", open_at: str = "") -> Fact:
    """Ask for both readouts of a meeting; `open_at` is a moment's text, or "" for none."""
    body: dict[str, JsonValue] = {"title": title, "date": date, "meeting": meeting, "open_at": open_at}
    return Fact(channel=channel, kind="readout.asked", subject=None, body=body)


def _about(channel: str, kind: str, subject: str, body: dict[str, JsonValue], refs: tuple[Ref, ...] = ()) -> Fact:
    return Fact(channel=channel, kind=kind, subject=subject, body=body, refs=refs)


def agree_time(channel: str, subject: str) -> Fact:
    """Agree to the time of opening that the other side asked for."""
    return _about(channel, "readout.time-agreed", subject, {})


def seal(channel: str, subject: str, digest: str) -> Fact:
    """Seal our readout: state its digest (sealing.py)."""
    return _about(channel, "readout.sealed", subject, {"digest": digest, "assertion": None})


def open_sealed(channel: str, subject: str, *, salt: str, language: str, text: str) -> Fact:
    """Open our readout: give the words that the digest is over."""
    return _about(channel, "readout.opened", subject, {"salt": salt, "language": language, "text": text})


def confirm(channel: str, subject: str, opened: Ref, statements: Sequence[Statement]) -> Fact:
    """Confirm who is said to have said what in our own readout; a later confirmation takes an earlier one's place."""
    told: list[JsonValue] = [statement_value(one) for one in statements]
    return _about(channel, "readout.confirmed", subject, {"statements": told}, (opened,))


def contest(channel: str, subject: str, confirmed: Ref, statement: int, reason: str) -> Fact:
    """Contest one attribution of the other side's confirmation, by its place there; nothing of theirs changes."""
    return _about(channel, "readout.contested", subject, {"statement": statement, "reason": reason}, (confirmed,))


def share_press(
    channel: str, subject: str, *, source: str, date: str, address: str, language: str, text: str
) -> Fact:  # fmt: skip
    """Lay a press report beside the readouts, with where it is from."""
    body: dict[str, JsonValue] = {
        "source": source, "date": date, "address": address, "language": language, "text": text,
    }  # fmt: skip
    return _about(channel, "readout.press", subject, body)
