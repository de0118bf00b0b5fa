"""Keeps the index of the record's words up with the record, a little at a time, in a thread of its own.

Owns: what is indexed next, and the pause between. Does not own: the index (storage/search.py), who may read (actions/).
Always true:
  1. An index that fails never stops the node: it is told once, and the record goes on.
  2. No message waits for the index: entries are gathered, and only read on the loop.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from typing import Final, Protocol

import apsw

from parley.errors import ParleyError
from parley.line import Folded
from parley.record.entry import read_entry
from parley.record.names import LogId
from parley.statements.terms import texts_of
from parley.storage.port import StoreReads
from parley.storage.search import Doc, MemorySearch, Search, SqliteSearch
from parley.storage.sqlite import SqliteStore

_GATHERS_S: Final = 0.25  # one transaction an entry cost each message of a burst half a millisecond
_AT_ONCE: Final = 40  # entries a turn
_PAUSE_S: Final = 0.01
_AGAIN_S: Final = 30.0  # after a failure of its disk
_log = logging.getLogger("parley.search")


class Household(Protocol):
    """What this part asks of the node."""

    @property
    def store(self) -> StoreReads: ...


def open_search(store: StoreReads) -> Search:
    """Give the index beside a record on disk, or one in memory."""
    if isinstance(store, SqliteStore):
        return SqliteSearch(store.path.with_name("search.db"), store.identity().store)
    return MemorySearch()


class Finding:
    """The index of one node."""

    def __init__(self, node: Household) -> None:
        self._node = node
        self.index: Search = MemorySearch()
        self._more = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._adding: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Open the index and begin to catch up."""
        self.index = open_search(self._node.store)
        self._more.set()
        self._task = asyncio.get_running_loop().create_task(self._keep_up(), name="search index")

    async def stop(self) -> None:
        """Stop, and let go of the index."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._adding is not None:  # the thread does not end with the task that waits for it
            await asyncio.gather(self._adding, return_exceptions=True)
        self.index.close()

    def folded(self, event: Folded) -> None:
        """The record has grown."""
        self._more.set()

    async def _keep_up(self) -> None:
        while True:
            await self._more.wait()
            await asyncio.sleep(_GATHERS_S)
            self._more.clear()
            try:
                for log in self._node.store.logs():
                    while await self._take(log):
                        await asyncio.sleep(_PAUSE_S)
            except (ParleyError, apsw.Error) as failed:
                _log.warning("the search index could not be kept up: %s", failed)
                await asyncio.sleep(_AGAIN_S)
                self._more.set()

    async def _take(self, log: LogId) -> bool:
        """Index the next entries of a log; True if as many as one turn takes were there, and more may be.

        A few that came meanwhile wait until others are gathered: one alone costs seven times its share of forty.
        """
        store, first = self._node.store, self.index.size(log)
        count = min(_AT_ONCE, store.folded(log) - first)
        if count <= 0:
            return False
        docs = []
        leaves = store.leaves(log, first, count)
        for row, leaf in zip(store.folds(log, first, count), leaves, strict=True):
            text = "\n".join(texts_of(read_entry(leaf).body)) if row.verdict == "valid" else ""
            if text:
                doc = Doc(log.text, row.number, row.channel, log.side, row.at, row.kind, row.subject)
                docs.append((doc, text))
        work = functools.partial(self.index.add, log, first + count, docs)
        self._adding = asyncio.get_running_loop().run_in_executor(None, work)
        await asyncio.shield(self._adding)
        return count == _AT_ONCE
