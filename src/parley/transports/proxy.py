"""A TCP relay on loopback that can be told to fail: refuse, swallow, delay, narrow. For demo, kills and benchmarks.

It stands where the network would, sees ciphertext only, and belongs to no node.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Final, cast

_HELD_BYTES_MAX: Final = 1_048_576  # a direction; beyond it the sender is no longer read, as a full path would
_TRICKLE_S: Final = 0.1  # of a narrow path goes on at once: bytes come out of it one by one, not when the last is in


class CutProxy:
    """Relays connections to `target`. `cut` refuses, `blackhole` swallows in silence, `heal` undoes both."""

    def __init__(
        self, target: tuple[str, int], *, host: str = "127.0.0.1", port: int = 0, delay_s: float = 0.0
    ) -> None:
        self.target = target
        self.host, self.port = host, port
        self.delay_s = delay_s  # one way; may be changed at any time, order is kept
        self.rate_bytes_s: float | None = None  # one way and connection; None: as fast as it goes
        self.swallowing = False
        self.relayed_bytes = 0
        self._server: asyncio.Server | None = None
        self._ends: set[_End] = set()
        self._dials: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; give the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _End(self, None), self.host, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])  # the same one after every cut
        return self.port

    async def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.abort()
        await asyncio.sleep(0)

    def blackhole(self) -> None:
        """Pass nothing on, and tell nobody: what is on its way waits, as after lost packets."""
        self.swallowing = True
        for end in self._ends:
            end.adjust()

    async def heal(self) -> None:
        """Work again; what waited in a blackhole goes on, as TCP would send it again."""
        self.swallowing = False
        if self._server is None:
            await self.start()
        for end in list(self._ends):
            end.push()

    async def stop(self) -> None:
        """Close everything."""
        await self.cut()
        for task in list(self._dials):
            task.cancel()
        await asyncio.gather(*self._dials, return_exceptions=True)

    def join(self, end: _End) -> None:
        """An end is connected; an accepted one gets its counterpart dialled."""
        self._ends.add(end)
        if end.other is None:
            task = asyncio.get_running_loop().create_task(self._dial(end))
            self._dials.add(task)
            task.add_done_callback(self._dials.discard)

    def leave(self, end: _End) -> None:
        """An end is gone."""
        self._ends.discard(end)

    async def _dial(self, end: _End) -> None:
        other = _End(self, end)
        try:
            await asyncio.get_running_loop().create_connection(lambda: other, *self.target)
        except OSError:
            end.abort()
            return
        end.other = other
        end.push()


class _End(asyncio.Protocol):
    """One of the two connections of a relayed pair; `waiting` holds what the other end is to send."""

    def __init__(self, proxy: CutProxy, other: _End | None) -> None:
        self.proxy = proxy
        self.other = other
        self.transport: asyncio.Transport | None = None
        self.waiting: deque[tuple[float, bytes]] = deque()  # (not before, bytes read from this end)
        self.waiting_bytes = 0
        self.full = False  # this end's kernel takes no more
        self.ended = False  # nothing more will be read from this end
        self.gone = False  # nor can anything be written to it
        self._timer: asyncio.TimerHandle | None = None
        self._last_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.proxy.join(self)
        self.adjust()

    def data_received(self, data: bytes) -> None:
        rate = self.proxy.rate_bytes_s
        earliest = asyncio.get_running_loop().time() + self.proxy.delay_s
        step = max(1, int(rate * _TRICKLE_S)) if rate else len(data)
        for first in range(0, len(data), step):
            piece = data[first : first + step]
            takes_s = len(piece) / rate if rate else 0.0
            self._last_at = max(earliest, self._last_at) + takes_s
            self.waiting.append((self._last_at, piece))
        self.waiting_bytes += len(data)
        self.push()

    def eof_received(self) -> bool:
        self.ended = True
        self.push()
        return True  # keep our half open until what waits has gone

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = self.gone = True
        self.proxy.leave(self)
        self.push()

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False
        if self.other is not None:
            self.other.push()

    def push(self) -> None:
        """Pass on what is due, then the end of it."""
        other = self.other
        if other is None or other.transport is None or self.proxy.swallowing:
            self.adjust()
            return
        loop = asyncio.get_running_loop()
        while self.waiting and not other.full and self.waiting[0][0] <= loop.time():
            _, data = self.waiting.popleft()
            self.waiting_bytes -= len(data)
            self.proxy.relayed_bytes += len(data)
            other.transport.write(data)
        if self.waiting and not other.full and self._timer is None:
            self._timer = loop.call_at(self.waiting[0][0], self._due)
        if self.ended and not self.waiting:
            self._pass_on_the_end(other)
        self.adjust()

    def _pass_on_the_end(self, other: _End) -> None:
        if other.transport is None or other.gone or other.transport.is_closing():
            return
        if self.gone or (other.ended and not other.waiting):
            other.transport.close()
            if self.transport is not None:
                self.transport.close()
        else:
            with contextlib.suppress(OSError):  # half an end: the other direction may still have much to say
                other.transport.write_eof()

    def adjust(self) -> None:
        """Read on, or not."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        hold = self.proxy.swallowing or self.waiting_bytes >= _HELD_BYTES_MAX
        with contextlib.suppress(RuntimeError):  # already in that state
            if hold:
                transport.pause_reading()
            else:
                transport.resume_reading()

    def abort(self) -> None:
        """Drop this end and its counterpart, at once."""
        self.waiting.clear()
        self.waiting_bytes = 0
        for end in (self, self.other):
            if end is not None and end.transport is not None:
                end.transport.abort()

    def _due(self) -> None:
        self._timer = None
        self.push()
