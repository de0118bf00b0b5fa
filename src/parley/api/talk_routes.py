"""The routes about standing bodies and both sides' days."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from parley import limits
from parley.actions import bodies, body_terms, calendars
from parley.actions.rows import Sent
from parley.actions.talk_rows import BodyLineRow, BodyRow, CalendarsRow
from parley.api.bodies import Id, Line, Nothing, Strict
from parley.api.route import Call, Route

_BODY: Final = r"/bodies/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
Said = Annotated[str, Meta(max_length=limits.NOTE_CHARS_MAX)]
Why = Annotated[str, Meta(min_length=1, max_length=limits.NOTE_CHARS_MAX)]


class NewBody(Strict):
    """A body to propose, with its channel; no languages means the first of each side."""

    channel: Id
    title: Line
    mandate: Why
    level: Id = "officials"
    languages: Annotated[list[Id], Meta(max_length=limits.LANGUAGES_MAX)] = field(default_factory=list)
    rhythm: Line = ""
    status: Annotated[str, Meta(max_length=20)] = ""


class WithReason(Strict):
    """An act that is only done with a reason."""

    reason: Why


class Attendee(Strict):
    """Somebody of ours: by their id on the roster, or by name and office."""

    person: Annotated[str, Meta(max_length=limits.PERSON_ID_CHARS_MAX)] = ""
    name: Line = ""
    office: Line = ""


Attendees = Annotated[list[Attendee], Meta(max_length=limits.DELEGATION_MAX)]


class SentPeople(Strict):
    """Whom our side sends, and who leads them, in words."""

    people: Attendees
    chair: Line = ""


class Days(Strict):
    """Our zone, and our holidays by date."""

    zone: Line
    holidays: dict[Annotated[str, Meta(max_length=10)], Line] = field(default_factory=dict)


class NewTerm(Strict):
    """A term, its word by language."""

    words: dict[Annotated[str, Meta(max_length=35)], Line]
    note: Annotated[str, Meta(max_length=limits.NOTE_CHARS_MAX)] = ""


class OfTerm(Strict):
    """An act about a term by its id: agree to theirs, withdraw ours."""

    id: Annotated[str, Meta(max_length=64)]
    act: Literal["agree", "withdraw"]


def _at(call: Call) -> str:
    return f"body/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _list(call: Call) -> list[BodyLineRow]:
    return bodies.list_bodies(call.node, call.who)


async def _propose(call: Call) -> Sent:
    body: NewBody = call.body
    return await bodies.propose_body(
        call.node, call.who, channel=body.channel, title=body.title, mandate=body.mandate, level=body.level,
        languages=body.languages, rhythm=body.rhythm, status=body.status,
    )  # fmt: skip


async def _one(call: Call) -> BodyRow:
    return bodies.body(call.node, call.who, _at(call))


async def _agree(call: Call) -> Sent:
    return await bodies.agree_body(call.node, call.who, _at(call))


async def _decline(call: Call) -> Sent:
    return await bodies.decline_body(call.node, call.who, _at(call), reason=call.body.reason)


async def _withdraw(call: Call) -> Sent:
    return await bodies.withdraw_body(call.node, call.who, _at(call), reason=call.body.reason)


async def _suspend(call: Call) -> Sent:
    return await bodies.suspend_body(call.node, call.who, _at(call), reason=call.body.reason)


async def _resume(call: Call) -> Sent:
    return await bodies.resume_body(call.node, call.who, _at(call), reason=call.body.reason)


async def _end(call: Call) -> Sent:
    return await bodies.end_body(call.node, call.who, _at(call), reason=call.body.reason)


async def _delegation(call: Call) -> Sent:
    body: SentPeople = call.body
    people = [(one.person, one.name, one.office) for one in body.people]
    return await bodies.set_delegation(call.node, call.who, _at(call), chair=body.chair, people=people)


async def _term(call: Call) -> Sent:
    body: NewTerm = call.body
    return await body_terms.put_term(call.node, call.who, _at(call), words=body.words, note=body.note)


async def _of_term(call: Call) -> Sent:
    body: OfTerm = call.body
    return await body_terms.settle_term(call.node, call.who, _at(call), body.act, body.id)


async def _calendars(call: Call) -> CalendarsRow:
    return calendars.calendars(call.node, call.who)


async def _state(call: Call) -> Sent:
    body: Days = call.body
    return await calendars.state_calendar(call.node, call.who, zone=body.zone, holidays=[*body.holidays.items()])


BODIES: Final = (
    Route("GET", "/bodies", "Standing bodies, the newest first", None, list[BodyLineRow], _list),
    Route("POST", "/bodies", "Propose a body, with its channel", NewBody, Sent, _propose, 201),
    Route("GET", _BODY, "One body, with whom to turn to", None, BodyRow, _one),
    Route("POST", _BODY + "/agree", "Agree to their body, and to its channel", Nothing, Sent, _agree, 201),
    Route("POST", _BODY + "/decline", "Decline their body", WithReason, Sent, _decline, 201),
    Route("POST", _BODY + "/withdraw", "Take our own body back, and its channel", WithReason, Sent, _withdraw, 201),
    Route("POST", _BODY + "/suspend", "Suspend it as far as we are concerned", WithReason, Sent, _suspend, 201),
    Route("POST", _BODY + "/resume", "Take our suspension back", WithReason, Sent, _resume, 201),
    Route("POST", _BODY + "/end", "End it for good", WithReason, Sent, _end, 201),
    Route("POST", _BODY + "/delegation", "State whom our side sends", SentPeople, Sent, _delegation, 201),
    Route("POST", _BODY + "/terms", "Put a term into the glossary of both", NewTerm, Sent, _term, 201),
    Route("POST", _BODY + "/terms/act", "Agree to a term, or withdraw ours", OfTerm, Sent, _of_term, 201),
    Route("GET", "/calendars", "Both sides' zones and holidays", None, CalendarsRow, _calendars),
    Route("POST", "/calendars", "State our zone and holidays", Days, Sent, _state, 201),
)
