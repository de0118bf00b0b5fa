"""The routes about negotiated texts."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, field

from parley import limits
from parley.actions import negotiated, negotiating, text_signing
from parley.actions.negotiating_rows import DifferenceRow, MomentRow, TextRow, WholeRow
from parley.actions.rows import Sent
from parley.api.bodies import Id, Line, Nothing, Strict
from parley.api.route import Call, Route

_TEXTS: Final = "/channels/{channel}/texts"
_TEXT: Final = _TEXTS + r"/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
Words = Annotated[str, Meta(min_length=1, max_length=limits.UNIT_WORDS_CHARS_MAX)]
Said = Annotated[str, Meta(max_length=limits.NOTE_CHARS_MAX)]
Short = Annotated[str, Meta(max_length=80)]


class NewText(Strict):
    """A text to open; `languages` maps each tag to whether our side answers for it, none: the first of each side."""

    title: Line
    form: Short = "text"
    languages: dict[str, bool] = field(default_factory=dict)
    status: Short = ""


class NewUnit(Strict):
    """A part to put in: after a named one, or last under one."""

    level: Short
    words: dict[str, Words]
    under: Short = ""
    after: Short = ""
    reason: Said = ""


class OtherWords(Strict):
    """An alternative's words as they should be, in one language."""

    unit: Id
    alternative: Id
    tag: Short
    words: Annotated[str, Meta(max_length=limits.UNIT_WORDS_CHARS_MAX)]
    reason: Said = ""
    also: bool = True


class Settling(Strict):
    """An act about a part: accept, withdraw, agree, agree-ad-referendum, concordant, take-back, ask-reopen, reopen."""

    unit: Id
    act: Short
    alternative: Short = ""
    digest: Short = ""
    reason: Said = ""


class Moving(Strict):
    """Where a part goes."""

    unit: Id
    under: Short = ""
    after: Short = ""


class Saying(Strict):
    """A comment or a private note beside a part, or the whole text ("")."""

    unit: Short
    text: Annotated[str, Meta(min_length=1, max_length=limits.NOTE_CHARS_MAX)]


class Digest(Strict):
    """The digest of a text or of a fallback."""

    digest: Id


class SigningText(Strict):
    """What is signed, in which office, by which full powers; grade: initialled, signed-ad-referendum, signed."""

    grade: Short
    digest: Id
    office: Line
    powers: Said


def _at(call: Call) -> tuple[str, str]:
    return call.part("channel"), f"text/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _texts(call: Call) -> list[TextRow]:
    return negotiated.texts(call.node, call.who, call.part("channel"))


async def _open(call: Call) -> Sent:
    body: NewText = call.body
    return await negotiating.open_text(
        call.node, call.who, call.part("channel"), title=body.title, form=body.form, status=body.status,
        languages=tuple(body.languages.items()),
    )  # fmt: skip


async def _text(call: Call) -> WholeRow:
    return negotiated.text(
        call.node, call.who, *_at(call), first=call.count("first", 0, limits.TEXT_UNITS_MAX),
        count=call.count("count", limits.TEXT_UNITS_SHOWN, limits.TEXT_UNITS_MAX), then=call.query("then"),
    )  # fmt: skip


async def _moments(call: Call) -> list[MomentRow]:
    return negotiated.moments(call.node, call.who, *_at(call))


async def _compare(call: Call) -> list[DifferenceRow]:
    before, after = call.query("before"), call.query("after")
    return negotiated.compare(call.node, call.who, *_at(call), before=before, after=after)


async def _add(call: Call) -> Sent:
    body: NewUnit = call.body
    return await negotiating.add_unit(
        call.node, call.who, *_at(call), level=body.level, words=body.words, under=body.under, after=body.after,
        reason=body.reason,
    )  # fmt: skip


async def _propose(call: Call) -> Sent:
    body: OtherWords = call.body
    return await negotiating.propose(
        call.node, call.who, *_at(call), body.unit, body.alternative, tag=body.tag, words=body.words,
        reason=body.reason, also=body.also,
    )  # fmt: skip


async def _render(call: Call) -> Sent:
    body: OtherWords = call.body
    return await negotiating.render(
        call.node, call.who, *_at(call), body.unit, body.alternative, tag=body.tag, words=body.words
    )


async def _settle(call: Call) -> Sent:
    body: Settling = call.body
    return await negotiating.settle(
        call.node, call.who, *_at(call), body.unit, body.act, alternative=body.alternative, digest=body.digest,
        reason=body.reason,
    )  # fmt: skip


async def _move(call: Call) -> Sent:
    body: Moving = call.body
    return await negotiating.move(call.node, call.who, *_at(call), body.unit, under=body.under, after=body.after)


async def _comment(call: Call) -> Sent:
    return await negotiating.comment(call.node, call.who, *_at(call), call.body.unit, text=call.body.text)


async def _note(call: Call) -> None:
    await negotiating.note(call.node, call.who, *_at(call), call.body.unit, text=call.body.text)


async def _fallback(call: Call) -> Sent:
    return await negotiating.propose_fallback(call.node, call.who, *_at(call))


async def _agree_fallback(call: Call) -> Sent:
    return await negotiating.agree_fallback(call.node, call.who, *_at(call), call.body.digest)


async def _sign(call: Call) -> Sent:
    body: SigningText = call.body
    return await text_signing.sign(
        call.node, call.who, *_at(call), body.grade, digest=body.digest, office=body.office, powers=body.powers
    )


async def _take_back(call: Call) -> Sent:
    return await text_signing.take_back(call.node, call.who, *_at(call))


TEXTS: Final = (
    Route("GET", _TEXTS, "The texts of a channel, with who holds what open", None, list[TextRow], _texts),
    Route("POST", _TEXTS, "Open a text", NewText, Sent, _open, 201),
    Route("GET", _TEXT, "One text, now or at an earlier moment (?then=)", None, WholeRow, _text),
    Route("GET", _TEXT + "/moments", "The latest entries about it", None, list[MomentRow], _moments),
    Route("GET", _TEXT + "/compare", "What changed (?before=&after=)", None, list[DifferenceRow], _compare),
    Route("POST", _TEXT + "/units", "Put a part in", NewUnit, Sent, _add, 201),
    Route("POST", _TEXT + "/propose", "Propose other words", OtherWords, Sent, _propose, 201),
    Route("POST", _TEXT + "/render", "Give an alternative in our language", OtherWords, Sent, _render, 201),
    Route("POST", _TEXT + "/settle", "Accept, withdraw, agree, reopen or mark", Settling, Sent, _settle, 201),
    Route("POST", _TEXT + "/move", "Put a part elsewhere", Moving, Sent, _move, 201),
    Route("POST", _TEXT + "/comments", "Say something that both sides read", Saying, Sent, _comment, 201),
    Route("POST", _TEXT + "/notes", "Keep a note that only our side reads", Saying, None, _note),
    Route("POST", _TEXT + "/fallback", "Propose to keep it as it is now", Nothing, Sent, _fallback, 201),
    Route("POST", _TEXT + "/fallback/agree", "Agree to a fallback", Digest, Sent, _agree_fallback, 201),
    Route("POST", _TEXT + "/sign", "Initial or sign it without a passkey", SigningText, Sent, _sign, 201),
    Route("POST", _TEXT + "/take-back", "Take our signature back", Nothing, Sent, _take_back, 201),
)
