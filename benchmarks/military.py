"""Figures of the military channel. What is not built yet has its row all the same, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks import military_live, military_page, military_tracks, military_year
from benchmarks.rows import Row

# Row, limit, unit, why it is not measured.
_MISSING: Final = (("first report over 2,400 bit/s", 15.0, "s", "thin links are not built"),)


def rows(only: list[str]) -> Iterator[Row]:
    """Give every row of the group."""
    if not only or "live" in only:
        yield from military_live.rows(only)
    yield from military_tracks.rows(only)
    yield from military_page.rows(only)
    yield from military_year.rows(only)
    for name, limit, unit, why in _MISSING:
        if not only or any(word in name for word in only):
            yield Row(row=name, measured=None, floor=None, limit=limit, unit=unit, ok=None, why=why)
