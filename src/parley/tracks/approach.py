"""How near two tracks came to each other: the true minimum over time, not one of courses held steady.

Owns: the search for the closest moment, the kind of meeting as an indication, what must be said beside the figure.
Does not own: the band of error (band.py), what would come next if both held on (cpa.py).
Always true:
  1. The distance is the least over all moments that both tracks cover, to a millimetre up to 1 km and to a millionth
     beyond, on the ellipsoid (to a thousandth or 1 m where hundreds of intervals are as near; from 5,000 km on by the
     straight line through the Earth); height counts only where both tracks have it throughout.
  2. Nothing is worked out across a gap longer than a track's kind allows; what was left out is said.
  3. low_m <= distance_m <= high_m.
Read first: docs/protocol/tracks.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from parley import limits
from parley.errors import Refused
from parley.tracks.band import band
from parley.tracks.geodesy import distance_m
from parley.tracks.motion import Moving, shared_spans
from parley.tracks.track import Track

_R_MAX_M: Final = 6_399_594.0  # the flattest curvature of WGS84: a chord is at least this arc
_PIECE_M: Final = 200_000.0  # of relative way: within it the square of the distance is nearly a parabola
_FAR_M: Final = 5_000_000.0  # no approach: and near the far side of the Earth a distance takes a hundred times as long
_SOON: Final = 300  # pieces looked at closely; two in exact formation have thousands as near, to within centimetres
_HEAD_ON_DEG: Final = 165.0  # COLREG rule 14: "reciprocal or nearly reciprocal"
_OVERTAKING_DEG: Final = 67.5  # COLREG rule 13: from more than 22.5 degrees abaft the beam
_UNDER_WAY_MPS: Final = 0.25  # half a knot: below that a course means nothing
_STILL_MPS: Final = 0.1  # relative: below that the closest moment means nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """The closest approach of two tracks. Metres; `notes` are codes, each with its sentence in the catalogues."""

    at_ms: int
    horizontal_m: float
    vertical_m: float | None  # of the first above the second; None if a track has no heights
    distance_m: float
    low_m: float
    high_m: float
    geometry: str  # "head-on", "crossing", "overtaking" or "none": an indication, never a verdict
    notes: tuple[str, ...]


def closest(a: Track, b: Track) -> Approach:
    """Give the closest approach of two tracks with its 95 % band.

    Raises:
        Refused: `tracks.overlap`: there is no moment that both tracks cover; `tracks.too-much`: they leap so far
            between fixes that it would take minutes.
    """
    one, two = Moving(a), Moving(b)
    spans = shared_spans(one, two)
    if not spans:
        raise Refused("tracks.overlap", "The two tracks share no moment; there is no closest approach to work out.")
    at, distance = _search(one, two, spans)
    horizontal = distance_m(one.place_at(at), two.place_at(at))
    heights = one.heights and two.heights
    vertical = one.height_at(at) - two.height_at(at) if heights else None
    notes = _notes(one, two, spans, at)
    low, high = band(one, two, spans, at, distance, heights=heights)
    if low == 0.0:
        notes.append("band-covers-zero")
    return Approach(
        at_ms=round(at), horizontal_m=horizontal, vertical_m=vertical, distance_m=distance, low_m=low, high_m=high,
        geometry=_geometry(one, two, at), notes=tuple(notes),
    )  # fmt: skip


def _search(a: Moving, b: Moving, spans: list[tuple[int, int]]) -> tuple[float, float]:
    """Give the closest moment and distance: bound every interval by its chords, then look closely at the lowest."""
    heights = a.heights and b.heights

    def gap_m(at: float) -> float:
        flat = distance_m(a.place_at(at), b.place_at(at))
        return math.hypot(flat, a.height_at(at) - b.height_at(at)) if heights else flat

    intervals = sorted(_bounds(a, b, spans, heights=heights))
    best_at, best, looked = 0.0, math.inf, 0
    for low, start, end, way in intervals:
        enough = max(1e-3, 1e-6 * best) if looked < _SOON else max(1.0, 1e-3 * best)
        if low >= best - enough or _FAR_M <= best < math.inf:
            break
        if looked > limits.APPROACH_PIECES_MAX:
            raise Refused("tracks.too-much", "The tracks leap too far between fixes to work out how near they came.")
        pieces = min(64, max(1, math.ceil(way / _PIECE_M)))
        for piece in range(pieces):
            left, right = (start + (end - start) * part / pieces for part in (piece, piece + 1))
            at, distance = _lowest(gap_m, left, right)
            looked += 1
            if distance < best:
                best_at, best = at, distance
    return best_at, best


def _bounds(
    a: Moving, b: Moving, spans: list[tuple[int, int]], *, heights: bool
) -> list[tuple[float, float, float, float]]:
    """Give (least distance, start, end, relative way) of every interval between two fixes of either track."""
    found = []
    for first, last in spans:
        inner = {at for moving in (a, b) for at in moving.times if first < at < last}
        moments = [first, *sorted(inner), last]
        if first == last:
            moments = [first, first]
        before = _apart(a, b, first, heights=heights)
        for start, end in pairwise(moments):
            after = _apart(a, b, end, heights=heights)
            least, way = _least(before, after)
            # Points a breath after the start, so that both are asked about the segments of this interval.
            slack = a.sag_at(start) + b.sag_at(start)
            least = max(0.0, least - slack)
            if not heights and least < _R_MAX_M:
                least = max(least, 2 * _R_MAX_M * math.asin(least / (2 * _R_MAX_M)))
            found.append((least, float(start), float(end), way + 2 * slack))
            before = after
    return found


def _apart(a: Moving, b: Moving, at: float, *, heights: bool) -> tuple[float, ...]:
    one, two = a.xyz_at(at), b.xyz_at(at)
    flat = (one[0] - two[0], one[1] - two[1], one[2] - two[2])
    return (*flat, a.height_at(at) - b.height_at(at)) if heights else flat


def _least(before: tuple[float, ...], after: tuple[float, ...]) -> tuple[float, float]:
    """Give the least length of a vector that moves from one to the other, and the length of its way."""
    way = [late - early for early, late in zip(before, after, strict=True)]
    square = sum(each * each for each in way)
    part = 0.0
    if square > 0:
        part = min(1.0, max(0.0, -sum(e * w for e, w in zip(before, way, strict=True)) / square))
    return math.hypot(*(e + part * w for e, w in zip(before, way, strict=True))), math.sqrt(square)


def _lowest(gap_m: Callable[[float], float], start: float, end: float) -> tuple[float, float]:
    """Give the lowest point of a smooth function whose square is nearly a parabola, by parabolas that narrow."""
    best_at, best = start, gap_m(start)
    if start == end:
        return best_at, best
    left, right = start, end
    for _ in range(9):
        middle = (left + right) / 2
        values = [(at, gap_m(at)) for at in (left, middle, right)]
        for at, value in values:
            if value < best:
                best_at, best = at, value
        one, two, three = (value * value for _, value in values)
        bend = one - 2 * two + three
        half = (right - left) / 2
        vertex = middle + half * (one - three) / (2 * bend) if bend > 0 else best_at
        vertex = min(max(vertex, start), end)
        if half < 1e-3:  # a microsecond
            break
        left, right = max(start, vertex - half / 5), min(end, vertex + half / 5)
    return best_at, best


def _geometry(a: Moving, b: Moving, at: float) -> str:
    """Give the kind of meeting by the courses as they came to the closest moment."""
    one, two = a.velocity_at(at), b.velocity_at(at)
    if one is None or two is None or min(one.speed_mps, two.speed_mps) < _UNDER_WAY_MPS:
        return "none"
    between = abs(math.remainder(one.course_deg - two.course_deg, 360.0))
    if between >= _HEAD_ON_DEG:
        return "head-on"
    if between >= _OVERTAKING_DEG:
        return "crossing"
    return "overtaking" if relative_mps(a, b, at) >= _STILL_MPS else "none"


def relative_mps(a: Moving, b: Moving, at: float) -> float:
    """Give how fast one moves as seen from the other."""
    one, two = a.velocity_at(at), b.velocity_at(at)
    if one is None or two is None:
        return 0.0
    turn = math.radians(one.course_deg - two.course_deg)
    square = one.speed_mps**2 + two.speed_mps**2 - 2 * one.speed_mps * two.speed_mps * math.cos(turn)
    return math.sqrt(max(0.0, square))


def _notes(a: Moving, b: Moving, spans: list[tuple[int, int]], at: float) -> list[str]:
    notes = []
    if len(a.times) == 1 or len(b.times) == 1:
        notes.append("single-fix")
    whole = min(a.times[-1], b.times[-1]) - max(a.times[0], b.times[0])
    if sum(last - first for first, last in spans) < whole:
        notes.append("gap-left-out")
    if any(at in (first, last) for first, last in spans):
        notes.append("at-end")
    if relative_mps(a, b, at) < _STILL_MPS:
        notes.append("no-relative-motion")
    if a.heights != b.heights or (not a.heights and "aircraft" in (a.track.kind, b.track.kind)):
        notes.append("no-height")
    return notes
