"""A signed text as PDF, made from the signed lines and their evidence alone, so that anybody can make it again.

Owns: the page, the attachments, and taking the attachments out of such a file.
Does not own: judging the evidence and comparing (cli/check_pdf.py), who may have it (text_copies.py).
Always true:
  1. The same lines, evidence, side, fonts and typst give the same file, byte for byte: no clock, no name of a machine.
  2. Nothing is written on the page that is not in the signed lines, or in the evidence that is attached.
Read first: docs/protocol/texts.md, "The PDF".
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parley import limits
from parley.actions.text_labels import GRADES, LANGUAGES, is_rtl, label, marks
from parley.actions.typesetting import fonts, set_pdf
from parley.errors import PeerError, Refused
from parley.subjects.texts.content import digest_of_lines

LINES_MAGIC: Final = b"parley signed text 1\n"
MADE_MAGIC: Final = b"parley text copy 1\n"
EVIDENCE_MAGIC: Final = b"parley-evidence/"
FONTS: Final = ("Libertinus Serif", "Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Naskh Arabic", "Noto Sans Arabic")
_HAN: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff]")
_ARABIC: Final = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_STREAM: Final = re.compile(rb"stream\r?\n")
_BEGUN: Final = re.compile(rb"\bBT\b")
_ENDED: Final = re.compile(rb"\bET\b")
_PAGE: Final = """#let d = json("/data.json")
#set document(title: d.title, date: none)
#set text(font: d.fonts, size: 10pt)
#let way(one) = if one.rtl { rtl } else { ltr }
#let marked = d.marks.map(one => text(lang: one.lang, dir: way(one), weight: "bold", one.words)).join(" · ")
#set page(paper: "a4", margin: 22mm, numbering: "1 / 1",
  header: if d.marks.len() > 0 [#align(center)[#marked \\ #text(size: 8pt, d.title)]])
#set par(justify: false)
#for one in d.files {
  pdf.attach(one.name, read("/" + one.name, encoding: none), mime-type: "text/plain", description: one.name)
}
#align(center)[#text(size: 15pt, weight: "bold")[#d.title]]
#align(center)[#d.sides.join(" · ")]
#v(6mm)
#let said(one, body) = { set text(lang: one.lang, dir: way(one)); set align(start); body }
#table(columns: (1fr,) * d.languages.len(), stroke: none, inset: 4pt, column-gutter: 4mm,
  table.header(..d.languages.map(one => said(one)[*#one.words*])),
  ..d.units.map(u => u.map(w => said(w)[*#w.label* #h(0.3em) #w.words])).flatten())
#v(8mm)
#for s in d.signatures {
  let grades = s.grade.map(one => text(lang: one.lang, dir: way(one), one.words))
  block(breakable: false)[*#s.side*: #grades.join(" / "), #s.person, #s.office. #s.powers. #s.at \\ #v(3mm)]
}
#v(4mm)
#grid(columns: (32mm, 1fr), gutter: 5mm,
  image(bytes(d.qr), format: "svg", width: 30mm), text(size: 8pt)[SHA-256 #raw(d.digest)])
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """What one side's copy is made of: the signed lines, the evidence of each signature, and the side named first."""

    lines: tuple[bytes, ...]
    evidence: tuple[bytes, ...]
    first: str

    @property
    def digest(self) -> str:
        """Give the digest of the lines, as signatures name it."""
        return digest_of_lines(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One signature as its evidence proves it, for the page."""

    side: str
    grade: str
    person: str
    office: str
    powers: str
    at: str
    status: str  # actual, exercise or test


def made_with() -> str:
    """Name the program that sets the page."""
    from importlib.metadata import version  # brings a reader of archives

    return f"typst {version('typst')}"


def set_page(copy: Copy, signers: Sequence[Signer]) -> bytes:
    """Give the PDF. Raises Refused `texts.font` if this machine has no font for one of the scripts."""
    import segno

    families = set(fonts().families())
    known = [name for name in FONTS if name in families or name == FONTS[0]]
    said = b"\n".join(copy.lines).decode() + "".join(
        label("article", "1", tag.partition("-")[0]) for tag in _languages(copy)
    )
    for script, name, needed in (("Han", "CJK", _HAN), ("Arabic", "Arabic", _ARABIC)):
        if needed.search(said) and not any(name in font for font in known):
            raise Refused("texts.font", f"this machine has no Noto font for {script} script: install one")
    head, tags = json.loads(copy.lines[0]), _languages(copy)
    sides = sorted(
        {side for _, side in head["languages"]} | {one.side for one in signers}, key=lambda s: (s != copy.first, s)
    )
    mark = io.BytesIO()
    segno.make(copy.digest, micro=False).save(mark, kind="svg", border=2, xmldecl=False)
    files = {"content.txt": LINES_MAGIC + b"".join(line + b"\n" for line in copy.lines),
             "made.txt": MADE_MAGIC + f"{copy.first}\n{made_with()}\n{' · '.join(known)}\n".encode()}  # fmt: skip
    files |= {f"evidence-{number}.txt": each for number, each in enumerate(copy.evidence, 1)}
    data = {
        "title": head["title"], "marks": [_column(*one) for one in marks((one.status for one in signers), tags)],
        "sides": sides, "fonts": known, "digest": copy.digest,
        "languages": [_column(tag, LANGUAGES.get(tag.partition("-")[0], tag)) for tag in tags],
        "units": [_unit(json.loads(line), tags) for line in copy.lines[1:]],
        "signatures": [
            _signature(one, tags) for one in sorted(signers, key=lambda one: (one.side != copy.first, one.side, one.at))
        ],
        "qr": mark.getvalue().decode(), "files": [{"name": name} for name in files],
    }  # fmt: skip
    source = {"main.typ": _PAGE.encode(), "data.json": json.dumps(data).encode(), **files}
    return set_pdf(source)


def _languages(copy: Copy) -> list[str]:
    return [str(tag) for tag, _ in json.loads(copy.lines[0])["languages"]]


def _signature(one: Signer, tags: Sequence[str]) -> dict[str, Any]:
    grades = [_column(tag, GRADES[one.grade].get(tag.partition("-")[0], one.grade)) for tag in tags]
    return {"side": one.side, "grade": grades, "person": one.person, "office": one.office, "powers": one.powers,
            "at": one.at}  # fmt: skip


def _column(tag: str, words: str) -> dict[str, Any]:
    lang = tag.partition("-")[0]
    return {"lang": lang, "rtl": is_rtl(tag), "words": words}


def _unit(unit: dict[str, Any], tags: Sequence[str]) -> list[dict[str, Any]]:
    """Give one part, a cell for each language, each with its label in that language and on that language's side."""
    return [
        _column(tag, unit["words"][tag]) | {"label": label(unit["level"], unit["number"], tag.partition("-")[0])}
        for tag in tags
    ]


# --- taking it apart --------------------------------------------------------------------------------------------------


def streams(data: bytes) -> Iterator[bytes]:
    """Give every stream of a PDF, unpacked; bounded, and without a word of what the file says about itself.

    Raises: PeerError `texts.pdf` if it is too large or unpacks to too much.
    """
    if len(data) > limits.TEXT_PDF_BYTES_MAX:
        raise PeerError("texts.pdf", f"expected at most {limits.TEXT_PDF_BYTES_MAX} bytes, got {len(data)}")
    left, at = limits.TEXT_PDF_UNPACKED_MAX, 0
    while (found := _STREAM.search(data, at)) is not None:
        end = data.find(b"endstream", found.end())
        if end < 0:
            return
        packed = data[found.end() : end]
        unpacking = zlib.decompressobj()
        try:
            content = unpacking.decompress(packed, left)
        except zlib.error:
            content = packed.removesuffix(b"\n").removesuffix(b"\r")
        left -= len(content)
        if left <= 0:
            raise PeerError("texts.pdf", "it unpacks to more than a text may")
        yield content
        at = end + len(b"endstream")


def take_apart(data: bytes) -> Copy:
    """Take the signed lines and the evidence out of a copy. Raises PeerError `texts.pdf` if they are not there once."""
    lines: list[bytes] = []
    made: list[bytes] = []
    evidence: list[bytes] = []
    for content in streams(data):
        if content.startswith(LINES_MAGIC):
            lines.append(content)
        elif content.startswith(MADE_MAGIC):
            made.append(content)
        elif content.startswith(EVIDENCE_MAGIC) and len(evidence) < limits.TEXT_EVIDENCE_MAX:
            evidence.append(content)
    if len(lines) != 1 or len(made) != 1 or not evidence:
        raise PeerError("texts.pdf", "it holds no signed text of ours, or more than one")
    told = tuple(lines[0].removeprefix(LINES_MAGIC).split(b"\n")[:-1])
    first = made[0].removeprefix(MADE_MAGIC).split(b"\n")[0].decode("ascii", "replace")
    return Copy(told, tuple(sorted(evidence)), first)


def drawings(data: bytes) -> list[bytes]:
    """Give what is drawn on each page, in order."""
    begun = ((content, _BEGUN.search(content)) for content in streams(data))
    return [content for content, at in begun if at is not None and _ENDED.search(content, at.end())]
