"""A desk of a real node, and pages of ours that speak its direct connection without a browser."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from tests.actions.pair import Side

from parley.desk import make_desk
from parley.people import accounts, keys

HOST = "desk.localhost"
HEADERS = {"Host": HOST, "Origin": f"http://{HOST}"}


class Page:
    """One page with its direct connection open."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.sound: list[bytes] = []
        self.words: list[dict[str, Any]] = []
        self._unread: list[dict[str, Any]] = []

    async def say(self, say: str, **fields: object) -> None:
        """Send a control message."""
        await self.socket.send_str(json.dumps({"say": say, **fields}))

    async def hear(self, told: str) -> dict[str, Any]:
        """Give the next word of that kind not yet given; words of other kinds before it are passed by."""
        while True:
            while self._unread:
                word = self._unread.pop(0)
                if word["told"] == told:
                    return word
            await self._receive()

    async def hear_sound(self, count: int) -> list[bytes]:
        """Give the first `count` frames of sound, once they are there."""
        while len(self.sound) < count:
            await self._receive()
        return self.sound[:count]

    async def _receive(self) -> None:
        message = await self.socket.receive(timeout=5)
        if message.type is aiohttp.WSMsgType.BINARY:
            self.sound.append(message.data)
            return
        assert message.type is aiohttp.WSMsgType.TEXT, (message.type, self.socket.close_code, message.extra)
        self.words.append(json.loads(message.data))
        self._unread.append(self.words[-1])

    async def closed(self) -> str:
        """Give why the node closed the connection."""
        while (message := await self.socket.receive(timeout=5)).type in (
            aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY,
        ):  # fmt: skip
            pass
        assert message.type is aiohttp.WSMsgType.CLOSE, message
        return str(message.extra)


class Room:
    """The desk of one side, served."""

    def __init__(self, side: Side, base: str, client: aiohttp.ClientSession) -> None:
        self.side, self.base, self.client = side, base, client

    async def session(self, person: str) -> str:
        """Be signed in; gives the session's secret."""
        node = self.side.node
        made = keys.open_session(accounts.get(node.store, person), os.urandom(64), node.moment(), desk="desk")
        await node.keep(made.rows)
        return made.secret

    async def page(self, person: str, *, secret: str = "", path: str = "/direct", **headers: str) -> Page:
        """Open a page's direct connection, or another of its connections."""
        cookie = {"Cookie": f"parley={secret or await self.session(person)}"}
        socket = await self.client.ws_connect(self.base + path, headers=HEADERS | cookie | headers)
        return Page(socket)

    async def on_watch(self, person: str, *channels: str) -> Page:
        """Open one that is on watch."""
        page = await self.page(person)
        await page.say("watch", channels=list(channels))
        await page.hear("watch")
        return page


@asynccontextmanager
async def served(*sides: Side) -> AsyncIterator[tuple[Room, ...]]:
    """Serve the desk of each side on loopback."""
    runners = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
        rooms = []
        for side in sides:
            app = make_desk(side.node, origin=f"http://{HOST}")
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            runners.append(runner)
            host, port = runner.addresses[0][:2]
            rooms.append(Room(side, f"http://{host}:{port}", client))
        try:
            yield tuple(rooms)
        finally:
            for runner in runners:
                await runner.cleanup()
