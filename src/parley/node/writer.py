"""The one writer: a thread that takes commits from the loop, stores them, and says so back on the loop.

Always true: commits are stored in the order they were given; a failure is told, never swallowed.
"""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from parley.errors import OurMistake, ParleyError, Unavailable
from parley.storage.port import Row, Store

_TIDY_AFTER_S = 0.2  # quiet for so long: a good moment to move the write-ahead log

Done = Callable[[ParleyError | None], None]


class Writer:
    """Runs `store.commit` off the loop."""

    def __init__(self, store: Store, loop: asyncio.AbstractEventLoop) -> None:
        self._store = store
        self._loop = loop
        self._jobs: queue.SimpleQueue[tuple[Sequence[Row], Done] | Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def commit(self, rows: Sequence[Row], done: Done) -> None:
        """Store the rows; `done` is called on the loop with None or the error."""
        self._jobs.put((rows, done))

    def also(self, work: Callable[[], None]) -> None:
        """Do something small between commits (flushing the second place)."""
        self._jobs.put(work)

    def stop(self) -> None:
        """Finish what was given, then end."""
        self._jobs.put(None)
        self._thread.join(timeout=30)

    def _next(self) -> tuple[Sequence[Row], Done] | Callable[[], None] | None:
        """Give the next job; while there is none, let the store put its house in order."""
        wait = _TIDY_AFTER_S
        while True:
            try:
                return self._jobs.get(timeout=wait)
            except queue.Empty:
                if not self._store.tidy():
                    return self._jobs.get()
                wait = 0.0

    def _run(self) -> None:
        while (job := self._next()) is not None:
            if callable(job):
                job()
                continue
            rows, done = job
            error: ParleyError | None = None
            try:
                self._store.commit(rows)
            except ParleyError as failed:
                error = failed
            except OSError as failed:
                error = Unavailable(
                    "storage.failed", f"the disk failed: {failed.strerror}; nothing was said to anybody"
                )
            except Exception as broken:  # the loop must hear of it: a silent writer would leave people waiting for ever
                error = OurMistake("bug.writer", f"the writer met {type(broken).__name__}")
            self._loop.call_soon_threadsafe(done, error)


class AnchorFile:
    """The second place: one small file outside the data folder and its backups, rewritten in place.

    It is written before every commit and synced every second, not with every commit: kill -9 loses nothing of it, and
    after a power cut an older anchor does not match the store, which is the safe side (DESIGN 2.5).
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "heads.json"
        self._dirty = False
        self._begun = False
        self._size = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as failed:
            raise Unavailable(
                "node.anchor", f"the second place {folder} cannot be written: {failed.strerror}; the node did not start"
            ) from None

    def read(self) -> bytes | None:
        """Give what was written last, or None if nothing ever was."""
        data = os.pread(self._fd, 4_194_304, 0).rstrip(b" \n")
        self._size = len(data)
        return data or None

    def write(self, data: bytes) -> None:
        """Write the heads; raises Unavailable `node.anchor`."""
        try:
            os.pwrite(self._fd, data.ljust(self._size), 0)
        except OSError as failed:
            raise Unavailable("node.anchor", f"the second place cannot be written: {failed.strerror}") from None
        self._size = max(self._size, len(data))
        self._dirty = True
        if not self._begun:  # the first word of this run replaces one that may be older than anything: at once
            self._begun = True
            self.sync()

    def sync(self) -> None:
        """Bring it to the disk if it changed."""
        if self._dirty:
            self._dirty = False
            os.fdatasync(self._fd)

    def close(self) -> None:
        """Sync and let go."""
        self.sync()
        os.close(self._fd)
