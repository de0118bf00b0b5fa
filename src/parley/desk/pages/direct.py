"""The direct connection of a page: what must pass both ways at once, that it is on watch, and sound.

Text frames are control: one JSON object, `say` names the handler; each part of the desk brings its own with `on`.
Binary frames are sound (sound.py brings their handler). The page beats; silence of 5 s takes it off watch.
Always true:
  1. Who speaks is asked again at each message, and at once when any account or the members of a channel change.
  2. A page that does not read harms nobody: its queue is bounded, old sound is dropped, too many words close it.
  3. What a handler refuses is told to the page; what no page of ours sends closes the connection.
Read first: docs/protocol/direct.md.
"""

from __future__ import annotations

import asyncio
import json
import socket as sockets
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from parley import limits
from parley.codec import Reader
from parley.codec.canonical import JsonInput
from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.pages.live import SOCKETS, Seat, not_too_many, seated
from parley.desk.view import read_view
from parley.errors import ParleyError, PeerError, Refused, Unavailable

# The kernel's own queue to a page. By default it grows to megabytes: minutes of sound that nobody will want any more.
_KERNEL_BYTES: Final = 32_768
_SOUND_LASTS_S: Final = 0.2  # what has waited here longer is older than any playout buffer wants it
_TASKS_MAX: Final = 16  # wishes of one page under way at once


class Outbox:
    """What waits for one page: words in order, sound while it is fresh."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque()
        self._sound: deque[tuple[float, bytes]] = deque(maxlen=limits.DESK_SOUND_FRAMES_MAX)
        self._some = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.asks_again = asyncio.Event()
        self.behind = asyncio.Event()  # too many words wait: the page must come back
        self.dropped = 0  # frames of sound this page was too slow for

    def tell(self, told: Mapping[str, JsonInput]) -> None:
        """Queue a word."""
        if len(self._texts) >= limits.DESK_TEXTS_MAX:
            self.behind.set()
            return
        self._texts.append(json.dumps(told, separators=(",", ":")))
        self._some.set()

    def sound(self, frame: bytes) -> None:
        """Queue a frame; the oldest makes room."""
        self.dropped += len(self._sound) == self._sound.maxlen
        self._sound.append((self._loop.time(), frame))
        self._some.set()

    def ask_again(self) -> None:
        """Rights may have changed."""
        self.asks_again.set()

    async def send_all(self, socket: web.WebSocketResponse) -> None:
        """Send what comes, until the page is gone."""
        while await self._some.wait():
            self._some.clear()
            while self._texts or self._sound:
                try:
                    if self._texts:
                        await socket.send_str(self._texts.popleft())
                        continue
                    queued_at, sound = self._sound.popleft()
                    if self._loop.time() - queued_at > _SOUND_LASTS_S:
                        self.dropped += 1
                    else:
                        await socket.send_bytes(sound)
                except (ConnectionError, RuntimeError):
                    return


class Pace:
    """How fast a page may send: each message costs the node a look at who sends it, whatever becomes of it."""

    def __init__(self, rate: float, burst: float, what: str) -> None:
        self._rate, self._burst, self._what = rate, burst, what
        self._loop = asyncio.get_running_loop()
        self._tokens, self._at = burst, self._loop.time()

    def count(self) -> None:
        """Count one; raises PeerError `desk.direct` for one too many."""
        now = self._loop.time()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - 1
        self._at = now
        if self._tokens < 0:
            raise PeerError("desk.direct", f"more than {self._rate:g} {self._what} a second")


class Direct:
    """One open connection, as the handlers see it."""

    def __init__(self, request: web.Request, desk: Any, outbox: Outbox) -> None:
        self.app = request.app
        self.port = frame.desk(request).port
        self.desk = desk
        self.outbox = outbox
        self.status = frame.status(self.port.mode, read_view(request).status)
        self.words = frame.words(request)
        self.who: shown.Person  # set anew before each handler

    def tell(self, told: str, **fields: JsonInput) -> None:
        """Give this page a word."""
        self.outbox.tell({"told": told, **fields})


Handler = Callable[[Direct, Reader], Awaitable[None] | None]
_HANDLERS: Final[dict[str, Handler]] = {}
_SOUND: Final[list[Callable[[Direct, bytes], None]]] = []


def on(name: str) -> Callable[[Handler], Handler]:
    """Register the handler of a control message. What it returns to await is done beside, so that sound goes on."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[name] = handler
        return handler

    return register


def on_sound(handler: Callable[[Direct, bytes], None]) -> Callable[[Direct, bytes], None]:
    """Register the handler of binary frames."""
    _SOUND[:] = [handler]
    return handler


def routes() -> list[web.RouteDef]:
    """Give the route of the direct connection."""
    return [web.get("/direct", follow)]


@on("beat")
def _beat(direct: Direct, fields: Reader) -> None:
    """The page is alive; its own clock comes back, so that it knows the way's length."""
    at = fields.integer("at")
    fields.done()
    direct.port.beat(direct.desk)
    direct.tell("beat", at=at, now=direct.port.now())


@on("watch")
def _watch(direct: Direct, fields: Reader) -> None:
    """The page is on watch of these channels from now on."""
    channels = fields.texts("channels", max_items=limits.WATCHES_MAX, max_chars=limits.CHANNEL_ID_CHARS_MAX)
    fields.done()
    direct.port.watch(direct.who, direct.desk, channels)
    direct.tell("watch", channels=list(channels))


async def follow(request: web.Request) -> web.StreamResponse:
    """Keep one page's direct connection until it leaves, its session ends, or the node stops."""
    socket = web.WebSocketResponse(
        heartbeat=20.0, max_msg_size=limits.DIRECT_TEXT_BYTES_MAX, compress=False, writer_limit=1
    )
    await socket.prepare(request)
    _keep_queues_short(request)
    with seated(request) as seat:
        outbox = Outbox()
        try:
            not_too_many(request, seat)
            desk = frame.desk(request).port.sit_down(frame.who(request), outbox)
        except Refused as refused:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=refused.code.encode())
            return socket
        request.app[SOCKETS].add(socket)
        try:
            await _Conversation(request, socket, seat, Direct(request, desk, outbox)).go_on()
        finally:
            request.app[SOCKETS].discard(socket)
            frame.desk(request).port.get_up(desk)
    return socket


def _keep_queues_short(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    transport.set_write_buffer_limits(high=0)  # what the kernel does not take waits with us
    found = transport.get_extra_info("socket")
    if found is not None and found.family in (sockets.AF_INET, sockets.AF_INET6):
        found.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, _KERNEL_BYTES)
        found.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)


class _Conversation:
    """Reads what a page sends, hands each to its handler, and ends when it must."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse, seat: Seat, direct: Direct) -> None:
        self._socket, self._seat, self._direct = socket, seat, direct
        self._port = frame.desk(request).port
        self._texts = Pace(limits.DIRECT_RATE, limits.DIRECT_BURST, "messages")
        self._sound = Pace(limits.DIRECT_SOUND_RATE, limits.DIRECT_SOUND_BURST, "frames of sound")
        self._tasks: set[asyncio.Task[None]] = set()

    async def go_on(self) -> None:
        """Until one of the reasons to end has come about."""
        outbox = self._direct.outbox
        ends = [
            asyncio.create_task(each)
            for each in (self._read(), outbox.send_all(self._socket), self._recheck(), self._behind())
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*ends, *self._tasks):
                task.cancel()
            await asyncio.gather(*ends, *self._tasks, return_exceptions=True)
        for task in ends:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _close(self, code: int, reason: str) -> None:
        await self._socket.close(code=code, message=reason.encode()[:120])

    async def _recheck(self) -> None:
        while await self._direct.outbox.asks_again.wait():
            self._direct.outbox.asks_again.clear()
            if not await self._may_stay():
                return
            if not self._seat.moving and self._port.stay(self._direct.who, self._direct.desk):
                self._direct.tell("watch", channels=sorted(self._direct.desk.watches))

    async def _behind(self) -> None:
        await self._direct.outbox.behind.wait()
        await self._close(WSCloseCode.TRY_AGAIN_LATER, "this page reads too slowly")

    async def _may_stay(self) -> bool:
        """Say whether the session still stands, and note whose it is; if not, the connection is closed."""
        who = self._port.person(self._seat.secret)
        if who is None:
            if self._seat.moving:
                return True
            await self._close(WSCloseCode.POLICY_VIOLATION, "the session ended")
            return False
        if who.id != self._direct.desk.person:  # the desk was handed over: the page comes back as somebody else
            await self._close(WSCloseCode.TRY_AGAIN_LATER, "another person")
            return False
        self._direct.who = who
        return True

    async def _read(self) -> None:
        async for message in self._socket:
            if not await self._may_stay():
                return
            if self._seat.moving:
                continue
            try:
                if message.type is WSMsgType.TEXT:
                    self._text(message.data)
                elif message.type is WSMsgType.BINARY and _SOUND:
                    self._sound.count()
                    _SOUND[0](self._direct, message.data)
            except PeerError as fault:
                await self._close(WSCloseCode.POLICY_VIOLATION, fault.sentence)
                return

    def _text(self, data: str) -> None:
        self._texts.count()
        fields = Reader(decoded(data), "direct", code="desk.direct")
        name = fields.text("say", max_chars=32)
        handler = _HANDLERS.get(name)
        if handler is None:
            raise PeerError("desk.direct", "no page of ours says that")
        try:
            rest = handler(self._direct, fields)
        except (Refused, Unavailable) as error:
            self._refuse(name, error)
            return
        if rest is not None:
            if len(self._tasks) >= _TASKS_MAX:
                raise PeerError("desk.direct", f"more than {_TASKS_MAX} wishes at once")
            task = asyncio.ensure_future(self._finish(name, rest))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _finish(self, name: str, rest: Awaitable[None]) -> None:
        try:
            await rest
        except ParleyError as error:
            self._refuse(name, error)

    def _refuse(self, name: str, error: ParleyError) -> None:
        words, key = (
            self._direct.words,
            f"error.{error.code}",
        )  # a page shows it as it is: in the language of its person
        sentence = words.plain(key) if words.knows(key) else error.sentence
        self._direct.tell("refused", say=name, code=error.code, sentence=sentence)


def decoded(data: str) -> object:
    """Read one JSON object without floats; raises PeerError `desk.direct`."""
    try:
        return json.loads(data, parse_constant=_no_constant, parse_float=_no_constant)
    except (ValueError, RecursionError):
        raise PeerError("desk.direct", "expected one JSON object") from None


def _no_constant(_: str) -> float:
    raise ValueError
