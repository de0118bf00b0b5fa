"""The routes about the rule book and its signals, and the shapes of their requests."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from parley.actions import rulebooks, signals
from parley.actions.rows import Sent
from parley.actions.rulebook_rows import ArticleRow, RulebookRow, SignalRow
from parley.api.bodies import Nothing, Reasoned, Strict, Text
from parley.api.route import Call, Route

_BOOK: Final = r"/rulebook/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


class Document(Strict):
    """A document to propose, as JSON text (docs/protocol/rulebook.md)."""

    document: Text
    status: Annotated[str, Meta(max_length=20)] = ""


class SignalSend(Strict):
    """A signal to send: `KC1` says it, `KC1?` asks, `KC1-` takes it back."""

    code: Annotated[str, Meta(min_length=1, max_length=20)]
    precedence: Annotated[str, Meta(max_length=20)] = "PRIORITY"
    status: Annotated[str, Meta(max_length=20)] = ""


def _subject(call: Call) -> str:
    return f"rulebook/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _list(call: Call) -> list[RulebookRow]:
    return rulebooks.documents(call.node, call.who)


async def _articles(call: Call) -> list[ArticleRow]:
    return rulebooks.articles(call.node, call.who)


async def _signals(call: Call) -> list[SignalRow]:
    return signals.signals(call.node, call.who)


async def _one(call: Call) -> RulebookRow:
    return rulebooks.document(call.node, call.who, _subject(call))


async def _example(call: Call) -> dict[str, str]:
    return {"document": rulebooks.example(call.who, call.part("name"))}


async def _propose(call: Call) -> Sent:
    return await rulebooks.propose(call.node, call.who, call.body.document, status=call.body.status)


async def _adopt(call: Call) -> Sent:
    return await rulebooks.adopt(call.node, call.who, _subject(call))


async def _decline(call: Call) -> Sent:
    return await rulebooks.decline(call.node, call.who, _subject(call), reason=call.body.reason)


async def _withdraw(call: Call) -> Sent:
    return await rulebooks.withdraw(call.node, call.who, _subject(call), reason=call.body.reason)


async def _end(call: Call) -> Sent:
    return await rulebooks.end(call.node, call.who, _subject(call), reason=call.body.reason)


async def _send(call: Call) -> Sent:
    body: SignalSend = call.body
    return await signals.send_signal(
        call.node, call.who, call.part("channel"), body.code, precedence=body.precedence, status=body.status
    )


RULEBOOK: Final = (
    Route("GET", "/rulebook", "The documents of the rule book", None, list[RulebookRow], _list),
    Route("GET", "/rulebook/articles", "The articles in force, to cite one", None, list[ArticleRow], _articles),
    Route("GET", "/rulebook/signals", "The signals in force", None, list[SignalRow], _signals),
    Route("GET", "/rulebook/examples/{name}", "A document that comes with the program", None, dict[str, str], _example),
    Route("POST", "/rulebook", "Propose a document", Document, Sent, _propose, 201),
    Route("GET", _BOOK, "One document", None, RulebookRow, _one),
    Route("POST", _BOOK + "/adopt", "Adopt the other side's document", Nothing, Sent, _adopt, 201),
    Route("POST", _BOOK + "/decline", "Decline it", Reasoned, Sent, _decline, 201),
    Route("POST", _BOOK + "/withdraw", "Withdraw our proposal", Reasoned, Sent, _withdraw, 201),
    Route("POST", _BOOK + "/end", "Leave an adopted document", Reasoned, Sent, _end, 201),
    Route("POST", "/channels/{channel}/signals", "Send a signal as a message", SignalSend, Sent, _send, 201),
)
