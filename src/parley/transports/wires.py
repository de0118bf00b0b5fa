"""What a host knows of each connection and of each link; it holds no decisions, only what has become of them.

Owns: `Wire`, one connection, from the handshake on; `Link`, its core, its senders while it is up, its figures.
Does not own: what happens to either (host.py), whether it may (link/).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from parley.link import FrameSplitter, Lane, LinkCore, Parts, Pulse
from parley.times import Instant, Moment
from parley.transports.port import LinkState, Route
from parley.transports.sender import Outlet
from parley.transports.tls import TlsConnection


class Wire:
    """One connection and what it has become."""

    __slots__ = ("closed", "lane", "link", "name", "parts", "pulse", "splitter", "task", "tls")

    def __init__(self, tls: TlsConnection, *, frame_bytes_max: int) -> None:
        self.tls = tls
        self.splitter = FrameSplitter(bytes_max=frame_bytes_max)
        self.link: Link | None = None  # None: accepted, and has not said hello yet
        self.name = ""
        self.lane = Lane.URGENT
        self.pulse: Pulse | None = None  # set once the connection is a lane of a link that is up
        self.parts = Parts()  # of lesser frames, on a thin link
        self.closed = False
        self.task: asyncio.Task[None] | None = None  # a dial under way


class Link:
    """One link: its core, its senders while it is up, its figures."""

    def __init__(self, core: LinkCore, route: Route | None, since: Moment) -> None:
        self.core = core
        self.route = route
        self.since = since
        self.senders: dict[Lane, Outlet] = {}
        self.closing = False  # somebody above wants it closed: no frame of it goes up any more
        self.bytes_in = 0  # of connections that are gone
        self.bytes_out = 0

    def state(self, connections: Sequence[TlsConnection], now: Instant) -> LinkState:
        """Give the link's figures; `connections` are those that stand now."""
        core, pulse = self.core, self.core.pulse()
        return LinkState(
            name=core.name,
            up=pulse is not None,
            since=self.since,
            heard_age_s=None if pulse is None else max(0.0, now - pulse.heard_at),
            rtt_ms=None if pulse is None or pulse.rtt_s is None else pulse.rtt_s * 1000,
            rtt_min_ms=None if pulse is None or pulse.rtt_min_s is None else pulse.rtt_min_s * 1000,
            offset_ms=None if pulse is None else pulse.offset_ms,
            group=core.group,
            lanes=core.lanes(),
            route=f"{self.route.host}:{self.route.port}" if self.route is not None and self.route.host else "",
            dialled_by_us=core.by_us,
            bytes_in=self.bytes_in + sum(tls.bytes_in for tls in connections),
            bytes_out=self.bytes_out + sum(tls.bytes_out for tls in connections),
            bits_s=core.thin.bits_s if core.thin is not None else 0,
            last_error=core.last_error,
        )
