"""Which call belongs to which meeting: the meeting that a call placed now is part of, and the calls a meeting had.

Owns: when a meeting by video or voice is held, so far as calls go. Does not own: calls, meetings.
Always true: a call names its meeting in its own entry, by the caller's side, once; nothing joins the two later.
"""

from __future__ import annotations

from parley import limits
from parley.actions.meeting_rows import MeetingCallRow
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.talk_showing import SLOWED
from parley.record.names import LogId, Ref
from parley.subjects import CALLS_OF
from parley.subjects.calls import CallView
from parley.subjects.summaries import Summary, summaries
from parley.subjects.talks import MeetingView
from parley.times import read_moment


def held_now(node: NodePort, channel: str) -> Ref | None:
    """Give the request of the meeting by video or voice that is held in a channel now; the latest if there are two."""
    found = [one for one in summaries(node.store, "meeting", channel) if _held(one, node.moment())]
    if not found:
        return None
    latest = max(found, key=lambda one: (one.words["state"] == "begun", one.words["time"], one.subject))
    _, side, epoch, number = latest.subject.split("/")
    log = LogId(channel, side, int(epoch))
    return Ref(log, int(number), node.store.ids(log, int(number), 1)[0].hex())


def _held(one: Summary, now: int) -> bool:
    words = one.words
    if words["form"] == "in-person" or words["state"] not in ("accepted", "begun"):
        return False
    since = now - read_moment(words["time"])
    planned = words["minutes"] * (SLOWED if words["consecutive"] else 1) * 60_000
    late = limits.MEETING_CALL_LATE_MS if words["state"] == "begun" else 0  # somebody may forget to end it
    return bool(-limits.MEETING_CALL_EARLY_MS <= since <= planned + late)


def calls_of(node: NodePort, view: MeetingView) -> list[CallView]:
    """Give the calls that name a meeting, in order of time."""
    prefix = f"{view.channel}|{view.subject}|"
    keys = [key for key, _ in node.store.values(CALLS_OF, prefix=prefix, count=limits.MEETING_CALLS_SHOWN)]
    views = [node.book.view(view.channel, key.rpartition("|")[2]) for key in keys]
    return sorted((one for one in views if isinstance(one, CallView)), key=lambda one: one.at)


def call_rows(node: NodePort, view: MeetingView) -> tuple[MeetingCallRow, ...]:
    """Give what the record holds of a meeting's calls: who rang, who took it, from when to when."""
    us, them = node.identity.ours.side, node.identity.theirs.side
    return tuple(
        MeetingCallRow(
            subject=one.subject, ours=one.side == us, name=person_name(node, one.side, one.person)[0], at=one.at,
            state=one.state, taken_by=person_name(node, them if one.side == us else us, one.taken_by)[0] if one.taken_by
            else "",
            taken_at=one.taken_at or None, ended_at=one.ended_at or None,
        )
        for one in calls_of(node, view)
    )  # fmt: skip
