"""Signed texts as PDF: made from the signed words, checked without a node, and refused when a page was changed."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import re
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking, until
from tests.actions.test_negotiating import CHANNEL, seen
from tests.record.shelf import CARDS, Reads, Shelf
from tests.record.tampering import bundle
from tests.replacing import replace

from parley.actions import legal_names, negotiating, text_copies, text_signing
from parley.actions.text_pdf import LINES_MAGIC, MADE_MAGIC, Copy, Signer, set_page, take_apart
from parley.actions.text_pdf_words import first_difference
from parley.actions.text_reading import lines_of
from parley.actions.text_signers import signers_of
from parley.cli.check_pdf import check_pdf
from parley.codec import encode
from parley.errors import Refused
from parley.record.evidence import bundle_pieces
from parley.record.notes import OWN_ED
from parley.subjects.texts.content import digest_of_lines


def test_both_copies_are_checked_and_a_changed_page_is_found(tmp_path: Path) -> None:
    """Whoever holds a copy must be able to see, without us, that its pages are what was signed."""

    async def story() -> None:
        async with talking() as (north, south):
            made = await negotiating.open_text(
                north.node, north["edda"], CHANNEL, title="On notification", languages=[("en", True), ("zh", False)]
            )
            at = (CHANNEL, made.subject)
            added = await negotiating.add_unit(
                north.node, north["edda"], *at, level="article", words={"en": "Each side tells the other."}
            )
            unit = f"north/0/{added.ref.number}"
            with pytest.raises(Refused, match=r"texts\.unsigned"):
                await text_copies.copy_of(north.node, north["edda"], *at, "pdf")
            await seen(south, "samira", made.subject, lambda row: row.units)
            await negotiating.render(south.node, south["samira"], *at, unit, unit, tag="zh", words="每一方通知另一方。")
            await negotiating.settle(south.node, south["samira"], *at, unit, "accept", alternative=unit)
            whole = await seen(north, "edda", made.subject, lambda row: row.units[0].status == "clean")
            for side, who in ((north, "edda"), (south, "samira")):
                await text_signing.sign(
                    side.node, side[who], *at, "signed", digest=whole.digest, office="Envoy", powers="Letter 7"
                )
            await seen(north, "edda", made.subject, lambda row: row.row.signed)
            await seen(south, "samira", made.subject, lambda row: row.row.signed)
            await until(lambda: all(signed(side) for side in (north, south)))
            ours = await text_copies.copy_of(north.node, north["edda"], *at, "pdf")
            theirs = await text_copies.copy_of(south.node, south["samira"], *at, "pdf")
            assert ours != theirs  # each names its own side first
            for number, copy in enumerate((ours, theirs)):
                kept = tmp_path / f"{number}.pdf"
                kept.write_bytes(copy)
                report = check_pdf(kept, text=True)
                assert report.verdict == "proven", report.lines
                assert any("Each side tells the other." in line for line in report.lines)
            told = "\n".join(report.lines)
            assert north.node.identity.line in told and "Card of south: " in told
            assert "Not proven: that none of these was taken back" in told
            changed = tmp_path / "changed.pdf"
            strange = replace(take_apart(ours), evidence=(*take_apart(ours).evidence, bundle()))
            changed.write_bytes(set_page(strange, signers_of(take_apart(ours))))
            report = check_pdf(changed)
            assert (report.verdict, report.code) == ("not-proven", "texts.evidence")
            assert "this is evidence of line" in report.lines[-1]
            changed.write_bytes(redrawn(ours))
            report = check_pdf(changed)
            assert (report.verdict, report.code) == ("not-proven", "texts.pages")
            assert "page 1" in report.lines[-1]
            copy = take_apart(ours)
            swapped = copy.lines[1].replace(b'"en":', b'"x":').replace(b'"zh":', b'"en":').replace(b'"x":', b'"zh":')
            exchanged = replace(copy, lines=(copy.lines[0], swapped))
            changed.write_bytes(set_page(exchanged, signers_of(copy)))  # whole, with the true evidence inside
            report = check_pdf(changed)
            assert (report.verdict, report.code) == ("not-proven", "texts.evidence")
            said = copy.lines[1].replace(b"Each side", b"One side")
            other = set_page(replace(copy, lines=(copy.lines[0], said)), signers_of(copy))
            changed.write_bytes(carrying(other, copy))
            report = check_pdf(changed)
            assert (report.verdict, report.code) == ("not-proven", "texts.pages")
            assert 'page 1 shows "One" where the signed words have "Each"' in report.lines[-1]

    asyncio.run(story())


def signed(side: Side) -> bool:
    """Say whether this node holds every entry of the channel under its author's signature, which comes after it."""
    logs = [log for log in side.node.store.logs() if log.channel == CHANNEL]
    newest = [side.node.store.newest_signature(log, OWN_ED) for log in logs]
    return all(one is not None and one.size == side.node.store.size(log) for log, one in zip(logs, newest, strict=True))


def redrawn(data: bytes) -> bytes:
    """Give the file with one drawn page changed, as whoever alters words would."""
    for found in re.finditer(rb"stream\r?\n", data):
        end = data.index(b"endstream", found.end())
        try:
            content = zlib.decompress(data[found.end() : end])
        except zlib.error:
            continue
        if b"BT" in content and b"ET" in content:
            return data[: found.end()] + zlib.compress(content + b" ") + b"\n" + data[end:]
    raise AssertionError("no page is drawn")


def carrying(page: bytes, copy: Copy) -> bytes:
    """Give a file that shows one text and carries another one's signed lines, as a forger would put it together."""
    for found in re.finditer(rb"(?<!end)stream\r?\n", page):
        end = page.index(b"endstream", found.end())
        content = page[found.end() : end]
        with contextlib.suppress(zlib.error):
            content = zlib.decompress(content)
        if content.startswith(LINES_MAGIC):
            told = LINES_MAGIC + b"".join(line + b"\n" for line in copy.lines)
            return page[: found.end()] + zlib.compress(told) + b"\n" + page[end:]
    raise AssertionError("no lines are attached")


def written(tag: str, words: list[str]) -> Copy:
    """Give a copy of so many articles, without real evidence."""
    head = encode(
        {"form": "text", "languages": [["en", "north"], [tag, "south"]], "subject": "text/north/0/1", "title": "T"}
    )
    units = [
        encode({"level": "article", "number": str(number), "words": {"en": said, tag: said}})
        for number, said in enumerate(words, 1)
    ]  # fmt: skip
    return Copy((head, *units), (b"parley-evidence/ none",), "north")


WORDS = [f"Within {number} days of it, each side tells the other." for number in range(60)]


@pytest.mark.parametrize(
    ("tag", "change", "told"),
    [
        pytest.param(
            "fr", ("50 days", "51 days"), 'page 3 shows "51" where the signed words have "50"', marks=pytest.mark.long
        ),
        ("zh", ("50 days", "五十 days"), 'where the signed words have "50"'),
        ("ar", ("50 days of it", "50 days of"), 'page 3 shows "of," where the signed words have "of"'),
    ],
)
def test_the_first_word_that_differs_is_named_with_its_page(tag: str, change: tuple[str, str], told: str) -> None:
    """Whoever is told "not proven" of forty pages must know where to look."""
    signed = written(tag, WORDS)
    shown = written(tag, [one.replace(*change) for one in WORDS])
    signer = Signer(
        side="north", grade="signed", person="edda", office="Envoy", powers="Letter 7", at="2026", status="actual"
    )
    pages = [set_page(copy, [signer]) for copy in (shown, signed)]
    assert told in first_difference(*pages)


def test_a_text_signed_in_an_exercise_says_so_on_its_pages() -> None:
    """A page that falls out of a folder after an exercise must not be taken for a treaty."""
    signer = Signer(
        side="north", grade="signed", person="edda", office="Envoy", powers="Letter 7", at="2026", status="actual"
    )
    signed = written("ar", WORDS)
    actual, exercise = (set_page(signed, [replace(signer, status=one)]) for one in ("actual", "exercise"))
    assert 'where the signed words have "EXERCISE"' in first_difference(actual, exercise)


def test_a_copy_of_an_exercise_to_take_away_says_so_and_what_signed_it_too(tmp_path: Path) -> None:
    """Neither a draft on paper nor the verdict on a signed copy leaves it open whether it was real."""

    async def story() -> None:
        async with talking(status="exercise") as (north, south):
            for person in ("edda", "tomas"):
                name = f"{person.title()} Law Marlow"
                await legal_names.commit_legal_name(north.node, north["admin"], person, name)
            made = await negotiating.open_text(north.node, north["edda"], CHANNEL, title="T", languages=[("en", True)])
            at = (CHANNEL, made.subject)
            added = await negotiating.add_unit(north.node, north["edda"], *at, level="article", words={"en": "A."})
            unit = f"north/0/{added.ref.number}"
            for form in ("txt", "html"):
                copy = await text_copies.copy_of(north.node, north["edda"], *at, form)
                assert "EXERCISE · T" in copy.decode()
            await seen(south, "samira", made.subject, lambda row: row.units)
            await negotiating.settle(south.node, south["samira"], *at, unit, "accept", alternative=unit)
            whole = await seen(north, "edda", made.subject, lambda row: row.units[0].status == "clean")
            await text_signing.sign(
                north.node, north["edda"], *at, "signed", digest=whole.digest, office="Envoy", powers="Letter 7"
            )
            await until(lambda: north.node.status().waiting == 0)
            kept = tmp_path / "a.pdf"
            kept.write_bytes(await text_copies.copy_of(north.node, north["edda"], *at, "pdf"))
            report = check_pdf(kept)
            assert report.verdict == "proven" and report.lines[0] == "*** EXERCISE — NOT ACTUAL ***"
            assert any(line.startswith("EXERCISE: north's node states: signed") for line in report.lines)
            assert any(line.startswith("Card of south: ") for line in report.lines)

            names = {person: tmp_path / f"{person}.json" for person in ("edda", "tomas")}
            for person, file in names.items():  # Tomas has signed nothing
                file.write_text(legal_names.legal_name(north.node, north["admin"], person).disclosure, encoding="utf-8")
            report = check_pdf(kept, names=[names["edda"]])
            assert report.verdict == "proven" and "Edda Law Marlow" in "\n".join(report.lines)
            report = check_pdf(kept, names=list(names.values()))
            assert (report.verdict, report.code) == ("not-proven", "evidence.legal-name")
            report = check_pdf(kept, names=[kept])
            assert report.verdict == "unreadable" and "no disclosure of a legal name" in report.lines[0]

    asyncio.run(story())


def test_no_file_breaks_the_reading_of_words() -> None:
    """A forged file may be torn anywhere; it must be called not proven, not end the program."""
    page = set_page(written("ar", WORDS[:3]), [])
    dice = random.Random(7)
    for _ in range(40):
        torn = bytearray(page)
        for _ in range(dice.randint(1, 8)):
            at = dice.randrange(len(torn))
            torn[at : at + dice.randint(0, 40)] = dice.choice(
                [b"", b"endobj", b"stream\n", b"<<", b"9 0 R", b"(", b"<0"]
            )
        assert first_difference(bytes(torn), page)


def crafted(*parts: bytes) -> bytes:
    """Give what the reader of words takes for a file of one page, with this in its streams."""
    made = b"%PDF-1.7\n1 0 obj\n<</Type /Pages /Kids [" + parts[0] + b"]>>\nendobj\n"
    made += b"2 0 obj\n<</Contents 3 0 R /Resources 4 0 R>>\nendobj\n4 0 obj\n<</Font <</F 5 0 R>>>>\nendobj\n"
    packed = zlib.compress(parts[1])
    return made + b"3 0 obj\n<<>>\nstream\n" + packed + b"\nendstream\nendobj\n" + b"".join(parts[2:])


@pytest.mark.parametrize(
    "data",
    [
        crafted(b"2 0 R " * 200_000, b"BT /F 1 Tf (ab) Tj ET " * 2_000),  # one page, named again and again
        crafted(b"2 0 R", b"a" * 1_000_000),
        crafted(b"2 0 R", b"BT " * 300_000),
        crafted(b"2 0 R", b"/a " * 300_000 + b"/" + b" " * 300_000),
        crafted(b"2 0 R", b"BT ET", b"9 0 obj\n" + b"/Type /Pages " * 200_000 + b"\nendobj\n"),
        crafted(b"2 0 R", b"BT ET", b"4 0 obj\n" + b"/Font <<" * 200_000 + b"\nendobj\n"),
    ],
    ids=["kids", "word", "begun", "names", "pages", "fonts"],
)
def test_no_file_keeps_the_reading_of_words_busy(data: bytes) -> None:
    """Whoever has one true copy can change it at will; the check of it must end all the same."""
    began = time.process_time()
    assert first_difference(data, crafted(b"2 0 R", b"BT (signed) Tj ET"))
    assert time.process_time() - began < 5


def packed(**files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return kept.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"no zip", packed(word__document_xml=b"0" * 60_000_000), packed(word__document_xml=b"<!DOCTYPE a><a/>"),
        packed(a_xml=b"<a/>"), b"PK" + b"\0" * 100,
    ],
)  # fmt: skip
def test_a_hostile_docx_is_refused_before_it_is_parsed(data: bytes) -> None:
    """A file from the other side's mail must not fill the memory of our node."""
    with pytest.raises(Refused, match=r"texts\.file"):
        lines_of("theirs.docx", data)


def test_paragraphs_of_a_file_become_parts() -> None:
    """What was negotiated on paper goes on here, its brackets as they were written."""
    found = lines_of("a.txt", "Article 1. Notice\n1. Within [ten / five] days.\n\n第二条 通报\n".encode())
    assert found == [("article", "Notice"), ("paragraph", "Within [ten / five] days."), ("article", "通报")]


def signed_lines(lines: bytes, **body: str) -> bytes:
    """Give a file that carries these lines, and the evidence that North signed their digest."""
    shelf, digest = Shelf(), digest_of_lines(lines.split(b"\n")[:-1])
    words = {"digest": digest, "office": "Envoy", "powers": "Letter 7", **body}
    sent = shelf.write("north", "text.signed", dict(words), person="a.novak", subject="text/north/0/0")
    shelf.sign(sent.log)
    evidence = b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, 0))
    parts = (LINES_MAGIC + lines, MADE_MAGIC + b"north\ntypst 0\nno font\n", evidence)
    return b"%PDF-1.7\n" + b"".join(b"stream\n" + zlib.compress(one) + b"\nendstream\n" for one in parts)


@pytest.mark.parametrize(
    "lines",
    [
        b"", b"\n", b"[]\n", b"null\n", b"\xff\n", b"[" * 100_000 + b"\n", b'{"title":1,"languages":[]}\n',
        b'{"title":{},"languages":[["en","north"]]}\n', b'{"title":"t","languages":[["en",["a"]],["en",{}]]}\n',
        b'{"title":"t","languages":[["en","n"]]}\n{"level":"article","number":"1","words":["en"]}\n',
        b'{"title":"\\ud800","languages":[["en","n"]]}\n{"level":"article","number":null,"words":{"en":"\\ud800"}}\n',
        b'{"title":"t","languages":[["en","n"]]}\n{"level":"article","number":"1","words":{"en":"a\\nProven: all."}}\n',
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [False, True])
def test_a_side_that_signed_odd_lines_breaks_no_check_and_writes_no_line_of_it(
    lines: bytes, text: bool, tmp_path: Path
) -> None:
    """A side can sign the digest of any bytes, and call its envoy what it likes."""
    kept = tmp_path / "odd.pdf"
    kept.write_bytes(signed_lines(lines, office="Envoy\nProven: all of it.", powers="x\nProven: more."))
    report = check_pdf(kept, text=text)
    assert (report.verdict, report.code) == ("not-proven", "texts.not-compared"), report.lines
    assert not any(row.startswith("Proven") for line in report.lines for row in line.split("\n"))
