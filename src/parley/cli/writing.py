"""What a command leaves for a person: a file that was not there before, whole and safe on the disk, or none.

Always true: 1. Where writing fails or is broken off nothing stays at that name: half a file looks whole to a courier.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from parley.errors import Refused, Unavailable


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that must not be there yet; at the end it is synced, for sticks are pulled out early.

    Raises: Refused `cli.file` if it is there already; Unavailable `cli.file` if the disk fails. Nothing is left there.
    """
    try:
        out = path.open("xb")
    except FileExistsError:
        raise Refused("cli.file", f"{path} is there already; nothing was overwritten") from None
    except OSError as failed:
        raise Unavailable("cli.file", f"{path} cannot be written: {failed.strerror}") from None
    try:
        with out:
            yield out
            out.flush()
            os.fsync(out.fileno())
    except BaseException as failed:
        path.unlink(missing_ok=True)
        if isinstance(failed, OSError):
            raise Unavailable(
                "cli.file", f"{path} cannot be written: {failed.strerror}; nothing was left there"
            ) from None
        raise
