"""The desks that are open at this node now, of which channels each is on watch, and which call's page it shows.

Owns: who sits where, which pages are alive. Does not own: sockets (desk/pages/direct.py), rights (actions/direct.py).
Always true:
  1. A desk counts as on watch only while its page has been heard within STALE_S: an open socket proves nothing.
  2. Nothing here waits: what a desk is told goes into a bounded queue of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping
from typing import Final, Protocol

from parley import limits
from parley.codec.canonical import JsonInput
from parley.errors import Refused
from parley.times import Instant

STALE_S: Final = 5.0


class Sink(Protocol):
    """The page at the other end of a desk's socket. None of these may wait."""

    def tell(self, told: Mapping[str, JsonInput]) -> None:
        """Give the page a word; a page that has fallen too far behind is closed and comes back."""

    def sound(self, frame: bytes) -> None:
        """Give the page a frame; the oldest waiting ones are dropped before this one waits long."""

    def ask_again(self) -> None:
        """Somebody's rights have changed: look whether this page may still be here."""


class Desk:
    """One page with its socket open."""

    __slots__ = ("follows", "heard_at", "number", "person", "sink", "watches")

    def __init__(self, number: int, person: str, sink: Sink, now: Instant) -> None:
        self.number = number
        self.person = person
        self.sink = sink
        self.heard_at = now
        self.watches: frozenset[str] = frozenset()
        self.follows = ""  # the channel whose calls its page shows, on watch or not


class Desks:
    """Every desk of this node."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        self._now = now
        self._numbers = itertools.count(1)
        self._open: dict[int, Desk] = {}
        self._watching: dict[str, list[Desk]] = {}
        self._following: dict[str, list[Desk]] = {}

    def open(self, person: str, sink: Sink) -> Desk:
        """Give a new desk. Raises Refused `desks.full` beyond limits.DESKS_MAX."""
        if len(self._open) >= limits.DESKS_MAX:
            raise Refused("desks.full", f"this node has {limits.DESKS_MAX} desks open; close one first")
        desk = Desk(next(self._numbers), person, sink, self._now())
        self._open[desk.number] = desk
        return desk

    def close(self, desk: Desk) -> None:
        """Forget a desk."""
        self.watch(desk, ())
        self.follow(desk, "")
        self._open.pop(desk.number, None)

    def beat(self, desk: Desk) -> None:
        """Its page has been heard."""
        desk.heard_at = self._now()

    def watch(self, desk: Desk, channels: Collection[str]) -> None:
        """Put a desk on watch of exactly these channels; of none takes it off watch."""
        wanted = frozenset(channels) if desk.number in self._open else frozenset()
        for channel in desk.watches - wanted:
            left = [one for one in self._watching[channel] if one is not desk]
            self._watching[channel] = left
            if not left:
                del self._watching[channel]
        for channel in wanted - desk.watches:
            self._watching.setdefault(channel, []).append(desk)
        desk.watches = wanted

    def on_watch(self, channel: str) -> list[Desk]:
        """Give the desks on watch of a channel whose pages are alive."""
        since = self._now() - STALE_S
        return [desk for desk in self._watching.get(channel, ()) if desk.heard_at >= since]

    def follow(self, desk: Desk, channel: str) -> None:
        """Note that a page shows the calls of this channel; "" of none."""
        if desk.follows:
            left = [one for one in self._following[desk.follows] if one is not desk]
            self._following[desk.follows] = left
            if not left:
                del self._following[desk.follows]
        desk.follows = channel if desk.number in self._open else ""
        if desk.follows:
            self._following.setdefault(channel, []).append(desk)

    def at(self, channel: str) -> list[Desk]:
        """Give the desks on watch of a channel or showing its calls, whose pages are alive."""
        since = self._now() - STALE_S
        watching = self.on_watch(channel)
        more = [desk for desk in self._following.get(channel, ()) if channel not in desk.watches]
        return watching + [desk for desk in more if desk.heard_at >= since]

    def watching(self) -> list[Desk]:
        """Give the desks on watch of anything whose pages are alive."""
        since = self._now() - STALE_S
        return [desk for desk in self._open.values() if desk.watches and desk.heard_at >= since]

    def alive(self) -> list[Desk]:
        """Give the desks whose pages are alive, on watch or not."""
        since = self._now() - STALE_S
        return [desk for desk in self._open.values() if desk.heard_at >= since]

    def everyone(self) -> list[Desk]:
        """Give every open desk."""
        return list(self._open.values())

    def ask_again(self) -> None:
        """An account or a channel's members have changed: every page asks again whether it may be here, and hear."""
        for desk in self.everyone():
            desk.sink.ask_again()
