"""Rows about the page of a large text: drawn by a real node's desk, and opened in Chromium where there is one."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web

from benchmarks.rows import Row, failed, limit_row
from parley.cli import sounding
from parley.cli.chromium import Chromium, find_chromium
from parley.codec.canonical import encode
from parley.desk import make_desk
from parley.identity import LineIdentity, SideKeys
from parley.node.node import Node
from parley.node.writer import AnchorFile
from parley.people import accounts, keys
from parley.storage.chunks import ChunkStore
from parley.storage.memory import MemoryStore
from parley.storage.recordings import Recordings

NODE_MS, CHROMIUM_MS = 300.0, 1000.0
_MADE = "2026-11-23T10:00:00.000Z"
# From the wish to go there until everything that was asked for is loaded and laid out.
_LOADED = "Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)"


def rows(store: MemoryStore, subject: str) -> Iterator[Row]:
    """Give the rows; the node starts from this store, as after a restart."""
    yield from asyncio.run(_rows(store, f"/texts/talks/{subject.partition('/')[2]}"))


async def _rows(store: MemoryStore, path: str) -> list[Row]:
    async with _desk(store) as (port, secret):
        first = await _drawn(port, path, secret)
        again = min([await _drawn(port, path, secret) for _ in range(3)])
        found = [
            limit_row("text page at the node, first after a start", first, NODE_MS, "ms", why="50 of 2,000 parts"),
            limit_row("text page at the node", again, NODE_MS, "ms"),
        ]
        if find_chromium() is None:
            return [*found, failed("text page in Chromium", CHROMIUM_MS, "no Chromium here", ok=None)]
        return [
            *found,
            limit_row("text page in Chromium, loaded", await _loaded(port, path, secret), CHROMIUM_MS, "ms"),
        ]


@asynccontextmanager
async def _desk(store: MemoryStore) -> AsyncIterator[tuple[int, str]]:
    """Give the port of a desk at a node over this store, without a link, and the secret of somebody signed in."""
    sides = {side: SideKeys.from_seed(f"{side}-texts".encode().ljust(32)) for side in ("north", "south")}
    north, south = (
        sides[side].card(side=side, name=side.title(), domain=f"{side}.example", languages=("en",),
                         nonce=side.encode().ljust(16), made=_MADE)
        for side in sides
    )  # fmt: skip
    identity = LineIdentity.found(north, south)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        anchor = AnchorFile(folder / "anchor")
        anchor.write(encode({"after": {}, "before": {}, "line": identity.line}))
        node = Node(
            identity=identity, cards=(north, south), keys=sides["north"], store=store,
            chunks=ChunkStore(folder / "chunks", quota_bytes=1 << 26), anchor=anchor, listen=[("127.0.0.1", 0)],
            routes=[], status="actual",
            recordings=Recordings(folder / "recordings", quota_bytes=1 << 24, reserve_bytes=0),
        )  # fmt: skip
        await node.start()
        account = accounts.admit(None, person="ann", name="Ann", roles=("duty-officer",), now=node.moment())
        session = keys.open_session(account, os.urandom(64), node.moment(), desk="desk")
        await node.keep([accounts.row(account), *session.rows])
        runner = web.AppRunner(web.Application())
        try:
            for port in range(8961, 8999):  # the origin must be known before the desk listens
                runner = web.AppRunner(make_desk(node, origin=f"http://north.localhost:{port}"), access_log=None)
                await runner.setup()
                try:
                    await web.TCPSite(runner, "127.0.0.1", port).start()
                    break
                except OSError:
                    await runner.cleanup()
            await _drawn(port, "/texts", session.secret, tries=20)  # until the desk has its templates
            yield port, session.secret
        finally:
            await runner.cleanup()
            await node.stop()


async def _drawn(port: int, path: str, secret: str, tries: int = 1) -> float:
    """Give how many milliseconds a page took from the asking to its last byte; of several, the last."""
    head = {"Host": f"north.localhost:{port}", "Cookie": f"parley={secret}"}
    took = 0.0
    async with ClientSession() as session:
        for _ in range(tries):
            began = time.perf_counter()
            async with session.get(f"http://127.0.0.1:{port}{path}", headers=head) as answer:
                answer.raise_for_status()
                await answer.read()
            took = (time.perf_counter() - began) * 1e3
            await asyncio.sleep(0)
    return took


async def _loaded(port: int, path: str, secret: str) -> float:
    """Give how many milliseconds Chromium took from going there until the page is loaded; the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        microphone = Path(folder) / "noise"
        await asyncio.to_thread(sounding.write_microphone, microphone, 1)
        async with Chromium(microphone) as browser:
            page = await browser.page(f"http://north.localhost:{port}", {"parley": secret, "parley-view": "sound=off"})
            took = []
            for _ in range(3):
                await page.go(path)
                await page.until("document.readyState === 'complete'")
                await asyncio.sleep(0.1)
                took.append(float(str(await page.run(_LOADED))))
            return min(took)
