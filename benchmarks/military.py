"""Figures of the military channel."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import military_live, military_page, military_thin, military_tracks, military_year
from benchmarks.rows import Row


def rows(only: list[str]) -> Iterator[Row]:
    """Give every row of the group."""
    if not only or "live" in only:
        yield from military_live.rows(only)
    yield from military_tracks.rows(only)
    yield from military_page.rows(only)
    yield from military_year.rows(only)
    yield from military_thin.rows(only)
