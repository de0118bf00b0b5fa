"""What an EXIF block says of a picture: where, with what and when it was taken, and how it is turned.

Owns: the TIFF directories, as far as those few fields need. A block that breaks the form is removed all the same: what
can be read of it is told, and the rest is said to be unreadable.
Always true: no count or offset of the block makes us read beyond it, or loop: each directory is read once, at most
`_FIELDS_MAX` fields of it.
Source: EXIF 2.32 (CIPA DC-008), TIFF 6.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_FIELDS_MAX: Final = 256
_TEXT_MAX: Final = 80
_MAKE, _MODEL, _TURNED, _CHANGED, _EXIF_IFD, _GPS_IFD = 0x010F, 0x0110, 0x0112, 0x0132, 0x8769, 0x8825
_TAKEN, _SERIAL, _OWNER = 0x9003, 0xA431, 0xA430
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MOMENT: Final = re.compile(r"(\d{4}):(\d{2}):(\d{2}) (\d{2}:\d{2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Found:
    """(name, value) for people; when by the camera's clock, in no known zone; the turn, 1 to 8."""

    told: tuple[tuple[str, str], ...]
    taken: str
    turned: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """What was found in a picture: (name, value) for people, and the moment of the camera's own clock ("" for none)."""

    told: tuple[tuple[str, str], ...]
    taken: str


def turned(turn: int) -> bytes:
    """Give a block that says how the picture is turned, and nothing else."""
    return b"MM\0*\0\0\0\x08" + b"\0\x01" + b"\x01\x12\0\x03\0\0\0\x01" + bytes((0, turn, 0, 0)) + b"\0\0\0\0"


def read(block: bytes) -> Found:
    """Read a block; never raises."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(block[:4])
    if order is None:
        return Found((("unreadable", ""),), "", 1)
    tiff = _Tiff(block, order == "little")
    first = tiff.directory(tiff.number(4, 4))
    inner = tiff.directory(tiff.pointer(first, _EXIF_IFD))
    place = tiff.directory(tiff.pointer(first, _GPS_IFD))
    told = []
    where = _place(tiff, place)
    if where or place:
        told.append(("place", where or "?"))
    device = " ".join(part for part in (tiff.text(first, _MAKE), tiff.text(first, _MODEL)) if part)
    owner = " ".join(part for part in (tiff.text(inner, _SERIAL), tiff.text(inner, _OWNER)) if part)
    told += [(name, value) for name, value in (("device", device), ("owner", owner)) if value]
    moment = _MOMENT.fullmatch(tiff.text(inner, _TAKEN) or tiff.text(first, _CHANGED))
    taken = f"{moment[1]}-{moment[2]}-{moment[3]} {moment[4]}" if moment else ""
    if taken:
        told.append(("taken", taken))
    turn = tiff.short(first, _TURNED)
    return Found(tuple(told), taken, turn if 1 <= turn <= 8 else 1)


_Fields = dict[int, tuple[int, int, int]]  # tag -> type, count, where its value is


class _Tiff:
    """Reads numbers within one block; what is beyond it reads as nothing."""

    def __init__(self, block: bytes, little: bool) -> None:
        self._block = block
        self._order: str = "little" if little else "big"
        self._seen: set[int] = set()

    def number(self, at: int, size: int) -> int:
        part = self._block[at : at + size] if at >= 0 else b""
        if len(part) < size:
            return 0
        return int.from_bytes(part, "little" if self._order == "little" else "big")

    def directory(self, at: int) -> _Fields:
        if at < 8 or at in self._seen or at + 2 > len(self._block):
            return {}
        self._seen.add(at)
        found: _Fields = {}
        for number in range(min(self.number(at, 2), _FIELDS_MAX)):
            entry = at + 2 + 12 * number
            if entry + 12 > len(self._block):
                break
            kind, count = self.number(entry + 2, 2), self.number(entry + 4, 4)
            size = _SIZES.get(kind, 0) * count
            where = entry + 8 if size <= 4 else self.number(entry + 8, 4)
            if size and where + size <= len(self._block):
                found.setdefault(self.number(entry, 2), (kind, count, where))
        return found

    def pointer(self, fields: _Fields, tag: int) -> int:
        kind, count, where = fields.get(tag, (0, 0, 0))
        return self.number(where, 4) if (kind, count) == (4, 1) else 0

    def short(self, fields: _Fields, tag: int) -> int:
        kind, count, where = fields.get(tag, (0, 0, 0))
        return self.number(where, 2) if (kind, count) == (3, 1) else 0

    def text(self, fields: _Fields, tag: int) -> str:
        kind, count, where = fields.get(tag, (0, 0, 0))
        if kind != 2:
            return ""
        raw = self._block[where : where + min(count, _TEXT_MAX)].split(b"\0")[0]
        return "".join(char for char in raw.decode("latin-1") if char.isprintable()).strip()

    def angle(self, fields: _Fields, tag: int) -> float | None:
        kind, count, where = fields.get(tag, (0, 0, 0))
        if (kind, count) != (5, 3):
            return None
        parts = [(self.number(where + 8 * n, 4), self.number(where + 8 * n + 4, 4)) for n in range(3)]
        if any(below == 0 for _, below in parts):
            return None
        degrees, minutes, seconds = (above / below for above, below in parts)
        return degrees + minutes / 60 + seconds / 3600


def _place(tiff: _Tiff, fields: _Fields) -> str:
    found = []
    for name, angle, most in ((1, 2, 90.0), (3, 4, 180.0)):
        half, value = tiff.text(fields, name), tiff.angle(fields, angle)
        if value is None or value > most or half not in ("N", "S", "E", "W"):
            return ""
        found.append(f"{-value if half in 'SW' else value:.5f}")
    return ", ".join(found)
