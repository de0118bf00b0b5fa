"""A small picture, drawn here so that the demo carries none of anybody's: a buoy on the sea, as a PNG."""

from __future__ import annotations

import struct
import zlib
from typing import Final

_WIDTH: Final = 320
_HEIGHT: Final = 200


def buoy_png() -> bytes:
    """Give the picture, always the same bytes' worth of pixels. Format: PNG (ISO/IEC 15948), 8-bit RGB."""
    rows = b"".join(b"\x00" + b"".join(_pixel(x, y) for x in range(_WIDTH)) for y in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    )


def _pixel(x: int, y: int) -> bytes:
    if abs(x - 160) < 4 + (y - 60) // 5 and 60 <= y < 140:
        return b"\xd8\x3a\x2e" if (y - 60) // 20 % 2 == 0 else b"\xf4\xf4\xf0"
    if y < 110:
        return bytes((150 + y // 3, 185 + y // 4, 215))
    wave = 12 if (x + y * 3 + (y * y) // 7) % 40 < 6 else 0
    return bytes((20 + wave, 70 + (y - 110) // 3 + wave, 110 + (y - 110) // 2 + wave))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
