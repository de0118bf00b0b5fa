"""What the evidence attached to a signed text proves of each signature.

Always true: what stands on a PDF about signatures was proven from the evidence attached to it, by the same check that
anybody can run; so nothing here needs a node.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from parley.actions.text_pdf import Copy, Signer
from parley.errors import PeerError
from parley.record.check_bundle import check_bundle
from parley.record.entry import body_text
from parley.record.form import Founding, Lines, NotProven, Unreadable, read_header
from parley.record.legal import Disclosed
from parley.subjects.texts.facts import SIGNING


def signers_of(copy: Copy, *, line: str | None = None, compared: Collection[str] = ()) -> list[Signer]:
    """Give what the attached evidence proves of each signature over these very lines.

    Raises: PeerError `texts.evidence` if one is not proven, is of another text or line than the rest, or of none.
    """
    signers = []
    for each in copy.evidence:
        line, signer = _signer(copy, each, line, compared)
        signers.append(signer)
    return signers


def foundings_of(copy: Copy, compared: Collection[str] = ()) -> Iterator[Founding]:
    """Give whose line each evidence is of, once `signers_of` has judged it: all are of one."""
    for each in copy.evidence:
        yield read_header(Lines(_once(each)), compared)[1]


def named_in(copy: Copy, disclosed: Disclosed, compared: Collection[str] = ()) -> str:
    """Say whose legal name a disclosure gives, held against the roster entries that come with the signatures.

    Raises: PeerError `evidence.legal-name` if none of them commits to it.
    """
    named = disclosed.about.side
    try:
        for evidence in copy.evidence:
            told = Lines(_once(evidence))
            _, found = read_header(told, compared)
            named = next((party.name for party in found.parties if party.side == disclosed.about.side), named)
            for each in check_bundle(told, found):
                disclosed.hear(each.entry)
        return disclosed.line(named)
    except (NotProven, Unreadable) as fault:
        raise PeerError(fault.code, fault.sentence) from None


def _signer(copy: Copy, evidence: bytes, line: str | None, compared: Collection[str]) -> tuple[str, Signer]:
    try:
        told = Lines(_once(evidence))
        kind, found = read_header(told, compared)
        if kind != "bundle":
            raise PeerError("texts.evidence", f"expected the evidence of one entry, got a {kind}")
        entry = check_bundle(told, found)[0].entry
    except (NotProven, Unreadable) as fault:
        raise PeerError("texts.evidence", f"a signature is not proven: {fault.sentence}") from None
    if line is not None and found.line != line:
        raise PeerError("texts.evidence", f"this is evidence of line {found.line}, not of {line}")
    if entry.kind not in SIGNING or entry.body.get("digest") != copy.digest:
        raise PeerError("texts.evidence", f"entry {entry.number} of {entry.log.text} signs another text than this one")
    return found.line, Signer(
        side=entry.side, grade=entry.kind.removeprefix("text."), person=entry.person,
        office=body_text(entry, "office"), powers=body_text(entry, "powers"), at=entry.at, status=entry.status,
    )  # fmt: skip


def _once(data: bytes) -> Iterable[bytes]:
    yield data
