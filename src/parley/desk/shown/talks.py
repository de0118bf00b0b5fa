"""Bodies and both sides' days, as a page shows them: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.talk_rows import (
    AttendeeRow,
    BodyLineRow,
    BodyRow,
    CalendarRow,
    CalendarsRow,
    ContactRow,
    DelegationRow,
    MeetingLineRow,
    SaidRow,
    TermRow,
)
from parley.actions.zones import LocalRow, TimeRow

__all__ = [
    "AttendeeRow",
    "BodyLineRow",
    "BodyRow",
    "CalendarRow",
    "CalendarsRow",
    "ContactRow",
    "DelegationRow",
    "LocalRow",
    "MeetingLineRow",
    "SaidRow",
    "TermRow",
    "TimeRow",
]
