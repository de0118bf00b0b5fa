"""What a track says that cannot be, or is unlikely. A flag refuses nothing: it is a reason to look again.

Owns: speed between fixes above that of sound, a ship on land, times before the line was founded.
Does not own: the words (the doors), the coastline (land/), which is coarse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parley.land import is_land
from parley.tracks.geodesy import distance_m
from parley.tracks.track import Track

SOUND_MPS: Final = 340.3  # at the surface of the sea, standard atmosphere
_LOOKED_AT: Final = 40  # fixes of a track that are held against the coastline
_ON_WATER: Final = ("surface", "submarine")


@dataclass(frozen=True, slots=True)
class Flag:
    """A code, each with its sentence in the catalogues, and what was seen."""

    code: str
    value: str


def flags(track: Track, founded_ms: int | None = None) -> tuple[Flag, ...]:
    """Give what is worth a second look; `founded_ms`: when the line was founded, for times before it."""
    found = []
    fastest = fastest_mps(track)
    if fastest > SOUND_MPS:
        found.append(Flag("faster-than-sound", f"{min(fastest, 1e9):.0f}"))
    if track.kind in _ON_WATER:
        step = max(1, -(-len(track.fixes) // _LOOKED_AT))
        looked = track.fixes[::step]
        ashore = sum(is_land(fix.lat, fix.lon) for fix in looked)
        if ashore:
            found.append(Flag("on-land", f"{ashore}/{len(looked)}"))
    if founded_ms is not None and track.first_ms < founded_ms:
        found.append(Flag("before-founding", str(track.first_ms)))
    return tuple(found)


def fastest_mps(track: Track) -> float:
    """Give the greatest speed between two fixes, as far as the stated error of their places bears it out.

    Two fixes a millisecond apart would give any speed: what both may be wrong by is taken off the way.
    """
    slack = 2 * track.error.position_m
    most = 0.0
    for one, two in zip(track.fixes, track.fixes[1:], strict=False):
        seconds = (two.at_ms - one.at_ms) / 1000
        if abs(two.lat - one.lat) * 110_000 > SOUND_MPS * seconds / 2 or abs(two.lon - one.lon) > 0.0015 * seconds:
            most = max(most, (distance_m(one.place, two.place) - slack) / (seconds + 2 * track.error.clock_s))
    return most
