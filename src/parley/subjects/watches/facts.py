"""What may be said about the watch of a channel and about roll-calls. All of it stands in the line channel.

Owns: the bodies, strictly read, and their builders. Does not own: when one is allowed (rules.py), shifts and notes of
the hand-over, which are private (people/watches.py, promise 9).
Read first: docs/protocol/watches.md.
"""

from __future__ import annotations

from typing import Final

from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.subjects.alike import empty
from parley.subjects.kinds import Body, Fact, Kind

# Why nobody has the watch any more: a person left it, or the shift ended and nobody took over.
REASONS: Final = ("left", "lapsed")


def _taken(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.channel("channel")
    reader.done()


def _left(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("reason", REASONS)
    reader.done()


def _asked(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.channel("channel")
    reader.moment("answer_by")
    reader.done()


KINDS: Final = (
    Kind("watch.taken", "watch", True, "either", _taken, opens=True),
    Kind("watch.handed-over", "watch", True, "either", empty),
    Kind("watch.left", "watch", True, "either", _left),
    Kind("roll.asked", "roll", True, "either", _asked, opens=True),
    Kind("roll.answered", "roll", True, "person", empty),
    Kind("roll.unanswered", "roll", True, "node", empty),
)


def _about(kind: str, subject: str | None, body: dict[str, JsonValue]) -> Fact:
    return Fact(channel="line", kind=kind, subject=subject, body=body)


def take(channel: str) -> Fact:
    """Say that somebody has taken the watch of a channel, which nobody had."""
    return _about("watch.taken", None, {"channel": channel})


def hand_over(subject: str) -> Fact:
    """Say that somebody else of the same side has the watch from now on."""
    return _about("watch.handed-over", subject, {})


def leave(subject: str, reason: str) -> Fact:
    """Say that nobody has the watch any more, and why: "left" or "lapsed"."""
    return _about("watch.left", subject, {"reason": reason})


def ask(channel: str, answer_by: str) -> Fact:
    """Ask the other side's watch of a channel to press a key by a moment."""
    return _about("roll.asked", None, {"channel": channel, "answer_by": answer_by})


def answer(subject: str) -> Fact:
    """Answer a roll-call, by the person who authors it."""
    return _about("roll.answered", subject, {})


def unanswered(subject: str) -> Fact:
    """State that the time of a roll-call of ours passed, and no answer had come."""
    return _about("roll.unanswered", subject, {})
