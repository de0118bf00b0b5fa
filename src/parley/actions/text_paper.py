"""A text on paper: as plain text, HTML and .docx, with its brackets written out, and lines read from files to put in.

Owns: those three forms, and the bounded reading of plain text and .docx. Does not own: PDF (text_pdf.py).
Always true: a bracket is written with its signs and the side of each option, so that it is seen without colour.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable
from typing import Final

from parley import limits
from parley.actions.negotiating_rows import UnitRow, WholeRow
from parley.actions.text_labels import is_rtl
from parley.errors import Refused
from parley.subjects.texts import Bracket, Piece

FORMS: Final = ("txt", "html", "docx")
_ARTICLE: Final = re.compile(
    r"(?:Article|Artículo|Статья|المادة)\s*\d+[.:]?\s*|第\s*[0-9一二三四五六七八九十百]+\s*条\s*"
)
_NUMBER: Final = re.compile(r"(?:\d+(?:\.\d+)*[.)]|\([a-z]{1,2}\))\s+")


def label(unit: UnitRow) -> str:
    """Give the label of a unit in no language's words but its number."""
    if unit.level == "point":
        return f"({unit.number})"
    return f"{unit.number}." if unit.number else ""


def written(content: Iterable[Piece], sides: dict[str, str]) -> str:
    """Give words with their brackets: `[as it stands: ten days / South: five days]`."""
    return "".join(piece if isinstance(piece, str) else _bracket(piece, sides) for piece in content)


def _bracket(bracket: Bracket, sides: dict[str, str]) -> str:
    options = []
    for one in bracket.options:
        who = "" if one.base else f"{sides.get(one.side, one.side)}: "
        options.append(who + (written(one.content, sides) or "…"))
    return f"[{' / '.join(options)}]"


def plain(whole: WholeRow, sides: dict[str, str]) -> bytes:
    """Give the text as plain text: each language after the other."""
    found = [whole.row.title, ""]
    for tag, _ in whole.row.languages:
        found += [f"== {tag} ==", ""]
        for unit in whole.units:
            if not unit.gone:
                content = next(one.content for one in unit.columns if one.tag == tag)
                found += [f"{'    ' * unit.depth}{label(unit)} {written(content, sides)}".rstrip(), ""]
    return "\n".join(found).encode()


def page(whole: WholeRow, sides: dict[str, str]) -> bytes:
    """Give the text as one HTML page, languages side by side."""
    tags = [tag for tag, _ in whole.row.languages]
    rows = []
    for unit in whole.units:
        if unit.gone:
            continue
        cells = "".join(
            f'<td lang="{html.escape(one.tag)}" dir="auto">{html.escape(written(one.content, sides))}</td>'
            for one in unit.columns
        )
        rows.append(f"<tr><th scope=row>{html.escape(label(unit))}</th>{cells}</tr>")
    heads = "".join(f"<th scope=col>{html.escape(tag)}</th>" for tag in tags)
    title = html.escape(whole.row.title)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>"
        f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></body></html>"
    ).encode()


def document(whole: WholeRow, sides: dict[str, str]) -> bytes:
    """Give the text as .docx: a table, one row a unit, one column a language; brackets bold."""
    import docx  # heavy: only where a file is asked for
    from docx.oxml import OxmlElement

    made = docx.Document()
    made.add_heading(whole.row.title, 0)
    tags = [tag for tag, _ in whole.row.languages]
    table = made.add_table(rows=1, cols=len(tags) + 1)
    for cell, tag in zip(table.rows[0].cells[1:], tags, strict=True):
        cell.text = tag
    for unit in whole.units:
        if unit.gone:
            continue
        cells = table.add_row().cells
        cells[0].text = label(unit)
        for cell, one in zip(cells[1:], unit.columns, strict=True):
            for piece in one.content:
                run = cell.paragraphs[0].add_run(piece if isinstance(piece, str) else _bracket(piece, sides))
                run.bold = not isinstance(piece, str)
                run.font.rtl = is_rtl(one.tag)
            if is_rtl(one.tag):
                cell.paragraphs[0]._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


# --- reading ----------------------------------------------------------------------------------------------------------


def lines_of(name: str, data: bytes) -> list[tuple[str, str]]:
    """Give level and words of each paragraph of a .txt or .docx file; brackets stay as they are written.

    Raises: Refused `texts.file`: too large, no such form, or made to harm. Nothing was put in.
    """
    if len(data) > limits.TEXT_FILE_BYTES_MAX:
        raise Refused("texts.file", f"a file holds at most {limits.TEXT_FILE_BYTES_MAX} bytes")
    if name.lower().endswith(".docx"):
        said = _docx_lines(data)
    else:
        try:
            said = data.decode().splitlines()
        except UnicodeDecodeError:
            raise Refused("texts.file", "expected plain text in UTF-8, or a .docx") from None
    found = []
    for line in said:
        words = line.strip()
        article = _ARTICLE.match(words)
        number = _NUMBER.match(words)
        if article is not None:
            found.append(("article", words[article.end() :] or words))
        elif words:
            found.append(("paragraph", words[number.end() :] if number and number.end() < len(words) else words))
    if len(found) > limits.TEXT_UNITS_MAX:
        raise Refused("texts.file", f"a text has at most {limits.TEXT_UNITS_MAX} parts")
    return found


def _docx_lines(data: bytes) -> list[str]:
    """Read a .docx that may be hostile: sizes, ratio and entities are looked at before any XML is parsed."""
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
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise Refused("texts.file", "this is no .docx that can be read") from None
    import docx  # heavy: only where a file is read

    try:
        read_in = docx.Document(io.BytesIO(data))
        cells = (cell.text for table in read_in.tables for row in table.rows for cell in row.cells[1:2])
        return [*(one.text for one in read_in.paragraphs), *cells]
    except Exception as fault:  # a library that meets a file made to harm may raise anything
        raise Refused("texts.file", f"this is no .docx that can be read ({type(fault).__name__})") from None
