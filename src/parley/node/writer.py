"""The one writer: a thread that takes commits from the loop, stores them, and says so back on the loop.

Always true: commits are stored in the order they were given; a failure is told, never swallowed.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence

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
