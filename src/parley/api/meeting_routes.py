"""The routes about meetings."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from parley import limits
from parley.actions import meeting_day, meeting_minutes, meeting_prep, meetings
from parley.actions import meeting_showing as showing
from parley.actions.meeting_rows import MeetingRow, NeutralFacts
from parley.actions.rows import Sent
from parley.actions.talk_rows import MeetingLineRow
from parley.actions.talk_showing import lines
from parley.api.bodies import Id, Line, Nothing, Strict
from parley.api.route import Call, Route
from parley.api.talk_routes import Attendees, Said, Why, WithReason

_MEETINGS: Final = "/channels/{channel}/meetings"
_MEETING: Final = _MEETINGS + r"/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
Times = Annotated[list[Id], Meta(min_length=1, max_length=limits.MEETING_TIMES_MAX)]
Minutes = Annotated[int, Meta(ge=0, le=limits.MEETING_MINUTES_MAX)]
Hours = Annotated[int, Meta(ge=0, le=limits.MEETING_ANSWER_MS_MAX // 3_600_000)]


class NewMeeting(Strict):
    """A meeting to ask for; a time is 2026-10-01T20:00 on our clock or 2026-10-01T12:00Z in UTC."""

    purpose: Line
    times: Times
    level: Id = "officials"
    form: Id = "in-person"
    place: Line = ""
    minutes: Minutes = 60
    consecutive: bool = False
    languages: Annotated[list[Id], Meta(max_length=limits.LANGUAGES_MAX)] = field(default_factory=list)
    body: Annotated[str, Meta(max_length=80)] = ""
    answer_hours: Hours = 0
    status: Annotated[str, Meta(max_length=20)] = ""


class OneTime(Strict):
    """One of the times that wait for our answer."""

    time: Id


class OtherTimes(Strict):
    """Other times."""

    times: Times
    reason: Said = ""
    answer_hours: Hours = 0


class Item(Strict):
    """An item of the agenda."""

    title: Line
    note: Said = ""
    minutes: Minutes = 0


class OfItem(Strict):
    """An act about an item: agree, withdraw, begin, end; or drop, raise for one that is held back."""

    act: Literal["agree", "withdraw", "begin", "end", "drop", "raise"]
    item: Id


class Document(Strict):
    """A file of ours that was attached: given to the other side for an item, or kept ("") as a paper of ours."""

    root: Id
    item: Annotated[str, Meta(max_length=80)] = ""


class Terms(Strict):
    """Our glossary: a line each, `word = word`."""

    terms: Annotated[str, Meta(max_length=limits.ENTRY_BYTES_MAX)]


class Floor(Strict):
    """Who speaks from now on: ours, theirs, or nobody ("")."""

    to: Annotated[str, Meta(max_length=10)]


class Present(Strict):
    """Who of our side is there."""

    people: Attendees


class NewNote(Strict):
    """A decision, an action or the next date (what: decision, action, next-date)."""

    what: Id
    text: Why
    responsible: Line = ""
    due: Annotated[str, Meta(max_length=40)] = ""


class Named(Strict):
    """The entry that is agreed to."""

    id: Id


class MinutesText(Strict):
    """Minutes: words, or a text of the channel; neither: a text is opened and filled from the notes."""

    text: Annotated[str, Meta(max_length=limits.MESSAGE_CHARS_MAX)] = ""
    subject: Annotated[str, Meta(max_length=80)] = ""


def _at(call: Call) -> tuple[str, str]:
    return call.part("channel"), f"meeting/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _list(call: Call) -> list[MeetingLineRow]:
    return lines(call.node, call.who, call.query("channel"))


async def _request(call: Call) -> Sent:
    body: NewMeeting = call.body
    return await meetings.request_meeting(
        call.node, call.who, call.part("channel"), purpose=body.purpose, level=body.level, form=body.form,
        times=body.times, minutes=body.minutes, place=body.place, consecutive=body.consecutive,
        languages=body.languages, body=body.body, answer_hours=body.answer_hours, status=body.status,
    )  # fmt: skip


async def _one(call: Call) -> MeetingRow:
    return showing.meeting(call.node, call.who, *_at(call))


async def _facts(call: Call) -> NeutralFacts:
    return showing.neutral_facts(call.node, call.who, *_at(call))


async def _accept(call: Call) -> Sent:
    return await meetings.accept_meeting(call.node, call.who, *_at(call), time=call.body.time)


async def _offer(call: Call) -> Sent:
    body: OtherTimes = call.body
    return await meetings.offer_times(
        call.node, call.who, *_at(call), times=body.times, reason=body.reason, answer_hours=body.answer_hours
    )


async def _decline(call: Call) -> Sent:
    return await meetings.decline_meeting(call.node, call.who, *_at(call), reason=call.body.reason)


async def _cancel(call: Call) -> Sent:
    return await meetings.cancel_meeting(call.node, call.who, *_at(call), reason=call.body.reason)


async def _item(call: Call) -> Sent:
    body: Item = call.body
    return await meetings.put_item(
        call.node, call.who, *_at(call), title=body.title, note=body.note, minutes=body.minutes
    )  # fmt: skip


async def _hold(call: Call) -> dict[str, str]:
    body: Item = call.body
    held = await meeting_prep.hold_item(
        call.node, call.who, *_at(call), title=body.title, note=body.note, minutes=body.minutes
    )  # fmt: skip
    return {"held": held}


async def _of_item(call: Call) -> Sent | None:
    body: OfItem = call.body
    at = (call.node, call.who, *_at(call))
    if body.act == "drop":
        await meeting_prep.drop_item(*at, body.item)
        return None
    if body.act == "raise":
        return await meeting_prep.raise_item(*at, body.item)
    if body.act in ("begin", "end"):
        return await meeting_day.mark_item(*at, body.act, body.item)
    return await meetings.settle_item(*at, body.act, body.item)


async def _document(call: Call) -> Sent | None:
    body: Document = call.body
    if body.item:
        return await meeting_prep.give_paper(call.node, call.who, *_at(call), body.item, body.root)
    await meeting_prep.keep_paper(call.node, call.who, *_at(call), body.root)
    return None


async def _terms(call: Call) -> None:
    await meeting_prep.set_terms(call.node, call.who, *_at(call), terms=call.body.terms)


async def _interpreters(call: Call) -> None:
    await meeting_prep.release_to_interpreters(call.node, call.who, *_at(call))


async def _begin(call: Call) -> Sent:
    return await meeting_day.begin(call.node, call.who, *_at(call))


async def _end(call: Call) -> Sent:
    return await meeting_day.end(call.node, call.who, *_at(call))


async def _floor(call: Call) -> Sent:
    return await meeting_day.give_floor(call.node, call.who, *_at(call), call.body.to)


async def _present(call: Call) -> Sent:
    people = [(one.person, one.name, one.office) for one in call.body.people]
    return await meeting_day.set_attendance(call.node, call.who, *_at(call), people=people)


async def _note(call: Call) -> Sent:
    body: NewNote = call.body
    return await meeting_day.note(
        call.node, call.who, *_at(call), what=body.what, text=body.text, responsible=body.responsible, due=body.due
    )


async def _agree(call: Call) -> Sent:
    return await meeting_day.agree_note(call.node, call.who, *_at(call), call.body.id)


async def _minutes(call: Call) -> Sent:
    body: MinutesText = call.body
    if not body.text and not body.subject:
        return await meeting_minutes.open_minutes(call.node, call.who, *_at(call))
    return await meeting_minutes.propose_minutes(
        call.node, call.who, *_at(call), text=body.text, text_subject=body.subject
    )  # fmt: skip


MEETINGS: Final = (
    Route("GET", "/meetings", "Meetings of the channels you read (?channel=)", None, list[MeetingLineRow], _list),
    Route("POST", _MEETINGS, "Ask for a meeting", NewMeeting, Sent, _request, 201),
    Route("GET", _MEETING, "One meeting", None, MeetingRow, _one),
    Route("GET", _MEETING + "/facts", "What the record alone says of it", None, NeutralFacts, _facts),
    Route("POST", _MEETING + "/accept", "Accept one of the times that wait", OneTime, Sent, _accept, 201),
    Route("POST", _MEETING + "/offer", "Offer other times", OtherTimes, Sent, _offer, 201),
    Route("POST", _MEETING + "/decline", "Decline what waits for our answer", WithReason, Sent, _decline, 201),
    Route("POST", _MEETING + "/cancel", "Call it off", WithReason, Sent, _cancel, 201),
    Route("POST", _MEETING + "/items", "Put an item on the agenda", Item, Sent, _item, 201),
    Route("POST", _MEETING + "/items/held", "Hold an item back, in private", Item, dict[str, str], _hold, 201),
    Route("POST", _MEETING + "/items/act", "Do something about an item", OfItem, Sent | None, _of_item, 201),
    Route("POST", _MEETING + "/documents", "Give or keep a file of ours", Document, Sent | None, _document, 201),
    Route("POST", _MEETING + "/terms", "Set our private glossary", Terms, None, _terms),
    Route("POST", _MEETING + "/interpreters", "Release what is prepared to interpreters", Nothing, None, _interpreters),
    Route("POST", _MEETING + "/begin", "Say that it has begun", Nothing, Sent, _begin, 201),
    Route("POST", _MEETING + "/end", "Say that it has ended", Nothing, Sent, _end, 201),
    Route("POST", _MEETING + "/floor", "Say who speaks from now on", Floor, Sent, _floor, 201),
    Route("POST", _MEETING + "/attendance", "State who of our side is there", Present, Sent, _present, 201),
    Route("POST", _MEETING + "/notes", "Note a decision, an action, the next date", NewNote, Sent, _note, 201),
    Route("POST", _MEETING + "/agree", "Agree to a note or minutes of theirs", Named, Sent, _agree, 201),
    Route("POST", _MEETING + "/minutes", "Put minutes forward, or open a text", MinutesText, Sent, _minutes, 201),
)
