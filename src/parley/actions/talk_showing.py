"""What bodies and meetings show in lists and parts: names, forms of address, whose answer is waited for.

Owns: the rows that several pages share. Does not own: any act.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.talk_rows import AttendeeRow, ContactRow, MeetingLineRow, SaidRow
from parley.actions.who import Who, may_read, need
from parley.actions.zones import both
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.standing import PersonView
from parley.subjects.summaries import Summary, summaries
from parley.subjects.talks import Said
from parley.times import moment_text

SLOWED: Final = 2  # consecutive interpretation says everything twice


def first_languages(node: NodePort) -> tuple[str, ...]:
    """Give the first language of each side, ours first."""
    return tuple(dict.fromkeys((*node.identity.ours.languages[:1], *node.identity.theirs.languages[:1])))


def reason_of(text: str) -> str:
    """Give a reason as it goes into an entry; raises Refused `talks.reason` for none."""
    words = make_text(text).strip()
    if not words:
        raise Refused("talks.reason", "a reason is needed: the other side reads it")
    return words


def said_row(node: NodePort, one: Said) -> SaidRow:
    """Give something said with the name of who said it."""
    name, office = person_name(node, one.side, one.person)
    ours = one.side == node.identity.ours.side
    return SaidRow(kind=one.kind, ours=ours, name=name, office=office, at=one.at, text=one.text)


def attendees(node: NodePort, side: str, people: Sequence[tuple[str, str, str]]) -> tuple[AttendeeRow, ...]:
    """Give people with the form of address and languages that their side's roster has for them."""
    rows = []
    for person, name, office in people:
        view = node.book.view("line", f"roster/{side}/{person}") if person else None
        listed = view if isinstance(view, PersonView) and view.listed else None
        rows.append(
            AttendeeRow(
                person=person, name=name, office=office, address=listed.address if listed else "",
                languages=tuple(listed.languages) if listed else (),
            )
        )  # fmt: skip
    return tuple(rows)


def contacts(node: NodePort, side: str, channel: str, sent: Sequence[tuple[str, str, str]]) -> tuple[ContactRow, ...]:
    """Give whom to turn to on a side: who is sent, then everybody its roster has for the channel."""
    room = node.book.channel(channel)
    members = room.members.get(side, ()) if room else ()
    roster = {one.person: one for one in node.book.line_view().roster(side)}
    rows = [
        ContactRow(
            person=one.person, name=one.name, office=one.office, address=one.address, languages=one.languages,
            role=roster[one.person].role if one.person in roster else "", sent=True,
        )
        for one in attendees(node, side, sent)
    ]  # fmt: skip
    named = {person for person, _, _ in sent}
    rows += [
        ContactRow(
            person=one.person, name=one.name, office=one.office, address=one.address, languages=tuple(one.languages),
            role=one.role, sent=False,
        )
        for one in sorted(roster.values(), key=lambda one: one.name)
        if one.person not in named and (not members or one.person in members)
    ]  # fmt: skip
    return tuple(rows)


def next_meetings(node: NodePort, who: Who) -> dict[str, str]:
    """Give when each body meets next, as far as this person may read its channel."""
    need(who, "read")
    now = moment_text(node.moment())
    rooms = {room.id for room in node.book.line_view().channels if may_read(node, who, room.id)}
    found: dict[str, str] = {}
    for one in summaries(node.store, "meeting"):
        time, body = one.words["time"], one.words["body"]
        if one.channel in rooms and body and one.words["state"] == "accepted" and time > now:
            found[body] = min(time, found.get(body, time))
    return found


def lines(
    node: NodePort, who: Who, channel: str = "", *, body: str = "", waiting_only: bool = False, count: int = 0
) -> list[MeetingLineRow]:
    """Give the meetings of the channels this person may read: what waits for us first, then the newest first.

    Args:
        channel, body: Only those of this channel, of this body.
        waiting_only: Only those with an offer that waits for our answer; asked at each change of each page.
        count: At most so many; 0 for all.
    """
    need(who, "read")
    us, now = node.identity.ours.side, moment_text(node.moment())
    titles = {
        room.id: room.title
        for room in node.book.line_view().channels
        if channel in ("", room.id) and may_read(node, who, room.id)
    }
    found = [
        (any(side != us for side, _ in one.words["waits"]), one.words["time"] or one.words["at"], one)
        for one in summaries(node.store, "meeting", channel)
        if one.channel in titles and body in ("", one.words["body"])
    ]
    chosen = [each for each in found if each[0]] if waiting_only else found
    chosen.sort(key=lambda each: each[:2], reverse=True)
    return [_line(node, one, titles[one.channel], now) for _, _, one in chosen[: count or None]]


def _line(node: NodePort, one: Summary, title: str, now: str) -> MeetingLineRow:
    words, us = one.words, node.identity.ours.side
    waiting = sorted(words["waits"], key=lambda wait: (wait[0] == us, wait[1]))  # the other side's offers first
    side, by = waiting[0] if waiting else ("", "")
    return MeetingLineRow(
        subject=one.subject, channel=one.channel, channel_title=title, ours=words["side"] == us, at=words["at"],
        purpose=words["purpose"], level=words["level"], form=words["form"], place=words["place"],
        status=words["status"], state=words["state"], body=words["body"],
        time=both(node, words["time"]) if words["time"] else None, minutes=words["minutes"],
        planned=words["minutes"] * (SLOWED if words["consecutive"] else 1),
        sequence=max(0, words["accepted"] - 1) + (words["state"] == "cancelled"),
        waits="" if not side else "theirs" if side == us else "ours", answer_by=by or None,
        no_answer=bool(by) and by < now,
    )  # fmt: skip
