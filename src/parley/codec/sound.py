"""MP3, FLAC and Ogg: the tags beside the sound, and what to blank.

Owns: ID3 and APE tags, FLAC's blocks, the comment packet of Vorbis, Opus, Speex and Theora with its pages' sums.
Does not own: how a file is followed (media.py).
Source: id3.org ID3v2.3, ID3v2.4, ID3v1; RFC 9639 (FLAC); RFC 3533, RFC 7845 section 5.2 (Ogg, OpusTags).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from parley.codec.media import SEEN_MAX, Steps, Trail, fault, look, void

_WORDS: Final = re.compile(rb"[\x20-\x7e\xc2-\xf4\x80-\xbf]{5,60}")
_FLAC_TELLING: Final = frozenset((1, 2, 4, 5, 6))  # padding, application, comments, cue sheet, picture
_SKELETON: Final = b"fisbone\0"  # of a stream that says how the others lie in time
_TAIL: Final = 131_072  # where tags stand at the end of an MP3


def is_mp3(head: bytes) -> bool:
    """Say whether a file begins as MPEG sound does: with a tag, or with a frame of layer III."""
    return head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa", b"\xe3"))


def follow_mp3(trail: Trail) -> Steps:
    """Blank the tags before the sound, and those at the end."""
    head = yield 10
    if head[:3] == b"ID3":
        size = _synchsafe(head[6:10])
        size += 10 if head[5] & 0x10 else 0
        body = yield from look(trail, size)
        _tell(trail, body)
        plain = b"ID3\x03\0\0" + head[6:10]  # a tag of nothing but padding
        if head != plain or size > SEEN_MAX or body.strip(b"\0"):
            trail.blank(0, 10, plain)
            trail.blank(10, size)
        head = yield 4
        if head == b"fLaC":
            yield from _flac_blocks(trail)
            return
    tail, gone = b"", trail.at
    while True:
        try:
            tail = (tail + (yield SEEN_MAX))[-_TAIL:]
        except EOFError as ended:
            tail = (tail + ended.args[0])[-_TAIL:]
            gone = trail.at + len(ended.args[0]) - len(tail)
            break
    _tags_behind(trail, tail, gone)


def _tags_behind(trail: Trail, tail: bytes, at: int) -> None:
    """Blank the tags at the end: ID3v1, and before it Lyrics3, APE and ID3v2 in any order."""
    end = len(tail)
    if tail[-128:-125] == b"TAG":
        end -= 128
        plain = b"TAG" + bytes(124) + b"\xff"  # of no kind of music
        if tail[end:] != plain:
            _tell(trail, tail[end + 3 : end + 125])
            trail.blank(at + end, 128, plain)
    while (size := _tag_behind(tail[:end])) > 0:
        begin = end - size
        if begin < 0:  # longer than what is looked at, or a size that lies
            trail.leave()
            return
        _tell(trail, tail[begin:end])
        trail.blank(at + begin, size)
        end = begin


def _tag_behind(tail: bytes) -> int:
    """Give the size of the tag that these bytes end with; 0 for none."""
    if tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():
        return int(tail[-15:-9]) + 15
    if tail[-32:-24] == b"APETAGEX":
        size = int.from_bytes(tail[-20:-16], "little")
        return size + (32 if tail[-9] & 0x80 else 0)  # a head is not counted
    if tail[-10:-7] == b"3DI":
        return _synchsafe(tail[-4:]) + 20
    return 0


def _synchsafe(digits: bytes) -> int:
    """Give a size of 28 bits, seven in each byte."""
    size = 0
    for one in digits:
        if one & 0x80:
            raise fault(6, "the size of a tag is not of this form")
        size = size << 7 | one
    return size


def follow_flac(trail: Trail) -> Steps:
    """Turn every block that tells something into padding."""
    if (yield 4) != b"fLaC":
        raise fault(0, "expected fLaC")
    yield from _flac_blocks(trail)


def _flac_blocks(trail: Trail) -> Steps:
    last = False
    while not last:
        start = trail.at
        head = yield 4
        last, kind, size = bool(head[0] & 0x80), head[0] & 0x7F, int.from_bytes(head[1:], "big")
        if kind not in _FLAC_TELLING:
            yield -size
            continue
        if kind == 1:
            yield from void(trail, size)
            continue
        _tell(trail, (yield from look(trail, size)))
        trail.blank(start, 1, bytes(((0x80 if last else 0) | 1,)))
        trail.blank(start + 4, size)


def follow_ogg(trail: Trail) -> Steps:
    """Empty the comments of each stream; the pages that hold them get new sums."""
    streams: dict[bytes, _Comments] = {}
    first = True
    while True:
        start = trail.at
        try:
            head = yield 27
        except EOFError as ended:
            if first or ended.args[0]:
                raise
            if not all(stream.over for stream in streams.values()):
                trail.leave()
            return
        first = False
        if head[:4] != b"OggS" or head[4] != 0:
            raise fault(start, "expected a page of Ogg")
        lengths = yield head[26]
        serial, size = head[14:18], sum(lengths)
        stream = streams.setdefault(serial, _Comments())
        if stream.over:
            yield -size
            continue
        body = yield size
        stream.page(trail, start, head, lengths, body)


class _Page(NamedTuple):
    """A page with a part of the packet: where it begins, its head with the lacing, its body, the parts within."""

    start: int
    head: bytes
    body: bytes
    parts: list[tuple[int, int]]


class _Comments:
    """The second packet of one stream, which may run over several pages."""

    def __init__(self) -> None:
        self.over = False
        self._packet = 0
        self._held = b""
        self._pages: list[_Page] = []

    def page(self, trail: Trail, start: int, head: bytes, lengths: bytes, body: bytes) -> None:
        """Take a page; once the packet is whole, blank it."""
        whole_head, at, mine = head + lengths, 0, list[tuple[int, int]]()
        done = False
        for size, ends in _segments(lengths):
            if self._packet == 1 and not done:
                mine.append((at, at + size))
                self._held += body[at : at + size]
                done = ends
            at += size
            self._packet += ends
        if mine:
            self._pages.append(_Page(start, whole_head, body, mine))
        if len(self._held) > 16_777_216:
            raise fault(start, "comments of more than 16 MiB")
        if done:
            self.over = True
            self._blank(trail)

    def _blank(self, trail: Trail) -> None:
        prefix = _prefix(self._held)
        if prefix is None:
            if not self._held.startswith(_SKELETON):
                trail.leave()
            return
        _tell(trail, self._held[len(prefix) :])
        made = _empty(self._held, prefix)
        for start, head, body, parts in self._pages:
            page = bytearray(body)
            for low, high in parts:
                page[low:high], made = made[: high - low], made[high - low :]
            if bytes(page) == body:
                continue
            sum_ = _crc(head[:22] + bytes(4) + head[26:] + bytes(page))
            trail.blank(start + 22, 4, sum_.to_bytes(4, "little"))
            trail.blank(start + len(head), len(page), bytes(page))
            trail.removed += sum(high - low for low, high in parts)


def _segments(lengths: bytes) -> Iterator[tuple[int, bool]]:
    """Give (size, whether a packet ends with it) of each run of a page's lacing values."""
    size = 0
    for one in lengths:
        size += one
        if one < 255:
            yield size, True
            size = 0
    if size:
        yield size, False


def _prefix(packet: bytes) -> bytes | None:
    """Give the letters a comment packet begins with; None if it is no such packet."""
    for prefix in (b"\x03vorbis", b"OpusTags", b"\x81theora"):
        if packet.startswith(prefix):
            return prefix
    return None


def _empty(packet: bytes, prefix: bytes) -> bytes:
    """Give a comment packet of the same length that says nothing: a vendor of spaces, and no comments."""
    framing = prefix != b"OpusTags"  # Vorbis ends with a bit that is set
    room = len(packet) - len(prefix) - 8 - framing
    if room < 0:
        raise fault(0, "a comment packet that is too short")
    return prefix + room.to_bytes(4, "little") + b" " * room + bytes(4) + b"\x01" * framing


def _tell(trail: Trail, body: bytes) -> None:
    for words in _WORDS.findall(body)[:4]:
        trail.tell("words", words.decode("utf-8", "replace"))


def _table() -> tuple[int, ...]:
    found = []
    for one in range(256):
        value = one << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        found.append(value & 0xFFFFFFFF)
    return tuple(found)


_SUMS: Final = _table()


def _crc(data: bytes) -> int:
    """Give the sum of a page (RFC 3533 section 6, field 7)."""
    value = 0
    for one in data:
        value = (value << 8 & 0xFFFFFFFF) ^ _SUMS[value >> 24 ^ one]
    return value
