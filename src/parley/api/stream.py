"""What happens, as it happens: one WebSocket a program, each event checked against the person's rights.

Always true:
  1. A person who is disabled or signed out hears nothing more: the token is proven again before each event.
  2. One token has at most limits.STREAMS_MAX of them.
  3. A program that reads too slowly is told to reload and is not waited for; the queue is bounded by the node.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from parley import limits
from parley.actions import events
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.errors import Refused

Bearer = Callable[[NodePort, web.Request], Who]


def add_routes(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    """Add /events to the API."""

    open_: Counter[str] = Counter()  # by the name of the token

    async def stream(request: web.Request) -> web.StreamResponse:
        who = bearer(node, request)
        events.may_listen(who)
        if open_[who.key] >= limits.STREAMS_MAX:
            raise Refused("api.streams", f"{limits.STREAMS_MAX} streams of this token are open; close one first")
        open_[who.key] += 1
        try:
            return await follow(request)
        finally:
            open_[who.key] -= 1
            if not open_[who.key]:
                del open_[who.key]

    async def follow(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=4096)
        await socket.prepare(request)
        subscription = node.subscribe()
        reader = asyncio.ensure_future(_drain(socket))
        try:
            await socket.send_str(msgspec.json.encode({"kind": "ready"}).decode())
            sender = asyncio.ensure_future(_send(node, request, bearer, socket, subscription))
            await asyncio.wait({reader, sender}, return_when=asyncio.FIRST_COMPLETED)
            for task in (reader, sender):
                task.cancel()
            await asyncio.gather(reader, sender, return_exceptions=True)
        finally:
            reader.cancel()
            subscription.close()
            with contextlib.suppress(ConnectionError):
                await socket.close()
        return socket

    app.router.add_get("/events", stream)


async def _drain(socket: web.WebSocketResponse) -> None:
    """Nothing is taken from the program; reading is how its leaving is noticed."""
    async for message in socket:
        if message.type in (WSMsgType.ERROR, WSMsgType.CLOSE):
            return


async def _send(
    node: NodePort, request: web.Request, bearer: Bearer, socket: web.WebSocketResponse, subscription: Any
) -> None:
    async for event in subscription:
        try:
            who = bearer(node, request)
        except Refused:
            return
        told = events.for_person(node, who, event)
        if told is not None:
            await socket.send_str(msgspec.json.encode(told).decode())
