"""The facts of a channel: proposed, agreed, declined, withdrawn, suspended, restored, its members; and builders.

Owns: bodies of `channel.*`. All stand in the line channel, under the subject `channel/<channel id>`.
Does not own: whether one is allowed now (rules.py). Read first: docs/protocol/channels.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import check_person
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.kinds import Body, Fact, Kind


def _proposed(body: Body) -> None:
    reader = Reader(body, "$.body")
    if reader.channel("channel") == "line":
        raise PeerError("codec.field", "$.body.channel: the line channel exists from the founding")
    reader.text("title", max_chars=limits.TITLE_CHARS_MAX)
    reader.text("purpose", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


def _bare(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.channel("channel")
    reader.done()


def _reason(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.channel("channel")
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _members(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.channel("channel")
    persons = reader.texts("persons", max_items=limits.PERSONS_MAX, max_chars=limits.PERSON_ID_CHARS_MAX)
    for person in persons:
        check_person(person)
    if list(persons) != sorted(set(persons)):
        raise PeerError("codec.field", "$.body.persons: expected each person once, sorted")
    reader.done()


def _named(_side: str, body: Body) -> str:
    return f"channel/{body['channel']}"


KINDS: Final = (
    Kind("channel.proposed", "channel", True, "person", _proposed, _named, standing=True),
    Kind("channel.agreed", "channel", True, "person", _bare, _named, standing=True),
    Kind("channel.declined", "channel", True, "person", _reason, _named, standing=True),
    Kind("channel.withdrawn", "channel", True, "person", _reason, _named, standing=True),
    Kind("channel.suspended", "channel", True, "person", _reason, _named, standing=True),
    Kind("channel.restore-proposed", "channel", True, "person", _bare, _named, standing=True),
    Kind("channel.restored", "channel", True, "person", _bare, _named, standing=True),
    Kind("channel.members", "channel", True, "person", _members, _named, standing=True),
)


def _fact(kind: str, channel: str, refs: tuple[Ref, ...] = (), **fields: JsonValue) -> Fact:
    return Fact(channel="line", kind=kind, subject=f"channel/{channel}", body={"channel": channel, **fields}, refs=refs)


def propose(channel: str, title: str, purpose: str = "") -> Fact:
    """Propose a channel; it opens when the other side agrees."""
    return _fact("channel.proposed", channel, title=title, purpose=purpose)


def agree(channel: str, proposal: Ref) -> Fact:
    """Agree to the other side's proposal (`ChannelView.proposal`)."""
    return _fact("channel.agreed", channel, (proposal,))


def decline(channel: str, proposal: Ref, reason: str) -> Fact:
    """Decline the other side's proposal."""
    return _fact("channel.declined", channel, (proposal,), reason=reason)


def withdraw(channel: str, proposal: Ref, reason: str) -> Fact:
    """Take our own proposal back while it waits for an answer."""
    return _fact("channel.withdrawn", channel, (proposal,), reason=reason)


def suspend(channel: str, reason: str) -> Fact:
    """Suspend an agreed channel; either side may."""
    return _fact("channel.suspended", channel, reason=reason)


def propose_restore(channel: str) -> Fact:
    """Propose to lift every suspension known now."""
    return _fact("channel.restore-proposed", channel)


def restore(channel: str, proposal: Ref) -> Fact:
    """Agree to the other side's proposal to restore (`ChannelView.proposal`)."""
    return _fact("channel.restored", channel, (proposal,))


def set_members(channel: str, persons: Sequence[str]) -> Fact:
    """Set who of our side belongs to the channel; nobody named means everybody on our roster."""
    return _fact("channel.members", channel, persons=[*sorted(set(persons))])
