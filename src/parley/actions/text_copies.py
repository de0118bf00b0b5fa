"""Copies of a text to take away: plain, HTML, .docx as it stands; PDF once somebody has signed it (the alternat).

Owns: rights, what a PDF is made of, what its evidence proves of each signature.
Always true: what stands on a PDF about signatures was proven from the evidence attached to it, by the same check that
anybody can run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from parley import limits
from parley.actions import text_paper
from parley.actions.negotiated import text, text_view
from parley.actions.ports import NodePort
from parley.actions.text_pdf import Copy, Signer, set_page
from parley.actions.who import Who, need_in
from parley.errors import PeerError, Refused
from parley.record.check_bundle import check_bundle
from parley.record.form import Lines, NotProven, Unreadable, read_header
from parley.subjects.texts.content import lines, text_digest
from parley.subjects.texts.facts import SIGNING

MEDIA: Final = {
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


async def copy_of(node: NodePort, who: Who, channel: str, subject: str, form: str) -> bytes:
    """Give a text as a file; raises Refused `texts.form`, `texts.unsigned`, `texts.font`."""
    need_in(node, who, "read", channel)
    if form not in MEDIA:
        raise Refused("texts.form", f"a text is given as {', '.join(MEDIA)}")
    if form == "pdf":
        return await _pdf(node, channel, subject)
    whole = text(node, who, channel, subject, count=limits.TEXT_UNITS_MAX)
    sides = {one.side: one.name for one in (node.identity.ours, node.identity.theirs)}
    write = {"txt": text_paper.plain, "html": text_paper.page, "docx": text_paper.document}[form]
    return await asyncio.to_thread(write, whole, sides)


async def _pdf(node: NodePort, channel: str, subject: str) -> bytes:
    view = text_view(node, channel, subject)
    digest = text_digest(view)
    signed = [one for one in view.frame.signatures if one.stands and one.digest == digest]
    if not signed:
        raise Refused("texts.unsigned", "nobody has initialled or signed the text as it is: take it as .docx or HTML")
    evidence = [await node.entry_evidence(one.ref.log, one.ref.number) for one in signed[-limits.TEXT_EVIDENCE_MAX :]]
    copy = Copy(tuple(lines(view)), tuple(sorted(evidence)), node.identity.ours.side)
    signers = signers_of(copy)
    return await asyncio.to_thread(set_page, copy, signers)


def signers_of(copy: Copy, *, line: str | None = None) -> list[Signer]:
    """Give what the attached evidence proves of each signature over these very lines.

    Raises: PeerError `texts.evidence` if one is not proven, is of another text, or of none.
    """
    return [_signer(copy, each, line) for each in copy.evidence]


def _signer(copy: Copy, evidence: bytes, line: str | None) -> Signer:
    try:
        told = Lines(_once(evidence))
        kind, found = read_header(told)
        if kind != "bundle":
            raise PeerError("texts.evidence", f"expected the evidence of one entry, got a {kind}")
        entry = check_bundle(told, found)[0].entry
    except (NotProven, Unreadable) as fault:
        raise PeerError("texts.evidence", f"a signature is not proven: {fault.sentence}") from None
    if line is not None and found.line != line:
        raise PeerError("texts.evidence", f"this is evidence of line {found.line}, not of {line}")
    if entry.kind not in SIGNING or entry.body.get("digest") != copy.digest:
        raise PeerError("texts.evidence", f"entry {entry.number} of {entry.log.text} signs another text than this one")
    return Signer(
        side=entry.side, grade=entry.kind.removeprefix("text."), person=entry.person, office=str(entry.body["office"]),
        powers=str(entry.body["powers"]), at=entry.at,
    )  # fmt: skip


def _once(data: bytes) -> Iterable[bytes]:
    yield data
