"""The connection of a call's page for picture: what it shows, what it sees. Apart from sound, which waits for nothing.

One WebSocket a call page. Text frames are control (`say`, `told`), binary frames are picture.
Always true:
  1. Who speaks is asked again at each message, and at once when any account or the members of a channel change.
  2. A page that does not read harms nobody: what waits for it is bounded, and then it waits for the next whole frame.
Read first: docs/protocol/picture.md.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from parley import limits
from parley.codec import Reader
from parley.codec.canonical import JsonInput
from parley.desk.pages import frame
from parley.desk.pages.direct import Pace, decoded
from parley.desk.pages.live import SOCKETS, Seat, seated
from parley.errors import PeerError, Refused

_WORDS_MAX: Final = 64
_ASKED_EVERY_S: Final = 5.0  # a page that only looks says nothing, and a session ends by time alone
_FRAME_FIXED: Final = 12


def routes() -> list[web.RouteDef]:
    """Give the route of the connection."""
    return [web.get("/channels/{channel}/call/picture", follow)]


class Outbox:
    """What waits for one page: words in order, frames as far as they are few."""

    def __init__(self) -> None:
        self._words: deque[str] = deque(maxlen=_WORDS_MAX)
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._broken: set[int] = set()  # streams of which a frame was dropped: what builds on it is no use
        self._some = asyncio.Event()
        self.asks_again = asyncio.Event()
        self.dropped = 0

    def tell(self, told: Mapping[str, JsonInput]) -> None:
        """Queue a word."""
        self._words.append(json.dumps(told, separators=(",", ":")))
        self._some.set()

    def sound(self, frame: bytes) -> None:
        """A page that looks hears by its other connection."""

    def picture(self, stream: int, whole: bool, frame: bytes) -> bool:
        """Queue a frame; False if it was dropped, and a whole one is wanted."""
        if self._bytes + len(frame) > limits.PICTURE_WAITS_BYTES_MAX or (stream in self._broken and not whole):
            self._broken.add(stream)
            self.dropped += 1
            return False
        self._broken.discard(stream)
        self._frames.append(frame)
        self._bytes += len(frame)
        self._some.set()
        return True

    def ask_again(self) -> None:
        """Rights may have changed."""
        self.asks_again.set()

    async def send_all(self, socket: web.WebSocketResponse) -> None:
        """Send what comes, until the page is gone."""
        while await self._some.wait():
            self._some.clear()
            while self._words or self._frames:
                try:
                    if self._words:
                        await socket.send_str(self._words.popleft())
                        continue
                    data = self._frames.popleft()
                    self._bytes -= len(data)
                    await socket.send_bytes(data)
                except (ConnectionError, RuntimeError):
                    return


async def follow(request: web.Request) -> web.StreamResponse:
    """Keep one page's pictures until it leaves, its session ends, or the node stops."""
    channel = frame.find_channel(request, request.match_info["channel"]).id
    socket = web.WebSocketResponse(heartbeat=20.0, max_msg_size=limits.PICTURE_BYTES_MAX + _FRAME_FIXED, compress=False)
    await socket.prepare(request)
    port = frame.desk(request).port
    with seated(request) as seat:
        outbox = Outbox()
        try:
            desk = port.look(frame.who(request), channel, outbox)
        except Refused as refused:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=refused.code.encode())
            return socket
        outbox.tell({"told": "looking"})
        request.app[SOCKETS].add(socket)
        try:
            await _Conversation(request, socket, seat, channel, desk, outbox).go_on()
        finally:
            request.app[SOCKETS].discard(socket)
            port.left(desk)
    return socket


class _Conversation:
    """Reads what a page sends, and ends when it must."""

    def __init__(
        self, request: web.Request, socket: web.WebSocketResponse, seat: Seat, channel: str, desk: Any, outbox: Outbox
    ) -> None:
        self._socket, self._seat, self._channel, self._desk, self._outbox = socket, seat, channel, desk, outbox
        self._port, self._who = frame.desk(request).port, frame.who(request)
        self._texts = Pace(limits.DIRECT_RATE, limits.DIRECT_BURST, "messages")
        self._frames = Pace(limits.DIRECT_PICTURE_RATE, limits.DIRECT_PICTURE_BURST, "frames of picture")

    async def go_on(self) -> None:
        """Until one of the reasons to end has come about."""
        ends = [
            asyncio.create_task(each)
            for each in (self._read(), self._outbox.send_all(self._socket), self._recheck())
        ]  # fmt: skip
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        for task in ends:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _recheck(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_ASKED_EVERY_S):
                    await self._outbox.asks_again.wait()
            self._outbox.asks_again.clear()
            if not await self._may_stay():
                return

    async def _may_stay(self) -> bool:
        who = self._port.person(self._seat.secret)
        if who is not None and who.id == self._desk.person and self._port.may_look(who, self._channel):
            self._who = who
            return True
        why = (
            b"the session ended" if who is None or who.id != self._desk.person else b"the channel is not yours any more"
        )
        await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=why)
        return False

    async def _read(self) -> None:
        async for message in self._socket:
            if not await self._may_stay():
                return
            try:
                if message.type is WSMsgType.TEXT:
                    self._texts.count()
                    self._text(message.data)
                elif message.type is WSMsgType.BINARY:
                    self._frames.count()
                    self._port.show_frame(self._desk, message.data)
            except PeerError as fault:
                await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=fault.sentence.encode()[:120])
                return

    def _text(self, data: str) -> None:
        if len(data) > limits.DIRECT_TEXT_BYTES_MAX:
            raise PeerError("desk.direct", "a word is too long")
        fields = Reader(decoded(data), "picture", code="desk.direct")
        say = fields.choice("say", ("show", "hide", "whole"))
        session = fields.hex("session", 16) if say == "show" else ""
        stream = fields.integer("stream", 0, 2**32 - 1) if say == "whole" else 0
        fields.done()
        try:
            if say == "show":
                begun = self._port.show(self._who, self._desk, self._channel, session, self._outbox)
                self._outbox.tell({"told": "showing", "stream": begun})
            elif say == "hide":
                self._port.hide(self._desk)
            else:
                self._port.wants_whole(self._who, self._desk, self._channel, stream)
        except Refused as refused:
            self._outbox.tell({"told": "refused", "say": say, "code": refused.code, "sentence": refused.sentence})
