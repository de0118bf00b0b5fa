"""A track: where one ship or aircraft was, when, by whose account, and how exact that is said to be.

Owns: fixes, tracks, their strict form, and the legs between fixes that are near enough in time to be joined.
Does not own: how files are read (reading.py), what two tracks say together (approach.py).
Always true:
  1. Times ascend strictly; every number is finite and within its bounds.
  2. Nothing is said of the time between two fixes that are farther apart than `gap_ms` of the track's kind.
Read first: docs/protocol/tracks.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.errors import PeerError
from parley.tracks.geodesy import Position

KINDS: Final = ("surface", "aircraft", "submarine", "land", "other")
# Longest time between two fixes that is still joined by a line. Ships at anchor report each 3 minutes (ITU-R M.1371);
# an aircraft reports twice a second and is 30 km on after two minutes.
GAP_MS: Final = {"aircraft": 120_000}
GAP_MS_OTHERS: Final = 900_000
ID_KINDS: Final = ("mmsi", "imo", "icao", "callsign", "hull")


@dataclass(frozen=True, slots=True)
class Fix:
    """One report of a place: milliseconds since 1970 UTC, degrees, metres, degrees from north, metres a second."""

    at_ms: int
    lat: float
    lon: float
    alt_m: float | None = None
    course: float | None = None
    speed_mps: float | None = None

    @property
    def place(self) -> Position:
        """Where it was."""
        return Position(self.lat, self.lon)


@dataclass(frozen=True, kw_only=True)
class Stated:
    """How exact the source says it is: in 95 of 100 cases the truth is within this."""

    position_m: float = 10.0  # radius around a fix; IMO MSC.915(22) asks 10 m of a ship's receiver
    vertical_m: float = 50.0  # above and below
    clock_s: float = 1.0  # before and after

    def __post_init__(self) -> None:
        for name, most in (("position_m", 100_000.0), ("vertical_m", 20_000.0), ("clock_s", 86_400.0)):
            value = getattr(self, name)
            if not (math.isfinite(value) and 0 <= value <= most):
                raise PeerError("tracks.error", f"stated error {name}: expected 0 to {most:g}, got {value!r}")


@dataclass(frozen=True, kw_only=True)
class Track:
    """What one source says of one ship or aircraft."""

    name: str
    kind: str
    ids: dict[str, str] = field(default_factory=dict)  # "mmsi", "icao" ...: the number
    source: str = ""  # "AIS of our own receiver", "radar of ..."
    error: Stated = field(default_factory=Stated)
    assumed: bool = False  # nobody stated the error: it is what we take a receiver to have
    fixes: tuple[Fix, ...]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise PeerError("tracks.kind", f"a track's kind: expected one of {', '.join(KINDS)}, got another")
        if not 1 <= len(self.fixes) <= limits.TRACK_FIXES_MAX:
            expected = f"1 to {limits.TRACK_FIXES_MAX} fixes"
            raise PeerError("tracks.count", f"a track: expected {expected}, got {len(self.fixes)}")
        before = None
        for number, fix in enumerate(self.fixes):
            check_fix(fix, f"fix {number}")
            if before is not None:
                check_order(before, fix.at_ms, f"fix {number}")
            before = fix.at_ms

    @property
    def first_ms(self) -> int:
        """When the track begins."""
        return self.fixes[0].at_ms

    @property
    def last_ms(self) -> int:
        """When the track ends."""
        return self.fixes[-1].at_ms

    @property
    def gap_ms(self) -> int:
        """The longest time between two fixes that is joined by a line."""
        return GAP_MS.get(self.kind, GAP_MS_OTHERS)

    def legs(self) -> Iterator[tuple[int, int]]:
        """Give the first and last index of each run of fixes that are near enough in time to be joined."""
        start = 0
        for at in range(1, len(self.fixes)):
            if self.fixes[at].at_ms - self.fixes[at - 1].at_ms > self.gap_ms:
                yield start, at - 1
                start = at
        yield start, len(self.fixes) - 1


def check_order(before_ms: int, at_ms: int, where: str) -> None:
    """Refuse a time that does not come after the one before it."""
    if at_ms <= before_ms:
        got = "the same time again" if at_ms == before_ms else f"one {before_ms - at_ms} ms earlier"
        raise PeerError("tracks.order", f"{where}: expected a later time than the fix before, got {got}", where=where)


def check_fix(fix: Fix, where: str) -> None:
    """Refuse a number that is not finite or out of bounds."""
    for name, value, least, most in (
        ("time", fix.at_ms, limits.TRACK_MS_MIN, limits.TRACK_MS_MAX),
        ("latitude", fix.lat, -90.0, 90.0),
        ("longitude", fix.lon, -180.0, 180.0),
        ("altitude", fix.alt_m, -12_000.0, 100_000.0),
        ("course", fix.course, 0.0, 360.0),
        ("speed", fix.speed_mps, 0.0, 10_000.0),
    ):
        if value is not None and not least <= value <= most:  # NaN is never within
            told = f"{where}: {name}: expected {least:g} to {most:g}, got {value!r}"[:300]
            raise PeerError("tracks.field", told, where=where)
