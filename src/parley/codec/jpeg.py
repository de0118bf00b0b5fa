"""JPEG pictures: what is hidden in one (place, device, time), and the copy without it.

Owns: the segments before, between and after the picture's own data; which of them a picture needs.
Does not own: what an EXIF block says (exif.py), decoding the picture: its bytes are kept as they are.
Always true:
  1. The copy holds only segments that a decoder needs, the colour profile, and how the picture is turned.
  2. Nothing after the end of the picture is kept. A file that cannot be followed to its end is refused.
Source: ITU-T T.81 annex B; EXIF 2.32 for APP1.
"""

from __future__ import annotations

from typing import Final

from parley.codec import exif
from parley.errors import PeerError

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_ALONE: Final = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length: TEM, RST0 to RST7
# Frames (SOF0 to SOF15 with DHT, DAC), tables, restart interval, DNL, hierarchical: what a decoder needs.
_NEEDED: Final = frozenset((*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xDA))
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_ICC: Final = b"ICC_PROFILE\0"
_EXIF: Final = b"Exif\0\0"


def strip(data: bytes) -> tuple[bytes, exif.Hidden]:
    """Give the picture without hidden data, and what was hidden. Raises PeerError `codec.jpeg` if it is not a JPEG."""
    if data[:2] != b"\xff\xd8":
        raise _fault("expected a JPEG to begin with FF D8")
    kept, told, taken, turned, removed = [data[:2]], [], "", 1, 0
    at, ended = 2, False
    while not ended:
        marker, start, end = _segment(data, at)
        at = end
        if marker == _EOI:
            kept.append(b"\xff\xd9")
            ended = True
        elif marker in _NEEDED or marker in _ALONE or _is_plain(marker, data, start, end):
            kept.append(data[start:end])
            if marker == _SOS:
                at = _entropy_end(data, end)
                kept.append(data[end:at])
        else:
            removed += end - start
            if marker == _APP1 and data[start + 4 : start + 10] == _EXIF:
                found = exif.read(data[start + 10 : end])
                told += [one for one in found.told if one not in told]
                taken, turned = taken or found.taken, found.turned if turned == 1 else turned
    removed += len(data) - at
    if turned != 1:
        kept.insert(1, _turned(turned))
    if removed:
        told.append(("bytes", str(removed)))
    return b"".join(kept), exif.Hidden(told=tuple(told), taken=taken)


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Give marker, start and end of the segment at a place; fill bytes before it are left out."""
    if at >= len(data) or data[at] != 0xFF:
        raise _fault(f"byte {at}: expected a marker")
    while at + 1 < len(data) and data[at + 1] == 0xFF:
        at += 1
    if at + 1 >= len(data):
        raise _fault("it ends before the end of the picture")
    marker = data[at + 1]
    if marker == _EOI or marker in _ALONE:
        return marker, at, at + 2
    if marker in (0x00, _SOI):
        raise _fault(f"byte {at}: expected another marker than {marker:02X}")
    size = int.from_bytes(data[at + 2 : at + 4], "big")
    if size < 2 or at + 2 + size > len(data):
        raise _fault(f"byte {at}: a segment of {size} bytes does not fit")
    return marker, at, at + 2 + size


def _entropy_end(data: bytes, at: int) -> int:
    """Give where the coded data of a scan ends: at the next marker that is neither stuffing nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise _fault("it ends before the end of the picture")
        if data[at + 1] != 0x00 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _is_plain(marker: int, data: bytes, start: int, end: int) -> bool:
    """Say whether an application segment carries nothing but how to show the picture."""
    body = data[start + 4 : end]
    if marker == _APP0:  # JFIF with a thumbnail would be a second picture, uncut
        return body[:5] == b"JFIF\0" and len(body) == 14
    if marker == _APP2:
        return body.startswith(_ICC)
    return marker == _APP14 and body[:5] == b"Adobe" and len(body) == 12


def _turned(turned: int) -> bytes:
    """Give a segment that says how the picture is turned, and nothing else."""
    body = _EXIF + exif.turned(turned)
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _fault(sentence: str) -> PeerError:
    return PeerError("codec.jpeg", sentence)
