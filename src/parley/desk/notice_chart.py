"""Notices as a chart shows them: each area with its time, and a mark where it came late or overlaps."""

from __future__ import annotations

from collections.abc import Iterable

from parley.codec.fields import Reader
from parley.desk import charting
from parley.desk.charting import Feature
from parley.desk.shown.notices import CheckedShown, NoticeShown
from parley.subjects.places import Circle, Polygon, read_area


def features(rows: Iterable[NoticeShown]) -> tuple[Feature, ...]:
    """Give the areas of notices that stand."""
    return tuple(_feature(row) for row in rows if row.area is not None and row.state == "given")


def drafted(checked: CheckedShown | None, title: str) -> tuple[Feature, ...]:
    """Give the area of a notice that was checked and not yet given: as it was read, where it would lie."""
    if checked is None or checked.area is None:
        return ()
    label = f"{checked.number} {title}"
    return (_area(checked.area, kind="area", label=label, side="ours", since=checked.since, until=checked.until),)


def _feature(row: NoticeShown) -> Feature:
    more: dict[str, object] = {
        "kind": "notice",
        "label": f"{row.number} {row.title}",
        "side": "ours" if row.ours else "theirs",
        "style": "warning" if row.overlaps else "late" if row.lead and row.lead.late else "",
        "since": row.since,
        "until": row.until,
        "href": f"/notices/{row.channel}/{row.subject.partition('/')[2]}",
    }
    return _area(row.area, **more)


def _area(value: object, **more: object) -> Feature:
    area = read_area(Reader({"area": value}), "area")
    if isinstance(area, Circle):
        return charting.circle(area.center.degrees, area.radius_m, **more)
    points = [point.degrees for point in area.points]
    if isinstance(area, Polygon):
        return charting.polygon(points, **more)
    return charting.corridor(points, 2 * area.half_width_m, **more)
