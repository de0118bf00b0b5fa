"""Notices for other programs: an iCalendar feed, GeoJSON, CAP 1.2.

Owns: which notices a file holds, and its words. Does not own: the forms of GeoJSON (geojson.py) and CAP (cap.py).
Always true: 1. What is not actual says so in the title that another program shows.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Sequence
from typing import Any, Final

from parley.actions import geojson, notices
from parley.actions.notice_rows import NoticeRow
from parley.actions.notice_showing import view_of
from parley.actions.ports import NodePort
from parley.actions.rulebook_reading import Leads
from parley.actions.who import Who, need, need_in
from parley.codec.fields import Reader
from parley.errors import Refused
from parley.subjects import areas
from parley.subjects.places import Area, read_area
from parley.times import Moment, moment_text

CALENDAR_MEDIA: Final = "text/calendar"
_DAY_MS: Final = 86_400_000
_BACK_DAYS: Final = 31  # a calendar keeps what was, and takes in what changed of it
_AHEAD_DAYS: Final = 366


async def calendar(node: NodePort, who: Who) -> bytes:
    """Give the notices of the last month and the next year as iCalendar (RFC 5545)."""
    now = node.moment()
    rows = await notices.every(
        node, who, since=moment_text(Moment(now - _BACK_DAYS * _DAY_MS)),
        until=moment_text(Moment(now + _AHEAD_DAYS * _DAY_MS)),
    )  # fmt: skip
    names = (node.identity.ours.name, node.identity.theirs.name)
    # In a thread of its own: writing a year of events takes a second, and the loop has voices to carry.
    return await asyncio.to_thread(_calendar, rows, node.identity.line, names)


def _calendar(rows: Sequence[NoticeRow], line: str, names: tuple[str, str]) -> bytes:
    from icalendar import Calendar, Event  # heavy, and only a feed needs it

    made = Calendar()
    made.add("prodid", "-//Parley//Notices//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", " - ".join(names))
    for row in rows:
        event = Event()
        event.add("uid", f"{row.subject.replace('/', '.')}.{row.channel}@{line}")
        event.add("dtstamp", _time(row.forms[-1].at))
        event.add("dtstart", _time(row.since))
        event.add("dtend", _time(row.until))
        event.add("sequence", row.forms[-1].form - 1)
        event.add("status", "CANCELLED" if row.state == "cancelled" else "CONFIRMED")
        event.add("summary", _title(row, names))
        event.add("description", _description(row))
        event.add("categories", [row.what])
        if row.area is not None:
            event.add("geo", areas.middle_of(_area(row)).degrees)
            event.add("location", row.area_text[:500])
        made.add_component(event)
    return bytes(made.to_ical())


def geojson_of(node: NodePort, who: Who, *, since: str = "", until: str = "") -> dict[str, Any]:
    """Give the notices of some days that have an area, as a FeatureCollection."""
    found = notices.notices(node, who, since=since, until=until, compare=False).notices
    return {"type": "FeatureCollection", "features": [_feature(node, row) for row in found if row.area is not None]}


def cap_of(node: NodePort, who: Who, channel: str, subject: str) -> str:
    """Give one notice as CAP 1.2."""
    need_in(node, who, "read", channel)
    view = view_of(node, channel, subject)
    if view is None:
        raise Refused("notices.unknown", f'there is no notice "{subject[:100]}" in {channel[:48]}')
    card = node.identity.ours if view.side == node.identity.ours.side else node.identity.theirs
    from parley.actions import cap  # brings a reader of XML

    names = cap.Names(sender=card.domain, prefix=f"parley.{node.identity.line[:16]}")
    return cap.alert(view, names, Leads(node).basis(view.basis))


def read_cap(who: Who, text: str) -> dict[str, str]:
    """Give what a notice would say that was made from a CAP message; nothing is given by it."""
    need(who, "release")
    from parley.actions import cap

    return cap.read(text)


def _time(moment: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(moment).replace(microsecond=0)


def _title(row: NoticeRow, names: tuple[str, str]) -> str:
    mark = "" if row.status == "actual" else f"[{row.status.upper()}] "
    return f"{mark}{names[0] if row.ours else names[1]} {row.number}: {row.title}"


def _description(row: NoticeRow) -> str:
    heights = [f"{name} {value} m" for name, value in (("from", row.low_m), ("up to", row.high_m)) if value is not None]
    told = (row.text, row.forces, " ".join(heights), row.contact, row.basis)
    return "\n".join(one for one in told if one)


def _area(row: NoticeRow) -> Area:
    return read_area(Reader({"area": row.area}), "area")


def _feature(node: NodePort, row: NoticeRow) -> dict[str, Any]:
    area = _area(row)
    return {
        "type": "Feature", "geometry": geojson.geometry(area),
        "properties": {
            **geojson.extent(area), "subject": row.subject, "channel": row.channel, "number": row.number,
            "side": node.identity.ours.side if row.ours else node.identity.theirs.side, "what": row.what,
            "title": row.title, "since": row.since, "until": row.until, "status": row.status, "state": row.state,
            "low_m": row.low_m, "high_m": row.high_m,
        },
    }  # fmt: skip
