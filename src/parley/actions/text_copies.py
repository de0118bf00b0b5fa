"""Copies of a text to take away: plain, HTML, .docx as it stands; PDF once somebody has signed it (the alternat).

Owns: rights, what a PDF is made of. Does not own: what its evidence proves of each signature (text_signers.py).
"""

from __future__ import annotations

import asyncio
from typing import Final

from parley import limits
from parley.actions import text_paper
from parley.actions.negotiated import text, text_view
from parley.actions.negotiating_rows import WholeRow
from parley.actions.ports import NodePort
from parley.actions.text_labels import ILLUSTRATION, marks
from parley.actions.text_pdf import Copy, set_page
from parley.actions.text_signers import signers_of
from parley.actions.who import Who, need_in
from parley.errors import Refused
from parley.record.form import card_words
from parley.subjects.texts.content import lines, text_digest

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
    whole = text(node, who, channel, subject, count=limits.TEXT_UNITS_MAX, whole=True)
    sides = {one.side: one.name for one in (node.identity.ours, node.identity.theirs)}
    write = {"txt": text_paper.plain, "html": text_paper.page, "docx": text_paper.document}[form]
    return await asyncio.to_thread(write, whole, sides, _heading(node, whole))


def _heading(node: NodePort, whole: WholeRow) -> str:
    """Give what stands at the head of a copy: the title, after whatever says that it is not actual."""
    tags = [tag for tag, _ in whole.row.languages]
    said = [word for _, word in marks((whole.row.status,), tags)]
    if node.illustration and ILLUSTRATION not in whole.row.title:
        said.append(ILLUSTRATION)
    return " · ".join((*said, whole.row.title))


async def _pdf(node: NodePort, channel: str, subject: str) -> bytes:
    view = text_view(node, channel, subject)
    digest = text_digest(view)
    signed = [one for one in view.frame.signatures if one.stands and one.digest == digest]
    if not signed:
        raise Refused("texts.unsigned", "nobody has initialled or signed the text as it is: take it as .docx or HTML")
    evidence = [await node.exports.entry(one.ref.log, one.ref.number) for one in signed[-limits.TEXT_EVIDENCE_MAX :]]
    copy = Copy(tuple(lines(view)), tuple(sorted(evidence)), node.identity.ours.side)
    signers = signers_of(copy, compared={card_words(card) for card in node.cards})
    return await asyncio.to_thread(set_page, copy, signers)
