"""Tracks as CSV: what `csvfile.py` reads again, and what no spreadsheet runs.

Always true: no cell begins as a formula does. A name is anybody's text: one that would is written after a "'".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from parley.times import Moment, moment_text
from parley.tracks.track import Track

HEAD: Final = "time,id,name,kind,lat,lon,alt_m,course,speed_mps,source\n"
_RUNS: Final = "=+-@\t\r|%"


def written(tracks: Iterable[Track]) -> Iterator[bytes]:
    """Give a CSV file of tracks, a piece for each hundred rows or so."""
    yield HEAD.encode()
    for track in tracks:
        id = next((f"{kind}-{number}" for kind, number in track.ids.items()), "")
        who = ",".join((cell(id), cell(track.name), track.kind))
        source = cell(track.source)
        rows: list[str] = []
        for fix in track.fixes:
            more = ",".join("" if value is None else f"{value:.2f}" for value in (fix.alt_m, fix.course, fix.speed_mps))
            at = moment_text(Moment(fix.at_ms))
            rows.append(f"{at},{who},{fix.lat:.7f},{fix.lon:.7f},{more},{source}\n")
            if len(rows) >= 100:
                yield "".join(rows).encode()
                rows = []
        yield "".join(rows).encode()


def cell(text: str) -> str:
    """Give a text as one cell that is only ever read."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if plain[:1] in _RUNS and plain:
        plain = f"'{plain}"
    return '"' + plain.replace('"', '""') + '"' if any(mark in plain for mark in ',";') else plain
