"""What a command leaves for a person: a file that was not there before, whole and safe on the disk, or none.

Always true:
  1. Where writing fails or is broken off nothing stays at that name: half a file looks whole to a courier. If the disk
     does not let us take it away, the words say so.
  2. What is called written was read back from there and is the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from parley.errors import Refused, Unavailable


class Written:
    """A new file, and a hash over what it was given."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._hash = out, hashlib.sha256()

    def write(self, piece: bytes) -> int:
        """Add to the file; gives how many bytes."""
        self._hash.update(piece)
        return self._out.write(piece)

    def check(self) -> None:
        """Make it safe on the disk, and read it back from there; raises OSError if it is not what was written.

        The machine is asked to forget what it keeps of the file in memory: a stick that is worn, or smaller than it
        says, takes every write and gives back something else.
        """
        self._out.flush()
        os.fsync(self._out.fileno())
        with suppress(OSError):  # not every file system knows it; then what memory holds is compared
            os.posix_fadvise(self._out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with Path(self._out.name).open("rb") as back:
            if hashlib.file_digest(back, "sha256").digest() != self._hash.digest():
                raise OSError(0, "what was written does not come back")


@contextmanager
def new_file(path: Path) -> Iterator[Written]:
    """Open a file that must not be there yet; at the end it is synced and read back, for sticks are pulled out early.

    Raises: Refused `cli.file` if it is there already; Unavailable `cli.file` if the disk fails. Nothing is left there,
        or the words say that it is.
    """
    try:
        out = path.open("xb")
    except FileExistsError:
        raise Refused("cli.file", f"{path} is there already; nothing was overwritten") from None
    except OSError as failed:
        raise Unavailable("cli.file", f"{path} cannot be written: {failed.strerror}") from None
    try:
        with out:
            written = Written(out)
            yield written
            written.check()
        _sync_folder(path.parent)
    except BaseException as failed:
        with suppress(OSError):  # a stick that is gone, or read-only by now, unlinks nothing
            path.unlink(missing_ok=True)
        if isinstance(failed, OSError):
            left = "nothing was left there"
            with suppress(OSError):
                if path.exists():
                    left = "what is there now is not whole: do not carry it"
            raise Unavailable("cli.file", f"{path} cannot be written: {failed.strerror}; {left}") from None
        raise


def _sync_folder(folder: Path) -> None:
    """Make the name as safe as what stands under it; not every stick's file system can, and the file itself is safe."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
