"""The SQLite file itself: opening it rightly, its schema and versions, and what its errors mean.

Owns: pragmas, tables, the lock that keeps a second node out, the refusal of newer files, the words for apsw's errors.
Does not own: what is written and read (sqlite.py, reading.py).
Always true:
  1. Every connection is write-ahead with synchronous=FULL: a commit has one sync, and is safe when it returns.
  2. A file of a newer schema that this program may not open is left untouched.
Read first: docs/protocol/storage.md. Why apsw and not the standard library's sqlite3: DESIGN.md, "Engine".
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import apsw

from parley.errors import Unavailable, ensure
from parley.storage.port import StoreIdentity
from parley.storage.trouble import SENTENCES

SCHEMA: Final = 1
OLDEST_PROGRAM: Final = "0.1.0"
# "PRLY", so that `file` and a stranger's tool can tell what this is (sqlite.org/fileformat.html#application_id).
APPLICATION_ID: Final = 0x50524C59
# SQLite 3.51.3 fixed the WAL-reset fault (sqlite.org/wal.html#walresetbug); nothing older may touch a record.
SQLITE_OLDEST: Final = 3_051_003
# Pages of 4 KiB. The log is moved into the file when the writer is idle beyond the first figure, and in any case
# beyond the second, so that it neither grows without end nor costs an urgent message a wait at every thousandth page.
WAL_PAGES_TIDY: Final = 1_000
WAL_PAGES_MAX: Final = 8_000
# Kept after a checkpoint, so that later commits write over ground the file already has: their sync is then cheaper.
WAL_BYTES_KEPT: Final = 40 * 1_048_576
# Written with zeros ahead of use, for the same reason: enough for some 800 messages without a pause. A commit that
# makes the file longer waits for the file system's own journal as well.
WAL_BYTES_READY: Final = 16 * 1_048_576
_GROUND_PIECE: Final = 512 * 1_024  # a commit that comes meanwhile waits for one piece, less than 1 ms
# Negative = KiB (sqlite.org/pragma.html#pragma_cache_size). Small: an idle node stays below 80 MB.
WRITER_CACHE: Final = -2_048
READER_CACHE: Final = -1_024

# No database is smaller than its smallest page (sqlite.org/fileformat.html#pages).
_SMALLEST: Final = 512

_TABLES: Final = """
CREATE TABLE store (id INTEGER PRIMARY KEY CHECK (id = 1), store TEXT NOT NULL, schema INTEGER NOT NULL,
    oldest_schema INTEGER NOT NULL, oldest_program TEXT NOT NULL) STRICT;
CREATE TABLE logs (id INTEGER PRIMARY KEY, channel TEXT NOT NULL, side TEXT NOT NULL, epoch INTEGER NOT NULL,
    UNIQUE (channel, side, epoch)) STRICT;
CREATE TABLE entries (key INTEGER PRIMARY KEY, id BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE TABLE hashes (key INTEGER PRIMARY KEY, hash BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE signatures (key INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, root BLOB NOT NULL,
    signature BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE folds (key INTEGER PRIMARY KEY, turn INTEGER NOT NULL, verdict INTEGER NOT NULL, opens INTEGER NOT NULL,
    kind TEXT NOT NULL, subject TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL,
    sum INTEGER NOT NULL) STRICT;
CREATE INDEX folds_parts ON folds (subject) WHERE opens = 0;
CREATE TABLE vals (space TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, sum INTEGER NOT NULL,
    PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID;
"""


def trouble(error: apsw.Error | OSError, doing: str, path: Path | None = None) -> Unavailable:
    """Give the one error that callers know for whatever the engine or the system said.

    With `path`, an error of the disk on a file system that has become read-only is told as that.
    """
    code = "storage.failed"
    if isinstance(error, apsw.FullError) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        code = "storage.full"
    elif isinstance(error, apsw.ReadOnlyError) or getattr(error, "errno", None) == errno.EROFS:
        code = "storage.readonly"
    elif isinstance(error, (apsw.CorruptError, apsw.NotADBError)):
        code = "storage.corrupt"
    elif isinstance(error, (apsw.BusyError, apsw.LockedError)):
        code = "storage.busy"
    elif isinstance(error, apsw.ConnectionClosedError):
        code = "storage.closed"
    if code == "storage.failed" and path is not None and read_only(path):
        code = "storage.readonly"
    detail = f"{type(error).__name__} {getattr(error, 'extendedresult', '') or getattr(error, 'errno', '')}".strip()
    return Unavailable(code, f"while {doing}: {SENTENCES[code]} ({detail})", detail=detail)


def read_only(path: Path) -> bool:
    """Say whether the file system of this file takes no writes."""
    try:
        return bool(os.statvfs(path.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def corrupt(what: str) -> Unavailable:
    """Something read back is not what was written."""
    return Unavailable("storage.corrupt", f"{what}: {SENTENCES['storage.corrupt']}")


def lock(path: Path) -> int:
    """Keep every other node away from this record; gives the descriptor that holds the lock.

    Raises: Unavailable `storage.busy` if another program holds it.
    """
    handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise Unavailable("storage.busy", f"{path}: {SENTENCES['storage.busy']}") from None
    return handle


def is_open(path: Path) -> bool:
    """Say whether a node has this record open: the system ends its lock with it, however it ends."""
    if not Path(f"{path}.lock").exists():
        return False
    try:
        os.close(lock(path))
    except Unavailable:
        return True
    except OSError:  # a disk that takes no writes: whoever goes on hears of that
        return False
    return False


def make(path: Path) -> None:
    """Make an empty file for its owner only, unless one is there; SQLite would write over one of a few bytes."""
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    elif 0 < path.stat().st_size < _SMALLEST and not path.with_name(f"{path.name}-journal").exists():
        raise Unavailable("storage.foreign", f"{path}: {SENTENCES['storage.foreign']}; it was left as it was")


def connect(path: Path, vfs: str | None, *, writer: bool) -> apsw.Connection:
    """Open one connection with every setting it must have."""
    flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if writer else 0)
    connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
    try:
        connection.set_busy_timeout(2_000)
        connection.pragma("cache_size", WRITER_CACHE if writer else READER_CACHE)
        connection.pragma("mmap_size", 0)
        connection.pragma("temp_store", 2)
        connection.pragma("trusted_schema", 0)
        connection.pragma("synchronous", 2)
        connection.pragma("wal_autocheckpoint", 0)
        connection.pragma("journal_size_limit", WAL_BYTES_KEPT)
        connection.pragma("query_only", 0 if writer else 1)
        ensure(connection.pragma("synchronous") == 2, "a connection to the record does not sync")
    except BaseException:  # whatever it was: nobody else would close it, and its locks would stay
        connection.close()
        raise
    return connection


def lay_ground(path: Path) -> bool:
    """Lengthen the write-ahead log of `path` by one piece of synced zeros; says whether there is more to do.

    SQLite finds the end of its log by salts and checksums, never by the file's length, so zeros behind it are as good
    as nothing (sqlite.org/fileformat2.html#walformat). Only the writer's thread may call this. Where little room is
    left on the disk, or it fails, the log grows as it is written.
    """
    log = path.with_name(f"{path.name}-wal")
    try:
        size, room = log.stat().st_size, os.statvfs(log)
        if size >= WAL_BYTES_READY or room.f_bavail * room.f_frsize < 4 * WAL_BYTES_READY:
            return False
        handle = os.open(log, os.O_WRONLY | os.O_CLOEXEC)
        try:
            written = os.pwrite(handle, bytes(_GROUND_PIECE), size)
            os.fdatasync(handle)
        finally:
            os.close(handle)
    except OSError:
        return False
    return written == _GROUND_PIECE


def prepare(connection: apsw.Connection, path: Path, draw: Callable[[], str]) -> StoreIdentity:
    """Make the tables in a new file, or check that this program may open an old one.

    Args:
        draw: Gives the 32 hex digits of a new store's identity.
    Raises:
        Unavailable: `storage.newer`, naming the oldest program; `storage.foreign`. The file is left as it was.
    """
    mark = connection.pragma("application_id")
    if mark == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").get == 0:
        ensure(connection.pragma("journal_mode", "wal") == "wal", "the record's file takes no write-ahead log")
        with connection:
            connection.execute(_TABLES).fetchall()
            connection.execute("INSERT INTO store VALUES (1, ?, ?, ?, ?)", (draw(), SCHEMA, SCHEMA, OLDEST_PROGRAM))
            connection.pragma("application_id", APPLICATION_ID)
    elif mark != APPLICATION_ID:
        raise Unavailable("storage.foreign", f"{path}: {SENTENCES['storage.foreign']}; it was left as it was")
    found = connection.execute("SELECT store, schema, oldest_schema, oldest_program FROM store").fetchall()
    if len(found) != 1:
        raise corrupt(f"{path}")
    store, oldest_program = str(found[0][0]), str(found[0][3])
    schema, oldest_schema = int(found[0][1] or 0), int(found[0][2] or 0)
    if oldest_schema > SCHEMA:
        raise Unavailable(
            "storage.newer",
            f"{path}: {SENTENCES['storage.newer']} (its form has number {schema}, this program knows {SCHEMA}); the "
            f"oldest Parley that may open it is {oldest_program}. Nothing was changed",
            oldest_program=oldest_program,
        )
    return StoreIdentity(store, schema, oldest_program)


def check_engine() -> None:
    """Refuse to run on a SQLite that can lose a record."""
    if apsw.SQLITE_VERSION_NUMBER < SQLITE_OLDEST:
        raise Unavailable("storage.failed", f"SQLite {apsw.sqlite_lib_version()} has the WAL-reset fault; need 3.51.3")


def redraw(connection: apsw.Connection, store: str) -> None:
    """Give a restored copy an identity of its own, so that it can be told from the store it was copied from."""
    with connection:
        connection.execute("UPDATE store SET store = ? WHERE id = 1", (store,))
