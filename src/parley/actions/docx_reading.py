"""The words of a .docx, paragraph by paragraph, read by a few lines of ours: libraries believe every number.

Owns: which part holds the words, paragraphs, the cells of tables. Does not own: what is an article (text_reading.py).
Always true:
  1. A part is counted before it is parsed: tags and attributes have bounds, and so have memory and time.
  2. A number in the file never makes a list: a cell that spans a million columns is as many as we look at.
Source: ECMA-376 part 1, 17.3 (paragraphs and runs), 17.4 (tables); part 2, 9.3 (relationships).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from parley import limits
from parley.errors import Refused

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COLUMNS_MAX: Final = 2 + limits.TEXT_LANGUAGES_MAX  # more of a table nobody asks for
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def docx_lines(data: bytes, tag: str) -> list[str]:
    """Give the paragraphs, then of each table the column of a language; see `text_reading.lines_of`.

    Raises: Refused `texts.file`; ValueError, KeyError and what zipfile raises for a file that is no .docx.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        name = _related(packed, "", "/officeDocument")
        styles = _related(packed, name, "/styles")
        titles = _titles(_parsed(packed.read(styles))) if styles else frozenset[str]()
        body = next((one for one in _parsed(packed.read(name)) if _name(one) == "body"), None)
    said: list[str] = []
    for one in body if body is not None else ():
        if _name(one) == "p" and not titles & {_value(style) for style in _at(one, "pPr", "pStyle")}:
            said.append(_text(one))
    for one in body if body is not None else ():
        if _name(one) == "tbl":
            rows = list(_rows(one))
            headed = bool(rows and rows[0]) and not rows[0][0]  # our own copies: a label, then a column a language
            column = rows[0].index(tag) if headed and tag and tag in rows[0] else 1
            said += [cells[column] for cells in rows[1 if headed else 0 :] if len(cells) > column]
    return said


def _related(packed: zipfile.ZipFile, name: str, kind: str) -> str:
    """Give the part that another one ("" for the whole file) names as its document, or its styles; "" for none."""
    folder, file = posixpath.split(name)
    relations = posixpath.join(folder, "_rels", file + ".rels")
    if relations not in packed.namelist():
        return ""
    for one in _parsed(packed.read(relations)):
        if one.get("Type", "").endswith(kind) and one.get("TargetMode") != "External":
            return posixpath.normpath(posixpath.join("/" + folder, one.get("Target", ""))).lstrip("/")
    return ""


def _parsed(part: bytes) -> Element:
    from lxml import etree  # heavy: only where a file is read

    if part.count(b"<") > limits.TEXT_FILE_TAGS_MAX or part.count(b"=") > limits.TEXT_FILE_TAGS_MAX:
        raise Refused("texts.file", "the .docx holds more tags than any text of ours could")
    parser = etree.XMLParser(  # whatever it says of itself: in another encoding what was counted would be no tags
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError as fault:
        raise ValueError(f"no XML: {fault.msg}") from None


def _name(one: Element) -> str:
    return str(one.tag).rpartition("}")[2]


def _value(one: Element) -> str:
    return next((str(value) for name, value in one.attrib.items() if str(name).endswith("}val")), "")


def _at(one: Element, *names: str) -> Iterator[Element]:
    """Give what stands under these names, one below the other."""
    if not names:
        yield one
        return
    for child in one:
        if _name(child) == names[0]:
            yield from _at(child, *names[1:])


def _titles(styles: Element) -> frozenset[str]:
    """Give the ids of the style called Title, in whichever language the program that wrote the file spoke."""
    found = set()
    for style in _at(styles, "style"):
        if any(_value(one) == "Title" for one in _at(style, "name")):
            found |= {str(value) for name, value in style.attrib.items() if str(name).endswith("}styleId")}
    return frozenset(found)


def _text(paragraph: Element) -> str:
    words: list[str] = []
    for one in paragraph:
        for run in one if _name(one) == "hyperlink" else (one,):
            if _name(run) != "r":
                continue
            for part in run:
                kind = _name(part)
                words.append(part.text or "" if kind == "t" else _SIGNS.get(kind, ""))
    return "".join(words)


def _rows(table: Element) -> Iterator[list[str]]:
    """Give the cells of each row, one that spans several columns once for each; one that goes on gives those above."""
    above: list[str] = []
    for row in _at(table, "tr"):
        cells: list[str] = []
        for cell in _at(row, "tc"):
            if len(cells) >= _COLUMNS_MAX:
                break
            span = next((_value(one) for one in _at(cell, "tcPr", "gridSpan")), "1")
            goes_on = any(_value(one) != "restart" for one in _at(cell, "tcPr", "vMerge"))
            count = min(int(span), _COLUMNS_MAX) if span.isascii() and span.isdigit() and len(span) < 10 else 1
            if goes_on:
                cells += above[len(cells) : len(cells) + count]
            else:
                cells += ["\n".join(_text(one) for one in _at(cell, "p"))] * max(1, count)
        yield cells
        above = cells
