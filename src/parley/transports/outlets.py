"""The senders of a link that has come up: one a lane, or three behind one connection where the link is thin.

Owns: when a lane that has room again is told of, and when a lane that is busy moves the host's timer.
Does not own: the queues (sender.py, thin.py), what is sent (host.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from parley.link import Lane
from parley.times import Instant
from parley.transports.sender import LaneSender, Outlet, TickBudget
from parley.transports.thin import ThinSender
from parley.transports.wires import Link


class Outlets:
    """Makes the senders of the links of one host; what all of them encrypt in one turn of the loop has one budget."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, free: Callable[[str, Lane], None], busy: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._budget = TickBudget(loop)
        self._free = free
        self._busy = busy

    def make(self, link: Link) -> dict[Lane, Outlet]:
        """Give a sender for each lane of a link that comes up now."""
        thin = link.core.thin
        if thin is None:
            return {lane: self._lane(link, lane) for lane in Lane}
        sender = ThinSender(thin, loop=self._loop, on_free=lambda lane: self._told(link, lane, sender.outlets[lane]))
        return dict(sender.outlets)

    def _lane(self, link: Link, lane: Lane) -> Outlet:
        core = link.core

        def busy() -> None:
            pulse = core.pulse()
            if pulse is not None and pulse.busy(Instant(self._loop.time())):
                self._busy()

        sender = LaneSender(
            lane,
            loop=self._loop,
            budget=self._budget,
            on_free=lambda: self._told(link, lane, sender),
            brake=core.brake if lane is Lane.BULK else None,
            on_busy=busy,
        )
        return sender

    def _told(self, link: Link, lane: Lane, sender: Outlet) -> None:
        """A lane has room again; a sender of an earlier life of the link says nothing."""
        if link.senders.get(lane) is sender and not link.closing:
            self._free(link.core.name, lane)
