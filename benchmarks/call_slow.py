"""The figures of a call over slow links that lose packets, each by itself: 75 ms one way, in network namespaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from benchmarks import clients
from benchmarks.call_browsers import desk, lift_row, mouth_row, spoken
from benchmarks.call_clients import Served
from benchmarks.clients import Client
from benchmarks.pair import Pair, Side
from benchmarks.rows import Row, limit_row, quantile
from benchmarks.wan import Wan, sockets_in
from parley.cli import demo_call
from parley.cli.chromium import Chromium, Page

ONE_WAY_MS = 75
LOSS = 0.01
SPOKEN_S = 122  # 6,100 frames
PLAYOUT_MS = 120  # beyond the one way; a frame begins 20 ms before it can be sent
_LIMITS = {2: 1.5, 3: 0.3}


def chromium_in(namespace: str) -> type[Chromium]:
    """Give a Chromium that is spoken to within a namespace; its command must run it there."""

    class Within(Chromium):
        async def _connect(self, address: str) -> aiohttp.ClientWebSocketResponse:
            await self._http.close()
            self._http = clients.http(sockets_in(namespace))
            return await super()._connect(address)

    return Within


@asynccontextmanager
async def far_apart(root: Path, links: int) -> AsyncIterator[tuple[Wan, Served, tuple[Page, Page]]]:
    """Give two nodes in namespaces of their own, and Edda's and Samira's pages beside them."""
    async with AsyncExitStack() as stack:
        wan = await stack.enter_async_context(Wan(links=links, delay_ms=ONE_WAY_MS))
        north, south = wan.commands
        pair = Pair(root / f"slow-{links}", links=links, hosts=wan.hosts, commands=(north, south))
        await stack.enter_async_context(pair)
        ports = [await side.do("desk", name=name) for side, name in ((pair.north, "north"), (pair.south, "south"))]
        http = await stack.enter_async_context(clients.http())
        place = Served(pair, http, *ports)
        pages = [
            await stack.enter_async_context(desk(place, name, person, seed, chromium_in(namespace), command))
            for seed, (name, person, namespace, command) in enumerate(
                zip(("north", "south"), ("edda", "samira"), wan.names, wan.commands, strict=True)
            )
        ]
        yield wan, place, (pages[0], pages[1])


async def slow(root: Path, links: int) -> list[Row]:
    """Lift without loss (with two links); then, each link losing by itself, a voice without pause and one beside it."""
    rows = []
    async with far_apart(root, links) as (wan, place, (caller, callee)), AsyncExitStack() as stack:
        if links == 2:
            lifted = await demo_call.lifts(caller, callee, 20)
            name = f"lift to the first sample of that speech, {ONE_WAY_MS} ms one way, 20 presses, p95"
            rows.append(lift_row(name, lifted, ONE_WAY_MS + 100))
        talker = await _seat(stack, wan.names[0], place.pair.north, "north", place.north_port, "tomas")
        hearer = await _seat(stack, wan.names[1], place.pair.south, "south", place.south_port, "rafael")
        await talker.lift()
        await talker.speak(2)
        await wan.loss(LOSS)
        talker.sent, hearer.frames = {}, []
        talking = asyncio.create_task(talker.speak(SPOKEN_S))
        await asyncio.sleep(10)
        follow = await spoken(caller, callee, 40)
        await talking
        await asyncio.sleep(1)
    found = await asyncio.to_thread(*follow)
    words = f"{ONE_WAY_MS} ms and {LOSS:.0%} loss on each of {links} links"
    had = {number: at for stream, number, at in hearer.frames if stream == talker.stream}  # the other voice counts, too
    rows.append(_missing(words, talker.sent, had, _LIMITS[links]))
    rows.append(mouth_row(f"{words}: mouth to ear, p95", found, ONE_WAY_MS + 160))
    return rows


async def _seat(stack: AsyncExitStack, namespace: str, side: Side, name: str, port: int, person: str) -> Client:
    http = await stack.enter_async_context(clients.http(sockets_in(namespace)))
    (client,) = await clients.seat(http, side, name, port, [person])
    return client


def _missing(words: str, sent: dict[int, float], had: dict[int, float], limit: float) -> Row:
    waits: Sequence[float] = [1e3 * (had[number] - at) + 20 for number, at in sent.items() if number in had]
    in_time = sum(wait <= ONE_WAY_MS + PLAYOUT_MS for wait in waits)
    share = 100 * (1 - in_time / len(sent))
    why = (
        f"{len(sent)} frames of a client, {len(sent) - len(waits)} never came; from its beginning to the far desk"
        f" p50 {quantile(list(waits), 0.5):.0f}, p99 {quantile(list(waits), 0.99):.0f} ms"
    )
    name = f"{words}: frames missing at a playout of one way + {PLAYOUT_MS} ms"
    return limit_row(name, share, limit, "%", why=why)


async def two(root: Path) -> list[Row]:
    """Two links."""
    return await slow(root, 2)


async def three(root: Path) -> list[Row]:
    """Three links."""
    return await slow(root, 3)
