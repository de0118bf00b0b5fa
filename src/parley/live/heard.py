"""Bytes of a receiver, in pieces of any size, into reports of positions.

Owns: cutting lines out of a stream, what one line reports.
Does not own: AIS and SBS (tracks/, where files are read), sockets and time (node/feeds.py), what becomes of a report.
Always true:
  1. No byte is believed: what is not a whole, valid line of its form is counted and forgotten.
  2. It holds at most one unfinished line of limits.FEED_LINE_BYTES_MAX and limits.AIS_PARTS_HELD_MAX messages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from parley import limits
from parley.errors import PeerError
from parley.tracks.ais import AisDecoder
from parley.tracks.sbs import read_sbs

Form = Literal["ais", "sbs"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One position, as it was heard; or, without one, the name of something heard before."""

    id: str  # mmsi-244660000, icao-4CA2BF
    kind: str  # ship or aircraft
    lat: float | None = None
    lon: float | None = None
    course_deg: float | None = None
    speed_mps: float | None = None
    height_m: float | None = None
    name: str = ""


class Ears:
    """Listen to one feed."""

    def __init__(self, form: Form) -> None:
        self._read = _Ais().read if form == "ais" else _sbs
        self._rest = b""
        self._skipping = False  # within a line that is too long
        self.lines = 0
        self.wrong = 0

    def hear(self, data: bytes) -> list[Report]:
        """Take the next bytes; give what they report."""
        *lines, rest = (self._rest + data).split(b"\n")
        if self._skipping and lines:
            self._skipping = False
            lines = lines[1:]
        if len(rest) > limits.FEED_LINE_BYTES_MAX:
            if not self._skipping:
                self.wrong += 1
            self._skipping = True
        self._rest = b"" if self._skipping else rest
        reports = (self._line(line) for line in lines)
        return [report for report in reports if report is not None]

    def hear_packet(self, data: bytes) -> list[Report]:
        """Take a datagram: whole lines alone, nothing is carried over to the next."""
        self._rest, self._skipping = b"", False
        return self.hear(data.rstrip(b"\r\n") + b"\n")

    def _line(self, line: bytes) -> Report | None:
        line = line.strip()
        if not line:
            return None
        self.lines += 1
        found = self._read(line) if len(line) <= limits.FEED_LINE_BYTES_MAX else False
        if found is False:
            self.wrong += 1
        return found or None


# What a reader gives: a report, None for a good line that reports nothing we show, False for a line that is wrong.
Read = Report | None | Literal[False]


class _Ais:
    """AIS sentences, by the decoder that reads files; a message in several of them is kept until it is whole."""

    def __init__(self) -> None:
        self._decoder = AisDecoder()

    def read(self, line: bytes) -> Read:
        try:
            seen = self._decoder.feed(line, heard_ms=0)
        except PeerError:
            return False
        found: Report | None = None
        for each in seen:  # a position and a name of one sentence are one report
            kind, fix = "ship" if each.kind == "surface" else each.kind, each.fix
            name = " ".join(each.name.split())[:20] or (found.name if found else "")
            if fix is None:
                found = replace(found, name=name) if found else Report(id=f"mmsi-{each.id}", kind=kind, name=name)
                continue
            found = Report(
                id=f"mmsi-{each.id}", kind=kind, lat=fix.lat, lon=fix.lon, course_deg=fix.course,
                speed_mps=fix.speed_mps, height_m=fix.alt_m, name=name,
            )  # fmt: skip
        return found


def _sbs(line: bytes) -> Read:
    try:
        said = read_sbs(line)
    except PeerError:
        return False
    if said is None:
        return None
    return Report(
        id=f"icao-{said.icao}", kind="aircraft", lat=said.lat, lon=said.lon, name=said.callsign,
        height_m=said.alt_m, course_deg=said.course, speed_mps=said.speed_mps,
    )  # fmt: skip
