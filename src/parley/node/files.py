"""Attachments of this node: the pull core on the bulk lane, the chunk store on its own thread.

Owns: which files may be given and which are wanted, one disk thread, `file.held` when one is here.
Does not own: what to ask for next (line/attachments.py), the files (storage/chunks.py).
Always true:
  1. The event loop never waits for a chunk's disk.
  2. What is wanted or given is read off the index that is stored with the entries, so a kill parts nothing.
  3. A file we hold for reasons of our own (a draft) is neither given nor admitted to because they name its root.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from parley.codec.fields import Reader
from parley.errors import ParleyError, PeerError, Refused, Unavailable
from parley.line.attachments import Attachments, FileEffect, FileHeld, FileWaits, FinishFile, StoreChunk
from parley.line.events import Send
from parley.link import Lane
from parley.record.entry import Entry
from parley.storage.chunks import ChunkStore
from parley.storage.port import StoreReads, ValueRow
from parley.subjects import NAMED_FILES
from parley.times import Instant

_SPACE = "attachment"  # roots we began to pull from them
HANDED_FILES = "private.files"  # roots that people of ours handed in, sent or not
_LANE_BYTES = 262_144  # bulk given to a lane at a time: urgent work gets a turn of the loop in between


@dataclass(frozen=True, slots=True)
class _Naming:
    """One valid message that names a file."""

    root: str
    side: str
    channel: str
    subject: str
    size: int


class Shipping(Protocol):
    """What files need of the rest of the node."""

    def send(self, link: str, lane: Lane, frame: bytes) -> bool: ...
    def backlog(self, link: str, lane: Lane) -> int: ...
    def close_link(self, link: str, code: str, reason: str) -> None: ...


class Files:
    """Gives and gets attachments."""

    def __init__(
        self,
        *,
        chunks: ChunkStore,
        store: StoreReads,
        us: str,
        links: Shipping,
        keep: Callable[[list[ValueRow]], None],
        held: Callable[[str, str, str], None],
        said: Callable[[str, str, str], bool],
        told: Callable[[str, dict[str, str | int | bool | None]], None],
    ) -> None:
        self._chunks = chunks
        self._store = store
        self._us = us
        self._links = links
        self._keep = keep
        self._said = said  # whether the record says so already
        self._held = held  # (channel, subject, root hex): say in the record that the file is here
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._disk = ThreadPoolExecutor(1, "chunks")
        self._core = Attachments(chunks=chunks, may_have=self._may_have)
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Go on with what was wanted when the node stopped."""
        for naming in self._namings():
            if naming.side != self._us and not self._said(naming.channel, naming.subject, naming.root):
                self._want(naming.root, naming.size)

    def stop(self) -> None:
        """Let the disk finish."""
        if self._timer is not None:
            self._timer.cancel()
        self._disk.shutdown(wait=True)
        self._chunks.close()

    def _now(self) -> Instant:
        return Instant(self._loop.time())

    def _may_have(self, root: bytes) -> bool:
        """Only files an entry of ours names, or that came whole from them; a root they merely name opens nothing."""
        namings = list(self._namings(root.hex()))
        if any(naming.side == self._us for naming in namings):
            return True
        return bool(namings) and self._pulled(root.hex())

    def _pulled(self, root: str) -> bool:
        """Say whether what we hold came from them: they may have named a guessed root before ours handed it in."""
        wanted = self._store.value(_SPACE, root) is not None
        return wanted and self._store.value(HANDED_FILES, root) is None

    def _namings(self, prefix: str = "") -> Iterator[_Naming]:
        """Give the valid messages that name a file; the index is stored with the entries, so a kill parts nothing."""
        after = ""
        while page := self._store.values(NAMED_FILES, prefix=prefix, after=after):
            for key, value in page:
                root, side, channel, subject = key.split("|")
                yield _Naming(root, side, channel, subject, int(value))
            after = page[-1][0]

    # --- entries that name files

    def folded(self, entry: Entry) -> None:
        """Get the files that a valid entry of theirs names."""
        named = entry.body.get("attachments")
        if entry.side == self._us or not isinstance(named, list):
            return
        for item in named:
            reader = Reader(item, "attachment")
            root, size = reader.text("root", max_chars=64), reader.integer("size")
            self._want(root, size)

    def _want(self, root: str, size: int) -> None:
        name, held = bytes.fromhex(root), self._chunks.held(bytes.fromhex(root))
        if held is not None and held != size:
            return  # there is no such file: nothing of it may be said to be here
        if held is None:
            if self._store.value(_SPACE, root) is None:
                self._keep([ValueRow(_SPACE, root, b"1")])
            self._do(self._core.want(name, size, self._now()))
        else:
            self._file_held(FileHeld(name, size))

    # --- links

    def link_up(self, link: str) -> None:
        """A link can carry chunks."""
        self._do(self._core.link_up(link, self._now()))

    def link_down(self, link: str) -> None:
        """A link is gone."""
        self._do(self._core.link_down(link, self._now()))

    def heard(self, link: str, frame: bytes) -> None:
        """Take in a WANT or CHUNK."""
        try:
            effects = self._core.heard(link, frame, self._now())
        except PeerError as fault:
            self._links.close_link(link, fault.code, fault.sentence)
            self._told("fault", {"code": fault.code, "sentence": fault.sentence, "link": link})
            return
        self._do(effects)
        self.lane_free(link)

    def lane_free(self, link: str) -> None:
        """The bulk lane has room: give what was asked for."""
        room = _LANE_BYTES - self._links.backlog(link, Lane.BULK)
        if room > 0 and self._core.waiting_to_give(link):
            self._do(self._core.give(link, room))

    # --- effects

    def _do(self, effects: list[FileEffect]) -> None:
        for effect in effects:
            if isinstance(effect, Send):
                self._links.send(effect.link, effect.lane, effect.frame)
            elif isinstance(effect, StoreChunk):
                self._store_chunk(effect)
            elif isinstance(effect, FinishFile):
                self._finish(effect)
            elif isinstance(effect, FileHeld):
                self._file_held(effect)
            elif isinstance(effect, FileWaits):
                fields: dict[str, str | int | bool | None] = {"root": effect.root.hex(), "code": effect.code}
                self._told("file", {**fields, "sentence": effect.sentence, "here": False})
        self._wake()

    def _store_chunk(self, effect: StoreChunk) -> None:
        def work() -> None:
            self._chunks.put(effect.root, effect.size, effect.index, effect.data, effect.leaf)

        def done(error: BaseException | None) -> None:
            if error is None:
                self._do(self._core.stored(effect.root, effect.index, self._now()))
            else:
                self._do(self._core.store_failed(effect.root, _unavailable(error), self._now()))

        self._on_disk(work, done)

    def _finish(self, effect: FinishFile) -> None:
        whole: list[bool] = []

        def work() -> None:
            whole.append(self._chunks.finish(effect.root, effect.size))

        def done(error: BaseException | None) -> None:
            if error is None:
                self._do(self._core.finished(effect.root, self._now(), whole=whole[0]))
            else:
                self._do(self._core.store_failed(effect.root, _unavailable(error), self._now()))

        self._on_disk(work, done)

    def _on_disk(self, work: Callable[[], None], done: Callable[[BaseException | None], None]) -> None:
        future = self._loop.run_in_executor(self._disk, work)
        future.add_done_callback(lambda ended: done(ended.exception()))

    def _file_held(self, effect: FileHeld) -> None:
        root = effect.root.hex()
        if not self._pulled(root) and not any(naming.side == self._us for naming in self._namings(root)):
            return  # ours alone: neither shown as theirs nor admitted to
        self._told("file", {"root": root, "here": True})
        for naming in self._namings(root):
            if naming.side != self._us and not self._said(naming.channel, naming.subject, root):
                self._held(naming.channel, naming.subject, root)

    def _wake(self) -> None:
        due = self._core.wake_at()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if due is not None:
            self._timer = self._loop.call_at(due, lambda: self._do(self._core.tick(self._now())))

    # --- people's side

    async def attach(self, content: AsyncIterable[bytes]) -> tuple[str, int]:
        """Take a file in; give its root (hex) and size. Raises Refused or Unavailable; nothing is left of it then."""
        loop, new = self._loop, self._chunks.add()
        try:
            async for piece in content:
                await loop.run_in_executor(self._disk, new.write, piece)
            root, size = await loop.run_in_executor(self._disk, new.finish)
        except BaseException:  # also when whoever sends it goes away: this task is cancelled then
            await loop.run_in_executor(self._disk, new.drop)
            raise
        return root.hex(), size

    def arrived(self, root: str) -> int:
        """Give how many verified bytes of a file are here; all of them only once the file is whole and synced."""
        try:
            name = bytes.fromhex(root)
        except ValueError:
            raise Refused("attachments.root", "an attachment is named by 64 hex digits") from None
        held = self._chunks.held(name)
        if held is not None:
            return held
        size = next((size for found, size in self._core.progress() if found == name), 0)
        return min(self._chunks.arrived(name, size), size - 1) if size else 0

    async def read(self, root: str, first: int = 0) -> AsyncIterator[bytes]:
        """Give a file from one of its chunks on, each checked again."""
        chunks = self._chunks.read(bytes.fromhex(root), first)
        while (piece := await self._loop.run_in_executor(self._disk, next, chunks, None)) is not None:
            yield piece


def _unavailable(error: BaseException) -> Unavailable:
    if isinstance(error, ParleyError):
        return Unavailable(error.code, error.sentence)
    return Unavailable("storage.failed", f"the disk failed while a file was written: {type(error).__name__}")
