"""The words that the pages of a text's PDF show, read from what is drawn, to name the first that is another one.

Owns: reading them by the tables that the file itself gives for its fonts, and naming the first difference.
Does not own: the verdict (cli/check_pdf.py): two files whose words read alike may still be drawn differently.
Always true:
  1. It reads the form that typst writes, and no other: of a file built in another way only the page is named.
  2. The work is bounded by what a text's PDF may unpack to, whatever the file says about itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from parley.actions.text_pdf import drawings, streams

# Each form is bounded: a run that fits it only at first must not be read again from each of its places.
_OBJECT: Final = re.compile(rb"(?:^|\n)(\d{1,7}) 0 obj\b")
_REFERENCE: Final = re.compile(rb"(\d{1,7}) 0 R")
_PAGES: Final = re.compile(rb"/Type\s{0,8}/Pages\b.{0,256}?/Kids\s{0,8}\[([^\]]*)\]", re.DOTALL)
_FONTS: Final = re.compile(rb"/Font\s{0,8}<<([^>]{0,1024})>>")
_FONT: Final = re.compile(rb"/(\w+) (\d{1,7}) 0 R")
_TABLE_ROW: Final = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4,64})>")
_DRAWN: Final = re.compile(
    rb"/(?P<font>\w{1,64})\s{1,8}[\d.]{1,24}\s{1,8}Tf|(?P<begin>\bBT\b)|(?P<mark>(?:/\w{1,64}\s{0,8})?B(?:MC|DC)\b)"
    rb"|(?P<unmark>\bEMC\b)"
    rb"|(?P<open>\()|(?<!<)<(?P<hex>[0-9A-Fa-f\s]+)>"
)
_OCTAL: Final = re.compile(rb"[0-7]{1,3}")
_STREAM: Final = re.compile(rb"stream\r?\n")
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_WORD: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
_AROUND: Final = 3  # words before and after the one that differs


@dataclass(frozen=True, slots=True)
class _Object:
    head: bytes
    stream: int | None  # which of the file's streams it holds


def first_difference(data: bytes, again: bytes) -> str:
    """Say which page, and which word on it, is the first to differ from the pages made again from the signed words."""
    theirs, ours = _pages(data), _pages(again)
    if theirs is None or ours is None:
        return _by_drawing(data, again)
    for number, (shown, signed) in enumerate(zip_longest(theirs, ours), 1):
        if shown is None:
            return f'page {number} is missing: it should begin "{" ".join(signed[:_AROUND])}"'
        if signed is None:
            return f'page {number} is one more than the signed words make: it begins "{" ".join(shown[:_AROUND])}"'
        for at, (word, meant) in enumerate(zip_longest(shown, signed, fillvalue="")):
            if word != meant:
                near = " ".join(signed[max(0, at - _AROUND) : at + _AROUND + 1]) or "the end of the page"
                return f'page {number} shows "{word}" where the signed words have "{meant}" (near: {near})'
    return _by_drawing(data, again) + "; the words read alike by the file's own tables"


def _by_drawing(data: bytes, again: bytes) -> str:
    there, here = drawings(data), drawings(again)
    for number, (one, other) in enumerate(zip(there, here, strict=False), 1):
        if one != other:
            return f"page {number} draws something else than the signed words make"
    if len(there) != len(here):
        return f"it has {len(there)} drawn parts, the signed words make {len(here)}"
    return "the pages draw the same, and something else in it (a font, a note) is not as the signed words make it"


# --- reading a page ---------------------------------------------------------------------------------------------------


def _pages(data: bytes) -> list[list[str]] | None:
    """Give the words of each page in the order they are drawn; None if the file is not built as typst builds it."""
    unpacked = list(streams(data))
    objects = _objects(data)
    tree = [found for one in objects.values() if (found := _PAGES.search(one.head))]
    if len(tree) != 1:
        return None
    tables: dict[int, dict[int, str]] = {}
    pages = []
    drawn: set[int] = set()
    for kid in _REFERENCE.findall(tree[0].group(1)):
        page = objects.get(int(kid))
        content = None if page is None else _named(objects, page, b"Contents")
        resources = None if page is None else _named(objects, page, b"Resources")
        fonts = None if resources is None else _FONTS.search(resources.head)
        if content is None or content.stream is None or fonts is None:
            return None
        if content.stream in drawn or content.stream >= len(unpacked):
            return None  # typst draws each page by a stream of its own; one named a million times is work without bound
        drawn.add(content.stream)
        by_name = {name: int(number) for name, number in _FONT.findall(fonts.group(1))}
        for number in by_name.values():
            if number not in tables:
                tables[number] = _table(objects, number, unpacked)
        known = {name: tables[number] for name, number in by_name.items()}
        pages.append(_WORD.findall(" ".join(_runs(unpacked[content.stream], known))))
    return pages


def _objects(data: bytes) -> dict[int, _Object]:
    """Give the objects by number, the last of each; streams are passed over, not searched."""
    found: dict[int, _Object] = {}
    at, count = 0, 0
    while (begun := _OBJECT.search(data, at)) is not None:
        end = data.find(b"endobj", begun.end())
        stream = _STREAM.search(data, begun.end(), end if end >= 0 else len(data))
        if stream is None:
            at = end if end >= 0 else len(data)
            found[int(begun.group(1))] = _Object(data[begun.end() : at], None)
        else:
            at = data.find(b"endstream", stream.end())
            if at < 0:
                break
            found[int(begun.group(1))] = _Object(data[begun.end() : stream.start()], count)
            count += 1
    return found


def _named(objects: dict[int, _Object], one: _Object, name: bytes) -> _Object | None:
    found = re.search(rb"/" + name + rb" (\d{1,7}) 0 R", one.head)
    return None if found is None else objects.get(int(found.group(1)))


def _table(objects: dict[int, _Object], font: int, unpacked: list[bytes]) -> dict[int, str]:
    """Give which text each glyph of a font stands for."""
    table = _named(objects, objects[font], b"ToUnicode") if font in objects else None
    if table is None or table.stream is None or table.stream >= len(unpacked):
        return {}
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for glyph, text in _TABLE_ROW.findall(unpacked[table.stream]) if len(text) % 4 == 0
    }  # fmt: skip


def _runs(content: bytes, fonts: dict[bytes, dict[int, str]]) -> Iterator[str]:
    """Give what each drawing of text shows; one marked as reversed is given in the order it is read."""
    font: dict[int, str] = {}
    marks: list[bool] = []
    glyphs: list[str] = []
    at = 0
    while (found := _DRAWN.search(content, at)) is not None:
        at = found.end()
        match found.lastgroup:
            case "font":
                font = fonts.get(found["font"], {})
            case "begin":
                yield "".join(glyphs)
                glyphs = []
            case "mark":
                marks.append(b"ReversedChars" in found["mark"])
            case "unmark":
                if marks and marks.pop():
                    glyphs.reverse()
            case _:
                said, at = _text(content, at) if found["open"] else (_hex(found["hex"]), at)
                glyphs += (font.get(said[i] << 8 | said[i + 1], "") for i in range(0, len(said) - 1, 2))
    yield "".join(glyphs)


def _hex(digits: bytes) -> bytes:
    whole = b"".join(digits.split())
    return bytes.fromhex((whole + b"0" * (len(whole) % 2)).decode())


def _text(content: bytes, at: int) -> tuple[bytes, int]:
    """Give a text in parentheses that begins at `at`, and where it ends."""
    said, deep = bytearray(), 1
    while at < len(content):
        sign = content[at : at + 1]
        at += 1
        if sign == b"\\":
            octal = _OCTAL.match(content, at)
            if octal is not None:
                said.append(int(octal.group(), 8) & 0xFF)
                at = octal.end()
                continue
            sign = content[at : at + 1]
            said += _ESCAPED.get(sign, sign)
            at += 1
            continue
        deep += (sign == b"(") - (sign == b")")
        if not deep:
            break
        said += sign
    return bytes(said), at
