"""What waits to be sent on a thin link: three queues, one connection, one pace.

Owns: the order of what waits, its cutting into pieces, when the next piece goes.
Does not own: the pace and the sizes (link/thin.py), the form of a part (link/parts.py).
Always true:
  1. Our own beats go before what waits, and an urgent frame before all lesser ones: it waits for one part of at most
     half a second.
  2. An urgent frame that has begun is finished before another frame of any lane begins: its bytes are not in parts.
  3. Frames of one lane leave whole and in order.
Read first: docs/protocol/link.md, "Thin links".
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from parley.link import HEADER_BYTES, PART_HEADER_BYTES, Lane, Pace, Thin, header, write_part
from parley.times import Instant
from parley.transports.tls import TlsConnection

_FIRST_MAX: Final = 16  # beats and echoes that may wait, as on any link


class _Queue:
    """Frames of one lane, and how much of the first is gone."""

    def __init__(self) -> None:
        self.frames: deque[bytes] = deque()
        self.size = 0
        self.sent = 0

    def add(self, frame: bytes) -> None:
        self.frames.append(frame)
        self.size += len(frame)

    def take(self, wanted: int) -> tuple[memoryview, bool]:
        """Give the next bytes of the first frame, and whether they are its last."""
        frame = self.frames[0]
        piece = memoryview(frame)[self.sent : self.sent + wanted]
        self.sent += len(piece)
        self.size -= len(piece)
        last = self.sent == len(frame)
        if last:
            self.frames.popleft()
            self.sent = 0
        return piece, last


class ThinSender:
    """Sends for all lanes of a thin link. All calls on the loop's thread."""

    def __init__(self, thin: Thin, *, loop: asyncio.AbstractEventLoop, on_free: Callable[[Lane], None]) -> None:
        self._thin = thin
        self._loop = loop
        self._on_free = on_free
        self._pace = Pace(thin)
        self._tls: TlsConnection | None = None
        self._first: deque[bytes] = deque()
        self.queues = {lane: _Queue() for lane in Lane}
        self._timer: asyncio.TimerHandle | None = None
        self.outlets = {lane: ThinLane(self, lane) for lane in Lane}

    def attach(self, tls: TlsConnection) -> None:
        """Start sending on this connection."""
        self._tls = tls
        tls.limit_unsent(self._thin.urgent_piece_bytes)
        for lane in Lane:
            self._loop.call_soon(self._on_free, lane)
        self.flush()

    def send(self, lane: Lane, frame: bytes) -> bool:
        """Queue a frame, and send what may go now; False if the queue is full, and then the frame is not kept."""
        queue = self.queues[lane]
        if queue.size + len(frame) > lane.queue_bytes_max:
            return False
        queue.add(frame)
        self.flush()
        return True

    def send_first(self, frame: bytes) -> None:
        """Send one of the link's own frames before what waits, but never inside an urgent frame that has begun."""
        if len(self._first) < _FIRST_MAX:
            self._first.append(frame)
            self.flush()

    def backlog(self, lane: Lane) -> int:
        """Give the bytes of a lane that have not left this machine; what the kernel holds counts as urgent."""
        unsent = self._tls.unsent_bytes() if self._tls is not None and lane is Lane.URGENT else 0
        return self.queues[lane].size + unsent

    def flush(self) -> None:
        """Send what the pace allows now, and come back for the rest."""
        tls = self._tls
        while tls is not None and not tls.blocked and self._waits():
            now = Instant(self._loop.time())
            wait_s = self._pace.wait_s(now)
            if wait_s > 0:
                if self._timer is None:
                    self._timer = self._loop.call_later(wait_s, self._due)
                return
            piece = self._piece()
            tls.write(piece)
            self._pace.spent(len(piece), now)

    def _due(self) -> None:
        self._timer = None
        self.flush()

    def _waits(self) -> bool:
        return bool(self._first) or any(queue.frames for queue in self.queues.values())

    def _piece(self) -> bytes:
        urgent = self.queues[Lane.URGENT]
        if self._first and not urgent.sent:
            own = b"".join(header(frame) + frame for frame in self._first)
            self._first.clear()
            return own
        if urgent.frames:
            head = b"" if urgent.sent else header(urgent.frames[0])
            piece, last = urgent.take(self._thin.urgent_piece_bytes - len(head))
            if last and not urgent.frames:
                self._loop.call_soon(self._on_free, Lane.URGENT)
            return head + piece
        lane = Lane.ORDINARY if self.queues[Lane.ORDINARY].frames else Lane.BULK
        queue = self.queues[lane]
        piece, last = queue.take(self._thin.part_bytes - HEADER_BYTES - PART_HEADER_BYTES)
        if last and not queue.frames:
            self._loop.call_soon(self._on_free, lane)
        part = write_part(lane, piece, last=last)
        return header(part) + part


class ThinLane:
    """One lane's turn on a thin link's connection."""

    def __init__(self, sender: ThinSender, lane: Lane) -> None:
        self._sender, self._lane = sender, lane

    def attach(self, tls: TlsConnection) -> None:
        """Start sending on this connection, for all lanes."""
        self._sender.attach(tls)

    def send(self, frame: bytes) -> bool:
        """Queue a frame; False if the queue is full."""
        return self._sender.send(self._lane, frame)

    def send_first(self, frame: bytes) -> None:
        """Send one of the link's own frames before what waits."""
        self._sender.send_first(frame)

    def backlog(self) -> int:
        """Give the bytes of this lane that have not left this machine."""
        return self._sender.backlog(self._lane)

    def flush(self) -> None:
        """Send what may go now."""
        self._sender.flush()
