"""The record in one SQLite file: the store that real nodes use.

Owns: the one writing connection, the commit, moving the write-ahead log into the file, reading back after a doubt.
Does not own: SELECTs (reading.py), the file's form and errors (file.py), the rules of a commit (checking.py).
Always true:
  1. `commit` returns after the sync of a transaction that holds all its rows; it raises with none of them to be seen.
  2. After a commit that failed, what the disk holds is read back before the next one is tried (DESIGN 3).
  3. What readers see in memory (sizes, hashes) changes only after the sync.
  4. Only the writer's thread writes or moves the write-ahead log.
Read first: docs/protocol/storage.md; figures in benchmarks/.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import apsw

from parley.errors import Unavailable
from parley.record.names import LogId
from parley.record.tree import Frontier, node_hash
from parley.storage.checking import Batch, check
from parley.storage.file import (
    WAL_PAGES_MAX,
    WAL_PAGES_TIDY,
    check_engine,
    connect,
    corrupt,
    lay_ground,
    lock,
    make,
    prepare,
    trouble,
)
from parley.storage.port import VERDICTS, EntryRow, FoldRow, Row, SignatureKind, SignatureRow, StoreIdentity
from parley.storage.reading import (
    KEPT_LEVELS,
    SPAN,
    HashCache,
    Known,
    Reading,
    fold_sum,
    hash_sum,
    kept_key,
    opens,
    signature_key,
    signature_sum,
    value_sum,
)
from parley.storage.trouble import SENTENCES

_VERDICT_NUMBERS: Final = {verdict: number for number, verdict in enumerate(VERDICTS)}
# Structure is looked through at every start as long as that takes less than about a second; `parley doctor` always.
CHECKED_AT_START_BYTES: Final = 128 * 1_048_576


def draw_store() -> str:
    """Draw the identity of a new store."""
    return secrets.token_hex(16)


class _Growth:
    """What one commit adds to one log; thrown away if the commit fails."""

    __slots__ = ("edge", "folded", "kept", "known", "nodes", "turn")

    def __init__(self, known: Known, edge: Frontier) -> None:
        self.known = known
        self.edge = edge
        self.folded = known.folded
        self.turn = known.turn
        self.nodes: list[tuple[tuple[int, int, int], bytes]] = []
        self.kept: list[tuple[int, bytes]] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash, noting every subtree that it completes."""
        edge, number = self.edge, self.known.number
        index, level, seen = edge.size, 0, leaf
        self.nodes.append(((number, 0, index), seen))
        while index & 1:
            seen = node_hash(edge.peaks.pop(), seen)
            index >>= 1
            level += 1
            self.nodes.append(((number, level, index), seen))
            if level in KEPT_LEVELS:
                self.kept.append((kept_key(number, level, index), seen))
        edge.peaks.append(seen)
        edge.size += 1


class SqliteStore(Reading):
    """`Store` over one file. Reads belong to the thread that opened it, `commit` and `tidy` to one writer thread."""

    def __init__(
        self,
        path: Path,
        *,
        vfs: str | None = None,
        draw: Callable[[], str] = draw_store,
        wal_pages_tidy: int = WAL_PAGES_TIDY,
    ) -> None:
        """Open the record, making it if it is new.

        Args:
            path: The file; `-wal`, `-shm` and `.lock` stand beside it.
            vfs: Name of the SQLite file layer; tests pass one that loses power.
            draw: Gives the identity of a new store.
            wal_pages_tidy: From how many pages on `tidy` moves the write-ahead log.
        Raises:
            Unavailable: `storage.busy`, `storage.newer`, `storage.foreign`, `storage.corrupt`, `storage.failed`.
        """
        check_engine()
        self.path = path
        self._vfs = vfs
        self._closed = False
        self._doubt = False
        self._wal_pages = 0
        self._wal_pages_tidy = wal_pages_tidy
        self.last_trouble: Unavailable | None = None
        self._edges: dict[LogId, Frontier] = {}
        self._newest: dict[tuple[int, SignatureKind], int] = {}
        with contextlib.ExitStack() as undo:
            try:
                self._lock = lock(path)
                undo.callback(os.close, self._lock)
                make(path)
                self._writer = connect(path, vfs, writer=True)
                undo.callback(_shut, self._writer)
                self._identity = prepare(self._writer, path, draw)
                self._writer.set_wal_hook(self._note_wal)
                super().__init__(connect(path, vfs, writer=False), {}, HashCache())
                undo.callback(_shut, self._connection)
                self._own = Reading(self._writer, self._known, self._cache)
                if path.stat().st_size <= CHECKED_AT_START_BYTES:
                    self._check_structure("quick_check")
                self._load()
            except (apsw.Error, OSError) as error:
                raise trouble(error, f"opening {path}") from error
            undo.pop_all()

    # --- opening

    def _load(self) -> None:
        """Read where every log ends, and check each edge against our own signature over it."""
        for number, channel, side, epoch in self._own._rows("SELECT id, channel, side, epoch FROM logs", ()):
            log = LogId(channel, side, epoch)
            known = self._known.get(log) or Known(log, number)
            span = (number * SPAN, (number + 1) * SPAN)
            ends = self._own._rows("SELECT max(key) FROM entries WHERE key >= ? AND key < ?", span)
            known.size = 0 if ends[0][0] is None else ends[0][0] - span[0] + 1
            folds = self._own._rows(
                "SELECT key, turn FROM folds WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT 1", span
            )
            known.folded, known.turn = (folds[0][0] - span[0] + 1, folds[0][1]) if folds else (0, 0)
            self._known[log] = known
            signed = self._own.newest_signature(log, "own-ed")
            if signed is not None and signed.size == known.size and self._own.frontier(log).root() != signed.root:
                raise corrupt(f"{log}: {known.size} entries do not hash to the root that is signed")

    def _check_structure(self, pragma: str) -> None:
        said = self._own._rows(f"PRAGMA {pragma}(1)", ())
        if said != [("ok",)]:
            raise corrupt(str(self.path))

    def _note_wal(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    # --- what the rules ask (checking.Held), on the writer's thread

    def ends(self, log: LogId) -> tuple[int, int, int]:
        """Give (entries held, entries folded, turn of the last fold)."""
        known = self._known.get(log)
        return (known.size, known.folded, known.turn) if known else (0, 0, 0)

    def held_id(self, log: LogId, number: int) -> bytes:
        """Give the id of an entry that is held."""
        return self._own.ids(log, number, 1)[0]

    def held_fold(self, log: LogId, number: int) -> FoldRow:
        """Give a fold row that is held."""
        return self._own.folds(log, number, 1)[0]

    def signed_root(self, log: LogId, kind: SignatureKind, size: int) -> bytes | None:
        """Give the root that a held signature is over; for a size beyond the newest, without asking the disk."""
        known = self._known.get(log)
        if known is None:
            return None
        newest = self._newest.get((known.number, kind))
        if newest is None:
            found = self._own.newest_signature(log, kind)
            newest = self._newest[(known.number, kind)] = found.size if found else -1
        if size > newest:
            return None
        rows = self._own.signatures(log, kind, size, 1)
        return rows[0].root if rows and rows[0].size == size else None

    # --- writing

    def commit(self, rows: Sequence[Row]) -> None:
        """Store all rows in one transaction with one sync, or none."""
        if self._closed:
            raise Unavailable("storage.closed", SENTENCES["storage.closed"])
        try:
            if self._doubt:
                self._read_back()
            batch = check(rows, self)
            if batch.entries or batch.folds or batch.signatures or batch.values:
                self._store(batch)
        except Unavailable as error:
            self.last_trouble = error
            raise
        self.last_trouble = None
        if self._wal_pages >= WAL_PAGES_MAX:
            self._move_wal()

    def _store(self, batch: Batch) -> None:
        writer = self._writer
        grown: dict[LogId, _Growth] = {}
        try:
            writer.execute("BEGIN IMMEDIATE")
            self._insert(batch, grown)
            writer.execute("COMMIT")
        except BaseException as error:
            self._doubt = True
            with contextlib.suppress(apsw.Error):
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
            if isinstance(error, apsw.Error):
                raise trouble(error, "storing entries", self.path) from error
            raise
        for log, growth in grown.items():
            for key, found in growth.nodes:
                self._cache.put(key, found)
            known = growth.known
            known.turn, known.folded = growth.turn, growth.folded
            known.size = growth.edge.size  # last: a reader that sees the entry sees its fold too
            self._edges[log] = growth.edge
            self._known[log] = known
        for row in batch.signatures:
            place = (self._known[row.log].number, row.kind)
            self._newest[place] = max(row.size, self._newest.get(place, -1))

    def _insert(self, batch: Batch, grown: dict[LogId, _Growth]) -> None:
        writer = self._writer

        def growth(log: LogId) -> _Growth:
            found = grown.get(log)
            if found is None:
                known = self._known.get(log) or self._new_log(log, grown)
                edge = self._edges.get(log) or self._own.frontier(log)
                found = grown[log] = _Growth(known, edge.copy())
            return found

        if batch.entries:
            writer.executemany(
                "INSERT INTO entries VALUES (?, ?, ?)", [self._entry(row, growth) for row in batch.entries]
            )
            for added in grown.values():
                if added.kept:
                    writer.executemany(
                        "INSERT INTO hashes VALUES (?, ?, ?)",
                        [(key, value, hash_sum(key, value)) for key, value in added.kept],
                    )
        if batch.signatures:
            writer.executemany(
                "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?, ?)",
                [self._signature_values(row, growth) for row in batch.signatures],
            )
        if batch.folds:
            writer.executemany(
                "INSERT INTO folds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [self._fold_values(row, growth) for row in batch.folds],
            )
        for value in batch.values:
            if value.value is None:
                writer.execute("DELETE FROM vals WHERE space = ? AND key = ?", (value.space, value.key))
            else:
                writer.execute(
                    "INSERT OR REPLACE INTO vals VALUES (?, ?, ?, ?)",
                    (value.space, value.key, value.value, value_sum(value.space, value.key, value.value)),
                )

    def _new_log(self, log: LogId, grown: dict[LogId, _Growth]) -> Known:
        taken = [known.number for known in self._known.values()] + [added.known.number for added in grown.values()]
        known = Known(log, max(taken, default=0) + 1)
        self._writer.execute("INSERT INTO logs VALUES (?, ?, ?, ?)", (known.number, log.channel, log.side, log.epoch))
        return known

    @staticmethod
    def _entry(row: EntryRow, growth: Callable[[LogId], _Growth]) -> tuple[int, bytes, bytes]:
        added = growth(row.log)
        added.append(row.id)
        return added.known.number * SPAN + row.number, row.id, row.leaf

    @staticmethod
    def _signature_values(row: SignatureRow, growth: Callable[[LogId], _Growth]) -> tuple[int, int, bytes, bytes, int]:
        key = signature_key(growth(row.log).known.number, row.kind, row.size)
        return key, row.at_s, row.root, row.signature, signature_sum(key, row.at_s, row.root, row.signature)

    @staticmethod
    def _fold_values(
        row: FoldRow, growth: Callable[[LogId], _Growth]
    ) -> tuple[int, int, int, int, str, str, str, str, int]:
        added = growth(row.log)
        added.folded, added.turn = row.number + 1, row.turn
        key, verdict = added.known.number * SPAN + row.number, _VERDICT_NUMBERS[row.verdict]
        seen = fold_sum(key, row.turn, verdict, row.kind, row.subject, row.at, row.reason)
        first = opens(row.subject, row.log, row.number)
        return key, row.turn, verdict, first, row.kind, row.subject, row.at, row.reason, seen

    def _read_back(self) -> None:
        """After a failure: open the writer afresh and take what the disk holds for the truth."""
        try:
            _shut(self._writer)
            self._writer = connect(self.path, self._vfs, writer=True)
            self._writer.set_wal_hook(self._note_wal)
            self._own = Reading(self._writer, self._known, self._cache)
            self._edges.clear()
            self._newest.clear()
            self._load()
        except apsw.Error as error:
            raise trouble(error, "reading back what the disk holds", self.path) from error
        self._doubt = False

    def tidy(self) -> bool:
        """Move a grown write-ahead log into the file, or lay ground ahead of it; never raises."""
        if self._closed or self._doubt:
            return False
        if self._wal_pages >= self._wal_pages_tidy:
            self._move_wal()
            return False
        return self._vfs is None and lay_ground(self.path)

    def _move_wal(self) -> None:
        try:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            self._wal_pages = 0
        except apsw.Error as error:  # the commits in the log are safe where they are; the next try moves them
            self.last_trouble = trouble(error, "moving the write-ahead log")

    # --- the rest

    def check(self) -> None:
        """Look through everything, as `parley doctor` does: structure, every leaf, every sum, every kept hash.

        Raises: Unavailable `storage.corrupt`, naming what is damaged. Uses a connection of its own: any thread may ask.
        """
        reading = self.reader(HashCache())
        try:
            if reading._rows("PRAGMA integrity_check(1)", ()) != [("ok",)]:
                raise corrupt(str(self.path))
            for log in reading.logs():
                reading.check_log(log)
        finally:
            reading.close()

    def identity(self) -> StoreIdentity:
        """Say which store this is."""
        return self._identity

    def reader(self, cache: HashCache | None = None) -> Reading:
        """Give reads for one more thread (export, backup, doctor). It shares sizes, not the connection; close it."""
        try:
            return Reading(connect(self.path, self._vfs, writer=False), self._known, cache or self._cache)
        except apsw.Error as error:
            raise trouble(error, f"opening {self.path}") from error

    def close(self) -> None:
        """Let go of the file and of its lock. Call it once the writer's thread has stopped."""
        if self._closed:
            return
        self._closed = True
        _shut(self._connection)
        _shut(self._writer)
        os.close(self._lock)


def _shut(connection: apsw.Connection) -> None:
    """Close a connection. A disk that fails now loses nothing: every commit was synced when it was made."""
    with contextlib.suppress(apsw.Error):
        connection.close()
