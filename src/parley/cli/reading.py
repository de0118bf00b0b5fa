"""What a command is given to read: a file, or standard input where "-" stands; whole, bounded, with words for failure.

Always true: 1. Never more is held than the bound: a device or a disk's image by mistake ends in a sentence too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from parley.errors import Refused

# What the API takes in one request (api/app.py); no words that a command hands on are longer.
TEXT_BYTES_MAX: Final = 256 * 1024


def read_bytes(path: Path, bytes_max: int = TEXT_BYTES_MAX) -> bytes:
    """Give a file's bytes; raises Refused `cli.unreadable` if it cannot be read, or is longer than the bound."""
    where = "standard input" if str(path) == "-" else str(path)
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(bytes_max + 1)
        else:
            with path.open("rb") as source:
                data = source.read(bytes_max + 1)
    except OSError as failed:
        raise Refused("cli.unreadable", f"{where} cannot be read: {failed.strerror}; nothing was done") from None
    if len(data) > bytes_max:
        raise Refused("cli.unreadable", f"{where}: expected at most {bytes_max} bytes, got more; nothing was done")
    return data


def read_text(path: Path, bytes_max: int = TEXT_BYTES_MAX) -> str:
    """Give a file's words; raises Refused `cli.unreadable`, too, if they are not in UTF-8."""
    data = read_bytes(path, bytes_max)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        where = "standard input" if str(path) == "-" else str(path)
        raise Refused(
            "cli.unreadable", f"{where}: expected text in UTF-8; byte {wrong.start} is not; nothing was done"
        ) from None
