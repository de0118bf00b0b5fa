"""What a person may do with the days of a side: state our zone and holidays, look at both sides'.

Owns: the right, the rows, holidays as a person types them. Does not own: zones and clocks (zones.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from parley import limits
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.talk_rows import CalendarRow, CalendarsRow
from parley.actions.who import Who, need
from parley.actions.zones import UTC, calendar_of, known_zone
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.talks import calendar as days


async def state_calendar(node: NodePort, who: Who, *, zone: str, holidays: Sequence[tuple[str, str]]) -> Sent:
    """State our zone and our holidays, as (date, name); the latest statement counts."""
    need(who, "channels")
    if days.ZONE_FORM.fullmatch(zone) is None or known_zone(zone) is None:
        raise Refused("talks.zone", "this node knows no zone of that name; expected a name like Asia/Shanghai")
    fact = days.state(node.identity.ours.side, zone, [(day, make_text(name).strip()) for day, name in holidays])
    return await write(node, who, fact)


def read_holidays(text: str) -> list[tuple[str, str]]:
    """Read holidays as people type them: a line each, the date and then its name."""
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.split("\n"))), 1):
        day, _, name = line.partition(" ")
        try:
            datetime.date.fromisoformat(day)
        except ValueError:
            day = ""
        if len(day) != 10 or len(name.strip()) > limits.TITLE_CHARS_MAX:
            raise Refused("talks.holidays", f"line {number}: expected a date and a name, as 2026-10-01 National day")
        found.append((day, name.strip()))
    if len(found) > limits.HOLIDAYS_MAX:
        raise Refused("talks.holidays", f"at most {limits.HOLIDAYS_MAX} holidays are stated at once")
    return found


def calendars(node: NodePort, who: Who) -> CalendarsRow:
    """Give both sides' zones and holidays."""
    need(who, "state")

    def row(side: str, ours: bool) -> CalendarRow:
        view = calendar_of(node, side)
        return CalendarRow(
            ours=ours, at=view.at if view else None, zone=view.zone if view else UTC,
            zone_known=view is None or known_zone(view.zone) is not None, holidays=view.holidays if view else (),
        )  # fmt: skip

    us, them = node.identity.ours.side, node.identity.theirs.side
    return CalendarsRow(ours=row(us, True), theirs=row(them, False), may_state="channels" in who.rights)
