"""What the driver of a node (node.py) does of desks: serves them, signs people in, hears as a desk of that process."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from parley.actions import people, stops
from parley.actions.who import Who
from parley.codec.canonical import JsonInput
from parley.desk import make_desk
from parley.node.desks import Desk
from parley.node.node import Node
from parley.people import accounts, keys


class Ear:
    """A desk on watch in the node's own process: when each frame of sound was there, before any socket."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, int, float]] = []  # stream, number, when

    def tell(self, told: Mapping[str, JsonInput]) -> None:
        """Words are not looked at."""

    def sound(self, frame: bytes) -> None:
        """Note a frame as `docs/protocol/direct.md` has it."""
        now = time.monotonic()
        self.frames.append((int.from_bytes(frame[3:7], "big"), int.from_bytes(frame[7:11], "big"), now))

    def ask_again(self) -> None:
        """It may stay."""


class Desking:
    """The desks of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._runner: web.AppRunner | None = None
        self._ear = Ear()
        self._beating: asyncio.Task[None] | None = None

    async def do(self, wish: dict[str, Any]) -> object:
        """Carry out one command."""
        node = self._node
        match wish["do"]:
            case "desk":
                return await self._serve(str(wish["name"]))
            case "sessions":
                return [await self._sign_in(name) for name in wish["names"]]
            case "enrol":
                admin = Who(person="admin", roles=("administrator",), via="terminal")
                return (await people.enrol(node, admin, str(wish["name"]))).path
            case "withdraw":
                edda = Who(person="edda", roles=("duty-officer",), via="session", desk="bench")
                await stops.withdraw(node, edda, wish["channel"], wish["subject"], reason="measured")
            case "ear":
                desk = node.desks.open(str(wish["name"]), self._ear)
                node.desks.watch(desk, ["leaders"])
                self._beating = asyncio.create_task(self._beat(desk))
            case "ear-frames":
                frames, self._ear.frames = self._ear.frames, []
                return frames
            case other:
                raise ValueError(other)
        return None

    async def _beat(self, desk: Desk) -> None:
        while True:
            self._node.desks.beat(desk)
            await asyncio.sleep(1)

    async def _serve(self, name: str) -> int:
        """Serve the desk on loopback; gives its port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        app = make_desk(self._node, origin=f"http://{name}.localhost:{port}")
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        return port

    async def _sign_in(self, name: str) -> str:
        """Give the secret of a new session; the way in by a passkey is a row of its own."""
        made = keys.open_session(
            accounts.get(self._node.store, name), os.urandom(64), self._node.moment(), desk="bench"
        )
        await self._node.keep(made.rows)
        return made.secret

    async def stop(self) -> None:
        """Close the doors."""
        if self._beating is not None:
            self._beating.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
