"""Where a track says something was between its fixes: along the shortest line, at a steady pace.

Owns: the place, height and velocity of a track at any moment, and the spans of time that two tracks share.
Does not own: the closest moment (approach.py), how far the truth may be from this (band.py).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from parley.tracks.geodesy import Line, Position, along, earth_xyz, line_between
from parley.tracks.track import Fix, Track

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Velocity:
    """Metres a second, degrees from north."""

    speed_mps: float
    course_deg: float


class Moving:
    """One track as a motion; lines between fixes are worked out when they are asked for, and once."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.times = [fix.at_ms for fix in track.fixes]
        self.legs = list(track.legs())
        self.heights = all(fix.alt_m is not None for fix in track.fixes)
        self._lines: dict[int, Line] = {}
        self._xyz: dict[int, Vector] = {}

    def place_at(self, at_ms: float) -> Position:
        """Give the place at a moment within a leg."""
        first, part = self._segment(at_ms)
        fix = self.track.fixes[first]
        if part == 0.0:
            return fix.place
        if part == 1.0:
            return self.track.fixes[first + 1].place
        line = self._line(first)
        return along(fix.place, line.start, line.metres * part)

    def height_at(self, at_ms: float) -> float:
        """Give the height at a moment; only for a track with heights throughout."""
        first, part = self._segment(at_ms)
        fixes = self.track.fixes
        low = fixes[first].alt_m or 0.0
        return low if part == 0.0 else low + part * ((fixes[first + 1].alt_m or 0.0) - low)

    def xyz_at(self, at_ms: float) -> Vector:
        """Give metres from the Earth's middle along the chord between two fixes: near the truth, and quick."""
        first, part = self._segment(at_ms)
        one = self._corner(first)
        if part == 0.0:
            return one
        two = self._corner(first + 1)
        return (
            one[0] + part * (two[0] - one[0]),
            one[1] + part * (two[1] - one[1]),
            one[2] + part * (two[2] - one[2]),
        )

    def sag_at(self, at_ms: float) -> float:
        """Give how far that chord may lie from the line on the ellipsoid, in metres."""
        first, _ = self._segment(at_ms)
        if first + 1 >= len(self.times):
            return 0.0
        chord = math.dist(self._corner(first), self._corner(first + 1))
        return chord * chord / 50_000_000.0 + 1e-6  # s²/8R with a little more

    def velocity_at(self, at_ms: float) -> Velocity | None:
        """Give the velocity between the fixes around a moment; None for a single fix."""
        first, part = self._segment(at_ms)
        if first + 1 >= len(self.times) or self.times[first + 1] - self.times[first] > self.track.gap_ms:
            first -= 1  # the end of a leg: as it was just before
            if first < 0 or self.times[first + 1] - self.times[first] > self.track.gap_ms:
                return None
            part = 1.0
        line = self._line(first)
        speed = line.metres * 1000.0 / (self.times[first + 1] - self.times[first])
        azimuth = line.start + part * math.remainder(line.end - line.start, 2 * math.pi)
        return Velocity(speed, math.degrees(azimuth) % 360.0)

    def latest(self, at_ms: float) -> Fix | None:
        """Give the last fix at or before a moment."""
        first = bisect_right(self.times, at_ms) - 1
        return self.track.fixes[first] if first >= 0 else None

    def _segment(self, at_ms: float) -> tuple[int, float]:
        first = min(max(bisect_right(self.times, at_ms) - 1, 0), len(self.times) - 1)
        if first == len(self.times) - 1:
            return first, 0.0
        span = self.times[first + 1] - self.times[first]
        return first, min(max((at_ms - self.times[first]) / span, 0.0), 1.0)

    def _line(self, first: int) -> Line:
        found = self._lines.get(first)
        if found is None:
            one, two = self.track.fixes[first], self.track.fixes[first + 1]
            found = self._lines[first] = line_between(one.place, two.place)
        return found

    def _corner(self, at: int) -> Vector:
        found = self._xyz.get(at)
        if found is None:
            found = self._xyz[at] = earth_xyz(self.track.fixes[at].place)
        return found


def shared_spans(a: Moving, b: Moving) -> list[tuple[int, int]]:
    """Give the spans of time in which both tracks are joined by lines, in order; a span may be one moment."""
    spans, at_a, at_b = [], 0, 0
    while at_a < len(a.legs) and at_b < len(b.legs):
        (a0, a1), (b0, b1) = a.legs[at_a], b.legs[at_b]
        start, end = max(a.times[a0], b.times[b0]), min(a.times[a1], b.times[b1])
        if start <= end:
            spans.append((start, end))
        if a.times[a1] <= b.times[b1]:
            at_a += 1
        else:
            at_b += 1
    return spans
