"""What must be seen on every screen: FLASH and IMMEDIATE that wait, what is overdue, releases, a sick line or disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from parley.desk import shown

NO_TROUBLE: Final = shown.TroubleShown()
_OF_A_KIND: Final = 3  # messages alike in one channel that stand in the strip each for itself
_MESSAGES: Final = ("flash", "immediate", "overdue")  # in this order
_CALLS: Final = {
    "": "call",
    "missed": "missed-call",
    "statement": "call-words",
    "later": "call-later",
    "due": "call-due",
}


def alerts_of(
    line: shown.LineShown,
    channels: tuple[shown.ChannelShown, ...],
    waiting: list[shown.MessageShown],
    drafts: tuple[shown.DraftShown, ...],
    calls: tuple[shown.CallShown, ...] = (),
    escalation: shown.TroubleShown = NO_TROUBLE,
) -> list[shown.AlertShown]:
    """Give what must be seen on every screen, the most urgent first."""
    titles = {one.id: one.title for one in channels}
    of_calls = [_of_call(call, titles) for call in calls if call.waits or (call.state == "ringing" and not call.ours)]
    found = [
        *(one for one in of_calls if one.urgent),
        *_of_recordings(calls, titles),
        *_of_messages(waiting, titles),
        *(one for one in of_calls if not one.urgent),
        *_unanswered(channels),
        *_of_drafts(drafts),
        *_of_escalation(escalation, titles),
        *_of_line(line),
    ]
    return sorted(found, key=lambda one: not one.urgent)


def _of_recordings(calls: tuple[shown.CallShown, ...], titles: dict[str, str]) -> list[shown.AlertShown]:
    return [
        shown.AlertShown(
            key="recording" if one.state == "running" else "recording-asked", channel=call.channel,
            title=titles.get(call.channel, call.channel),
            person=one.agreed_by if one.state == "running" else one.asked_by,
            path=f"/channels/{call.channel}/call", at=one.agreed_at or one.asked_at,
        )
        for call in calls for one in call.recordings
        if call.state == "active" and (one.state == "running" or (one.state == "asked" and not one.ours))
    ]  # fmt: skip


def _of_messages(waiting: list[shown.MessageShown], titles: dict[str, str]) -> list[shown.AlertShown]:
    keyed = [
        ("flash" if one.rings == "FLASH" else "overdue" if one.overdue else one.rings.lower(), one) for one in waiting
    ]
    found = [
        shown.AlertShown(
            key=key, channel=one.channel, title=titles.get(one.channel, one.channel), due=one.due,
            path=f"/channels/{one.channel}#{one.anchor}", at=one.at, urgent=key == "flash",
        )
        for key, one in keyed if key in _MESSAGES
    ]  # fmt: skip
    return list(_first_of_each(sorted(found, key=lambda alert: _MESSAGES.index(alert.key))))


def _first_of_each(alerts: list[shown.AlertShown]) -> Iterator[shown.AlertShown]:
    """Give the first few of a kind in a channel: a hundred that are overdue would push all else off the screen."""
    alike = Counter((one.key, one.channel) for one in alerts)
    given: Counter[tuple[str, str]] = Counter()
    for one in alerts:
        kind = (one.key, one.channel)
        given[kind] += 1
        if given[kind] < _OF_A_KIND or alike[kind] == given[kind] == _OF_A_KIND:
            yield one
        elif given[kind] == _OF_A_KIND:
            yield replace(one, more=alike[kind] - _OF_A_KIND)


def _unanswered(channels: tuple[shown.ChannelShown, ...]) -> Iterator[shown.AlertShown]:
    for room in channels:
        if room.overdue_there:
            yield shown.AlertShown(key="unanswered", channel=room.id, title=room.title, path=f"/channels/{room.id}")


def _of_drafts(drafts: tuple[shown.DraftShown, ...]) -> list[shown.AlertShown]:
    return [
        shown.AlertShown(
            key="release", channel=one.channel, title=one.channel_title, path=f"/drafts/{one.id}", at=one.at,
            urgent=one.precedence == "FLASH",
        )
        for one in drafts if one.state in ("in-review", "approved") and one.may_release
    ]  # fmt: skip


def _of_escalation(escalation: shown.TroubleShown, titles: dict[str, str]) -> Iterator[shown.AlertShown]:
    for one in escalation.silent:
        yield shown.AlertShown(
            key="desk-silent", channel=one.channel, title=titles.get(one.channel, one.channel), person=one.name,
            path="/escalation", at=one.since,
        )  # fmt: skip
    if escalation.failing:
        names = ", ".join(one.target for one in escalation.failing)
        yield shown.AlertShown(key="notify-failed", person=names, path="/escalation", at=escalation.failing[0].at)


def _of_line(line: shown.LineShown) -> Iterator[shown.AlertShown]:
    for ours, name, at in line.vouched:
        yield shown.AlertShown(key="keys-vouched-ours" if ours else "keys-vouched", person=name, path="/people", at=at)
    if line.signing != "ok":
        yield shown.AlertShown(key=line.signing, path="/line")
    if not line.up:
        yield shown.AlertShown(key="line-down", path="/line", at=line.since)


def _of_call(call: shown.CallShown, titles: dict[str, str]) -> shown.AlertShown:
    """Give what is said of a call that rings, or of what is left of one."""
    due = call.later_at if call.waits in ("later", "due") else None
    words = call.waits == "statement"
    return shown.AlertShown(
        key=_CALLS[call.waits], channel=call.channel, title=titles.get(call.channel, call.channel),
        person=call.taken_by if due else call.person_name, path=f"/channels/{call.channel}/call",
        at=call.at, due=due, urgent=not call.waits or (words and call.precedence == "FLASH"),
        precedence="" if due else call.precedence,
    )  # fmt: skip
