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
_PACKET: Final = re.compile(rb"<\?xpacket begin.*?<\?xpacket end[^>]{0,40}>", re.DOTALL)
_NAME: Final = re.compile(rb"/([A-Za-z0-9_.-]{1,60})\s*(?=[(<])")
_METADATA: Final = re.compile(rb"<<[^<>]{0,400}/Type\s*/Metadata[^<>]{0,400}>>")
_DATE: Final = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_OBJECTS_MAX: Final = 64
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
            for name, start, end in _strings(data, low, high):
                words = _plain(data[start:end])
                if name in _SHOWN and words and ("words", words) not in told:
                    told.append(("words", words))
                moment = _DATE.match(words)
                if name == "CreationDate" and moment and not taken:
                    taken = "{}-{}-{} {}:{}:{}".format(*moment.groups())
                made[start:end] = b" " * (end - start)
    for packet in _PACKET.finditer(data):
        made[packet.start() : packet.end()] = b" " * (packet.end() - packet.start())
    left = left or any(b"/Filter" in found for found in _METADATA.findall(data))  # a packet that is packed
    if taken:
        told.append(("taken", taken))
    if left:
        told.append(("left", ""))
    changed = sum(one != two for one, two in zip(data, made, strict=True)) if bytes(made) != data else 0
    if changed:
        told.append(("bytes", str(changed)))
    return bytes(made), Hidden(told=tuple(told), taken=taken)


def _objects(data: bytes, number: bytes, generation: bytes) -> Iterator[tuple[int, int]]:
    """Give where each writing of an object stands; a file that was changed has several."""
    for found in re.finditer(rb"(?<!\d)" + number + rb"\s+" + generation + rb"\s+obj\b", data):
        end = data.find(b"endobj", found.end())
        if end > 0:
            yield found.end(), end


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
