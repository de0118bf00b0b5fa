"""What the pages with a chart ask of the program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from parley.actions.live_rows import LiveRow, PairRow, TrackRow
from parley.actions.rows import AttachmentRow
from parley.desk import shown
from parley.desk.charting import Feature


class ChartPort(Protocol):
    """The chart of everything, and that of our own receivers."""

    def chart(self, who: shown.Person) -> tuple[Feature, ...]: ...
    def place_names(self, who: shown.Person) -> tuple[Feature, ...]: ...
    def live(self, who: shown.Person) -> LiveRow: ...
    def live_tracks(self, who: shown.Person) -> tuple[TrackRow, ...]: ...
    async def keep_moment(self, who: shown.Person, key: str) -> tuple[PairRow, AttachmentRow]: ...
    async def kept_moment(self, who: shown.Person, root: str) -> tuple[AttachmentRow, AsyncIterator[bytes]]: ...
