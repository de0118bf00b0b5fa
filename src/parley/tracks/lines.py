"""Lines of a file that comes in pieces, numbered from 1, in constant memory.

Always true: at most one line of limits.TRACK_LINE_BYTES_MAX is held; a longer one is given as None and skipped whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parley import limits


def lines_of(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Give (number, line without its end); None for a line that is too long."""
    number, rest, skipping = 0, b"", False
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            number += 1
            yield number, None if skipping or len(line) > limits.TRACK_LINE_BYTES_MAX else line.rstrip(b"\r")
            skipping = False
        if len(rest) > limits.TRACK_LINE_BYTES_MAX:
            rest, skipping = b"", True
    if rest or skipping:
        yield number + 1, None if skipping else rest.rstrip(b"\r")
