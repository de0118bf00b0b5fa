"""From tracks to the rows that a page shows: thinned for a chart, figures side by side, a table of moments.

Owns: what is left out of a drawing, which figures there are. Does not own: the arithmetic (tracks/).
Always true: the figures are worked out from all fixes; only the drawing is thinned, and least near the closest moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.actions.track_rows import (
    DrawnRow,
    FigureRow,
    FileProblemRow,
    MomentRow,
    TrackFlagRow,
    TrackRow,
    TracksRow,
)
from parley.errors import Refused, ensure
from parley.times import Moment, moment_text
from parley.tracks.comparing import Figure, between, overlap, within
from parley.tracks.flags import flags
from parley.tracks.geodesy import distance_m
from parley.tracks.motion import Moving, shared_spans
from parley.tracks.track import Track

_MOMENTS: Final = 13  # of the table that says what the slider shows
_AROUND_MS: Final = 600_000  # before and after the closest moment


@dataclass(slots=True)
class Account:
    """One side's tracks, each with its file."""

    ours: bool
    tracks: list[Track] = field(default_factory=list)
    files: dict[int, tuple[str, str]] = field(default_factory=dict)  # by a track's place: name and root

    def add(self, name: str, root: str, tracks: Sequence[Track]) -> None:
        """Take in what a file holds."""
        for track in tracks:
            self.files[len(self.tracks)] = (name, root)
            self.tracks.append(track)


def row_of(
    accounts: tuple[Account, Account], problems: tuple[FileProblemRow, ...], files: int, founded_ms: int | None
) -> tuple[TracksRow, tuple[tuple[str, Figure], ...]]:
    """Give what a page shows, and the figures it stands on; `accounts` are ours and theirs."""
    figures, told = _figures(accounts)
    near = {id(track): one.approach.at_ms for _, one in figures for track in (one.first, one.second)}
    rows: dict[int, TrackRow] = {}
    for account in accounts:
        for place, track in enumerate(account.tracks):
            rows[id(track)] = _track_row(account, place, track, near.get(id(track)), founded_ms)
    by_whose = {whose: one.approach for whose, one in figures}
    both = "ours" in by_whose and "theirs" in by_whose
    return (
        TracksRow(
            ready=True, files=files, tracks=tuple(rows.values()), problems=(*problems, *told),
            figures=tuple(_figure_row(whose, one, rows) for whose, one in figures),
            overlap=overlap(by_whose["ours"], by_whose["theirs"]) if both else None,
        ),
        tuple(figures),
    )  # fmt: skip


def _figures(accounts: tuple[Account, Account]) -> tuple[list[tuple[str, Figure]], list[FileProblemRow]]:
    """Give each side's own figure; where one has none, also that of a track of each."""
    ours, theirs = (account.tracks for account in accounts)
    found: list[tuple[str, Figure]] = []
    told = []
    for account in accounts:
        if len(account.tracks) < 2:
            continue
        try:
            found.append(("ours" if account.ours else "theirs", within(account.tracks)))
        except Refused as fault:
            told.append(FileProblemRow(ours=account.ours, file="", code=fault.code, sentence=fault.sentence))
    if len(found) < 2 and ours and theirs:
        try:
            found.append(("both", between(ours, theirs)))
        except Refused as fault:
            told.append(FileProblemRow(ours=True, file="", code=fault.code, sentence=fault.sentence))
    return found, told


def _when(at_ms: float) -> str:
    return moment_text(Moment(round(at_ms)))


def _track_row(account: Account, place: int, track: Track, near_ms: int | None, founded_ms: int | None) -> TrackRow:
    name, root = account.files[place]
    return TrackRow(
        ours=account.ours, file=name, root=root, name=track.name, kind=track.kind,
        ids=", ".join(f"{kind} {number}" for kind, number in track.ids.items()), source=track.source,
        fixes=len(track.fixes), since=_when(track.first_ms), until=_when(track.last_ms),
        position_m=track.error.position_m, clock_s=track.error.clock_s, assumed=track.assumed,
        vertical_m=track.error.vertical_m if track.fixes[0].alt_m is not None else None,
        flags=tuple(
            TrackFlagRow(code=one.code, value=_when(int(one.value)) if one.code == "before-founding" else one.value)
            for one in flags(track, founded_ms)
        ),
        drawn=_drawn(track, near_ms),
    )  # fmt: skip


def _drawn(track: Track, near_ms: int | None) -> tuple[DrawnRow, ...]:
    """Give what a chart draws: each leg's ends, fixes at an even pace, and more of them near the closest moment."""
    fixes, most = track.fixes, limits.INCIDENT_DRAWN_POINTS_MAX
    step = max(1, len(fixes) * 4 // (most * 3))
    keep = set(range(0, len(fixes), step))
    if near_ms is not None:
        middle = min(range(len(fixes)), key=lambda at: abs(fixes[at].at_ms - near_ms))
        keep |= set(range(max(0, middle - most // 8), min(len(fixes), middle + most // 8)))
    parts = []
    for first, last in list(track.legs())[: limits.INCIDENT_DRAWN_LEGS_MAX]:
        chosen = sorted({first, last, *(at for at in range(first, last + 1) if at in keep)})
        parts.append(
            DrawnRow(
                points=tuple((fixes[at].lat, fixes[at].lon) for at in chosen),
                times_ms=tuple(fixes[at].at_ms for at in chosen),
            )
        )
    return tuple(parts)


def _figure_row(whose: str, one: Figure, rows: dict[int, TrackRow]) -> FigureRow:
    found, first, second = one.approach, Moving(one.first), Moving(one.second)
    here, there = first.place_at(found.at_ms), second.place_at(found.at_ms)
    return FigureRow(
        whose=whose, first=rows[id(one.first)], second=rows[id(one.second)], at=_when(found.at_ms),
        horizontal_m=round(found.horizontal_m), distance_m=round(found.distance_m),
        vertical_m=None if found.vertical_m is None else round(found.vertical_m),
        low_m=round(found.low_m), high_m=round(found.high_m), geometry=found.geometry, notes=found.notes,
        places=((here.lat, here.lon), (there.lat, there.lon)), moments=_moments(first, second, found.at_ms),
    )  # fmt: skip


def _moments(a: Moving, b: Moving, near_ms: int) -> tuple[MomentRow, ...]:
    """Give where both were at even times around the closest moment, and at that moment."""
    span = next((span for span in shared_spans(a, b) if span[0] - 1 <= near_ms <= span[1] + 1), None)
    ensure(span, "a closest moment that no span holds")
    first, last = span or (near_ms, near_ms)
    start, end = max(first, near_ms - _AROUND_MS), min(last, near_ms + _AROUND_MS)
    times = {round(start + (end - start) * part / (_MOMENTS - 1)) for part in range(_MOMENTS)}
    found = []
    for at in sorted({*times, min(max(near_ms, first), last)}):
        here, there = a.place_at(at), b.place_at(at)
        found.append(
            MomentRow(
                at=_when(at), first=(here.lat, here.lon), second=(there.lat, there.lon),
                metres=round(distance_m(here, there)),
            )
        )  # fmt: skip
    return tuple(found)
