"""Frames on a byte stream: four bytes of length, most significant first, then that many bytes.

Always true:
  1. A frame has at least one byte: its type. Types 0x00 to 0x0f belong to the link itself, the others go up.
  2. A length beyond the lane's bound is refused when the fourth byte of it arrives, before anything is kept for it.
  3. What is kept is at most one frame and the piece that ended it.
Read first: docs/protocol/link.md.
"""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.errors import PeerError, ensure

HEADER_BYTES: Final = 4
FIRST_UPPER_TYPE: Final = 0x10


def header(frame: bytes) -> bytes:
    """Give the four bytes that go before `frame`; the caller has kept it within its lane's bound."""
    return len(frame).to_bytes(HEADER_BYTES, "big")


class FrameSplitter:
    """Cuts the bytes of one connection into frames. After an error it takes nothing more."""

    def __init__(self, *, bytes_max: int) -> None:
        self.bytes_max = bytes_max  # may be raised once the peer has said hello
        self._held = bytearray()
        self._broken = False

    @property
    def held_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._held)

    def feed(self, piece: bytes) -> list[bytes]:
        """Give the frames that `piece` completes, in order.

        Raises:
            PeerError: link.frame-empty or link.frame-size. Frames before the fault in this piece are dropped with it.
        """
        ensure(not self._broken, "bytes were fed to a stream that had already failed")
        if not self._held:  # the usual case: whole frames in one piece, cut out with a single copy
            frames, used = self._cut(piece)
            if used < len(piece):
                self._held += memoryview(piece)[used:] if used else piece
            return frames
        self._held += piece
        if len(self._held) < self._wanted():
            return []
        frames, used = self._cut(self._held)
        del self._held[:used]  # a bytearray drops its front without moving the rest
        return frames

    def _wanted(self) -> int:
        """How many bytes the first held frame needs; checked again by `_cut`."""
        if len(self._held) < HEADER_BYTES:
            return HEADER_BYTES
        return HEADER_BYTES + self._checked(int.from_bytes(self._held[:HEADER_BYTES], "big"))

    def _cut(self, data: bytes | bytearray) -> tuple[list[bytes], int]:
        frames: list[bytes] = []
        at, end = 0, len(data)
        with memoryview(data) as view:
            while end - at >= HEADER_BYTES:
                size = self._checked(int.from_bytes(view[at : at + HEADER_BYTES], "big"))
                start = at + HEADER_BYTES
                if end - start < size:
                    break
                at = start + size
                frames.append(bytes(view[start:at]))
        return frames, at

    def _checked(self, size: int) -> int:
        if 1 <= size <= self.bytes_max:
            return size
        self._broken = True
        self._held = bytearray()
        if size == 0:
            raise PeerError("link.frame-empty", "a frame of no bytes has no type; expected at least 1")
        raise PeerError("link.frame-size", f"expected a frame of at most {self.bytes_max} bytes, got {size}")


ensure(limits.FRAME_BYTES_MAX < 2**32, "a frame's length must fit its four bytes")
