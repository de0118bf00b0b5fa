"""What the desk asks of the rest of the program about the tracks of an incident; part of port.Port."""

from __future__ import annotations

from typing import Protocol

from parley.actions.track_rows import CpaRow, TracksRow
from parley.desk.shown import Person


class TrackPort(Protocol):
    """The tracks of an incident."""

    def tracks_now(self, who: Person, channel: str, subject: str) -> TracksRow: ...
    async def read_tracks(self, who: Person, channel: str, subject: str) -> TracksRow: ...
    def cpa_at(self, who: Person, channel: str, subject: str, at_ms: int) -> tuple[CpaRow, ...]: ...
