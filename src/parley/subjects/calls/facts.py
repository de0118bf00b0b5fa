"""What may be said about a call: placed, ringing, answered, declined, later, joined, left, ended; never its sound.

Owns: the bodies, strictly read, and their builders. Does not own: when one is allowed (rules.py).
Read first: docs/protocol/calls.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import count_words
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.alike import empty, maybe_reason, ringing
from parley.subjects.kinds import Body, Fact, Kind

LANGUAGE_CHARS_MAX: Final = 35
# Why a call is over. The first three are said by people, the others by a node.
REASONS: Final = ("hung-up", "given-up", "unanswered", "pre-empted", "merged", "line-lost", "restarted")

NO_DESK: Final = "no-desk"  # why somebody left, where a node says it: every desk of theirs was closed for minutes


def _placed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.hex("session", 16)
    reader.text("purpose", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    reader.text("language", max_chars=LANGUAGE_CHARS_MAX)
    reader.done()


def _later(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.moment("at")
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


def _left(body: Body) -> None:
    reader = Reader(body, "$.body")
    if reader.has("reason"):
        reader.choice("reason", (NO_DESK,))
    reader.done()


def _statement(body: Body) -> None:
    reader = Reader(body, "$.body")
    text = reader.text("text", max_chars=limits.MESSAGE_CHARS_MAX)
    reader.text("language", max_chars=LANGUAGE_CHARS_MAX)
    reader.done()
    if count_words(text) > limits.URGENT_WORDS_MAX:
        raise PeerError("codec.field", f"$.body.text: expected at most {limits.URGENT_WORDS_MAX} words")


def _ended(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("reason", REASONS)
    reader.done()


def _heard(body: Body) -> None:
    reader = Reader(body, "$.body")
    for each in reader.objects("persons", max_items=limits.CALL_PERSONS_MAX):
        each.person("person")
        each.moment("from")
        each.moment("to")
        each.integer("frames", 0)
        each.integer("missing", 0)
        each.done()
    reader.done()


KINDS: Final = (
    Kind("call.placed", "call", False, "person", _placed, opens=True),
    Kind("call.ringing", "call", False, "node", ringing),
    Kind("call.answered", "call", False, "person", empty),
    Kind("call.declined", "call", False, "person", maybe_reason),
    Kind("call.later", "call", False, "person", _later),
    Kind("call.statement", "call", False, "person", _statement),
    Kind("call.joined", "call", False, "person", empty),
    Kind("call.left", "call", False, "person", _left),
    Kind("call.ended", "call", False, "either", _ended),
    Kind("call.heard", "call", False, "node", _heard),
)


def place(channel: str, *, session: str, language: str, purpose: str = "", meeting: Ref | None = None) -> Fact:
    """Place a call: this side has lifted. `session` is 16 random bytes in hex; the sound names it.

    Args:
        meeting: The request of the meeting that it is part of, in the same channel.
    """
    body: dict[str, JsonValue] = {"session": session, "purpose": purpose, "language": language}
    refs = () if meeting is None else (meeting,)
    return Fact(channel=channel, kind="call.placed", subject=None, body=body, refs=refs)


def _about(channel: str, kind: str, subject: str, body: dict[str, JsonValue], refs: tuple[Ref, ...] = ()) -> Fact:
    return Fact(channel=channel, kind=kind, subject=subject, body=body, refs=refs)


def ring(channel: str, subject: str, desks: int) -> Fact:
    """Say that so many desks of the called side are really ringing."""
    return _about(channel, "call.ringing", subject, {"desks": desks})


def answer(channel: str, subject: str) -> Fact:
    """Answer, by the person who authors it."""
    return _about(channel, "call.answered", subject, {})


def decline(channel: str, subject: str, reason: str = "") -> Fact:
    """Decline, with or without a reason."""
    return _about(channel, "call.declined", subject, {"reason": reason})


def later(channel: str, subject: str, at: str, reason: str = "") -> Fact:
    """Say when we will be there instead; `at` is a moment's text."""
    return _about(channel, "call.later", subject, {"at": at, "reason": reason})


def leave_statement(channel: str, subject: str, *, text: str, language: str) -> Fact:
    """Leave urgent words for those who did not take the call."""
    return _about(channel, "call.statement", subject, {"text": text, "language": language})


def join(channel: str, subject: str) -> Fact:
    """Join a call that is under way."""
    return _about(channel, "call.joined", subject, {})


def leave(channel: str, subject: str, reason: str = "") -> Fact:
    """Leave a call; it goes on without this person. `reason` is NO_DESK where their node says it, and else nothing."""
    return _about(channel, "call.left", subject, {"reason": reason} if reason else {})


def end(channel: str, subject: str, reason: str, other: tuple[Ref, ...] = ()) -> Fact:
    """End a call; `other` names the call that pre-empted it or into which it was merged."""
    return _about(channel, "call.ended", subject, {"reason": reason}, other)


def note_heard(channel: str, subject: str, persons: Sequence[dict[str, JsonValue]]) -> Fact:
    """State who of the other side was heard here, from when to when, and how many frames came and were missing."""
    return _about(channel, "call.heard", subject, {"persons": list(persons)})
