"""PNG pictures: what is hidden in one (place, device, words), and the copy without it.

Owns: the chunks of the file; which of them a picture needs.
Does not own: what an EXIF block says (exif.py), decoding the picture: its bytes are kept as they are.
Always true:
  1. The copy holds only chunks that a decoder needs, those of its colours and size, and how the picture is turned.
  2. Nothing after the end of the picture is kept. A file that cannot be followed to its end is refused.
Source: W3C PNG, third edition, sections 5 and 11.
"""

from __future__ import annotations

import re
from typing import Final
from zlib import crc32

from parley.codec import exif
from parley.errors import PeerError

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHUNK_BYTES_MAX: Final = 2**31 - 1  # section 5.3
_WORDS_MAX: Final = 60
_TYPE: Final = re.compile(rb"[A-Za-z]{4}")
_PICTURE: Final = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND"))
# Transparency, colours, sizes, and the frames of a picture that moves: how to show it, and nothing of who made it.
_PLAIN: Final = frozenset(
    (b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT")
)
_WORDS: Final = frozenset((b"tEXt", b"zTXt", b"iTXt"))


def strip(data: bytes) -> tuple[bytes, exif.Hidden]:
    """Give the picture without hidden data, and what was hidden. Raises PeerError `codec.png` if it is not a PNG."""
    if data[:8] != SIGNATURE:
        raise _fault("expected a PNG to begin with its signature")
    kept, told, taken, turned, removed = [SIGNATURE], [], "", 1, 0
    at, seen, kind = 8, set[bytes](), b""
    while kind != b"IEND":
        start, (kind, body, at) = at, _chunk(data, at)
        if (kind == b"IHDR") != (start == 8):
            raise _fault(f"byte {start}: expected IHDR once, as the first chunk")
        seen.add(kind)
        if kind in _PICTURE or kind in _PLAIN:
            kept.append(data[start:at])
            continue
        if kind[0] < 0x61:  # a capital: a decoder that does not know the chunk must not show the picture
            raise _fault(f"byte {start}: a critical chunk {kind.decode()} that is not known")
        removed += at - start
        if kind in _WORDS:
            told.append(("words", _words(kind, body)))
        elif kind == b"eXIf":
            found = exif.read(body)
            told += [one for one in found.told if one not in told]
            taken, turned = taken or found.taken, found.turned if turned == 1 else turned
    if b"IDAT" not in seen:
        raise _fault("it holds no picture")
    removed += len(data) - at
    if turned != 1:
        kept.insert(2, _made(b"eXIf", exif.turned(turned)))
    clean = b"".join(kept)
    if clean != data:
        told.append(("bytes", str(removed)))
    return clean, exif.Hidden(told=tuple(told), taken=taken)


def _chunk(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    """Give the kind and the body of the chunk at a place, and where the next one begins."""
    size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
    end = at + 12 + size
    if len(data) < at + 12 or size > _CHUNK_BYTES_MAX or end > len(data):
        raise _fault(f"byte {at}: it ends before the end of the picture")
    if not _TYPE.fullmatch(kind):
        raise _fault(f"byte {at + 4}: expected the four letters of a chunk")
    if crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
        raise _fault(f"byte {at}: the checksum of chunk {kind.decode()} does not match")
    return kind, data[at + 8 : end - 4], end


def _words(kind: bytes, body: bytes) -> str:
    """Give a text's keyword and, where it is not packed, its beginning; a bomb in the packed ones is not our matter."""
    keyword, _, text = body[: 80 + _WORDS_MAX].partition(b"\0")
    said = keyword.decode("latin-1") + (": " + text.decode("latin-1") if kind == b"tEXt" else "")
    return "".join(char for char in said if char.isprintable()).strip()[:_WORDS_MAX]


def _made(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + crc32(kind + body).to_bytes(4, "big")


def _fault(sentence: str) -> PeerError:
    return PeerError("codec.png", sentence)
