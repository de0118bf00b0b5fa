"""A text on paper: as plain text, HTML and .docx, with its brackets written out.

Owns: those three forms. Does not own: PDF (text_pdf.py), reading a file in (text_reading.py).
Always true: a bracket is written with its signs and the side of each option, so that it is seen without colour.
"""

from __future__ import annotations

import html
import io
from collections.abc import Iterable
from typing import Final

from parley.actions.negotiating_rows import UnitRow, WholeRow
from parley.actions.text_labels import is_rtl
from parley.subjects.texts import Bracket, Piece

FORMS: Final = ("txt", "html", "docx")


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


def plain(whole: WholeRow, sides: dict[str, str], heading: str) -> bytes:
    """Give the text as plain text: each language after the other."""
    found = [heading, ""]
    for tag, _ in whole.row.languages:
        found += [f"== {tag} ==", ""]
        for unit in whole.units:
            if not unit.gone:
                content = next(one.content for one in unit.columns if one.tag == tag)
                found += [f"{'    ' * unit.depth}{label(unit)} {written(content, sides)}".rstrip(), ""]
    return "\n".join(found).encode()


def page(whole: WholeRow, sides: dict[str, str], heading: str) -> bytes:
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
    title = html.escape(heading)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>"
        f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></body></html>"
    ).encode()


def document(whole: WholeRow, sides: dict[str, str], heading: str) -> bytes:
    """Give the text as .docx: a table, one row a unit, one column a language; brackets bold."""
    import docx  # heavy: only where a file is asked for
    from docx.oxml import OxmlElement

    made = docx.Document()
    made.add_heading(heading, 0)
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
