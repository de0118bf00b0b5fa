"""A disk that can be made to fail: under the real SQLite, as one of its file layers (an apsw VFS).

It passes everything through to real files and remembers what each sync made safe. After a power cut, `image` gives
the files as such a disk might hold them then: what was synced, and of the rest any part, the last write torn. The
`-shm` file is memory, and gone. A file or a rename is safe once its folder was synced, which SQLite does with the
first sync of a file.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from random import Random

import apsw

_numbers = itertools.count()
Write = tuple[int, bytes | None]  # (offset, data), or (length, None) for a truncation


class _File:
    """What is safe of one file, and what is not yet."""

    def __init__(self) -> None:
        self.safe: bytearray | None = None  # None: the file itself may be gone after a power cut
        self.written: list[Write] = []

    def sync(self) -> None:
        self.safe = self.safe if self.safe is not None else bytearray()
        for write in self.written:
            apply(self.safe, write)
        self.written.clear()


def apply(content: bytearray, write: Write) -> None:
    """Carry out a write or a truncation."""
    offset, data = write
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk(apsw.VFS):
    """A file layer with a switch for every kind of trouble.

    power_at: The number of the write, truncation, sync or deletion at which the power goes.
    fail_at: The number of the one that fails, once, with `error`.
    capacity: Bytes that all files together may have.
    readonly: Nothing may be written.
    """

    def __init__(self) -> None:
        self.name = f"disk-{next(_numbers)}"
        self.files: dict[str, _File] = {}
        self.done = 0
        self.power_at: int | None = None
        self.fail_at: int | None = None
        self.error: Callable[[], apsw.Error] = lambda: apsw.IOError("the disk failed")
        self.capacity: int | None = None
        self.readonly = False
        self.dead = False
        super().__init__(self.name, "")

    def step(self) -> None:
        """Count one change to the disk, and see whether it is the one that goes wrong."""
        if self.dead:
            raise apsw.IOError("no power")
        number, self.done = self.done, self.done + 1
        if number == self.power_at:
            self.dead = True
            raise apsw.IOError("the power went")
        if number == self.fail_at:
            raise self.error()
        if self.readonly:
            raise apsw.ReadOnlyError("mounted read-only")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _Handle(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.step()
        super().xDelete(filename, syncdir)
        self.files.pop(filename, None)

    def room(self, path: str, end: int) -> None:
        """Refuse a write beyond the capacity, as a full disk does."""
        if self.capacity is not None:
            others = sum(Path(other).stat().st_size for other in self.files if other != path and Path(other).exists())
            if others + max(end, Path(path).stat().st_size) > self.capacity:
                raise apsw.FullError("no space left")

    def image(self, folder: Path, dice: Random) -> None:
        """Write into `folder` what the disk might hold after the power went."""
        for path, file in self.files.items():
            if file.safe is None and dice.random() < 0.5:
                continue
            content = bytearray(file.safe or b"")
            kept = dice.choice((0.0, 0.5, 0.9, 1.0))
            survivors = [write for write in file.written if dice.random() < kept]
            if survivors and kept < 1.0 and survivors[-1][1] is not None:
                offset, data = survivors[-1]
                assert data is not None
                # Sectors of 512 bytes are written whole; a page of 4096 may be torn between them.
                survivors[-1] = (offset, data[: 512 * dice.randint(0, len(data) // 512 + 1)])
            for write in survivors:
                apply(content, write)
            (folder / Path(path).name).write_bytes(content)


class _Handle(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk = disk
        self._path = path or ""
        if path and path not in disk.files:
            disk.files[path] = _File()
            if Path(path).stat().st_size:
                disk.files[path].safe = bytearray(Path(path).read_bytes())
        self._file = disk.files.get(self._path) or _File()

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        try:
            self._disk.step()
            self._disk.room(self._path, offset + len(data))
        except apsw.Error:
            self._file.written.append((offset, bytes(data)))  # some of it may have reached the disk all the same
            if not self._disk.dead:
                self._file.written.pop()
            raise
        self._file.written.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.step()
        self._file.written.append((size, None))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.step()
        self._file.sync()  # the true disk below need not wait: what is safe is what this file layer remembers
