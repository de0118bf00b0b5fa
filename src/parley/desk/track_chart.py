"""The tracks of an incident as its chart shows them: each side's, and where they came closest."""

from __future__ import annotations

from parley.actions.track_rows import FigureRow, TrackRow, TracksRow
from parley.desk import charting
from parley.desk.charting import Feature


def features(tracks: TracksRow) -> tuple[Feature, ...]:
    """Give a line for each part of a track that is joined, and one between both at each closest approach."""
    drawn = [one for track in tracks.tracks for one in _track(track)]
    return (*drawn, *(_closest(one) for one in tracks.figures))


def _track(track: TrackRow) -> list[Feature]:
    return [
        charting.track(
            part.points, part.times_ms, label=track.name[:60] if number == 0 else "",
            side="ours" if track.ours else "theirs", error_m=track.position_m,
        )
        for number, part in enumerate(track.drawn)
    ]  # fmt: skip


def _closest(figure: FigureRow) -> Feature:
    side = {"ours": "ours", "theirs": "theirs"}.get(figure.whose, "")
    return Feature(
        kind="closest", points=figure.places, shape="line", label=f"{figure.distance_m} m",
        side=side, since="", until="",  # type: ignore[arg-type]
    )  # fmt: skip
