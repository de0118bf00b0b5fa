"""First reports of incidents by the other side that nobody of ours has seen: each rings until somebody has.

Owns: the private rows that say who cleared one. Does not own: who is told (escalating.py), the view (subjects/).
Always true:
  1. A report stops ringing when our side gives an account, says that it knows nothing, agrees that a report of ours
     tells of the same event, or a person clears it; a closed one does not ring.
     Reports of our own end no ringing of theirs, nor do drills, as long as it is among the latest _LOOKED_THROUGH.
  2. One that came ahead of its log rings at once, as a FLASH message does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from parley.node.early import early
from parley.storage.port import StoreReads, ValueRow, latest
from parley.subjects import Book
from parley.subjects.incidents import IncidentView

SEEN: Final = "private.incidents"  # key: "<channel>|<subject>" of a report that a person has cleared
_RING_MAX: Final = 32  # of a channel at once, and so many drills; who let more than these pass has a list to read
_LOOKED_THROUGH: Final = 128  # the latest of a side: drills and what was answered lie between them
_KIND: Final = "incident.reported"
Pairs = Mapping[tuple[str, str], Set[tuple[str, str]]]  # by (channel, subject) of a report, those joined to it
_JOINED: Final = "incident.joined"
_JOINED_MAX: Final = 1_024  # the latest of a channel: five years of 200 incidents, each told by both


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """One such report; `ahead` of its log: there is no page of it yet."""

    channel: str
    subject: str
    person: str
    status: str
    at: str
    ahead: bool


def unseen(store: StoreReads, book: Book, channel: str) -> Iterator[Unseen]:
    """Give the reports of one channel that nobody of ours has seen, newest first."""
    twice: Pairs | None = None  # read only when a report would ring
    given: Counter[bool] = Counter()  # real ones and drills apart
    for row in latest(store, channel, (_KIND,), of_a_side=_LOOKED_THROUGH):
        if row.log.side == book.us or _cleared(store, channel, row.subject):
            continue
        view = book.view(channel, row.subject)
        if not isinstance(view, IncidentView) or view.state == "closed" or _answered(view, book.us):
            continue
        real = view.status == "actual"
        if given[real] == _RING_MAX:
            continue
        given[real] += 1
        twice = joined(store, book) if twice is None else twice
        if (channel, view.subject) not in twice:
            yield Unseen(
                channel=channel, subject=view.subject, person=view.person, status=view.status, at=view.at, ahead=False
            )
    yield from _early(store, book.them, channel)


def joined(store: StoreReads, book: Book) -> Pairs:
    """Give, of each report that both agreed tells of the same event as one of the other side, which those are.

    Both reports of a pair are in it, whichever the joining stands in.
    """
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for channel in {"line", *(room.id for room in book.line_view().channels)}:
        for row in store.recent(channel, (_JOINED,), before=None, count=_JOINED_MAX):
            view = book.view(channel, row.subject) if row.verdict == "valid" else None
            if not isinstance(view, IncidentView):
                continue
            for one in view.joins:
                if one.joined is not None and _side(one.other) != view.side:
                    here, there = (channel, view.subject), (one.channel, one.other)
                    found.setdefault(here, set()).add(there)
                    found.setdefault(there, set()).add(here)
    return found


def seen_row(channel: str, subject: str, person: str) -> ValueRow:
    """Give the row that keeps that a person has seen it."""
    return ValueRow(SEEN, f"{channel}|{subject}", person.encode())


def _side(subject: str) -> str:
    return subject.split("/")[1]


def _answered(view: IncidentView, us: str) -> bool:
    return view.account(us) is not None or view.no_knowledge is not None


def _cleared(store: StoreReads, channel: str, subject: str) -> bool:
    return store.value(SEEN, f"{channel}|{subject}") is not None


def _early(store: StoreReads, them: str, channel: str) -> Iterator[Unseen]:
    for log, number, _, entry in early(store, them, channel):
        subject = f"incident/{log.side}/{log.epoch}/{number}"
        if entry.kind == _KIND and not _cleared(store, channel, subject):
            yield Unseen(
                channel=channel, subject=subject, person=entry.person, status=entry.status, at=entry.at, ahead=True
            )
