"""What both sides must say yes to in a call beside recording its sound: keeping its text, and talking in turns.

Owns: the bodies, strictly read, and their builders. Does not own: when one is allowed, which is as for recording
(recording.py); who has the turn now (node/turns.py).
Read first: docs/protocol/realtime-text.md, "Kept", and docs/protocol/voice.md, "Turns".
"""

from __future__ import annotations

from typing import Final, Literal

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.record.names import Ref
from parley.subjects.alike import empty, maybe_reason
from parley.subjects.kinds import Body, Fact, Kind

What = Literal["text", "turns"]
WHAT: Final[tuple[What, ...]] = ("text", "turns")


def _stopped(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("reason", ("person",))
    reader.done()


def _said(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.TEXT_CHARS_MAX)
    reader.done()


KINDS: Final = (
    Kind("call.text-asked", "call", False, "person", empty),
    Kind("call.text-agreed", "call", False, "person", empty),
    Kind("call.text-declined", "call", False, "person", maybe_reason),
    Kind("call.text-stopped", "call", False, "person", _stopped),
    Kind("call.text-said", "call", False, "person", _said),
    Kind("call.turns-asked", "call", False, "person", empty),
    Kind("call.turns-agreed", "call", False, "person", empty),
    Kind("call.turns-declined", "call", False, "person", maybe_reason),
    Kind("call.turns-stopped", "call", False, "person", _stopped),
)


def _about(channel: str, kind: str, subject: str, body: dict[str, JsonValue], *refs: Ref) -> Fact:
    return Fact(channel=channel, kind=f"call.{kind}", subject=subject, body=body, refs=refs)


def ask(channel: str, subject: str, what: What) -> Fact:
    """Ask the other side to agree that the text of this call is kept, or that it goes on in turns."""
    return _about(channel, f"{what}-asked", subject, {})


def agree(channel: str, subject: str, what: What, asked: Ref) -> Fact:
    """Agree to the asking that is named."""
    return _about(channel, f"{what}-agreed", subject, {}, asked)


def decline(channel: str, subject: str, what: What, asked: Ref, reason: str = "") -> Fact:
    """Decline the asking that is named."""
    return _about(channel, f"{what}-declined", subject, {"reason": reason}, asked)


def stop(channel: str, subject: str, what: What, asked: Ref) -> Fact:
    """End what this asking began, or take the asking back."""
    return _about(channel, f"{what}-stopped", subject, {"reason": "person"}, asked)


def say(channel: str, subject: str, asked: Ref, text: str) -> Fact:
    """Keep a finished line of real-time text, by whoever wrote it, under the asking that is named."""
    return _about(channel, "text-said", subject, {"text": text}, asked)
