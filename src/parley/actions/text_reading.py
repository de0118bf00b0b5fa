"""Paragraphs read out of files that come from anywhere: plain text, HTML, .docx; bounded before anything is parsed.

Owns: which words of a file are a paragraph, and whether it is an article. Does not own: putting them in.
Always true: brackets stay as they are written; a copy that we gave ourselves is read in again in one of its languages.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from parley import limits
from parley.actions.docx_reading import docx_lines
from parley.errors import Refused

_BROKEN: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError,
    ValueError,
)  # fmt: skip
_TAG_CHARS, _TAG_WORDS = 65_536, 1_000  # a picture written into a tag is longer, and one word
_ARTICLE: Final = re.compile(
    r"(?:Article|Artículo|Статья|المادة)\s*\d+[.:]?\s*|第\s*[0-9一二三四五六七八九十百]+\s*条\s*"
)
_NUMBER: Final = re.compile(r"(?:\d+(?:\.\d+)*[.)]|\([a-z]{1,2}\))(?:\s+|$)")
_LANGUAGE: Final = re.compile(r"== (\S+) ==")  # the heading of a language in our plain copies
_BLOCKS: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "tr", "div", "br", "body"))
_UNREAD: Final = frozenset(("script", "style", "head", "h1", "th"))  # the first heading is a page's title


def lines_of(name: str, data: bytes, tag: str = "") -> list[tuple[str, str]]:
    """Give level and words of each paragraph of a .txt, .html or .docx file.

    Args:
        tag: Where the file has several languages, as our own copies have, the one to read; "" for the first.
    Raises: Refused `texts.file`: too large, no such form, or made to harm. Nothing was put in.
    """
    if len(data) > limits.TEXT_FILE_BYTES_MAX:
        raise Refused("texts.file", f"a file holds at most {limits.TEXT_FILE_BYTES_MAX} bytes")
    form = name.lower().rpartition(".")[2]
    if form == "docx":
        said = _docx_lines(data, tag)
    else:
        said = _html_lines(_decoded(data), tag) if form in ("html", "htm") else _plain_lines(_decoded(data), tag)
    found = []
    for line in said:
        words = line.strip()
        article = _ARTICLE.match(words)
        number = _NUMBER.match(words)
        if article is not None:
            found.append(("article", words[article.end() :] or words))
        elif number is None or number.end() < len(words):  # a number alone is a part not given in this language
            found += [("paragraph", words[number.end() :] if number else words)] if words else []
    if len(found) > limits.TEXT_UNITS_MAX:
        raise Refused("texts.file", f"a text has at most {limits.TEXT_UNITS_MAX} parts")
    if any(len(words) > limits.UNIT_WORDS_CHARS_MAX for _, words in found):
        raise Refused("texts.file", f"a part has at most {limits.UNIT_WORDS_CHARS_MAX} characters")
    return found


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("texts.file", "expected plain text or HTML in UTF-8, or a .docx") from None


def _plain_lines(text: str, tag: str) -> list[str]:
    lines = text.splitlines()
    heads = [(number, found[1]) for number, line in enumerate(lines) if (found := _LANGUAGE.fullmatch(line))]
    if not heads:
        return lines
    at = next((number for number, (_, one) in enumerate(heads) if one == tag), 0)
    end = heads[at + 1][0] if at + 1 < len(heads) else len(lines)
    return lines[heads[at][0] + 1 : end]


def _html_lines(page: str, tag: str) -> list[str]:
    from lxml import etree  # heavy: only where a file is read; it reads in C, in time that grows with the page alone

    for piece in page.split(">"):  # but for a tag's attributes: each new one is compared with all before it
        if len(piece) > _TAG_CHARS and len(piece.rpartition("<")[2].split(None, _TAG_WORDS)) > _TAG_WORDS:
            raise Refused("texts.file", "the page has a tag with more attributes than any needs")
    root = etree.fromstring(page, etree.HTMLParser(no_network=True, remove_comments=True)) if page.strip() else None
    lines: list[str] = []
    words, unread = "", 0
    for event, one in etree.iterwalk(root, events=("start", "end")) if root is not None else ():
        silent = one.tag in _UNREAD or (one.tag == "td" and tag != "" and one.get("lang") not in (None, tag))
        if one.tag in _BLOCKS:
            lines.append(words)
            words = ""
        unread += silent if event == "start" else 0
        words += (one.text or "") if event == "start" and not unread else ""
        unread -= silent if event == "end" else 0
        words += (one.tail or "") if event == "end" and not unread else ""
    return [" ".join(line.split()) for line in (*lines, words)]


def _docx_lines(data: bytes, tag: str) -> list[str]:
    """Read a .docx that may be hostile: sizes, ratio and entities are looked at before any XML is parsed."""
    _check_packed(data)
    try:
        return docx_lines(data, tag)
    except (*_BROKEN, KeyError, RecursionError) as fault:
        raise Refused("texts.file", f"this is no .docx that can be read ({type(fault).__name__})") from None


def _check_packed(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            total = sum(entry.file_size for entry in entries)
            if len(entries) > limits.TEXT_FILE_ENTRIES_MAX or total > limits.TEXT_FILE_UNPACKED_MAX:
                raise Refused("texts.file", "the .docx unpacks to more than it may")
            for entry in entries:
                if entry.file_size > 1_000_000 and entry.file_size > 100 * max(1, entry.compress_size):
                    raise Refused("texts.file", "the .docx is packed beyond any honest ratio")
                if entry.filename.endswith((".xml", ".rels")):
                    with packed.open(entry) as part:
                        read = part.read(entry.file_size + 1)
                    if len(read) > entry.file_size or b"<!DOCTYPE" in read or b"<!ENTITY" in read or b"\0" in read:
                        raise Refused("texts.file", "the .docx names entities, or says a wrong size")
    except _BROKEN:
        raise Refused("texts.file", "this is no .docx that can be read") from None
