"""The record's file while a backup reads it: as it was at one moment, though its node goes on writing.

Owns: the copy of the record and the room it takes; reading it where it lies once its disk takes no writes.
Does not own: the form of a backup and its seal (backup.py).
Always true:
  1. A damaged record is not given.
  2. The copy leaves a running node room to go on, and is gone afterwards.
Read first: docs/protocol/storage.md, "Backup".
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import apsw

from parley.errors import Unavailable
from parley.storage.file import connect, read_only

RECORD_NAME: Final = "record.db"
ROOM_BYTES: Final = 64 * 1_048_576  # stays free: four times the ballast, for some thousand messages meanwhile
_LOG_NAME: Final = f"{RECORD_NAME}-wal"
_PAGES_A_STEP: Final = 4_096
_PAGE_BYTES: Final = 4_096  # SQLite's own measure, which the record keeps
_LEFT_AFTER_S: Final = 86_400  # no backup takes a day: whoever made that copy is gone


@dataclass(frozen=True, slots=True)
class Still:
    """A record at one moment: its files by the names a backup gives them, what was copied, the record's identity."""

    files: dict[str, Path]
    copied: int
    store: str


@contextmanager
def standing_still(record: Path, progress: Callable[[int, int], None]) -> Iterator[Still]:
    """Give the record as it is at this moment; `progress` is told how much of it is copied, and of how much.

    Raises: OSError, apsw.Error (a damaged record among them), Unavailable `storage.full`.
    """
    if read_only(record):  # a disk that met an error: nobody can write there, so it stands still as it lies
        yield _as_it_lies(record)
        return
    _clear_away(record)
    _check_room(record)
    copy = record.with_name(f"{record.name}.backup-{secrets.token_hex(4)}")
    try:
        store = _copy_record(record, copy, progress)
        yield Still({RECORD_NAME: copy}, copy.stat().st_size, store)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _as_it_lies(record: Path) -> Still:
    """Give the database, and its write-ahead log if that holds anything: whoever opens them takes the log in.

    Without a log SQLite may only look at a file on such a disk if it is told that nothing can change
    (sqlite.org/wal.html#readonly).
    """
    log = record.with_name(f"{record.name}-wal")
    beside = {_LOG_NAME: log} if log.exists() and log.stat().st_size else {}
    place = f"file:{quote(str(record.absolute()))}?" + ("mode=ro" if beside else "immutable=1")
    source = apsw.Connection(place, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    try:
        _look(source)
        store = str(source.execute("SELECT store FROM store").get)
    finally:
        source.close()
    return Still({RECORD_NAME: record, **beside}, 0, store)


def _look(connection: apsw.Connection) -> None:
    if connection.execute("PRAGMA quick_check(1)").get != "ok":
        raise apsw.CorruptError


def _clear_away(record: Path) -> None:
    """Remove copies that were left where power was lost: each is a whole record, open to whoever gets the disk."""
    for left in record.parent.glob(f"{record.name}.backup-*"):
        if time.time() - left.stat().st_mtime > _LEFT_AFTER_S:
            left.unlink(missing_ok=True)


def _check_room(record: Path) -> None:
    """Raise Unavailable `storage.full` if a copy of the record would leave its node too little room."""
    log = record.with_name(f"{record.name}-wal")
    size = record.stat().st_size + (log.stat().st_size if log.exists() else 0)
    free = shutil.disk_usage(record.parent).free
    if free < size + ROOM_BYTES:
        raise Unavailable(
            "storage.full",
            f"a backup needs {(size + ROOM_BYTES) >> 20} MiB beside {record} while it is made, {free >> 20} are free;"
            " nothing was written, so that the node can go on: free some space",
        )


def _copy_record(record: Path, copy: Path, progress: Callable[[int, int], None]) -> str:
    """Copy the database as it is at one moment, in one read transaction; writers do not wait for it."""
    handle = os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    source = connect(record, None, writer=False)
    target = apsw.Connection(str(copy))
    try:
        source.execute("BEGIN").fetchall()
        store = source.execute("SELECT store FROM store").get  # the read that fixes the moment
        with target.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(_PAGES_A_STEP)
                progress((backup.page_count - backup.remaining) * _PAGE_BYTES, backup.page_count * _PAGE_BYTES)
        _look(target)
        target.pragma("journal_mode", "delete")  # one file, with nothing beside it
    finally:
        target.close()
        source.close()
    return str(store)
