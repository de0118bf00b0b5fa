"""Calls, as a person has them: lift, answer, decline, put off, leave words, join, leave, hang up; and what was missed.

Owns: rights, the one outstanding ring a channel, pre-emption by precedence, which calls still wait to be seen.
Does not own: the sound (node/voice.py), which facts are allowed (subjects/calls/).
Always true: lifting while the other side's ring is outstanding answers it; nobody is left ringing at each other.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Final
from weakref import WeakKeyDictionary

from parley import limits
from parley.actions.agreeing import agreement_rows, kept_lines
from parley.actions.call_rows import CallRow, HeardRow, PersonGone, PersonThere
from parley.actions.meeting_calls import held_now
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.recording_showing import rows_of, tone_rows
from parley.actions.rows import Sent
from parley.actions.sending import write, write_as
from parley.actions.showing import delivery_of
from parley.actions.who import Who, channel_view, may_read, need, need_in
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.node.missed import SEEN, is_cleared, left_by
from parley.record.names import LogId, Ref
from parley.storage.port import ValueRow
from parley.subjects.calls import CallView
from parley.subjects.calls import facts as said
from parley.times import moment_text, read_moment

URGENCY: Final = {"FLASH": 0, "IMMEDIATE": 1, "PRIORITY": 2, "ROUTINE": 3}
_SILENT_MS: Final = 2_000  # a desk that should ring and does not within two seconds is an alarm on both sides
# One desk at a time places a call in a channel: two that lift at once must not both find none.
_placing: Final[WeakKeyDictionary[NodePort, dict[str, asyncio.Lock]]] = WeakKeyDictionary()
_LOOKED_AT: Final = 50  # the latest calls of a channel; older ones that are open, or that wait, stand behind them


def open_calls(node: NodePort, channel: str) -> list[CallView]:
    """Give the calls of a channel that ring or go on, the latest first."""
    return [view for view in _latest(node, channel) if view.open]


def _latest(node: NodePort, channel: str) -> list[CallView]:
    rows = node.store.recent(channel, ("call.placed",), before=None, count=_LOOKED_AT)
    found = [node.book.view(channel, row.subject) for row in rows if row.verdict == "valid"]
    views = [view for view in found if isinstance(view, CallView)]
    latest = {view.subject for view in views}
    older = {one.subject: one for one in (*node.calling.open_in(channel), *node.calling.left_in(channel))}
    return views + sorted((one for one in older.values() if one.subject not in latest), key=lambda one: one.at)[::-1]


async def lift(
    node: NodePort, who: Who, channel: str, *, precedence: str = "IMMEDIATE", purpose: str = "", language: str = "",
    session: str = "", status: str = "",
) -> Sent:  # fmt: skip
    """Place a call, or answer the one that rings for us in this channel; it names the meeting that is held there now.

    Args:
        session: 16 bytes in hex by which the sound is already under way; drawn here if "".
    Raises:
        Refused: `calls.open` (a call of ours is open in this channel), `calls.…` by its rules; nothing was placed.
    """
    need_in(node, who, "call", channel)
    if precedence not in URGENCY:
        raise Refused("calls.precedence", f"expected {', '.join(URGENCY)}, got {precedence[:20]!r}")
    async with _placing.setdefault(node, {}).setdefault(channel, asyncio.Lock()):
        return await _lift(node, who, channel, precedence, purpose, language, session, status)


async def _lift(
    node: NodePort, who: Who, channel: str, precedence: str, purpose: str, language: str, session: str, status: str
) -> Sent:
    us, before = node.identity.ours.side, open_calls(node, channel)
    for view in before:
        if view.state == "ringing" and view.side != us:
            return await answer(node, who, channel, view.subject)
        if URGENCY[view.precedence] <= URGENCY[precedence]:
            raise Refused("calls.open", "a call is open in this channel already; join it, or end it first")
    spoken = language or node.identity.ours.languages[0]
    fact = said.place(
        channel,
        session=session or secrets.token_hex(16),
        language=spoken,
        purpose=make_text(purpose),
        meeting=held_now(node, channel),
    )
    sent = await write(node, who, fact, precedence=precedence, status=status)
    for view in before:  # a call of higher precedence breaks in, visibly
        over = said.end(channel, view.subject, "pre-empted", (_ref(sent),))
        if view.state == "active" or view.side == us:
            await write_as(node, "", over, status=view.status)
    return sent


async def answer(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Answer a call by name; raises Refused `calls.state` if it rings no more."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    return await write(node, who, said.answer(channel, subject), precedence=_by(view), status=view.status)


async def decline(node: NodePort, who: Who, channel: str, subject: str, *, reason: str = "") -> Sent:
    """Decline a call, with or without a reason."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    fact = said.decline(channel, subject, make_text(reason))
    return await write(node, who, fact, precedence=_by(view), status=view.status)


async def put_off(node: NodePort, who: Who, channel: str, subject: str, *, at: str, reason: str = "") -> Sent:
    """Say when we will be there instead; raises Refused `calls.later` for what is no moment."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    try:
        read_moment(at)
    except PeerError:
        raise Refused("calls.later", "say when, as 2026-11-23T10:00:00.000Z; nothing was said") from None
    fact = said.later(channel, subject, at, make_text(reason))
    return await write(node, who, fact, precedence=_by(view), status=view.status)


async def leave_statement(node: NodePort, who: Who, channel: str, subject: str, *, text: str, language: str) -> Sent:
    """Leave urgent words for those who did not take our call; one statement a call, at most 200 words."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    fact = said.leave_statement(channel, subject, text=make_text(text), language=language)
    return await write(node, who, fact, precedence=_by(view), status=view.status)


def need_room(node: NodePort, who: Who, view: CallView) -> None:
    """Raise Refused `calls.full` if this person is one too many for a call: nothing of them may pass, then."""
    there = (node.identity.ours.side, who.person) in view.there
    if view.state == "active" and not there and len(view.there) >= limits.CALL_PERSONS_MAX:
        raise Refused("calls.full", f"{limits.CALL_PERSONS_MAX} persons are in the call, as many as there may be")


async def join(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Join a call that goes on."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    return await write(node, who, said.join(channel, subject), status=view.status)


async def leave(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Leave a call that goes on without this person: their place is free, and nothing of them is heard any more.

    Raises: Refused `calls.last` where nobody of ours would be left in it; then it is to be hung up.
    """
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    if _ours_there(view, node.identity.ours.side) == [who.person]:
        raise Refused("calls.last", "nobody of ours would be left in the call; hang up")
    sent = await write(node, who, said.leave(channel, subject), status=view.status)
    node.lifting.left_call(view.session, who.person)
    return sent


def _ours_there(view: CallView, us: str) -> list[str]:
    return [person for side, person in view.there if side == us]


async def hang_up(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """End a call, or give it up while it rings. Others of our side who are in it hear it end: one line, one call."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    reason = "given-up" if view.state == "ringing" else "hung-up"
    return await write(node, who, said.end(channel, subject, reason), precedence=_by(view), status=view.status)


async def rings(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Note that this person's desk really rings for a call of theirs; the caller is told of the first."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    if view.state == "ringing" and view.side != node.identity.ours.side and not view.rings_at:
        try:
            await write_as(node, "", said.ring(channel, subject, 1), precedence=_by(view), status=view.status)
        except Refused:
            return  # another desk was as quick, or the call was taken meanwhile


async def clear(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Take off our desks what of a call waits there now: that it was missed, words left for us, that it was put off."""
    need_in(node, who, "call", channel)
    waits = _left(node, call_view(node, channel, subject))
    await node.keep([ValueRow(SEEN, f"{channel}|{subject}|{what}", who.person.encode()) for what in waits])
    node.calling.cleared(channel, subject)
    node.tell("call", {"channel": channel})


def call(node: NodePort, who: Who, channel: str, subject: str) -> CallRow:
    """Give one call."""
    need_in(node, who, "read", channel)
    return _row(node, who, call_view(node, channel, subject))


def calls(node: NodePort, who: Who, channel: str) -> list[CallRow]:
    """Give the latest calls of a channel, newest first."""
    need_in(node, who, "read", channel)
    return [_row(node, who, view) for view in _latest(node, channel)]


def calls_now(node: NodePort, who: Who) -> list[CallRow]:
    """Give what rings, goes on, or waits and was not cleared, in this person's channels; the most urgent first."""
    need(who, "state")
    found = [
        _row(node, who, view)
        for room in node.book.line_view().channels
        if may_read(node, who, room.id)
        for view in _latest(node, room.id)
        if view.open or _left(node, view)
    ]
    return sorted(
        found, key=lambda row: (row.state not in ("ringing", "active"), URGENCY.get(row.precedence, 9), row.at)
    )


def call_view(node: NodePort, channel: str, subject: str) -> CallView:
    """Give the view of a call; raises Refused `calls.unknown`."""
    channel_view(node, channel)
    view = node.book.view(channel, subject)
    if not isinstance(view, CallView):
        raise Refused("calls.unknown", f'there is no call "{subject[:100]}" in {channel[:48]}')
    return view


def _left(node: NodePort, view: CallView) -> list[str]:
    """Give what of a call waits at our desks, uncleared: words left for us, that it was missed, that it was put off."""
    put_off = view.state == "later" and _is_newest(node, view) and not is_cleared(node.store, view, "later")
    return left_by(node.store, node.identity.ours.side, view) + (["later"] if put_off else [])


def _is_newest(node: NodePort, view: CallView) -> bool:
    """Say whether nobody of either side has called in this channel since."""
    rows = node.store.recent(view.channel, ("call.placed",), before=None, count=_LOOKED_AT)
    return next((row.subject for row in rows if row.verdict == "valid"), "") == view.subject


def _waits(node: NodePort, view: CallView) -> str:
    """Give the most urgent of what waits; a call put off is due once its time has come."""
    what = next(iter(_left(node, view)), "")
    return "due" if what == "later" and node.moment() >= read_moment(view.later_at) else what


def _is_silent(node: NodePort, view: CallView, desks: int | None) -> bool:
    """Say whether nobody can hear this call ring: their node says so, or has said nothing for two seconds."""
    if view.state != "ringing" or desks:
        return False
    if view.side != node.identity.ours.side:
        return node.moment() - read_moment(view.at) > _SILENT_MS
    there = delivery_of(node, view.ref, view.at)
    return desks == 0 or (there is not None and not view.rings_at and node.moment() - read_moment(there) > _SILENT_MS)


def _key(view: CallView) -> str:
    return f"call|{view.channel}|{view.subject}"


def _by(view: CallView) -> str:
    """What is said about a call goes as fast as the call itself."""
    return view.precedence


def _ref(sent: Sent) -> Ref:
    return Ref(LogId.read(sent.ref.log), sent.ref.number, sent.ref.id)


def _row(node: NodePort, who: Who, view: CallView) -> CallRow:
    us, them = node.identity.ours.side, node.identity.theirs.side
    ours = view.side == us
    called = them if ours else us
    name, office = person_name(node, view.side, view.person)
    taken_name, taken_office = person_name(node, called, view.taken_by) if view.taken_by else ("", "")
    right = "call" in who.rights
    desks = node.lifting.theirs_ring(view.session) if ours else node.escalating.ringing(_key(view))
    return CallRow(
        subject=view.subject, channel=view.channel, session=view.session, ours=ours, person=view.person,
        person_name=name, office=office, purpose=view.purpose, language=view.language, precedence=view.precedence,
        status=view.status, at=view.at, state=view.state, on_their_disk=delivery_of(node, view.ref, view.at),
        rings_at=view.rings_at or None, desks=desks, silent=_is_silent(node, view, desks),
        taken_by=taken_name, taken_office=taken_office, taken_at=view.taken_at or None,
        reason=view.reason, later_at=view.later_at or None, statement=view.statement,
        statement_language=view.statement_language,
        there=tuple(
            PersonThere(person=person, name=person_name(node, side, person)[0], ours=side == us)
            for side, person in view.there
        ),
        gone=tuple(
            PersonGone(name=person_name(node, one.side, one.person)[0], ours=one.side == us, at=one.at)
            for one in view.gone
        ),
        ended_at=view.ended_at or None, ended_by=view.ended_by, end_reason=view.end_reason,
        heard=tuple(
            HeardRow(
                by_us=one.by == us, name=person_name(node, them if one.by == us else us, one.person)[0],
                since=one.since, until=one.until, frames=one.frames, missing=one.missing,
            )
            for one in view.heard
        ),
        they_hear=_heard_at(node, view, them), we_hear=_heard_at(node, view, us),
        waits=_waits(node, view), agreements=agreement_rows(node, who, view), kept=kept_lines(node, view),
        recordings=tuple(rows_of(node, view)),
        tones=tuple(tone_rows(node, view)),
        may=frozenset(_may(view, ours, who.person, us) if right else ()),
    )  # fmt: skip


def _heard_at(node: NodePort, view: CallView, side: str) -> str | None:
    since = node.lifting.heard_at(view.session).get(side)
    return None if since is None else moment_text(since)


def _may_record(view: CallView, us: str, *, there: bool) -> list[str]:
    now = next((one for one in view.recordings if one.open), None)
    waits = [one for one in view.tones if one.side != us and not one.heard]
    tones = (["tone"] if there else []) + (["tone-heard"] if waits else [])
    if now is None:
        return [*tones, "recording-ask"] if there and len(view.recordings) < limits.RECORDINGS_MAX else tones
    if now.state == "running" or now.asked_side == us:
        return [*tones, "recording-stop"]
    return [*tones, *(["recording-agree"] if there else []), "recording-decline"]


def _may(view: CallView, ours: bool, person: str, us: str) -> list[str]:
    if view.state == "ringing":
        return ["hang-up"] if ours else ["answer", "decline", "later"]
    if view.state == "active":
        there = (us, person) in view.there
        joins = [] if there or len(view.there) >= limits.CALL_PERSONS_MAX else ["join"]
        leaves = ["leave"] if there and len(_ours_there(view, us)) > 1 else []
        return ["hang-up", *joins, *leaves, *_may_record(view, us, there=there)]
    return (
        ["statement"]
        if ours and view.state in ("declined", "later", "unanswered", "missed") and not view.statement
        else []
    )
