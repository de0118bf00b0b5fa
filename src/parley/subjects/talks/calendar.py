"""A side's own zone and holidays, stated in the line channel so that both sides' days stand beside a proposed time.

Owns: `calendar.stated`, its rule and view. The form of a zone's name only: whether a node knows the zone depends on its
tables, and no verdict may.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from parley import limits
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.kinds import Body, Fact, Kind, Standing

ZONE_FORM: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}")
_DAY_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(reader: Reader, name: str) -> str:
    """Read a date as 2026-11-23."""
    day = reader.match(name, _DAY_FORM, "a date like 2026-11-23")
    try:
        datetime.date.fromisoformat(day)
    except ValueError:
        raise PeerError("codec.field", f"{reader.where}.{name}: there is no such date") from None
    return day


def _stated(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.match("zone", ZONE_FORM, "a zone's name like Asia/Shanghai")
    days = []
    for one in reader.objects("holidays", max_items=limits.HOLIDAYS_MAX):
        days.append(read_day(one, "day"))
        one.text("name", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
        one.done()
    if days != sorted(set(days)):
        raise PeerError("codec.field", "$.body.holidays: expected each day once, in order")
    reader.done()


# Standing, so that the statement before need not be there: a side may state its days at any time, and seldom does.
KINDS: Final = (
    Kind("calendar.stated", "calendar", True, "person", _stated, lambda side, _b: f"calendar/{side}", standing=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """What a side states last of its zone and holidays (day, name)."""

    side: str
    at: str
    zone: str
    holidays: tuple[tuple[str, str], ...]
    ref: Ref


def state(side: str, zone: str, holidays: Sequence[tuple[str, str]]) -> Fact:
    """State our zone and our holidays; the latest statement counts."""
    days: list[Any] = [{"day": day, "name": name} for day, name in sorted(dict(holidays).items())]
    return Fact(
        channel="line", kind="calendar.stated", subject=f"calendar/{side}", body={"zone": zone, "holidays": days}
    )


def allow(act: Act, view: object, standing: Standing) -> None:
    """Everything a side says of its own days is allowed."""


def fold(acts: tuple[Act, ...]) -> CalendarView | None:
    """Give what a side stated last."""
    if not acts:
        return None
    last = acts[-1]
    days = cast("list[dict[str, str]]", last.entry.body["holidays"])
    return CalendarView(
        side=last.entry.side, at=last.entry.at, zone=cast(str, last.entry.body["zone"]),
        holidays=tuple((one["day"], one["name"]) for one in days), ref=last.ref,
    )  # fmt: skip
