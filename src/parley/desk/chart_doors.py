"""What the chart of everything shows: put together from the subjects that have something to show on one."""

from __future__ import annotations

from parley.desk import shown
from parley.desk.charting import Feature


class ChartDoors:
    """The part of Doors for the chart's page."""

    def chart(self, who: shown.Person) -> tuple[Feature, ...]:
        """Give what is in force and what happened in the channels of this person."""
        return ()
