"""The facts of a message: their bodies, strictly read, and builders that make them right.

Owns: the shape of `message.*` and `file.held` bodies; the count of words; due times by precedence.
Does not own: whether a fact is allowed now (rules.py), what a message looks like after it (view.py).
Read first: docs/protocol/messages.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import check_person
from parley.errors import PeerError
from parley.record.binding import read_signed
from parley.record.names import Ref
from parley.subjects.alike import file_held, maybe_text, reason
from parley.subjects.kinds import Body, Fact, Kind
from parley.times import Moment, is_moment, moment_text

GRADES: Final = ("sight", "rough", "official")
PRECEDENCES: Final = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")
URGENT: Final = ("FLASH", "IMMEDIATE")
# Handling times of ACP 121 (docs/protocol/messages.md names the source); from release, absolute in the entry.
DUE_MS: Final = {"FLASH": 600_000, "IMMEDIATE": 1_800_000, "PRIORITY": 10_800_000, "ROUTINE": 21_600_000}

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # the common part of RFC 5646
_MEDIA: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}")  # RFC 6838 section 4.2, lower case
_SUBJECT: Final = re.compile(r"(message/[a-z][a-z0-9-]{0,31}/(0|[1-9][0-9]{0,11})/(0|[1-9][0-9]{0,15}))?")
_PERSON: Final = re.compile(rf"[a-z][a-z0-9.-]{{0,{limits.PERSON_ID_CHARS_MAX - 1}}}")
_PLAIN_KEYS: Final = frozenset(
    (
        "text",
        "language",
        "due",
        "released_by",
        "drafted_by",
        "released_alone",
        "order",
        "assertion",
        "answers",
        "attachments",
    )
)


def due_for(precedence: str, released: Moment) -> str:
    """Give the moment by which a message released then must be acknowledged."""
    return moment_text(Moment(released + DUE_MS[precedence]))


def _sent(body: Body) -> None:
    if not _is_plainly_good(body):
        _read_sent(body)


def _is_plainly_good(body: Body) -> bool:
    """Say whether this is the commonest body, at a tenth of the cost; any doubt goes to `_read_sent`."""
    if body.keys() != _PLAIN_KEYS:
        return False
    text, language, due, drafter = body["text"], body["language"], body["due"], body["drafted_by"]
    released, answers = body["released_by"], body["answers"]
    return (
        type(text) is str
        and 0 < len(text) <= limits.MESSAGE_CHARS_MAX
        and language in ("en", "zh", "ar", "ru", "fr", "es")
        and type(due) is str
        and is_moment(due)
        and type(released) is list
        and len(released) == 1
        and type(released[0]) is str
        and _PERSON.fullmatch(released[0]) is not None
        and type(drafter) is str
        and (drafter == released[0] or _PERSON.fullmatch(drafter) is not None)
        and (body["released_alone"] is False or body["released_alone"] is True)
        and (body["order"] is False or body["order"] is True)
        and body["assertion"] is None
        and (answers == "" or (type(answers) is str and _SUBJECT.fullmatch(answers) is not None))
        and body["attachments"] == []
    )


def _read_sent(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.MESSAGE_CHARS_MAX)
    reader.match("language", _LANGUAGE, "a language tag like en or zh-Hans")
    reader.maybe_text("title", max_chars=limits.TITLE_CHARS_MAX)
    reader.moment("due")
    _persons(reader, "released_by")
    reader.person("drafted_by")
    reader.boolean("released_alone")
    reader.boolean("order")
    if (assertion := reader.take("assertion")) is not None:
        read_signed(assertion)
    reader.match("answers", _SUBJECT, "the subject of a message, or nothing")
    roots = set()
    for item in reader.objects("attachments", max_items=limits.ATTACHMENTS_MAX):
        roots.add(item.hex("root", 32))
        item.integer("size", 0, limits.CHUNK_BYTES * limits.CHUNKS_MAX)
        item.match("media", _MEDIA, "a media type like image/jpeg")
        item.text("name", max_chars=limits.TITLE_CHARS_MAX)
        item.done()
    if len(roots) != len(body["attachments"]):  # type: ignore[arg-type]
        raise PeerError("codec.field", "$.body.attachments: expected each file once")
    reader.done()


def _persons(reader: Reader, name: str) -> None:
    found = reader.texts(name, max_items=limits.RELEASERS_MAX, max_chars=limits.PERSON_ID_CHARS_MAX, min_items=1)
    for person in found:
        check_person(person)
    if len(set(found)) != len(found):
        raise PeerError("codec.field", f"$.body.{name}: expected each person once")


def _shown(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("desk", max_chars=limits.TITLE_CHARS_MAX)
    reader.done()


def _acknowledged(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.maybe_text("note", max_chars=limits.NOTE_CHARS_MAX)
    if reader.has("assertion"):
        read_signed(reader.take("assertion"))
    reader.done()


def _corrected(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.MESSAGE_CHARS_MAX)
    reader.match("language", _LANGUAGE, "a language tag like en or zh-Hans")
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _translated(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("grade", GRADES)
    reader.match("language", _LANGUAGE, "a language tag like en or zh-Hans")
    reader.text("text", max_chars=limits.MESSAGE_CHARS_MAX)
    reader.text("by", max_chars=limits.TITLE_CHARS_MAX)
    reader.done()


def _text(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.MESSAGE_CHARS_MAX)
    reader.done()


KINDS: Final = (
    Kind("message.sent", "message", False, "person", _sent, opens=True),
    Kind("message.shown", "message", False, "either", _shown),
    Kind("message.acknowledged", "message", False, "person", _acknowledged),
    Kind("message.corrected", "message", False, "person", _corrected),
    Kind("message.cancelled", "message", False, "person", reason),
    Kind("message.translated", "message", False, "person", _translated),
    Kind("message.read-back", "message", False, "person", _text),
    Kind("message.confirmed", "message", False, "person", maybe_text),
    Kind("message.not-confirmed", "message", False, "person", _text),
    Kind("file.held", "message", False, "node", file_held),
)


def send(
    channel: str,
    *,
    text: str,
    language: str,
    due: str,
    drafted_by: str,
    released_by: Sequence[str],
    title: str = "",
    released_alone: bool = False,
    attachments: Sequence[dict[str, JsonValue]] = (),
    order: bool = False,
    answers: str = "",
) -> Fact:
    """Give the fact that opens a message; `due` from `due_for`, attachments as {root, size, media, name}."""
    body: dict[str, JsonValue] = {
        "text": text,
        "language": language,
        "due": due,
        "drafted_by": drafted_by,
        "released_by": list(released_by),
        "released_alone": released_alone,
        "attachments": list(attachments),
        "order": order,
        "assertion": None,
        "answers": answers,
    }
    if title:
        body["title"] = title
    return Fact(channel=channel, kind="message.sent", subject=None, body=body)


def show(channel: str, subject: str, desk: str) -> Fact:
    """Give the fact that a desk of ours has shown the other side's message."""
    return Fact(channel=channel, kind="message.shown", subject=subject, body={"desk": desk})


def acknowledge(channel: str, subject: str, note: str = "", words: tuple[Ref, ...] = ()) -> Fact:
    """Give the acknowledgement of the other side's message; `words` are the entries acknowledged (`MessageView.words`).

    A signed one must name them.
    """
    body: dict[str, JsonValue] = {"note": note} if note else {}
    return Fact(channel=channel, kind="message.acknowledged", subject=subject, body=body, refs=words)


def correct(channel: str, subject: str, *, text: str, language: str, reason: str) -> Fact:
    """Give a correction of our own message."""
    body: dict[str, JsonValue] = {"text": text, "language": language, "reason": reason}
    return Fact(channel=channel, kind="message.corrected", subject=subject, body=body)


def cancel(channel: str, subject: str, reason: str) -> Fact:
    """Give the cancellation of our own message."""
    return Fact(channel=channel, kind="message.cancelled", subject=subject, body={"reason": reason})


def translate(channel: str, subject: str, *, grade: str, language: str, text: str, by: str) -> Fact:
    """Give a translation; grade is sight, rough or official; `by` names the translator."""
    body: dict[str, JsonValue] = {"grade": grade, "language": language, "text": text, "by": by}
    return Fact(channel=channel, kind="message.translated", subject=subject, body=body)


def read_back(channel: str, subject: str, text: str) -> Fact:
    """Give the read-back of the other side's order, in the reader's own words."""
    return Fact(channel=channel, kind="message.read-back", subject=subject, body={"text": text})


def confirm(channel: str, subject: str, reading: Ref, note: str = "") -> Fact:
    """Confirm one read-back of our order (`ReadBackView.ref`)."""
    body: dict[str, JsonValue] = {"text": note} if note else {}
    return Fact(channel=channel, kind="message.confirmed", subject=subject, body=body, refs=(reading,))


def deny(channel: str, subject: str, reading: Ref, text: str) -> Fact:
    """Say what is wrong with one read-back of our order."""
    return Fact(channel=channel, kind="message.not-confirmed", subject=subject, body={"text": text}, refs=(reading,))


def hold_file(channel: str, subject: str, root: str) -> Fact:
    """Say that a whole attachment of the other side's message is on our disk."""
    return Fact(channel=channel, kind="file.held", subject=subject, body={"root": root})
