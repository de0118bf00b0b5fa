"""Meetings for other programs: one invitation, and a feed of all that a person may read, as iCalendar (RFC 5545, 5546).

Owns: which meetings a file holds, and its words. Does not own: proof of who asks (the doors).
Always true:
  1. Each moment is the agreed one: on our side's stated clock, whose changes the file brings along; in UTC where no
     zone is stated, where that hour comes twice, or later than anybody knows the clocks.
  2. The agenda is left out: a calendar goes to telephones and to strangers' servers.
  3. People stand by name. We know no addresses, so each is a URN of their own, to which no program can write.
"""

from __future__ import annotations

import asyncio
import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from parley.actions.meeting_showing import expected
from parley.actions.meetings import meeting_view
from parley.actions.ports import NodePort
from parley.actions.talk_rows import MeetingLineRow
from parley.actions.talk_showing import lines
from parley.actions.who import Who
from parley.actions.zones import UTC, LocalRow, zone_of
from parley.errors import Refused

if TYPE_CHECKING:
    from icalendar import Event

MEDIA: Final = "text/calendar"
_YEAR_MAX: Final = 9_000  # beyond it a meeting of a week could end after the last day that a calendar has
_CLOCKS_YEAR_MAX: Final = 2_100  # until then the file brings the changes of a clock, two a year
_ASK_AGAIN: Final = datetime.timedelta(minutes=15)  # a move is seen while a delegation can still turn round
_MARGIN: Final = datetime.timedelta(days=400)  # a whole year of the clock's changes around what is written
_PEOPLE: Final = uuid.UUID("5d0a7f0e-8c1b-4c55-9d0e-3f4b1b7a90c6")  # the namespace of people's URNs (RFC 9562, 5.5)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frame:
    """What all events of a file share."""

    line: str
    names: tuple[str, str]  # ours, theirs
    zone: str
    now: datetime.datetime


async def feed(node: NodePort, who: Who) -> bytes:
    """Give every meeting that has or had an agreed time, in the channels this person may read."""
    rows = [row for row in lines(node, who) if row.time is not None]
    return await _written(node, rows, "PUBLISH", {})  # a published calendar names nobody who attends (RFC 5546, 3.2.1)


async def invitation(node: NodePort, who: Who, channel: str, subject: str) -> bytes:
    """Give one meeting with whom each side sends; raises Refused `talks.no-time` before a time is agreed."""
    view = meeting_view(node, who, "read", channel, subject)
    row = next((one for one in lines(node, who, channel) if one.subject == subject), None)
    if row is None or row.time is None:
        raise Refused("talks.no-time", "no time is agreed for this meeting")
    people = {
        side.name: [name for _, name, _ in expected(node, view, side.side)]
        for side in (node.identity.ours, node.identity.theirs)
    }
    return await _written(node, [row], "CANCEL" if row.state == "cancelled" else "REQUEST", people)


async def _written(
    node: NodePort, rows: Sequence[MeetingLineRow], method: str, people: Mapping[str, Sequence[str]]
) -> bytes:
    frame = _Frame(
        line=node.identity.line, names=(node.identity.ours.name, node.identity.theirs.name),
        zone=zone_of(node, node.identity.ours.side),
        now=datetime.datetime.fromtimestamp(node.moment() // 1000, datetime.UTC),
    )  # fmt: skip
    # In a thread of its own: the library is slow, and the loop has voices to carry.
    return await asyncio.to_thread(_calendar, rows, frame, method, people)


def _calendar(rows: Sequence[MeetingLineRow], frame: _Frame, method: str, people: Mapping[str, Sequence[str]]) -> bytes:
    from icalendar import Calendar  # heavy, and only a calendar needs it

    made = Calendar()
    made.add("prodid", "-//Parley//Talks//EN")
    made.add("version", "2.0")
    made.add("method", method)
    made.add("x-wr-calname", " - ".join(frame.names))
    made.add("refresh-interval", _ASK_AGAIN, {"VALUE": "DURATION"})
    clocked = []
    for row in rows:
        if row.time is None:
            continue
        start = datetime.datetime.fromisoformat(row.time.at)
        if start.year > _YEAR_MAX:
            continue
        event, local = _event(row, start, frame)
        clocked += [start] if local else []
        for side, names in people.items():
            _attend(event, frame.line, side, names)
        made.add_component(event)
    if clocked:
        made.add_missing_timezones((min(clocked) - _MARGIN).date(), (max(clocked) + _MARGIN).date())
    return bytes(made.to_ical())


def _event(row: MeetingLineRow, start: datetime.datetime, frame: _Frame) -> tuple[Event, bool]:
    """Give one meeting, and whether it is written on our side's clock."""
    from icalendar import Event, vCalAddress

    ours, theirs = frame.names
    end = start + datetime.timedelta(minutes=row.planned)
    local = frame.zone != UTC and start.year <= _CLOCKS_YEAR_MAX
    if local:
        there = [one.astimezone(ZoneInfo(frame.zone)) for one in (start, end)]
        local = not any(one.fold for one in there)  # a written hour means the first of two (RFC 5545, 3.3.5)
        start, end = there if local else (start, end)
    event = Event()
    event.add("uid", f"{row.subject.replace('/', '.')}.{row.channel}@{frame.line}")
    event.add("dtstamp", frame.now)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("sequence", row.sequence)
    event.add("status", "CANCELLED" if row.state == "cancelled" else "CONFIRMED")
    event.add("summary", ("" if row.status == "actual" else f"[{row.status.upper()}] ") + row.purpose)
    if row.time is not None:
        event.add("description", "\n".join((_clock(ours, row.time.ours), _clock(theirs, row.time.theirs))))
    asked = ours if row.ours else theirs
    event.add("organizer", vCalAddress(_urn(frame.line, asked, "")), {"CN": asked})
    if row.place:
        event.add("location", row.place)
    return event, local


def _attend(event: Event, line: str, side: str, names: Sequence[str]) -> None:
    """Add a side, which agreed to the time, and those it sends, of whom the record does not say so."""
    from icalendar import vCalAddress

    event.add("attendee", vCalAddress(_urn(line, side, "")), {"CN": side, "CUTYPE": "GROUP", "PARTSTAT": "ACCEPTED"})
    for name in names:
        told = {"CN": name, "CUTYPE": "INDIVIDUAL", "MEMBER": _urn(line, side, "")}
        event.add("attendee", vCalAddress(_urn(line, side, name)), told)


def _urn(line: str, side: str, name: str) -> str:
    return uuid.uuid5(_PEOPLE, "\n".join((line, side, name))).urn


def _clock(name: str, row: LocalRow) -> str:
    return f"{name}: {row.date} {row.clock} {row.offset} ({row.zone})"
