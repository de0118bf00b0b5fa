"""`check FILE.pdf`: the evidence in a signed text's PDF, and whether its pages are what the signed words make.

Owns: the verdict on such a file. Does not own: making one (actions/text_pdf.py), evidence (record/).
Always true: "the pages are those of the signed words" is said only where the whole file, made again from the signed
lines and the evidence by the same typst and fonts, is the same byte for byte.
Read first: docs/protocol/texts.md, "The PDF".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from parley.actions.text_pdf import MADE_MAGIC, made_with, set_page, streams, take_apart
from parley.actions.text_pdf_words import first_difference
from parley.actions.text_signers import named_in, signers_of
from parley.errors import PeerError, Refused
from parley.record.check import Report
from parley.record.form import Unreadable
from parley.record.legal import Disclosed


def is_pdf(path: Path) -> bool:
    """Say whether a file begins as a PDF does."""
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except OSError:
        return False


def check_pdf(path: Path, *, line: str | None = None, text: bool = False, names: Sequence[Path] = ()) -> Report:
    """Judge a signed text's PDF; never raises for what is in it.

    Args:
        text: Print what was signed, from the signed lines, whatever the pages show.
        names: Disclosures of legal names, each to be held against the evidence of the signatures.
    """
    try:
        data = path.read_bytes()
        copy = take_apart(data)
        signers = signers_of(copy, line=line)
        named = [named_in(copy, Disclosed.read(name)) for name in names]
    except OSError as fault:
        return Report("unreadable", "evidence.unreadable", "", "", (f"Unreadable: {path}: {fault.strerror}.",))
    except Unreadable as fault:
        return Report("unreadable", fault.code, "text", "", (f"Unreadable: {fault.sentence}.",))
    except PeerError as fault:
        verdict = "unreadable" if fault.code == "texts.pdf" else "not-proven"
        return Report(verdict, fault.code, "text", "", (f"NOT PROVEN: {fault.sentence}.",))  # type: ignore[arg-type]
    told = [f"Signed words: SHA-256 {copy.digest}"]
    told += [
        ("" if one.status == "actual" else f"{one.status.upper()}: ")
        + f"{one.side}'s node states: {one.grade}, {one.person}, {one.office}, by {one.powers}, at {one.at}."
        for one in signers
    ]
    told += ["Disclosed, apart from the text:", *named] if named else []
    if text:
        told += [_said(row) for row in copy.lines]
    try:
        again = set_page(copy, signers)
    except (Refused, ValueError, KeyError, TypeError) as fault:
        why = fault.sentence if isinstance(fault, Refused) else "the signed lines are not in the form we write"
        return Report("not-proven", "texts.not-compared", "text", "", (*told, f"NOT COMPARED: {why}."))
    if again == data:
        told.append("The pages, and everything else in the file, are what these words make: compared byte for byte.")
        return Report("proven", "", "text", "", tuple(told), entries=len(signers))
    if _made(data) != _made(again):
        told.append(f"NOT COMPARED: made with {_made(data)}; here it is {made_with()}, or other fonts.")
        return Report("not-proven", "texts.not-compared", "text", "", tuple(told))
    told.append(f"NOT PROVEN: {first_difference(data, again)}.")
    return Report("not-proven", "texts.pages", "text", "", tuple(told))


def _said(row: bytes) -> str:
    value = json.loads(row)
    if "words" not in value:
        return str(value.get("title", ""))
    words = " | ".join(f"{tag}: {said}" for tag, said in value["words"].items())
    return f"{value['number'] or '-'} {words}"


def _made(data: bytes) -> str:
    found = next((one for one in streams(data) if one.startswith(MADE_MAGIC)), b"")
    return ", ".join(found.decode("utf-8", "replace").split("\n")[2:4])
