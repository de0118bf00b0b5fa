"""What follows for a link from its operator's word that it is thin: a ship's radio, a satellite's narrow channel.

Owns: the times and sizes of such a link, and the pace at which its one connection is written to.
Always true:
  1. What is written never runs ahead of the stated rate by more than one piece, so no queue builds up in a modem, where
     nothing of ours could overtake it.
  2. Beats and their echoes take a tenth of the rate at most.
The rate is each side's own statement and never the peer's: a peer must not be able to stretch our patience.
Read first: docs/protocol/link.md, "Thin links".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.times import Instant

# Measured: TLS 1.3 with X25519MLKEM768 and both certificates takes 1,447 + 1,764 + 444 bytes one after the other, hello
# and answer 170 each; the rest is room for longer names and the packets' own headers.
_HANDSHAKE_BYTES: Final = 4_500
# A beat and the echo of the other side's, each 17 bytes in a TLS record (22 more) and a packet (40), and the two
# packets that acknowledge them.
_BEAT_BYTES: Final = 260
_RECORD_BYTES: Final = 62  # of a TLS record and a packet's headers, around what is written at once
# An urgent frame that has begun is finished; larger pieces of it cost fewer headers. It fits one packet.
_URGENT_PIECE_BYTES: Final = 1_200


@dataclass(frozen=True, slots=True)
class Thin:
    """A stated rate and what it means."""

    bits_s: int

    @property
    def bytes_s(self) -> float:
        """Give the rate in bytes a second."""
        return self.bits_s / 8

    @property
    def dial_s(self) -> float:
        """How long a step of a dial may take: twice what its bytes do, for they go to and fro."""
        return limits.DIAL_S + 2 * _HANDSHAKE_BYTES / self.bytes_s

    @property
    def heartbeat_s(self) -> float:
        """Beats so far apart that they take a tenth of the link."""
        return max(limits.HEARTBEAT_S, 10 * _BEAT_BYTES / self.bytes_s)

    @property
    def silence_s(self) -> float:
        """Three beats missed, and a dial's worth of delay."""
        return limits.DIAL_S + 3 * self.heartbeat_s

    @property
    def part_bytes(self) -> int:
        """What of a lesser frame goes at once: half a second of the link (DESIGN 4)."""
        return min(limits.PIECE_BYTES, max(64, int(self.bytes_s / 2)))

    @property
    def urgent_piece_bytes(self) -> int:
        """What of an urgent frame goes at once."""
        return max(_URGENT_PIECE_BYTES, self.part_bytes)

    def takes_s(self, size_bytes: int) -> float:
        """Give how long so many bytes take, alone on the link."""
        return (size_bytes + _RECORD_BYTES) / self.bytes_s


class Pace:
    """When the next piece may be written; told of each one that was."""

    def __init__(self, thin: Thin) -> None:
        self._thin = thin
        self._free_at = Instant(0.0)

    def wait_s(self, now: Instant) -> float:
        """Give how long to wait; 0 if a piece may go now."""
        return max(0.0, self._free_at - now)

    def spent(self, size_bytes: int, now: Instant) -> None:
        """Note that a piece was written in one record."""
        self._free_at = Instant(max(self._free_at, now) + self._thin.takes_s(size_bytes))
