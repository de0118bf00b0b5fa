"""What the actions hand out about the tracks of an incident: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from msgspec import Struct

Point = tuple[float, float]


class TrackFlagRow(Struct, frozen=True, kw_only=True):
    """Something about a track that cannot be, or is unlikely; nothing is refused for it."""

    code: str
    value: str


class DrawnRow(Struct, frozen=True, kw_only=True):
    """A part of a track that is joined by lines, thinned for a chart."""

    points: tuple[Point, ...]
    times_ms: tuple[int, ...]


class TrackRow(Struct, frozen=True, kw_only=True):
    """One ship or aircraft by one side's file."""

    ours: bool
    file: str
    root: str
    name: str
    kind: str
    ids: str  # mmsi 211234560
    source: str
    fixes: int
    since: str
    until: str
    position_m: float
    vertical_m: float | None  # None where it has no heights
    clock_s: float
    assumed: bool  # nobody stated the errors
    flags: tuple[TrackFlagRow, ...]
    drawn: tuple[DrawnRow, ...]


class FileProblemRow(Struct, frozen=True, kw_only=True):
    """A file that is not read, or of which lines were left out: why, in the words of the reader."""

    ours: bool
    file: str
    code: str
    sentence: str
    left_out: int = 0


class MomentRow(Struct, frozen=True, kw_only=True):
    """Where both were at a moment, and how far apart."""

    at: str
    first: Point
    second: Point
    metres: int


class FigureRow(Struct, frozen=True, kw_only=True):
    """A closest approach: by our files, by theirs, or by one track of each (`both`)."""

    whose: str
    first: TrackRow
    second: TrackRow
    at: str
    horizontal_m: int
    vertical_m: int | None
    distance_m: int
    low_m: int
    high_m: int
    geometry: str
    notes: tuple[str, ...]
    places: tuple[Point, Point]
    moments: tuple[MomentRow, ...]


class CpaRow(Struct, frozen=True, kw_only=True):
    """What was to come at a moment, by one figure's tracks; no metres where a track does not say."""

    whose: str
    now_m: int | None
    cpa_m: int | None
    tcpa_s: int | None


class TracksRow(Struct, frozen=True, kw_only=True):
    """The tracks of an incident. `ready` is False until the files were read; then the rest is empty."""

    ready: bool
    files: int
    tracks: tuple[TrackRow, ...] = ()
    problems: tuple[FileProblemRow, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    overlap: bool | None = None  # of both sides' own figures; None where one has none
