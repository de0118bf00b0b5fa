"""Ogg pages with Opus in them: written as frames come, and read back strictly.

Owns: the bytes of a page, the two header packets, cutting a stream into pages and packets. No file, no codec.
Source: RFC 3533 (Ogg), RFC 7845 (Opus in Ogg), RFC 6716 section 3.1 (the first byte of an Opus packet).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from parley.errors import PeerError, ensure

FRAME_SAMPLES: Final = 960  # 20 ms at 48 kHz, the clock of Opus in Ogg whatever the band
# One packet of silence (SILK, wide band, 20 ms, mono): what stands where nobody spoke.
SILENCE: Final = bytes.fromhex("480be4c136ecc580")
_FIRST, _LAST = 2, 4
_HEADER: Final = struct.Struct("<4sBBqIIIB")
_REVERSED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_PRE_SKIP: Final = 312  # samples an encoder is behind at its start
_VENDOR: Final = b"Parley"
HEADS: Final = (
    b"OpusHead" + struct.pack("<BBHIhB", 1, 1, _PRE_SKIP, 48_000, 0, 0),
    b"OpusTags" + struct.pack("<I", len(_VENDOR)) + _VENDOR + struct.pack("<I", 0),
)


def _sum(data: bytes) -> int:
    """Give Ogg's checksum: zlib's polynomial, the bits of every byte the other way round, and no inversion."""
    found = ~zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) & 0xFFFFFFFF
    return int(f"{found:032b}"[::-1], 2)


def page(serial: int, sequence: int, granule: int, packets: Sequence[bytes], *, flags: int = 0) -> bytes:
    """Give one page that holds these packets whole."""
    laces = b"".join(b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets)
    ensure(len(laces) <= 255, "a page was given more packets than it can hold")
    head = _HEADER.pack(b"OggS", 0, flags, granule, serial, sequence, 0, len(laces))
    whole = bytearray(head + laces + b"".join(packets))
    whole[22:26] = struct.pack("<I", _sum(bytes(whole)))
    return bytes(whole)


def head_pages(serial: int) -> bytes:
    """Give the two pages a stream of mono Opus begins with."""
    return page(serial, 0, 0, [HEADS[0]], flags=_FIRST) + page(serial, 1, 0, [HEADS[1]])


def frame_page(serial: int, sequence: int, count: int, packets: Sequence[bytes], *, last: bool = False) -> bytes:
    """Give a page of frames; `count` are the frames of the stream so far, these among them."""
    return page(serial, sequence, count * FRAME_SAMPLES, packets, flags=_LAST if last else 0)


class Page(NamedTuple):
    """One page as it was read."""

    sequence: int
    granule: int  # how far a player plays by its end
    packets: tuple[bytes, ...]
    end: int  # where in the stream the next one begins


def read_pages(read: Callable[[int], bytes], serial: int) -> Iterator[Page]:
    """Give the pages of a stream of ours, header pages too; ends at the end.

    Args:
        read: Gives the next bytes, as many as asked for except at the end.
    Raises: PeerError `recording.ogg` at the first byte that no page of ours can have; what came before stands.
    """
    at = sequence = 0
    while head := read(_HEADER.size):
        if len(head) < _HEADER.size:
            raise PeerError("recording.ogg", "the last page is cut short")
        magic, version, _, granule, named, number, told, count = _HEADER.unpack(head)
        laces = read(count)
        size = sum(laces)
        body = read(size)
        if len(laces) + len(body) < count + size:
            raise PeerError("recording.ogg", "the last page is cut short")
        if magic != b"OggS" or version or named != serial or number != sequence:
            raise PeerError("recording.ogg", f"page {sequence} is not the next page of this stream")
        if _sum(head[:22] + b"\0\0\0\0" + head[26:] + laces + body) != told:
            raise PeerError("recording.ogg", f"page {sequence} is damaged")
        at += _HEADER.size + count + size
        yield Page(sequence, granule, _packets(laces, body, sequence), at)
        sequence += 1


def _packets(laces: bytes, body: bytes, sequence: int) -> tuple[bytes, ...]:
    found, start, size = [], 0, 0
    for lace in laces:
        size += lace
        if lace < 255:
            found.append(body[start : start + size])
            start, size = start + size, 0
    if size:
        raise PeerError("recording.ogg", f"page {sequence} ends within a packet")
    return tuple(found)
