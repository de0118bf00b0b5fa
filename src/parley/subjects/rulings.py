"""The ruling on one entry: may it be, judged by its own past alone.

Owns: what holds for every kind (rules' version, channel, person, subject), in which order it is asked.
Does not own: the rule of each subject, the past itself (pasts.py).
Always true: 1. The same entry gets the same ruling on both nodes, today and for ever: nothing but the view folded from
its past is read.
"""

from __future__ import annotations

from typing import Final, Protocol, cast

from parley.errors import PeerError, Refused
from parley.record.binding import is_signed, read_signed
from parley.record.entry import Entry
from parley.subjects import table
from parley.subjects.acts import Act
from parley.subjects.channels.view import ChannelView
from parley.subjects.kinds import Kind, Standing, need, own_subject

# Safety is never suspended (DESIGN 5). A stop or an incident first said after a suspension stands in the line channel.
_SAFETY: Final = frozenset(kind.name for kind in table.KINDS.values() if kind.room == "stop" and not kind.opens)
# A suspended channel takes no new words, yet what was said may still be shown, acknowledged, translated, withdrawn.
_WHILE_SUSPENDED: Final = frozenset(
    {
        *("message.shown", "message.acknowledged", "message.translated", "message.cancelled", "file.held"),
        *("call.left", "call.ended", "call.heard"),
        *("call.recording-declined", "call.recording-stopped", "call.recording-kept", "call.tone-heard"),
        *("call.text-declined", "call.text-stopped", "call.turns-declined", "call.turns-stopped"),
        *_SAFETY,
        *("notice.acknowledged", "notice.cancelled", "notice.ended"),
        "incident.held",
        # What was agreed is still followed up, declined and called off while no new words pass.
        *("meeting.declined", "meeting.cancelled", "commitment.viewed", "commitment.declined", "commitment.withdrawn"),
        "log.opened",
    }
)


class StandingAt(Standing, Protocol):
    """What a ruling reads of the line channel beyond what rules read."""

    def channel(self, channel: str) -> ChannelView | None:
        """Give the channel as the entry's past shows it."""
        ...


class Topics(Protocol):
    """Gives the view of a subject as the act's past shows it; None if it has no valid act there."""

    def view_for(self, act: Act) -> object: ...
    def nonce_counted(self, act: Act, nonce: str) -> bool: ...


def rule_version(entry: Entry, agreed: int) -> None:
    """Raise Refused unless the entry is written by the version its past agreed to."""
    if entry.rules != agreed:  # no `need` where its sentence would be made for every entry
        raise Refused("rules.version", f"it is written by rules {entry.rules}, its past agreed to {agreed}")


def rule(act: Act, kind: Kind, standing: StandingAt, topics: Topics) -> None:
    """Raise Refused, with the reason in words, unless the act may be."""
    entry = act.entry
    rule_version(entry, standing.rules_agreed())
    if kind.line is not None and (entry.channel == "line") is not kind.line:
        where = "the line channel" if kind.line else "an agreed channel"
        raise Refused("subjects.channel", f"a {kind.name} stands in {where}")
    if entry.number == 0 and entry.epoch > 0:
        need(kind.name == "log.opened", "log.opened", "the first entry of a later epoch must open it")
    _rule_person(act, kind, standing)
    try:
        kind.check(entry.body)
    except PeerError as fault:
        raise Refused(fault.code, fault.sentence) from None
    _rule_subject(act, kind)
    if entry.channel != "line":
        _rule_channel(act, standing)
    view = None if kind.opens else topics.view_for(act)
    table.RULES[kind.room](act, view, standing)
    if is_signed(entry):
        nonce = read_signed(entry.body["assertion"]).nonce
        need(not topics.nonce_counted(act, nonce), "binding.again", "its nonce stands in its past: it counted once")


def _rule_person(act: Act, kind: Kind, standing: Standing) -> None:
    person = act.entry.person
    if kind.by == "person" and not person:
        raise Refused("subjects.person", f"a {kind.name} needs a person")
    if kind.by == "node" and person:
        raise Refused("subjects.person", f"a {kind.name} is the node's own word, not a person's")
    if person and kind.room != "roster":  # the first listing cannot wait for a listing
        need(
            standing.listed(act.entry.side, person), "subjects.listed", "the person is not on the roster of their side"
        )


def _rule_subject(act: Act, kind: Kind) -> None:
    entry = act.entry
    if kind.named is not None or kind.opens:
        named = kind.named
        expected = own_subject(kind.room, act.log, act.number) if named is None else named(entry.side, entry.body)
        if entry.subject != expected:
            raise Refused("subjects.subject", f"the subject must be {expected}")
    elif not entry.subject.startswith(kind.room + "/"):
        raise Refused("subjects.subject", f"a {kind.name} speaks of a subject that begins with {kind.room}/")


def _rule_channel(act: Act, standing: StandingAt) -> None:
    entry = act.entry
    if entry.kind == "log.opened":
        return  # it only restates a head: after a loss it may come before the channel's own entries are back
    channel = standing.channel(entry.channel)
    need(channel is not None and channel.agreed, "channels.not-agreed", "the channel is not agreed in its past")
    found = cast(ChannelView, channel)
    need(
        found.writable or entry.kind in _WHILE_SUSPENDED,
        "channels.suspended",
        "the channel is suspended in its past: no new words",
    )
    members = found.members.get(entry.side, ())
    if entry.person and members:
        need(entry.person in members, "channels.member", "the person is not a member of the channel")
