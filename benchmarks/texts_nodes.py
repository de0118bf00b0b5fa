"""Nodes in this process for the rows about texts: over stores in memory, with a desk that somebody is signed in at."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, web

from parley.actions.who import Who
from parley.codec.canonical import encode
from parley.desk import make_desk
from parley.identity import LineIdentity, SideKeys
from parley.node.node import Node
from parley.node.writer import AnchorFile
from parley.people import accounts, keys
from parley.storage.chunks import ChunkStore
from parley.storage.memory import MemoryStore
from parley.storage.recordings import Recordings
from parley.transports import Route

_MADE = "2026-11-23T10:00:00.000Z"
_PORTS = range(8961, 8999)  # the origin must be known before the desk listens


def node_over(store: MemoryStore, us: str, folder: Path, routes: list[Route]) -> Node:
    """Give North's or South's node over a store, not started."""
    sides = {side: SideKeys.from_seed(f"{side}-texts".encode().ljust(32)) for side in ("north", "south")}
    cards = {
        side: sides[side].card(side=side, name=side.title(), domain=f"{side}.example", languages=("en",),
                               nonce=side.encode().ljust(16), made=_MADE)
        for side in sides
    }  # fmt: skip
    them = "south" if us == "north" else "north"
    identity = LineIdentity.found(cards[us], cards[them])
    anchor = AnchorFile(folder / us)
    anchor.write(encode({"after": {}, "before": {}, "line": identity.line}))
    return Node(
        identity=identity, cards=(cards[us], cards[them]), keys=sides[us], store=store, anchor=anchor, routes=routes,
        chunks=ChunkStore(folder / f"{us}-chunks", quota_bytes=1 << 26), listen=[("127.0.0.1", 0)], status="actual",
        recordings=Recordings(folder / f"{us}-recordings", quota_bytes=1 << 24, reserve_bytes=0),
    )  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A desk, and somebody signed in at it."""

    node: Node
    port: int
    secret: str
    who: Who

    async def get(self, session: ClientSession, path: str) -> str:
        """Give a page."""
        head = {"Host": f"{self.node.identity.ours.side}.localhost:{self.port}", "Cookie": f"parley={self.secret}"}
        async with session.get(f"http://127.0.0.1:{self.port}{path}", headers=head) as answer:
            answer.raise_for_status()
            return await answer.text()


@asynccontextmanager
async def desk_at(node: Node) -> AsyncIterator[Served]:
    """Serve the desk of a node that runs, once it has its templates; the node is stopped in the end."""
    side = node.identity.ours.side
    account = accounts.admit(None, person=f"{side}-1", name="One", roles=("duty-officer",), now=node.moment())
    opened = keys.open_session(account, os.urandom(64), node.moment(), desk="desk")
    await node.keep([accounts.row(account), *opened.rows])
    who = Who(person=account.person, roles=("duty-officer",), via="session", desk="desk")
    runner = port = None
    try:
        for port in _PORTS:
            runner = web.AppRunner(make_desk(node, origin=f"http://{side}.localhost:{port}"), access_log=None)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
                break
            except OSError:
                await runner.cleanup()
        served = Served(node, port or 0, opened.secret, who)
        async with ClientSession() as session:
            for _ in range(20):
                await served.get(session, "/texts")
        yield served
    finally:
        if runner is not None:
            await runner.cleanup()
        await node.stop()
