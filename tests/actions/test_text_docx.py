"""A text as .docx: what a word processor reads, what comes back from LibreOffice, and what is read in again."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import defusedxml.ElementTree
import docx
import pytest
from tests.desk.texts_samples import row, units

from parley.actions.negotiating_rows import ColumnRow, WholeRow
from parley.actions.text_paper import document, lines_of

SIDES = {"north": "North", "south": "South"}
ARABIC = "يُخطر كل طرف الطرف الآخر."
BRACKET = "[ten days / North: five days / South: …]"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text() -> WholeRow:
    """Give the sample text with nested brackets, and an Arabic column in the place of what is not given."""
    first, second = units()
    arabic = ColumnRow(tag="ar", ours=False, missing=False, content=(ARABIC,))
    parts = (replace(first, columns=(*first.columns, arabic)), replace(second, columns=(*second.columns, arabic)))
    shown = replace(row(), languages=(("en", "north"), ("zh", "south"), ("ar", "south")))
    return WholeRow(
        row=shown, digest="", units=parts, first=0, count=2, headings=(), signatures=(), fallbacks=(), comments=(),
        notes=(), unready=0, unmarked=0, must_sign=False, then="", may=frozenset(),
    )  # fmt: skip


def test_a_docx_shows_brackets_with_their_sides_and_runs_arabic_from_the_right() -> None:
    """Who works on paper must see what is not agreed, and by whom, without colour."""
    data = document(text(), SIDES)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        tree = defusedxml.ElementTree.fromstring(packed.read("word/document.xml"))
    (table,) = tree.iter(f"{W}tbl")
    cells = [
        ["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in r.iter(f"{W}tc")] for r in table.iter(f"{W}tr")
    ]
    assert cells[0] == ["", "en", "zh", "ar"]
    assert cells[1][0] == "1." and BRACKET in cells[1][1]
    assert "[十日[五 / South: 三] / North: …" in cells[1][2]
    arabic = [p for p in tree.iter(f"{W}p") if "".join(t.text or "" for t in p.iter(f"{W}t")) == ARABIC]
    assert len(arabic) == 2 and all(p.find(f"{W}pPr/{W}bidi") is not None for p in arabic)
    assert all(run.find(f"{W}rPr/{W}rtl") is not None for p in arabic for run in p.iter(f"{W}r"))
    bold = [run.text for r in docx.Document(io.BytesIO(data)).tables[0].rows for c in r.cells
            for p in c.paragraphs for run in p.runs if run.bold and "[" in run.text]  # fmt: skip
    assert BRACKET in bold
    assert ("paragraph", "The notice names the system.") in lines_of("ours.docx", data)


@pytest.mark.long
def test_a_docx_goes_through_libreoffice_and_comes_back_the_same(tmp_path: Path) -> None:
    """The other side's office opens it, saves it, and sends it back: not one bracket may be lost on the way."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is missing: apt-get install libreoffice-writer-nogui")
    ours = tmp_path / "ours.docx"
    ours.write_bytes(document(text(), SIDES))
    for form in ("docx", "pdf", "txt:Text (encoded):UTF8"):
        subprocess.run(
            [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", form,
             "--outdir", str(tmp_path / "back"), str(ours)],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
    back = (tmp_path / "back" / "ours.docx").read_bytes()
    assert lines_of("back.docx", back) == lines_of("ours.docx", ours.read_bytes())
    kept = [[cell.text for cell in r.cells] for r in docx.Document(io.BytesIO(back)).tables[0].rows]
    sent = [[cell.text for cell in r.cells] for r in docx.Document(str(ours)).tables[0].rows]
    assert kept == sent
    read = (tmp_path / "back" / "ours.txt").read_text("utf-8-sig")
    assert BRACKET in read and ARABIC in read
    assert (tmp_path / "back" / "ours.pdf").read_bytes().startswith(b"%PDF-")
