"""What the documents in force say: lead times of notices, articles that are cited, phrases of signals.

Owns: which version of a document is in force; how a message that is a signal is told from other words.
Does not own: rights (rulebooks.py, signals.py).
Always true:
  1. A document is in force if it is adopted and no later version of it is; an ended one is not.
  2. A message counts as a signal only if its words are, to the letter, a phrase of a document that both sides adopted:
     so its rendering in another language is one they agreed to, whoever sent it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.actions.ports import NodePort
from parley.actions.rows import TranslationRow
from parley.subjects.messages import MessageView
from parley.subjects.notices.facts import Basis
from parley.subjects.rulebooks import Article, RulebookView, Signal

FORMS: Final = {"phrase": "", "question": "?", "cancel": "-"}
_SIGNAL: Final = re.compile(rf"\[([A-Z0-9]{{1,{limits.RULEBOOK_CODE_CHARS_MAX}}})([?-]?)\] (.+)", re.DOTALL)


def views(node: NodePort) -> list[RulebookView]:
    """Give the latest documents in whatever state, newest first."""
    rows = node.store.recent("line", ("rulebook.proposed",), before=None, count=limits.RULEBOOKS_LOOKED_AT)
    found = [node.book.view("line", row.subject) for row in rows if row.verdict == "valid"]
    return [view for view in found if isinstance(view, RulebookView)]


def forces(known: list[RulebookView]) -> list[RulebookView]:
    """Of each id the highest adopted version; of two with one number, the one proposed later in the order of views."""
    found: dict[str, RulebookView] = {}
    for view in known:  # newest first
        if view.state == "adopted" and (view.id not in found or view.version > found[view.id].version):
            found[view.id] = view
    return [found[id] for id in sorted(found)]


def in_force(node: NodePort) -> list[RulebookView]:
    """Give the documents in force, each in its one version, by id."""
    return forces(views(node))


def best(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    """Give a text in the first of these languages that it has, also if only the script differs; else any."""
    for language in languages:
        for tag, text in texts.items():
            if tag == language or tag.partition("-")[0] == language.partition("-")[0]:
                return text
    return next(iter(texts.values()))


@dataclass(frozen=True, slots=True)
class Due:
    """How many hours beforehand notice is due, and which article says so."""

    hours: int
    book: str
    version: int
    article: str
    title: str


class Leads:
    """The lead times of the documents in force, read once for one page."""

    def __init__(self, node: NodePort) -> None:
        self._languages = tuple(node.identity.ours.languages)
        self._books = in_force(node)
        self._known = {(one.id, one.version): one for one in views(node) if one.state in ("adopted", "ended")}

    def due(self, what: str, basis: Basis) -> Due | None:
        """Give the lead time of a kind of notice: that of the article it rests on; else the longest of all in force."""
        book = self._known.get((basis.book, basis.version)) if basis.book else None
        cited = book.article(basis.article) if book else None
        if book is not None and cited is not None and what in cited.lead_hours:
            return self._made(what, book, cited)
        found = [self._made(what, one, article) for one in self._books for article in one.articles
                 if what in article.lead_hours]  # fmt: skip
        return max(found, key=lambda due: due.hours, default=None)

    def adopted(self, basis: Basis) -> bool:
        """Say whether a notice names an article that both sides adopted, now or before."""
        book = self._known.get((basis.book, basis.version))
        return book is not None and book.article(basis.article) is not None

    def basis(self, basis: Basis) -> str:
        """Give a basis in words."""
        if not basis.book:
            return basis.text
        book = self._known.get((basis.book, basis.version))
        article = book.article(basis.article) if book else None
        if book is None or article is None:
            return f"{basis.book} {basis.version}, {basis.article}"
        return f"{best(book.title, self._languages)}, {article.number}: {best(article.title, self._languages)}"

    def _made(self, what: str, book: RulebookView, article: Article) -> Due:
        title = f"{best(book.title, self._languages)}, {article.number}"
        return Due(article.lead_hours[what], book.id, book.version, article.number, title)


def cited(node: NodePort, document: str, number: str) -> str:
    """Give an article in words, where its document is named as `id/version` and both sides adopted it; else ""."""
    book, _, version = document.partition("/")
    if not (version.isascii() and version.isdigit() and len(version) < 6):
        return ""
    basis, leads = Basis(book=book, version=int(version), article=number), Leads(node)
    return leads.basis(basis) if leads.adopted(basis) else ""


def signal_text(signal: Signal, form: str, language: str) -> str:
    """Give the words of a message that is a signal: the code with its form, and the phrase."""
    return f"[{signal.code}{FORMS[form]}] {phrase_of(signal, form)[language]}"


def phrase_of(signal: Signal, form: str) -> Mapping[str, str]:
    """Give one form of a signal in every language."""
    return {"phrase": signal.phrase, "question": signal.question, "cancel": signal.cancel}[form]


def renderings(node: NodePort, view: MessageView) -> tuple[TranslationRow, ...]:
    """Give a signal's phrase in the other languages of its document; nothing for any other message."""
    hit = _SIGNAL.fullmatch(view.text)
    if hit is None:
        return ()
    form = next(name for name, mark in FORMS.items() if mark == hit[2])
    for book in views(node):
        signal = book.signal(hit[1]) if book.state in ("adopted", "ended") else None
        texts = phrase_of(signal, form) if signal else {}
        if signal is not None and texts.get(view.language) == hit[3]:
            by = f"{best(book.title, node.identity.ours.languages)}, {book.version}"
            return tuple(
                TranslationRow(
                    grade="official", language=tag, text=signal_text(signal, form, tag), by="", by_name=by,
                    at=book.settled_at, ours=False,
                )
                for tag in texts if tag != view.language
            )  # fmt: skip
    return ()
