"""Frames of the lesser lanes on a thin link: in parts on its one connection, so that an urgent one goes in between.

    0x06 | lane (1 or 2), with 0x80 added on the last part | bytes

Always true: any bytes give a part taken or PeerError; at most one frame a lane is kept, within that lane's bound.
Read first: docs/protocol/link.md, "Thin links".
"""

from __future__ import annotations

from typing import Final

from parley.errors import PeerError
from parley.link.frames import FIRST_UPPER_TYPE
from parley.link.lanes import Lane

PART: Final = 0x06
PART_HEADER_BYTES: Final = 2
_LAST: Final = 0x80


def write_part(lane: Lane, piece: bytes | memoryview, *, last: bool) -> bytes:
    """Give the frame that carries a piece of a longer one."""
    return bytes((PART, lane | _LAST if last else lane)) + piece


class Parts:
    """Puts the parts of one connection together again, each lane by itself."""

    def __init__(self) -> None:
        self._held = {Lane.ORDINARY: bytearray(), Lane.BULK: bytearray()}

    def take(self, frame: bytes) -> tuple[Lane, bytes] | None:
        """Give a lane and the frame that this part completes, or None. Raises PeerError `link.part`."""
        number = frame[1] & ~_LAST if len(frame) > PART_HEADER_BYTES else Lane.URGENT
        if number not in (Lane.ORDINARY, Lane.BULK):
            raise PeerError("link.part", "expected a lane that is sent in parts, and at least one byte of a frame")
        lane = Lane(number)
        held = self._held[lane]
        if len(held) + len(frame) - PART_HEADER_BYTES > lane.frame_bytes_max:
            raise PeerError("link.part", f"the parts of one {lane.word} frame exceed {lane.frame_bytes_max} bytes")
        held += memoryview(frame)[PART_HEADER_BYTES:]
        if held[0] < FIRST_UPPER_TYPE:
            raise PeerError("link.part", "a frame of the link's own types is never sent in parts")
        if not frame[1] & _LAST:
            return None
        self._held[lane] = bytearray()
        return lane, bytes(held)
