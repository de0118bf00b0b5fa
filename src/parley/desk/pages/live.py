"""The live connection of a page: hints that something changed, and a beat that proves this node is still there.

A hint carries no content. The page asks again for the part that changed, with its own rights at that moment. After
a cut the page asks again for everything, so nothing depends on hints that were missed.

A WebSocket and not an event stream: browsers allow six event streams a host over HTTP/1.1, and a duty desk has more
tabs than that.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
from collections.abc import Iterator
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from parley import limits
from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.port import Hint
from parley.errors import Refused

# The beat: a desk says "lost" after three of them are missing, well within the 5 s that a lost link may take.
BEAT_S: Final = 1.5
# The first hint goes at once; what follows within this time goes together.
HINTS_PAUSE_S: Final = 0.1
URGENCY: Final = collections.defaultdict(int, ROUTINE=1, PRIORITY=2, IMMEDIATE=3, FLASH=4, INCIDENT=5)
SOCKETS: Final[web.AppKey[set[Any]]] = web.AppKey("sockets")


class Seat:
    """Whose session an open connection goes by; the hand-over of a desk changes it while the connection stays."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.moving = False  # the next session is being made: the end of this one closes nothing


SEATS: Final[web.AppKey[set[Seat]]] = web.AppKey("seats")


@contextlib.contextmanager
def handing_over(app: web.Application, before: str) -> Iterator[list[Seat]]:
    """Give the seats of a session while another takes its place: give each the new secret, or leave it as it was."""
    seats = [seat for seat in app[SEATS] if before and seat.secret == before]
    for seat in seats:
        seat.moving = True
    try:
        yield seats
    finally:
        for seat in seats:
            seat.moving = False


@contextlib.contextmanager
def seated(request: web.Request) -> Iterator[Seat]:
    """Give the seat of a connection for as long as it is open."""
    seat = Seat(request.cookies.get(frame.desk(request).origin.cookie, ""))
    request.app[SEATS].add(seat)
    try:
        yield seat
    finally:
        request.app[SEATS].discard(seat)


def not_too_many(request: web.Request, seat: Seat) -> None:
    """Raise Refused `desks.full` if this browser has more long connections open than pages anybody looks at."""
    if sum(one.secret == seat.secret for one in request.app[SEATS]) > 2 * limits.DIRECT_SOCKETS_MAX:
        raise Refused("desks.full", "this browser has too many pages of the desk open; close some first")


def routes() -> list[web.RouteDef]:
    """Give the route of the live connection."""
    return [web.get("/live", follow)]


async def close_all(app: web.Application) -> None:
    """Say goodbye to every page when the node stops."""
    sockets = app[SOCKETS]
    for socket in list(sockets):
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the node stops")


def beat(request: web.Request, who: shown.Person) -> dict[str, Any]:
    """Give the node's time, who is signed in, and every link's age: enough to keep the bar true between two changes."""
    line = frame.desk(request).port.line(who)
    links = [[one.name, one.up, one.heard_age_s, one.rtt_ms] for one in line.links]
    return {"beat": frame.desk(request).port.now(), "who": who.id, "up": line.up, "links": links}


def told(hint: Hint) -> dict[str, str]:
    """Give a hint as the page reads it."""
    topic = f"channel:{hint.channel}" if hint.topic == "channel" else hint.topic
    return {"topic": topic, "urgent": hint.urgent, "channel": hint.channel}


async def follow(request: web.Request) -> web.StreamResponse:
    """Keep one page up to date until it leaves, its session ends, or the node stops."""
    socket = web.WebSocketResponse(heartbeat=20.0, max_msg_size=1_024, compress=False)
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    try:
        with seated(request) as seat:
            not_too_many(request, seat)
            await _follow(request, socket, seat)
    except Refused as refused:
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=refused.code.encode())
    finally:
        request.app[SOCKETS].discard(socket)
    return socket


async def _follow(request: web.Request, socket: web.WebSocketResponse, seat: Seat) -> None:
    async with asyncio.TaskGroup() as group:
        pending = _Pending()
        tasks = (
            group.create_task(_collect(request, socket, seat, pending)),
            group.create_task(_send_hints(socket, pending)),
            group.create_task(_send_beats(request, socket, seat)),
        )
        await _until_closed(socket)
        for task in tasks:
            task.cancel()


async def _until_closed(socket: web.WebSocketResponse) -> None:
    """Wait for the page to leave; it has nothing to say to us, so whatever it sends ends the connection."""
    message = await socket.receive()
    if message.type not in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
        await socket.close(code=WSCloseCode.POLICY_VIOLATION)


async def _send(socket: web.WebSocketResponse, value: dict[str, Any]) -> bool:
    if socket.closed:
        return False
    try:
        await socket.send_str(json.dumps(value, separators=(",", ":")))
    except (ConnectionError, RuntimeError):
        return False
    return True


class _Pending:
    """Hints not yet sent: one a topic, however many events there were, so that a flood costs a page nothing."""

    def __init__(self) -> None:
        self._hints: dict[tuple[str, str], Hint] = {}
        self.some = asyncio.Event()

    def add(self, hint: Hint) -> None:
        known = self._hints.get((hint.topic, hint.channel))
        if known is None or URGENCY[hint.urgent] > URGENCY[known.urgent]:
            self._hints[hint.topic, hint.channel] = hint
        self.some.set()

    def take(self) -> list[Hint]:
        taken, self._hints = list(self._hints.values()), {}
        self.some.clear()
        return taken


async def _collect(request: web.Request, socket: web.WebSocketResponse, seat: Seat, pending: _Pending) -> None:
    while True:
        async with frame.desk(request).port.hints(lambda: seat.secret) as hints:
            async for hint in hints:
                pending.add(hint)
        if not seat.moving and frame.desk(request).port.person(seat.secret) is None:
            break
        pending.add(Hint(topic="all"))  # what came meanwhile was missed
        await asyncio.sleep(HINTS_PAUSE_S)
    await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"the session ended")


async def _send_hints(socket: web.WebSocketResponse, pending: _Pending) -> None:
    while await pending.some.wait():
        for hint in pending.take():
            if not await _send(socket, told(hint)):
                return
        await asyncio.sleep(HINTS_PAUSE_S)


async def _send_beats(request: web.Request, socket: web.WebSocketResponse, seat: Seat) -> None:
    while True:
        who = frame.desk(request).port.person(seat.secret)
        if who is None and not seat.moving:
            break
        if who is not None and not await _send(socket, beat(request, who)):
            return
        await asyncio.sleep(BEAT_S)
    await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"the session ended")
