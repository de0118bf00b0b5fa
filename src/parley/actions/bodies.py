"""What a person may do with bodies: propose one with its channel, answer, take back, suspend, end, name a delegation.

Owns: the right, the order of the two entries (channel, then body), the rows, whom to turn to about a body.
Does not own: when a body or channel may change (subjects/talks, subjects/channels), both sides' days (calendars.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from parley import limits
from parley.actions import channels
from parley.actions.body_terms import may_write, term_rows
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.talk_people import Named, named_people
from parley.actions.talk_rows import BodyLineRow, BodyRow, DelegationRow
from parley.actions.talk_showing import attendees, contacts, first_languages, lines, next_meetings, reason_of, said_row
from parley.actions.who import Who, channel_view, may_read, need
from parley.actions.zones import both
from parley.codec.text import make_text
from parley.errors import Refused
from parley.record.names import Ref
from parley.subjects.summaries import summaries
from parley.subjects.talks import BodyView
from parley.subjects.talks import bodies as said


async def propose_body(
    node: NodePort, who: Who, *, channel: str, title: str, mandate: str, level: str, languages: Sequence[str],
    rhythm: str = "", status: str = "",
) -> Sent:  # fmt: skip
    """Propose a body, and its channel with it unless that is agreed already."""
    need(who, "channels")
    words = {name: make_text(text).strip() for name, text in (("title", title), ("mandate", mandate))}
    if not words["title"] or not words["mandate"]:
        raise Refused("talks.words", "a body needs a title and a mandate")
    if level not in said.LEVELS:
        raise Refused("talks.level", f"expected one of {', '.join(said.LEVELS)}")
    view = node.book.channel(channel)
    us = node.identity.ours.side
    if view is None or (not view.agreed and not view.open_proposals):
        await channels.propose_channel(
            node, who, channel=channel, title=words["title"], purpose=words["mandate"][:1000]
        )
    elif not view.agreed and any(side != us for side, _ in view.open_proposals):
        raise Refused("talks.channel", "the other side has proposed this channel: answer that first")
    opening = _opening(node, channel)
    fact = said.propose(
        channel, level=level, languages=tuple(languages) or first_languages(node), rhythm=make_text(rhythm).strip(),
        opening=opening, **words,
    )  # fmt: skip
    return await write(node, who, fact, status=status)


def _opening(node: NodePort, channel: str) -> Ref:
    """Give the entry that a body names for its channel: the open proposal, or the agreed proposal's log."""
    view = channel_view(node, channel)
    found = next((ref for _, ref in view.open_proposals), None)
    if found is None:
        log, number = node.store.parts("line", view.subject)[0]
        found = Ref(log, number, node.store.ids(log, number, 1)[0].hex())
    return found


async def agree_body(node: NodePort, who: Who, subject: str) -> Sent:
    """Agree to a body of the other side, and to its channel where that still waits."""
    view = _view(node, who, subject, "channels")
    room = channel_view(node, view.channel)
    if view.state == "proposed" and view.side != node.identity.ours.side and not room.agreed:
        await channels.agree_channel(node, who, channel=view.channel)
    return await write(node, who, said.agree(subject), status=view.status)


async def decline_body(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """Decline a body of the other side, and its channel where that still waits."""
    view, words = _view(node, who, subject, "channels"), reason_of(reason)
    done = await write(node, who, said.decline(subject, words), status=view.status)
    room = channel_view(node, view.channel)
    if not room.agreed and room.waits_for(node.identity.ours.side) is not None:
        await channels.decline_channel(node, who, channel=view.channel, reason=words)
    return done


async def withdraw_body(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """Take our own body back before it is answered, and its channel where our proposal of that still waits."""
    view, words = _view(node, who, subject, "channels"), reason_of(reason)
    done = await write(node, who, said.withdraw(subject, words), status=view.status)
    us, room = node.identity.ours.side, channel_view(node, view.channel)
    shared = [one for one in summaries(node.store, "body", "line") if one.words["own"] == view.channel]
    needed = any(one.words["state"] == "proposed" for one in shared if one.subject != subject)
    if not needed and any(side == us for side, _ in room.open_proposals):
        await channels.withdraw_channel(node, who, channel=view.channel, reason=words)
    return done


async def suspend_body(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """Suspend a body as far as our side is concerned; its channel stays as it is."""
    view = _view(node, who, subject, "channels")
    return await write(node, who, said.suspend(subject, reason_of(reason)), status=view.status)


async def resume_body(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """Take our own suspension back."""
    view = _view(node, who, subject, "channels")
    return await write(node, who, said.resume(subject, reason_of(reason)), status=view.status)


async def end_body(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """End a body for good."""
    view = _view(node, who, subject, "channels")
    return await write(node, who, said.end(subject, reason_of(reason)), status=view.status)


async def set_delegation(node: NodePort, who: Who, subject: str, *, chair: str, people: Sequence[Named]) -> Sent:
    """State whom our side sends: (person id or "", name, office) each; a person on our roster needs no name."""
    view = _view(node, who, subject, "channels")
    fact = said.delegation(subject, make_text(chair).strip(), named_people(node, people))
    return await write(node, who, fact, status=view.status)


def list_bodies(node: NodePort, who: Who) -> list[BodyLineRow]:
    """Give every body, the newest first; when a body meets next is for those who may read its channel."""
    need(who, "state")
    us = node.identity.ours.side
    coming = next_meetings(node, who) if "read" in who.rights else {}
    rows = []
    for one in summaries(node.store, "body", "line"):
        words = one.words
        at = coming.get(one.subject)
        rows.append(
            BodyLineRow(
                subject=one.subject, channel=words["own"], title=words["title"], level=words["level"],
                state=words["state"], status=words["status"], ours=words["side"] == us, at=words["at"],
                next=both(node, at) if at else None,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: row.at, reverse=True)


def bodies_waiting(node: NodePort, who: Who) -> list[tuple[str, str, str]]:
    """Give the bodies that wait for our answer, as (subject, title, since when), to whom may give it."""
    need(who, "channels")
    them = node.identity.theirs.side
    found = [one for one in summaries(node.store, "body", "line") if one.words["state"] == "proposed"]
    return [(one.subject, one.words["title"], one.words["at"]) for one in found if one.words["side"] == them]


def body(node: NodePort, who: Who, subject: str) -> BodyRow:
    """Give one body."""
    view = _view(node, who, subject, "state")
    us, them = node.identity.ours.side, node.identity.theirs.side
    room = node.book.channel(view.channel)
    readable = may_read(node, who, view.channel)
    return BodyRow(
        subject=subject, channel=view.channel, channel_state=room.state if room else "", title=view.title,
        mandate=view.mandate, level=view.level, languages=view.languages, rhythm=view.rhythm, status=view.status,
        state=view.state, ours=view.side == us, at=view.at,
        suspensions=tuple(said_row(node, one) for one in view.suspensions),
        history=tuple(said_row(node, one) for one in view.history),
        delegation_ours=_delegation(node, view, us), delegation_theirs=_delegation(node, view, them),
        contacts_ours=contacts(node, us, view.channel, _sent(view, us)),
        contacts_theirs=contacts(node, them, view.channel, _sent(view, them)),
        meetings=tuple(lines(node, who, view.channel, body=subject, count=limits.MEETINGS_SHOWN)) if readable else (),
        terms=term_rows(node, who, view),
        may=frozenset(_may(view, us, who, readable and room is not None and room.writable)),
    )  # fmt: skip


def _may(view: BodyView, us: str, who: Who, writable: bool) -> list[str]:
    meet = ["meet"] if writable and view.state == "agreed" and "release" in who.rights else []
    if view.state in ("declined", "withdrawn", "ended"):
        return meet
    meet += ["term"] if may_write(who) else []
    if "channels" not in who.rights:
        return meet
    if view.state == "proposed":
        return [*meet, *(("withdraw",) if view.side == us else ("agree", "decline")), "delegation"]
    ours = any(one.side == us for one in view.suspensions)
    return ["resume" if ours else "suspend", "end", "delegation", *meet]


def _sent(view: BodyView, side: str) -> tuple[Named, ...]:
    return view.delegations[side].people if side in view.delegations else ()


def _delegation(node: NodePort, view: BodyView, side: str) -> DelegationRow:
    found = view.delegations.get(side)
    if found is None:
        return DelegationRow(at=None, chair="", people=())
    return DelegationRow(at=found.at, chair=found.chair, people=attendees(node, side, found.people))


def _view(node: NodePort, who: Who, subject: str, right: str) -> BodyView:
    need(who, right)
    view = node.book.view("line", subject)
    if not isinstance(view, BodyView):
        raise Refused("talks.unknown", f'there is no body "{subject[:100]}"')
    return view
