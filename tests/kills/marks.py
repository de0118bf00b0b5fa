"""What the node's process and its keeper see together: which commit is under way. Shared memory survives a kill."""

from __future__ import annotations

import mmap
import os
import select
import struct
import time
from collections.abc import Callable, Sequence

from parley.storage.port import Row

_BEGUN, _DONE, _WANTED, _TOOK_NS = range(4)


class Marks:
    """Four numbers in shared memory, and a pipe that rings when the wanted commit begins."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 4096)
        self._hears, self._rings = os.pipe()

    def _get(self, place: int) -> int:
        return int(struct.unpack_from("<Q", self._memory, place * 8)[0])

    def _put(self, place: int, value: int) -> None:
        struct.pack_into("<Q", self._memory, place * 8, value)

    # --- in the node's process

    def watched(self, commit: Callable[[Sequence[Row]], None]) -> Callable[[Sequence[Row]], None]:
        """Wrap a store's `commit`, so that the keeper sees it begin and end."""

        def run(rows: Sequence[Row]) -> None:
            if not rows:
                return commit(rows)
            begun = self._get(_BEGUN) + 1
            self._put(_BEGUN, begun)
            if begun == self._get(_WANTED):
                os.write(self._rings, b"!")
            since = time.perf_counter_ns()
            try:
                commit(rows)
            finally:
                self._put(_TOOK_NS, time.perf_counter_ns() - since)
                self._put(_DONE, begun)
            return None

        return run

    # --- in the keeper

    def wait_for(self, more: int, within_s: float) -> bool:
        """Wait until the commit `more` from now begins; False if it did not within that time."""
        self._put(_WANTED, self._get(_BEGUN) + more)
        ready, _, _ = select.select([self._hears], [], [], within_s)
        return bool(ready)

    def pause(self, share: float) -> None:
        """Let a share of the time that the last commit took go by, to the microsecond."""
        until = time.perf_counter_ns() + int(share * min(self._get(_TOOK_NS), 20_000_000))
        while time.perf_counter_ns() < until:
            pass

    @property
    def under_way(self) -> bool:
        """Say whether a commit has begun and not ended; after a kill: whether it died in one."""
        return self._get(_BEGUN) != self._get(_DONE)

    @property
    def commits(self) -> int:
        """Give how many commits have begun."""
        return self._get(_BEGUN)

    def close(self) -> None:
        """Let go."""
        self._memory.close()
        os.close(self._hears)
        os.close(self._rings)
