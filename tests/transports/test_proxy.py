"""The relay that fails on command: it must fail as told, and lose nothing that TCP would not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.transports.hosts import WAIT_S

from parley.transports import CutProxy


def play(story: Callable[[CutProxy, asyncio.Queue[bytes]], Awaitable[None]]) -> None:
    """Run a story with a relay in front of a server that keeps what it gets and sends it back."""

    async def whole() -> None:
        got: asyncio.Queue[bytes] = asyncio.Queue()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(65_536):
                got.put_nowait(data)
                writer.write(data)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        proxy = CutProxy(server.sockets[0].getsockname())
        await proxy.start()
        try:
            async with asyncio.timeout(WAIT_S):
                await story(proxy, got)
        finally:
            await proxy.stop()
            server.close()

    asyncio.run(whole())


def test_it_relays_both_ways_and_passes_on_the_end() -> None:
    """A relay that changed or kept bytes would make tests of the line worthless."""

    async def story(proxy: CutProxy, got: asyncio.Queue[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        sent = bytes(range(256)) * 8_000
        writer.write(sent)
        writer.write_eof()
        assert await reader.read(-1) == sent
        assert proxy.relayed_bytes == 2 * len(sent)
        writer.close()

    play(story)


def test_a_cut_refuses_and_healing_takes_the_same_port_again() -> None:
    """The nodes know one address; after the cut it must be there again."""

    async def story(proxy: CutProxy, got: asyncio.Queue[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        await proxy.cut()
        with pytest.raises(ConnectionError):
            if await reader.read(1) == b"":
                raise ConnectionResetError
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", proxy.port)
        await proxy.heal()
        _, again = await asyncio.open_connection("127.0.0.1", proxy.port)
        again.write(b"back")
        assert await got.get() == b"back"
        writer.close()
        again.close()

    play(story)


def test_what_was_sent_into_a_blackhole_arrives_after_it_as_tcp_would_send_it_again() -> None:
    """Lost packets delay a connection; they do not take bytes out of it."""

    async def story(proxy: CutProxy, got: asyncio.Queue[bytes]) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"one")
        assert await got.get() == b"one"
        proxy.blackhole()
        writer.write(b"two")
        await writer.drain()
        await asyncio.sleep(0.02)
        assert got.empty()
        await proxy.heal()
        assert await got.get() == b"two"
        writer.close()

    play(story)


def test_a_delay_holds_bytes_back_in_order() -> None:
    """A line across an ocean is later, not shuffled."""

    async def story(proxy: CutProxy, got: asyncio.Queue[bytes]) -> None:
        proxy.delay_s = 0.05
        loop = asyncio.get_running_loop()
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        begun = loop.time()
        for number in range(10):
            writer.write(bytes([number]))
            await asyncio.sleep(0)
        assert await reader.readexactly(10) == bytes(range(10))
        assert loop.time() - begun >= 0.1
        writer.close()

    play(story)
