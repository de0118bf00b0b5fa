"""What a store keeps and what it promises; every store passes tests/contracts/.

Owns: the rows, their rules, the two protocols (`StoreReads` for who only looks, `Store` for the one writer).
Does not own: what an entry means (subjects/), who may write when (line/), any engine (memory.py, sqlite.py).
Always true:
  1. A commit is all there or not at all, and is on the disk when `commit` returns (DESIGN 2.2).
  2. A log only grows: entry `number` is stored at place `number`, once, and never changes (DESIGN 2.3, 2.4).
  3. Fold rows of a log follow its entries in order and never overtake them; their turn never goes back.
  4. The first signature over a (log, kind, size) is kept for ever; a second one never replaces it (DESIGN 3).
  5. What is read back is what was written, or Unavailable `storage.corrupt`; never something else.
Read first: docs/protocol/storage.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

from parley import limits
from parley.record.names import LogId
from parley.record.tree import Frontier

SignatureKind = Literal["own-ed", "own-pq", "co-ed", "co-pq"]
"""own = by the log's author; co = by the other side, which holds these bytes; ed = Ed25519, pq = ML-DSA-44."""
SIGNATURE_KINDS: Final[tuple[SignatureKind, ...]] = ("own-ed", "own-pq", "co-ed", "co-pq")

Verdict = Literal["valid", "not-valid", "unreadable", "newer"]
VERDICTS: Final[tuple[Verdict, ...]] = ("valid", "not-valid", "unreadable", "newer")

_PAGES: Final = 16  # so many times what is wanted of a side is looked through: the rest may be a flood of the other's

Place = tuple[int, str, int, int]
"""Where a folded entry stands in its channel: (turn, side, epoch, number)."""


class EntryRow(NamedTuple):  # as FoldRow: made for every entry, at a third of a dataclass's cost
    """One entry of a log, as the bytes that were hashed; `id` is their leaf hash (32 bytes)."""

    log: LogId
    number: int
    id: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature over (log, size, root); `at_s` is the cosigner's time in seconds, 0 for the author's own."""

    log: LogId
    kind: SignatureKind
    size: int
    root: bytes
    at_s: int
    signature: bytes


class FoldRow(NamedTuple):
    """What folding said of one entry. An index of the record, never the truth: it can be made again from the leaves."""

    log: LogId
    number: int
    channel: str
    subject: str
    kind: str
    turn: int
    verdict: Verdict
    reason: str
    at: str

    @property
    def place(self) -> Place:
        return (self.turn, self.log.side, self.log.epoch, self.number)


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value beside the record; None deletes it. Spaces named `private.…` never cross the line (DESIGN 2.9)."""

    space: str
    key: str
    value: bytes | None


Row = EntryRow | SignatureRow | FoldRow | ValueRow


@dataclass(frozen=True, slots=True)
class StoreIdentity:
    """Which store this is.

    store: 32 hex digits drawn when the store was made, and drawn anew when one is restored from a backup: a copy
        can be told from the original.
    schema: Number of the form on disk.
    oldest_program: The oldest Parley that may open it.
    """

    store: str
    schema: int
    oldest_program: str


class StoreReads(Protocol):
    """What everybody may ask. All reads are of the last finished commit; all raise Unavailable if the disk fails."""

    def logs(self) -> list[LogId]:
        """Give every log that has an entry or a signature, sorted."""
        ...

    def size(self, log: LogId) -> int:
        """Give the number of entries held of this log; 0 if it is unknown."""
        ...

    def leaves(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give the bytes of up to `count` entries from `first`; fewer at the end of the log. Checked to their ids."""
        ...

    def ids(self, log: LogId, first: int, count: int) -> list[bytes]:
        """Give the leaf hashes of the same entries."""
        ...

    def subtree(self, log: LogId, level: int, index: int) -> bytes:
        """Give the hash over leaves [index << level, (index + 1) << level). OurMistake if they are not all held."""
        ...

    def frontier(self, log: LogId) -> Frontier:
        """Give a fresh frontier of the whole log, to append to."""
        ...

    def root_at(self, log: LogId, size: int) -> bytes | None:
        """Give the root of the first `size` entries, or None if fewer are held."""
        ...

    def signature(self, log: LogId, kind: SignatureKind, *, at_least: int) -> SignatureRow | None:
        """Give the signature with the smallest size >= at_least: for co kinds, the first that covers an entry."""
        ...

    def newest_signature(self, log: LogId, kind: SignatureKind) -> SignatureRow | None:
        """Give the signature with the greatest size."""
        ...

    def signatures(self, log: LogId, kind: SignatureKind, first: int, count: int) -> list[SignatureRow]:
        """Give up to `count` signatures with size >= first, by size."""
        ...

    def folded(self, log: LogId) -> int:
        """Give how many entries of this log are folded: the number of the first that is not."""
        ...

    def folds(self, log: LogId, first: int, count: int) -> list[FoldRow]:
        """Give up to `count` fold rows from number `first`."""
        ...

    def parts(self, channel: str, subject: str) -> list[tuple[LogId, int]]:
        """Give every folded entry about this subject, whatever its verdict, by (turn, side, epoch, number)."""
        ...

    def recent(self, channel: str, kinds: Collection[str], *, before: Place | None, count: int) -> list[FoldRow]:
        """Give up to `count` fold rows of these kinds, newest first by place, all below `before`."""
        ...

    def value(self, space: str, key: str) -> bytes | None:
        """Give one value, or None."""
        ...

    def values(self, space: str, *, prefix: str = "", after: str = "", count: int = 1000) -> list[tuple[str, bytes]]:
        """Give up to `count` (key, value) with that prefix and key > after, by key (code points)."""
        ...


class Store(StoreReads, Protocol):
    """A store with its one writer. `commit` is called from one thread; reads from one other."""

    def commit(self, rows: Sequence[Row]) -> None:
        """Store all rows in one atomic, synced transaction.

        Rows already there, byte for byte, change nothing, so a commit may be repeated after a doubt.

        Raises:
            Unavailable: `storage.full`, `storage.readonly`, `storage.corrupt`, `storage.failed`, `storage.closed`.
                Nothing of it is to be seen; after a restart all of it may be there, or nothing.
            OurMistake: A gap, a changed entry, a fold out of order, another root under a signed size. Nothing changed.
        """
        ...

    def tidy(self) -> bool:
        """Do some of the housekeeping that can wait; says whether there is more. Never raises.

        The writer's thread calls it when no commit waits, and again while there is more and still none waits.
        """
        ...

    def identity(self) -> StoreIdentity:
        """Say which store this is."""
        ...

    def close(self) -> None:
        """Let go of the files. Closing twice changes nothing."""
        ...


class Folded(Protocol):
    """Who can give the fold rows of a channel."""

    def recent(self, channel: str, kinds: Collection[str], *, before: Place | None, count: int) -> list[FoldRow]: ...


def latest(reads: Folded, channel: str, kinds: Collection[str], *, of_a_side: int) -> Iterator[FoldRow]:
    """Give the latest valid entries of these kinds, newest first: up to so many of either side, each for itself.

    Where one side wrote far more than the other, no more than 16 times as many are looked through.
    """
    given: Counter[str] = Counter()
    before: Place | None = None
    for _ in range(_PAGES):
        rows = reads.recent(channel, kinds, before=before, count=of_a_side)
        for row in rows:
            if row.verdict == "valid" and given[row.log.side] < of_a_side:
                given[row.log.side] += 1
                yield row
        if len(rows) < of_a_side:
            return
        before = rows[-1].place


class LogHashes:
    """Reads one log's subtree hashes, as the proofs of record.tree want them."""

    __slots__ = ("_log", "_store")

    def __init__(self, store: StoreReads, log: LogId) -> None:
        self._store = store
        self._log = log

    def subtree(self, level: int, index: int) -> bytes:
        """Give the hash of the complete subtree over leaves [index << level, (index + 1) << level)."""
        return self._store.subtree(self._log, level, index)


def chunk_count(size: int) -> int:
    """Give how many 64 KiB chunks a file of `size` bytes (at least 1) has."""
    return -(-size // limits.CHUNK_BYTES)


def chunk_bytes(size: int, index: int) -> int:
    """Give the length of one chunk: 64 KiB for all but the last."""
    return min(limits.CHUNK_BYTES, size - index * limits.CHUNK_BYTES)


class Chunks(Protocol):
    """What the line asks of the place where attachments are kept (chunks.py, or a test's own)."""

    def held(self, root: bytes) -> int | None:
        """Give the size of a file that is whole and on the disk, or None."""
        ...

    def room(self, root: bytes, size: int) -> None:
        """Keep room for a file to be pulled; raises Unavailable `storage.quota` or `storage.full`."""
        ...

    def missing(self, root: bytes, size: int, first: int, count: int) -> list[int]:
        """Give up to `count` chunks from `first` on that are not here yet, in order."""
        ...

    def chunk(self, root: bytes, index: int) -> tuple[bytes, list[bytes]]:
        """Give one chunk of a whole file, and its inclusion proof. Raises Unavailable."""
        ...
