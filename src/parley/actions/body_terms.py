"""The glossary of a body that both sides keep: put a term, agree to theirs, take ours back, look at it.

Owns: rights, the rows, the pairs of words. Does not own: when a term stands (subjects/talks/glossary.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.talk_rows import TermRow
from parley.actions.who import Who, need
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.summaries import summaries
from parley.subjects.talks import BodyView, glossary

_WRITES = frozenset(("release", "translate"))  # who speaks for the side, and its interpreters


async def put_term(node: NodePort, who: Who, subject: str, *, words: Mapping[str, str], note: str = "") -> Sent:
    """Put a term, a word by language; raises Refused `talks.words` without words in two languages."""
    view = _view(node, who, subject)
    said = {tag: make_text(text).strip() for tag, text in words.items() if text.strip()}
    if len(said) < 2:
        raise Refused("talks.words", "a term needs its words in two languages of the body")
    return await write(node, who, glossary.put(subject, said, make_text(note).strip()), status=view.status)


async def settle_term(node: NodePort, who: Who, subject: str, act: str, term: str) -> Sent:
    """Agree to a term of the other side, or withdraw ours; `term` is its id."""
    view = _view(node, who, subject)
    found = next((one.ref for one in view.terms if one.ref.id == term), None)
    if found is None or act not in ("agree", "withdraw"):
        raise Refused("talks.unknown", "there is no such term in this glossary")
    fact = (glossary.agree if act == "agree" else glossary.withdraw)(subject, found)
    return await write(node, who, fact, status=view.status)


def may_write(who: Who) -> bool:
    """Say whether this person may write in a glossary of both sides."""
    return bool(_WRITES & who.rights)


def term_rows(node: NodePort, who: Who, view: BodyView) -> tuple[TermRow, ...]:
    """Give the terms that stand, those both agreed to first, each in the order they came."""
    us, open_now = node.identity.ours.side, view.state not in ("declined", "withdrawn", "ended")
    rows = [
        TermRow(
            id=one.ref.id, ours=one.side == us, name=person_name(node, one.side, one.person)[0], at=one.at,
            words=one.words, note=one.note, agreed=bool(one.agreed),
            may="" if one.agreed or not open_now or not may_write(who) else "withdraw" if one.side == us else "agree",
        )
        for one in view.terms if not one.withdrawn
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: not row.agreed))


def pairs_of_channel(node: NodePort, channel: str) -> Iterator[tuple[str, str]]:
    """Give the pairs of words of every glossary that both sides keep of a body that speaks in this channel."""
    for one in summaries(node.store, "body", "line"):
        view = node.book.view("line", one.subject) if one.words["own"] == channel else None
        for term in view.terms if isinstance(view, BodyView) else ():
            if not term.withdrawn:
                yield from zip((text for _, text in term.words[:-1]), (text for _, text in term.words[1:]), strict=True)


def _view(node: NodePort, who: Who, subject: str) -> BodyView:
    if not may_write(who):
        need(who, "release")
    view = node.book.view("line", subject)
    if not isinstance(view, BodyView):
        raise Refused("talks.unknown", f'there is no body "{subject[:100]}"')
    return view
