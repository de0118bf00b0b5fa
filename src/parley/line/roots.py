"""Roots of any prefix of any log, also of entries whose commit is still under way.

The views name prefixes by size and root while entries are being taken in. The store only knows what is on disk, so the
hashes since then are kept here until it does.
"""

from __future__ import annotations

from collections.abc import Collection

from parley.record.names import LogId
from parley.record.tree import Frontier
from parley.storage.port import FoldRow, Place, StoreReads

_CACHE_MAX = 4096  # sizes people just named; one entry names at most a handful


class Roots:
    """Answers `root_at` over disk and memory together. Bounded: what is durable is forgotten here."""

    def __init__(self, store: StoreReads) -> None:
        self._store = store
        self._base: dict[LogId, Frontier] = {}  # the frontier at the size the disk holds
        self._fresh: dict[LogId, list[bytes]] = {}  # leaf hashes after it
        self._known: dict[tuple[LogId, int], bytes] = {}

    def grow(self, log: LogId, base: Frontier, hashes: list[bytes]) -> None:
        """Note leaf hashes that are about to be stored; `base` is the frontier just before them."""
        if log not in self._base:
            self._base[log] = base.copy()
            self._fresh[log] = []
        self._fresh[log].extend(hashes)

    def settled(self, log: LogId, size: int) -> None:
        """Everything below `size` is on disk now."""
        base = self._base.get(log)
        if base is None:
            return
        fresh, count = self._fresh[log], size - base.size
        if count >= len(fresh):
            del self._base[log], self._fresh[log]
            return
        base.extend(fresh[:count])
        del fresh[:count]

    def root_at(self, log: LogId, size: int) -> bytes | None:
        """Give the root of the first `size` entries, or None if fewer are held."""
        known = self._known.get((log, size))
        if known is not None:
            return known
        base = self._base.get(log)
        if base is None or size <= base.size:
            root = self._store.root_at(log, size)
        elif size > base.size + len(self._fresh[log]):
            root = None
        else:
            grown = base.copy()
            grown.extend(self._fresh[log][: size - base.size])
            root = grown.root()
        if root is not None:
            self.remember(log, size, root)
        return root

    def id_at(self, log: LogId, number: int) -> bytes | None:
        """Give the leaf hash of one entry, or None if it is not held."""
        base = self._base.get(log)
        if base is None or number < base.size:
            return next(iter(self._store.ids(log, number, 1)), None)
        fresh = self._fresh[log]
        return fresh[number - base.size] if number - base.size < len(fresh) else None

    def remember(self, log: LogId, size: int, root: bytes) -> None:
        """Keep a root that was just worked out anyway."""
        if len(self._known) >= _CACHE_MAX:
            for key in list(self._known)[: _CACHE_MAX // 2]:
                del self._known[key]
        self._known[(log, size)] = root


class BookReader:
    """What the views may read: the store's derived rows and leaves, and roots of any prefix."""

    def __init__(self, store: StoreReads, roots: Roots) -> None:
        self._store = store
        self.root_at = roots.root_at

    def leaves(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give entries' bytes from disk."""
        return self._store.leaves(log, first, count)

    def folds(self, log: LogId, first: int, count: int) -> list[FoldRow]:
        """Give fold rows from disk."""
        return self._store.folds(log, first, count)

    def parts(self, channel: str, subject: str) -> list[tuple[LogId, int]]:
        """Give a subject's entries on disk."""
        return self._store.parts(channel, subject)

    def folded(self, log: LogId) -> int:
        """Give how far a log is folded on disk."""
        return self._store.folded(log)

    def ids(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give entries' leaf hashes from disk."""
        return self._store.ids(log, first, count)

    def recent(self, channel: str, kinds: Collection[str], *, before: Place | None, count: int) -> list[FoldRow]:
        """Give the newest folded entries of some kinds on disk."""
        return self._store.recent(channel, kinds, before=before, count=count)

    def values(self, space: str, *, prefix: str = "", after: str = "", count: int = 1000) -> list[tuple[str, bytes]]:
        """Give values from disk."""
        return self._store.values(space, prefix=prefix, after=after, count=count)

    def logs(self) -> list[LogId]:
        """Give every log on disk."""
        return self._store.logs()

    def value(self, space: str, key: str) -> bytes | None:
        """Give one value from disk."""
        return self._store.value(space, key)
