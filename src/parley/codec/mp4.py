"""MP4, MOV, M4A, 3GP: what a telephone or a camera hides in its films, and what to blank.

Owns: the boxes that say who, where, with what and when; tracks of places beside the picture.
Does not own: how a file is followed (media.py).
Always true: boxes that say nothing of how to play the film are renamed `free` and emptied: no offset changes.
Source: ISO/IEC 14496-12 (boxes, mvhd, tkhd, mdhd, hdlr, stbl, udta, meta, uuid); Apple, QuickTime File Format.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from parley.codec.media import SEEN_MAX, Steps, Trail, fault, look, void

_HOLDERS: Final = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts", b"mvex", b"dinf"))
_TELLING: Final = frozenset((b"udta", b"meta", b"uuid"))
_TIMED: Final = frozenset((b"mvhd", b"tkhd", b"mdhd"))
_TABLES: Final = frozenset((b"stco", b"co64", b"stsc", b"stsz"))
_TABLE_BYTES_MAX: Final = 8_388_608
_DEPTH_MAX: Final = 8
_PLACE: Final = re.compile(rb"[+-]\d{2}(?:\.\d+)?[+-]\d{3}(?:\.\d+)?(?:[+-]\d+(?:\.\d+)?)?/?")  # ISO 6709
_MADE: Final = re.compile(rb"(?:\xa9mak|\xa9mod|\xa9swr)(..)..([\x20-\x7e]{1,60})", re.DOTALL)
_KEPT: Final = re.compile(rb"data\0\0\0\x01....([\x20-\x7e\xc2-\xf4\x80-\xbf]{2,60})", re.DOTALL)
_EPOCH: Final = datetime(1904, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Track:
    """What one track says of itself: its handler, and where its samples lie."""

    handler: bytes = b""
    tables: dict[bytes, bytes] = field(default_factory=dict)


def is_mp4(head: bytes) -> bool:
    """Say whether a file begins as one of these does; a still picture of the family (HEIC, AVIF) is none."""
    if head[4:8] == b"ftyp":
        return head[8:12] not in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
    return head[4:8] in (b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot")


def follow(trail: Trail) -> Steps:
    """Follow the boxes of a whole file."""
    found = False
    while True:
        try:
            kind, size, length = yield from _box(trail, None)
        except EOFError as ended:
            trail.blank(trail.at, len(ended.args[0]))  # what is left is shorter than any box
            break
        found = found or kind == b"moov"
        if size is None:  # it goes on to the end of the file
            if kind != b"mdat":
                raise fault(trail.at, f"a box {kind!r} without an end")
            break
        yield from _inside(trail, kind, size, length, 0, None)
    if not found:
        raise fault(trail.at, "it holds no film")


def _box(trail: Trail, left: int | None) -> Generator[int, bytes, tuple[bytes, int | None, int]]:
    """Give kind, size of the content (None: to the end of the file) and length of the head of the next box."""
    start = trail.at
    head = yield 8
    size, kind, length = int.from_bytes(head[:4], "big"), head[4:], 8
    if size == 1:
        size, length = int.from_bytes((yield 8), "big"), 16
    elif size == 0:
        if left is not None:
            size = left
        else:
            return kind, None, length
    if size < length or (left is not None and size > left):
        raise fault(start, f"a box of {size} bytes does not fit")
    return kind, size - length, length


def _inside(trail: Trail, kind: bytes, size: int, head: int, depth: int, track: _Track | None) -> Steps:
    """Go through the content of one box."""
    if depth > _DEPTH_MAX:
        raise fault(trail.at, "boxes within boxes without end")
    if kind in _TELLING:
        yield from _telling(trail, size, head)
    elif kind in (b"free", b"skip"):
        yield from void(trail, size)
    elif kind in _TIMED:
        yield from _timed(trail, kind, size)
    elif kind in _HOLDERS:
        inner = _Track() if kind == b"trak" else track
        end = trail.at + size
        while trail.at < end:
            if end - trail.at < 8:  # QuickTime ends some of its boxes with four zeros
                yield -(end - trail.at)
                break
            one, part, length = yield from _box(trail, end - trail.at)
            yield from _inside(trail, one, part or 0, length, depth + 1, inner)
        if kind == b"trak" and inner is not None:
            _places(trail, inner)
    elif kind == b"cmov":
        raise fault(trail.at, "its head is packed")
    elif track is not None and kind == b"hdlr" and 12 <= size <= SEEN_MAX:
        body = yield size
        track.handler = track.handler or body[8:12]  # the first is the track's own; QuickTime has one for its data too
    elif track is not None and kind in _TABLES and size <= _TABLE_BYTES_MAX:
        track.tables[kind] = yield size
    else:
        yield -size


def _telling(trail: Trail, size: int, head: int) -> Steps:
    """Rename a box and empty it; before that, tell what it says of place and device."""
    at = trail.at
    body = yield from look(trail, size)
    for place in _PLACE.findall(body):
        trail.tell("place", place.decode())
    for length, words in _MADE.findall(body):
        trail.tell("device", words[: int.from_bytes(length, "big")].decode())
    if b"mdta" in body or b"ilst" in body:
        for words in _KEPT.findall(body):
            if not _PLACE.fullmatch(words):
                trail.tell("words", words.decode("utf-8", "replace"))
    trail.blank(at - head + 4, 4, b"free")
    trail.blank(at, size)


def _timed(trail: Trail, kind: bytes, size: int) -> Steps:
    """Blank when it was made and changed; the film's own moment is told."""
    at = trail.at
    body = yield from look(trail, size)
    if len(body) < 20:
        raise fault(at, f"a box {kind!r} of {size} bytes")
    width = 8 if body[0] == 1 else 4
    made = int.from_bytes(body[4 : 4 + width], "big")
    if kind == b"mvhd" and 0 < made < 8_000_000_000 and not trail.taken:
        trail.taken = (_EPOCH + timedelta(seconds=made)).strftime("%Y-%m-%d %H:%M:%S")
        trail.tell("taken", trail.taken)
    if body[4 : 4 + 2 * width].strip(b"\0"):
        trail.blank(at + 4, 2 * width)


def _places(trail: Trail, track: _Track) -> None:
    """Blank the samples of a track that is neither seen nor heard: where the camera was, second by second."""
    if track.handler not in (b"meta", b"camm"):
        return
    trail.tell("place", "recorded along the film")
    numbers = {kind: _numbers(track.tables.get(kind, b""), kind) for kind in _TABLES}
    if not numbers[b"stsz"]:  # they lie in fragments
        trail.leave()
    chunks, runs, sizes = numbers[b"stco"] or numbers[b"co64"], numbers[b"stsc"], numbers[b"stsz"]
    run, first = 0, 0
    for chunk, at in enumerate(chunks, 1):
        while 3 * run + 3 < len(runs) and runs[3 * run + 3] <= chunk:
            run += 1
        count = runs[3 * run + 1] if runs else 0
        if not 0 <= count <= len(sizes) - first:
            raise fault(trail.at, "a track of places whose tables do not fit")
        trail.blank(at, sum(sizes[first : first + count]))
        first += count


def _numbers(table: bytes, kind: bytes) -> list[int]:
    """Give the numbers of a table of a track; of sample sizes, each."""
    if kind == b"stsz":
        one, count = int.from_bytes(table[4:8], "big"), int.from_bytes(table[8:12], "big")
        if one:
            return [one] * min(count, _TABLE_BYTES_MAX // 4)
        body, width = table[12:], 4
    else:
        body, width = table[8:], 8 if kind == b"co64" else 4
        count = int.from_bytes(table[4:8], "big") * (3 if kind == b"stsc" else 1)
    count = min(count, len(body) // width)
    return [int.from_bytes(body[width * n : width * n + width], "big") for n in range(count)]
