"""What may be said about a notice: given, amended, extended, cancelled, ended, acknowledged.

Owns: the bodies, strictly read, and their builders. Every one but an acknowledgement is a form of its notice: it has a
number in the notice, and the form before it is its one reference.
Does not own: when one is allowed (rules.py); what is late or overlaps, which is reckoned beside the view (actions/).
Read first: docs/protocol/notices.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.citations import Citation, read_citation
from parley.subjects.kinds import Body, Fact, Kind
from parley.subjects.places import Area, read_area
from parley.times import read_moment

# What both sides' desks have words for. Any other word of the same form may be used: a free kind.
WHAT: Final = ("exercise", "live-firing", "launch", "closure", "movement", "unusual-activity", "system-test")
WHAT_FORM: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
BOOK_FORM: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """On what a notice rests: an article of a document of the rule book, or words; nothing where all is empty."""

    book: str = ""
    version: int = 0
    article: str = ""
    text: str = ""

    def value(self) -> dict[str, JsonValue]:
        """Give it as a body holds it."""
        if self.book:
            return {"book": self.book, "version": self.version, "article": self.article}
        return {"text": self.text}


NO_BASIS: Final = Basis()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The words of a notice.

    number: As the side counts its notices. low_m, high_m: metres above mean sea level, below it negative; None for not
    stated. area: None where it has none, as for a test of systems.
    """

    number: str
    what: str
    title: str
    since: str
    until: str
    language: str
    area: Area | None = None
    low_m: int | None = None
    high_m: int | None = None
    forces: str = ""
    contact: str = ""
    basis: Basis = NO_BASIS
    text: str = ""
    commitment: Citation | None = None

    def value(self) -> dict[str, JsonValue]:
        """Give it as a body holds it."""
        body: dict[str, JsonValue] = {
            "number": self.number, "what": self.what, "title": self.title, "from": self.since, "to": self.until,
            "forces": self.forces, "contact": self.contact, "basis": self.basis.value(), "text": self.text,
            "language": self.language,
        }  # fmt: skip
        if self.area is not None:
            body["area"] = self.area.value()
        if self.low_m is not None:
            body["low_m"] = self.low_m
        if self.high_m is not None:
            body["high_m"] = self.high_m
        if self.commitment is not None:
            body["commitment"] = self.commitment.value()
        return body


def read_notice(reader: Reader) -> Notice:
    """Read the words of a notice; the caller reads what else its body has, and calls `done`."""
    found = Notice(
        number=reader.text("number", max_chars=limits.NOTICE_NUMBER_CHARS_MAX),
        what=reader.match("what", WHAT_FORM, "a kind like exercise, or another word of small letters"),
        title=reader.text("title", max_chars=limits.TITLE_CHARS_MAX),
        since=reader.moment("from"),
        until=reader.moment("to"),
        forces=reader.text("forces", max_chars=limits.NOTE_CHARS_MAX, min_chars=0),
        contact=reader.text("contact", max_chars=limits.TITLE_CHARS_MAX, min_chars=0),
        basis=_basis(reader.object("basis")),
        text=reader.text("text", max_chars=limits.NOTE_CHARS_MAX, min_chars=0),
        language=reader.match("language", _LANGUAGE, "a language tag like en or zh-Hans"),
        area=read_area(reader, "area") if reader.has("area") else None,
        low_m=reader.maybe_integer("low_m", limits.NOTICE_DEPTH_M_MAX, limits.NOTICE_HEIGHT_M_MAX),
        high_m=reader.maybe_integer("high_m", limits.NOTICE_DEPTH_M_MAX, limits.NOTICE_HEIGHT_M_MAX),
        commitment=read_citation(reader),
    )
    lasts = read_moment(found.until) - read_moment(found.since)
    if not 0 < lasts <= limits.NOTICE_DAYS_MAX * _DAY_MS:
        raise PeerError("codec.field", f"{reader.where}.to: expected after `from`, by {limits.NOTICE_DAYS_MAX} days")
    if found.low_m is not None and found.high_m is not None and found.low_m > found.high_m:
        raise PeerError("codec.field", f"{reader.where}.high_m: expected at least low_m")
    return found


def _basis(reader: Reader) -> Basis:
    if reader.has("book"):
        found = Basis(
            book=reader.match("book", BOOK_FORM, "the id of a document"),
            version=reader.integer("version", 1, limits.RULEBOOK_VERSION_MAX),
            article=reader.text("article", max_chars=limits.RULEBOOK_NUMBER_CHARS_MAX),
        )
    else:
        found = Basis(text=reader.text("text", max_chars=limits.TITLE_CHARS_MAX, min_chars=0))
    reader.done()
    return found


def _form(reader: Reader, least: int = 2) -> None:
    reader.integer("form", least, limits.NOTICE_FORMS_MAX)


def _given(body: Body) -> None:
    reader = Reader(body, "$.body")
    if reader.integer("form", 1, limits.NOTICE_FORMS_MAX) != 1:
        raise PeerError("codec.field", "$.body.form: expected 1, the first form of a notice")
    read_notice(reader)
    reader.done()


def _amended(body: Body) -> None:
    reader = Reader(body, "$.body")
    _form(reader)
    read_notice(reader)
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _extended(body: Body) -> None:
    reader = Reader(body, "$.body")
    _form(reader)
    reader.moment("to")
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _cancelled(body: Body) -> None:
    reader = Reader(body, "$.body")
    _form(reader)
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _ended(body: Body) -> None:
    reader = Reader(body, "$.body")
    _form(reader)
    reader.moment("ended")
    reader.text("note", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


def _acknowledged(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("note", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


KINDS: Final = (
    Kind("notice.given", "notice", False, "person", _given, opens=True),
    Kind("notice.amended", "notice", False, "person", _amended),
    Kind("notice.extended", "notice", False, "person", _extended),
    Kind("notice.cancelled", "notice", False, "person", _cancelled),
    Kind("notice.ended", "notice", False, "person", _ended),
    Kind("notice.acknowledged", "notice", False, "person", _acknowledged),
)


def give(channel: str, notice: Notice) -> Fact:
    """Give notice."""
    return Fact(channel=channel, kind="notice.given", subject=None, body={"form": 1, **notice.value()})


def amend(channel: str, subject: str, before: Ref, form: int, notice: Notice, reason: str) -> Fact:
    """Give other words in the place of all earlier ones; `before` is the form this one follows, as in all below."""
    body: dict[str, JsonValue] = {"form": form, **notice.value(), "reason": reason}
    return _follow(channel, "notice.amended", subject, before, body)


def extend(channel: str, subject: str, before: Ref, form: int, until: str, reason: str) -> Fact:
    """Say that it lasts longer."""
    return _follow(channel, "notice.extended", subject, before, {"form": form, "to": until, "reason": reason})


def cancel(channel: str, subject: str, before: Ref, form: int, reason: str) -> Fact:
    """Say that it does not take place, or no longer."""
    return _follow(channel, "notice.cancelled", subject, before, {"form": form, "reason": reason})


def end(channel: str, subject: str, before: Ref, form: int, ended: str, note: str = "") -> Fact:
    """Say that it is over, since the moment `ended`."""
    return _follow(channel, "notice.ended", subject, before, {"form": form, "ended": ended, "note": note})


def acknowledge(channel: str, subject: str, form: Ref, note: str = "") -> Fact:
    """Say that one form of the other side's notice was read, by the person who authors it."""
    return _follow(channel, "notice.acknowledged", subject, form, {"note": note})


def _follow(channel: str, kind: str, subject: str, before: Ref, body: dict[str, JsonValue]) -> Fact:
    return Fact(channel=channel, kind=kind, subject=subject, body=body, refs=(before,))


def lasting(notice: Notice, until: str) -> Notice:
    """Give the same words with another end."""
    return replace(notice, until=until)
