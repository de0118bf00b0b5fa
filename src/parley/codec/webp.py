"""WebP pictures: what is hidden in one (place, device), and the copy without it.

Owns: the chunks of the file; which of them a picture needs.
Does not own: what an EXIF block says (exif.py), decoding the picture: its bytes are kept as they are.
Always true:
  1. The copy holds only the picture's own chunks, its colour profile, and how it is turned; no frame holds another.
  2. Nothing after the end of the picture is kept. A file that cannot be followed to its end is refused.
Source: RFC 9649 section 2.
"""

from __future__ import annotations

from typing import Final

from parley.codec import exif
from parley.errors import PeerError

_FRAME: Final = frozenset((b"ALPH", b"VP8 ", b"VP8L"))
_KEPT: Final = _FRAME | frozenset((b"ICCP", b"ANIM"))
_FRAME_HEAD: Final = 16  # where a frame stands, its size, how long it is shown
_HAS_EXIF, _HAS_XMP = 0x08, 0x04  # flags of VP8X


def is_webp(head: bytes) -> bool:
    """Say whether a file begins as a WebP does."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def strip(data: bytes) -> tuple[bytes, exif.Hidden]:
    """Give the picture without hidden data, and what was hidden. Raises PeerError `codec.webp` if it is not a WebP."""
    if not is_webp(data):
        raise _fault("expected a WebP to begin with RIFF and WEBP")
    size = int.from_bytes(data[4:8], "little")
    if size % 2 or size < 4 or size + 8 > len(data):
        raise _fault(f"byte 4: expected the even size of what follows, got {size} of {len(data) - 8}")
    told: list[tuple[str, str]] = []
    kept: list[tuple[bytes, bytes]] = []
    taken, turned, removed = "", 1, len(data) - size - 8
    for kind, body in _chunks(data, 12, size + 8):
        if kind in _KEPT:
            kept.append((kind, body))
        elif kind == b"VP8X":
            if kept or len(body) != 10:
                raise _fault("expected VP8X once, of 10 bytes, as the first chunk")
            kept.append((kind, bytes((body[0] & ~(_HAS_EXIF | _HAS_XMP),)) + body[1:]))
        elif kind == b"ANMF":
            frame = [one for one in _chunks(body, _FRAME_HEAD, len(body)) if one[0] in _FRAME]
            if not frame:
                raise _fault("a frame holds no picture")
            kept.append((kind, body[:_FRAME_HEAD] + b"".join(_made(*one) for one in frame)))
            removed += len(body) - len(kept[-1][1])
        else:
            removed += 8 + len(body) + len(body) % 2
        if kind == b"EXIF":
            found = exif.read(body.removeprefix(b"Exif\0\0"))  # some programs write it as in a JPEG
            told += [one for one in found.told if one not in told]
            taken, turned = taken or found.taken, found.turned if turned == 1 else turned
    if not any(kind in (b"VP8 ", b"VP8L", b"ANMF") for kind, _ in kept):
        raise _fault("it holds no picture")
    if turned != 1 and kept[0][0] == b"VP8X":
        kept[0] = (b"VP8X", bytes((kept[0][1][0] | _HAS_EXIF,)) + kept[0][1][1:])
        kept.append((b"EXIF", exif.turned(turned)))
    chunks = b"WEBP" + b"".join(_made(*one) for one in kept)
    clean = b"RIFF" + len(chunks).to_bytes(4, "little") + chunks
    if clean != data:
        told.append(("bytes", str(removed)))
    return clean, exif.Hidden(told=tuple(told), taken=taken)


def _chunks(data: bytes, at: int, end: int) -> list[tuple[bytes, bytes]]:
    """Give the kind and the body of each chunk in a stretch, which they must fill."""
    found = []
    while at < end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        after = at + 8 + size + size % 2
        if at + 8 > end or after > end:
            raise _fault(f"byte {at}: a chunk of {size} bytes does not fit")
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at = after
    return found


def _made(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def _fault(sentence: str) -> PeerError:
    return PeerError("codec.webp", sentence)
