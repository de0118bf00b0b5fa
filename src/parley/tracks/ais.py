"""AIS sentences into what they say of ships: positions by our own few lines, all else through pyais.

Owns: the frame of a sentence (IEC 61162-1), its checksum and time, joining of sentences, position reports of types
1-3, 9, 18, 19 and 27 (ITU-R M.1371-5). Does not own: names and other static data (pyais), tracks (collecting.py).
Always true: memory is bounded however long and hostile the feed; a sentence is taken whole or raises PeerError.
"""

from __future__ import annotations

import binascii
import re
from collections import OrderedDict
from typing import Final, TypeGuard

from parley import limits
from parley.tracks.forms import KNOT_MPS, fault, read_time
from parley.tracks.seen import Seen
from parley.tracks.track import Fix, check_fix

# The six-bit alphabet of AIS, made that of base64, so that bytes come out; "!" is in neither.
_SIX: Final = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw"
_64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ARMOUR: Final = bytes(ord(_64[_SIX.index(chr(at))]) if chr(at) in _SIX else ord("!") for at in range(256))
_TAG_TIME: Final = re.compile(rb"(?:^|,)c:([0-9]{9,13})(?:,|$)")
_BEHIND: Final = re.compile(rb"(?:,[A-Za-z0-9:._-]{0,20})*,([0-9]{9,13}(?:\.[0-9]{1,9})?)")
# Type: characters of 28 bytes or 16, where speed, longitude, latitude and course stand, and steps to a knot and degree.
_CLASS_A: Final = (28, 50, 61, 89, 116)
_CLASS_B: Final = (28, 46, 57, 85, 112)
_LAYOUTS: Final = {49: _CLASS_A, 50: _CLASS_A, 51: _CLASS_A, 57: _CLASS_A, 66: _CLASS_B, 67: _CLASS_B}
_LONG_RANGE: Final = ord("K")
_AIRCRAFT: Final = ord("9")
_STATIC: Final = frozenset(b"5CH")  # types 5, 19 and 24 carry the name
_FRAME_FIELDS: Final = 7


class AisDecoder:
    """Takes sentence after sentence; gives what each says."""

    def __init__(self) -> None:
        # (sequence, channel, count): the payloads so far, and the time of the first
        self._parts: OrderedDict[tuple[bytes, ...], tuple[list[bytes], int]] = OrderedDict()

    def feed(self, line: bytes, heard_ms: int | None = None) -> list[Seen]:
        """Take one line; give what was seen, often nothing.

        Args:
            heard_ms: When it was heard, for a live feed; a time in the line itself goes before it.
        Raises:
            PeerError: `tracks.sentence`, `tracks.checksum`, `tracks.time`, `tracks.field`; the decoder goes on.
        """
        line = line.strip()
        start = line.find(b"!")
        if start < 0:
            if not line or line[:1] in b"#$\\":
                return []  # a comment, another sentence of the receiver, a tag block alone
            raise fault("tracks.sentence", "AIS", "a sentence such as !AIVDM,1,1,,A,...*hh", line)
        star = line.find(b"*", start)
        fields = line[start + 1 : star].split(b",")
        if star < 0 or len(fields) != _FRAME_FIELDS or fields[0][2:] not in (b"VDM", b"VDO"):
            raise fault("tracks.sentence", "AIS", "a sentence such as !AIVDM,1,1,,A,...*hh", line[start:])
        _check(line[start + 1 : star], line[star + 1 : star + 3])
        if fields[1] == b"1":
            at = _time_of(line[:start], line[star + 3 :], heard_ms)
            return self._decode(fields[5], fields[6], at)
        return self._join(fields, _time_of(line[:start], line[star + 3 :], heard_ms, needed=fields[2] == b"1"))

    def _join(self, fields: list[bytes], at: int) -> list[Seen]:
        """Hold the parts of a message until all are there, in order; the oldest unfinished one gives way."""
        if not (fields[1].isdigit() and fields[2].isdigit() and len(fields[1]) == len(fields[2]) == 1):
            raise fault("tracks.sentence", "AIS", "part and count of one digit", b",".join(fields[1:3]))
        key, number = (fields[1], fields[3], fields[4]), int(fields[2])
        held, first_at = self._parts.pop(key, ([], at))
        if number == 1:
            held, first_at = [], at
        if number != len(held) + 1 or number > int(fields[1]):
            return []  # a part was lost on the air
        held = [*held, fields[5]]
        if number == int(fields[1]):
            return self._decode(b"".join(held), fields[6], first_at)
        self._parts[key] = (held, first_at)
        while len(self._parts) > limits.AIS_PARTS_HELD_MAX:
            self._parts.popitem(last=False)
        return []

    def _decode(self, payload: bytes, fill: bytes, at: int) -> list[Seen]:
        if not payload:
            raise fault("tracks.sentence", "AIS", "a payload", payload)
        first = payload[0]
        seen = []
        layout = _LAYOUTS.get(first)
        if layout is not None:
            seen = _position(payload, first, layout, at)
        elif first == _LONG_RANGE:
            seen = _long_range(payload, at)
        if first in _STATIC:
            seen = [*seen, *_static(payload, fill)]
        return seen


def _check(body: bytes, told: bytes) -> None:
    """Refuse a sentence whose bytes do not add up; the bytes are folded as one number, which is quick."""
    if len(body) > 256:
        raise fault("tracks.sentence", "AIS", "a sentence of at most 256 bytes", body)
    folded = int.from_bytes(body, "big")
    for shift in (1024, 512, 256, 128, 64, 32, 16, 8):
        folded = (folded >> shift) ^ (folded & ((1 << shift) - 1))
    if b"%02X" % folded != told.upper():
        raise fault("tracks.checksum", "AIS", f"checksum {folded:02X}", told)


def _time_of(before: bytes, behind: bytes, heard_ms: int | None, *, needed: bool = True) -> int:
    """Give the time a line carries: in its tag block, before the sentence, or behind it as coast guards write it."""
    if before[:1] == b"\\":
        tags, star, told = before[1:].rstrip(b"\\").rpartition(b"*")
        if star:
            _check(tags, told)
        found = _TAG_TIME.search(tags or told)
        if found:
            return read_time(found[1].decode("ascii"), "AIS tag block c:")
    elif before.strip():
        return read_time(before.strip(b" \t,;[]").decode("ascii", "backslashreplace"), "the time before the sentence")
    if behind:
        found = _BEHIND.fullmatch(behind)
        if found:
            return read_time(found[1].decode("ascii"), "the time behind the sentence")
    if heard_ms is None:
        if not needed:
            return 0
        raise fault("tracks.time", "AIS", "a time before, behind or in a tag block (c:) of the sentence", "none")
    return heard_ms


def _number(payload: bytes, size: int) -> int:
    """Give the first `size` characters of a payload as one number."""
    try:
        if len(payload) < size:
            raise fault("tracks.sentence", "AIS", f"a payload of {size} characters", payload)
        return int.from_bytes(binascii.a2b_base64(payload[:size].translate(_ARMOUR), strict_mode=True), "big")
    except binascii.Error:
        raise fault("tracks.sentence", "AIS", "characters of six bits", payload) from None


def _position(payload: bytes, first: int, layout: tuple[int, int, int, int, int], at: int) -> list[Seen]:
    size, speed_at, lon_at, lat_at, course_at = layout
    bits = _number(payload, size)
    lon = bits >> (140 - lon_at) & 0xFFFFFFF
    lat = bits >> (141 - lat_at) & 0x7FFFFFF
    lon, lat = lon - ((lon & 0x8000000) << 1), lat - ((lat & 0x4000000) << 1)
    speed, course = bits >> (158 - speed_at) & 0x3FF, bits >> (156 - course_at) & 0xFFF
    aircraft = first == _AIRCRAFT
    height = bits >> 118 & 0xFFF if aircraft else 4095
    knots = speed if aircraft else speed / 10
    return _seen(
        bits >> 130 & 0x3FFFFFFF, "aircraft" if aircraft else "surface", at, lat / 600_000, lon / 600_000,
        float(height) if height < 4094 else None, course / 10 if course < 3600 else None,
        knots * KNOT_MPS if speed < 1022 else None,
    )  # fmt: skip


def _long_range(payload: bytes, at: int) -> list[Seen]:
    bits = _number(payload, 16)
    lon, lat = bits >> 34 & 0x3FFFF, bits >> 17 & 0x1FFFF
    lon, lat = lon - ((lon & 0x20000) << 1), lat - ((lat & 0x10000) << 1)
    speed, course = bits >> 11 & 0x3F, bits >> 2 & 0x1FF
    return _seen(
        bits >> 58 & 0x3FFFFFFF, "surface", at, lat / 600, lon / 600, None,
        float(course) if course < 360 else None, speed * KNOT_MPS if speed < 63 else None,
    )  # fmt: skip


def _seen(
    mmsi: int, kind: str, at: int, lat: float, lon: float,
    height: float | None, course: float | None, speed: float | None,
) -> list[Seen]:  # fmt: skip
    if lat == 91.0 or lon == 181.0:
        return []  # "not available": the ship itself does not know
    if not _is_mmsi(mmsi):
        raise fault("tracks.field", "AIS", "an MMSI of nine digits", mmsi)
    fix = Fix(at, lat, lon, height, course, speed)
    check_fix(fix, "AIS")
    return [Seen("mmsi", f"{mmsi:09d}", kind, fix)]


def _static(payload: bytes, fill: bytes) -> list[Seen]:
    """Read a name through pyais; what has none, or cannot be read, is a fault of that sentence alone."""
    from pyais.bit_vector import bit_vector  # a large library, loaded by the first sentence that needs it
    from pyais.exceptions import AISBaseException
    from pyais.messages import MSG_CLASS

    if len(payload) > 200 or not fill.isdigit() or not 0 <= int(fill) <= 5:
        raise fault("tracks.sentence", "AIS", "a payload of at most 200 characters and 0 to 5 fill bits", payload)
    try:
        said = MSG_CLASS[payload[0] - 48].from_vector(bit_vector(payload, int(fill)))
    except (AISBaseException, ValueError, KeyError, IndexError, TypeError):
        raise fault("tracks.sentence", "AIS", "static data of types 5, 19 or 24", payload) from None
    name = getattr(said, "shipname", None) or ""
    mmsi = getattr(said, "mmsi", None)
    clean = "".join(each for each in str(name) if each.isprintable()).strip()
    return [Seen("mmsi", f"{mmsi:09d}", "surface", name=clean)] if clean and _is_mmsi(mmsi) else []


def _is_mmsi(mmsi: object) -> TypeGuard[int]:
    return isinstance(mmsi, int) and 1 <= mmsi <= 999_999_999
