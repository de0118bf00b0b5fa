"""The second place: one small file outside the data folder and its backups, rewritten in place (DESIGN 2.5).

It is written before every commit and synced every second, not with every commit: kill -9 loses nothing of it, and
after a power cut an older anchor does not match the store, which is the safe side.

Owns: the file, and what becomes of it when its disk fails or is pulled out.
Does not own: what its bytes say (line/), when they are written (shell.py).
Always true:
  1. What could not be brought to its disk is told at the next write: nothing is signed upon it.
  2. After a failure the file is opened anew, and never made anew: another disk may lie there by then.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from parley.errors import Unavailable

_NAME = "heads.json"
_BYTES_MAX = 4_194_304
_EMPTY = (
    "the second place {} was empty when this node started, so it asks the other side before it signs, and goes on in"
    " new epochs; that is right after a restore, otherwise its disk may not be mounted: mount it, then start again"
)


def heads_file(folder: Path) -> Path:
    """Give the file that holds the heads in a second place."""
    return folder / _NAME


class AnchorFile:
    """The file, open while the node lives. `words`: what an operator should know of it, from its opening on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._dirty = False
        self._begun = False
        self._size = 0
        self._failed: Unavailable | None = None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._fd = os.open(heads_file(folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as failed:
            raise Unavailable(
                "node.anchor", f"the second place {folder} cannot be written: {failed.strerror}; the node did not start"
            ) from None
        self.words = "" if self.read() is not None else _EMPTY.format(folder)

    def read(self) -> bytes | None:
        """Give what was written last, or None if nothing ever was; raises Unavailable `node.anchor`."""
        try:
            if self._failed is not None:
                self._open_again()
            data = os.pread(self._fd, _BYTES_MAX, 0).rstrip(b" \n")
        except OSError as failed:
            raise self._trouble("read", failed) from None
        self._size = len(data)
        return data or None

    def write(self, data: bytes) -> None:
        """Write the heads; raises Unavailable `node.anchor`, also where what was written before did not last."""
        if self._failed is not None:
            raise self._failed
        whole = data.ljust(self._size)
        try:
            if os.pwrite(self._fd, whole, 0) < len(whole):  # the last of the disk's room: the rest is not there
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._size, self._dirty = len(whole), True
            if not self._begun:  # the first word of this run replaces one that may be older than anything: at once
                self._bring()
                self._begun = True
        except OSError as failed:
            raise self._trouble("written", failed) from None

    def sync(self) -> None:
        """Bring it to the disk if it changed; a failure is told at the next write, and ends no thread meanwhile."""
        try:
            self._bring()
        except OSError as failed:
            self._trouble("written", failed)

    def close(self) -> None:
        """Sync and let go."""
        self.sync()
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def _bring(self) -> None:
        if self._dirty:
            self._dirty = False
            os.fdatasync(self._fd)

    def _open_again(self) -> None:
        """A stick that was pulled out and put back is another file system: the old handle never works again."""
        fresh = os.open(heads_file(self._folder), os.O_RDWR | os.O_CLOEXEC)
        with contextlib.suppress(OSError):
            os.close(self._fd)
        self._fd, self._failed, self._dirty, self._begun = fresh, None, False, False

    def _trouble(self, what: str, failed: OSError) -> Unavailable:
        self._failed = Unavailable(
            "node.anchor", f"the second place {self._folder} cannot be {what}: {failed.strerror}; is its disk there?"
        )
        return self._failed
