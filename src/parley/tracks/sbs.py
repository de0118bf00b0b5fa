"""Lines as BaseStation and dump1090 write them (SBS): what one line says of one aircraft.

Owns: the strict reading of one line. Does not own: streams (live/heard.py), files (reading.py).
Always true: a line is taken whole or raises PeerError. Its times have no zone; they are taken as UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parley.tracks.collecting import number_of
from parley.tracks.forms import FOOT_M, KNOT_MPS, fault, read_time
from parley.tracks.track import Fix, check_fix

OTHERS: Final = (b"SEL", b"ID", b"AIR", b"STA", b"CLK")
_FIELDS: Final = 22
_HEX: Final = frozenset("0123456789ABCDEF")


@dataclass(frozen=True, slots=True)
class Said:
    """One line's word; None is what it leaves out."""

    icao: str
    callsign: str
    lat: float | None
    lon: float | None
    alt_m: float | None
    course: float | None
    speed_mps: float | None
    date: str
    time: str

    def fix(self) -> Fix | None:
        """Give the fix it reports, if it reports one; raises PeerError `tracks.time`, `tracks.field`."""
        if self.lat is None or self.lon is None:
            return None
        at = read_time(f"{self.date.replace('/', '-')}T{self.time}", "SBS time", zone=False)
        return Fix(at, self.lat, self.lon, self.alt_m, self.course, self.speed_mps)


def read_sbs(line: bytes) -> Said | None:
    """Read one line; None for one that is good and reports nothing of an aircraft."""
    head = line.partition(b",")[0]
    if head in OTHERS:
        return None
    if head != b"MSG" or not line.isascii():
        raise fault("tracks.sentence", "SBS", "a line such as MSG,3,…", line)
    fields = line.decode("ascii").split(",")
    icao = fields[4].strip().upper() if len(fields) >= _FIELDS else ""
    if len(icao) != 6 or not set(icao) <= _HEX:
        raise fault("tracks.sentence", "SBS", "22 fields and an address of six hex digits", line)
    feet, knots, course, lat, lon = (number_of(fields[at], f"SBS field {at + 1}") for at in (11, 12, 13, 14, 15))
    said = Said(
        icao, "".join(letter for letter in fields[10].strip() if letter.isalnum())[:20], lat, lon,
        None if feet is None else feet * FOOT_M, None if course is None else course % 360 if course <= 360 else course,
        None if knots is None else knots * KNOT_MPS, fields[6], fields[7],
    )  # fmt: skip
    check_fix(Fix(0, lat or 0.0, lon or 0.0, said.alt_m, said.course, said.speed_mps), "SBS")
    return said
