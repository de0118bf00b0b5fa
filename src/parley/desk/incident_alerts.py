"""The first reports of theirs that must be seen on every screen, until somebody here has seen or answered them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parley.desk import shown
from parley.desk.shown.incidents import UnseenRow


def incident_alerts(reports: Iterable[UnseenRow], titles: Mapping[str, str]) -> list[shown.AlertShown]:
    """Give an alert for each; one ahead of its log has no page yet, so it leads to the list."""
    found = []
    for one in reports:
        path = f"/incidents/{one.channel}/{one.subject.partition('/')[2]}"
        found.append(
            shown.AlertShown(
                key="incident", channel=one.channel, title=titles.get(one.channel, ""), person=one.name,
                path="/incidents" if one.ahead else path, at=one.at, urgent=True, precedence="FLASH",
                act=f"{path}/seen",
            )
        )  # fmt: skip
    return found
