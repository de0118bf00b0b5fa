"""What stands beside an incident's view: clocks, silence, suggestions. Nothing here is stored or sent.

Owns: what is due and overdue now, what waits for a side, which reports may tell of one event.
Does not own: the view (subjects/incidents/), what cannot be true in an account (incident_flags.py).
Always true: a suggestion joins nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from parley.subjects.incidents import IncidentView
from parley.subjects.incidents.facts import DUE_MS
from parley.subjects.places import Position
from parley.times import Moment, moment_text, read_moment

_EARTH_M: Final = 6_371_009  # mean radius: good to 0.6 %, far better than a suggestion needs
_NEAR_M: Final = 37_040  # 20 nautical miles
_NEAR_MS: Final = 30 * 60_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Something due: account, answer or meeting; by which side."""

    what: str
    side: str
    due: str
    done_at: str

    def left_ms(self, now: Moment) -> int:
        """Give what is left of it."""
        return read_moment(self.due) - now

    def overdue(self, now: Moment) -> bool:
        """Say whether its time has passed and it is not done."""
        return not self.done_at and self.left_ms(now) < 0


def clocks(view: IncidentView, us: str, them: str, *, twice: bool = False) -> list[Clock]:
    """Give everything that is or was due: each side's full account, each answer.

    Of a report that was joined to one of the other side (`twice`) that side owes its account in its own report alone.
    """
    found = []
    for side in (us, them):
        full = view.full(side)
        if twice and side != view.side and full is None:
            continue
        unknown = view.no_knowledge if view.no_knowledge and view.no_knowledge.side == side else None
        done = full.at if full else unknown.at if unknown else ""
        found.append(Clock("account", side, _later(view.at, "account"), done))
    for query in view.queries:
        what = "meeting" if query.meeting else "answer"
        side = them if query.asked.side == us else us
        found.append(Clock(what, side, _later(query.asked.at, what), query.answer.at if query.answer else ""))
    return found


def waits(view: IncidentView, us: str) -> tuple[str, ...]:
    """Give what one side could do now that the other waits for."""
    if view.state == "closed":
        return ()
    found = []
    if view.side != us and view.account(us) is None and view.no_knowledge is None:
        found.append("account")
    if any(not one.meeting and one.answer is None and one.asked.side != us for one in view.queries):
        found.append("answer")
    if any(one.meeting and one.answer is None and one.asked.side != us for one in view.queries):
        found.append("meeting")
    if any(
        one.said.side != us and one.stand == "unanswered" and one.withdrawn is None for one in view.statements
    ):  # fmt: skip
        found.append("stand")
    if any(not one.changed and one.signatures and us not in {s.side for s in one.signatures} for one in view.lists):
        found.append("sign")
    if any(one.joined is None and one.proposed.side != us for one in view.joins):
        found.append("join")
    if any(one.side != us for one in view.proposals):
        found.append("close")
    return tuple(found)


def silent_since(view: IncidentView, other: str) -> str:
    """Give since when the side that did not report has said nothing of it; "" if it has."""
    said = view.side == other or view.account(other) is not None or view.no_knowledge is not None
    joined = any(one.joined is not None for one in view.joins)  # then both said so, and the other report is its account
    return "" if said or joined else view.at


def apart(one: Position, other: Position) -> int:
    """Give the metres between two points on a sphere."""
    (lat, lon), (lat2, lon2) = [tuple(map(math.radians, point.degrees)) for point in (one, other)]
    chord = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return round(2 * _EARTH_M * math.asin(min(1.0, math.sqrt(chord))))


def near(one: IncidentView, other: IncidentView) -> tuple[int, int] | None:
    """Give the minutes and metres between two first reports that may tell of one event; None if they do not."""
    mine, theirs = one.accounts[0].report, other.accounts[0].report
    gap = abs(read_moment(mine.time.value) - read_moment(theirs.time.value))
    if one.side == other.side or one.status != other.status or gap > _NEAR_MS:
        return None
    metres = apart(mine.place, theirs.place)
    return (gap // 60_000, metres) if metres <= _NEAR_M else None


def _later(at: str, what: str) -> str:
    return moment_text(Moment(read_moment(at) + DUE_MS[what]))
