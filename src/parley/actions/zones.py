"""A moment as both sides' clocks and calendars show it, and a time of day as a person types it.

Owns: the tables of zones (zoneinfo), what an hour that does not exist or comes twice is, holidays beside a date.
Does not own: which zone a side stated (subjects/talks). Always true: what is stored is UTC; zones are only for showing.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parley.actions.ports import NodePort
from parley.errors import PeerError, Refused
from parley.subjects.talks import CalendarView
from parley.times import Moment, moment_text, read_moment

UTC: Final = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalRow:
    """A moment on one side's clock."""

    zone: str
    date: str  # 2026-10-01
    clock: str  # 20:00
    offset: str  # +08:00
    weekday: int  # 0 is Monday
    holiday: str  # its name; "-" for a holiday without one; "" for none


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeRow:
    """A moment on both sides' clocks."""

    at: str
    ours: LocalRow
    theirs: LocalRow


@lru_cache(maxsize=64)
def known_zone(name: str) -> ZoneInfo | None:
    """Give a zone by its name; None where this machine's tables have none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def calendar_of(node: NodePort, side: str) -> CalendarView | None:
    """Give what a side states of its zone and holidays."""
    view = node.book.view("line", f"calendar/{side}")
    return view if isinstance(view, CalendarView) else None


def zone_of(node: NodePort, side: str) -> str:
    """Give a side's zone: as stated and known here, else UTC."""
    view = calendar_of(node, side)
    return view.zone if view is not None and known_zone(view.zone) is not None else UTC


def local(node: NodePort, side: str, at: str) -> LocalRow:
    """Give a moment on a side's clock, with its holiday if that day is one."""
    view, name = calendar_of(node, side), zone_of(node, side)
    instant = datetime.datetime.fromisoformat(at)
    try:
        instant = instant.astimezone(known_zone(name))
    except OverflowError:  # the first or the last day of all there are, as the other side may write
        name = UTC
    day = instant.date().isoformat()
    holiday = next((title or "-" for one, title in (view.holidays if view else ()) if one == day), "")
    return LocalRow(
        zone=name, date=day, clock=f"{instant:%H:%M}", offset=_offset(instant), weekday=instant.weekday(),
        holiday=holiday,
    )  # fmt: skip


def _offset(instant: datetime.datetime) -> str:
    text = f"{instant:%z}"
    return f"{text[:3]}:{text[3:5]}"


def both(node: NodePort, at: str) -> TimeRow:
    """Give a moment on both sides' clocks."""
    us, them = node.identity.ours.side, node.identity.theirs.side
    return TimeRow(at=at, ours=local(node, us, at), theirs=local(node, them, at))


def read_time(node: NodePort, text: str) -> str:
    """Give the moment a person means: `2026-10-01T20:00` on our side's clock, or a moment in UTC with a Z.

    Raises: Refused `talks.moment`; `talks.no-such-hour` for an hour the change to summer time leaves out;
        `talks.hour-twice` for one that comes twice, which must be said in UTC.
    """
    try:
        return moment_text(read_moment(text))
    except PeerError:
        pass  # then it is a time of day
    try:
        naive = datetime.datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        naive = None
    if naive is None or naive.tzinfo is not None or not 1970 < naive.year < 9000 or len(text) > 24:
        raise Refused("talks.moment", "say a time as 2026-10-01T20:00 on your own clock, or 2026-10-01T12:00Z in UTC")
    zone = known_zone(UTC if text.endswith("Z") else zone_of(node, node.identity.ours.side))
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise Refused("talks.no-such-hour", f"{text}: the clocks are put forward over this hour; it does not exist")
    if first.utcoffset() != second.utcoffset():
        raise Refused("talks.hour-twice", f"{text}: the clocks are put back, and this hour comes twice; say it in UTC")
    return moment_text(Moment(int(first.timestamp() * 1000)))
