"""The routes about messages, and about the drafts that become one."""

from __future__ import annotations

from typing import Final

from parley.actions import drafting, messages
from parley.actions.rows import DraftRow, MessageRow, Sent, ThreadPage
from parley.actions.wording import Words
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies
_MESSAGE = r"/channels/{channel}/messages/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
_DRAFT = "/drafts/{draft}"
_ACKNOWLEDGE: Final = "Acknowledge it by name (a FLASH: at a desk, where our side lists passkeys)"
_RELEASE: Final = "Let it cross the line (a FLASH: at a desk, where our side lists passkeys)"


async def _thread(call: Call) -> ThreadPage:
    return messages.thread(
        call.node, call.who, call.part("channel"), before=call.query("before"), count=call.count("count", 50, 200)
    )


def _words(call: Call, channel: str) -> Words:
    body: bodies.Message = call.body
    return Words(
        channel=channel,
        text=body.text,
        language=body.language,
        precedence=body.precedence,
        status=body.status,
        title=body.title,
        order=body.order,
        answers=body.answers,
        attachments=tuple(body.attachments),
    )


async def _send(call: Call) -> Sent:
    return await messages.send_message(call.node, call.who, _words(call, call.part("channel")))


async def _message(call: Call) -> MessageRow:
    return messages.message(call.node, call.who, call.part("channel"), call.subject)


async def _waiting(call: Call) -> list[MessageRow]:
    return messages.waiting(call.node, call.who)


async def _shown(call: Call) -> None:
    await messages.show_message(call.node, call.who, call.part("channel"), call.subject)


async def _acknowledge(call: Call) -> Sent:
    body: bodies.Acknowledgement = call.body
    channel = call.part("channel")
    return await messages.acknowledge(call.node, call.who, channel, call.subject, note=body.note, seen=body.seen)


async def _answer(call: Call) -> Sent:
    channel = call.part("channel")
    return await messages.answer(call.node, call.who, channel, call.subject, _words(call, channel))


async def _correct(call: Call) -> Sent:
    body: bodies.Correction = call.body
    return await messages.correct(
        call.node,
        call.who,
        call.part("channel"),
        call.subject,
        text=body.text,
        language=body.language,
        reason=body.reason,
    )


async def _cancel(call: Call) -> Sent:
    return await messages.cancel(call.node, call.who, call.part("channel"), call.subject, reason=call.body.reason)


async def _translate(call: Call) -> Sent:
    body: bodies.Translation = call.body
    return await messages.translate(
        call.node,
        call.who,
        call.part("channel"),
        call.subject,
        grade=body.grade,
        language=body.language,
        text=body.text,
    )


async def _read_back(call: Call) -> Sent:
    return await messages.read_back(call.node, call.who, call.part("channel"), call.subject, text=call.body.text)


async def _confirm(call: Call) -> Sent:
    body: bodies.ReadBackAnswer = call.body
    return await messages.confirm_read_back(
        call.node, call.who, call.part("channel"), call.subject, good=body.good, text=body.text, seen=body.seen
    )


async def _drafts(call: Call) -> list[DraftRow]:
    return drafting.list_drafts(call.node, call.who, channel=call.query("channel") or None)


async def _draft(call: Call) -> DraftRow:
    return drafting.draft(call.node, call.who, call.part("draft"))


async def _new_draft(call: Call) -> DraftRow:
    return await drafting.save_draft(call.node, call.who, _words(call, call.body.channel))


async def _change_draft(call: Call) -> DraftRow:
    return await drafting.save_draft(call.node, call.who, _words(call, call.body.channel), draft=call.part("draft"))


async def _submit(call: Call) -> DraftRow:
    return await drafting.submit_draft(call.node, call.who, call.part("draft"), note=call.body.note)


async def _review(call: Call) -> DraftRow:
    return await drafting.review_draft(
        call.node, call.who, call.part("draft"), good=call.body.good, note=call.body.note, seen=call.body.seen
    )


async def _release(call: Call) -> Sent:
    return await drafting.release_draft(
        call.node, call.who, call.part("draft"), precedence=call.body.precedence or None, seen=call.body.seen
    )


async def _discard(call: Call) -> None:
    await drafting.discard_draft(call.node, call.who, call.part("draft"))


MESSAGES: Final[tuple[Route, ...]] = (
    Route("GET", "/channels/{channel}/messages", "A page of the thread", None, ThreadPage, _thread),
    Route("POST", "/channels/{channel}/messages", "Send a message (FLASH: use a draft)", B.Message, Sent, _send, 201),
    Route("GET", _MESSAGE, "One message", None, MessageRow, _message),
    Route("POST", _MESSAGE + "/shown", "Say that a desk shows it", B.Nothing, None, _shown),
    Route(
        "POST",
        _MESSAGE + "/acknowledge",
        _ACKNOWLEDGE,
        B.Acknowledgement,
        Sent,
        _acknowledge,
        201,
    ),
    Route("POST", _MESSAGE + "/answer", "Answer it", B.Message, Sent, _answer, 201),
    Route("POST", _MESSAGE + "/correct", "Correct our message", B.Correction, Sent, _correct, 201),
    Route("POST", _MESSAGE + "/cancel", "Cancel our message", B.Reasoned, Sent, _cancel, 201),
    Route("POST", _MESSAGE + "/translations", "Add a translation", B.Translation, Sent, _translate, 201),
    Route("POST", _MESSAGE + "/read-back", "Repeat their order", B.ReadBack, Sent, _read_back, 201),
    Route("POST", _MESSAGE + "/read-back/confirm", "Say whether it was right", B.ReadBackAnswer, Sent, _confirm, 201),
    Route("GET", "/waiting", "The most urgent messages that wait for us (100)", None, list[MessageRow], _waiting),
    Route("GET", "/drafts", "Drafts", None, list[DraftRow], _drafts),
    Route("POST", "/drafts", "Keep a new draft", B.Draft, DraftRow, _new_draft, 201),
    Route("GET", _DRAFT, "One draft", None, DraftRow, _draft),
    Route("PUT", _DRAFT, "Change a draft", B.Draft, DraftRow, _change_draft),
    Route("DELETE", _DRAFT, "Discard a draft", None, None, _discard),
    Route("POST", _DRAFT + "/submit", "Put it up for review", B.Noted, DraftRow, _submit),
    Route("POST", _DRAFT + "/review", "Approve it or send it back", B.Review, DraftRow, _review),
    Route(
        "POST",
        _DRAFT + "/release",
        _RELEASE,
        B.Release,
        Sent,
        _release,
        201,
    ),
)
