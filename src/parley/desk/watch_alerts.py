"""What of the watch must be seen on every screen: a roll-call that waits for a key, an empty chair, a relief."""

from __future__ import annotations

from collections.abc import Iterable

from parley.desk import shown


def watch_alerts(watches: Iterable[shown.WatchShown]) -> list[shown.AlertShown]:
    """Give the alerts of all watches: what waits for our key first."""
    found: list[shown.AlertShown] = []
    late: list[shown.AlertShown] = []
    for one in watches:
        place = f"/watch#{one.channel}"
        for roll in one.rolls:
            if not roll.rings:
                continue
            act = f"/watch/{roll.subject.replace('roll/', 'rolls/', 1)}/"
            if roll.ours:
                late.append(_alert("roll-unanswered", one, roll.answer_by, place, act=act + "clear"))
            elif roll.state == "open":
                due = roll.answer_by
                found.append(_alert("roll-asked", one, roll.at, place, act=act + "answer", by=roll.asked_by, due=due))
            else:
                late.append(_alert("roll-missed", one, roll.answer_by, place, act=act + "answer", by=roll.asked_by))
        if one.relieved:
            act = f"/watch/{one.channel}/relieved"
            found.append(_alert("watch-relieved", one, one.ours.handed_over_at, place, act=act, by=one.ours.name))
        if one.alarm == "ends":
            late.append(_alert("watch-ends", one, None, place, due=one.until))
        elif one.alarm:
            late.append(_alert(f"watch-{one.alarm}", one, one.ours.since, place))
    return [*found, *late]


def _alert(
    key: str, one: shown.WatchShown, at: str | None, path: str, *, act: str = "", by: str = "", due: str | None = None
) -> shown.AlertShown:
    pressed = "0" if act.endswith("answer") else ""
    return shown.AlertShown(
        key=key, channel=one.channel, title=one.title, person=by, path=path, at=at, due=due, act=act, press=pressed
    )
