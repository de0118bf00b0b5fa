"""Bytes of a receiver, in pieces of any size, into reports of positions.

Owns: cutting lines out of a stream, reading AIS (NMEA 0183) and SBS (BaseStation) lines, joining names to positions.
Does not own: sockets and time (node/feeds.py), what becomes of a report (tracks.py).
Always true:
  1. No byte is believed: what is not a whole, valid line of its form is counted and forgotten.
  2. It holds at most one unfinished line of limits.FEED_LINE_BYTES_MAX and limits.FEED_PARTS_MAX unfinished messages.
Source: ITU-R M.1371-5 for AIS; SBS as dump1090 and BaseStation write it. pyais is loaded once there is an AIS feed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

from parley import limits

Form = Literal["ais", "sbs"]
_KNOT_MPS: Final = 1852 / 3600
_FOOT_M: Final = 0.3048
_SHIPS: Final = frozenset({1, 2, 3, 18, 19, 27})  # reports of a ship's position
_NAMES: Final = frozenset({5, 24})


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
    """AIVDM sentences; a message in several of them is kept until it is whole."""

    def __init__(self) -> None:
        from pyais import decode
        from pyais.exceptions import AISBaseException

        self._decode, self._wrong = decode, AISBaseException
        self._parts: dict[tuple[bytes, bytes, bytes], list[bytes]] = {}

    def read(self, line: bytes) -> Read:
        if line.startswith(b"\\"):  # a tag block before the sentence
            line = line.rpartition(b"\\")[2]
        fields = line.split(b",")
        if len(fields) != 7 or fields[0][3:] not in (b"VDM", b"VDO") or not _sum_holds(line):
            return False
        count, number = fields[1], fields[2]
        if count == b"1":
            return self._message([line])
        if count not in (b"2", b"3") or number not in (b"1", b"2", b"3"):
            return False
        key = (fields[3], fields[4], count)
        if number == b"1":
            self._parts.pop(key, None)
            if len(self._parts) >= limits.FEED_PARTS_MAX:
                self._parts.pop(next(iter(self._parts)))
            self._parts[key] = [line]
            return None
        kept = self._parts.get(key)
        if kept is None or len(kept) != int(number) - 1:
            self._parts.pop(key, None)
            return False
        kept.append(line)
        return self._message(self._parts.pop(key)) if number == count else None

    def _message(self, lines: list[bytes]) -> Read:
        try:
            said: Any = self._decode(*lines)
            if said.msg_type in _SHIPS or said.msg_type in _NAMES:
                return _ship(said)
        except (self._wrong, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError):
            return False  # pyais lets several of these through for bits that make no message
        return None


def _ship(said: Any) -> Read:
    if not 1 <= said.mmsi <= 999_999_999:
        return False
    id = f"mmsi-{said.mmsi:09d}"
    name = " ".join(str(getattr(said, "shipname", "") or "").replace("@", " ").split())[:20]
    if said.msg_type in _NAMES:
        return Report(id=id, kind="ship", name=name) if name else None
    if abs(said.lat) > 90 or abs(said.lon) > 180:
        return None  # 91 and 181: the ship does not know where it is
    return Report(
        id=id, kind="ship", lat=said.lat, lon=said.lon, name=name,
        course_deg=said.course if said.course < 360 else None,
        speed_mps=said.speed * _KNOT_MPS if said.speed < 102.25 else None,
    )  # fmt: skip


def _sum_holds(line: bytes) -> bool:
    body, star, told = line[1:].rpartition(b"*")
    if not star or line[:1] not in b"!$" or len(told) != 2:
        return False
    found = 0
    for byte in body:
        found ^= byte
    return told.upper() == b"%02X" % found


def _sbs(line: bytes) -> Read:
    try:
        fields = line.decode("ascii").split(",")
    except UnicodeDecodeError:
        return False
    if fields[0] != "MSG":
        return None if fields[0] in ("SEL", "ID", "AIR", "STA", "CLK") else False
    id = fields[4].strip().upper() if len(fields) >= 22 else ""
    if len(id) != 6 or not set(id) <= set("0123456789ABCDEF"):
        return False
    try:
        height, speed, course, lat, lon = (_number(fields[at]) for at in (11, 12, 13, 14, 15))
    except ValueError:
        return False
    named = "".join(letter for letter in fields[10].strip() if letter.isalnum())[:20]
    wrong = (lat is not None and abs(lat) > 90) or (lon is not None and abs(lon) > 180)
    if wrong or (speed or 0) < 0 or not 0 <= (course or 0) <= 360:
        return False
    return Report(
        id=f"icao-{id}", kind="aircraft", lat=lat, lon=lon, name=named,
        height_m=None if height is None else height * _FOOT_M,
        course_deg=None if course is None else course % 360,
        speed_mps=None if speed is None else speed * _KNOT_MPS,
    )  # fmt: skip


def _number(text: str) -> float | None:
    """Read a decimal; raises ValueError for what is none, or is infinite or far too large."""
    if not text.strip():
        return None
    value = float(text)
    if not math.isfinite(value) or abs(value) > 1_000_000:
        raise ValueError(text)
    return value
