"""Commitments that incidents and notices cite: as somebody names one, as a page shows it, and what cites one.

Always true: what may be cited is what the person may read; what is cited and cannot be read is shown by its name alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from parley import limits
from parley.actions.commitment_rows import CitedRow, CitingRow
from parley.actions.ports import NodePort
from parley.actions.who import Who, may_read
from parley.codec.text import check_channel
from parley.errors import PeerError, Refused
from parley.subjects import CITED
from parley.subjects.citations import SUBJECT, Citation
from parley.subjects.commitments import CommitmentView
from parley.subjects.incidents import IncidentView
from parley.subjects.notices import NoticeView

_PAGES: Final = {"incident": "incidents", "notice": "notices"}


def citation_typed(text: str) -> Citation | None:
    """Read "channel commitment/side/epoch/number", as the pick-list gives it; None for nothing."""
    told = text.strip()
    if not told:
        return None
    channel, _, subject = told.partition(" ")
    try:
        check_channel(channel)
    except PeerError:
        channel = ""
    if not channel or not SUBJECT.fullmatch(subject):
        raise Refused("commitments.cite", f'expected "channel commitment/side/epoch/number", got "{told[:80]}"')
    return Citation(channel=channel, subject=subject)


def citing_row(node: NodePort, who: Who, cited: Citation) -> CitingRow:
    """Give what a page shows of a commitment that is cited."""
    view = node.book.view(cited.channel, cited.subject) if may_read(node, who, cited.channel) else None
    path = f"/commitments/{cited.channel}/{cited.subject.partition('/')[2]}"
    found = isinstance(view, CommitmentView)
    return CitingRow(
        channel=cited.channel, subject=cited.subject, path=path if found else "",
        what=view.what if isinstance(view, CommitmentView) else "",
    )  # fmt: skip


def cited_by(node: NodePort, who: Who, view: CommitmentView) -> Iterator[CitedRow]:
    """Give the incidents and notices that cite a commitment, of those the person may read."""
    prefix, us = f"{view.channel}|{view.subject}|", node.identity.ours.side
    for key, _ in node.store.values(CITED, prefix=prefix, count=limits.COMMITMENT_CITED_SHOWN):
        _, _, channel, subject = key.split("|")
        room = subject.partition("/")[0]
        if room not in _PAGES or not (channel == "line" or may_read(node, who, channel)):
            continue
        found = node.book.view(channel, subject)
        path = f"/{_PAGES[room]}/{channel}/{subject.partition('/')[2]}"
        if isinstance(found, IncidentView):
            what = found.accounts[0].report.what[:160]
            yield CitedRow(kind=room, title=what, at=found.at, ours=found.side == us, path=path)
        elif isinstance(found, NoticeView):
            yield CitedRow(kind=room, title=found.notice.title, at=found.at, ours=found.side == us, path=path)
