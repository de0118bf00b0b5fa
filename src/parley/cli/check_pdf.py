"""`check FILE.pdf`: the evidence in a signed text's PDF, and whether its pages are what the signed words make.

Owns: the verdict on such a file. Does not own: making one (actions/text_pdf.py), evidence (record/).
Always true: "the pages are those of the signed words" is said only where the whole file, made again from the signed
lines and the evidence by the same typst and fonts, is the same byte for byte.
Read first: docs/protocol/texts.md, "The PDF".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from parley import limits
from parley.actions.text_pdf import MADE_MAGIC, made_with, set_page, streams, take_apart
from parley.actions.text_pdf_words import first_difference
from parley.actions.text_signers import foundings_of, named_in, signers_of
from parley.errors import PeerError, Refused
from parley.record.check import Report
from parley.record.entry import one_line
from parley.record.form import Unreadable
from parley.record.legal import Disclosed
from parley.record.telling import founding_lines, status_lines

# What reading signed lines that are none of ours may raise: a side can sign the digest of any bytes.
_ODD_LINES: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, RuntimeError)  # the last is typst's


def is_pdf(path: Path) -> bool:
    """Say whether a file begins as a PDF does."""
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except OSError:
        return False


def check_pdf(
    path: Path,
    *,
    line: str | None = None,
    text: bool = False,
    names: Sequence[Path] = (),
    compared: Collection[str] = (),
) -> Report:
    """Judge a signed text's PDF; never raises for what is in it.

    Args:
        text: Print what was signed, from the signed lines, whatever the pages show.
        names: Disclosures of legal names, each to be held against the evidence of the signatures.
        compared: Words of later cards that the caller has compared with their sides.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.TEXT_PDF_BYTES_MAX + 1)
        copy = take_apart(data)
        signers = signers_of(copy, line=line, compared=compared)
        named = [named_in(copy, Disclosed.read(name), compared) for name in names]
        found = list(foundings_of(copy, compared))
    except OSError as fault:
        return Report("unreadable", "evidence.unreadable", "", "", (f"Unreadable: {path}: {fault.strerror}.",))
    except Unreadable as fault:
        return Report("unreadable", fault.code, "text", "", (f"Unreadable: {fault.sentence}.",))
    except PeerError as fault:
        verdict = "unreadable" if fault.code == "texts.pdf" else "not-proven"
        return Report(verdict, fault.code, "text", "", (f"NOT PROVEN: {fault.sentence}.",))  # type: ignore[arg-type]
    told = status_lines({one.status for one in signers})
    told += dict.fromkeys(row for one in found for row in founding_lines(one))  # who signed rests on these words
    told += [f"Signed words: SHA-256 {copy.digest}"]
    told += [
        ("" if one.status == "actual" else f"{one.status.upper()}: ")
        + f"{one.side}'s node states: {one.grade}, {one.person}, {one_line(one.office)}, by {one_line(one.powers)}, "
        f"at {one.at}."
        for one in signers
    ]
    told += ["Disclosed, apart from the text:", *named] if named else []
    known = found[0].line
    try:
        if text:
            told += [f"  | {said}" for row in copy.lines for said in _said(row).split("\n")]
        again = set_page(copy, signers)
    except (Refused, *_ODD_LINES) as fault:
        why = fault.sentence if isinstance(fault, Refused) else "the signed lines are not in the form we write"
        return Report("not-proven", "texts.not-compared", "text", known, (*told, f"NOT COMPARED: {why}."))
    if again == data:
        told.append("The pages, and everything else in the file, are what these words make: compared byte for byte.")
        told.append("Not proven: that none of these was taken back or replaced: only a whole record shows that.")
        return Report("proven", "", "text", known, tuple(told), entries=len(signers))
    if _made(data) != _made(again):
        told.append(f"NOT COMPARED: made with {one_line(_made(data))}; here it is {made_with()}, or other fonts.")
        return Report("not-proven", "texts.not-compared", "text", known, tuple(told))
    told.append(f"NOT PROVEN: {one_line(first_difference(data, again))}.")
    return Report("not-proven", "texts.pages", "text", known, tuple(told))


def _said(row: bytes) -> str:
    value = json.loads(row)
    if "words" not in value:
        return str(value.get("title", ""))
    words = " | ".join(f"{tag}: {said}" for tag, said in value["words"].items())
    return f"{value['number'] or '-'} {words}"


def _made(data: bytes) -> str:
    found = next((one for one in streams(data) if one.startswith(MADE_MAGIC)), b"")
    return ", ".join(found.decode("utf-8", "replace").split("\n")[2:4])
