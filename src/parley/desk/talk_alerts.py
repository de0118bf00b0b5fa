"""What of the talks must be seen on every screen: a body or a meeting that waits for our answer."""

from __future__ import annotations

from collections.abc import Iterable

from parley.desk import shown
from parley.desk.shown.talks import MeetingLineRow


def meeting_alerts(meetings: Iterable[MeetingLineRow]) -> list[shown.AlertShown]:
    """Give the meetings that wait for our side's answer."""
    return [
        shown.AlertShown(
            key="meeting-late" if one.no_answer else "meeting", channel=one.channel, title=one.channel_title,
            person=one.purpose, path=f"/meetings/{one.channel}/{one.subject.partition('/')[2]}", at=one.at,
            due=one.answer_by,
        )
        for one in meetings
        if one.waits == "ours"
    ]  # fmt: skip


def body_alerts(waiting: Iterable[tuple[str, str, str]]) -> list[shown.AlertShown]:
    """Give the bodies that wait for our side's answer, from (subject, title, since when)."""
    return [
        shown.AlertShown(key="body", title=title, path=f"/bodies/{subject.partition('/')[2]}", at=at)
        for subject, title, at in waiting
    ]
