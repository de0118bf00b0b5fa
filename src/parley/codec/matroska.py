"""WebM and Matroska: what a recorder writes beside the picture, and what to blank.

Owns: the elements that say who, with what and when; files attached within. Does not own: how a file is followed.
Always true: such an element becomes a Void of the same length (RFC 9559 section 5.1.7 allows one anywhere).
Source: RFC 8794 (EBML), RFC 9559 (Matroska).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Final

from parley.codec.media import Steps, Trail, fault, look, void

MAGIC: Final = b"\x1a\x45\xdf\xa3"
_SEGMENT, _INFO, _TRACKS, _ENTRY = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
_TAGS, _ATTACHED, _VOID = 0x1254C367, 0x1941A469, 0xEC
_DATE, _MUXER, _WRITER = 0x4461, 0x4D80, 0x5741
# Of the film and of a track: a title or name, the file's and its neighbours' names; then their identities, and a sum
# over the rest, which would no longer fit.
_NAMES: Final = frozenset((0x7BA9, 0x7384, 0x3C83AB, 0x3E83BB, 0x536E))
_OTHER: Final = frozenset((0x73A4, 0x3CB923, 0x3EB923, 0x4444, 0xBF))
_TAG: Final = re.compile(rb"\x44\x87[\x81-\xfe]")  # the words of a tag, and their length in seven bits
_EPOCH: Final = datetime(2001, 1, 1, tzinfo=UTC)


def follow(trail: Trail) -> Steps:
    """Follow the elements of a whole file."""
    kind, size, _ = yield from _element(trail)
    if kind != 0x1A45DFA3 or size is None:
        raise fault(0, "expected the head of EBML")
    yield -size
    while True:
        start = trail.at
        try:
            kind, size, _ = yield from _element(trail)
        except EOFError:
            if trail.at != start:
                raise
            return
        if kind == _SEGMENT:
            yield from _segment(trail, None if size is None else trail.at + size)
            return
        yield -(size or 0)


def _element(trail: Trail) -> Generator[int, bytes, tuple[int, int | None, int]]:
    """Give id, size of the content (None: unknown) and where the element begins."""
    start = trail.at
    first = (yield 1)[0]
    length = 9 - first.bit_length()
    if length > 4:
        raise fault(start, "expected an element")
    id = int.from_bytes(bytes((first,)) + (yield length - 1), "big")
    first = (yield 1)[0]
    length = 9 - first.bit_length()
    if length > 8:
        raise fault(start, "expected the size of an element")
    rest = yield length - 1
    size = int.from_bytes(bytes((first & (1 << 8 - length) - 1,)) + rest, "big")
    return id, None if size == (1 << 7 * length) - 1 else size, start


def _segment(trail: Trail, end: int | None) -> Steps:
    while end is None or trail.at < end:
        begun = trail.at
        try:
            kind, size, start = yield from _element(trail)
        except EOFError:
            if trail.at != begun or end is not None:
                raise
            return
        if size is None:  # a live recording: its clusters go on without a length, one element after the other
            if kind in (_INFO, _TRACKS, _TAGS, _ATTACHED):
                raise fault(start, "a part that may tell something, without a length")
            continue
        if kind in (_INFO, _TRACKS):
            yield from _inside(trail, trail.at + size, 0)
        elif kind in (_TAGS, _ATTACHED):
            yield from _void(trail, start, size, kind)
        elif kind == _VOID:
            yield from void(trail, size)
        else:
            yield -size


def _inside(trail: Trail, end: int, depth: int) -> Steps:
    """Go through what describes the film or a track."""
    while trail.at < end:
        kind, size, start = yield from _element(trail)
        if size is None or trail.at + size > end:
            raise fault(start, "an element does not fit")
        if kind == _ENTRY and depth == 0:
            yield from _inside(trail, trail.at + size, 1)
        elif kind in _NAMES or kind in _OTHER or kind == _DATE:
            yield from _void(trail, start, size, kind)
        elif kind in (_MUXER, _WRITER):  # both must be there
            at, plain = trail.at, b" " * min(size, 64)
            body = yield from look(trail, size)
            trail.tell("device", body.decode("utf-8", "replace"))
            if body != plain:
                trail.blank(at, size, plain)
        else:
            yield -size


def _void(trail: Trail, start: int, size: int, kind: int) -> Steps:
    """Make an element one that says nothing, as long as it was."""
    head = trail.at - start
    body = yield from look(trail, size)
    if kind == _DATE and len(body) == 8:
        since = int.from_bytes(body, "big", signed=True)
        if abs(since) < 4 * 10**18:
            trail.taken = (_EPOCH + timedelta(microseconds=since // 1000)).strftime("%Y-%m-%d %H:%M:%S")
            trail.tell("taken", trail.taken)
    elif kind in _NAMES:
        trail.tell("words", body.decode("utf-8", "replace"))
    elif kind == _TAGS:
        for tag in _TAG.finditer(body):
            trail.tell("words", body[tag.end() : tag.end() + (tag[0][2] & 0x7F)].decode("utf-8", "replace"))
    whole = head + size
    width = min(head - 1, 8)  # of the size: what the old id and size took, less one byte for the new id
    made = bytes((_VOID,)) + (size + head - 1 - width | 1 << 7 * width).to_bytes(width, "big")
    trail.blank(start, whole, made)
