"""What the chart of everything shows: put together from the subjects that have something to show on one."""

from __future__ import annotations

from parley.actions import notices
from parley.desk import notice_chart, shown
from parley.desk.charting import Feature
from parley.desk.reading import Reading, asker


class ChartDoors(Reading):
    """The part of Doors for the chart's page."""

    def chart(self, who: shown.Person) -> tuple[Feature, ...]:
        """Give what is in force and what happened in the channels of this person."""
        if "read" not in who.rights:
            return ()
        return notice_chart.features(notices.notices(self._node, asker(who)).notices)
