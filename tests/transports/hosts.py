"""Two real hosts on loopback, and a listener that keeps what it is told; for the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from parley.errors import PeerError
from parley.identity.sidekeys import spki_digest, tls_pem
from parley.link import Lane
from parley.transports import LinkHost, Route

LINE = "0123456789abcdef" * 2
WAIT_S = 20.0  # for a machine that is busy; nothing here waits that long when all is well


@dataclass(frozen=True)
class View:
    """What a host reads of a side's card."""

    side: str
    tls_spki: bytes


class Side:
    """A side with its TLS key, made afresh from one byte."""

    def __init__(self, side: str, seed: int) -> None:
        self.pem = tls_pem(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))
        self.view = View(side, spki_digest(self.pem))


NORTH, SOUTH, STRANGER = Side("north", 1), Side("south", 2), Side("south", 3)


class Ear:
    """A listener that keeps everything, and lets a test wait for what it needs."""

    def __init__(self) -> None:
        self.ups: list[str] = []
        self.downs: list[tuple[str, str]] = []
        self.frames: list[tuple[str, Lane, bytes]] = []
        self.free: list[tuple[str, Lane]] = []
        self.alarms: list[tuple[str, str]] = []
        self.refuse: PeerError | None = None
        self._changed = asyncio.Event()

    def link_up(self, link: str) -> None:
        self.ups.append(link)
        self._changed.set()

    def link_down(self, link: str, code: str, reason: str) -> None:
        self.downs.append((link, code))
        self._changed.set()

    def frame(self, link: str, lane: Lane, frame: bytes) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.frames.append((link, lane, frame))
        self._changed.set()

    def lane_free(self, link: str, lane: Lane) -> None:
        self.free.append((link, lane))
        self._changed.set()

    def alarm(self, code: str, reason: str) -> None:
        self.alarms.append((code, reason))
        self._changed.set()

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until a condition over what was told holds."""
        async with asyncio.timeout(WAIT_S):
            while not true():
                self._changed.clear()
                await self._changed.wait()


class Pair:
    """North and South, each with a host; start them in the test."""

    def __init__(self) -> None:
        self.north_ear, self.south_ear = Ear(), Ear()
        self.hosts: list[LinkHost] = []

    async def south(
        self, *, us: Side = SOUTH, theirs: Side = NORTH, routes: tuple[Route, ...] = (), former: tuple[bytes, ...] = ()
    ) -> LinkHost:
        return await self._start(us, theirs, routes, self.south_ear, former)

    async def north(self, *, us: Side = NORTH, theirs: Side = SOUTH, routes: tuple[Route, ...] = ()) -> LinkHost:
        return await self._start(us, theirs, routes, self.north_ear)

    async def joined(self) -> tuple[LinkHost, LinkHost]:
        """Give both hosts with one link, dialled by North, all three lanes there."""
        south = await self.south()
        north = await self.north(routes=(to(south),))
        for ear in (self.north_ear, self.south_ear):
            await ear.until(lambda ear=ear: len(ear.free) == 3)
        return north, south

    async def stop(self) -> None:
        for host in self.hosts:
            await host.stop()

    async def _start(
        self, us: Side, theirs: Side, routes: tuple[Route, ...], ear: Ear, former: tuple[bytes, ...] = ()
    ) -> LinkHost:
        host = LinkHost(
            line=LINE,
            ours=us.view,
            theirs=theirs.view,
            former_pins=former,
            tls_pem=us.pem,
            listen=[("127.0.0.1", 0)],
            routes=routes,
            listener=ear,
        )
        await host.start()
        self.hosts.append(host)
        return host


def to(host: LinkHost, name: str = "cable") -> Route:
    """Give a route to where that host listens."""
    address, port = host.addresses()[0]
    return Route(name=name, host=address, port=port)


def each_in_turn(count: int) -> Iterator[bytes]:
    """Give numbered frames of a kind that goes up."""
    for number in range(count):
        yield b"\x10" + number.to_bytes(4, "big")
