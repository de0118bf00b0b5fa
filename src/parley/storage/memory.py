"""A store in memory, for the simulation and for tests: fast, and able to fail in every way a disk can.

Owns: the rows of one node; a disk that fills up, turns read-only, fails, crashes between commits and is restored.
Does not own: the clock and the dice (sim/ hands in `random.Random`).
Always true: as in port.py; a commit begun but not finished is not to be seen, and a crash keeps or drops it whole.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from random import Random
from typing import Final

from parley.errors import OurMistake, Unavailable, ensure
from parley.record.names import LogId
from parley.record.tree import Frontier, node_hash, root_at
from parley.storage.checking import Batch, check
from parley.storage.port import (
    EntryRow,
    FoldRow,
    LogHashes,
    Place,
    Row,
    SignatureKind,
    SignatureRow,
    StoreIdentity,
)
from parley.storage.trouble import SENTENCES

_place = attrgetter("place")
_MEMORY_SCHEMA: Final = 1


class _Log:
    """One log: leaves, every complete subtree by level, folds, signatures by kind and size."""

    __slots__ = ("folds", "leaves", "levels", "signatures")

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.levels: list[list[bytes]] = [[]]
        self.folds: list[FoldRow] = []
        self.signatures: dict[SignatureKind, tuple[list[int], list[SignatureRow]]] = {}

    def append(self, row: EntryRow) -> None:
        self.leaves.append(row.leaf)
        seen, number, level, levels = row.id, row.number, 0, self.levels
        levels[0].append(seen)
        while number & 1:
            seen = node_hash(levels[level][-2], seen)
            number >>= 1
            level += 1
            if level == len(levels):
                levels.append([])
            levels[level].append(seen)

    def copy(self) -> _Log:
        other = _Log()
        other.leaves = self.leaves.copy()
        other.levels = [level.copy() for level in self.levels]
        other.folds = self.folds.copy()
        other.signatures = {kind: (sizes.copy(), rows.copy()) for kind, (sizes, rows) in self.signatures.items()}
        return other


@dataclass(slots=True)
class Snapshot:
    """All rows at one moment: a backup, or what a disk held when it was last synced."""

    logs: dict[LogId, _Log] = field(default_factory=dict)
    parts: dict[tuple[str, str], list[tuple[Place, LogId]]] = field(default_factory=dict)
    values: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def copy(self) -> Snapshot:
        return Snapshot(
            {log: held.copy() for log, held in self.logs.items()},
            {about: places.copy() for about, places in self.parts.items()},
            {space: held.copy() for space, held in self.values.items()},
        )


class MemoryStore:
    """`Store` in memory. `fault` set to a code of trouble.SENTENCES makes every commit fail with it until cleared.

    With `lazy` on, commits are seen at once but only `sync()` makes them safe: a store that lies about fsync, for
    showing that the checkers notice (docs/track-record.md).
    """

    def __init__(self, store: str = "0" * 32) -> None:
        self._store = store
        self._rows = Snapshot()
        self._begun: Batch | None = None
        self._synced: Snapshot | None = None
        self._unsynced: list[Batch] = []
        self._faults: list[str] = []
        self.fault = ""
        self.lazy = False
        self.commits = 0

    # --- writing

    def commit(self, rows: Sequence[Row]) -> None:
        """Store all rows, or none."""
        self.begin(rows)
        self.finish()

    def begin(self, rows: Sequence[Row]) -> None:
        """Hand a commit to the disk. Until `finish` nothing of it is seen; a crash between keeps it or drops it."""
        ensure(self._begun is None, "a commit was begun before the last one was finished")
        code = self._faults.pop(0) if self._faults else self.fault
        if code:
            raise Unavailable(code, SENTENCES[code])
        self._begun = check(rows, self)

    def finish(self) -> None:
        """The disk has it: the commit begun becomes visible and safe."""
        batch, self._begun = self._begun, None
        if batch is None:
            raise OurMistake("storage.finish", "no commit was begun")
        if self.lazy:
            self._synced = self._synced or self._rows.copy()
            self._unsynced.append(batch)
        self._apply(batch)
        self.commits += 1

    def sync(self) -> None:
        """Make what a lazy store took safe."""
        self._synced = None
        self._unsynced.clear()

    # --- trouble

    def fail_next(self, code: str, times: int = 1) -> None:
        """Let the next commits fail once each with this code, e.g. `storage.full`."""
        ensure(code in SENTENCES, f"no such trouble: {code}")
        self._faults.extend([code] * times)

    def crash(self, dice: Random) -> bool:
        """Lose power: a commit begun is kept or dropped whole; of lazy ones a prefix stays. True if one was lost."""
        begun, self._begun = self._begun, None
        lost = False
        if self._synced is not None:
            batches, self._unsynced = self._unsynced, []
            self._rows, self._synced = self._synced, None
            kept = dice.randint(0, len(batches))
            for batch in batches[:kept]:
                self._apply(batch)
            if kept < len(batches):
                return True
        if begun is not None:
            if dice.random() < 0.5:
                self._apply(begun)
            else:
                lost = True
        return lost

    def snapshot(self) -> Snapshot:
        """Take a backup."""
        return self._rows.copy()

    def restore(self, snapshot: Snapshot, store: str) -> None:
        """Put a backup back; `store` is the new identity that a restored store draws."""
        self._rows = snapshot.copy()
        self._store = store
        self._begun = None
        self.sync()

    # --- what the rules ask (checking.Held)

    def ends(self, log: LogId) -> tuple[int, int, int]:
        """Give (entries held, entries folded, turn of the last fold)."""
        held = self._rows.logs.get(log)
        if held is None:
            return 0, 0, 0
        return len(held.leaves), len(held.folds), held.folds[-1].turn if held.folds else 0

    def held_id(self, log: LogId, number: int) -> bytes:
        """Give the id of an entry that is held."""
        return self._rows.logs[log].levels[0][number]

    def held_fold(self, log: LogId, number: int) -> FoldRow:
        """Give a fold row that is held."""
        return self._rows.logs[log].folds[number]

    def signed_root(self, log: LogId, kind: SignatureKind, size: int) -> bytes | None:
        """Give the root that a held signature is over."""
        found = self.signatures(log, kind, size, 1)
        return found[0].root if found and found[0].size == size else None

    def _apply(self, batch: Batch) -> None:
        held = self._rows
        logs = held.logs
        for entry in batch.entries:
            self._log(entry.log).append(entry)
        for fold in batch.folds:
            logs[fold.log].folds.append(fold)
            insort(held.parts.setdefault((fold.channel, fold.subject), []), (fold.place, fold.log))
        for signature in batch.signatures:
            sizes, found = self._log(signature.log).signatures.setdefault(signature.kind, ([], []))
            at = bisect_left(sizes, signature.size)
            if sizes[at : at + 1] == [signature.size]:
                found[at] = signature
                continue
            sizes.insert(at, signature.size)
            found.insert(at, signature)
        for value in batch.values:
            if value.value is None:
                held.values.get(value.space, {}).pop(value.key, None)
            else:
                held.values.setdefault(value.space, {})[value.key] = value.value

    def _log(self, log: LogId) -> _Log:
        held = self._rows.logs.get(log)
        if held is None:
            held = self._rows.logs[log] = _Log()
        return held

    # --- reading

    def identity(self) -> StoreIdentity:
        """Say which store this is."""
        return StoreIdentity(self._store, _MEMORY_SCHEMA, "0.1.0")

    def tidy(self) -> bool:
        """Nothing to do."""
        return False

    def close(self) -> None:
        """Nothing to let go of: the rows stay, as on a disk."""

    def logs(self) -> list[LogId]:
        """Give every log, sorted."""
        return sorted(self._rows.logs)

    def size(self, log: LogId) -> int:
        """Give the number of entries held."""
        held = self._rows.logs.get(log)
        return len(held.leaves) if held else 0

    def leaves(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give the bytes of some entries."""
        held = self._rows.logs.get(log)
        return held.leaves[first : first + count] if held else []

    def ids(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give the leaf hashes of some entries."""
        held = self._rows.logs.get(log)
        return held.levels[0][first : first + count] if held else []

    def subtree(self, log: LogId, level: int, index: int) -> bytes:
        """Give the hash of one complete subtree."""
        held = self._rows.logs.get(log)
        if held is None or not 0 <= level < len(held.levels) or not 0 <= index < len(held.levels[level]):
            raise OurMistake("storage.subtree", f"subtree {level}/{index} of {log} is not held")
        return held.levels[level][index]

    def frontier(self, log: LogId) -> Frontier:
        """Give the growing edge of the log."""
        held = self._rows.logs.get(log)
        if held is None:
            return Frontier()
        size = len(held.leaves)
        peaks = [held.levels[bit][(size >> bit) - 1] for bit in range(size.bit_length()) if size >> bit & 1]
        return Frontier(size, reversed(peaks))

    def root_at(self, log: LogId, size: int) -> bytes | None:
        """Give the root of the first `size` entries, or None if fewer are held."""
        return root_at(size, LogHashes(self, log)) if 0 <= size <= self.size(log) else None

    def signature(self, log: LogId, kind: SignatureKind, *, at_least: int) -> SignatureRow | None:
        """Give the signature with the smallest size >= at_least."""
        found = self.signatures(log, kind, at_least, 1)
        return found[0] if found else None

    def newest_signature(self, log: LogId, kind: SignatureKind) -> SignatureRow | None:
        """Give the signature with the greatest size."""
        held = self._rows.logs.get(log)
        return held.signatures[kind][1][-1] if held and kind in held.signatures else None

    def signatures(self, log: LogId, kind: SignatureKind, first: int, count: int) -> list[SignatureRow]:
        """Give some signatures by size."""
        held = self._rows.logs.get(log)
        if held is None or kind not in held.signatures:
            return []
        sizes, rows = held.signatures[kind]
        at = bisect_left(sizes, first)
        return rows[at : at + count]

    def folded(self, log: LogId) -> int:
        """Give how many entries are folded."""
        held = self._rows.logs.get(log)
        return len(held.folds) if held else 0

    def folds(self, log: LogId, first: int, count: int) -> list[FoldRow]:
        """Give some fold rows."""
        held = self._rows.logs.get(log)
        return held.folds[first : first + count] if held else []

    def parts(self, channel: str, subject: str) -> list[tuple[LogId, int]]:
        """Give every folded entry about this subject."""
        return [(log, place[3]) for place, log in self._rows.parts.get((channel, subject), ())]

    def recent(self, channel: str, kinds: Collection[str], *, before: Place | None, count: int) -> list[FoldRow]:
        """Give fold rows of these kinds, newest first."""

        def newest_first(folds: list[FoldRow]) -> Iterator[FoldRow]:
            end = len(folds) if before is None else bisect_left(folds, before, key=_place)
            return (folds[at] for at in range(end - 1, -1, -1) if folds[at].kind in kinds)

        ways = [newest_first(held.folds) for log, held in self._rows.logs.items() if log.channel == channel]
        merged = heapq.merge(*ways, key=_place, reverse=True)
        return [row for row, _ in zip(merged, range(count), strict=False)]

    def value(self, space: str, key: str) -> bytes | None:
        """Give one value, or None."""
        return self._rows.values.get(space, {}).get(key)

    def values(self, space: str, *, prefix: str = "", after: str = "", count: int = 1000) -> list[tuple[str, bytes]]:
        """Give some values by key."""
        held = self._rows.values.get(space, {})
        keys = sorted(held)
        start = bisect_right(keys, after) if after >= prefix and after else bisect_left(keys, prefix)
        found: list[tuple[str, bytes]] = []
        for key in keys[start:]:
            if len(found) == count or not key.startswith(prefix):
                break
            found.append((key, held[key]))
        return found
