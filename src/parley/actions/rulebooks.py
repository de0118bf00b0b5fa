"""The rule book, as a person has it: propose a document, adopt, decline, withdraw or end one; cite an article.

Owns: rights, the pick-list of articles, the rows.
Does not own: which facts are allowed (subjects/rulebooks/), what is in force (rulebook_reading.py), signals sent as
messages (signals.py).
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Final, cast

from parley import limits
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.rulebook_reading import best, forces, in_force, views
from parley.actions.rulebook_rows import ArticleRow, ArticleTextRow, RulebookRow, SignalRow
from parley.actions.sending import write
from parley.actions.showing import delivery_of, ref_row
from parley.actions.who import Who, need
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.subjects.rulebooks import RulebookView
from parley.subjects.rulebooks import facts as said

EXAMPLES: Final = ("sea-air", "notice-times")


async def propose(node: NodePort, who: Who, document: str, *, status: str = "") -> Sent:
    """Propose a document, given as JSON (docs/protocol/rulebook.md); raises Refused `rulebook.document`, `.version`."""
    need(who, "channels")
    if len(document.encode()) > limits.ENTRY_BYTES_MAX:
        raise Refused("rulebook.document", f"a document is one entry: at most {limits.ENTRY_BYTES_MAX} bytes")
    try:
        told = _made(json.loads(document))
        said.read_document(Reader(told, "$"))
    except PeerError as fault:
        raise Refused("rulebook.document", fault.sentence) from None
    except (ValueError, RecursionError):
        raise Refused("rulebook.document", "this is not JSON") from None
    body = cast("dict[str, JsonValue]", told)
    newest = max((one.version for one in views(node) if one.id == body["id"] and one.state == "adopted"), default=0)
    if cast(int, body["version"]) <= newest:
        raise Refused("rulebook.version", f"version {newest} of it is adopted: give the next one a higher number")
    return await write(node, who, said.propose(body), status=status)


async def adopt(node: NodePort, who: Who, subject: str) -> Sent:
    """Adopt the other side's document, to the letter."""
    view = _view(node, who, "channels", subject)
    return await write(node, who, said.adopt(subject, view.ref), status=view.status)


async def decline(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """Say that we do not adopt it."""
    view = _view(node, who, "channels", subject)
    return await write(node, who, said.decline(subject, view.ref, _reason(reason)), status=view.status)


async def withdraw(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """Take back a proposal of ours."""
    view = _view(node, who, "channels", subject)
    return await write(node, who, said.withdraw(subject, view.ref, _reason(reason)), status=view.status)


async def end(node: NodePort, who: Who, subject: str, *, reason: str) -> Sent:
    """Leave an adopted document: from now on it is not in force."""
    view = _view(node, who, "channels", subject)
    return await write(node, who, said.end(subject, view.ref, _reason(reason)), status=view.status)


def documents(node: NodePort, who: Who) -> list[RulebookRow]:
    """Give the latest documents, those in force first, then what waits for an answer."""
    need(who, "state")
    known = views(node)
    rows = [_row(node, who, view, known) for view in known]
    order = {"adopted": 1, "proposed": 2}
    return sorted(rows, key=lambda row: (not row.in_force, order.get(row.state, 3), row.id, -row.version))


def document(node: NodePort, who: Who, subject: str) -> RulebookRow:
    """Give one document."""
    return _row(node, who, _view(node, who, "state", subject), views(node))


def articles(node: NodePort, who: Who) -> list[ArticleRow]:
    """Give the articles of all documents in force, to cite one: in our first language, where a document has it."""
    need(who, "state")
    languages = node.identity.ours.languages
    return [
        ArticleRow(
            cite=f"{book.id}/{book.version}/{one.number}", book=book.id, version=book.version, number=one.number,
            book_title=best(book.title, languages), title=best(one.title, languages), text=best(one.text, languages),
            lead_hours=one.lead_hours,
        )
        for book in in_force(node)
        for one in book.articles
    ]  # fmt: skip


def example(who: Who, name: str) -> str:
    """Give one of the documents that come with the program, as JSON, to propose as it is or after changes."""
    need(who, "state")
    if name not in EXAMPLES:
        raise Refused("rulebook.example", f"the examples are {', '.join(EXAMPLES)}")
    return resources.files("parley.actions").joinpath("rulebooks_data", f"{name}.json").read_text("utf-8")


# --- inside -----------------------------------------------------------------------------------------------------------


def _view(node: NodePort, who: Who, right: str, subject: str) -> RulebookView:
    need(who, right)
    view = node.book.view("line", subject)
    if not isinstance(view, RulebookView):
        raise Refused("rulebook.unknown", f'there is no document "{subject[:100]}"')
    return view


def _made(value: Any) -> Any:
    """Make every text of a document fit for an entry, as `make_text` does for one."""
    if isinstance(value, str):
        return make_text(value)
    if isinstance(value, list):
        return [_made(one) for one in value]
    return {make_text(name): _made(one) for name, one in value.items()} if isinstance(value, dict) else value


def _reason(reason: str) -> str:
    words = make_text(reason).strip()
    if not words:
        raise Refused("rulebook.reason", "say why: the other side sees it")
    return words


def signal_rows(book: RulebookView) -> tuple[SignalRow, ...]:
    """Give the signals of a document."""
    return tuple(
        SignalRow(
            book=book.id, version=book.version, code=one.code, phrase=one.phrase, question=one.question,
            cancel=one.cancel,
        )
        for one in book.signals
    )  # fmt: skip


def _row(node: NodePort, who: Who, view: RulebookView, known: list[RulebookView]) -> RulebookRow:
    us = node.identity.ours.side
    return RulebookRow(
        subject=view.subject, id=view.id, version=view.version, title=view.title, note=view.note,
        articles=tuple(
            ArticleTextRow(number=one.number, title=one.title, text=one.text, lead_hours=one.lead_hours)
            for one in view.articles
        ),
        signals=signal_rows(view), state=view.state, in_force=view in forces(known), ours=view.side == us,
        by_name=person_name(node, view.side, view.person)[0], at=view.at, settled_at=view.settled_at,
        settled_by=person_name(node, view.settled_side, view.settled_by)[0] if view.settled_by else "",
        reason=view.reason, status=view.status, on_their_disk=delivery_of(node, view.ref, view.at),
        ref=ref_row(view.ref), may=frozenset(_may(view, view.side == us, who)),
    )  # fmt: skip


def _may(view: RulebookView, ours: bool, who: Who) -> list[str]:
    if "channels" not in who.rights:
        return []
    if view.state == "adopted":
        return ["end"]
    if view.state != "proposed":
        return []
    return ["withdraw"] if ours else ["adopt", "decline"]
