"""What root made in a node's data folder: handed to whom the folder belongs to, as the node runs as that user alone.

Owns: who owns a data folder, and giving its files to them.
Does not own: who may run which command (the system's own rights).
Always true:
  1. Only what belongs to root is given away, only within a data folder and its anchor, and no link is followed.
"""

from __future__ import annotations

import os
import stat
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from parley.errors import ParleyError

_ROOT: Final = 0


@contextmanager
def handed_over(chosen: Namespace) -> Iterator[None]:
    """Let a command that root runs leave a data folder as its owner needs it.

    Administrators restore and renew as root at night; the node then started as its own user, read nothing, and started
    again for ever. A folder that is made now belongs to the owner of the one around it, where that is not root.
    """
    folder = _data_folder(chosen)
    if os.geteuid() != _ROOT or folder is None or chosen.run.endswith(":doctor"):  # who only looks changes nothing
        yield
        return
    owner = _owner(folder)
    try:
        yield
    finally:
        if owner is not None and (count := _hand_over(folder, *owner)):
            from parley.cli.output import say_aside

            say_aside(f"{count} files that root made in {folder} were given to the user that the folder belongs to.")


def _data_folder(chosen: Namespace) -> Path | None:
    folder: Path | None = getattr(chosen, "dir", None) or getattr(chosen, "data", None)
    if folder is None and hasattr(chosen, "data") and os.environ.get("PARLEY_DATA"):
        folder = Path(os.environ["PARLEY_DATA"])
    return folder


def _owner(folder: Path) -> tuple[int, int] | None:
    """Give user and group of a folder, or of the one that it will be made in; None if that is root or anybody."""
    for place in (folder, folder.absolute().parent):
        with suppress(OSError):
            found = place.stat()
            known = found.st_uid != _ROOT and not found.st_mode & stat.S_IWOTH
            return (found.st_uid, found.st_gid) if known else None
    return None


def _hand_over(folder: Path, user: int, group: int) -> int:
    from parley.node.config import read_config

    places = [folder]
    with suppress(ParleyError, OSError):
        places.append(read_config(folder).anchor)
    given = 0
    for place in places:
        with suppress(OSError):  # what cannot be given away is told by the node, which cannot read it
            if not place.is_symlink() and place.stat().st_uid == _ROOT:
                os.chown(place, user, group, follow_symlinks=False)
                given += 1
            for _, folders, files, handle in os.fwalk(place):
                for name in (*folders, *files):
                    found = os.stat(name, dir_fd=handle, follow_symlinks=False)
                    linked = stat.S_ISREG(found.st_mode) and found.st_nlink > 1  # it has a name elsewhere, too
                    if found.st_uid == _ROOT and not stat.S_ISLNK(found.st_mode) and not linked:
                        os.chown(name, user, group, dir_fd=handle, follow_symlinks=False)
                        given += 1
    return given
