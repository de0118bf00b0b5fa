"""The figures of a call that need no browser: desks that are clients of our own (clients.py) at two real nodes."""

from __future__ import annotations

import asyncio
import bisect
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import clients
from benchmarks.clients import Client
from benchmarks.pair import Pair
from benchmarks.rows import Row, failed, limit_row, quantile

LATE_S = 0.12  # a frame later than this no playout of a good line waits for


@dataclass
class Served:
    """Two nodes with their desks served."""

    pair: Pair
    http: aiohttp.ClientSession
    north_port: int
    south_port: int

    async def north(self, *persons: str, live: bool = False) -> list[Client]:
        """Sit these people down at North's desks."""
        return await clients.seat(self.http, self.pair.north, "north", self.north_port, list(persons), live=live)

    async def south(self, *persons: str, live: bool = False) -> list[Client]:
        """Sit these people down at South's desks."""
        return await clients.seat(self.http, self.pair.south, "south", self.south_port, list(persons), live=live)


@asynccontextmanager
async def served(root: Path, **how: Any) -> AsyncIterator[Served]:
    """Give two nodes joined by two links, with a desk each."""
    async with Pair(root, **how) as pair, clients.http() as http:
        ports = [await side.do("desk", name=name) for side, name in ((pair.north, "north"), (pair.south, "south"))]
        yield Served(pair, http, *ports)


async def cut(root: Path, tries: int = 20) -> list[Row]:
    """One of two links cut in mid-word: by a reset in turn with silence, as after a dug-up cable."""
    name = f"one of two links cut in mid-word: frames missing at the far desk in {tries} tries"
    missing, sent, slowest = 0, 0, 0.0
    async with served(root / "cut", proxied=True) as place:
        (caller,), (callee,) = await place.north("edda"), await place.south("samira")
        await caller.lift()
        await caller.speak(1)
        for number in range(tries):
            proxy = place.pair.proxies[number // 2 % 2]
            callee.frames, caller.sent = [], {}
            talking = asyncio.create_task(caller.speak(1))
            await asyncio.sleep(0.4)
            if number % 2:
                proxy.blackhole()
            else:
                await proxy.cut()
            await talking
            await asyncio.sleep(2 * LATE_S)
            had = {told: when for _, told, when in callee.frames}
            waits = [had[told] - when for told, when in caller.sent.items() if told in had]
            missing += len(caller.sent) - sum(wait <= LATE_S for wait in waits)
            sent, slowest = sent + len(caller.sent), max(slowest, *waits)
            await proxy.heal()
            await place.pair.up()
        await caller.hang_up()
    why = f"{sent} frames of a client, each within {LATE_S * 1e3:.0f} ms or missing; the slowest {slowest * 1e3:.0f} ms"
    return [limit_row(name, missing, 0, "frames", why=why)]


async def crowd(root: Path, desks: int = 12, talking: int = 3, seconds: float = 15) -> list[Row]:
    """Many desks in one call, some of them talking, one node a side."""
    words = f"{desks} desks in a call, {talking} talking"
    async with served(root / "crowd") as place:
        persons = [f"p{number:02}" for number in range(desks)]
        sides = ((place.pair.north, place.north), (place.pair.south, place.south))
        seats: list[list[Client]] = []
        for number, (side, sit) in enumerate(sides):
            mine = persons[number::2]
            await side.do("people", names=mine)
            seats.append(await sit(*mine))
            await side.do("ear", name=mine[0])
        talkers = [seats[number % 2][number // 2] for number in range(talking)]
        for one in talkers:
            await one.lift()
            await one.speak(0.2)
        await asyncio.gather(*(one.speak(2) for one in talkers))
        for side, _ in sides:
            await side.do("ear-frames")
        before = [await side.do("usage") for side, _ in sides]
        await asyncio.gather(*(one.speak(seconds) for one in talkers))
        after = [await side.do("usage") for side, _ in sides]
        ears = [await side.do("ear-frames") for side, _ in sides]
        await talkers[0].hang_up()
    shares = [
        100 * (late["cpu"] - early["cpu"]) / (late["at"] - early["at"])
        for early, late in zip(before, after, strict=True)
    ]
    waits = [
        (when - talker.sent[told]) * 1e3
        for number, talker in enumerate(talkers)
        for stream, told, when in ears[1 - number % 2]
        if stream == talker.stream and told in talker.sent
    ]
    wanted = sum(round(seconds * 50) for _ in talkers)
    spread = f"p50 {quantile(waits, 0.5):.1f}, p99 {quantile(waits, 0.99):.1f} ms" if waits else "none"
    why = f"{len(waits)} of {wanted} frames at the far node; {spread}"
    return [
        limit_row(f"{words}: share of a core, the busier of both nodes", max(shares), 25, "%"),
        limit_row(f"{words}: the latest frame at the far node", max(waits), 60, "ms", why=why)
        if len(waits) >= wanted
        else failed(f"{words}: the latest frame at the far node", 60, why),
    ]  # fmt: skip


async def many(root: Path, desks: int = 500, rate: int = 100, seconds: float = 10) -> list[Row]:
    """Many desks at one node, each with both its connections, while the other side writes without pause."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8 * desks)), hard))
    words = f"{desks} desks signed in at one node"
    async with served(root / "many") as place:
        side = place.pair.south
        seats = await place.south("samira", "rafael", live=True)  # what the first desks cost is not of each desk
        await asyncio.sleep(1)
        before = await side.do("usage")
        for _ in range(desks // 50):
            seats += await place.south(*(["samira", "rafael"] * 25), live=True)
        await asyncio.sleep(3)
        sat = await side.do("usage")
        paced = await place.pair.north.do("pace", rate=rate, count=round(rate * seconds))
        await side.do("until-seen", log=paced["log"], number=paced["last"])
        await asyncio.sleep(1)
        after = await side.do("usage")
        seen = await side.do("seen", log=paced["log"])
    waits = [wait for one in seats for wait in _waits(sorted(seen.values()), one.hints)]
    share = 100 * (after["cpu"] - sat["cpu"]) / (after["at"] - sat["at"])
    took = max(seen.values()) - min(seen.values())
    why = f"{len(seen)} events in {took:.1f} s, each told to each page; the node took {share:.0f} % of a core"
    grown = (max(sat["rss"], after["rss"]) - before["rss"]) / 1e6 / desks
    return [
        limit_row(
            f"{words}, {rate} events/s to all: event to page, p95", 1e3 * quantile(waits, 0.95), 250, "ms", why=why
        ),
        limit_row(f"{words}: memory a desk", grown, 1, "MB"),
    ]


_UNDER_WAY_S = 0.05


def _waits(events: list[float], hints: list[float]) -> list[float]:
    """Give how long after each event a page had a hint that covers it.

    Hints name no event. One that came within 50 ms of an event may have left before it, so the next one counts.
    """
    waits = []
    for event in events:
        found = bisect.bisect_left(hints, event + _UNDER_WAY_S)
        waits.append(hints[found] - event if found < len(hints) else float("inf"))
    return waits
