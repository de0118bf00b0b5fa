"""What waits to be sent on one lane of one link, and when it goes.

Owns: the queue of one lane, its bounds, the cutting of large frames into pieces.
Always true:
  1. Frames leave whole and in order; only the link's own may go before what waits.
  2. An urgent frame goes to the kernel before `send` returns, unless the kernel takes nothing.
  3. All bulk and ordinary lanes together hand over at most limits.TICK_BYTES in one turn of the loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from parley import limits
from parley.link import HEADER_BYTES, Brake, Lane, header
from parley.times import Instant
from parley.transports.tls import TlsConnection

# What the kernel may hold unsent, a lane (TCP_NOTSENT_LOWAT): urgent frames are small and few, bulk wants full pipes.
_UNSENT_BYTES: Final = {Lane.URGENT: 16_384, Lane.ORDINARY: 131_072, Lane.BULK: 131_072}
# A first small frame in a turn goes at once; this much more of the same turn is worth gathering.
_AT_ONCE_BYTES: Final = 16_384
# Beats and echoes that may wait. A peer that beats fast and reads nothing gets no more of them.
_FIRST_MAX: Final = 16


class Outlet(Protocol):
    """What sends the frames of one lane: a connection of its own, or a turn on a thin link's only one."""

    def attach(self, tls: TlsConnection) -> None: ...
    def send(self, frame: bytes) -> bool: ...
    def send_first(self, frame: bytes) -> None: ...
    def backlog(self) -> int: ...
    def flush(self) -> None: ...


class TickBudget:
    """How much may still be encrypted and sent in this turn of the loop, all links together."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._left = limits.TICK_BYTES
        self._refilling = False

    def take(self, wanted: int) -> int:
        """Give what may be sent now, at most `wanted`."""
        granted = min(wanted, self._left)
        self._left -= granted
        if not self._refilling:
            self._refilling = True
            self._loop.call_soon(self._refill)  # runs in the next turn, after that turn's sockets were looked at
        return granted

    def _refill(self) -> None:
        self._left = limits.TICK_BYTES
        self._refilling = False


class LaneSender:
    """The queue of one lane. It may fill before its connection is there; it starts when `attach` brings one."""

    def __init__(
        self,
        lane: Lane,
        *,
        loop: asyncio.AbstractEventLoop,
        budget: TickBudget,
        on_free: Callable[[], None],
        brake: Brake | None = None,
        on_busy: Callable[[], None] = lambda: None,
    ) -> None:
        self._lane = lane
        self._loop = loop
        self._budget = budget
        self._on_free = on_free
        self._brake = brake  # of the bulk lane
        self._on_busy = on_busy  # more than a little of a braked lane is under way
        self._tls: TlsConnection | None = None
        self._queue: deque[bytes] = deque()
        self._first: deque[bytes] = deque()  # the link's own frames, when they could not go at once
        self._queued_bytes = 0
        self._head_sent = 0  # how much of the first frame is gone, without its header
        self._scheduled = False
        self._owes_low = False  # more than the low water was waiting; say when it is less
        self._owes_empty = False  # something was waiting; say when nothing is

    def attach(self, tls: TlsConnection) -> None:
        """Start sending on this connection."""
        self._tls = tls
        tls.limit_unsent(_UNSENT_BYTES[self._lane])
        self._owes_empty = True  # the lane is there: whoever waited for it is told
        self.flush()

    def send(self, frame: bytes) -> bool:
        """Send or queue a frame; False if the queue is full, and then the frame is not kept."""
        tls = self._tls
        if tls is not None and not self._queued_bytes and not tls.blocked:
            size = len(frame)
            if self._lane is Lane.URGENT or (size <= _AT_ONCE_BYTES and not self._scheduled):
                if self._lane is not Lane.URGENT:
                    self._schedule()  # the rest of this turn is gathered
                tls.write(header(frame) + frame)
                return True
        if self._queued_bytes + len(frame) > self._lane.queue_bytes_max:
            return False
        self._queue.append(frame)
        self._queued_bytes += len(frame) + HEADER_BYTES
        self._owes_empty = True
        self._owes_low |= self._queued_bytes > self._lane.low_water_bytes
        self._schedule()
        return True

    def send_first(self, frame: bytes) -> None:
        """Send one of the link's own frames before what waits, but never inside a frame that has begun."""
        tls = self._tls
        if tls is None:
            return
        if not tls.blocked and not self._head_sent and not self._first:
            tls.write(header(frame) + frame)
        elif len(self._first) < _FIRST_MAX:
            self._first.append(frame)
            self._queued_bytes += len(frame) + HEADER_BYTES
            self._schedule()

    def backlog(self) -> int:
        """Give the bytes that have not left this machine."""
        return self._queued_bytes + (self._tls.unsent_bytes() if self._tls is not None else 0)

    def flush(self) -> None:
        """Hand over what the kernel takes and this turn allows."""
        tls = self._tls
        while tls is not None and self._queued_bytes and not tls.blocked:
            granted = limits.PIECE_BYTES
            if self._lane is not Lane.URGENT:
                granted = self._budget.take(max(HEADER_BYTES + 1, min(granted, self._queued_bytes)))
                if granted <= HEADER_BYTES:
                    self._schedule()
                    break
                if self._brake is not None:
                    self._on_busy()
                    granted = self._brake.allow(granted, Instant(self._loop.time()))
                    if granted <= HEADER_BYTES:
                        self._schedule(self._brake.wait_s())
                        break
            tls.write(self._gather(granted))
        if tls is not None:
            self._say_free()

    def _say_free(self) -> None:
        empty = not self._queued_bytes
        if (self._owes_empty and empty) or (self._owes_low and self._queued_bytes <= self._lane.low_water_bytes):
            self._owes_low = False
            self._owes_empty = self._owes_empty and not empty
            self._loop.call_soon(self._on_free)  # not from inside: the answer is likely to be `send`

    def _schedule(self, wait_s: float = 0.0) -> None:
        if self._scheduled:
            return
        self._scheduled = True
        if wait_s:
            self._loop.call_later(wait_s, self._on_turn)
        else:
            self._loop.call_soon(self._on_turn)

    def _on_turn(self) -> None:
        self._scheduled = False
        self.flush()

    def _gather(self, granted: int) -> bytes:
        """Take up to `granted` bytes from the queue, headers included; a large frame goes in parts."""
        parts: list[bytes | memoryview] = []
        size = 0
        while (self._queue or self._first) and granted - size > HEADER_BYTES:
            if self._first and not self._head_sent:
                own = self._first.popleft()  # some 13 bytes: they may pass the grant
                parts += (header(own), own)
                size += HEADER_BYTES + len(own)
                continue
            frame = self._queue[0]
            if not self._head_sent:
                parts.append(header(frame))
                size += HEADER_BYTES
            room = min(granted - size, len(frame) - self._head_sent)
            whole = room == len(frame)
            parts.append(frame if whole else memoryview(frame)[self._head_sent : self._head_sent + room])
            size += room
            self._head_sent += room
            if self._head_sent == len(frame):
                self._queue.popleft()
                self._head_sent = 0
        self._queued_bytes -= size
        return b"".join(parts)
