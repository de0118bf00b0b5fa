"""Reading the SQLite file: one connection, for one thread at a time, always of the last finished commit.

Owns: every SELECT; the check that what is read is what was written; a bounded cache of subtree hashes.
Does not own: writing (sqlite.py).
Always true:
  1. A leaf is given only if it hashes to its id, any other row only if its sum fits; a missing row in the middle of
     a log is `storage.corrupt`.
  2. What is kept in memory does not grow with the record: two generations of at most 4,096 hashes.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final
from zlib import crc32

import apsw

from parley.errors import OurMistake
from parley.record.names import LogId
from parley.record.tree import Frontier, node_hash, root_at
from parley.storage.file import corrupt, trouble
from parley.storage.port import (
    SIGNATURE_KINDS,
    VERDICTS,
    FoldRow,
    LogHashes,
    Place,
    SignatureKind,
    SignatureRow,
)

# A key is (log << 40 | number): one integer primary key, so entries of a log lie together and need no index.
NUMBER_BITS: Final = 40
SPAN: Final = 1 << NUMBER_BITS
# Complete subtrees whose hashes are kept: of 2^8, 2^16, 2^24 leaves. A hash below is folded from at most 255 ids,
# one between from at most 128 kept hashes; the table costs one row for 256 entries.
KEPT_LEVELS: Final = (8, 16, 24)
_CACHED: Final = 4_096
_KIND_NUMBERS: Final = {kind: number for number, kind in enumerate(SIGNATURE_KINDS)}
_FOLD_COLUMNS: Final = "key, turn, verdict, kind, subject, at, reason, sum"
_NUMBER: Final = re.compile(r"[0-9]{1,13}")  # a subject's text may come from a peer: never int() what is longer
_place = attrgetter("place")


class Known:
    """What writer and readers share about one log; changed only after a commit, by the writer."""

    __slots__ = ("folded", "log", "number", "size", "turn")

    def __init__(self, log: LogId, number: int) -> None:
        self.log = log
        self.number = number  # our own small number for this log, in every key
        self.size = 0
        self.folded = 0
        self.turn = 0

    @property
    def shown(self) -> int:
        """How many entries may be given with their folds, also in the middle of the writer's telling."""
        return min(self.folded, self.size)


class HashCache:
    """Hashes of complete subtrees, which never change. Two generations: when the young is full, the old goes."""

    __slots__ = ("_old", "_young")

    def __init__(self) -> None:
        self._young: dict[tuple[int, int, int], bytes] = {}
        self._old: dict[tuple[int, int, int], bytes] = {}

    def get(self, key: tuple[int, int, int]) -> bytes | None:
        """Give a hash by (log number, level, index)."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: tuple[int, int, int], value: bytes) -> None:
        """Keep a hash for a while."""
        if len(self._young) >= _CACHED:
            self._old, self._young = self._young, {}
        self._young[key] = value


def signature_key(number: int, kind: SignatureKind, size: int) -> int:
    """Give the key of a signature: by log, then kind, then size."""
    return (number * 4 + _KIND_NUMBERS[kind]) * SPAN + size


def kept_key(number: int, level: int, index: int) -> int:
    """Give the key of a kept subtree hash."""
    return (number * 4 + level // 8) * SPAN + index


def opens(subject: str, log: LogId, number: int) -> bool:
    """Say whether this subject is named after this very entry, so that it can be found without an index."""
    return subject.endswith(f"/{log.side}/{log.epoch}/{number}")


# Sums over what has no hash of its own. SQLite has none over its pages: a flipped bit must not become a wrong word.


def hash_sum(key: int, value: bytes) -> int:
    """Give the sum of a kept hash."""
    return crc32(b"%d " % key + value)


def signature_sum(key: int, at_s: int, root: bytes, signature: bytes) -> int:
    """Give the sum of a signature row."""
    return crc32(b"%d %d " % (key, at_s) + root + signature)


def fold_sum(key: int, turn: int, verdict: int, kind: str, subject: str, at: str, reason: str) -> int:
    """Give the sum of a fold row."""
    return crc32(f"{key} {turn} {verdict} {kind}\0{subject}\0{at}\0{reason}".encode())


def value_sum(space: str, key: str, value: bytes) -> int:
    """Give the sum of a value."""
    return crc32(f"{space}\0{key}\0".encode() + value)


class Reading:
    """`StoreReads` over one connection."""

    def __init__(self, connection: apsw.Connection, known: dict[LogId, Known], cache: HashCache) -> None:
        self._connection = connection
        self._known = known
        self._cache = cache

    def close(self) -> None:
        """Close this connection."""
        self._connection.close()

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Any]:  # Any: what SQLite gives, typed by each caller
        try:
            return self._connection.execute(sql, values).fetchall()
        except apsw.Error as error:
            raise trouble(error, "reading the record") from error

    def logs(self) -> list[LogId]:
        """Give every log, sorted."""
        return sorted(self._known)

    def size(self, log: LogId) -> int:
        """Give the number of entries held."""
        known = self._known.get(log)
        return known.size if known else 0

    def folded(self, log: LogId) -> int:
        """Give how many entries are folded."""
        known = self._known.get(log)
        return known.folded if known else 0

    def _between(self, log: LogId, first: int, count: int) -> tuple[int, int]:
        """Give the keys [start, end) of up to `count` entries from `first`."""
        known = self._known.get(log)
        if known is None or first >= known.size or count <= 0:
            return 0, 0
        base = known.number * SPAN
        return base + first, base + min(first + count, known.size)

    def leaves(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give the bytes of some entries, each checked to its id."""
        start, end = self._between(log, first, count)
        if start == end:
            return []
        rows = self._rows("SELECT id, leaf FROM entries WHERE key >= ? AND key < ? ORDER BY key", (start, end))
        if len(rows) != end - start:
            raise corrupt(f"{log}: expected {end - start} entries from {first}, got {len(rows)}")
        for number, (name, leaf) in enumerate(rows, first):
            if sha256(b"\x00" + leaf).digest() != name:
                raise corrupt(f"{log}: entry {number} does not hash to its id")
        return [leaf for _, leaf in rows]

    def ids(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give the leaf hashes of some entries."""
        start, end = self._between(log, first, count)
        if start == end:
            return []
        rows = self._rows("SELECT id FROM entries WHERE key >= ? AND key < ? ORDER BY key", (start, end))
        if len(rows) != end - start:
            raise corrupt(f"{log}: expected {end - start} entries from {first}, got {len(rows)}")
        return [name for (name,) in rows]

    def subtree(self, log: LogId, level: int, index: int) -> bytes:
        """Give the hash of one complete subtree."""
        known = self._known.get(log)
        if known is None or level < 0 or index < 0 or (index + 1) << level > known.size:
            raise OurMistake("storage.subtree", f"subtree {level}/{index} of {log} is not held")
        return self._subtree(known, level, index)

    def _subtree(self, known: Known, level: int, index: int) -> bytes:
        key = (known.number, level, index)
        found = self._cache.get(key)
        if found is not None:
            return found
        below = max((kept for kept in (0, *KEPT_LEVELS) if kept <= level), default=0)
        count = 1 << (level - below)
        if below == 0:
            hashes = self.ids(known.log, index * count, count)
        else:
            start = kept_key(known.number, below, index * count)
            sql = "SELECT key, hash, sum FROM hashes WHERE key >= ? AND key < ? ORDER BY key"
            rows = self._rows(sql, (start, start + count))
            hashes = [row[1] for row in rows if hash_sum(row[0], row[1]) == row[2]]
        if len(hashes) != count:
            raise corrupt(f"{known.log}: hashes of subtree {level}/{index} are missing")
        self._keep(known.number, below, index * count, hashes)
        for step in range(below + 1, level + 1):
            hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
            self._keep(known.number, step, index << (level - step), hashes)
        return hashes[0]

    def _keep(self, number: int, level: int, first: int, hashes: list[bytes]) -> None:
        if len(hashes) <= 128:  # the bottom row of a wide subtree is not worth its place
            for at, found in enumerate(hashes, first):
                self._cache.put((number, level, at), found)

    def frontier(self, log: LogId) -> Frontier:
        """Give the growing edge of the log."""
        known = self._known.get(log)
        if known is None:
            return Frontier()
        size = known.size
        bits = [bit for bit in range(size.bit_length()) if size >> bit & 1]
        return Frontier(size, [self._subtree(known, bit, (size >> bit) - 1) for bit in reversed(bits)])

    def root_at(self, log: LogId, size: int) -> bytes | None:
        """Give the root of the first `size` entries, or None if fewer are held."""
        return root_at(size, LogHashes(self, log)) if 0 <= size <= self.size(log) else None

    def _signatures(self, log: LogId, kind: SignatureKind, sql: str, first: int, count: int) -> list[SignatureRow]:
        known = self._known.get(log)
        if known is None:
            return []
        base = signature_key(known.number, kind, 0)
        found = []
        for key, at_s, root, signature, seen in self._rows(sql, (base + first, base + SPAN, count)):
            if signature_sum(key, at_s, root, signature) != seen:
                raise corrupt(f"{log}: signature {kind} over {key - base} entries")
            found.append(SignatureRow(log, kind, key - base, root, at_s, signature))
        return found

    def signatures(self, log: LogId, kind: SignatureKind, first: int, count: int) -> list[SignatureRow]:
        """Give some signatures by size."""
        sql = "SELECT key, at_s, root, signature, sum FROM signatures WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"
        return self._signatures(log, kind, sql, first, count)

    def signature(self, log: LogId, kind: SignatureKind, *, at_least: int) -> SignatureRow | None:
        """Give the signature with the smallest size >= at_least."""
        found = self.signatures(log, kind, at_least, 1)
        return found[0] if found else None

    def newest_signature(self, log: LogId, kind: SignatureKind) -> SignatureRow | None:
        """Give the signature with the greatest size."""
        columns = "key, at_s, root, signature, sum"
        sql = f"SELECT {columns} FROM signatures WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?"  # noqa: S608
        found = self._signatures(log, kind, sql, 0, 1)
        return found[0] if found else None

    def folds(self, log: LogId, first: int, count: int) -> list[FoldRow]:
        """Give some fold rows."""
        known = self._known.get(log)
        if known is None or first >= known.folded or count <= 0:
            return []
        start = known.number * SPAN + first
        end = known.number * SPAN + min(first + count, known.folded)
        sql = f"SELECT {_FOLD_COLUMNS} FROM folds WHERE key >= ? AND key < ? ORDER BY key"  # noqa: S608 - constant
        rows = [self._fold(known, row) for row in self._rows(sql, (start, end))]
        if len(rows) != end - start:
            raise corrupt(f"{log}: expected {end - start} fold rows from {first}, got {len(rows)}")
        return rows

    def _fold(self, known: Known, row: tuple[int, int, int, str, str, str, str, int]) -> FoldRow:
        key, turn, verdict, kind, subject, at, reason, seen = row
        log = known.log
        if fold_sum(key, turn, verdict, kind, subject, at, reason) != seen:
            raise corrupt(f"{log}: fold row {key & (SPAN - 1)}")
        return FoldRow(log, key & (SPAN - 1), log.channel, subject, kind, turn, VERDICTS[verdict], reason, at)

    def parts(self, channel: str, subject: str) -> list[tuple[LogId, int]]:
        """Give every folded entry about this subject."""
        keys = self._rows("SELECT key, turn FROM folds WHERE subject = ? AND opens = 0", (subject,))
        head = subject.rsplit("/", 3)
        numbers = {known.number: known for known in list(self._known.values()) if known.log.channel == channel}
        if len(head) == 4 and _NUMBER.fullmatch(head[2]) and _NUMBER.fullmatch(head[3]):
            known = self._known.get(LogId(channel, head[1], int(head[2])))
            if known is not None and int(head[3]) < known.shown:
                key = known.number * SPAN + int(head[3])
                keys += self._rows("SELECT key, turn FROM folds WHERE key = ? AND subject = ?", (key, subject))
        found = []
        for key, turn in keys:
            about, number = numbers.get(key >> NUMBER_BITS), key & (SPAN - 1)
            # A commit may be on the disk and not yet told: who is given a part here asks for its fold next.
            if about is not None and number < about.shown:
                found.append((turn, about.log.side, about.log.epoch, number, about.log))
        return [(row[4], row[3]) for row in sorted(set(found))]

    def recent(self, channel: str, kinds: Collection[str], *, before: Place | None, count: int) -> list[FoldRow]:
        """Give fold rows of these kinds, newest first. No index: along one log the turn never goes back."""
        wanted = json.dumps(list(kinds))
        logs = [known for known in list(self._known.values()) if known.log.channel == channel]
        ways = [self._newest_first(known, wanted, before, count) for known in logs]
        merged = heapq.merge(*ways, key=_place, reverse=True)
        return [row for row, _ in zip(merged, range(count), strict=False)]

    def _newest_first(self, known: Known, kinds: str, before: Place | None, count: int) -> Iterator[FoldRow]:
        base = known.number * SPAN
        end = known.shown if before is None else self._below(known, before)
        sql = (
            f"SELECT {_FOLD_COLUMNS} FROM folds WHERE key >= ? AND key < ? "  # noqa: S608 - constant
            "AND kind IN (SELECT value FROM json_each(?)) ORDER BY key DESC LIMIT ?"
        )
        return (self._fold(known, row) for row in self._rows(sql, (base, base + end, kinds, count)))

    def _below(self, known: Known, before: Place) -> int:
        """Give how many fold rows of this log stand below a place, by halving."""
        low, high, base = 0, known.shown, known.number * SPAN
        while low < high:
            middle = (low + high) // 2
            rows = self._rows("SELECT turn FROM folds WHERE key = ?", (base + middle,))
            if not rows:
                raise corrupt(f"{known.log}: fold row {middle} is missing")
            if (rows[0][0], known.log.side, known.log.epoch, middle) < before:
                low = middle + 1
            else:
                high = middle
        return low

    def check_log(self, log: LogId) -> None:
        """Read all of one log and see that its leaves, hashes, signed roots, folds and signatures fit together.

        Raises: Unavailable `storage.corrupt`.
        """
        fresh, size = Frontier(), self.size(log)
        roots = {row.size: row.root for row in self._each_signature(log) if row.size <= size}
        for first in range(0, size, 256):
            for leaf in self.leaves(log, first, 256):
                fresh.append(sha256(b"\x00" + leaf).digest())
                if roots.pop(fresh.size, None) not in (None, fresh.root()):
                    raise corrupt(f"{log}: the first {fresh.size} entries do not hash to the root that is signed")
            self.folds(log, first, 256)
        if fresh.root() != self.frontier(log).root():
            raise corrupt(f"{log}: a kept hash")

    def _each_signature(self, log: LogId) -> Iterator[SignatureRow]:
        for kind in SIGNATURE_KINDS:
            first = 0
            while rows := self.signatures(log, kind, first, 256):
                yield from rows
                first = rows[-1].size + 1

    def value(self, space: str, key: str) -> bytes | None:
        """Give one value, or None."""
        rows = self._rows("SELECT value, sum FROM vals WHERE space = ? AND key = ?", (space, key))
        return self._value(space, key, *rows[0]) if rows else None

    @staticmethod
    def _value(space: str, key: str, value: bytes, seen: int) -> bytes:
        if value_sum(space, key, value) != seen:
            raise corrupt(f"a value of {space}")
        return value

    def values(self, space: str, *, prefix: str = "", after: str = "", count: int = 1000) -> list[tuple[str, bytes]]:
        """Give some values by key."""
        sql = "SELECT key, value, sum FROM vals WHERE space = ? AND key >= ? AND key > ? ORDER BY key LIMIT ?"
        found: list[tuple[str, bytes]] = []
        for key, value, seen in self._rows(sql, (space, prefix, after, count)):
            if not key.startswith(prefix):
                break
            found.append((key, self._value(space, key, value, seen)))
        return found
