"""The duty roster of our side, who has which watch until when, notes of the hand-over. None of it crosses the line.

Owns: the spaces `private.shifts`, `private.watch`, `private.handover`, `private.roll-every`.
Does not own: the watch as both sides see it (subjects/watches/): that somebody is there, and since when.
Always true:
  1. Nobody is planned twice at one time in one channel.
  2. A note that waits goes on waiting until somebody other than its author has read it by name; every note is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from parley import limits
from parley.codec.text import make_text
from parley.errors import Refused
from parley.people import kept
from parley.people.kept import Values
from parley.storage.port import ValueRow
from parley.times import Moment

SHIFTS: Final = "private.shifts"  # "<channel>|<until>|<id>": by the end, so that what is over is skipped
HELD: Final = "private.watch"  # "<channel>"
NOTES: Final = "private.handover"  # "<channel>|open|<at>|<id>", and once read "<channel>|read|<newest first>|<id>"
ROLLS: Final = "private.roll-every"  # "<channel>": minutes
HOUR_MS: Final = 3_600_000
SHIFT_HOURS: Final = 8
_LAST: Final = 10**15  # beyond any moment, to sort the newest first
_READ_SHOWN: Final = 20


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to have the watch of a channel, from when to when."""

    id: str
    channel: str
    person: str
    since: int
    until: int


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Who of ours has a watch, and until when; `subject` is the watch as both sides know it.

    `relieved`: who had it before, as long as they have not said that they know; the first left first.
    """

    person: str
    since: int
    until: int
    subject: str
    relieved: tuple[str, ...] = ()


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What the person coming on must know."""

    id: str
    channel: str
    at: int
    by: str
    text: str
    read: dict[str, int] = {}  # person -> moment


_shift: Final = msgspec.json.Decoder(Shift)
_held: Final = msgspec.json.Decoder(Held)
_note: Final = msgspec.json.Decoder(Note)


# --- shifts -----------------------------------------------------------------------------------------------------------


def shifts(values: Values, channel: str, now: Moment) -> list[Shift]:
    """Give the shifts of a channel that have not ended, the first to end first."""
    rows = values.values(
        SHIFTS, prefix=f"{channel}|", after=f"{channel}|{now:015d}", count=limits.SHIFTS_PLANNED_MAX + 1
    )
    return [kept.read(_shift, data) for _, data in rows]


def plan(values: Values, fresh: Collection[Shift], now: Moment) -> list[ValueRow]:
    """Give the rows of new shifts of one channel. Raises Refused `watches.shift`, `watches.planned`."""
    rows: list[ValueRow] = []
    standing: list[Shift] = []
    for one in fresh:
        standing = standing or shifts(values, one.channel, now)
        hours = (one.until - one.since) / HOUR_MS
        if not 0 < hours <= limits.WATCH_HOURS_MAX or one.until <= now:
            raise Refused("watches.shift", f"a shift has at most {limits.WATCH_HOURS_MAX} hours and has not ended yet")
        over = [other for other in standing if other.since < one.until and one.since < other.until]
        if any(other.person == one.person for other in over):
            raise Refused("watches.planned", f"{one.person} is planned for this time already; nothing was planned")
        standing.append(one)
        if len(standing) > limits.SHIFTS_PLANNED_MAX:
            raise Refused("watches.planned", f"at most {limits.SHIFTS_PLANNED_MAX} shifts are planned ahead")
        rows.append(ValueRow(SHIFTS, f"{one.channel}|{one.until:015d}|{one.id}", kept.write(one)))
    return rows


def unplan(values: Values, channel: str, shift: str, now: Moment) -> ValueRow:
    """Give the row that takes a shift out; raises Refused `watches.shift.unknown`."""
    for one in shifts(values, channel, now):
        if one.id == shift:
            return ValueRow(SHIFTS, f"{channel}|{one.until:015d}|{one.id}", None)
    raise Refused("watches.shift.unknown", "there is no such shift, or it is over")


# --- who has it -------------------------------------------------------------------------------------------------------


def held(values: Values, channel: str) -> Held | None:
    """Give who of ours has the watch of a channel."""
    data = values.value(HELD, channel)
    return None if data is None else kept.read(_held, data)


def held_row(channel: str, one: Held | None) -> ValueRow:
    """Give the row that keeps who has the watch; None for nobody."""
    return ValueRow(HELD, channel, None if one is None else kept.write(one))


def until_for(planned: Collection[Shift], person: str, now: Moment) -> int:
    """Give until when somebody who takes the watch now has it: the end of their shift, or eight hours from now."""
    soon = now + 2 * limits.WATCH_WARN_S * 1000  # who comes early comes for the shift that is about to begin
    mine = [one.until for one in planned if one.person == person and one.since <= soon and one.until > soon]
    return mine[0] if mine else now + SHIFT_HOURS * HOUR_MS


# --- notes of the hand-over -------------------------------------------------------------------------------------------


def note(values: Values, channel: str, person: str, text: str, now: Moment, note_id: str) -> tuple[Note, ValueRow]:
    """Give a new note and its row. Raises Refused `watches.note`, `watches.notes`."""
    told = make_text(text).strip()
    if not told or len(told) > limits.HANDOVER_NOTE_CHARS_MAX:
        raise Refused("watches.note", f"a note has 1 to {limits.HANDOVER_NOTE_CHARS_MAX} characters")
    if len(open_notes(values, channel)) >= limits.HANDOVER_NOTES_OPEN_MAX:
        raise Refused("watches.notes", f"{limits.HANDOVER_NOTES_OPEN_MAX} notes wait to be read; read them first")
    made = Note(id=note_id, channel=channel, at=now, by=person, text=told)
    return made, ValueRow(NOTES, _open_key(made), kept.write(made))


def open_notes(values: Values, channel: str) -> list[Note]:
    """Give the notes that nobody but their author has read, the oldest first."""
    rows = values.values(NOTES, prefix=f"{channel}|open|", count=limits.HANDOVER_NOTES_OPEN_MAX)
    return [kept.read(_note, data) for _, data in rows]


def read_notes(values: Values, channel: str) -> list[Note]:
    """Give the latest notes that were read, newest first."""
    rows = values.values(NOTES, prefix=f"{channel}|read|", count=_READ_SHOWN)
    return [kept.read(_note, data) for _, data in rows]


def acknowledge(one: Note, person: str, now: Moment) -> list[ValueRow]:
    """Give the rows by which a note counts as read, by name. Raises Refused `watches.note.own`."""
    if one.by == person:
        raise Refused("watches.note.own", "the note is yours; somebody else has to read it")
    read = msgspec.structs.replace(one, read={**one.read, person: int(now)})
    key = f"{one.channel}|read|{_LAST - one.at:015d}|{one.id}"
    return [ValueRow(NOTES, _open_key(one), None), ValueRow(NOTES, key, kept.write(read))]


def _open_key(one: Note) -> str:
    return f"{one.channel}|open|{one.at:015d}|{one.id}"


# --- roll-calls at intervals ------------------------------------------------------------------------------------------


def roll_every(values: Values, channel: str) -> int:
    """Give the minutes between our roll-calls of a channel; 0 for only when somebody asks."""
    data = values.value(ROLLS, channel)
    return 0 if data is None else int(data)


def roll_every_row(channel: str, minutes: int) -> ValueRow:
    """Give the row that keeps the interval. Raises Refused `rolls.every`."""
    least, most = limits.ROLL_EVERY_MINUTES_MIN, 24 * 60
    if minutes and not least <= minutes <= most:
        raise Refused("rolls.every", f"from {least} to {most} minutes, or 0 for never by itself")
    return ValueRow(ROLLS, channel, str(minutes).encode() if minutes else None)
