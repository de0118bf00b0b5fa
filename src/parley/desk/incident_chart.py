"""Incidents as the chart of everything shows them: a mark where each took place, with how it stands."""

from __future__ import annotations

from collections.abc import Iterable

from parley.desk import charting
from parley.desk.charting import Feature
from parley.desk.shown.incidents import IncidentRow


def features(rows: Iterable[IncidentRow]) -> tuple[Feature, ...]:
    """Give a mark for each incident; from its time on, it stays."""
    return tuple(
        charting.mark(
            (float(row.latitude), float(row.longitude)),
            kind="incident",
            label=row.what[:80],
            side="ours" if row.ours else "theirs",
            style=_stand(row),
            since=row.time,
            href=f"/incidents/{row.channel}/{row.subject.partition('/')[2]}",
        )
        for row in rows
    )


def _stand(row: IncidentRow) -> str:
    if row.disputed:
        return "disputed"
    if row.unanswered or row.them == "silent":
        return "unanswered"
    return "agreed" if row.agreed else ""
