"""What a person sees of the watches: who is there since when on both sides, shifts, notes that wait, the alarm.

Owns: the rows, and how the record (taken, handed over, left) and the signal (somebody is there now) come together.
Does not own: taking and leaving (watch.py), roll-calls (rolls.py).
Always true: 1. Without a fresh word of their node nobody is said to be there: a record says what was, a signal what is.
"""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rolls import roll_rows, rolls_now
from parley.actions.watch_rows import HeldRow, NoteRow, ShiftRow, WatchRow
from parley.actions.who import Who, may_read, need, need_in
from parley.people import watches as kept
from parley.subjects.channels import ChannelView
from parley.subjects.standing import PersonView
from parley.subjects.watches import RollView, WatchView
from parley.times import Moment, moment_text

_SHIFTS_SHOWN: Final = 12


def watches(node: NodePort, who: Who) -> list[WatchRow]:
    """Give the watch of every open channel this person belongs to."""
    need(who, "state")
    rooms = [room for room in node.book.line_view().channels if room.agreed and may_read(node, who, room.id)]
    rolls = rolls_now(node)
    return [_row(node, who, room, rolls) for room in rooms]


def watch(node: NodePort, who: Who, channel: str) -> WatchRow:
    """Give the watch of one channel."""
    return _row(node, who, need_in(node, who, "read", channel), rolls_now(node))


def read_notes(node: NodePort, who: Who, channel: str) -> list[NoteRow]:
    """Give the latest notes of hand-overs that were read, newest first."""
    need_in(node, who, "read", channel)
    return [note_row(node, who, one) for one in kept.read_notes(node.store, channel)]


def _row(node: NodePort, who: Who, room: ChannelView, rolls: dict[str, list[RollView]]) -> WatchRow:
    now, channel = node.moment(), room.id
    us, them = node.identity.ours.side, node.identity.theirs.side
    view, mine = node.watches.now(us, channel), kept.held(node.store, channel)
    planned = kept.shifts(node.store, channel, now)
    ends = node.watches.ends_at(view) if view is not None and view.there else None
    has = ends is not None and mine is not None and mine.person == who.person
    return WatchRow(
        channel=channel, title=room.title, ours=_ours(node, view, mine),
        theirs=_theirs(node, node.watches.now(them, channel)), mine=has,
        relieved=ends is not None and mine is not None and who.person in mine.relieved,
        until=None if ends is None else moment_text(ends), alarm=_alarm(view, ends, planned, now),
        shifts=tuple(shift_row(node, one, now) for one in planned[:_SHIFTS_SHOWN]),
        notes=tuple(note_row(node, who, one) for one in kept.open_notes(node.store, channel)),
        rolls=roll_rows(node, rolls.get(channel, [])), roll_every_minutes=kept.roll_every(node.store, channel),
        may=frozenset(_may(who, has, room.agreed)),
    )  # fmt: skip


def _may(who: Who, has: bool, agreed: bool) -> list[str]:
    found = ["plan"] if "line" in who.rights else []
    if "acknowledge" in who.rights and agreed:
        found += ["note", "ask", "answer", *(("stay", "leave") if has else ("take",))]
    return found


def _alarm(view: WatchView | None, ends: Moment | None, planned: list[kept.Shift], now: Moment) -> str:
    """Give what our own desks are warned of: an end that comes near, an empty chair."""
    if ends is not None:
        return "ends" if ends - now <= limits.WATCH_WARN_S * 1000 else ""
    if any(one.since <= now < one.until for one in planned):
        return "untaken"
    return "lapsed" if view is not None and view.end_reason == "lapsed" else ""


def _ours(node: NodePort, view: WatchView | None, mine: kept.Held | None) -> HeldRow:
    if view is None:
        return HeldRow(there=False, since=None)
    known = mine.person if mine is not None and mine.subject == view.subject else view.person
    return _held(node, view, known, there=view.there, since=view.since if view.there else view.ended_at)


def _theirs(node: NodePort, view: WatchView | None) -> HeldRow:
    """Put together what the record says of their watch and what their node says now."""
    signal = node.status().watch
    if view is None:
        return HeldRow(there=None if signal is None else False, since=None)
    if signal is None:
        return _held(node, view, view.person, there=None, since=view.ended_at or view.since)
    if view.there and not signal.present:
        return _held(node, view, view.person, there=False, since=signal.since or None)
    return _held(node, view, view.person, there=view.there, since=view.ended_at or view.since)


def _held(node: NodePort, view: WatchView, person: str, *, there: bool | None, since: str | None) -> HeldRow:
    name, office = person_name(node, view.side, person)
    listed = node.book.view("line", f"roster/{view.side}/{person}")
    return HeldRow(
        there=there, since=since, person=person, name=name, office=office,
        address=listed.address if isinstance(listed, PersonView) else "", handed_over_at=view.handed_over_at or None,
        lapsed=view.end_reason == "lapsed",
    )  # fmt: skip


def shift_row(node: NodePort, one: kept.Shift, now: Moment) -> ShiftRow:
    """Give the row of a shift."""
    return ShiftRow(
        id=one.id, channel=one.channel, person=one.person,
        name=person_name(node, node.identity.ours.side, one.person)[0], since=moment_text(Moment(one.since)),
        until=moment_text(Moment(one.until)), now=one.since <= now < one.until,
    )  # fmt: skip


def note_row(node: NodePort, who: Who, one: kept.Note) -> NoteRow:
    """Give the row of a note, for the person who asks."""
    us = node.identity.ours.side
    return NoteRow(
        id=one.id, channel=one.channel, at=moment_text(Moment(one.at)), by=one.by,
        by_name=person_name(node, us, one.by)[0], text=one.text, ours=one.by == who.person,
        read=tuple(
            (person_name(node, us, person)[0], moment_text(Moment(at))) for person, at in sorted(one.read.items())
        ),
    )  # fmt: skip
