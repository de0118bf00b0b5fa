"""What a transport of links needs, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from parley.link import Lane, Thin
from parley.times import Moment


class SideView(Protocol):
    """What a transport reads of a side's card (identity.cards.Party has it)."""

    @property
    def side(self) -> str:
        """The side's id."""

    @property
    def tls_spki(self) -> bytes:
        """SHA-256 over the public key of its node's TLS certificate."""


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach the other node; both sides give the same name to the same path."""

    name: str
    host: str  # empty if only they dial
    port: int
    thin: Thin | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkState:
    """One link, as people are shown it."""

    name: str
    up: bool
    since: Moment  # of being up, or down
    heard_age_s: float | None  # since the last byte; None while down
    rtt_ms: float | None  # the newest round trip
    rtt_min_ms: float | None  # the shortest lately: the path without queues
    offset_ms: int | None  # their calendar clock minus ours
    group: str  # key exchange; empty while down
    lanes: tuple[Lane, ...]  # joined connections
    route: str  # "host:port" that we dial; empty if only they dial
    dialled_by_us: bool
    bytes_in: int  # ciphertext, since start
    bytes_out: int
    bits_s: int  # as its operator stated it for a thin link; 0 for any other
    last_error: str  # in words; stays after recovery, so that a short cut can be explained


class LinkListener(Protocol):
    """Who is told. Calls come from the loop's thread, never from inside `send` or `close_link`."""

    def link_up(self, link: str) -> None:
        """The link may be used: all three lanes take frames, even while the second and third still connect."""

    def link_down(self, link: str, code: str, reason: str) -> None:
        """The link is gone with everything that was queued for it."""

    def frame(self, link: str, lane: Lane, frame: bytes) -> None:
        """A frame from the peer; a PeerError raised here closes the link with its code and an alarm."""

    def lane_free(self, link: str, lane: Lane) -> None:
        """Little waits where much did, and again when nothing does; also when the lane's connection joins."""

    def alarm(self, code: str, reason: str) -> None:
        """Somebody broke the rules; repeats are held back and counted in the reason."""
