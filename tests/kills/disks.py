"""A disk that is full when the story wants it: a small file system of its own, or a limit on the size of files."""

from __future__ import annotations

import contextlib
import resource
import subprocess
from pathlib import Path
from typing import Final

_SIZE_MIB: Final = 72  # room for the ballast (16 MiB if four times that is free) but not for ground; quickly filled
_PIECE: Final = 65_536


class SmallDisk:
    """A folder for a node's data that can be filled up, and made free again.

    Who may mount gets a real full disk. Who may not gets files that cannot grow: the same failed writes, called by
    another name (`storage.failed`).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mounted = False

    def __enter__(self) -> SmallDisk:
        self.folder.mkdir(parents=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE_MIB}m,mode=0700", "parley-kills", str(self.folder)]
        with contextlib.suppress(OSError):
            self._mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        return self

    def __exit__(self, *_: object) -> None:
        if self._mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def fill(self, pid: int) -> None:
        """Leave no room for the process `pid`; call it again to take what was let go of since."""
        if not self._mounted:
            grown = (self.folder / "record.db-wal").read_bytes().rstrip(b"\0")  # without the ground ahead
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (max(1, len(grown)), resource.RLIM_INFINITY))
            return
        with (self.folder / "filler").open("ab", buffering=0) as filler, contextlib.suppress(OSError):
            while filler.write(b"\0" * _PIECE):
                pass

    def free(self, pid: int) -> None:
        """Make room."""
        if not self._mounted:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return
        (self.folder / "filler").unlink()
