"""A simulated link: it delays, stalls, is cut, and loses what was on its way.

Owns: when a frame arrives, when each end learns that the link is up or down, what a cut loses.
Does not own: what a frame means (line/), when trouble comes (trouble.py).
Always true:
  1. Within one lane of one direction frames arrive in order, each at most once, and only while both ends still
     believe in the same coming-up of the link: what TLS over TCP gives.
  2. A cut loses what is on its way, but an end that has not yet noticed still takes what had passed the break:
     so the sender can never know which of its last frames arrived, and must send again by another link.
  3. The two ends learn of a cut at different times, up to the stale limit of real links (3 s; more on a thin one).
The lanes of a thin link have its rate each here: how they share one connection is decided in link/ and transports/.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from parley.link import Lane, Thin
from parley.sim.dice import Dice
from parley.sim.schedule import Schedule

# DESIGN 4: any byte counts as life; three seconds of silence and the link is stale.
STALE_S = 3.0


@dataclass(kw_only=True)
class LinkEnd:
    """One side's end: what its node believes, and where it delivers."""

    came_up: Callable[[str], None]
    went_down: Callable[[str], None]
    frame: Callable[[str, Lane, bytes], None]
    alive: bool = False  # the node's program is running
    up: bool = False  # the node believes that the link is up


@dataclass(kw_only=True)
class LinkNature:
    """How good the route is. The defaults are a leased line across a continent."""

    delay_s: float = 0.02
    jitter_s: float = 0.005
    bytes_per_s: float = 4_000_000.0
    thin: Thin | None = (
        None  # as both nodes state it: its handshake, its silence and its rate are those of link/thin.py
    )

    @property
    def stale_s(self) -> float:
        """After how much silence an end gives the link up."""
        return STALE_S if self.thin is None else self.thin.silence_s

    @property
    def rises_s(self) -> tuple[float, float]:
        """How long a dial takes, between these."""
        return (0.02, 0.4) if self.thin is None else (self.thin.dial_s / 3, self.thin.dial_s / 2)


@dataclass(kw_only=True)
class LinkCounts:
    """What happened to frames; for the report."""

    sent: int = 0
    arrived: int = 0
    lost: int = 0


@dataclass
class SimLink:
    """One route between the two nodes."""

    name: str
    schedule: Schedule
    dice: Dice
    nature: LinkNature
    ends: dict[str, LinkEnd]
    counts: LinkCounts = field(default_factory=LinkCounts)
    broken: bool = True  # the route itself: nothing passes
    coming: int = 0  # which coming-up of the link this is
    stalled_until: float = 0.0
    _lane_free: dict[tuple[str, Lane], float] = field(default_factory=dict)

    def other(self, side: str) -> str:
        """The side at the far end."""
        return next(name for name in self.ends if name != side)

    @property
    def up(self) -> bool:
        """True if both ends believe in it and the route passes bytes."""
        return not self.broken and all(end.up for end in self.ends.values())

    def send(self, side: str, lane: Lane, frame: bytes) -> None:
        """Take one frame from a side; it arrives later, or never."""
        if not self.ends[side].up:
            return  # the node has not been told yet in the same breath: lost, as on a socket
        self.counts.sent += 1
        if self.broken:
            self.counts.lost += 1
            return
        now = self.schedule.now
        free = max(self._lane_free.get((side, lane), 0.0), now, self.stalled_until)
        leaves = free + (len(frame) + 60) / self.nature.bytes_per_s
        arrives = leaves + self.nature.delay_s + self.dice.random() * self.nature.jitter_s
        # Order is kept: a later frame never overtakes, however the jitter falls.
        arrives = max(arrives, self._lane_free.get((self.other(side) + "<", lane), 0.0))
        self._lane_free[(side, lane)] = leaves
        self._lane_free[(self.other(side) + "<", lane)] = arrives
        coming = self.coming
        self.schedule.at(arrives, lambda: self._arrive(self.other(side), lane, frame, coming))

    def _arrive(self, side: str, lane: Lane, frame: bytes, coming: int) -> None:
        end = self.ends[side]
        if coming != self.coming or not end.up or not end.alive:
            self.counts.lost += 1
            return
        if self.broken and self.dice.chance(0.5):
            self.counts.lost += 1
            # What comes after a lost byte cannot be delivered by TCP either: the end hears nothing more.
            self._fall(side)
            return
        if self.schedule.now < self.stalled_until:
            self.schedule.at(self.stalled_until, lambda: self._arrive(side, lane, frame, coming))
            return
        self.counts.arrived += 1
        end.frame(self.name, lane, frame)

    def stall(self, duration_s: float) -> None:
        """Hold everything on its way for a while; nothing is lost if that is shorter than the stale limit."""
        self.stalled_until = max(self.stalled_until, self.schedule.now + duration_s)

    def cut(self, *, refused: bool) -> None:
        """Break the route: refused is noticed at once, vanished packets only after the stale limit."""
        if self.broken:
            return
        self.broken = True
        for side in self.ends:
            notice = self.dice.spread(0.001, 0.05) if refused else self.dice.uniform(0.5, self.nature.stale_s)
            coming = self.coming
            self.schedule.after(notice, lambda side=side, coming=coming: self._notice(side, coming))  # type: ignore[misc]

    def _notice(self, side: str, coming: int) -> None:
        if coming == self.coming:
            self._fall(side)

    def mend(self) -> None:
        """Let the route pass bytes again; the ends come up once both have let go of the old connection."""
        if not self.broken:
            return
        self.broken = False
        self._rejoin()

    def _rejoin(self) -> None:
        for side in self.ends:
            self._fall(side)
        self.coming += 1
        self._lane_free.clear()
        coming = self.coming
        self.schedule.after(self.dice.uniform(*self.nature.rises_s), lambda: self._come_up(coming))

    def _come_up(self, coming: int) -> None:
        if coming != self.coming or self.broken:
            return
        if not all(end.alive for end in self.ends.values()):
            return  # the node that starts dials anew
        first, second = sorted(self.ends, key=lambda _: self.dice.random())
        self._rise(first)
        self.schedule.after(self.nature.delay_s * self.dice.random(), lambda: self._rise_if(second, coming))

    def _rise_if(self, side: str, coming: int) -> None:
        if coming == self.coming and not self.broken and self.ends[side].alive:
            self._rise(side)

    def _rise(self, side: str) -> None:
        end = self.ends[side]
        if not end.up:
            end.up = True
            end.came_up(self.name)

    def _fall(self, side: str) -> None:
        end = self.ends[side]
        if end.up:
            end.up = False
            if end.alive:
                end.went_down(self.name)

    def closed_by(self, side: str) -> None:
        """A node closes the link with a reason; both ends fall and the link is dialled again after a pause."""
        if not self.ends[side].up:
            return
        self.ends[side].up = False
        other = self.other(side)
        coming = self.coming
        self.schedule.after(self.nature.delay_s, lambda: self._closed(other, coming))

    def _closed(self, other: str, coming: int) -> None:
        if coming != self.coming:
            return
        self._fall(other)
        if not self.broken:
            # DESIGN 4: the pause never exceeds one second; there is just one peer.
            self.coming += 1
            again = self.coming
            self._lane_free.clear()
            pause_s = (0.3, 1.0) if self.nature.thin is None else self.nature.rises_s
            self.schedule.after(self.dice.uniform(*pause_s), lambda: self._come_up(again))

    def node_stopped(self, side: str) -> None:
        """A node's program has gone: the other end learns it as a reset, or only by silence."""
        end = self.ends[side]
        end.alive = False
        end.up = False
        coming = self.coming
        notice = self.dice.uniform(0.5, self.nature.stale_s) if self.dice.chance(0.3) else self.dice.spread(0.001, 0.05)
        self.schedule.after(notice, lambda: self._notice(self.other(side), coming))

    def node_started(self, side: str) -> None:
        """A node's program runs: it dials."""
        self.ends[side].alive = True
        if not self.broken:
            self._rejoin()
