"""The routes about notices, and the shapes of their requests."""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta

from parley import limits
from parley.actions import movements, notice_files, notices
from parley.actions.area_text import TEXT_CHARS_MAX
from parley.actions.notice_rows import CheckedRow, MovementRow, NoticeRow, NoticesRow
from parley.actions.notice_words import NoticeWords
from parley.actions.rows import Sent
from parley.api.bodies import Line, Note, Reasoned, Seen, Strict
from parley.api.route import Call, Route

_NOTICE: Final = r"/channels/{channel}/notices/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
When = Annotated[str, Meta(max_length=30)]
Words = Annotated[str, Meta(max_length=limits.NOTE_CHARS_MAX)]


class NoticeGive(Strict):
    """A notice to give, each field as people type it (docs/protocol/notices.md, "As people write it")."""

    what: Annotated[str, Meta(max_length=32)]
    title: Line
    since: When
    until: When
    language: Annotated[str, Meta(max_length=35)] = ""
    area: Annotated[str, Meta(max_length=TEXT_CHARS_MAX)] = ""
    low: When = ""
    high: When = ""
    forces: Words = ""
    contact: Line = ""
    book: Line = ""
    basis: Line = ""
    text: Words = ""
    number: Annotated[str, Meta(max_length=limits.NOTICE_NUMBER_CHARS_MAX)] = ""
    status: Annotated[str, Meta(max_length=20)] = ""
    commitment: Line = ""


class NoticeAmend(NoticeGive, kw_only=True):
    """Other words in the place of all earlier ones."""

    reason: Note


class NoticeExtend(Strict):
    """Until when it lasts now."""

    until: When
    reason: Note


class NoticeEnd(Strict):
    """That it is over: now, or since a moment."""

    ended: When = ""
    note: Note = ""


class NoticeSeen(Strict):
    """That somebody has read it; `seen` is the id of its latest form as it was shown."""

    note: Note = ""
    seen: Seen = None


class MovementPlan(Strict):
    """A movement of our own, kept in private."""

    title: Line
    since: When
    until: When
    area: Annotated[str, Meta(max_length=TEXT_CHARS_MAX)]
    low: When = ""
    high: When = ""


class CapText(Strict):
    """A CAP 1.2 message."""

    text: Annotated[str, Meta(max_length=TEXT_CHARS_MAX)]


def _words(call: Call) -> NoticeWords:
    body: NoticeGive = call.body
    named = {name: getattr(body, name) for name in NoticeGive.__struct_fields__}
    return NoticeWords(**named | {"language": body.language or call.node.identity.ours.languages[0]})


def _subject(call: Call) -> str:
    return f"notice/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _list(call: Call) -> NoticesRow:
    return notices.notices(
        call.node, call.who, since=call.query("since"), until=call.query("until"), channel=call.query("channel")
    )


async def _in_force(call: Call) -> list[NoticeRow]:
    return notices.in_force(call.node, call.who, at=call.query("at"))


async def _one(call: Call) -> NoticeRow:
    return notices.notice(call.node, call.who, call.part("channel"), _subject(call))


async def _give(call: Call) -> Sent:
    return await notices.give(call.node, call.who, call.part("channel"), _words(call))


async def _check(call: Call) -> CheckedRow:
    return notices.check(call.node, call.who, call.part("channel"), _words(call))


async def _amend(call: Call) -> Sent:
    return await notices.amend(
        call.node, call.who, call.part("channel"), _subject(call), _words(call), reason=call.body.reason
    )


async def _extend(call: Call) -> Sent:
    body: NoticeExtend = call.body
    return await notices.extend(
        call.node, call.who, call.part("channel"), _subject(call), until=body.until, reason=body.reason
    )


async def _cancel(call: Call) -> Sent:
    return await notices.cancel(call.node, call.who, call.part("channel"), _subject(call), reason=call.body.reason)


async def _end(call: Call) -> Sent:
    body: NoticeEnd = call.body
    return await notices.end(
        call.node, call.who, call.part("channel"), _subject(call), ended=body.ended, note=body.note
    )  # fmt: skip


async def _acknowledge(call: Call) -> Sent:
    body: NoticeSeen = call.body
    return await notices.acknowledge(
        call.node, call.who, call.part("channel"), _subject(call), note=body.note, seen=body.seen
    )


async def _geojson(call: Call) -> dict[str, Any]:
    return notice_files.geojson_of(call.node, call.who, since=call.query("since"), until=call.query("until"))


async def _read_cap(call: Call) -> dict[str, str]:
    return notice_files.read_cap(call.who, call.body.text)


async def _movements(call: Call) -> list[MovementRow]:
    return movements.movements(call.node, call.who)


async def _plan(call: Call) -> dict[str, str]:
    body: MovementPlan = call.body
    id = await movements.plan(
        call.node, call.who, title=body.title, since=body.since, until=body.until, area=body.area, low=body.low,
        high=body.high,
    )  # fmt: skip
    return {"id": id}


async def _drop(call: Call) -> None:
    await movements.drop(call.node, call.who, call.part("id"))


NOTICES: Final = (
    Route("GET", "/movements", "Our own movements, which stay with us", None, list[MovementRow], _movements),
    Route("POST", "/movements", "Keep a movement of ours in private", MovementPlan, dict[str, str], _plan, 201),
    Route("DELETE", "/movements/{id}", "Take a movement out", None, None, _drop),
    Route("GET", "/notices", "Notices of some days: query since, until, channel", None, NoticesRow, _list),
    Route("GET", "/notices/in-force", "Notices in force, now or at query `at`", None, list[NoticeRow], _in_force),
    Route("GET", "/notices.geojson", "Notices of some days as GeoJSON", None, dict[str, Any], _geojson),
    Route("POST", "/notices/cap", "Read a CAP message: what a notice would say", CapText, dict[str, str], _read_cap),
    Route("POST", "/channels/{channel}/notices", "Give notice", NoticeGive, Sent, _give, 201),
    Route("POST", "/channels/{channel}/notices/check", "Say how it would stand", NoticeGive, CheckedRow, _check),
    Route("GET", _NOTICE, "One notice", None, NoticeRow, _one),
    Route("POST", _NOTICE + "/amend", "Give other words in its place", NoticeAmend, Sent, _amend, 201),
    Route("POST", _NOTICE + "/extend", "Say that it lasts longer", NoticeExtend, Sent, _extend, 201),
    Route("POST", _NOTICE + "/cancel", "Say that it does not take place", Reasoned, Sent, _cancel, 201),
    Route("POST", _NOTICE + "/end", "Say that it is over", NoticeEnd, Sent, _end, 201),
    Route("POST", _NOTICE + "/acknowledge", "Say that it was read", NoticeSeen, Sent, _acknowledge, 201),
)
