"""Documents: who wrote them and with what is told, and gone from the copy; their words are not touched."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.codec.test_jpeg import PLAIN, exif, with_parts

from parley.codec import office, pdf
from parley.errors import PeerError

CORE = (
    b"<cp:coreProperties><dc:creator>Name Person</dc:creator><dc:title>Secret plan</dc:title>"
    b"<dcterms:created>2026-11-20T10:00:00Z</dcterms:created></cp:coreProperties>"
)
PHOTO = with_parts(exif())


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as given_:
        for name, body in {"[Content_Types].xml": b"<Types/>", **parts}.items():
            given_.writestr(name, body)
    return made.getvalue()


def test_the_story_of_a_word_document_is_gone_and_its_words_are_there() -> None:
    data = archive(
        **{"docProps/core.xml": CORE, "word/document.xml": b"<w:t>Our words.</w:t>", "word/media/1.jpg": PHOTO}
    )
    clean, hidden = office.strip(data)
    parts = {
        name: zipfile.ZipFile(io.BytesIO(clean)).read(name) for name in zipfile.ZipFile(io.BytesIO(clean)).namelist()
    }
    assert parts["word/document.xml"] == b"<w:t>Our words.</w:t>"
    assert parts["word/media/1.jpg"] == PLAIN  # a photo within a document tells as much as one beside it
    assert b"Name Person" not in b"".join(parts.values())
    assert ("words", "Name Person") in hidden.told
    assert "place" in dict(hidden.told)
    assert hidden.taken == "2026-11-20 10:00:00"
    assert office.strip(clean)[0] == clean


def test_an_open_document_is_known_and_its_meta_is_emptied() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as given_:
        given_.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        given_.writestr("content.xml", "<text>Our words.</text>")
        given_.writestr("meta.xml", "<meta><creator>Name Person</creator></meta>")
        given_.writestr("META-INF/manifest.xml", "<manifest/>")
    assert office.is_office(made.getvalue())
    clean, hidden = office.strip(made.getvalue())
    opened = zipfile.ZipFile(io.BytesIO(clean))
    assert opened.namelist()[0] == "mimetype"
    assert b"Name Person" not in opened.read("meta.xml")
    assert ("words", "Name Person") in hidden.told


def test_an_archive_that_lies_is_refused() -> None:
    """Two parts of one name, a bomb, an archive that breaks off: nothing is unpacked beyond a bound."""
    good = archive(**{"docProps/core.xml": CORE})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice := io.BytesIO(), "w") as given_:
        given_.writestr("a.xml", "1")
        given_.writestr("a.xml", "2")
    bomb = archive(**{f"{number}.xml": bytes(1 << 26) for number in range(5)})
    for data in (twice.getvalue(), bomb, good[:-10], good[: len(good) // 2]):
        with pytest.raises(PeerError) as caught:
            office.strip(data)
        assert caught.value.code == "codec.office"


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_hostile_archive_does_more_than_be_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(archive(**{"docProps/core.xml": CORE, "word/document.xml": b"<w:t>Our words.</w:t>"}))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        clean, _ = office.strip(bytes(data))
    except PeerError as fault:
        assert fault.code == "codec.office"
    else:
        assert zipfile.ZipFile(io.BytesIO(clean)).testzip() is None


PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /Title (Secret \\(plan\\) of (ours)) /Author <FEFF004E0061006D0065> /Creator (Writer 7)\n"
    b"/CreationDate (D:20261120100000Z) /Trapped /False >>\nendobj\n"
    b"2 0 obj\n<< /Type /Metadata /Subtype /XML /Length 90 >>\nstream\n<?xpacket begin='' id='W5'?><x>Name Person</x>"
    b"<?xpacket end='w'?>\nendstream\nendobj\n3 0 obj\n<< /Type /Page >>\nendobj\n"
    b"trailer\n<< /Root 3 0 R /Info 1 0 R >>\n%%EOF\n"
)


def test_the_story_of_a_pdf_is_gone_and_no_offset_has_changed() -> None:
    clean, hidden = pdf.strip(PDF)
    assert len(clean) == len(PDF)
    for gone in (b"Secret", b"ours", b"004E", b"Writer", b"20261120", b"Name Person"):
        assert gone not in clean
    assert clean.index(b"3 0 obj") == PDF.index(b"3 0 obj")
    assert ("words", "Name") in hidden.told
    assert ("words", "Writer 7") in hidden.told
    assert hidden.taken == "2026-11-20 10:00:00"
    assert "left" not in dict(hidden.told)
    assert pdf.strip(clean)[0] == clean


@pytest.mark.parametrize(
    "data",
    [
        PDF.replace(b"/Info 1 0 R", b"/Info 9 0 R"),  # packed in a stream of objects
        PDF.replace(b"/Root", b"/Encrypt 8 0 R /Root"),
        PDF.replace(b"/Subtype /XML", b"/Filter /FlateDecode"),
    ],
)
def test_what_cannot_be_taken_out_is_said(data: bytes) -> None:
    """The officer decides; the program does not call clean what it could not look into."""
    assert ("left", "") in pdf.strip(data)[1].told


@given(st.lists(st.tuples(st.integers(5, 5000), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_hostile_pdf_does_more_than_be_left(changes: list[tuple[int, int]]) -> None:
    data = bytearray(PDF)
    for at, value in changes:
        data[5 + at % (len(data) - 5)] = value
    assert len(pdf.strip(bytes(data))[0]) == len(data)
