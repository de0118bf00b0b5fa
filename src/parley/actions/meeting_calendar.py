"""Meetings for other programs: one invitation, and a feed of all that a person may read, as iCalendar (RFC 5545).

Owns: which meetings a file holds, and its words. Does not own: proof of who asks (the doors).
Always true:
  1. Moments are written in UTC, so that no program needs our table of summer time, nor has an older one of its own.
  2. The agenda is left out: a calendar goes to telephones and to strangers' servers.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Sequence
from typing import Final

from parley.actions.meeting_showing import meeting
from parley.actions.ports import NodePort
from parley.actions.talk_rows import MeetingLineRow
from parley.actions.talk_showing import lines
from parley.actions.who import Who
from parley.actions.zones import LocalRow
from parley.errors import Refused

MEDIA: Final = "text/calendar"
_YEAR_MAX: Final = 9_000  # beyond it a meeting of a week could end after the last day that a calendar has


async def feed(node: NodePort, who: Who) -> bytes:
    """Give every meeting that has or had an agreed time, in the channels this person may read."""
    rows = [row for row in lines(node, who) if row.time is not None]
    return await _written(node, rows)


async def invitation(node: NodePort, who: Who, channel: str, subject: str) -> bytes:
    """Give one meeting; raises Refused `talks.no-time` before a time is agreed."""
    row = next((one for one in lines(node, who, channel) if one.subject == subject), None)
    if row is None:
        meeting(node, who, channel, subject)  # says who may not, or that there is none
    if row is None or row.time is None:
        raise Refused("talks.no-time", "no time is agreed for this meeting")
    return await _written(node, [row])


async def _written(node: NodePort, rows: Sequence[MeetingLineRow]) -> bytes:
    names = (node.identity.ours.name, node.identity.theirs.name)
    # In a thread of its own: the library is slow, and the loop has voices to carry.
    now = datetime.datetime.fromtimestamp(node.moment() // 1000, datetime.UTC)
    return await asyncio.to_thread(_calendar, rows, node.identity.line, names, now)


def _calendar(rows: Sequence[MeetingLineRow], line: str, names: tuple[str, str], now: datetime.datetime) -> bytes:
    from icalendar import Calendar, Event  # heavy, and only a calendar needs it

    made = Calendar()
    made.add("prodid", "-//Parley//Talks//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", " - ".join(names))
    for row in rows:
        if row.time is None:
            continue
        start = datetime.datetime.fromisoformat(row.time.at)
        if start.year > _YEAR_MAX:
            continue
        event = Event()
        event.add("uid", f"{row.subject.replace('/', '.')}.{row.channel}@{line}")
        event.add("dtstamp", now)
        event.add("dtstart", start)
        event.add("dtend", start + datetime.timedelta(minutes=row.planned))
        event.add("sequence", row.sequence)
        event.add("status", "CANCELLED" if row.state == "cancelled" else "CONFIRMED")
        event.add("summary", ("" if row.status == "actual" else f"[{row.status.upper()}] ") + row.purpose)
        event.add("description", "\n".join((_clock(names[0], row.time.ours), _clock(names[1], row.time.theirs))))
        if row.place:
            event.add("location", row.place)
        made.add_component(event)
    return bytes(made.to_ical())


def _clock(name: str, row: LocalRow) -> str:
    return f"{name}: {row.date} {row.clock} {row.offset} ({row.zone})"
