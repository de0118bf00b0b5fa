"""What a node tells its own desks, actions and programs as it happens. Hints: who hears one asks for the state."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from parley.record.names import LogId

_QUEUE_MAX = 20_000  # a subscriber that falls this far behind is told to reload instead


class Event(NamedTuple):
    """Something happened. `kind`: entry, held, rings, ahead, link, watch, store, draft, gap, fault, signal, reload."""

    kind: str
    channel: str = ""
    subject: str = ""
    log: LogId | None = None
    number: int = -1
    fields: Mapping[str, str | int | bool | None] = MappingProxyType({})


class Subscription:
    """One listener's bounded queue; iterate over it or take all that came, and close it."""

    def __init__(self, owner: Bell) -> None:
        self._owner = owner
        self._queue: deque[Event] = deque()
        self._some = asyncio.Event()
        self._closed = False

    def put(self, event: Event) -> None:
        """Take an event; a listener that is too slow loses its backlog and gets one `reload` in its place."""
        if len(self._queue) >= _QUEUE_MAX:
            self._queue.clear()
            self._queue.append(Event(kind="reload"))
        self._queue.append(event)
        self._some.set()

    async def come(self) -> list[Event]:
        """Wait until something has come, and give all of it; nothing once the subscription is closed."""
        await self._some.wait()
        came = list(self._queue)
        self._queue.clear()
        if not self._closed:
            self._some.clear()
        return came

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Event:
        await self._some.wait()
        if not self._queue:
            raise StopAsyncIteration
        event = self._queue.popleft()
        if not self._queue and not self._closed:
            self._some.clear()
        return event

    def close(self) -> None:
        """Stop listening; what has come may still be taken."""
        self._owner.drop(self)
        self._closed = True
        self._some.set()


class Bell:
    """Tells every subscription."""

    def __init__(self) -> None:
        self._heard_by: set[Subscription] = set()
        self.also: tuple[Callable[[Event], None], ...] = ()  # each called at each event, and at once

    def subscribe(self) -> Subscription:
        """Begin to listen."""
        subscription = Subscription(self)
        self._heard_by.add(subscription)
        return subscription

    @property
    def heard(self) -> bool:
        """Say whether anybody listens: an event nobody hears need not be made."""
        return bool(self._heard_by)

    def drop(self, subscription: Subscription) -> None:
        """Forget a listener."""
        self._heard_by.discard(subscription)

    def ring(self, event: Event) -> None:
        """Tell everybody."""
        for heard in self.also:
            heard(event)
        for subscription in self._heard_by:
            subscription.put(event)

    def close(self) -> None:
        """End every subscription."""
        for subscription in list(self._heard_by):
            subscription.close()
