"""When a fact about the watch or a roll-call is allowed; raises Refused.

Owns: one rule a kind. Does not own: whether the channel is there and the person belongs to it (actions/watch.py).
"""

from __future__ import annotations

from typing import cast

from parley import limits
from parley.subjects.acts import Act
from parley.subjects.kinds import Standing, need
from parley.subjects.watches.view import RollView, WatchView
from parley.times import read_moment


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the watch or the roll-call as its own past shows it."""
    entry = act.entry
    match entry.kind:
        case "roll.asked":
            wait_ms = read_moment(cast(str, entry.body["answer_by"])) - read_moment(entry.at)
            longest = limits.ROLL_ANSWER_S_MAX * 1000
            need(0 < wait_ms <= longest, "rolls.time", "the time to answer is after the asking, within one hour of it")
        case "roll.answered" | "roll.unanswered":
            need(isinstance(view, RollView), "rolls.unknown", "the roll-call it speaks of is not in its past")
            _allow_roll(act, cast(RollView, view))
        case "watch.handed-over" | "watch.left":
            need(isinstance(view, WatchView), "watches.unknown", "the watch it speaks of is not in its past")
            _allow_watch(act, cast(WatchView, view))
        case _:
            pass


def _allow_roll(act: Act, roll: RollView) -> None:
    entry = act.entry
    need(entry.status == roll.status, "rolls.status", "it must be marked as the roll-call is: actual, exercise or test")
    if entry.kind == "roll.answered":
        need(entry.side != roll.side, "rolls.side", "a side cannot answer its own roll-call")
        need(not roll.answered_at, "rolls.again", "the roll-call was answered before")
        return
    need(entry.side == roll.side, "rolls.side", "only the side that asked says that no answer came")
    need(roll.state == "open", "rolls.again", f"the roll-call is {roll.state}")
    need(entry.at >= roll.answer_by, "rolls.early", "the time to answer has not passed")


def _allow_watch(act: Act, watch: WatchView) -> None:
    entry = act.entry
    need(entry.side == watch.side, "watches.side", "a side speaks of its own watch only")
    need(entry.status == watch.status, "watches.status", "it must be marked as the watch is: actual, exercise or test")
    need(watch.there, "watches.state", "nobody has this watch any more")
    if entry.kind == "watch.handed-over":
        need(watch.facts < limits.MESSAGE_FACTS_MAX, "watches.full", "this watch was handed over often: take it anew")
