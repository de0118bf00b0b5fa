"""Space set aside on the disk, to be given up when it is full: room for a clean stop and a word about why.

A write-ahead log needs room even to say goodbye. The ballast is a file of real zeros beside the record; letting go of
it gives the node some MiB for its last commits, and the operator time.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from parley.storage.file import trouble

# Room for a write-ahead log of a few thousand pages: about a thousand last messages.
BALLAST_BYTES: Final = 16 * 1_048_576


class Ballast:
    """One file that can be let go of at once."""

    def __init__(self, path: Path, size: int = BALLAST_BYTES) -> None:
        self._path = path
        self._size = size

    @property
    def held(self) -> bool:
        """Say whether the space is set aside."""
        return self._path.exists() and self._path.stat().st_size >= self._size

    def take(self) -> bool:
        """Set the space aside if there is plenty (four times as much); says whether it is held now."""
        if self.held:
            return True
        try:
            if shutil.disk_usage(self._path.parent).free < 4 * self._size:
                return False
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(handle, 0, self._size)
            finally:
                os.close(handle)
        except OSError as error:
            self._path.unlink(missing_ok=True)
            raise trouble(error, "setting space aside") from error
        return True

    def let_go(self) -> None:
        """Give the space back; doing so twice changes nothing."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise trouble(error, "letting go of the space set aside") from error
