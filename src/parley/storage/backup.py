"""A backup of what the other side cannot give back: one sealed file, made while the node runs.

    sealed stream (identity.seal_stream) of:  parley-backup/1\n
                                              name length (2) | name | size (8) | bytes     … for each file
                                              name length 0

Owns: the form inside the seal, unpacking into an empty folder.
Does not own: the record at one moment (still.py), the seal (identity/), which files belong to a side (cli/), what a
restored node does next (line/).
Always true:
  1. A backup is written beside its target and renamed when it is whole and synced: a broken one never looks whole.
  2. Restoring writes only into an empty folder, only below it, and leaves nothing there if it fails.
  3. A damaged record is not sealed: the backup before it, which may be good, stays.
  4. A restored record draws a new identity, so that nobody takes the copy for the original (DESIGN 2.5).
Read first: docs/protocol/storage.md, "Backup".
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import apsw

from parley.errors import PeerError, Refused, Unavailable
from parley.identity import open_stream, seal_stream
from parley.storage.chunk_files import sync_folder
from parley.storage.file import connect, prepare, redraw, trouble
from parley.storage.still import RECORD_NAME, standing_still

_MAGIC: Final = b"parley-backup/1\n"
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}){0,4}")
_NAME_BYTES_MAX: Final = 640
_PIECE: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What went into a backup, or came out of it: names in order, bytes together, the record's identity."""

    names: tuple[str, ...]
    size_bytes: int
    store: str


def _untold(done: int, total: int) -> None:
    """Nobody watches how far it is."""


def write_backup(
    record: Path,
    files: Mapping[str, Path],
    target: Path,
    passphrase: str,
    *,
    progress: Callable[[int, int], None] = _untold,
) -> BackupReport:
    """Seal the record as it is at this moment, and other files, under a passphrase.

    Args:
        record: The database; a running node may go on writing to it.
        files: Name in the backup -> file or folder. A folder gives all files in it, except attachments half pulled.
        target: The file to make; an older one of this name is replaced once the new one is whole.
        progress: Told how many bytes are copied or in the backup, and of how many.
    Raises:
        Refused: `identity.passphrase`, a weak one.
        Unavailable: `backup.file`, a file that cannot be read or made; `storage.…`, the disk failed, has too little
            room, or the record is damaged. Nothing is left at `target` but what was there.
    """
    new = target.with_name(f"{target.name}.new")
    names: list[str] = []
    try:
        if target.exists() and not target.is_file():  # the rename below would put a file in the place of a device
            raise Unavailable("backup.file", f"{target} is no file; nothing was written, give the name of one")
        beside = _all_files(files)
        rest = sum(path.stat().st_size for path in beside.values())
        with standing_still(record, lambda done, size: progress(done, 2 * size + rest)) as still:
            sources = {**still.files, **beside}
            copied = still.copied
            total = sum(path.stat().st_size for path in sources.values())
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as out:
                for piece in seal_stream(_pack(sources, names), passphrase):
                    out.write(piece)
                    progress(copied + min(out.tell(), total), copied + total)
                out.flush()
                os.fsync(out.fileno())
                size = out.tell()
            new.rename(target)
            sync_folder(target.parent)
    except (OSError, apsw.Error) as error:
        raise _trouble(error, f"writing the backup {target}") from error
    finally:
        with contextlib.suppress(OSError):  # what failed has been told; a disk that takes no writes unlinks nothing
            new.unlink(missing_ok=True)
    return BackupReport(tuple(names), size, still.store)


def restore_backup(
    source: Path,
    folder: Path,
    passphrase: str,
    *,
    draw: Callable[[], str] = lambda: secrets.token_hex(16),
    progress: Callable[[int, int], None] = _untold,
) -> BackupReport:
    """Unpack a backup into an empty (or new) folder; `progress` is told how many bytes were read, and of how many.

    Raises:
        Refused: `backup.not-empty`, `identity.passphrase`. Nothing was changed.
        PeerError: `backup.form`, `identity.sealed`: not a backup, or a damaged one; the folder is as it was.
        Unavailable: `backup.file`, or the disk failed; the folder is as it was.
    """
    check_empty(folder)
    work = folder.with_name(f"{folder.name}.restoring-{secrets.token_hex(4)}")
    try:
        work.mkdir(mode=0o700, parents=True)
        with source.open("rb") as sealed:
            names, size = _unpack(open_stream(_read(sealed, progress), passphrase), work)
        if RECORD_NAME not in names:
            raise PeerError("backup.form", "this backup holds no record")
        store = _redraw(work / RECORD_NAME, draw())
        for place in (work, *(path for path in work.rglob("*") if path.is_dir())):
            sync_folder(place)
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
        sync_folder(folder.parent)
    except (OSError, apsw.Error) as error:
        raise _trouble(error, f"restoring {source} into {folder}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return BackupReport(tuple(names), size, store)


def _read(sealed: IO[bytes], progress: Callable[[int, int], None]) -> Iterator[bytes]:
    total = os.fstat(sealed.fileno()).st_size
    while piece := sealed.read(_PIECE):
        yield piece
        progress(sealed.tell(), total)


def _trouble(error: OSError | apsw.Error, doing: str) -> Unavailable:
    """Give the words for a place that cannot be used, by its name; what is left is trouble of the disk."""
    said = trouble(error, doing)
    if said.code == "storage.corrupt" and isinstance(error, apsw.Error):
        return Unavailable(said.code, f"{said.sentence}; the backup was not written")
    if isinstance(error, OSError) and error.filename is not None and said.code == "storage.failed":
        return Unavailable(
            "backup.file",
            f"while {doing}: {error.filename}: {error.strerror}; nothing was changed, try another place",
        )
    return said


def check_empty(folder: Path) -> None:
    """Raise Refused `backup.not-empty` unless the folder is empty, or not there yet."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("backup.not-empty", f"{folder} is not an empty folder; a backup is restored into one only")


def _all_files(files: Mapping[str, Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name, path in files.items():
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            whole = [each for each in inside if each.suffix not in (".part", ".hashes") and "new-" not in each.name]
            found |= {f"{name}/{each.relative_to(path).as_posix()}": each for each in whole}
        elif path.exists():
            found[name] = path
    for name in found:
        if not _NAME.fullmatch(name):
            raise Refused("backup.name", f"a file named {name!r} cannot go into a backup")
    return found


def _pack(sources: Mapping[str, Path], names: list[str]) -> Iterator[bytes]:
    yield _MAGIC
    for name, path in sources.items():
        with path.open("rb") as content:
            size = left = os.fstat(content.fileno()).st_size
            yield len(name).to_bytes(2, "big") + name.encode() + size.to_bytes(8, "big")
            while left:
                piece = content.read(min(left, _PIECE))
                if not piece:
                    raise OSError(f"{name} became shorter while it was read")
                left -= len(piece)
                yield piece
        names.append(name)
    yield bytes(2)


class _Pieces:
    """Reads exact lengths from a stream of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._buffer = b""

    def some(self, most: int) -> bytes:
        """Give 1 to `most` bytes; raises PeerError at the end."""
        while not self._buffer:
            piece = next(self._pieces, None)
            if piece is None:
                raise PeerError("backup.form", "the backup ends too early")
            self._buffer = piece
        taken, self._buffer = self._buffer[:most], self._buffer[most:]
        return taken

    def exactly(self, size: int) -> bytes:
        """Give `size` bytes (small)."""
        parts = b""
        while len(parts) < size:
            parts += self.some(size - len(parts))
        return parts

    def end(self) -> None:
        """Read on to the true end, so that a cut seal is noticed; nothing may follow."""
        if self._buffer or any(self._pieces):
            raise PeerError("backup.form", "something follows the end of the backup")


def _unpack(pieces: Iterator[bytes], folder: Path) -> tuple[list[str], int]:
    stream, names, total = _Pieces(pieces), [], 0
    if stream.exactly(len(_MAGIC)) != _MAGIC:
        raise PeerError("backup.form", "what was sealed here is not a backup, or one of a newer Parley")
    while length := int.from_bytes(stream.exactly(2), "big"):
        raw = stream.exactly(length) if length <= _NAME_BYTES_MAX else b""
        name = raw.decode("ascii", "replace")
        if not _NAME.fullmatch(name) or name in names:
            raise PeerError("backup.form", "a file in the backup has a name that no backup gives")
        left = int.from_bytes(stream.exactly(8), "big")
        total += left
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _copy(stream, out, left)
        names.append(name)
    stream.end()
    return names, total


def _copy(stream: _Pieces, out: IO[bytes], left: int) -> None:
    while left:
        piece = stream.some(left)
        out.write(piece)
        left -= len(piece)
    out.flush()
    os.fsync(out.fileno())


def _redraw(record: Path, store: str) -> str:
    connection = connect(record, None, writer=True)
    try:
        connection.pragma("journal_mode", "wal")
        prepare(connection, record, lambda: store)
        redraw(connection, store)
    finally:
        connection.close()
    return store
