"""Listens to the side's own receivers, and tells its own desks when two come close.

Owns: sockets to receivers, how much of a feed is taken in a second, the pace of looking.
Does not own: what a line says, tracks, pairs (live/); reports, which people make (actions/).
Always true:
  1. Nothing of a feed enters the record or leaves by a link; a warning is a private event without content.
  2. A receiver that floods, lies or breaks off costs limits.FEED_BYTES_S of reading and no other part of the node.
  3. No piece of this work holds the loop for long: voice goes by the same one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from parley import limits
from parley.live import Ears, Near, Report, Rules, Tracks
from parley.node.feed_settings import FeedSetting
from parley.times import Moment


class Household(Protocol):
    """What this part asks of the node."""

    def moment(self) -> Moment: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...


@dataclass(slots=True)
class Feed:
    """One receiver as it stands."""

    setting: FeedSetting
    ears: Ears
    up: bool = False
    heard_ms: int = 0  # when the last line came that made sense
    dropped: int = 0  # bytes of datagrams beyond what we take in a second


class Feeds:
    """All receivers of a side, the tracks they make, and who comes close."""

    def __init__(self, node: Household, settings: Sequence[FeedSetting], rules: Rules) -> None:
        self._node = node
        self._settings = tuple(settings)
        self.feeds: list[Feed] = []
        self.tracks = Tracks()
        self.near = Near(rules)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def wanted(self) -> bool:
        """Tell whether this side has a receiver at all."""
        return bool(self._settings)

    def start(self) -> None:
        """Begin to listen; nothing runs, and no decoder is loaded, where no feed is set."""
        if not self._settings:
            return
        for setting in self._settings:
            feed = Feed(setting, Ears(setting.form))
            self.feeds.append(feed)
            work = self._dial(feed) if setting.by == "tcp" else self._listen(feed)
            self._tasks.append(asyncio.create_task(work, name=f"feed {setting.name}"))
        self._tasks.append(asyncio.create_task(self._look(), name="live watch"))

    async def stop(self) -> None:
        """Let go of every receiver."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def take(self, feed: Feed, reports: Sequence[Report]) -> None:
        """Put reports into the tracks."""
        now = self._node.moment()
        for report in reports:
            self.tracks.hear(report, feed.setting.name, now)
        if reports:
            feed.heard_ms = now

    # --- sockets ----------------------------------------------------------------------------------------------------

    async def _dial(self, feed: Feed) -> None:
        while True:
            with contextlib.suppress(OSError):  # it is down: shown as such, and dialled again
                await self._hear_stream(feed)
            feed.up = False
            await asyncio.sleep(limits.FEED_PAUSE_S)

    async def _hear_stream(self, feed: Feed) -> None:
        async with asyncio.timeout(limits.DIAL_S):
            reader, writer = await asyncio.open_connection(
                feed.setting.host, feed.setting.port, limit=limits.FEED_READ_BYTES
            )
        try:
            feed.up = True
            while data := await reader.read(limits.FEED_READ_BYTES):
                for at in range(0, len(data), limits.FEED_SLICE_BYTES):
                    self.take(feed, feed.ears.hear(data[at : at + limits.FEED_SLICE_BYTES]))
                    await asyncio.sleep(0)
                await asyncio.sleep(len(data) / limits.FEED_BYTES_S)  # what comes faster waits at the receiver
        finally:
            writer.close()

    async def _listen(self, feed: Feed) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                address = (feed.setting.host, feed.setting.port)
                transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self, feed), local_addr=address)
            except OSError:
                await asyncio.sleep(limits.FEED_PAUSE_S)
                continue
            try:
                feed.up = True
                await loop.create_future()  # until the node stops
            finally:
                transport.close()

    # --- the watch ----------------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        while True:
            await self.look(self._node.moment())
            await asyncio.sleep(limits.LIVE_LOOK_S)

    async def look(self, now: Moment) -> None:
        """Look once at all tracks."""
        self.tracks.forget(now)
        for fresh in self.near.look(self.tracks, now):
            if fresh:
                self._node.tell("near", {"pairs": len(fresh)})
            await asyncio.sleep(0)


class _Datagrams(asyncio.DatagramProtocol):
    """Datagrams of one feed, within what it may cost."""

    def __init__(self, feeds: Feeds, feed: Feed) -> None:
        self._feeds, self._feed = feeds, feed
        self._left = float(limits.FEED_BYTES_S)
        self._at = asyncio.get_running_loop().time()

    def datagram_received(self, data: bytes, _: object) -> None:
        """Take a datagram in, unless this second's share is used up."""
        now = asyncio.get_running_loop().time()
        self._left = min(float(limits.FEED_BYTES_S), self._left + (now - self._at) * limits.FEED_BYTES_S)
        self._at = now
        if len(data) > min(self._left, limits.FEED_SLICE_BYTES):
            self._feed.dropped += len(data)
            return
        self._left -= len(data)
        self._feeds.take(self._feed, self._feed.ears.hear_packet(data))
