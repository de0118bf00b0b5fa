"""A thin link's sender, and two hosts over a path that carries little."""

from __future__ import annotations

import asyncio
from typing import cast

from tests.transports.hosts import Pair, to
from tests.transports.test_host import play

from parley import limits
from parley.link import PART, FrameSplitter, Lane, Parts, Thin
from parley.transports import CutProxy, Route
from parley.transports.thin import ThinSender
from parley.transports.tls import TlsConnection

# Ten times a ship's radio, so that nobody waits for the test; what it shows does not depend on the rate.
FAST = Thin(24_000)


class Clockwork:
    """Stands where the loop would: its time moves only when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, object]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, wait_s: float, call: object) -> object:
        self.timers.append((self.now + wait_s, call))
        return call

    def call_soon(self, call: object, *args: object) -> None:
        call(*args)  # type: ignore[operator]

    def run(self, until: float) -> None:
        while self.timers and min(self.timers)[0] <= until:
            self.timers.sort(key=lambda each: each[0])
            self.now, call = self.timers.pop(0)
            call()  # type: ignore[operator]
        self.now = until


class Wire:
    """Stands where the TLS connection would, and keeps when each byte was written."""

    def __init__(self, loop: Clockwork) -> None:
        self.loop, self.blocked = loop, False
        self.written: list[tuple[float, bytes]] = []

    def write(self, data: bytes) -> None:
        self.written.append((self.loop.now, data))

    def limit_unsent(self, size_bytes: int) -> None:
        pass

    def unsent_bytes(self) -> int:
        return 0


def made(thin: Thin) -> tuple[ThinSender, Wire, Clockwork, list[Lane]]:
    loop, free = Clockwork(), []
    sender = ThinSender(thin, loop=cast(asyncio.AbstractEventLoop, loop), on_free=free.append)
    wire = Wire(loop)
    sender.attach(cast(TlsConnection, wire))
    return sender, wire, loop, free


def arrived(wire: Wire) -> list[tuple[float, Lane, bytes]]:
    """Give (when its last byte was written, lane, frame) of all that went, in order."""
    splitter, parts, found = FrameSplitter(bytes_max=limits.URGENT_FRAME_BYTES_MAX), Parts(), []
    for now, data in wire.written:
        for frame in splitter.feed(data):
            whole = parts.take(frame) if frame[0] == PART else (Lane.URGENT, frame)
            if whole is not None:
                found.append((now, *whole))
    return found


def test_an_urgent_frame_overtakes_a_long_one_within_half_a_second() -> None:
    """A FLASH on a ship's radio behind an hour of routine catch-up: what DESIGN 4 promises it."""
    sender, wire, loop, _ = made(Thin(2_400))
    sender.send(Lane.ORDINARY, b"\x11" + bytes(20_000))
    loop.run(until=10.0)

    sender.send(Lane.URGENT, b"\x11 FLASH")
    loop.run(until=200.0)

    flash = next(now for now, lane, _ in arrived(wire) if lane is Lane.URGENT)
    assert flash - 10.0 <= 0.5 + 62 / 300  # one part, with what lies around it
    assert [frame for _, lane, frame in arrived(wire) if lane is Lane.ORDINARY] == [b"\x11" + bytes(20_000)]


def test_bytes_leave_at_the_stated_rate() -> None:
    """Faster, and they would queue where nothing of ours can overtake them."""
    sender, wire, loop, _ = made(Thin(2_400))
    for _ in range(40):
        sender.send(Lane.URGENT, b"\x11" + bytes(1_000))
        sender.send(Lane.ORDINARY, b"\x11" + bytes(1_000))
    loop.run(until=100.0)

    sent = sum(len(data) + 62 for _, data in wire.written)
    assert 0.95 * 30_000 <= sent <= 30_000 + 1_300


def test_a_beat_goes_first_but_never_inside_an_urgent_frame() -> None:
    """The splitter at the other end would take its bytes for the frame's."""
    sender, wire, loop, _ = made(Thin(2_400))
    sender.send(Lane.URGENT, b"\x11" + bytes(3_000))
    sender.send(Lane.URGENT, b"\x12 cosigned")
    loop.run(until=1.0)

    sender.send_first(b"\x03 a beat")
    loop.run(until=100.0)

    assert [frame[:1] for _, _, frame in arrived(wire)] == [b"\x11", b"\x03", b"\x12"]


def test_each_lane_is_told_when_nothing_of_it_waits() -> None:
    """Who feeds a lane goes on when it hears so, and would else stop for ever."""
    sender, _, loop, free = made(Thin(2_400))
    free.clear()
    for lane in (Lane.ORDINARY, Lane.BULK):
        sender.send(lane, b"\x19" + bytes(600))
    loop.run(until=20.0)

    assert free == [Lane.ORDINARY, Lane.BULK]
    assert sender.backlog(Lane.ORDINARY) == sender.backlog(Lane.BULK) == 0


def test_frames_of_every_lane_arrive_over_one_narrow_connection() -> None:
    """The whole of it on real sockets: handshake, hello, parts, beats, and nobody calls the link silent."""

    async def story(pair: Pair) -> None:
        south = await pair.south(routes=(Route("radio", "", 0, FAST),))
        proxy = CutProxy(south.addresses()[0])
        await proxy.start()
        proxy.rate_bytes_s = FAST.bytes_s
        try:
            north = await pair.north(routes=(Route("radio", "127.0.0.1", proxy.port, FAST),))
            await pair.north_ear.until(lambda: pair.north_ear.ups)
            sent = {lane: [b"\x11" + bytes([lane]) * 900, b"\x12" + bytes([lane]) * 700] for lane in Lane}
            for lane in (Lane.BULK, Lane.ORDINARY, Lane.URGENT):
                for frame in sent[lane]:
                    assert north.send("radio", lane, frame)
            await pair.south_ear.until(lambda: len(pair.south_ear.frames) == 6)
        finally:
            await proxy.stop()

        for lane in Lane:
            assert [frame for _, by, frame in pair.south_ear.frames if by is lane] == sent[lane]
        assert pair.south_ear.frames[-1][1] is Lane.BULK  # it was given first
        (state,) = north.links()
        assert (state.bits_s, state.lanes, state.group) == (24_000, (Lane.URGENT,), "X25519MLKEM768")

    play(story)


def test_a_link_that_only_one_side_calls_thin_says_so() -> None:
    """The operators must read what to change, and not wonder why it flaps."""

    async def story(pair: Pair) -> None:
        south = await pair.south(routes=(Route("cable", "", 0, FAST),))
        await pair.north(routes=(to(south),))
        await pair.south_ear.until(lambda: pair.south_ear.ups)
        south.send("cable", Lane.ORDINARY, b"\x11 a frame")
        await pair.north_ear.until(lambda: pair.north_ear.alarms)
        code, words = pair.north_ear.alarms[0]
        assert code == "link.thin" and "bits_per_second" in words

    play(story)
