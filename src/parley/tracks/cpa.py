"""What comes next if both hold course and speed: closest point and the time to it, at any moment.

Owns: CPA and TCPA from places, courses and speeds. Does not own: how near two tracks really came (approach.py).
Always true: with no relative motion there is no time to the closest point, and the distance stays as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from parley.errors import Refused
from parley.tracks.geodesy import line_between
from parley.tracks.motion import Moving, Velocity
from parley.tracks.track import Fix, Track

_STILL_MPS = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpa:
    """Metres apart now and at the closest point; seconds to it (negative: it lies behind), None if nothing moves."""

    now_m: float
    cpa_m: float
    tcpa_s: float | None


def cpa_of(a: Fix, b: Fix) -> Cpa | None:
    """Give CPA and TCPA from two reports, taken as of one moment; None if one has no course or speed."""
    if a.course is None or b.course is None or a.speed_mps is None or b.speed_mps is None:
        return None
    return _cpa(a, b, Velocity(a.speed_mps, a.course), Velocity(b.speed_mps, b.course))


def cpa_at(a: Track, b: Track, at_ms: int) -> Cpa:
    """Give CPA and TCPA at a moment that both tracks cover, from where and how both then moved.

    Raises:
        Refused: `tracks.overlap`: a track does not cover that moment, or is a single fix without course and speed.
    """
    fixes, ways = [], []
    for track in (a, b):
        moving = Moving(track)
        covered = any(moving.times[first] <= at_ms <= moving.times[last] for first, last in moving.legs)
        fix = moving.latest(at_ms)
        way = moving.velocity_at(at_ms) if covered else None
        if way is None and covered and fix is not None and fix.course is not None and fix.speed_mps is not None:
            way = Velocity(fix.speed_mps, fix.course)
        if way is None:
            raise Refused("tracks.overlap", "A track does not say where it was, and how it moved, at that moment.")
        place = moving.place_at(at_ms)
        fixes.append(Fix(at_ms, place.lat, place.lon))
        ways.append(way)
    return _cpa(fixes[0], fixes[1], ways[0], ways[1])


def _cpa(a: Fix, b: Fix, a_way: Velocity, b_way: Velocity) -> Cpa:
    """Work in the plane that touches the Earth at `a`; the bearing of b's course is turned with the meridians."""
    line = line_between(a.place, b.place)
    east, north = line.metres * math.sin(line.start), line.metres * math.cos(line.start)
    turned = math.radians(b_way.course_deg) - line.end + line.start
    course = math.radians(a_way.course_deg)
    v_east = b_way.speed_mps * math.sin(turned) - a_way.speed_mps * math.sin(course)
    v_north = b_way.speed_mps * math.cos(turned) - a_way.speed_mps * math.cos(course)
    square = v_east * v_east + v_north * v_north
    if square < _STILL_MPS**2:
        return Cpa(now_m=line.metres, cpa_m=line.metres, tcpa_s=None)
    seconds = -(east * v_east + north * v_north) / square
    return Cpa(now_m=line.metres, cpa_m=math.hypot(east + v_east * seconds, north + v_north * seconds), tcpa_s=seconds)
