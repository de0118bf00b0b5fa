"""The part of the desk's port that is about tracks, answered by the actions on a real node."""

from __future__ import annotations

from parley.actions import incident_tracks
from parley.actions.track_rows import CpaRow, TracksRow
from parley.desk import shown
from parley.desk.reading import Reading, asker


class TrackDoors(Reading):
    """Tracks as the desk sees them."""

    def tracks_now(self, who: shown.Person, channel: str, subject: str) -> TracksRow:
        """Give the tracks of an incident as far as they were read."""
        return incident_tracks.tracks_now(self._node, asker(who), channel, subject)

    async def read_tracks(self, who: shown.Person, channel: str, subject: str) -> TracksRow:
        """Read the files of an incident."""
        return await incident_tracks.read_files(self._node, asker(who), channel, subject)

    def cpa_at(self, who: shown.Person, channel: str, subject: str, at_ms: int) -> tuple[CpaRow, ...]:
        """Give CPA and TCPA at a moment."""
        return incident_tracks.cpa_at_moment(self._node, asker(who), channel, subject, at_ms)
