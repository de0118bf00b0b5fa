"""What must be seen on every screen: FLASH and IMMEDIATE that wait, what is overdue, releases, a sick line or disk."""

from __future__ import annotations

from typing import Final

from parley.desk import shown

NO_TROUBLE: Final = shown.TroubleShown()
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
    found: list[shown.AlertShown] = []
    of_calls = [_of_call(call, titles) for call in calls if call.waits or (call.state == "ringing" and not call.ours)]
    for one in waiting:
        key = "flash" if one.rings == "FLASH" else "overdue" if one.overdue else one.rings.lower()
        if key in ("flash", "overdue", "immediate"):
            found.append(
                shown.AlertShown(
                    key=key,
                    channel=one.channel,
                    title=titles.get(one.channel, one.channel),
                    due=one.due,
                    path=f"/channels/{one.channel}#{one.anchor}",
                    at=one.at,
                    urgent=key == "flash",
                )
            )
    found.sort(key=lambda alert: ("flash", "immediate", "overdue").index(alert.key))
    recorded = [
        shown.AlertShown(
            key="recording" if one.state == "running" else "recording-asked", channel=call.channel,
            title=titles.get(call.channel, call.channel),
            person=one.agreed_by if one.state == "running" else one.asked_by,
            path=f"/channels/{call.channel}/call", at=one.agreed_at or one.asked_at,
        )
        for call in calls for one in call.recordings
        if call.state == "active" and (one.state == "running" or (one.state == "asked" and not one.ours))
    ]  # fmt: skip
    found = [*(one for one in of_calls if one.urgent), *recorded, *found, *(one for one in of_calls if not one.urgent)]
    for room in channels:
        late_here = sum(one.overdue for one in waiting if one.channel == room.id)
        if room.overdue > late_here:  # the rest of what is overdue waits for them
            found.append(
                shown.AlertShown(key="unanswered", channel=room.id, title=room.title, path=f"/channels/{room.id}")
            )
    found += [
        shown.AlertShown(
            key="release",
            channel=one.channel,
            title=one.channel_title,
            path=f"/drafts/{one.id}",
            at=one.at,
            urgent=one.precedence == "FLASH",
        )
        for one in drafts
        if one.state in ("in-review", "approved") and one.may_release
    ]
    found += [
        shown.AlertShown(
            key="desk-silent", channel=one.channel, title=titles.get(one.channel, one.channel), person=one.name,
            path="/escalation", at=one.since,
        )
        for one in escalation.silent
    ]  # fmt: skip
    if escalation.failing:
        names = ", ".join(one.target for one in escalation.failing)
        found.append(
            shown.AlertShown(key="notify-failed", person=names, path="/escalation", at=escalation.failing[0].at)
        )
    found += [
        shown.AlertShown(key="keys-vouched-ours" if ours else "keys-vouched", person=name, path="/people", at=at)
        for ours, name, at in line.vouched
    ]
    if line.signing != "ok":
        found.append(shown.AlertShown(key=line.signing, path="/line"))
    if not line.up:
        found.append(shown.AlertShown(key="line-down", path="/line", at=line.since))
    return sorted(found, key=lambda one: not one.urgent)


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
