"""The glossary that both sides keep of a body: terms put by either, each agreed by the other or taken back.

Owns: the bodies of `body.term*`, their builders, when one is allowed, what they come to.
Does not own: the body itself (bodies.py, body_view.py).
Always true: a side's term is its own until the other agrees to it by name; what both agreed to stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.alike import empty
from parley.subjects.kinds import Body, Fact, Kind, need

TERM, AGREED, WITHDRAWN = "body.term", "body.term-agreed", "body.term-withdrawn"
_TAG_CHARS_MAX: Final = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """One term: (language, word) each, put by a side; agreed: when the other side agreed, "" before."""

    side: str
    person: str
    at: str
    words: tuple[tuple[str, str], ...]
    note: str
    agreed: str
    withdrawn: bool
    ref: Ref


def _term(body: Body) -> None:
    reader = Reader(body, "$.body")
    tags = []
    for one in reader.objects("words", max_items=limits.LANGUAGES_MAX, min_items=2):
        tags.append(one.text("tag", max_chars=_TAG_CHARS_MAX))
        one.text("text", max_chars=limits.TITLE_CHARS_MAX)
        one.done()
    if tags != sorted(set(tags)):
        raise PeerError("codec.field", "$.body.words: expected each language once, in order")
    reader.text("note", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


KINDS: Final = (
    Kind("body.term", "body", True, "person", _term),
    Kind("body.term-agreed", "body", True, "person", empty),
    Kind("body.term-withdrawn", "body", True, "person", empty),
)


def put(subject: str, words: Mapping[str, str], note: str = "") -> Fact:
    """Put a term, a word by language."""
    told: list[JsonValue] = [{"tag": tag, "text": words[tag]} for tag in sorted(words)]
    return Fact(channel="line", kind=TERM, subject=subject, body={"words": told, "note": note})


def agree(subject: str, term: Ref) -> Fact:
    """Agree to a term of the other side."""
    return Fact(channel="line", kind=AGREED, subject=subject, body={}, refs=(term,))


def withdraw(subject: str, term: Ref) -> Fact:
    """Take our own term back, before the other side has agreed."""
    return Fact(channel="line", kind=WITHDRAWN, subject=subject, body={}, refs=(term,))


def allow(act: Act, terms: Sequence[TermView], languages: Sequence[str]) -> None:
    """Raise Refused unless the act is allowed on the terms as its own past shows them."""
    entry = act.entry
    if entry.kind == TERM:
        need(not entry.refs, "talks.names-one", "a term names nothing")
        tags = [cast(str, one["tag"]) for one in cast("list[dict[str, JsonValue]]", entry.body["words"])]
        need(set(tags) <= set(languages), "talks.term-language", "a term is in languages of the body")
        own = sum(one.side == entry.side for one in terms)
        need(own < limits.BODY_TERMS_MAX, "talks.full", "this side has put too many terms")
        return
    found = next((one for one in terms if entry.refs == (one.ref,)), None)
    need(found is not None, "talks.names-one", "it must name one term in its past")
    if found is not None:
        need(not found.withdrawn, "talks.withdrawn", "the term was taken back")
        need(not found.agreed, "talks.again", "both sides agreed to it before")
        ours = found.side == entry.side
        need(ours is (entry.kind == WITHDRAWN), "talks.own", "one side puts a term, the other agrees to it")


def fold(acts: Sequence[Act]) -> tuple[TermView, ...]:
    """Give every term in order; what both agreed to stands, whatever crossed it."""
    agreed: dict[Ref, str] = {}
    for act in acts:
        if act.entry.kind == AGREED:
            agreed.setdefault(act.entry.refs[0], act.entry.at)
    gone = {act.entry.refs[0] for act in acts if act.entry.kind == WITHDRAWN}
    return tuple(
        TermView(
            side=act.entry.side, person=act.entry.person, at=act.entry.at,
            words=tuple((one["tag"], one["text"]) for one in cast("list[dict[str, str]]", act.entry.body["words"])),
            note=cast(str, act.entry.body["note"]), agreed=agreed.get(act.ref, ""),
            withdrawn=act.ref in gone and act.ref not in agreed, ref=act.ref,
        )
        for act in acts
        if act.entry.kind == TERM
    )  # fmt: skip
