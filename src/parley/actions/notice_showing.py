"""From a notice's view to the row a desk shows: whether it is in force, came late, overlaps; what a person may do.

Owns: everything that depends on the clock, on the rule book or on who asks, and therefore stands beside the view; and
how the notices of some days are found. Nothing worked out here is ever stored or sent.
Does not own: the view (subjects/notices/), the tests of areas (subjects/areas.py).
Always true: 1. One page looks at a bounded number of notices, and at a bounded number of pairs of lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from parley import limits
from parley.actions.commitment_citing import citing_row
from parley.actions.notice_rows import LeadRow, NoticeFormRow, NoticeRow, OverlapRow
from parley.actions.notice_words import area_text
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rulebook_reading import Leads
from parley.actions.showing import delivery_of, ref_row
from parley.actions.who import Who, may_read
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.people import movements
from parley.people.movements import Movement
from parley.record.names import Ref
from parley.subjects import areas
from parley.subjects.notices import NoticeView, index
from parley.subjects.notices.facts import Notice
from parley.subjects.places import read_area
from parley.times import read_moment

_PAGE: Final = 1_000
_PRIVATE: Final = "movement/"  # how a movement of our own is told from a notice; it never leaves this module
_HOUR_MS: Final = 3_600_000


def rooms(node: NodePort, who: Who) -> list[str]:
    """Give the channels whose notices this person may read."""
    return [room.id for room in node.book.line_view().channels if room.agreed and may_read(node, who, room.id)]


def found_in(node: NodePort, channel: str, since: str, until: str) -> Iterator[index.Found]:
    """Give the notices of a channel that last into a time, by their end; those that were cancelled too."""
    last = index.after(channel, since)
    while True:
        page = node.store.values(index.SPACE, prefix=index.prefix(channel), after=last, count=_PAGE)
        for key, value in page:
            found = index.read(key, value)
            if found.since < until:
                yield found
        if len(page) < _PAGE:
            return
        last = page[-1][0]


def view_of(node: NodePort, channel: str, subject: str) -> NoticeView | None:
    """Give one notice, or None."""
    view = node.book.view(channel, subject)
    return view if isinstance(view, NoticeView) else None


@dataclass(frozen=True, slots=True)
class _One:
    """What is compared with others: a notice, or the words of one that is not given yet."""

    subject: str
    channel: str
    ours: bool
    status: str
    until: str
    notice: Notice
    around: areas.Around | None


class Beside:
    """What is reckoned beside the notices of one page: rule book, time, and what overlaps in these days."""

    def __init__(self, node: NodePort, who: Who, since: str, until: str, *, compare: bool = True) -> None:
        self._node, self._who = node, who
        self._us = node.identity.ours.side
        self._leads = Leads(node)
        self._left = limits.NOTICES_COMPARED_MAX
        found = (one for room in rooms(node, who) if compare for one in self._alive(room, since, until))
        self._others = list(islice(found, limits.NOTICES_BESIDE_MAX))
        self._whole = next(found, None) is None
        if compare:
            self._others += [
                _One(f"{_PRIVATE}{one.id}", "", True, "", one.until, made, _around(made))
                for one in movements.every(node.store)
                if one.until > since and one.since < until
                for made in [notice_of(one)]
            ]

    def row(self, view: NoticeView, now: str) -> NoticeRow:
        """Give the row of one notice."""
        notice, ours = view.notice, view.side == self._us
        name, office = person_name(self._node, view.side, view.person)
        overlaps, compared = self.overlaps(_one(view, self._us)) if view.state == "given" else ((), True)
        basis = notice.basis
        return NoticeRow(
            subject=view.subject, channel=view.channel, ours=ours, number=notice.number, what=notice.what,
            title=notice.title, since=view.since, until=view.until, area=area_value(notice),
            area_text=area_text(notice.area),
            low_m=notice.low_m, high_m=notice.high_m, forces=notice.forces, contact=notice.contact,
            basis=self._leads.basis(basis), basis_book=basis.book, basis_version=basis.version,
            basis_article=basis.article, basis_adopted=not basis.book or self._leads.adopted(basis), text=notice.text,
            language=notice.language, status=view.status, state=view.state, in_force=view.in_force(now),
            person_name=name, office=office, at=view.at, lead=self.lead(notice, self._told_at(view)),
            overlaps=overlaps, compared=compared, forms=self._forms(view), ref=ref_row(view.ref),
            may=frozenset(_may(view, ours, self._who)),
            commitment=citing_row(self._node, self._who, notice.commitment) if notice.commitment else None,
        )  # fmt: skip

    def lead(self, notice: Notice, told_at: str) -> LeadRow | None:
        """Say how long beforehand notice was due, and whether it came in time; None where no article says."""
        due = self._leads.due(notice.what, notice.basis)
        if due is None:
            return None
        before = read_moment(notice.since) - read_moment(told_at)
        return LeadRow(
            hours=due.hours, given_hours=before // _HOUR_MS, late=before < due.hours * _HOUR_MS,
            book=due.book, version=due.version, article=due.article, title=due.title,
        )  # fmt: skip

    def overlaps_of_words(self, channel: str, notice: Notice, status: str) -> tuple[tuple[OverlapRow, ...], bool]:
        """Give what a notice of ours would overlap that is not given yet."""
        return self.overlaps(_One("", channel, True, status, notice.until, notice, _around(notice)))

    def overlaps_of_movement(self, id: str, notice: Notice) -> tuple[tuple[OverlapRow, ...], bool]:
        """Give what a movement of ours overlaps; other movements of ours are not among it."""
        return self.overlaps(_One(f"{_PRIVATE}{id}", "", True, "", notice.until, notice, _around(notice)))

    def overlaps(self, one: _One) -> tuple[tuple[OverlapRow, ...], bool]:
        """Give the notices that meet one in area and time, and whether all could be compared.

        Those of the other side for ours, and ours for theirs; of our own our movements too: nobody else warns us.
        """
        mine = one.notice
        found: list[OverlapRow] = []
        if mine.area is None or one.around is None:
            return (), True
        for other in self._others:
            theirs = other.notice
            if other.until <= mine.since or theirs.since >= one.until:
                continue
            if theirs.area is None or other.around is None or other.subject == one.subject:
                continue
            private = not one.status, not other.status  # our own movements, which have no status
            if all(private) or (not any(private) and one.status != other.status):
                continue
            if other.ours == one.ours and not (one.ours and "movement" in (mine.what, theirs.what)):
                continue
            work = one.around.cost(other.around)
            if not work or not _meet_in_height(mine, theirs):
                continue
            if work > self._left:
                return tuple(found), False
            self._left -= work
            if areas.meet(mine.area, theirs.area):
                found.append(
                    OverlapRow(
                        subject="" if other.subject.startswith(_PRIVATE) else other.subject,
                        channel=other.channel,
                        ours=other.ours,
                        number=theirs.number,
                        what=theirs.what,
                        title=theirs.title,
                        since=max(mine.since, theirs.since),
                        until=min(one.until, other.until),
                    )
                )
        return tuple(found), self._whole

    def _alive(self, room: str, since: str, until: str) -> Iterator[_One]:
        for one in found_in(self._node, room, since, until):
            view = view_of(self._node, room, one.subject) if one.state == "given" else None
            if view is not None and view.area is not None:
                yield _one(view, self._us)

    def _told_at(self, view: NoticeView) -> str:
        """Give when the other side was told: what counts is when it lay on the other disk."""
        form = next(one for one in view.forms if one.at == view.told_at())
        return self._arrived(form.ref, form.at) or form.at

    def _arrived(self, ref: Ref, at: str) -> str | None:
        return delivery_of(self._node, ref, at)

    def _forms(self, view: NoticeView) -> tuple[NoticeFormRow, ...]:
        found: list[NoticeFormRow] = []
        for form in view.forms:
            name, office = person_name(self._node, view.side, form.person)
            reader = self._us if view.side != self._us else self._node.identity.theirs.side
            found.append(
                NoticeFormRow(
                    form=form.form,
                    kind=form.kind,
                    at=form.at,
                    name=name,
                    office=office,
                    reason=form.reason,
                    since=form.notice.since,
                    until=form.notice.until,
                    ref=ref_row(form.ref),
                    follows=found[-1].ref if found else None,
                    on_their_disk=self._arrived(form.ref, form.at),
                    acknowledged=tuple(
                        person_name(self._node, reader, one.person)[0]
                        for one in view.acknowledged
                        if one.form == form.form
                    ),
                )
            )
        return tuple(found)


def area_value(notice: Notice) -> dict[str, JsonValue] | None:
    """Give the area of a notice as an entry holds it."""
    return None if notice.area is None else notice.area.value()


def _one(view: NoticeView, us: str) -> _One:
    return _One(
        view.subject, view.channel, view.side == us, view.status, view.until, view.notice, _around(view.notice)
    )  # fmt: skip


def notice_of(movement: Movement) -> Notice:
    """Give a movement of ours as the words of a notice, to be compared like one."""
    return Notice(
        number="", what="movement", title=movement.title, since=movement.since, until=movement.until, language="en",
        area=read_area(Reader({"area": movement.area}), "area"), low_m=movement.low_m, high_m=movement.high_m,
    )  # fmt: skip


def _around(notice: Notice) -> areas.Around | None:
    return None if notice.area is None else areas.Around(notice.area)


def _meet_in_height(one: Notice, other: Notice) -> bool:
    """Say whether the heights of two notices may meet: what is not stated reaches everywhere."""
    if one.high_m is not None and other.low_m is not None and one.high_m < other.low_m:
        return False
    return not (other.high_m is not None and one.low_m is not None and other.high_m < one.low_m)


def _may(view: NoticeView, ours: bool, who: Who) -> list[str]:
    if not ours:
        latest = view.forms[-1].form
        read = any(one.person == who.person and one.form == latest for one in view.acknowledged)
        return ["acknowledge"] if "acknowledge" in who.rights and not read else []
    return ["amend", "extend", "cancel", "end"] if "release" in who.rights and view.state == "given" else []
