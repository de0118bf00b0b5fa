"""Routes about the tracks of an incident: both sides' files as they were read, both closest approaches."""

from __future__ import annotations

from typing import Final

from parley.actions import incident_tracks
from parley.actions.track_rows import TracksRow
from parley.api.route import Call, Route

_AT: Final = r"/channels/{channel}/incidents/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


async def _tracks(call: Call) -> TracksRow:
    subject = f"incident/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"
    return await incident_tracks.read_files(call.node, call.who, call.part("channel"), subject)


TRACKS: Final = (
    Route("GET", _AT + "/tracks", "Both sides' tracks, and both closest approaches", None, TracksRow, _tracks),
)
"""The routes."""
