"""What comes of two acts about one body or one meeting that crossed, as rows of subjects/crossed.py's table."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Final

from parley.subjects.talks import bodies, day_facts, facts

ALONE, BOTH, NAMED, PROPOSALS, SET = "one-writer", "both-stand", "named-only", "both-open", "own-side"
AGREED: Final = "agreed-stands"
BODY_ENDED, CANCELLED, TWO_TIMES, FIRST, TAKEN_BACK, NOT_WANTED = (
    "body-ended", "meeting-cancelled", "two-times", "first", "item-withdrawn", "body-declined",
)  # fmt: skip
WORDS: Final = {
    BODY_ENDED: "Both stand as facts; the body is ended, and what crossed it asks for nothing more.",
    CANCELLED: "Both stand as facts; the meeting is cancelled unless it has begun.",
    TWO_TIMES: "Both stand; where they name different times neither is in force, and a time is offered anew.",
    FIRST: "Both stand; the one whose place is earlier says when.",
    TAKEN_BACK: "Both stand as facts; the item is withdrawn.",
    NOT_WANTED: "Both stand as facts; the body is declined.",
}


def _bodies() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    kinds = [kind.name for kind in bodies.KINDS if not kind.opens]
    answers = ("body.agreed", "body.declined")
    for pair in combinations_with_replacement(kinds, 2):
        found[pair] = BODY_ENDED if "body.ended" in pair else SET
        if set(pair) <= set(answers):
            found[pair] = ALONE
        elif set(pair) & set(answers):
            found[pair] = BOTH
        if "body.withdrawn" in pair:
            found[pair] = ALONE if set(pair) == {"body.withdrawn"} else BOTH
    found["body.agreed", "body.withdrawn"] = found["body.term-agreed", "body.term-withdrawn"] = AGREED
    found["body.declined", "body.withdrawn"] = NOT_WANTED
    return found


def _meetings() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    kinds = [kind.name for kind in (*facts.KINDS, *day_facts.KINDS) if not kind.opens]
    answers = {f"meeting.{name}" for name in ("times-offered", "accepted", "declined")}
    own = {"meeting.attendance"}
    once = {f"meeting.{name}" for name in ("begun", "ended", "item-begun", "item-ended")}
    for one, other in combinations_with_replacement(kinds, 2):
        pair = {one, other}
        result = BOTH
        if "meeting.cancelled" in pair:
            result = CANCELLED
        elif pair == {"meeting.accepted"}:
            result = TWO_TIMES
        elif pair == {"meeting.times-offered"}:
            result = PROPOSALS
        elif pair <= answers or pair & {"meeting.note-agreed", "meeting.minutes-agreed"}:
            result = NAMED
        elif pair <= own:
            result = SET
        elif len(pair) == 1 and pair <= once:
            result = FIRST
        elif pair == {"meeting.item-withdrawn"}:
            result = SET
        elif "meeting.item-withdrawn" in pair and pair - {"meeting.item-withdrawn"} <= {"meeting.item-agreed"}:
            result = TAKEN_BACK
        found[one, other] = result
    return found


PAIRS: Final = {**_bodies(), **_meetings(), ("calendar.stated", "calendar.stated"): ALONE}
