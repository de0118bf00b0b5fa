"""What the chart's page asks of the program."""

from __future__ import annotations

from typing import Protocol

from parley.desk import shown
from parley.desk.charting import Feature


class ChartPort(Protocol):
    """The chart of everything."""

    def chart(self, who: shown.Person) -> tuple[Feature, ...]: ...
