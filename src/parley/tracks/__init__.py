"""Tracks of ships and aircraft: read from files, and how near two of them came to each other, on the ellipsoid."""

from parley.tracks.approach import Approach, closest
from parley.tracks.cpa import Cpa, cpa_at, cpa_of
from parley.tracks.geodesy import Position
from parley.tracks.track import Fix, Stated, Track

__all__ = ["Approach", "Cpa", "Fix", "Position", "Stated", "Track", "closest", "cpa_at", "cpa_of"]
