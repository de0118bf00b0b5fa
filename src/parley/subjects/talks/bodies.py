"""The facts of a body: proposed, agreed, declined, withdrawn, delegations, suspended, resumed, ended; and its rule.

Owns: bodies of `body.*`, their builders, when one is allowed. All stand in the line channel.
Does not own: the channel a body speaks in (channels/): it is proposed and agreed by its own facts, and a body is agreed
only where its channel is.
Read first: docs/protocol/talks.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import check_person
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.alike import empty, reason
from parley.subjects.kinds import Body, Fact, Kind, Standing, need
from parley.subjects.talks import glossary
from parley.subjects.talks.body_view import BodyView

LEVELS: Final = ("leaders", "ministers", "officials", "experts")
LANGUAGE_CHARS_MAX: Final = 35


def read_languages(reader: Reader) -> None:
    """Read a list of language tags, each once."""
    tags = reader.texts("languages", max_items=limits.LANGUAGES_MAX, max_chars=LANGUAGE_CHARS_MAX)
    if len(set(tags)) != len(tags):
        raise PeerError("codec.field", f"{reader.where}.languages: expected each language once")


def read_people(reader: Reader, name: str) -> None:
    """Read people by name and office; `person` is their id on the roster, or "" for who is not on it."""
    for one in reader.objects(name, max_items=limits.DELEGATION_MAX):
        person = one.text("person", max_chars=limits.PERSON_ID_CHARS_MAX, min_chars=0)
        if person:
            check_person(person)
        one.text("name", max_chars=limits.TITLE_CHARS_MAX)
        one.text("office", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
        one.done()


def _proposed(body: Body) -> None:
    reader = Reader(body, "$.body")
    if reader.channel("channel") == "line":
        raise PeerError("codec.field", "$.body.channel: the line channel is no body's own")
    reader.text("title", max_chars=limits.TITLE_CHARS_MAX)
    reader.text("mandate", max_chars=limits.NOTE_CHARS_MAX)
    reader.choice("level", LEVELS)
    read_languages(reader)
    reader.text("rhythm", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    reader.done()


def _delegation(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("chair", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    read_people(reader, "people")
    reader.done()


KINDS: Final = (
    Kind("body.proposed", "body", True, "person", _proposed, opens=True),
    Kind("body.agreed", "body", True, "person", empty),
    Kind("body.declined", "body", True, "person", reason),
    Kind("body.withdrawn", "body", True, "person", reason),
    Kind("body.delegation", "body", True, "person", _delegation),
    Kind("body.suspended", "body", True, "person", reason),
    Kind("body.resumed", "body", True, "person", reason),
    Kind("body.ended", "body", True, "person", reason),
    *glossary.KINDS,
)


def propose(
    channel: str, *, title: str, mandate: str, level: str, languages: Sequence[str], rhythm: str, opening: Ref
) -> Fact:
    """Propose a body; `opening` is the entry that proposes its channel, or that agreed it."""
    body: dict[str, JsonValue] = {
        "channel": channel, "title": title, "mandate": mandate, "level": level, "languages": [*languages],
        "rhythm": rhythm,
    }  # fmt: skip
    return Fact(channel="line", kind="body.proposed", subject=None, body=body, refs=(opening,))


def _fact(kind: str, subject: str, body: dict[str, JsonValue] | None = None) -> Fact:
    return Fact(channel="line", kind=f"body.{kind}", subject=subject, body=body or {})


def agree(subject: str) -> Fact:
    """Agree to the other side's body."""
    return _fact("agreed", subject)


def decline(subject: str, reason: str) -> Fact:
    """Decline the other side's body."""
    return _fact("declined", subject, {"reason": reason})


def withdraw(subject: str, reason: str) -> Fact:
    """Take our own proposal of a body back while it waits for an answer."""
    return _fact("withdrawn", subject, {"reason": reason})


def delegation(subject: str, chair: str, people: Sequence[dict[str, JsonValue]]) -> Fact:
    """State who our side sends, and who leads them; the latest counts."""
    return _fact("delegation", subject, {"chair": chair, "people": [*people]})


def suspend(subject: str, reason: str) -> Fact:
    """Suspend the body, as far as our side is concerned."""
    return _fact("suspended", subject, {"reason": reason})


def resume(subject: str, reason: str) -> Fact:
    """Take our own suspension back."""
    return _fact("resumed", subject, {"reason": reason})


def end(subject: str, reason: str) -> Fact:
    """End the body for good."""
    return _fact("ended", subject, {"reason": reason})


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the body as its own past shows it."""
    entry, kind = act.entry, act.entry.kind
    if kind == "body.proposed":
        need(len(entry.refs) == 1, "talks.names-one", "it must name the entry that proposes or agrees its channel")
        return
    need(isinstance(view, BodyView), "talks.unknown", "the body it speaks of is not in its past")
    body = cast(BodyView, view)
    need(entry.status == body.status, "talks.status", f"the body is {body.status}, so its facts must be")
    need(body.facts.get(entry.side, 0) < limits.BODY_FACTS_MAX, "talks.full", "this side has said too much of it")
    need(body.state != "ended", "talks.ended", "the body was ended")
    if kind in ("body.agreed", "body.declined"):
        need(entry.side != body.side, "talks.own", "a side cannot answer its own proposal")
        need(body.state == "proposed", "talks.answered", f"the body was answered before: {body.state}")
        opened = kind == "body.declined" or standing.channel_agreed(body.channel)
        need(opened, "talks.channel", "its channel is not agreed in its past")
        return
    if kind == "body.withdrawn":
        need(entry.side == body.side, "talks.side", "only the side that proposed a body takes it back")
        need(body.state == "proposed", "talks.answered", f"the body was answered before: {body.state}")
        return
    need(body.state not in ("declined", "withdrawn"), "talks.answered", f"the body was {body.state}")
    if kind == "body.delegation":
        return
    if kind.startswith(glossary.TERM):
        glossary.allow(act, body.terms, body.languages)
        return
    need(body.agreed is not None, "talks.not-agreed", "the body is not agreed")
    ours = any(one.side == entry.side for one in body.suspensions)
    if kind == "body.suspended":
        need(not ours, "talks.suspended", "this side has suspended it before")
    elif kind == "body.resumed":
        need(ours, "talks.not-suspended", "this side has not suspended it")
