"""When a fact about a meeting is allowed; raises Refused.

Owns: one rule a kind. Does not own: what crossed facts come to (view.py; docs/protocol/talks.md says each).
Always true: nothing here waits for the other side but an agreement; a side's own notes and list of people are its own.
"""

from __future__ import annotations

from typing import Final, cast

from parley import limits
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.kinds import Standing, need
from parley.subjects.talks.view import ItemView, MeetingView
from parley.times import read_moment

_NAMES_ITEM: Final = ("item-agreed", "item-withdrawn", "item-begun", "item-ended")
_ON_THE_DAY: Final = ("item-begun", "item-ended", "floor")


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the meeting as its own past shows it."""
    entry, kind = act.entry, act.entry.kind.removeprefix("meeting.")
    if kind in ("requested", "times-offered"):
        late = read_moment(str(entry.body["answer_by"])) - read_moment(entry.at)
        need(
            0 <= late <= limits.MEETING_ANSWER_MS_MAX, "talks.answer-by", "by when it wants an answer is out of bounds"
        )
    if kind == "requested":
        need(not entry.refs, "talks.names-one", "a request names nothing")
        return
    need(isinstance(view, MeetingView), "talks.unknown", "the meeting it speaks of is not in its past")
    meeting = cast(MeetingView, view)
    need(entry.status == meeting.status, "talks.status", f"the meeting is {meeting.status}, so its facts must be")
    need(meeting.facts.get(entry.side, 0) < limits.MEETING_FACTS_MAX, "talks.full", "this side has said too much of it")
    after = kind in ("noted", "note-agreed", "minutes", "minutes-agreed", "attendance")
    need(after or meeting.state not in ("declined", "cancelled"), "talks.over", f"the meeting was {meeting.state}")
    if kind in ("times-offered", "accepted", "declined", "cancelled"):
        _allow_answer(act, kind, meeting)
    elif kind in _NAMES_ITEM or kind == "item-document":
        _allow_item(act, kind, meeting)
    elif kind == "item-put":
        need(
            sum(one.side == entry.side for one in meeting.items) < limits.MEETING_ITEMS_MAX,
            "talks.full", "this side has put too many items",
        )  # fmt: skip
    elif kind in ("note-agreed", "minutes-agreed"):
        _allow_agreed(act, kind, meeting)
    else:
        _allow_day(act, kind, meeting)


def _allow_answer(act: Act, kind: str, meeting: MeetingView) -> None:
    side, refs = act.entry.side, act.entry.refs
    need(not meeting.begun, "talks.begun", "the meeting has begun")
    if kind == "cancelled":
        return
    if kind == "times-offered" and not refs:
        need(
            meeting.time or not meeting.offers,
            "talks.names-one",
            "before a time is agreed it must name the offer it answers",
        )
        need(all(one.side != side for one in meeting.offers), "talks.again", "this side's offer waits for an answer")
        return
    named = next((one for one in meeting.offers if refs == (one.ref,)), None)
    need(named is not None, "talks.names-one", "it must name one offer that is open in its past")
    if named is not None:
        need(named.side != side, "talks.own", "a side cannot answer its own offer")
        if kind == "accepted":
            need(act.entry.body["time"] in named.times, "talks.time", "the time is none of those that were offered")


def _item(meeting: MeetingView, refs: tuple[Ref, ...], count: int) -> ItemView:
    found = next((one for one in meeting.items if refs and refs[0] == one.ref), None)
    need(found is not None and len(refs) == count, "talks.names-one", "it must name an item in its past")
    return cast(ItemView, found)


def _allow_item(act: Act, kind: str, meeting: MeetingView) -> None:
    item = _item(meeting, act.entry.refs, 2 if kind == "item-document" else 1)
    need(not item.withdrawn, "talks.withdrawn", "the item was withdrawn")
    if kind == "item-agreed":
        need(item.side != act.entry.side, "talks.own", "a side cannot agree to its own item")
        need(not item.agreed, "talks.again", "the item was agreed before")
    elif kind == "item-withdrawn":
        need(item.side == act.entry.side, "talks.side", "only the side that put an item withdraws it")
    elif kind in _ON_THE_DAY:
        _allow_day(act, kind, meeting)


def _allow_agreed(act: Act, kind: str, meeting: MeetingView) -> None:
    rows = meeting.notes if kind == "note-agreed" else meeting.minutes
    found = next((one for one in rows if act.entry.refs == (one.ref,)), None)
    need(found is not None, "talks.names-one", "it must name what it agrees to")
    if found is not None:
        need(found.side != act.entry.side, "talks.own", "a side cannot agree to its own words")
        need(not found.agreed, "talks.again", "it was agreed before")


def _allow_day(act: Act, kind: str, meeting: MeetingView) -> None:
    if kind == "begun":
        need(not meeting.begun, "talks.again", "the meeting has begun before")
        need(meeting.time, "talks.no-time", "no time is agreed for the meeting")
    elif kind == "ended" or kind in _ON_THE_DAY:
        need(meeting.begun, "talks.not-begun", "the meeting has not begun")
        need(not meeting.ended, "talks.over", "the meeting has ended")
    if kind == "floor":
        known = ("", *meeting.facts)  # both have spoken: one asked, the other accepted
        need(act.entry.body["side"] in known, "talks.side", "the floor goes to one of the two sides, or to nobody")
    if kind in ("noted", "minutes"):
        need(meeting.time, "talks.no-time", "no time was agreed for the meeting")
