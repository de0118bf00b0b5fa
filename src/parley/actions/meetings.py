"""What a person may do about a meeting before it: ask, answer, move, cancel; the agenda both sides see.

Owns: the right, the moments as people type them, what waits for whom. Does not own: what our side prepares in private
(meeting_prep.py), the day (meeting_day.py), showing (meeting_showing.py), which facts are allowed (subjects/talks).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.talk_showing import first_languages, reason_of
from parley.actions.who import Who, need, need_in
from parley.actions.zones import TimeRow, both, read_time
from parley.codec import JsonValue
from parley.codec.text import make_text
from parley.errors import Refused
from parley.record.names import Ref
from parley.subjects.messages import MessageView
from parley.subjects.talks import BodyView, MeetingView, facts
from parley.subjects.talks.bodies import LEVELS
from parley.times import Moment, moment_text

MINUTES_MIN: Final = 5


async def request_meeting(
    node: NodePort, who: Who, channel: str, *, purpose: str, level: str, form: str, times: Sequence[str],
    minutes: int = 60, place: str = "", consecutive: bool = False, languages: Sequence[str] = (), body: str = "",
    answer_hours: int = 0, status: str = "",
) -> Sent:  # fmt: skip
    """Ask the other side for a meeting at one of these times.

    Args:
        times: As `zones.read_time` takes them; answer_hours: by when an answer is expected; 0 for 1 h among leaders and
            48 h otherwise.
    """
    need_in(node, who, "release", channel)
    words = make_text(purpose).strip()
    if not words:
        raise Refused("talks.words", "say what the meeting is for")
    if level not in LEVELS or form not in facts.FORMS:
        raise Refused("talks.level", f"expected {', '.join(LEVELS)} and {', '.join(facts.FORMS)}")
    if not MINUTES_MIN <= minutes <= limits.MEETING_MINUTES_MAX:
        raise Refused("talks.item", f"expected {MINUTES_MIN} to {limits.MEETING_MINUTES_MAX} minutes")
    _check_body(node, channel, body)
    fact = facts.request(
        channel, purpose=words, level=level, form=form, place=make_text(place).strip(), times=_moments(node, times),
        minutes=minutes, consecutive=consecutive, languages=tuple(languages) or first_languages(node),
        body=body, answer_by=_answer_by(node, level, answer_hours),
    )  # fmt: skip
    return await write(node, who, fact, status=status)


def _check_body(node: NodePort, channel: str, body: str) -> None:
    """Raise Refused `talks.not-meeting` unless the body, if one is named, meets now and speaks in this channel."""
    view = node.book.view("line", body) if body else None
    if body and not (isinstance(view, BodyView) and view.state == "agreed" and view.channel == channel):
        raise Refused("talks.not-meeting", "the body is not agreed, is suspended or ended, or has another channel")


def look_at_times(node: NodePort, who: Who, times: Sequence[str]) -> list[TimeRow]:
    """Give times as they are typed on both sides' clocks, with both sides' holidays; nothing is said by it."""
    need(who, "read")
    return [both(node, at) for at in _moments(node, times)]


async def accept_meeting(node: NodePort, who: Who, channel: str, subject: str, *, time: str) -> Sent:
    """Accept one of the times that wait for our answer."""
    view = meeting_view(node, who, "release", channel, subject)
    at = read_time(node, time)
    us = node.identity.ours.side
    found = next((one for one in view.offers if one.side != us and at in one.times), None)
    if found is None:
        raise Refused("talks.time", "this time is none of those that wait for our answer")
    return await write(node, who, facts.accept(channel, subject, found.ref, at), status=view.status)


async def offer_times(
    node: NodePort, who: Who, channel: str, subject: str, *, times: Sequence[str], reason: str = "",
    answer_hours: int = 0,
) -> Sent:  # fmt: skip
    """Offer other times: in answer to theirs, or to move a meeting that was agreed."""
    view = meeting_view(node, who, "release", channel, subject)
    waits = view.waits_for(node.identity.ours.side)
    fact = facts.offer(
        channel, subject, waits.ref if waits else None, times=_moments(node, times), reason=make_text(reason).strip(),
        by=_answer_by(node, view.level, answer_hours),
    )  # fmt: skip
    return await write(node, who, fact, status=view.status)


async def decline_meeting(node: NodePort, who: Who, channel: str, subject: str, *, reason: str) -> Sent:
    """Decline what waits for our answer: the meeting, or only the times to which it would be moved."""
    view = meeting_view(node, who, "release", channel, subject)
    waits = view.waits_for(node.identity.ours.side)
    if waits is None:
        raise Refused("talks.nothing-waits", "nothing of this meeting waits for our answer")
    return await write(
        node, who, facts.decline(channel, subject, waits.ref, reason_of(reason)), status=view.status
    )  # fmt: skip


async def cancel_meeting(node: NodePort, who: Who, channel: str, subject: str, *, reason: str) -> Sent:
    """Call the meeting off, ours or theirs."""
    meeting_view(node, who, "release", channel, subject)
    return await say(node, who, channel, subject, "cancelled", {"reason": reason_of(reason)})


# --- the agenda -------------------------------------------------------------------------------------------------------


async def put_item(
    node: NodePort, who: Who, channel: str, subject: str, *, title: str, note: str = "", minutes: int = 0,
    raised: bool = False,
) -> Sent:  # fmt: skip
    """Put an item on the agenda, which the other side sees at once; `raised` where it was held back until now."""
    view = meeting_view(node, who, "release", channel, subject)
    words = make_text(title).strip()
    if not words:
        raise Refused("talks.words", "an item needs a title")
    if not 0 <= minutes <= limits.MEETING_MINUTES_MAX:
        raise Refused("talks.item", f"expected 0 to {limits.MEETING_MINUTES_MAX} minutes")
    fact = facts.put_item(
        channel, subject, title=words, note=make_text(note).strip(), minutes=minutes, raised=raised
    )  # fmt: skip
    return await write(node, who, fact, status=view.status)


async def settle_item(node: NodePort, who: Who, channel: str, subject: str, act: str, item: str) -> Sent:
    """Agree to an item of theirs, or withdraw one of ours."""
    kind = {"agree": "item-agreed", "withdraw": "item-withdrawn"}[act]
    view = meeting_view(node, who, "release", channel, subject)
    return await say(node, who, channel, subject, kind, {}, item_ref(view, item))


async def add_document(
    node: NodePort, who: Who, channel: str, subject: str, item: str, *, message: str, root: str = ""
) -> Sent:
    """Name a file of a message in this channel as a document of an item; "" for the message's only file."""
    view = meeting_view(node, who, "release", channel, subject)
    found = node.book.view(channel, message)
    files = found.attachments if isinstance(found, MessageView) else ()
    chosen = [one for one in files if root in ("", one.root)]
    if not isinstance(found, MessageView) or len(chosen) != 1:
        raise Refused("talks.document", "name a message of this channel, and which of its files if it has several")
    fact = facts.add_document(
        channel, subject, item_ref(view, item), found.ref, name=chosen[0].name, root=chosen[0].root
    )  # fmt: skip
    return await write(node, who, fact, status=view.status)


# --- shared with the day ----------------------------------------------------------------------------------------------


def meeting_view(node: NodePort, who: Who, right: str, channel: str, subject: str) -> MeetingView:
    """Give a meeting to somebody with this right in its channel; raises Refused `talks.unknown`."""
    need_in(node, who, right, channel)
    view = node.book.view(channel, subject)
    if not isinstance(view, MeetingView):
        raise Refused("talks.unknown", f'there is no meeting "{subject[:100]}" in {channel[:48]}')
    return view


async def say(
    node: NodePort, who: Who, channel: str, subject: str, kind: str, body: dict[str, JsonValue], *refs: Ref,
    right: str = "release",
) -> Sent:  # fmt: skip
    """Write one fact about a meeting in the person's name."""
    view = meeting_view(node, who, right, channel, subject)
    return await write(node, who, facts.about(channel, subject, kind, body, *refs), status=view.status)


def item_ref(view: MeetingView, item: str) -> Ref:
    """Give the entry that put an item, by its id."""
    found = next((one.ref for one in view.items if one.ref.id == item), None)
    if found is None:
        raise Refused("talks.unknown", "there is no such item on this agenda")
    return found


def _moments(node: NodePort, times: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(read_time(node, one.strip()) for one in times if one.strip()))
    if not 1 <= len(found) <= limits.MEETING_TIMES_MAX:
        raise Refused("talks.moment", f"offer 1 to {limits.MEETING_TIMES_MAX} times")
    return found


def _answer_by(node: NodePort, level: str, hours: int) -> str:
    wait = hours * 3_600_000 or facts.ANSWER_MS.get(level, facts.ANSWER_OTHERWISE_MS)
    if not 0 < wait <= limits.MEETING_ANSWER_MS_MAX:
        raise Refused("talks.answer-by", f"expected 1 to {limits.MEETING_ANSWER_MS_MAX // 3_600_000} hours")
    return moment_text(Moment(node.moment() + wait))
