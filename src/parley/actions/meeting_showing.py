"""A meeting as a desk shows it now: what waits for whom, both clocks, the running agenda; and its neutral facts.

Owns: the rows, countdowns and "no answer" beside the view. Does not own: any act.
Always true: what our side has prepared is shown only to those who may see it (people/preparations.py).
"""

from __future__ import annotations

from itertools import pairwise

from parley.actions.meeting_calls import call_rows
from parley.actions.meeting_rows import (
    DocumentRow,
    HeldItemRow,
    ItemRow,
    MeetingRow,
    NeutralFacts,
    NoteOfMeetingRow,
    OfferRow,
    PaperRow,
    PreparedRow,
)
from parley.actions.meetings import meeting_view
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import RefRow
from parley.actions.talk_showing import SLOWED, attendees, contacts, said_row
from parley.actions.who import Who, channel_view
from parley.actions.zones import both
from parley.people import preparations
from parley.record.names import Ref
from parley.subjects.talks import BodyView, ItemView, MeetingView, NoteView, Offer
from parley.times import Moment, moment_text, read_moment


def meeting(node: NodePort, who: Who, channel: str, subject: str) -> MeetingRow:
    """Give one meeting."""
    view = meeting_view(node, who, "read", channel, subject)
    us, them, now = node.identity.ours.side, node.identity.theirs.side, moment_text(node.moment())
    room = channel_view(node, channel)
    name, office = person_name(node, view.side, view.person)
    owner = node.book.view("line", view.body) if view.body else None
    slowed = SLOWED if view.consecutive else 1
    until = view.ended.at if view.ended else now
    items = tuple(
        _item(node, who, view, one, slowed=slowed, until=until, planned_at=at)
        for one, at in zip(view.items, _plan(view, slowed), strict=True)
    )
    dates = [one for one in view.notes if one.what == "next-date"]
    chosen = next((one for one in reversed(dates) if one.agreed), None)
    spent = floor_times(view, until)
    return MeetingRow(
        subject=subject, channel=channel, channel_title=room.title, ours=view.side == us, name=name, office=office,
        at=view.at, purpose=view.purpose, level=view.level, form=view.form, place=view.place,
        minutes=view.minutes_planned, planned=view.minutes_planned * slowed, consecutive=view.consecutive,
        languages=view.languages, body=view.body, body_title=owner.title if isinstance(owner, BodyView) else "",
        status=view.status, state=view.state, time=both(node, view.time) if view.time else None,
        offers=tuple(
            OfferRow(
                ours=one.side == us, at=one.at, times=tuple(both(node, at) for at in one.times), reason=one.reason,
                answer_by=one.answer_by, no_answer=one.answer_by < now,
                on_their_disk=_on_their_disk(node, one) if one.side == us else None,
            )
            for one in view.offers
        ),
        no_answer=not view.answered and view.state == "requested" and view.answer_by < now,
        begun=said_row(node, view.begun) if view.begun else None,
        ended=said_row(node, view.ended) if view.ended else None,
        history=tuple(said_row(node, one) for one in view.history), items=items,
        agenda_planned=sum(one.planned for one in items if not one.withdrawn),
        attended_ours=attendees(node, us, view.attended.get(us, ())),
        attended_theirs=attendees(node, them, view.attended.get(them, ())),
        contacts_ours=contacts(node, us, channel, expected(node, view, us)),
        floor={us: "ours", them: "theirs"}.get(view.floors[-1][0], "") if view.floors and not view.ended else "",
        floor_since=view.floors[-1][1] if view.floors and not view.ended else None,
        floor_ours_s=spent.get(us, 0), floor_theirs_s=spent.get(them, 0),
        notes=tuple(_note(node, who, one) for one in view.notes),
        minutes_of=tuple(_note(node, who, one) for one in view.minutes),
        next_date=both(node, chosen.due) if chosen else None, prepared=_prepared(node, who, channel, subject),
        calls=call_rows(node, view),
        ref=RefRow(log=view.ref.log.text, number=view.ref.number, id=view.ref.id),
        may=frozenset(_may(view, us, who, room.writable)),
    )  # fmt: skip


def expected(node: NodePort, view: MeetingView, side: str) -> tuple[tuple[str, str, str], ...]:
    """Give who of a side was there as it says, or before that whom it sends to the body that meets."""
    owner = node.book.view("line", view.body) if view.body else None
    return view.attended.get(side) or _usual(owner, side)


def _usual(owner: object, side: str) -> tuple[tuple[str, str, str], ...]:
    """Give whom a side sends to the body that meets."""
    return owner.delegations[side].people if isinstance(owner, BodyView) and side in owner.delegations else ()


def _on_their_disk(node: NodePort, one: Offer) -> str | None:
    return node.delivery(one.ref.log, one.ref.number, one.at).on_their_disk_at


def neutral_facts(node: NodePort, who: Who, channel: str, subject: str) -> NeutralFacts:
    """Give what the record alone says of a meeting: who asked, when it was, who attended, what was taken and agreed."""
    view = meeting_view(node, who, "read", channel, subject)
    agreed = [one for one in (*view.notes, *view.minutes) if one.agreed]
    return NeutralFacts(
        subject=subject, channel=channel, purpose=view.purpose, asked_by_side=view.side,
        asked_by=person_name(node, view.side, view.person)[0], asked_at=view.at,
        begun_at=view.begun.at if view.begun else None, ended_at=view.ended.at if view.ended else None,
        attended=tuple(
            (side, tuple((name, office) for _, name, office in view.attended[side])) for side in sorted(view.attended)
        ),
        items=tuple(one.title for one in view.items if one.spans),
        agreed=tuple((one.what, one.text or one.due) for one in agreed), calls=call_rows(node, view),
    )  # fmt: skip


def floor_times(view: MeetingView, until: str) -> dict[str, int]:
    """Give how many whole seconds each side had the floor; the stretch that runs counts up on the page."""
    spent: dict[str, int] = {}
    for (side, since), (_, then) in pairwise((*view.floors, ("", until if view.ended else ""))):
        if side and then:
            spent[side] = spent.get(side, 0) + _seconds(since, then)
    return spent


def _seconds(since: str, until: str) -> int:
    return max(0, (read_moment(until) - read_moment(since)) // 1000)


def _plan(view: MeetingView, slowed: int) -> list[str | None]:
    """Give when each item would be reached, counted from the beginning or from the agreed time."""
    start = view.begun.at if view.begun else view.time
    found: list[str | None] = []
    passed = 0
    for one in view.items:
        counts = bool(start) and not one.withdrawn
        found.append(moment_text(Moment(read_moment(start) + passed * 60_000)) if counts else None)
        passed += one.minutes * slowed if not one.withdrawn else 0
    return found


def _item(
    node: NodePort, who: Who, view: MeetingView, one: ItemView, *, slowed: int, until: str, planned_at: str | None
) -> ItemRow:
    us = node.identity.ours.side
    ours = one.side == us
    over = [(since, ended or (until if view.ended else "")) for since, ended in one.spans]
    running = next((since for since, ended in over if not ended), None)
    may = []
    if view.state not in ("declined", "cancelled") and not one.withdrawn:
        if "release" in who.rights:
            before = not view.ended  # afterwards the agenda is what it was
            may += ["withdraw"] if before and ours else ["agree"] if before and not ours and not one.agreed else []
            may += ["document"]
        if view.begun and not view.ended and _may_note(who):
            may += ["end" if running else "begin"]
    return ItemRow(
        id=one.ref.id, ours=ours, name=person_name(node, one.side, one.person)[0], at=one.at, title=one.title,
        note=one.note, minutes=one.minutes, planned=one.minutes * slowed, planned_at=planned_at, raised=one.raised,
        agreed=bool(one.agreed), withdrawn=one.withdrawn,
        documents=tuple(
            DocumentRow(name=name, root=root, message=_subject_of(node, ref)) for name, root, ref in one.documents
        ),
        taken=bool(one.spans), running_since=running,
        spent_s=sum(_seconds(since, ended) for since, ended in over if ended), may=frozenset(may),
    )  # fmt: skip


def _subject_of(node: NodePort, ref: Ref) -> str:
    """Give the message that an entry opened; "" where we do not hold the entry that is named."""
    if ref.number >= node.book.folded(ref.log):
        return ""
    entry = node.book.entry(ref.log, ref.number)
    return entry.subject if entry is not None and entry.kind == "message.sent" else ""


def _note(node: NodePort, who: Who, one: NoteView) -> NoteOfMeetingRow:
    ours, minutes = one.side == node.identity.ours.side, one.what == "minutes"
    return NoteOfMeetingRow(
        id=one.ref.id, entry=f"{one.ref.log.text} {one.ref.number}", ours=ours,
        name=person_name(node, one.side, one.person)[0], at=one.at, what=one.what,
        text=one.text, who=one.who, due=one.due or None if not minutes else None, subject=one.due if minutes else "",
        agreed=bool(one.agreed), may_agree=not ours and not one.agreed and "release" in who.rights,
    )  # fmt: skip


def _prepared(node: NodePort, who: Who, channel: str, subject: str) -> PreparedRow | None:
    found = preparations.find(node.store, channel, subject)
    if not preparations.may_see(found, who.rights):
        return None
    us = node.identity.ours.side
    return PreparedRow(
        raises=tuple(
            HeldItemRow(
                id=one.id, title=one.title, note=one.note, minutes=one.minutes, name=person_name(node, us, one.by)[0]
            )
            for one in found.raises
        ),
        papers=tuple(
            PaperRow(root=one.root, name=one.name, size=one.size, by=person_name(node, us, one.by)[0])
            for one in found.papers
        ),
        terms=found.terms, released_at=found.released_at or None,
        released_by=person_name(node, us, found.released_by)[0] if found.released_by else "",
    )  # fmt: skip


def _may_note(who: Who) -> bool:
    return "record" in who.rights and bool({"draft", "stop"} & who.rights)


def _may(view: MeetingView, us: str, who: Who, writable: bool) -> list[str]:
    may: list[str] = []
    if not writable or view.state in ("declined", "cancelled"):
        return may
    if "release" in who.rights and not view.begun:
        waits = view.waits_for(us)
        may += ["accept", "decline"] if waits else []
        own = any(one.side == us for one in view.offers)
        may += ["offer"] if waits or not own else []
        may += ["cancel"]
    if "release" in who.rights and not view.ended:
        may += ["item", "hold", "prepare"]
    if _may_note(who) and view.time:
        may += ["begin"] if not view.begun else [] if view.ended else ["end"]
        may += ["floor"] if view.begun and not view.ended else []
        may += ["attend", "note", "minutes"]
        opened = any(one.due for one in view.minutes)
        may += ["open-minutes"] if "release" in who.rights and view.notes and not opened else []
    return may
