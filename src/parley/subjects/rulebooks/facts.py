"""What may be said about a document of the rule book: proposed, adopted, declined, withdrawn, ended.

Owns: the bodies, strictly read, and their builders. All stand in the line channel; a proposal opens a subject of its
own, so what was adopted is always one text to the last letter.
Does not own: which version of a document is in force (actions/rulebooks.py), what is reckoned from its lead times.
Read first: docs/protocol/rulebook.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.alike import empty, reason
from parley.subjects.kinds import Body, Fact, Kind

ID_FORM: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
CODE_FORM: Final = re.compile(rf"[A-Z0-9]{{1,{limits.RULEBOOK_CODE_CHARS_MAX}}}")
_NUMBER: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9.()-]{{0,{limits.RULEBOOK_NUMBER_CHARS_MAX - 1}}}")
_WHAT: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def read_document(reader: Reader) -> None:
    """Read a document; every text stands in one or more languages, and always in the first title's."""
    reader.match("id", ID_FORM, "a word of small letters, digits and -")
    reader.integer("version", 1, limits.RULEBOOK_VERSION_MAX)
    languages = _texts(reader, "title", limits.TITLE_CHARS_MAX)
    _texts(reader, "note", limits.NOTE_CHARS_MAX, languages)
    numbers: list[str] = []
    for article in reader.objects("articles", max_items=limits.RULEBOOK_ARTICLES_MAX):
        numbers.append(article.match("number", _NUMBER, "an article's number like 4 or VI.2"))
        _texts(article, "title", limits.TITLE_CHARS_MAX, languages)
        _texts(article, "text", limits.NOTE_CHARS_MAX, languages)
        _leads(article)
        article.done()
    codes: list[str] = []
    for signal in reader.objects("signals", max_items=limits.RULEBOOK_SIGNALS_MAX):
        codes.append(signal.match("code", CODE_FORM, "capital letters and digits"))
        for name in ("phrase", "question", "cancel"):
            _texts(signal, name, limits.RULEBOOK_PHRASE_CHARS_MAX, languages)
        signal.done()
    reader.done()
    for name, found, told in (("articles", numbers, "number"), ("signals", codes, "code")):
        if len(set(found)) != len(found):
            raise PeerError("codec.field", f"{reader.where}.{name}: expected each {told} once")


def _texts(reader: Reader, name: str, max_chars: int, languages: frozenset[str] | None = None) -> frozenset[str]:
    """Read one text in each language; all texts of a document stand in the languages of its title."""
    value = reader.take(name)
    where = f"{reader.where}.{name}"
    if not isinstance(value, dict) or not 1 <= len(value) <= limits.LANGUAGES_MAX:
        raise PeerError("codec.field", f"{where}: expected an object of 1 to {limits.LANGUAGES_MAX} languages")
    for tag, text in value.items():
        if not _LANGUAGE.fullmatch(tag):
            raise PeerError("codec.field", f"{where}: expected language tags like en or zh-Hans")
        if not isinstance(text, str) or not 1 <= len(text) <= max_chars:
            raise PeerError("codec.field", f"{where}.{tag}: expected a text of 1 to {max_chars} characters")
    if languages is not None and languages != value.keys():
        raise PeerError("codec.field", f"{where}: expected the languages of the document's title, all of them")
    return frozenset(value)


def _leads(article: Reader) -> None:
    value = article.take("lead_hours")
    where = f"{article.where}.lead_hours"
    if not isinstance(value, dict) or len(value) > limits.RULEBOOK_LEADS_MAX:
        raise PeerError("codec.field", f"{where}: expected an object of at most {limits.RULEBOOK_LEADS_MAX} kinds")
    for what, hours in value.items():
        if not _WHAT.fullmatch(what):
            raise PeerError("codec.field", f"{where}: expected kinds of notices")
        if type(hours) is not int or not 0 <= hours <= limits.RULEBOOK_LEAD_HOURS_MAX:
            raise PeerError("codec.field", f"{where}.{what}: expected 0 to {limits.RULEBOOK_LEAD_HOURS_MAX} hours")


def _proposed(body: Body) -> None:
    read_document(Reader(body, "$.body"))


KINDS: Final = (
    Kind("rulebook.proposed", "rulebook", True, "person", _proposed, opens=True),
    Kind("rulebook.adopted", "rulebook", True, "person", empty),
    Kind("rulebook.declined", "rulebook", True, "person", reason),
    Kind("rulebook.withdrawn", "rulebook", True, "person", reason),
    Kind("rulebook.ended", "rulebook", True, "person", reason),
)


def propose(document: Mapping[str, JsonValue]) -> Fact:
    """Propose a document, or a later version of one; the other side adopts it or not."""
    return Fact(channel="line", kind="rulebook.proposed", subject=None, body=dict(document))


def adopt(subject: str, proposal: Ref) -> Fact:
    """Adopt the document that the other side proposed, to the letter."""
    return Fact(channel="line", kind="rulebook.adopted", subject=subject, body={}, refs=(proposal,))


def decline(subject: str, proposal: Ref, reason: str) -> Fact:
    """Say that we do not adopt it, and why."""
    return _about("rulebook.declined", subject, proposal, reason)


def withdraw(subject: str, proposal: Ref, reason: str) -> Fact:
    """Take back a proposal of ours that nobody has adopted."""
    return _about("rulebook.withdrawn", subject, proposal, reason)


def end(subject: str, proposal: Ref, reason: str) -> Fact:
    """Say that from now on our side is not held to an adopted document; what was said under it stays."""
    return _about("rulebook.ended", subject, proposal, reason)


def _about(kind: str, subject: str, proposal: Ref, reason: str) -> Fact:
    return Fact(channel="line", kind=kind, subject=subject, body={"reason": reason}, refs=(proposal,))
