"""All links of a line over TCP and TLS: carries out what the link cores decide, and hands frames up and down.

Owns: listening sockets, dials, the connections, one timer.
Does not own: decisions (link/), what is known of each connection and link (wires.py), the queues (outlets.py,
    sender.py), what frames mean (line/).
Always true:
  1. `link_up` comes before any frame of that link, `link_down` after the last, in turn, for each link.
  2. Nothing calls the listener from inside `send` or `close_link`.
  3. A stranger reaches the handshake at most, never the listener's `frame`.
Read first: docs/protocol/link.md.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import time
from collections.abc import Callable, Sequence
from typing import Final

from parley import limits
from parley.errors import OurMistake, PeerError, Unavailable
from parley.link import (
    FIRST_UPPER_TYPE,
    PART,
    Alarm,
    AlarmBell,
    Attach,
    Dial,
    Door,
    Effect,
    Fall,
    Hang,
    Lane,
    LinkCore,
    Rise,
    Thin,
    Write,
    check_hello,
    header,
    read_hello,
    write_bye,
)
from parley.times import Instant, Moment
from parley.transports.outlets import Outlets
from parley.transports.port import LinkListener, LinkState, Route, SideView
from parley.transports.tls import TlsConnection, TlsIdentity
from parley.transports.wires import Link, Wire

_LOG: Final = logging.getLogger("parley.link")


class LinkHost:
    """Every link to the one peer. All calls on the loop's thread."""

    def __init__(
        self,
        *,
        line: str,
        ours: SideView,
        theirs: SideView,
        former_pins: Sequence[bytes] = (),
        tls_pem: bytes,
        listen: Sequence[tuple[str, int]],
        routes: Sequence[Route],
        listener: LinkListener,
        entropy: Callable[[int], bytes] = os.urandom,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.strangers = 0  # connections whose key was not the peer's, or that spoke no TLS
        self._line, self._ours, self._theirs = line, ours.side, theirs.side
        self._identity = TlsIdentity(pem=tls_pem, pins=(theirs.tls_spki, *former_pins))
        self._listen = list(listen)
        self._routes = list(routes)
        self._listener = listener
        self._entropy, self._wall_clock = entropy, wall_clock
        self._number = itertools.count(1).__next__
        patience_s = 2 * max([limits.DIAL_S, *(route.thin.dial_s for route in routes if route.thin is not None)])
        self._door = Door({route.host for route in routes if route.host}, patience_s=patience_s)
        self._bell = AlarmBell()
        self._links: dict[str, Link] = {}
        self._wires: dict[int, Wire] = {}
        self._servers: list[asyncio.Server] = []
        self._timer: asyncio.TimerHandle | None = None
        self._running = False

    # -- for the node --------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen and dial. Raises Unavailable `link.listen` if an address cannot be had; then nothing runs."""
        self._loop = asyncio.get_running_loop()
        self._outlets = Outlets(self._loop, free=self._free, busy=self._arm)
        self._running = True
        try:
            for host, port in self._listen:
                self._servers.append(await self._loop.create_server(self._accept, host, port, backlog=64))
        except OSError as error:
            await self.stop()
            words = f"cannot listen on {host} port {port}: {error.strerror or error}"
            raise Unavailable("link.listen", words, port=port) from None
        for route in self._routes:
            self._make_link(route.name, route)
        self._tick()

    async def stop(self) -> None:
        """Say goodbye on every link, close everything, and wait for it."""
        if not self._running:
            return
        for link in list(self._links.values()):
            self._perform(link, link.core.stop(self._now()))
        self._running = False
        if self._timer is not None:
            self._timer.cancel()
        dials = [wire.task for wire in self._wires.values() if wire.task is not None]
        for wire in list(self._wires.values()):
            self._close_wire(wire)
        for server in self._servers:
            server.close()
        for task in dials:
            task.cancel()
        await asyncio.gather(*dials, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    def addresses(self) -> list[tuple[str, int]]:
        """Give where we listen, with the ports the system chose for 0."""
        names = [sock.getsockname() for server in self._servers for sock in server.sockets]
        return [(str(name[0]), int(name[1])) for name in names]

    def send(self, link: str, lane: Lane, frame: bytes) -> bool:
        """Send a frame, or queue it; False if the link is not up (its `link_down` is on the way or was told).

        A queue that is full means that the peer has stopped reading, so the link is closed with `link.full`: a frame
        is never dropped from a link that stays up.
        Raises:
            OurMistake: link.frame: empty, too long for the lane, or of a type that belongs to the link itself.
        """
        if not 1 <= len(frame) <= lane.frame_bytes_max or frame[0] < FIRST_UPPER_TYPE:
            raise OurMistake("link.frame", f"a frame of {len(frame)} bytes cannot go by the {lane.word} lane")
        found = self._links.get(link)
        if found is None or found.closing or not found.senders:
            return False
        if not found.senders[lane].send(frame):
            self.close_link(link, "link.full", f"the {lane.word} lane's queue is full: the other side reads too slowly")
            return False
        return True

    def backlog(self, link: str, lane: Lane) -> int:
        """Give the bytes of this lane that have not left this machine: ours, and the kernel's unsent ones."""
        found = self._links.get(link)
        return found.senders[lane].backlog() if found is not None and found.senders else 0

    def thin(self, link: str) -> Thin | None:
        """Give what its operator stated of a thin link; None for any other."""
        found = self._links.get(link)
        return found.core.thin if found is not None else None

    def close_link(self, link: str, code: str, reason: str) -> None:
        """Close a link with a code the other side is told; `link_down` follows, and then a fresh dial."""
        found = self._links.get(link)
        if found is not None and found.senders and not found.closing:
            found.closing = True
            self._loop.call_soon(self._close_now, found, code, reason)

    def links(self) -> list[LinkState]:
        """Give the state of every link, by name."""
        now = self._now()
        return [
            link.state([wire.tls for wire in self._wires.values() if wire.link is link], now)
            for _, link in sorted(self._links.items())
        ]

    # -- from connections (TlsOwner) -----------------------------------------------------------------------------

    def arrived(self, tls: TlsConnection, address: str) -> bool:
        """A connection was accepted: let it try, or not."""
        if not self._running or not self._door.admit(tls.number, address, self._now()):
            return False
        self._wires[tls.number] = Wire(tls, frame_bytes_max=limits.HELLO_BYTES_MAX)
        self._arm()
        return True

    def secured(self, tls: TlsConnection) -> None:
        """Key and group are right: say hello if we dialled; else wait for theirs."""
        if tls.peer_pin == self._identity.pins[0]:
            self._end_former_pins()
        wire = self._wires.get(tls.number)
        if wire is not None and wire.link is not None:
            self._perform(wire.link, wire.link.core.connected(tls.number, tls.group, self._now()))

    def _end_former_pins(self) -> None:
        """Their new key is in use: from now on a former one opens nothing, and what it opened is closed."""
        if len(self._identity.pins) == 1:
            return
        self._identity.pins = self._identity.pins[:1]
        for name, link in self._links.items():
            if any(wire.link is link and wire.tls.peer_pin not in (b"", *self._identity.pins)
                   for wire in self._wires.values()):  # fmt: skip
                self.close_link(name, "link.rekeyed", "the other side's TLS key was replaced")

    def plain(self, tls: TlsConnection, data: bytes) -> None:
        """Cut into frames; the upper ones go up at once."""
        wire = self._wires.get(tls.number)
        if wire is None or wire.closed:
            return
        now = self._now()
        try:
            frames = wire.splitter.feed(data)
        except PeerError as fault:
            self._fault(wire, fault)
            return
        if wire.pulse is not None:
            wire.pulse.alive(now)
        for frame in frames:
            if wire.closed:
                return
            if wire.pulse is not None and frame[0] >= FIRST_UPPER_TYPE:
                self._up(wire, wire.lane, frame)
            elif wire.pulse is not None and frame[0] == PART:
                self._part(wire, frame)
            elif wire.link is None:
                self._greet(wire, frame, now)
            else:
                self._perform(wire.link, wire.link.core.heard(tls.number, frame, now, self._clock()))

    def drained(self, tls: TlsConnection) -> None:
        """The kernel takes bytes again."""
        wire = self._wires.get(tls.number)
        if wire is not None and wire.link is not None and wire.pulse is not None and wire.link.senders:
            wire.link.senders[wire.lane].flush()

    def ended(self, tls: TlsConnection, code: str, words: str) -> None:
        """A connection is over, whoever ended it."""
        wire = self._wires.pop(tls.number, None)
        stranger = self._door.waits(tls.number)
        self._door.left(tls.number)
        if wire is None:
            return
        wire.closed = True
        if wire.link is not None:
            wire.link.bytes_in += tls.bytes_in
            wire.link.bytes_out += tls.bytes_out
            self._perform(wire.link, wire.link.core.lost(tls.number, code, words, self._now()))
        elif stranger and code == "link.group":  # the pinned key, but a weaker key exchange than it can do
            self._alarm(code, words)
        elif stranger and code in ("link.pin", "link.tls"):
            self.strangers += 1
            self._alarm("link.stranger", f"somebody knocked who is not {self._theirs}: {words}")

    # -- inside --------------------------------------------------------------------------------------------------

    def _now(self) -> Instant:
        return Instant(self._loop.time())

    def _clock(self) -> Moment:
        return Moment(int(self._wall_clock() * 1000))

    def _make_link(self, name: str, route: Route | None) -> Link:
        core = LinkCore(
            name=name,
            line=self._line,
            ours=self._ours,
            theirs=self._theirs,
            dials=route is not None and bool(route.host),
            number=self._number,
            entropy=self._entropy,
            thin=route.thin if route is not None else None,
        )
        link = self._links[name] = Link(core, route, self._clock())
        return link

    def _accept(self) -> TlsConnection:
        return TlsConnection(self._identity, self, number=self._number(), accepted=True)

    def _greet(self, wire: Wire, frame: bytes, now: Instant) -> None:
        """The first frame on an accepted connection: it says which link and lane this is."""
        try:
            hello = read_hello(frame)
            check_hello(hello, line=self._line, ours=self._ours, theirs=self._theirs)
            link = self._links.get(hello.link)
            if link is None:
                if len(self._links) >= limits.LINKS_MAX:
                    raise PeerError("link.too-many", f"expected at most {limits.LINKS_MAX} links")
                link = self._make_link(hello.link, None)
        except PeerError as fault:
            self._fault(wire, fault)
            return
        self._door.known(wire.tls.number, now)
        wire.link, wire.name, wire.lane = link, hello.link, hello.lane
        self._perform(link, link.core.offered(wire.tls.number, hello, wire.tls.group, now))

    def _part(self, wire: Wire, frame: bytes) -> None:
        """Take a part of a lesser frame, as they come on a thin link."""
        try:
            if wire.link is None or wire.link.core.thin is None:
                words = "they treat this link as thin: give its route bits_per_second here as well, or take theirs out"
                raise PeerError("link.thin", words)
            whole = wire.parts.take(frame)
        except PeerError as fault:
            self._fault(wire, fault)
            return
        if whole is not None:
            self._up(wire, *whole)

    def _up(self, wire: Wire, lane: Lane, frame: bytes) -> None:
        link = wire.link
        if link is None or link.closing:
            return
        try:
            self._listener.frame(wire.name, lane, frame)
        except PeerError as fault:
            self._fault(wire, fault)
        except Exception:  # a fault of ours above must end this link, not the process or the other links
            _LOG.exception("link %s: taking in a frame failed", wire.name)
            self.close_link(wire.name, "link.our-mistake", "this node failed to take in a frame")

    def _fault(self, wire: Wire, fault: PeerError) -> None:
        if wire.link is not None:
            self._perform(wire.link, wire.link.core.fault(wire.tls.number, fault.code, fault.sentence, self._now()))
            return
        self._alarm(fault.code, fault.sentence)
        self._hang(Hang(connection=wire.tls.number, code=fault.code, say=True))

    def _perform(self, link: Link, effects: Sequence[Effect]) -> None:
        for effect in effects:
            self._do(link, effect)
        self._arm()

    def _do(self, link: Link, effect: Effect) -> None:
        name = link.core.name
        match effect:
            case Write():
                self._write_own(link, effect)
            case Hang():
                self._hang(effect)
            case Dial():
                self._dial(link, effect)
            case Attach():
                self._attach(link, effect)
            case Rise():
                link.since = self._clock()
                self._tell(self._listener.link_up, name)
            case Fall():
                link.since = self._clock()
                link.senders, link.closing = {}, False
                self._tell(self._listener.link_down, name, effect.code, effect.words)
            case Alarm():
                self._alarm(effect.code, effect.words)

    def _attach(self, link: Link, effect: Attach) -> None:
        wire = self._wires[effect.connection]
        wire.lane = effect.lane
        wire.pulse = link.core.pulse(effect.lane)
        wire.splitter.bytes_max = effect.lane.frame_bytes_max
        if effect.lane is Lane.URGENT:
            link.senders = self._outlets.make(link)
        link.senders[effect.lane].attach(wire.tls)

    def _write_own(self, link: Link, effect: Write) -> None:
        wire = self._wires.get(effect.connection)
        if wire is None or wire.closed:
            return
        if wire.pulse is not None and link.senders:
            link.senders[wire.lane].send_first(effect.frame)
        else:
            wire.tls.write(header(effect.frame) + effect.frame)

    def _hang(self, effect: Hang) -> None:
        wire = self._wires.get(effect.connection)
        if wire is None or wire.closed:
            return
        if effect.say and not wire.tls.blocked:  # a bye inside a half-sent frame would only be noise
            bye = write_bye(effect.code)
            wire.tls.write(header(bye) + bye)
        self._close_wire(wire)

    def _close_wire(self, wire: Wire) -> None:
        wire.closed = True
        if wire.task is not None:
            wire.task.cancel()
        wire.tls.close()

    def _dial(self, link: Link, effect: Dial) -> None:
        route = link.route
        if route is None:
            raise OurMistake("link.route", "a link without a route cannot dial")
        tls = TlsConnection(self._identity, self, number=effect.connection, accepted=False)
        wire = self._wires[effect.connection] = Wire(tls, frame_bytes_max=effect.lane.frame_bytes_max)
        wire.link, wire.name, wire.lane = link, link.core.name, effect.lane
        wire.task = self._loop.create_task(self._connect(wire, route))

    async def _connect(self, wire: Wire, route: Route) -> None:
        try:
            await self._loop.create_connection(lambda: wire.tls, route.host, route.port)
        except (OSError, UnicodeError) as error:  # the second from a host name that cannot be one
            words = f"{route.host} port {route.port}: {getattr(error, 'strerror', None) or error}"
            self.ended(wire.tls, "link.unreachable", words)
        finally:
            wire.task = None

    def _close_now(self, link: Link, code: str, reason: str) -> None:
        self._perform(link, link.core.close(code, reason, self._now()))

    def _tell(self, call: Callable[..., None], *args: object) -> None:
        try:
            call(*args)
        except Exception:  # the links go on; what failed above is for whoever reads the log
            _LOG.exception("a listener failed")

    def _free(self, name: str, lane: Lane) -> None:
        self._tell(self._listener.lane_free, name, lane)

    def _alarm(self, code: str, words: str) -> None:
        shown = self._bell.ring(code, words, self._now())
        if shown is not None:
            self._tell(self._listener.alarm, code, shown)

    def _tick(self) -> None:
        self._timer = None
        now, clock = self._now(), self._clock()
        for link in list(self._links.values()):
            self._perform(link, link.core.tick(now, clock))
        for number in self._door.late(now):
            self._hang(Hang(connection=number, code="link.late", say=False))
        self._arm()

    def _arm(self) -> None:
        if not self._running:
            return
        wake_at = min((link.core.wake_at() for link in self._links.values()), default=Instant(float("inf")))
        wake_at = min(wake_at, self._door.wake_at())
        if self._timer is not None:
            if self._timer.when() <= wake_at:
                return  # it fires in time, finds little to do, and is set anew
            self._timer.cancel()
            self._timer = None
        if wake_at != float("inf"):
            self._timer = self._loop.call_at(wake_at, self._tick)
