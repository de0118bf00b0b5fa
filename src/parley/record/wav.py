"""The head of a WAV file as a recording has it, for a voice whose browser had no encoder (RIFF, WAVE format 1)."""

from __future__ import annotations

import struct
from typing import Final

PCM_BYTES: Final = 640  # 20 ms at 16 kHz, 16 bits
HEAD_BYTES: Final = 44
_SIZES: Final = (slice(4, 8), slice(40, 44))  # of all that follows, and of the sound


def wav_head(count: int) -> bytes:
    """Give the head of a mono file of so many frames at 16 kHz, 16 bits."""
    size = count * PCM_BYTES
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16, b"data", size
    )


def head_frames(head: bytes) -> int | None:
    """Give how many frames a head of ours tells a player to play; None for any other head."""
    count = int.from_bytes(head[_SIZES[1]], "little") // PCM_BYTES
    return count if 36 + count * PCM_BYTES < 1 << 32 and wav_head(count) == head else None
