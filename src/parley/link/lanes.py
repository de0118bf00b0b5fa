"""The three lanes of a link, and what each may hold.

A lane is one connection. Urgent traffic has its own, so that no queue of ours, of the kernel or of the network path
that bulk can fill ever stands before it.
"""

from __future__ import annotations

import enum
from typing import Final

from parley import limits
from parley.errors import PeerError


class Lane(enum.IntEnum):
    """Which of a link's connections a frame goes by; IntEnum because a plain Enum is slow as a dictionary key."""

    URGENT = 0  # heartbeat, FLASH, IMMEDIATE, receipts, signals, voice
    ORDINARY = 1  # the rest of the record
    BULK = 2  # chunks of attachments, picture

    @property
    def word(self) -> str:
        """The lane's name on the wire."""
        return _WORDS[self]

    @property
    def frame_bytes_max(self) -> int:
        """The longest frame, either way."""
        return _FRAME_BYTES_MAX[self]

    @property
    def queue_bytes_max(self) -> int:
        """The most that may wait unsent before the link counts as stuck."""
        return limits.QUEUE_URGENT_BYTES_MAX if self is Lane.URGENT else limits.QUEUE_BYTES_MAX

    @property
    def low_water_bytes(self) -> int:
        """When less than this waits, the lane asks for more."""
        return _LOW_WATER_BYTES[self]


_WORDS: Final = ("urgent", "ordinary", "bulk")
_FRAME_BYTES_MAX: Final = (limits.URGENT_FRAME_BYTES_MAX, limits.FRAME_BYTES_MAX, limits.FRAME_BYTES_MAX)
# Enough to keep the line busy for one turn of the loop; little enough that what is chosen late is still chosen fresh.
_LOW_WATER_BYTES: Final = (16_384, 262_144, 262_144)


def read_lane(word: str) -> Lane:
    """Give the lane of that name; raises PeerError `link.lane`."""
    if word not in _WORDS:
        raise PeerError("link.lane", "hello names a lane that does not exist")
    return Lane(_WORDS.index(word))
