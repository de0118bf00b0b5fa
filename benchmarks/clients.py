"""Desks that are clients of our own: they speak the same WebSocket as a page, and note when what came.

Times are CLOCK_MONOTONIC, which all processes of a machine share.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Final

import aiohttp

from benchmarks.pair import Side

CHANNEL: Final = "leaders"
_BEAT_S: Final = 1.5
# One packet of silence (RFC 6716: SILK, wide band, 20 ms, mono), padded by what a talking voice has.
_PAYLOAD: Final = bytes.fromhex("480be4c136ecc580") + bytes(62)
Sockets = Callable[[Any], socket.socket] | None


class Client:
    """One desk: a session, its direct connection, and if wanted the live one."""

    def __init__(self, http: aiohttp.ClientSession, side: str, port: int, secret: str) -> None:
        self._http, self._port = http, port
        self._headers = {
            "Cookie": f"parley={secret}; parley-view=watch=on&language=en", "Host": f"{side}.localhost:{port}",
            "Origin": f"http://{side}.localhost:{port}",
        }  # fmt: skip
        self.told: list[tuple[float, dict[str, Any]]] = []
        self.frames: list[tuple[int, int, float]] = []  # stream, number, when
        self.sent: dict[int, float] = {}  # number of a frame of ours -> when it was handed to the socket
        self.hints: list[float] = []
        self.number = 0
        self._sat_at = time.monotonic()  # a frame says when it was captured, so a pause is a gap in that clock
        self.stream = -1
        self.session = ""
        self._some = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def sit_down(self, *, live: bool = False) -> Client:
        """Open the direct connection and be on watch."""
        url = f"http://127.0.0.1:{self._port}"
        self._direct = await self._http.ws_connect(f"{url}/direct", headers=self._headers, max_msg_size=1 << 16)
        self._tasks += [asyncio.create_task(self._read()), asyncio.create_task(self._beat())]
        await self.say("watch", channels=[CHANNEL])
        if live:
            self._live = await self._http.ws_connect(f"{url}/live", headers=self._headers)
            self._tasks.append(asyncio.create_task(self._read_hints()))
        return self

    async def get_up(self) -> None:
        """Close."""
        for task in self._tasks:
            task.cancel()
        await self._direct.close()

    async def say(self, say: str, **fields: Any) -> None:
        """Say a word."""
        await self._direct.send_json({"say": say, **fields})

    async def lift(self) -> str:
        """Lift into the call that is open, or a new one; gives its session once the node has answered."""
        begun = len(self.told)
        await self.say("lift", channel=CHANNEL, session=os.urandom(16).hex(), precedence="IMMEDIATE", language="")
        lifted = await self.until(lambda word: word["told"] == "lifted", begun)
        self.session, self.stream = str(lifted["session"]), int(lifted["stream"])
        return self.session

    async def hang_up(self) -> None:
        """End the call of this desk, as soon as the record has it, and wait until it is over."""

        def ours(word: dict[str, Any]) -> bool:
            return word["told"] == "call" and word["session"] == self.session and bool(word["subject"])

        call = await self.until(ours)
        await self.say("hang-up", channel=CHANNEL, subject=call["subject"])
        await self.until(lambda word: ours(word) and word["state"] not in ("ringing", "active"))

    async def speak(self, seconds: float, begin: float | None = None) -> None:
        """Send 50 frames a second; a frame whose time has passed goes at once, as from a page."""
        due = time.monotonic() if begin is None else begin
        for _ in range(round(seconds * 50)):
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self.sent[self.number] = now = time.monotonic()
            head = struct.pack(">BBII", 1, 1, self.number, round((now - self._sat_at) * 1000))
            self.number += 1
            await self._direct.send_bytes(head + _PAYLOAD)
            due += 0.02

    async def until(self, wanted: Callable[[dict[str, Any]], bool], since: int = 0) -> dict[str, Any]:
        """Wait for a word that was told, from the `since`-th on."""
        async with asyncio.timeout(10):
            while True:
                for _, word in self.told[since:]:
                    if wanted(word):
                        return word
                self._some.clear()
                await self._some.wait()

    async def until_stop(self, after: float) -> tuple[float, dict[str, Any]]:
        """Wait for the word of a stop that was raised after a moment; gives when it came, and the word."""
        await self.until(lambda word: word["told"] == "stop" and word["code"] == "raised" and self._at(word) > after)
        return next((at, word) for at, word in self.told if word["told"] == "stop" and at > after)

    def _at(self, word: dict[str, Any]) -> float:
        return next(at for at, told in self.told if told is word)

    async def _read(self) -> None:
        async for message in self._direct:
            now = time.monotonic()
            if message.type is aiohttp.WSMsgType.BINARY:
                self.frames.append((*struct.unpack_from(">II", message.data, 3), now))
            elif message.type is aiohttp.WSMsgType.TEXT:
                await self._hear(message.json(), now)

    async def _hear(self, word: dict[str, Any], now: float) -> None:
        if word["told"] == "beat":
            return
        self.told.append((now, word))
        self._some.set()
        if word["told"] == "call" and word["state"] == "ringing" and not word["ours"]:  # as voice-ring.js does
            await self.say("rings", channel=word["channel"], session=word["session"], subject=word["subject"])

    async def _read_hints(self) -> None:
        async for message in self._live:
            if message.type is aiohttp.WSMsgType.TEXT and '"channel:leaders"' in message.data:
                self.hints.append(time.monotonic())

    async def _beat(self) -> None:
        await asyncio.sleep(_BEAT_S * int.from_bytes(os.urandom(1), "big") / 256)
        with contextlib.suppress(ConnectionError):  # the node has stopped
            while True:
                await self.say("beat", at=round(time.monotonic() * 1000))
                await asyncio.sleep(_BEAT_S)


def http(sockets: Sockets = None) -> aiohttp.ClientSession:
    """Give what clients go through; `sockets` makes sockets of another network namespace."""
    connector = aiohttp.TCPConnector(limit=0, socket_factory=sockets) if sockets else aiohttp.TCPConnector(limit=0)
    return aiohttp.ClientSession(connector=connector)


async def seat(
    session: aiohttp.ClientSession, side: Side, name: str, port: int, persons: list[str], *, live: bool = False
) -> list[Client]:
    """Sign people in at a side's desk, each at a desk of their own."""
    secrets = await side.do("sessions", names=persons)
    clients = [Client(session, name, port, secret) for secret in secrets]
    for client in clients:
        await client.sit_down(live=live)
    return clients
