"""One thing heard of one ship or aircraft, as the decoders of streams give it."""

from __future__ import annotations

from dataclasses import dataclass

from parley.tracks.track import Fix


@dataclass(frozen=True, slots=True)
class Seen:
    """Who by its number, what kind, and a fix or a name or both."""

    id_kind: str  # "mmsi", "icao", or "name" for files that have no numbers
    id: str
    kind: str
    fix: Fix | None = None
    name: str = ""
    source: str = ""  # where a file names another for each of its tracks
