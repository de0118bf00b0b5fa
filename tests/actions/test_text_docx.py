"""A text as .docx: what a word processor reads, what comes back from LibreOffice, and what is read in again."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import time
import tracemalloc
import zipfile
from pathlib import Path

import defusedxml.ElementTree
import docx
import pytest
from tests.desk.texts_samples import row, units
from tests.replacing import replace

from parley.actions.docx_reading import docx_lines
from parley.actions.negotiating_rows import ColumnRow, WholeRow
from parley.actions.text_paper import document, page, plain
from parley.actions.text_reading import lines_of
from parley.errors import Refused

HEADING = "EXERCISE · 演习 · On notification"
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
    data = document(text(), SIDES, HEADING)
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


@pytest.mark.parametrize("form", ["txt", "html", "docx"])
def test_a_copy_of_ours_is_read_in_again_in_each_of_its_languages(form: str) -> None:
    """A draft that went home on paper comes back without being typed, whichever language is whose."""
    data = {"txt": plain, "html": page, "docx": document}[form](text(), SIDES, HEADING)
    for tag, words in (("en", BRACKET), ("zh", "[十日[五 / South: 三] / North: …"), ("ar", ARABIC)):
        found = lines_of(f"ours.{form}", data, tag)
        assert len(found) == (1 if tag == "zh" else 2) and words in found[0][1], (form, tag, found)
        assert all(HEADING not in words for _, words in found)


def test_a_page_from_elsewhere_gives_its_paragraphs_and_nothing_that_is_not_read() -> None:
    """What a person would not read aloud must not become an article of a treaty."""
    told = (
        "<html><head><title>T</title><style>p{}</style></head><body><h1>Draft</h1><script>alert(1)</script>"
        "<!-- no --><p>Article 1. Each side <b>notifies</b>&nbsp;the other.<p>1.1 In ten\n days."
        "<ul><li>(a) By voice.</ul>"
        "<table><tr><td>In writing.</td></tr></table></body>"
    )
    assert lines_of("draft.htm", told.encode()) == [
        ("article", "Each side notifies the other."), ("paragraph", "1.1 In ten days."), ("paragraph", "By voice."),
        ("paragraph", "In writing."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", b"PK no"), ("a.txt", b"\xff\xfe"), ("a.html", b"\xff"), ("a.txt", b"x" * 9_000),
     ("a.txt", b"x\n" * 5_000), ("a.txt", b"x" * 6_000_000)],
)  # fmt: skip
def test_a_file_that_cannot_be_a_text_is_refused_whole(name: str, data: bytes) -> None:
    """Half a draft in the record would be worse than none."""
    with pytest.raises(Refused, match=r"texts\.file"):
        lines_of(name, data, "en")


@pytest.mark.long
def test_a_docx_goes_through_libreoffice_and_comes_back_the_same(tmp_path: Path) -> None:
    """The other side's office opens it, saves it, and sends it back: not one bracket may be lost on the way."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is missing: apt-get install libreoffice-writer-nogui")
    ours = tmp_path / "ours.docx"
    ours.write_bytes(document(text(), SIDES, HEADING))
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


def written(body: bytes) -> bytes:
    """Give a .docx with this in its body."""
    made, plain_one = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain_one)
    with zipfile.ZipFile(plain_one) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name in given.namelist():
            part = given.read(name)
            into.writestr(name, part.replace(b"<w:body>", b"<w:body>" + body) if name == "word/document.xml" else part)
    return made.getvalue()


CELL = b"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='%d'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", written(CELL % 10**9)),  # 53 kB that ask for a list of a thousand million
        ("a.docx", written(CELL % 10**9 * 500)),
        ("a.docx", written(b"<w:p/>" * 90_000)),  # two minutes, by a library
        ("a.docx", written(b"<w:p/>" * 900_000)),
        ("a.html", b"<p " + b" ".join(b"a%d" % one for one in range(400_000)) + b">x"),
    ],
    ids=["span", "spans", "paragraphs", "more", "attributes"],
)
def test_a_file_made_to_be_dear_is_read_or_refused_at_once(name: str, data: bytes) -> None:
    """A stranger's draft must not take the node's memory, nor its processor for hours."""
    began = time.process_time()
    tracemalloc.start()
    with contextlib.suppress(Refused):
        assert lines_of(name, data, "en") == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - began < 5 and peak < 200_000_000


def test_a_picture_within_a_tag_is_passed_by() -> None:
    """Word writes them so."""
    page_with_it = b"<p><img src='data:image/png;base64," + b"A" * 300_000 + b"'>Each side tells the other.</p>"
    assert lines_of("a.html", page_with_it) == [("paragraph", "Each side tells the other.")]


def test_what_word_processors_write_is_read_as_a_library_reads_it() -> None:
    """Tabs, breaks, links, cells that span, and a title in another language's style."""
    made = docx.Document()
    made.add_heading("Draft", 0)
    first = made.add_paragraph("Each side ")
    first.add_run("tells").bold = True
    first.add_run("\tthe\nother.")
    table = made.add_table(rows=3, cols=3)
    for number, cell in enumerate(cell for row_ in table.rows for cell in row_.cells):
        cell.text = f"cell {number}" if number else ""
    table.cell(1, 1).merge(table.cell(1, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    kept = io.BytesIO()
    made.save(kept)
    read = docx.Document(io.BytesIO(kept.getvalue()))
    said = [one.text for one in read.paragraphs if one.style is not None and one.style.name != "Title"]
    rows = [[cell.text for cell in each.cells] for each in read.tables[0].rows]
    assert docx_lines(kept.getvalue(), "") == said + [cells[1] for cells in rows[1:]]
    assert docx_lines(kept.getvalue(), "cell 2") == said + [cells[2] for cells in rows[1:]]
