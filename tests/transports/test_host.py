"""Two real hosts over loopback: what a good peer gets, and what the others get."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import tempfile
from collections.abc import Awaitable, Callable

import pytest
from tests.transports.hosts import LINE, NORTH, SOUTH, STRANGER, WAIT_S, Pair, Side, each_in_turn, to

from parley import limits
from parley.errors import OurMistake, PeerError, Unavailable
from parley.link import Hello, Lane, header, write_hello
from parley.transports import CutProxy, LinkHost, Route
from parley.transports.tls import TlsConnection, TlsIdentity


def play(story: Callable[[Pair], Awaitable[None]]) -> None:
    """Run a story with two hosts, and stop them whatever happens."""

    async def whole() -> None:
        pair = Pair()
        try:
            async with asyncio.timeout(3 * WAIT_S):
                await story(pair)
        finally:
            await pair.stop()

    asyncio.run(whole())


def test_frames_arrive_whole_in_order_on_every_lane() -> None:
    """Promise 3 begins here: a lane neither loses, doubles nor reorders."""

    async def story(pair: Pair) -> None:
        north, south = await pair.joined()
        sent = {lane: list(each_in_turn(200)) for lane in Lane}
        for lane, frames in sent.items():
            for frame in frames:
                assert north.send("cable", lane, frame)
                assert south.send("cable", lane, frame)
        for ear in (pair.north_ear, pair.south_ear):
            await ear.until(lambda ear=ear: len(ear.frames) == 600)
            for lane in Lane:
                assert [frame for _, by, frame in ear.frames if by is lane] == sent[lane]

    play(story)


def test_the_longest_frame_of_each_lane_passes_and_one_byte_more_is_our_mistake() -> None:
    """What we may not send must fail here, at its author, not as a fault the peer sees."""

    async def story(pair: Pair) -> None:
        north, _ = await pair.joined()
        for lane in Lane:
            longest = b"\x10" + bytes(lane.frame_bytes_max - 1)
            assert north.send("cable", lane, longest)
            with pytest.raises(OurMistake):
                north.send("cable", lane, longest + b"\0")
        await pair.south_ear.until(lambda: len(pair.south_ear.frames) == 3)

    play(story)


@pytest.mark.parametrize("frame", [b"", b"\x03", b"\x0f bye"])
def test_a_frame_of_the_links_own_types_cannot_be_sent_from_above(frame: bytes) -> None:
    """Or the rooms above could fake a heartbeat."""

    async def story(pair: Pair) -> None:
        north, _ = await pair.joined()
        with pytest.raises(OurMistake):
            north.send("cable", Lane.URGENT, frame)

    play(story)


def test_the_state_shows_group_round_trip_and_lanes() -> None:
    """What people are shown of a link is measured, not assumed."""

    async def story(pair: Pair) -> None:
        north, south = await pair.joined()
        async with asyncio.timeout(WAIT_S):
            while north.links()[0].rtt_ms is None or south.links()[0].rtt_ms is None:
                await asyncio.sleep(0.01)
        ours, theirs = north.links()[0], south.links()[0]
        assert ours.up
        assert ours.group == theirs.group == "X25519MLKEM768"
        assert ours.lanes == tuple(Lane)
        assert (ours.dialled_by_us, theirs.dialled_by_us) == (True, False)
        assert ours.offset_ms is not None
        assert abs(ours.offset_ms) < 1_000  # one clock
        assert ours.bytes_out > 0
        assert theirs.heard_age_s is not None

    play(story)


def test_a_key_that_is_not_the_pinned_one_never_comes_up_on_either_side() -> None:
    """No certificate authority, no trust on first use: a stranger with the right name is a stranger."""

    async def story(pair: Pair) -> None:
        south = await pair.south(us=STRANGER)  # says it is South, with another key
        north = await pair.north(routes=(to(south),))
        await pair.north_ear.until(lambda: pair.north_ear.alarms)
        assert pair.north_ear.alarms[0][0] == "link.pin"
        assert "link.pin" in north.links()[0].last_error
        assert pair.north_ear.ups == pair.south_ear.ups == []

    play(story)


def test_a_stranger_who_knocks_is_counted_and_told_nothing() -> None:
    """Strangers are not the peer's fault: they ring under their own name, and never reach the record."""

    async def story(pair: Pair) -> None:
        south = await pair.south()
        stranger = await pair.north(us=Side("north", 9), routes=(to(south),))
        await pair.south_ear.until(lambda: pair.south_ear.alarms)
        assert pair.south_ear.alarms[0][0] == "link.stranger"
        assert south.strangers >= 1
        assert south.links() == []
        async with asyncio.timeout(WAIT_S):
            while "link.refused" not in stranger.links()[0].last_error:
                await asyncio.sleep(0.01)
        assert pair.north_ear.ups == []

    play(story)


def test_without_the_post_quantum_group_there_is_no_link() -> None:
    """Python's own ssl offers X25519 alone; with the pinned key that is a downgrade, and an alarm."""

    async def story(pair: Pair) -> None:
        south = await pair.south()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with tempfile.NamedTemporaryFile() as file:  # this library takes keys by path only
            file.write(NORTH.pem)
            file.flush()
            context.load_cert_chain(file.name)
        host, port = south.addresses()[0]
        _, writer = await asyncio.open_connection(host, port, ssl=context)
        await pair.south_ear.until(lambda: pair.south_ear.alarms)
        assert pair.south_ear.alarms[0][0] == "link.group"
        assert south.links() == []
        writer.close()

    if b"ML-KEM" in ssl.OPENSSL_VERSION.encode() or ssl.OPENSSL_VERSION_INFO >= (3, 5):
        pytest.skip("this Python's ssl offers a post-quantum group itself")
    play(story)


@pytest.mark.parametrize("noise", [b"GET / HTTP/1.1\r\n\r\n", bytes(600), b"\x16\x03\x01\x02\x00\x01" + b"\xff" * 600])
def test_noise_at_the_port_ends_that_connection_alone(noise: bytes) -> None:
    """The port may be open to the world; a scan must not touch the links that are up."""

    async def story(pair: Pair) -> None:
        north, south = await pair.joined()
        reader, writer = await asyncio.open_connection(*south.addresses()[0])
        writer.write(noise)
        writer.write_eof()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        assert north.links()[0].up
        assert pair.south_ear.downs == []
        writer.close()

    play(story)


class Rogue:
    """Holds the peer's real key and speaks as it likes: what a hostile peer can do."""

    def __init__(self, us: Side, theirs: Side) -> None:
        self.identity = TlsIdentity(pem=us.pem, pins=(theirs.view.tls_spki,))
        self.tls = TlsConnection(self.identity, self, number=1, accepted=False)
        self.ready = asyncio.Event()
        self.over = asyncio.Event()
        self.heard = b""

    async def dial(self, host: LinkHost) -> TlsConnection:
        await asyncio.get_running_loop().create_connection(lambda: self.tls, *host.addresses()[0])
        async with asyncio.timeout(WAIT_S):
            await self.ready.wait()
        return self.tls

    def arrived(self, tls: TlsConnection, address: str) -> bool:
        return True

    def secured(self, tls: TlsConnection) -> None:
        self.ready.set()

    def plain(self, tls: TlsConnection, data: bytes) -> None:
        self.heard += data

    def drained(self, tls: TlsConnection) -> None:
        pass

    def ended(self, tls: TlsConnection, code: str, words: str) -> None:
        self.over.set()


def framed(frame: bytes) -> bytes:
    return header(frame) + frame


HELLO = Hello(line=LINE, from_side="north", to_side="south", link="cable", link_id="ab" * 16, lane=Lane.URGENT)
GREETING = framed(write_hello(HELLO))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"\xff\xff\xff\xff", "link.frame-size"),
        (bytes(4), "link.frame-empty"),
        (framed(b"\x10 no hello"), "link.order"),
        (framed(b"\x01 garbage"), "codec.json"),
        (GREETING.replace(b'"to":"south"', b'"to":"north"'), "link.sides"),
        (GREETING.replace(LINE.encode(), b"f" * 32), "link.line"),
        ((limits.HELLO_BYTES_MAX + 1).to_bytes(4, "big"), "link.frame-size"),
        (GREETING + framed(b"\x0e"), "link.order"),
        (GREETING + framed(b"\x03 short"), "link.beat"),
        (GREETING + framed(write_hello(HELLO)), "link.order"),
        (GREETING + (limits.URGENT_FRAME_BYTES_MAX + 1).to_bytes(4, "big"), "link.frame-size"),
    ],
)
def test_a_peer_that_breaks_the_rules_is_cut_off_with_a_code_and_an_alarm(said: bytes, code: str) -> None:
    """Promise 7: only wrong framing, size or proof closes a link, and people are told which it was."""

    async def story(pair: Pair) -> None:
        south = await pair.south()
        rogue = Rogue(NORTH, SOUTH)
        tls = await rogue.dial(south)
        tls.write(said)
        await pair.south_ear.until(lambda: pair.south_ear.alarms)
        async with asyncio.timeout(WAIT_S):
            await rogue.over.wait()
        assert pair.south_ear.alarms[0][0] == code
        assert code.encode() in rogue.heard  # the bye
        assert pair.south_ear.frames == []
        assert not any(link.up for link in south.links())

    play(story)


def test_a_fault_found_above_closes_the_link_with_its_code() -> None:
    """A run with a wrong proof is found by the rooms above; the link must end by the same door."""

    async def story(pair: Pair) -> None:
        north, _ = await pair.joined()
        pair.south_ear.refuse = PeerError("record.inclusion", "the proof does not hold")
        north.send("cable", Lane.ORDINARY, b"\x10 a wrong run")
        await pair.north_ear.until(lambda: pair.north_ear.downs)
        assert pair.north_ear.downs == [("cable", "record.inclusion")]
        assert pair.south_ear.alarms[0][0] == "record.inclusion"

    play(story)


def test_a_link_closed_from_above_comes_back_by_itself() -> None:
    """Closing is for one life of the link; the line goes on trying."""

    async def story(pair: Pair) -> None:
        north, south = await pair.joined()
        south.close_link("cable", "line.credit", "more than was granted")
        assert pair.south_ear.downs == []  # never from inside the call
        await pair.north_ear.until(lambda: len(pair.north_ear.ups) == 2)
        assert pair.north_ear.downs == [("cable", "line.credit")]
        assert north.send("cable", Lane.URGENT, b"\x10 again")
        await pair.south_ear.until(lambda: pair.south_ear.frames)

    play(story)


def test_both_sides_dial_and_one_link_of_that_name_remains() -> None:
    """Either side may dial; the two dials must not become two links, nor none."""

    async def story(pair: Pair) -> None:
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        ports = [sock.getsockname()[1] for sock in sockets]
        for sock in sockets:
            sock.close()
        for side, other, ear, mine, yours in (
            (NORTH, SOUTH, pair.north_ear, *ports),
            (SOUTH, NORTH, pair.south_ear, *reversed(ports)),
        ):
            host = LinkHost(
                line=LINE,
                ours=side.view,
                theirs=other.view,
                tls_pem=side.pem,
                listen=[("127.0.0.1", mine)],
                routes=[Route("cable", "127.0.0.1", yours)],
                listener=ear,
            )
            pair.hosts.append(host)
        await asyncio.gather(*(host.start() for host in pair.hosts))
        async with asyncio.timeout(WAIT_S):
            while not all(host.links()[0].lanes == tuple(Lane) for host in pair.hosts):
                await asyncio.sleep(0.02)
        assert len({host.links()[0].dialled_by_us for host in pair.hosts}) == 2
        assert pair.hosts[0].send("cable", Lane.URGENT, b"\x10 one link")
        await pair.south_ear.until(lambda: pair.south_ear.frames)

    play(story)


def test_a_cut_is_noticed_at_once_and_healed_without_being_asked() -> None:
    """Connections that are refused or reset say so; nobody should wait for a heartbeat to hear it."""

    async def story(pair: Pair) -> None:
        south = await pair.south()
        proxy = CutProxy(south.addresses()[0])
        await proxy.start()
        try:
            north = await pair.north(routes=(Route("cable", "127.0.0.1", proxy.port),))
            await pair.north_ear.until(lambda: pair.north_ear.ups)
            await proxy.cut()
            await pair.north_ear.until(lambda: pair.north_ear.downs)
            assert not north.send("cable", Lane.URGENT, b"\x10 nowhere")
            await pair.south_ear.until(lambda: pair.south_ear.downs)
            await proxy.heal()
            await pair.north_ear.until(lambda: len(pair.north_ear.ups) == 2)
        finally:
            await proxy.stop()

    play(story)


def test_a_link_whose_packets_vanish_is_down_on_both_sides_within_seconds() -> None:
    """No reset comes when a cable is cut far away: only silence tells, and both desks must hear of it."""

    async def story(pair: Pair) -> None:
        south = await pair.south()
        proxy = CutProxy(south.addresses()[0])
        await proxy.start()
        loop = asyncio.get_running_loop()
        try:
            await pair.north(routes=(Route("cable", "127.0.0.1", proxy.port),))
            await pair.north_ear.until(lambda: len(pair.north_ear.free) == 3)
            proxy.blackhole()
            begun = loop.time()
            await pair.north_ear.until(lambda: pair.north_ear.downs)
            await pair.south_ear.until(lambda: pair.south_ear.downs)
            assert pair.north_ear.downs[0][1] == pair.south_ear.downs[0][1] == "link.silent"
            assert loop.time() - begun >= limits.LINK_SILENCE_S - 1.5
            await proxy.heal()
            await pair.north_ear.until(lambda: len(pair.north_ear.ups) == 2)
        finally:
            await proxy.stop()

    play(story)


def test_an_urgent_frame_passes_bulk_that_is_queued() -> None:
    """Promise 8: FLASH waits for at most one frame of ours, however much bulk is on its way."""

    async def story(pair: Pair) -> None:
        north, _ = await pair.joined()
        for _ in range(120):
            assert north.send("cable", Lane.BULK, b"\x10" + bytes(65_536))
        assert north.backlog("cable", Lane.BULK) > 4 * 1_048_576
        north.send("cable", Lane.URGENT, b"\x10 FLASH")
        await pair.south_ear.until(lambda: len(pair.south_ear.frames) == 121)
        place = [lane for _, lane, _ in pair.south_ear.frames].index(Lane.URGENT)
        assert place < 60

    play(story)


def test_a_lane_says_when_it_has_room_again() -> None:
    """Who sends much must wait without asking again and again."""

    async def story(pair: Pair) -> None:
        north, _ = await pair.joined()
        pair.north_ear.free.clear()
        for _ in range(40):
            north.send("cable", Lane.BULK, b"\x10" + bytes(65_536))
        await pair.north_ear.until(lambda: pair.north_ear.free)
        assert set(pair.north_ear.free) == {("cable", Lane.BULK)}
        await pair.south_ear.until(lambda: len(pair.south_ear.frames) == 40)
        assert north.backlog("cable", Lane.BULK) == 0

    play(story)


def test_a_sender_that_keeps_little_waiting_is_told_each_time_it_may_go_on() -> None:
    """Whoever fills only up to some level of their own must not wait for a word that never comes."""

    async def story(pair: Pair) -> None:
        north, _ = await pair.joined()
        left = 100

        def give(link: str, lane: Lane) -> None:
            nonlocal left
            if lane is Lane.BULK and left and north.backlog(link, lane) < 262_144:
                left -= 1
                north.send(link, lane, b"\x10" + bytes(65_536))

        pair.north_ear.lane_free = give  # type: ignore[method-assign]
        give("cable", Lane.BULK)
        await pair.south_ear.until(lambda: len(pair.south_ear.frames) == 100)

    play(story)


def test_a_peer_that_stops_reading_costs_a_bounded_queue_and_then_the_link() -> None:
    """Memory that a stalled peer can fill has an end, and no frame is dropped in silence."""

    async def story(pair: Pair) -> None:
        south = await pair.south()
        proxy = CutProxy(south.addresses()[0])
        await proxy.start()
        try:
            north = await pair.north(routes=(Route("cable", "127.0.0.1", proxy.port),))
            await pair.north_ear.until(lambda: len(pair.north_ear.free) == 3)
            proxy.blackhole()
            frame = b"\x10" + bytes(1_048_576)
            sent = 0
            while north.send("cable", Lane.BULK, frame):
                sent += 1
                assert sent * len(frame) <= limits.QUEUE_BYTES_MAX
            await pair.north_ear.until(lambda: pair.north_ear.downs)
            assert pair.north_ear.downs == [("cable", "link.full")]
        finally:
            await proxy.stop()

    play(story)


def test_a_former_key_ends_when_the_new_one_is_seen() -> None:
    """Their node may not have heard yet that its new keys are confirmed; once it has, the old key must open nothing."""

    async def story(pair: Pair) -> None:
        renewed = Side("north", 7)
        south = await pair.south(theirs=renewed, former=(NORTH.view.tls_spki,))
        north = await pair.north(routes=(to(south),))
        await pair.south_ear.until(lambda: pair.south_ear.ups)
        again = await pair.north(us=renewed, routes=(to(south, "radio"),))
        await pair.south_ear.until(lambda: pair.south_ear.downs)
        assert pair.south_ear.downs[0] == ("cable", "link.rekeyed")
        await pair.south_ear.until(lambda: pair.south_ear.alarms)  # the former key knocks again
        assert pair.south_ear.alarms[0][0] == "link.stranger"
        assert again.links()[0].up
        assert not north.links()[0].up

    play(story)


def test_an_address_that_is_taken_is_said_and_leaves_nothing_running() -> None:
    """An operator must read which port it was; a half-started host would be worse than none."""

    async def story(pair: Pair) -> None:
        south = await pair.south()
        host = LinkHost(
            line=LINE,
            ours=NORTH.view,
            theirs=SOUTH.view,
            tls_pem=NORTH.pem,
            listen=[("127.0.0.1", 0), south.addresses()[0]],
            routes=[],
            listener=pair.north_ear,
        )
        with pytest.raises(Unavailable) as caught:
            await host.start()
        assert caught.value.code == "link.listen"
        assert host.addresses() == []

    play(story)
