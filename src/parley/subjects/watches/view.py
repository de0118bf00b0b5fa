"""A watch and a roll-call as both nodes see them, folded from their acts.

Owns: `WatchView` and `RollView`. Depends on acts alone: whether somebody is there *now* is a signal (node/nearby.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from parley.record.names import Ref
from parley.subjects.acts import Act

RollState = Literal["open", "answered", "unanswered", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """One unbroken watch of a channel by one side, from the taking to the leaving, whoever had it meanwhile.

    Attributes:
        since: When it was taken, and nobody had it before.
        person: Who has it, or had it last; "" where the side does not list them.
        person_since: Since when this person has it.
        handed_over_at: When it was last handed over; "" if never.
        ended_at, end_reason: When and why nobody has it any more; "" while somebody has.
    """

    subject: str
    side: str
    channel: str
    status: str
    since: str
    person: str
    person_since: str
    handed_over_at: str
    ended_at: str
    end_reason: str
    facts: int
    ref: Ref

    @property
    def there(self) -> bool:
        """Say whether somebody has the watch, as the record shows it."""
        return not self.ended_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RollView:
    """One roll-call. `state` late: answered, and its asker had not heard it in time."""

    subject: str
    side: str
    channel: str
    person: str
    status: str
    at: str
    answer_by: str
    answered_at: str
    answered_by: str
    unanswered_at: str
    state: RollState
    ref: Ref


def fold_watch(acts: tuple[Act, ...]) -> WatchView | None:
    """Give the view of a watch; None if its taking is not among the acts."""
    if not acts or acts[0].entry.kind != "watch.taken":
        return None
    first = acts[0].entry
    overs = [act.entry for act in acts if act.entry.kind == "watch.handed-over"]
    left = next((act.entry for act in acts if act.entry.kind == "watch.left"), None)
    last = overs[-1] if overs else first
    return WatchView(
        subject=first.subject,
        side=first.side,
        channel=cast(str, first.body["channel"]),
        status=first.status,
        since=first.at,
        person=last.person,
        person_since=last.at,
        handed_over_at=overs[-1].at if overs else "",
        ended_at=left.at if left else "",
        end_reason=cast(str, left.body["reason"]) if left else "",
        facts=len(acts),
        ref=acts[0].ref,
    )


def fold_roll(acts: tuple[Act, ...]) -> RollView | None:
    """Give the view of a roll-call; None if its asking is not among the acts."""
    if not acts or acts[0].entry.kind != "roll.asked":
        return None
    first = acts[0].entry
    answered = next((act.entry for act in acts if act.entry.kind == "roll.answered"), None)
    missed = next((act.entry for act in acts if act.entry.kind == "roll.unanswered"), None)
    return RollView(
        subject=first.subject,
        side=first.side,
        channel=cast(str, first.body["channel"]),
        person=first.person,
        status=first.status,
        at=first.at,
        answer_by=cast(str, first.body["answer_by"]),
        answered_at=answered.at if answered else "",
        answered_by=answered.person if answered else "",
        unanswered_at=missed.at if missed else "",
        state=("late" if missed else "answered") if answered else "unanswered" if missed else "open",
        ref=acts[0].ref,
    )
