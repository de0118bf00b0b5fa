"""Documents: who wrote them and with what is told, and gone from the copy; their words are not touched."""

from __future__ import annotations

import io
import time
import tracemalloc
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


@pytest.mark.parametrize("name", ["DocProps/Core.xml", "package/services/metadata/core-properties/0a1b.psmdcp"])
def test_the_story_is_found_under_every_name_that_programs_give_it(name: str) -> None:
    """Names within a package differ not by case; some libraries name the part by a number of their own."""
    clean, hidden = office.strip(archive(**{name: CORE}))
    assert b"Name Person" not in zipfile.ZipFile(io.BytesIO(clean)).read(name)
    assert ("words", "Name Person") in hidden.told


@pytest.mark.parametrize("way", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_part_packed_in_a_way_documents_do_not_know_is_refused(way: int) -> None:
    """Broken off within, such a part raised what nobody caught."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", way) as given_:
        given_.writestr("[Content_Types].xml", b"<Types/>" * 100)
    for data in (made.getvalue(), made.getvalue().replace(b"\x5d\0", b"\xff\xff")):
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


def test_a_packet_without_its_frame_is_blanked_too_or_said_to_stay() -> None:
    bare = PDF.replace(b"<?xpacket begin='' id='W5'?>", b"").replace(b"<?xpacket end='w'?>", b"")
    clean, hidden = pdf.strip(bare)
    assert b"Name Person" in clean
    assert ("left", "") in hidden.told


@pytest.mark.parametrize(
    "part",
    [b"<?xpacket begin ", b"1 0 obj ", b"<</Type/Metadata ", b"/Type /Metadata stream ", b"/A (", b"/Info 1 0 R "],
)
def test_a_pdf_made_to_be_slow_is_gone_through_in_time_that_grows_with_its_length_alone(part: bytes) -> None:
    """Each of these made one search go to the end of the file for every repetition; the node stood still meanwhile."""
    data = b"%PDF-1.7 /Info 1 0 R " + part * (1_000_000 // len(part)) + b"endobj"
    began = time.process_time()
    assert len(pdf.strip(data)[0]) == len(data)
    assert time.process_time() - began < 20  # the first took 24 s for a quarter of this length


@given(st.lists(st.tuples(st.integers(5, 5000), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_hostile_pdf_does_more_than_be_left(changes: list[tuple[int, int]]) -> None:
    data = bytearray(PDF)
    for at, value in changes:
        data[5 + at % (len(data) - 5)] = value
    assert len(pdf.strip(bytes(data))[0]) == len(data)


def test_a_small_archive_of_many_words_is_not_read_into_gigabytes() -> None:
    """A document of 233 kB took 8.7 GB and a minute, and with them the node."""
    data = archive(**{"docProps/core.xml": b">ab<" * 8_000_000})
    tracemalloc.start()
    began = time.process_time()
    clean, hidden = office.strip(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert hidden.told[0] == ("words", "ab") and b"ab" not in zipfile.ZipFile(io.BytesIO(clean)).read(
        "docProps/core.xml"
    )
    assert peak < 200_000_000 and time.process_time() - began < 5


def test_one_long_object_under_many_numbers_is_not_read_for_each() -> None:
    """The trailer may name as many as it likes; what is not looked into is said to be left."""
    numbers = range(64)
    data = b"%PDF-1.7\n" + b"".join(b"/Info %d 0 R\n" % one for one in numbers)
    data += b"".join(b"%d 0 obj\n" % one for one in numbers) + b"/A (" + b"x" * 1_000_000 + b")\nendobj\n"
    began = time.process_time()
    assert ("left", "") in pdf.strip(data)[1].told
    assert time.process_time() - began < 3
