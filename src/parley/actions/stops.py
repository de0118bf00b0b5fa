"""Emergency stops, as a person has them: raise one, take it, read back, confirm, correct, report; and how drills went.

Owns: rights, in which channel a stop is raised, what each person may do next, the steps with their due times.
Does not own: which facts are allowed (subjects/stops/), telling the desks and the clock (node/stopping.py).
Always true:
  1. No step here asks for a second person, a passkey or a voice.
  2. A stop is never refused for its channel: where that takes no words now, it goes to everybody by the line channel.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from parley import limits
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import RefRow, Sent
from parley.actions.sending import write, write_as
from parley.actions.showing import delivery_of
from parley.actions.stop_rows import StopReadBackRow, StopRow, StopSaid, StopStepRow
from parley.actions.who import Who, may_read, need, need_in, readable
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.node.stopping import RAISED, Early, seen_row
from parley.storage.port import latest
from parley.subjects.kinds import Fact
from parley.subjects.stops import Step, StopView
from parley.subjects.stops import facts as said
from parley.subjects.stops.facts import DUE_MS
from parley.times import Moment, moment_text, read_moment

LINE: Final = "line"
_AGAIN_MS: Final = 10_000  # the same words once more within this time are a second press of the same key


async def raise_stop(
    node: NodePort, who: Who, *, what: str, where: str, since: str = "", language: str = "", channel: str = LINE,
    status: str = "",
) -> Sent:  # fmt: skip
    """Raise a stop: it is on our disk when this returns, and goes by every link at once.

    Args:
        since: A moment's text; "" where nobody knows.
        channel: An agreed channel, or the line channel for every desk on watch. One that takes no words now gives way
            to the line channel, and is named in it.
    Raises:
        Refused: `people.right`, `people.member`, `channels.unknown`, `stops.since`, `stops.words` for an empty field.
        Unavailable: This node may not sign, or its disk failed: use the fallback.
    """
    _need(node, who, "stop", channel)
    us = node.identity.ours
    words = {**_said(what, where), "since": _moment(since), "language": language or us.languages[0]}
    again = _same(node, who, words, status or node.default_status)
    if again is not None:
        return again
    room = None if channel == LINE else node.book.channel(channel)
    if room is not None and room.writable:
        try:
            return await _write(node, who, said.raise_stop(channel, **words), status)
        except Refused as refused:
            if not refused.code.startswith("channels."):
                raise  # suspended in this very moment: it goes to everybody instead
    about = "" if channel == LINE else channel
    return await _write(node, who, said.raise_stop(LINE, **words, about=about), status)


def _said(what: str, where: str) -> dict[str, str]:
    words = {"what": make_text(what).strip(), "where": make_text(where).strip()}
    if not all(words.values()):
        raise Refused("stops.words", "say what must stop, and where")
    return words


async def take(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Take it: whoever answers has it. Raises Refused `stops.taken` if somebody has it already."""
    return await _about(node, who, channel, subject, said.take(channel, subject))


async def read_back(node: NodePort, who: Who, channel: str, subject: str, *, text: str) -> Sent:
    """Say in one's own words what must stop, and where; whoever does it has taken it."""
    return await _about(node, who, channel, subject, said.read_back(channel, subject, make_text(text).strip()))


async def confirm(node: NodePort, who: Who, channel: str, subject: str, *, seen: str | None = None) -> Sent:
    """Confirm a read-back of the words in force; raises Refused `stops.names-one` if there is none.

    Args:
        seen: Id of the read-back that the person was shown: the other side may read back anew while it is read, and
            what is confirmed is this one. None where nobody was shown any: then the last.
    """
    view = _view(node, who, "stop", channel, subject)
    reading = view.reading if seen is None else next((one for one in view.read_backs if one.ref.id == seen), None)
    if reading is None:
        raise Refused("stops.names-one", "nothing was read back yet of the words in force")
    return await _about(node, who, channel, subject, said.confirm(channel, subject, reading.ref))


async def correct(
    node: NodePort, who: Who, channel: str, subject: str, *, what: str, where: str, since: str = "", language: str = ""
) -> Sent:
    """Give other words in the place of all earlier ones; they are to be read back anew."""
    view = _view(node, who, "stop", channel, subject)
    refs = () if view.reading is None else (view.reading.ref,)
    fact = said.correct(
        channel, subject, **_said(what, where), since=_moment(since), language=language or view.language, read=refs
    )
    return await _about(node, who, channel, subject, fact)


async def reach(node: NodePort, who: Who, channel: str, subject: str, *, decider: str = "") -> Sent:
    """Say that who decides has it: in words, or the person who says so."""
    words = make_text(decider).strip() or person_name(node, node.identity.ours.side, who.person)[0]
    return await _about(node, who, channel, subject, said.reach(channel, subject, words))


async def effect(node: NodePort, who: Who, channel: str, subject: str, *, stopped: str = "", note: str = "") -> Sent:
    """Report that it has stopped, now or at the moment `stopped`."""
    at = _moment(stopped) or moment_text(node.moment())
    return await _about(node, who, channel, subject, said.effect(channel, subject, at, make_text(note).strip()))


async def not_possible(node: NodePort, who: Who, channel: str, subject: str, *, reason: str) -> Sent:
    """Say that it cannot be done, and why."""
    return await _about(node, who, channel, subject, said.not_possible(channel, subject, make_text(reason).strip()))


async def withdraw(node: NodePort, who: Who, channel: str, subject: str, *, reason: str = "") -> Sent:
    """Say that it was sent in error, or is not needed any more."""
    return await _about(node, who, channel, subject, said.withdraw(channel, subject, make_text(reason).strip()))


async def rings(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Note that this person's desk really shows a stop of theirs and rings; the raising side is told of the first."""
    view = _view(node, who, "stop", channel, subject)
    if view.side != node.identity.ours.side and not view.rings_at and view.state != "withdrawn":
        try:
            await write_as(node, "", said.ring(channel, subject, 1), precedence=said.PRECEDENCE, status=view.status)
        except Refused:
            return  # another desk was as quick, or it was withdrawn meanwhile


async def clear(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Take a stop that is over off our desks: somebody has seen how it ended."""
    view = _view(node, who, "stop", channel, subject)
    if view.open:
        raise Refused("stops.open", "the stop is open; it stays on every desk until it is over")
    await node.keep([seen_row(channel, subject, who.person)])
    node.stopping.seen(channel, subject)
    node.tell("stop", {"channel": "" if channel == LINE else channel, "code": "seen"})


def stop(node: NodePort, who: Who, channel: str, subject: str) -> StopRow:
    """Give one stop."""
    _need(node, who, "read", channel)
    early = next((one for one in node.stopping.early() if one.subject == subject), None)
    if early is not None and early.entry.channel == channel:
        return _early_row(node, early)
    return _row(node, who, _view(node, who, "read", channel, subject))


def stops(node: NodePort, who: Who, *, drills: bool = False) -> list[StopRow]:
    """Give the latest stops of all channels this person may read, newest first: the real ones, or the drills."""
    need(who, "read")
    rooms = readable(node, who)
    rows = [_row(node, who, view) for channel in rooms for view in _latest(node, channel, drills)]
    early = [_early_row(node, one) for one in node.stopping.early() if one.entry.channel in rooms]
    rows += [row for row in early if (row.status != "actual") is drills]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _latest(node: NodePort, channel: str, drills: bool) -> list[StopView]:
    """Give the latest real stops of a channel, or drills: so many of either side, however many of the other kind."""
    given: Counter[str] = Counter()
    views: list[StopView] = []
    for row in latest(node.store, channel, RAISED, of_a_side=limits.STOPS_LISTED_FROM):
        side = row.log.side
        view = node.book.view(channel, row.subject) if given[side] < limits.STOPS_LOOKED_AT else None
        if isinstance(view, StopView) and (view.status != "actual") is drills:
            given[side] += 1
            views.append(view)
    return views


def stops_now(node: NodePort, who: Who) -> list[StopRow]:
    """Give the stops that still want somebody here: real ones before drills, what waits for us first."""
    if "read" not in who.rights:
        return []
    rows = [_row(node, who, view) for view in node.stopping.now() if _may_read(node, who, view.channel)]
    rows += [_early_row(node, one) for one in node.stopping.early() if _may_read(node, who, one.entry.channel)]
    return sorted(rows, key=lambda row: (row.status != "actual", row.needs == "", row.at))


# --- inside -----------------------------------------------------------------------------------------------------------


def _may_read(node: NodePort, who: Who, channel: str) -> bool:
    return channel == LINE or may_read(node, who, channel)


def _need(node: NodePort, who: Who, right: str, channel: str) -> None:
    if channel == LINE:
        need(who, right)
    else:
        need_in(node, who, right, channel)


def _moment(text: str) -> str:
    if not text:
        return ""
    try:
        return moment_text(read_moment(text))
    except PeerError:
        raise Refused("stops.since", "say when, as 2026-11-23T10:00:00.000Z, or nothing") from None


def _view(node: NodePort, who: Who, right: str, channel: str, subject: str) -> StopView:
    _need(node, who, right, channel)
    view = node.book.view(channel, subject)
    if not isinstance(view, StopView):
        early = any(one.subject == subject for one in node.stopping.early())
        words = "earlier entries of its log are still coming" if early else "there is none of this name"
        raise Refused("stops.unknown", f'no stop "{subject[:100]}" in {channel[:48]}: {words}')
    return view


async def _about(node: NodePort, who: Who, channel: str, subject: str, fact: Fact) -> Sent:
    view = _view(node, who, "stop", channel, subject)
    return await _write(node, who, fact, view.status)


async def _write(node: NodePort, who: Who, fact: Fact, status: str) -> Sent:
    return await write(node, who, fact, precedence=said.PRECEDENCE, status=status)


def _same(node: NodePort, who: Who, words: dict[str, str], status: str) -> Sent | None:
    """Give the stop that this person raised a moment ago in the same words."""
    us, now = node.identity.ours.side, node.moment()
    for view in node.stopping.now():
        mine = (view.side, view.person, view.state, view.status) == (us, who.person, "raised", status)
        same = (view.what, view.where) == (words["what"], words["where"])
        if mine and same and now - read_moment(view.at) < _AGAIN_MS:
            row = RefRow(log=view.ref.log.text, number=view.ref.number, id=view.ref.id)
            return Sent(channel=view.channel, subject=view.subject, ref=row, at=view.at)
    return None


def _row(node: NodePort, who: Who, view: StopView) -> StopRow:
    us, them = node.identity.ours.side, node.identity.theirs.side
    ours = view.side == us
    called = them if ours else us
    name, office = person_name(node, view.side, view.person)

    def told(step: Step | None, side: str) -> StopSaid | None:
        if step is None:
            return None
        by, by_office = person_name(node, side, step.person)
        return StopSaid(at=step.at, name=by, office=by_office, text=step.text)

    overdue = node.stopping.overdue(view)
    return StopRow(
        subject=view.subject, channel=view.channel, ours=ours, person=view.person, person_name=name, office=office,
        what=view.what, where=view.where, since=view.since, language=view.language, about=view.about,
        status=view.status, at=view.at, words_at=view.words_at, version=view.version, state=view.state,
        on_their_disk=delivery_of(node, view.ref, view.at), rings_at=view.rings_at or None,
        taken=told(view.taken, called), reached=told(view.reached, called), confirmed=told(view.confirmed, view.side),
        effected=told(view.effected, called), note=view.note, not_possible=told(view.not_possible, called),
        withdrawn=told(view.withdrawn, view.side),
        read_backs=tuple(
            StopReadBackRow(
                at=one.at, name=person_name(node, called, one.person)[0], text=one.text,
                waits=one == view.reading and view.confirmed is None, earlier=one.version < view.version,
                id=one.ref.id,
            )
            for one in view.read_backs
        ),
        corrections=tuple(
            StopSaid(at=one.at, name=person_name(node, view.side, one.person)[0], office="", text=one.text)
            for one in view.corrections
        ),
        steps=_steps(node, view), overdue=overdue.step if overdue else "",
        overdue_by_us=overdue is not None and (overdue.side == "raising") is ours,
        clock_offset_ms=node.status().clock_offset_ms, open=view.open, needs=_needs(view, ours),
        may=frozenset(_may(view, ours) if "stop" in who.rights else ()),
    )  # fmt: skip


def _steps(node: NodePort, view: StopView) -> tuple[StopStepRow, ...]:
    """Give each step with its due time; what it took is counted between the times of the two entries."""
    now = node.stopping.now_at(view.side)
    found = []
    for due in view.due():
        done = view.done_at(due.step)
        began = read_moment(view.at if due.step == "taken" else view.words_at)
        took = read_moment(done) - began if done else None
        left = read_moment(due.at) - now
        found.append(
            StopStepRow(
                step=due.step, due=due.at, within_ms=DUE_MS[due.step], done_at=done or None, took_ms=took,
                late=took is not None and took > DUE_MS[due.step], overdue=not done and view.open and left < 0,
                by_us=(due.side == "raising") is (view.side == node.identity.ours.side),
            )
        )  # fmt: skip
    return tuple(found)


def _needs(view: StopView, ours: bool) -> str:
    """Say what the stop wants of our side now; "" for nothing."""
    if ours:
        return {"read-back": "confirm", "effected": "see", "not-possible": "see"}.get(view.state, "")
    return {"raised": "take", "taken": "read-back", "confirmed": "effect", "withdrawn": "see"}.get(view.state, "")


def _may(view: StopView, ours: bool) -> list[str]:
    if view.state == "withdrawn":
        return ["clear"]
    over = [] if view.open else ["clear"]
    if ours:
        reading = view.reading is not None and view.confirmed is None
        return [*(["confirm"] if reading else []), "correct", "withdraw", *over]
    acts = [*over, *(["take"] if view.taken is None else []), *(["read-back"] if view.confirmed is None else [])]
    if view.effected is None:
        acts += ["effect", "not-possible"]
    return [*acts, *(["reach"] if view.reached is None else [])]


def _early_row(node: NodePort, early: Early) -> StopRow:
    """Give a stop of theirs that came ahead of its log: shown at once, taken when its log is whole."""
    entry, body = early.entry, early.entry.body
    name, office = person_name(node, entry.side, entry.person)
    return StopRow(
        subject=early.subject, channel=entry.channel, ours=False, person=entry.person, person_name=name, office=office,
        what=str(body["what"]), where=str(body["where"]), since=str(body["since"]), language=str(body["language"]),
        about=str(body["about"]), status=entry.status, at=entry.at, words_at=entry.at, version=0, state="raised",
        on_their_disk=delivery_of(node, early.ref, entry.at), rings_at=None, taken=None, reached=None, confirmed=None,
        effected=None, note="", not_possible=None, withdrawn=None, read_backs=(), corrections=(), steps=(),
        overdue="", overdue_by_us=False, clock_offset_ms=node.status().clock_offset_ms, open=True, needs="take",
        ahead=True,
    )  # fmt: skip


def minutes_ago(node: NodePort, minutes: int) -> str:
    """Give the moment so many minutes ago, as a form asks for it."""
    return moment_text(Moment(node.moment() - minutes * 60_000))
