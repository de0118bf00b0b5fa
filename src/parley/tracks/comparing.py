"""What accounts of one meeting say beside each other: each account's own closest approach, and whether they overlap.

Owns: which two tracks of an account are meant, when two tracks are of the same ship, the overlap of bands.
Does not own: the approach itself (approach.py), whose account is whose (the caller), the words (the doors).
Always true: figures of two accounts stand side by side; none is corrected by the other, and no mean is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from parley import limits
from parley.errors import Refused
from parley.tracks.approach import Approach, closest
from parley.tracks.cpa import Cpa, cpa_at
from parley.tracks.track import Track


@dataclass(frozen=True, kw_only=True)
class Figure:
    """How near two tracks came."""

    first: Track
    second: Track
    approach: Approach


def within(tracks: Sequence[Track]) -> Figure:
    """Give the closest approach among the ships and aircraft of one account.

    Raises:
        Refused: `tracks.overlap` (no two share a moment), `tracks.too-many`.
    """
    return _nearest(combinations(_few(tracks), 2))


def between(ours: Sequence[Track], theirs: Sequence[Track]) -> Figure:
    """Give the closest approach of a track of one account to one of another ship of the other account."""
    return _nearest(product(_few(ours), _few(theirs)))


def same_ship(a: Track, b: Track) -> bool:
    """Say whether two tracks are of one ship: by a number that both have, else by their names."""
    shared = a.ids.keys() & b.ids.keys()
    if shared:
        return any(a.ids[kind] == b.ids[kind] for kind in shared)
    return not a.ids and not b.ids and a.name == b.name


def overlap(a: Approach, b: Approach) -> bool:
    """Say whether one distance could be true by both accounts."""
    return a.low_m <= b.high_m and b.low_m <= a.high_m


def cpa_then(a: Track, b: Track, at_ms: int) -> Cpa | None:
    """Give CPA and TCPA at a moment, None where a track does not say how it then moved."""
    try:
        return cpa_at(a, b, at_ms)
    except Refused:
        return None


def _few(tracks: Sequence[Track]) -> Sequence[Track]:
    if len(tracks) > limits.TRACKS_COMPARED_MAX:
        most, some = limits.TRACKS_COMPARED_MAX, ", ".join(track.name for track in tracks[:8])
        sentence = f"{len(tracks)} ships and aircraft: expected at most {most}. Name those you mean: {some} …"
        raise Refused("tracks.too-many", sentence[:400])
    return tracks


def _nearest(pairs: Iterable[tuple[Track, Track]]) -> Figure:
    best: Figure | None = None
    for a, b in pairs:
        if same_ship(a, b):
            continue
        try:
            found = closest(a, b)
        except Refused:
            continue  # these two share no moment
        if best is None or found.distance_m < best.approach.distance_m:
            best = Figure(first=a, second=b, approach=found)
    if best is None:
        raise Refused(
            "tracks.overlap", "No two of the tracks share a moment; there is no closest approach to work out."
        )
    return best
