"""What may be said about a negotiated text: opened, units added, words proposed, accepted, agreed, initialled, signed.

Owns: the bodies, strictly read, and their kinds. Builders: saying.py.
Does not own: when one is allowed (rules.py), what it does (unit_view.py, view.py).
Always true: an alternative's words never change once said: places in them are counted in code points for ever.
Read first: docs/protocol/texts.md.
"""

from __future__ import annotations

import re
from typing import Final

from parley import limits
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.binding import read_signed
from parley.subjects.alike import empty
from parley.subjects.kinds import Body, Kind

LEVELS: Final = ("heading", "article", "paragraph", "point")
FORMS: Final = ("text", "minutes")
GRADES: Final = ("ad-referendum", "agreed")
SIGNING: Final = tuple(f"text.{grade}" for grade in ("initialled", "signed-ad-referendum", "signed"))
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}/(?:0|[1-9][0-9]{0,15})/(?:0|[1-9][0-9]{0,15})")
_POSITION: Final = re.compile(rf"[0-9A-Za-z]{{0,{limits.POSITION_CHARS_MAX - 1}}}[1-9A-Za-z]")
_NAME_WORDS: Final = "the name of a unit or alternative, as north/0/12"


def _name(reader: Reader, field: str) -> str:
    return reader.match(field, _NAME, _NAME_WORDS)


def _maybe_name(reader: Reader, field: str) -> None:
    value = reader.take(field)
    if value != "":
        Reader({field: value}, reader.where).match(field, _NAME, _NAME_WORDS + ", or nothing")


def _note(reader: Reader, field: str = "reason") -> None:
    reader.text(field, max_chars=limits.NOTE_CHARS_MAX, min_chars=0)


def _opened(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("title", max_chars=limits.TITLE_CHARS_MAX)
    reader.choice("form", FORMS)
    tags = []
    for one in reader.objects("languages", min_items=1, max_items=limits.TEXT_LANGUAGES_MAX):
        tags.append(one.match("tag", LANGUAGE, "a language tag like en or zh-Hans"))
        one.side("side")
        one.done()
    reader.done()
    if len(set(tags)) != len(tags):
        raise PeerError("codec.field", "$.body.languages: expected each language once")


def _added(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("level", LEVELS)
    _maybe_name(reader, "parent")
    reader.match("position", _POSITION, "a position of letters and digits")
    for one in reader.objects("words", min_items=1, max_items=limits.TEXT_LANGUAGES_MAX):
        one.match("tag", LANGUAGE, "a language tag")
        one.text("words", max_chars=limits.UNIT_WORDS_CHARS_MAX)
        one.done()
    reader.texts("renders", max_items=limits.TEXT_LANGUAGES_MAX, max_chars=35)
    _note(reader)
    reader.done()


def _proposed(body: Body) -> None:
    reader = Reader(body, "$.body")
    _name(reader, "unit")
    for one in reader.objects("changes", min_items=1, max_items=limits.TEXT_LANGUAGES_MAX):
        _change(one)
    reader.texts("renders", max_items=limits.TEXT_LANGUAGES_MAX, max_chars=35)
    _note(reader)
    reader.done()


def _change(one: Reader) -> None:
    one.match("tag", LANGUAGE, "a language tag")
    start = one.integer("start", 0, limits.UNIT_WORDS_CHARS_MAX)
    one.integer("end", start, limits.UNIT_WORDS_CHARS_MAX)
    one.text("words", max_chars=limits.UNIT_WORDS_CHARS_MAX, min_chars=0)
    one.done()


def _rendered(body: Body) -> None:
    reader = Reader(body, "$.body")
    _name(reader, "unit")
    _change(reader.object("change"))
    reader.done()


def _unit(body: Body) -> None:
    reader = Reader(body, "$.body")
    _name(reader, "unit")
    reader.done()


def _unit_reason(body: Body) -> None:
    reader = Reader(body, "$.body")
    _name(reader, "unit")
    _note(reader)
    reader.done()


def _moved(body: Body) -> None:
    reader = Reader(body, "$.body")
    _name(reader, "unit")
    _maybe_name(reader, "parent")
    reader.match("position", _POSITION, "a position of letters and digits")
    reader.done()


def _agreed(body: Body) -> None:
    reader = Reader(body, "$.body")
    _name(reader, "unit")
    reader.hex("digest", 32)
    reader.choice("grade", GRADES)
    reader.done()


def _concordant(body: Body) -> None:
    reader = Reader(body, "$.body")
    _name(reader, "unit")
    reader.hex("digest", 32)
    reader.done()


def _commented(body: Body) -> None:
    reader = Reader(body, "$.body")
    _maybe_name(reader, "unit")
    reader.text("text", max_chars=limits.NOTE_CHARS_MAX)
    reader.match("language", LANGUAGE, "a language tag")
    reader.done()


def _fallback_proposed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.hex("digest", 32)
    _note(reader)
    reader.done()


def _signed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.hex("digest", 32)
    reader.texts("languages", min_items=1, max_items=limits.TEXT_LANGUAGES_MAX, max_chars=35)
    reader.text("office", max_chars=limits.TITLE_CHARS_MAX)
    reader.text("powers", max_chars=limits.NOTE_CHARS_MAX)
    if reader.has("assertion"):
        read_signed(reader.take("assertion"))
    reader.done()


def _reason(body: Body) -> None:
    reader = Reader(body, "$.body")
    _note(reader)
    reader.done()


KINDS: Final = (
    Kind("text.opened", "text", False, "person", _opened, opens=True),
    Kind("text.added", "text", False, "person", _added),
    Kind("text.proposed", "text", False, "person", _proposed),
    Kind("text.rendered", "text", False, "person", _rendered),
    Kind("text.accepted", "text", False, "person", _unit),
    Kind("text.withdrawn", "text", False, "person", _unit_reason),
    Kind("text.moved", "text", False, "person", _moved),
    Kind("text.agreed", "text", False, "person", _agreed),
    Kind("text.agreement-withdrawn", "text", False, "person", _unit_reason),
    Kind("text.reopen-asked", "text", False, "person", _unit_reason),
    Kind("text.reopened", "text", False, "person", _unit),
    Kind("text.concordant", "text", False, "person", _concordant),
    Kind("text.commented", "text", False, "person", _commented),
    Kind("text.fallback-proposed", "text", False, "person", _fallback_proposed),
    Kind("text.fallback-agreed", "text", False, "person", empty),
    Kind("text.initialled", "text", False, "person", _signed),
    Kind("text.signed-ad-referendum", "text", False, "person", _signed),
    Kind("text.signed", "text", False, "person", _signed),
    Kind("text.signature-withdrawn", "text", False, "person", _reason),
)
