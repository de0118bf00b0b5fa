"""WAV and AVI: what a recorder writes beside the sound, and what to blank.

Owns: the chunks of RIFF. Does not own: how a file is followed (media.py).
Always true: a chunk that says nothing of how to play the file is renamed `JUNK` and emptied: no offset changes.
Source: Microsoft/IBM, Multimedia Programming Interface (RIFF, LIST INFO); EBU Tech 3285 (bext), 3306 (RF64).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Final

from parley.codec.media import Steps, Trail, fault, look, void

# What a player needs: the form of the sound, the sound, how many samples, where loops and silences are; of a film the
# headers, the frames and their index.
_NEEDED: Final = frozenset(
    (b"fmt ", b"data", b"fact", b"ds64", b"PEAK", b"smpl", b"inst", b"cue ", b"plst", b"slnt", b"wavl", b"idx1",
     b"avih", b"strh", b"strf", b"vprp", b"dmlh", b"indx")
)  # fmt: skip
_LISTS: Final = frozenset((b"hdrl", b"strl", b"odml"))
_WORDS: Final = re.compile(rb"[\x20-\x7e]{5,60}")
_EMPTY: Final = frozenset((b"JUNK", b"junk", b"PAD ", b"FLLR"))


def is_riff(head: bytes) -> bool:
    """Say whether a file begins as one of these does."""
    return head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] in (b"WAVE", b"AVI ")


def follow(trail: Trail) -> Steps:
    """Follow the chunks of a whole file."""
    heard = False
    while True:
        try:
            head = yield 12
        except EOFError as ended:
            trail.blank(trail.at, len(ended.args[0]))
            break
        kind, size = head[:4], int.from_bytes(head[4:8], "little")
        if kind not in (b"RIFF", b"RF64", b"BW64") or head[8:12] not in (b"WAVE", b"AVI ", b"AVIX"):
            raise fault(trail.at - 12, "expected a RIFF of sound or film")
        heard = True
        end = trail.at - 4 + size if kind == b"RIFF" and size != 0xFFFFFFFF else None
        if (yield from _chunks(trail, end, 0)):
            break
    if not heard:
        raise fault(trail.at, "it holds no sound")


def _chunks(trail: Trail, end: int | None, depth: int) -> Generator[int, bytes, bool]:
    """Go through the chunks up to a place, or to the end of the file; says whether that came."""
    long: dict[bytes, int] = {}
    while end is None or trail.at + 8 <= end:
        start = trail.at
        try:
            head = yield 8
        except EOFError as ended:
            if end is not None:
                raise
            trail.blank(start, len(ended.args[0]))
            return True
        kind, size = head[:4], int.from_bytes(head[4:8], "little")
        if size == 0xFFFFFFFF:  # its length stands in ds64, in 64 bits
            size = long.get(kind, -1)
        after = size + size % 2
        if size < 0 or (end is not None and trail.at + size > end):
            raise fault(start, f"a chunk of {size} bytes does not fit")
        if end is not None and trail.at + after > end:  # many leave out the last byte of padding
            after = size
        if kind == b"ds64":
            body = yield from look(trail, after)
            long[b"data"] = int.from_bytes(body[8:16], "little")
        elif kind == b"LIST" and size >= 4 and depth < 3:
            what = yield 4
            if what in _LISTS:
                yield from _chunks(trail, trail.at - 4 + size, depth + 1)
            elif what in (b"movi", b"wavl", b"rec "):
                yield -(after - 4)
            else:
                yield from _other(trail, start, after - 4, gone=12)
        elif kind in _NEEDED:
            yield -after
        elif kind in _EMPTY:
            yield from void(trail, after)
        else:
            yield from _other(trail, start, after, gone=8)
    if end is not None and end > trail.at:
        yield -(end - trail.at)
    return False


def _other(trail: Trail, start: int, size: int, *, gone: int) -> Steps:
    """Empty a chunk, and tell the words in it: who, with what, where, when."""
    body = yield from look(trail, size)
    for words in _WORDS.findall(body)[:4]:
        trail.tell("words", words.decode())
    trail.blank(start, 4, b"JUNK")
    trail.blank(start + 8, size + gone - 8)
