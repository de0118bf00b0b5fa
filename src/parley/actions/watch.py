"""The watch, as a person has it: take it, hand it over, stay, leave it; the duty roster and the notes of the hand-over.

Owns: rights, what must be read before a watch is taken, until when it lasts.
Does not own: which facts are allowed (subjects/watches/), how private values lie on disk (people/watches.py), what is
done when a time has come (node/watches.py), what is shown (watch_showing.py), roll-calls (rolls.py).
Always true: 1. Of shifts, notes and of people whom the roster does not list nothing crosses the line (promise 9).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Final

from msgspec import structs

from parley import limits
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write_as
from parley.actions.watch_rows import NoteRow, ShiftRow
from parley.actions.watch_showing import note_row, shift_row
from parley.actions.who import Who, channel_view, need, need_in, published
from parley.errors import PeerError, Refused
from parley.people import accounts
from parley.people import watches as kept
from parley.subjects.watches import facts as said
from parley.times import Moment, moment_text, read_moment

_PLANNED_AT_ONCE: Final = 100


async def take(node: NodePort, who: Who, channel: str, *, read: Collection[str] = (), until: str = "") -> Sent:
    """Take the watch, from nobody or from whoever has it; the other side sees that it was taken or handed over.

    Args:
        read: The ids of the notes this person has read; every note that waits must be among them.
        until: When this person's watch ends; "" for the end of their shift, or eight hours from now.
    Raises:
        Refused: `watches.yours`, `watches.unread`, `watches.until`; nothing was changed.
    """
    need_in(node, who, "acknowledge", channel)
    now = node.moment()
    view = node.watches.now(node.identity.ours.side, channel)
    mine = kept.held(node.store, channel)
    there = view is not None and view.there
    if there and mine is not None and mine.person == who.person:
        raise Refused("watches.yours", "you have this watch; say until when you stay, or leave it")
    ends = _until(node, who, channel, until, now)
    waiting = [one for one in kept.open_notes(node.store, channel) if one.by != who.person]
    if any(one.id not in read for one in waiting):
        raise Refused("watches.unread", "notes of the hand-over wait for you: read them, and say so in your name")
    noted = [row for one in waiting for row in kept.acknowledge(one, who.person, now)]
    if noted:
        await node.keep(noted)
    if view is not None and view.there and view.facts < limits.MESSAGE_FACTS_MAX - 1:  # one fact is left for leaving
        fact, status = said.hand_over(view.subject), view.status
    else:
        fact, status = said.take(channel), ""
    sent = await write_as(node, published(node, who.person), fact, status=status)
    relieved = (*mine.relieved, mine.person) if there and mine is not None else ()
    told = tuple(one for one in dict.fromkeys(relieved) if one != who.person)
    row = kept.Held(person=who.person, since=now, until=ends, subject=sent.subject, relieved=told)
    await node.keep([kept.held_row(channel, row)])
    node.tell("watch", {"ours": True, "present": True})
    return sent


async def stay(node: NodePort, who: Who, channel: str, *, until: str = "") -> None:
    """Stay on watch until later. Private: the other side sees no change. Raises Refused `watches.not-yours`."""
    need_in(node, who, "acknowledge", channel)
    now = node.moment()
    view, mine = node.watches.now(node.identity.ours.side, channel), kept.held(node.store, channel)
    if view is None or not view.there or mine is None or mine.person != who.person:
        raise Refused("watches.not-yours", "you do not have this watch")
    ends = _until(node, who, channel, until or moment_text(Moment(now + kept.SHIFT_HOURS * kept.HOUR_MS)), now)
    await node.keep([kept.held_row(channel, structs.replace(mine, until=ends))])
    node.tell("watch", {"ours": True, "present": True})


async def know_relieved(node: NodePort, who: Who, channel: str) -> None:
    """Say that this person knows that somebody has taken the watch over from them. Private; twice is once."""
    need_in(node, who, "read", channel)
    mine = kept.held(node.store, channel)
    if mine is None or who.person not in mine.relieved:
        return
    left = tuple(one for one in mine.relieved if one != who.person)
    await node.keep([kept.held_row(channel, structs.replace(mine, relieved=left))])
    node.tell("watch", {"ours": True})


async def leave(node: NodePort, who: Who, channel: str) -> Sent:
    """Leave the watch to nobody: from now on the other side sees that nobody is there. Raises `watches.not-yours`."""
    need_in(node, who, "acknowledge", channel)
    view, mine = node.watches.now(node.identity.ours.side, channel), kept.held(node.store, channel)
    if view is None or not view.there or mine is None or mine.person != who.person:
        raise Refused("watches.not-yours", "you do not have this watch")
    sent = await write_as(node, published(node, who.person), said.leave(view.subject, "left"), status=view.status)
    await node.keep([kept.held_row(channel, None)])
    node.set_watch(who.person, False)
    return sent


# --- shifts and notes -------------------------------------------------------------------------------------------------


async def plan(
    node: NodePort, who: Who, channel: str, *, since: str, persons: Collection[str], hours: int = 8, times: int = 1
) -> list[ShiftRow]:
    """Plan shifts one after another: these persons in turn, so many hours each, `times` rounds of them.

    Raises: Refused `people.person.unknown`, `watches.shift`, `watches.planned`; nothing was planned.
    """
    need(who, "line")
    channel_view(node, channel)
    if not persons or not 0 < hours <= limits.WATCH_HOURS_MAX or not 0 < times * len(persons) <= _PLANNED_AT_ONCE:
        raise Refused("watches.shift", f"name who, for 1 to {limits.WATCH_HOURS_MAX} hours each; nothing was planned")
    start = _moment(since)
    turns = [accounts.get(node.store, person).person for person in persons] * times
    length = hours * kept.HOUR_MS
    fresh = [
        kept.Shift(
            id=secrets.token_hex(4), channel=channel, person=person, since=start + number * length,
            until=start + (number + 1) * length,
        )
        for number, person in enumerate(turns)
    ]  # fmt: skip
    now = node.moment()
    await node.keep(kept.plan(node.store, fresh, now))
    node.tell("watch", {"ours": True})
    return [shift_row(node, one, now) for one in fresh]


async def unplan(node: NodePort, who: Who, channel: str, shift: str) -> None:
    """Take a planned shift out again."""
    need(who, "line")
    channel_view(node, channel)
    await node.keep([kept.unplan(node.store, channel, shift, node.moment())])
    node.tell("watch", {"ours": True})


async def write_note(node: NodePort, who: Who, channel: str, *, text: str) -> NoteRow:
    """Write down what the person coming on must know."""
    need_in(node, who, "acknowledge", channel)
    made, row = kept.note(node.store, channel, who.person, text, node.moment(), secrets.token_hex(4))
    await node.keep([row])
    node.tell("watch", {"ours": True})
    return note_row(node, who, made)


async def acknowledge_note(node: NodePort, who: Who, channel: str, note: str) -> None:
    """Say by name that a note was read, without taking the watch. Raises `watches.note.unknown`, `watches.note.own`."""
    need_in(node, who, "acknowledge", channel)
    found = next((one for one in kept.open_notes(node.store, channel) if one.id == note), None)
    if found is None:
        raise Refused("watches.note.unknown", "no such note waits; somebody may have read it")
    await node.keep(kept.acknowledge(found, who.person, node.moment()))
    node.tell("watch", {"ours": True})


def _moment(text: str) -> Moment:
    """Read a moment as people give it: with or without seconds, always UTC."""
    told = text.strip().removesuffix("Z")
    if len(told) == len("2026-11-23T10:00"):
        told += ":00"
    try:
        return read_moment((told if "." in told else told + ".000") + "Z")
    except PeerError:
        raise Refused("watches.time", "a moment looks like 2026-11-23T10:00Z; nothing was changed") from None


def _until(node: NodePort, who: Who, channel: str, until: str, now: Moment) -> int:
    if not until:
        return kept.until_for(kept.shifts(node.store, channel, now), who.person, now)
    ends = _moment(until)
    if not now < ends <= now + limits.WATCH_HOURS_MAX * kept.HOUR_MS:
        raise Refused("watches.until", f"a watch ends within {limits.WATCH_HOURS_MAX} hours; nothing was changed")
    return ends
