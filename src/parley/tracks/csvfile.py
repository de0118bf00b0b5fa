"""Tracks as CSV: a head that names columns, one fix a line, strictly read.

Owns: the columns we know, under the names that trackers, receivers and coast guards give them; `# key: value` lines
above the head, which state source and errors. Does not own: writing (writing.py).
Always true: one line is one row; a wrong row refuses the file with its number.
Read first: docs/protocol/tracks.md, "CSV".
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from parley import limits
from parley.errors import PeerError
from parley.tracks.collecting import ERRORS, Collector, number_of, state_error
from parley.tracks.forms import FOOT_M, KNOT_MPS, fault, read_time
from parley.tracks.seen import Seen
from parley.tracks.track import ID_KINDS, KINDS, Fix

# What a column is called (lower case) → what it is.
_NAMES: Final[Mapping[str, str]] = {
    "time": "time", "timestamp": "time", "basedatetime": "time-utc", "lat": "lat", "latitude": "lat", "lon": "lon",
    "lng": "lon", "long": "lon", "longitude": "lon", "alt_m": "alt_m", "ele": "alt_m", "alt_ft": "alt_ft",
    "course": "course", "cog": "course", "speed_mps": "speed_mps", "speed_kn": "speed_kn", "sog": "speed_kn",
    "id": "id", "name": "name", "vesselname": "name", "source": "source", "kind": "kind",
    **{kind: kind for kind in ID_KINDS},
}  # fmt: skip
_NEEDED: Final = ("lat", "lon")
_SEPARATORS: Final = (",", ";", "\t")


class CsvReader:
    """Reads line after line into a collector."""

    def __init__(self, into: Collector, name: str) -> None:
        self._into, self._file = into, name
        self._columns: dict[str, int] = {}
        self._width, self._separator, self._utc = 0, ",", False

    def line(self, number: int, line: bytes | None) -> None:
        """Take one line; raises PeerError with its number."""
        if line is None:
            most = limits.TRACK_LINE_BYTES_MAX
            raise PeerError("tracks.csv", f"line {number}: expected at most {most} bytes, got more", line=number)
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise fault("tracks.csv", f"line {number}", "UTF-8", line) from None
        if not text.strip():
            return
        if not self._columns and text.startswith("#"):
            self._state(number, text[1:])
        elif not self._columns:
            self._head(number, text)
        else:
            self._row(number, self._cells(number, text))

    def _state(self, number: int, text: str) -> None:
        name, _, value = (part.strip() for part in text.partition(":"))
        if name == "source":
            self._into.source = value[: limits.TRACK_NAME_CHARS_MAX]
        elif name in ERRORS:
            state_error(self._into.errors, name, value, f"line {number}")

    def _head(self, number: int, text: str) -> None:
        self._separator = max(_SEPARATORS, key=text.count)
        cells = [cell.strip() for cell in self._cells(number, text)]
        unread = []
        for at, cell in enumerate(cells):
            what = _NAMES.get(cell.lower())
            if what is None:
                unread.append(cell[:40])
                continue
            if what == "time-utc":
                what, self._utc = "time", True
            if what in self._columns:
                raise fault("tracks.csv", f"line {number}", f"one column of {what}", cell)
            self._columns[what] = at
        missing = [name for name in ("time", *_NEEDED) if name not in self._columns]
        if missing:
            raise fault("tracks.csv", f"line {number}", f"a head with {', '.join(missing)}", text)
        self._width, self._into.unread = len(cells), tuple(unread[:20])

    def _cells(self, number: int, text: str) -> list[str]:
        if '"' not in text:
            return text.split(self._separator)
        try:
            [cells] = csv.reader([text], delimiter=self._separator, strict=True)
        except (csv.Error, ValueError):
            raise fault("tracks.csv", f"line {number}", "cells quoted to their end, on one line", text) from None
        return cells

    def _row(self, number: int, cells: list[str]) -> None:
        where = f"line {number}"
        if len(cells) != self._width:
            raise fault("tracks.csv", where, f"{self._width} cells", len(cells))

        def got(name: str) -> str:
            at = self._columns.get(name)
            return "" if at is None else cells[at].strip()

        def number_in(name: str) -> float | None:
            text = got(name)
            return number_of(text, f"{where}, {name}") if text else None

        lat, lon, alt, speed = (number_in(name) for name in ("lat", "lon", "alt_m", "speed_mps"))
        if lat is None or lon is None:
            raise fault("tracks.csv", where, "a latitude and a longitude", "")
        feet, knots = number_in("alt_ft"), number_in("speed_kn")
        at = read_time(got("time"), where, zone=not self._utc)
        fix = Fix(
            at, lat, lon, alt if feet is None else feet * FOOT_M, number_in("course"),
            speed if knots is None else knots * KNOT_MPS,
        )  # fmt: skip
        id_kind, id = self._who(got)
        kind = got("kind") or ("aircraft" if id_kind == "icao" else "surface")
        if kind not in KINDS:
            raise fault("tracks.kind", where, f"one of {', '.join(KINDS)}", kind)
        self._into.take(Seen(id_kind, id, kind, fix, _plain(got("name")), got("source")), where)

    def _who(self, got: Callable[[str], str]) -> tuple[str, str]:
        """Give the number a row goes by, its name if it has none, or the file's."""
        for kind in ID_KINDS:
            if id := got(kind):
                return kind, id[: limits.TRACK_NAME_CHARS_MAX]
        id = got("id")
        kind, _, rest = id.partition("-")
        if kind in ID_KINDS and rest:
            return kind, rest[: limits.TRACK_NAME_CHARS_MAX]
        return "name", (id or _plain(got("name")) or self._file)[: limits.TRACK_NAME_CHARS_MAX]


def _plain(name: str) -> str:
    """Take off the mark that writing.py puts before a cell that a spreadsheet would run."""
    return name[1:] if name[:1] == "'" else name


def read_csv(numbered: Iterable[tuple[int, bytes | None]], into: Collector, name: str) -> None:
    """Read all lines of a file."""
    reader = CsvReader(into, name)
    for number, line in numbered:
        reader.line(number, line)
