"""PDF: who made a document, with what and when, and the copy without that.

Owns: the information dictionary and XMP packets, where they stand in plain bytes.
Does not own: pages, annotations and their authors, pictures within: they are the document, and stay.
Always true:
  1. The copy is as long as the file: words become spaces, so that no offset changes.
  2. What is packed or encrypted cannot be blanked so: then ("left", …) is told, and a person decides.
Source: ISO 32000-2, 7.3.4 (strings), 7.5.5 (trailer), 14.3 (metadata).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from parley.codec.exif import Hidden
from parley.errors import PeerError

MAGIC: Final = b"%PDF-"
_INFO: Final = re.compile(rb"/Info\s+(\d{1,10})\s+(\d{1,5})\s+R")
_PACKET_BEGIN: Final = b"<?xpacket begin"
_PACKET_END: Final = re.compile(rb"<\?xpacket end[^>]{0,40}>")
_NAME: Final = re.compile(rb"/([A-Za-z0-9_.-]{1,60})\s*(?=[(<])")
_METADATA: Final = re.compile(rb"/Type\s{0,8}/Metadata\b")
_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_NEAR: Final = 2_000  # bytes from the type of an object to its stream
_DATE: Final = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_OBJECTS_MAX: Final = 64
_OBJECT_BYTES_MAX: Final = 65_536
_SHOWN: Final = ("Author", "Creator", "Producer", "Title", "Subject", "Keywords", "Company")


def strip(data: bytes) -> tuple[bytes, Hidden]:
    """Give the document without its own story, and what that was. Raises PeerError `codec.pdf` if it is not a PDF."""
    if not data.startswith(MAGIC):
        raise PeerError("codec.pdf", "expected a PDF to begin with %PDF-")
    made, told, taken = bytearray(data), list[tuple[str, str]](), ""
    left = b"/Encrypt" in data
    for number, generation in sorted(set(_INFO.findall(data)))[:_OBJECTS_MAX]:
        found = list(_objects(data, number, generation))
        left = left or not found  # it lies packed in another object
        for low, high in found:
            if high - low > _OBJECT_BYTES_MAX:  # no dictionary of words; read for each of many numbers it takes hours
                left = True
                continue
            for name, start, end in _strings(data, low, high):
                words = _plain(data[start:end])
                if name in _SHOWN and words and ("words", words) not in told:
                    told.append(("words", words))
                moment = _DATE.match(words)
                if name == "CreationDate" and moment and not taken:
                    taken = "{}-{}-{} {}:{}:{}".format(*moment.groups())
                made[start:end] = b" " * (end - start)
    for low, high in _packets(data):
        made[low:high] = b" " * (high - low)
    left = left or _stays(made)
    if taken:
        told.append(("taken", taken))
    if left:
        told.append(("left", ""))
    changed = sum(one != two for one, two in zip(data, made, strict=True)) if bytes(made) != data else 0
    if changed:
        told.append(("bytes", str(changed)))
    return bytes(made), Hidden(told=tuple(told), taken=taken)


def _objects(data: bytes, number: bytes, generation: bytes) -> Iterator[tuple[int, int]]:
    """Give where each writing of an object stands; a file that was changed has several. None is looked at twice."""
    head = re.compile(rb"(?<!\d)" + number + rb"\s{1,8}" + generation + rb"\s{1,8}obj\b")
    at = 0
    while (found := head.search(data, at)) is not None and (at := data.find(b"endobj", found.end())) > 0:
        yield found.end(), at


def _packets(data: bytes) -> Iterator[tuple[int, int]]:
    """Give where each XMP packet begins and ends."""
    at = 0
    while (low := data.find(_PACKET_BEGIN, at)) >= 0 and (end := _PACKET_END.search(data, low)) is not None:
        at = end.end()
        yield low, at


def _stays(made: bytes | bytearray) -> bool:
    """Say whether a stream of metadata still holds something: it is packed, or without the frame of a packet."""
    at = 0
    while (found := _METADATA.search(made, at)) is not None:
        at = found.end()
        begin = _STREAM.search(made, at, at + _NEAR)
        if begin is None:
            continue
        head = max(0, found.start() - _NEAR, made.rfind(b"obj", max(0, found.start() - _NEAR), found.start()))
        if made.find(b"/Filter", head, begin.start()) >= 0:
            return True
        at = made.find(b"endstream", begin.end())
        if at < 0 or made[begin.end() : at].strip():
            return True
    return False


def _strings(data: bytes, at: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Give name, start and end of the text of each string in a dictionary."""
    while (found := _NAME.search(data, at, end)) is not None:
        at = found.end()
        if data[at : at + 2] == b"<<":
            at += 2
            continue
        close = _text_end(data, at, end) if data[at : at + 1] == b"(" else data.find(b">", at, end)
        if close < 0:
            return
        yield found[1].decode(), at + 1, close
        at = close


def _text_end(data: bytes, at: int, end: int) -> int:
    """Give where a string in parentheses ends; they may nest, and a backslash takes the next one."""
    depth = 0
    while at < end:
        one = data[at]
        if one == 0x5C:
            at += 1
        elif one == 0x28:
            depth += 1
        elif one == 0x29:
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return -1


def _plain(text: bytes) -> str:
    """Give a string as people read it, short."""
    if re.fullmatch(rb"[0-9A-Fa-f\s]{4,}", text[:400]):
        digits = re.sub(rb"\s", b"", text[:400])
        text = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    words = text.decode("utf-16", "replace") if text[:2] in (b"\xfe\xff", b"\xff\xfe") else text.decode("latin-1")
    return "".join(char for char in words if char.isprintable()).strip()[:60]
