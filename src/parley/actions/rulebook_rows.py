"""What the actions hand out about the rule book: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from parley.actions.rows import RefRow


class ArticleRow(Struct, frozen=True, kw_only=True):
    """One article of an adopted document, for a pick-list; `cite` is what a notice or a report names."""

    cite: str  # document/version/number
    book: str
    version: int
    number: str
    book_title: str  # in our first language, where the document has it
    title: str
    text: str
    lead_hours: Mapping[str, int]


class SignalRow(Struct, frozen=True, kw_only=True):
    """One signal of an adopted document: its three forms in every language, by tag."""

    book: str
    version: int
    code: str
    phrase: Mapping[str, str]
    question: Mapping[str, str]
    cancel: Mapping[str, str]


class ArticleTextRow(Struct, frozen=True, kw_only=True):
    """One article in every language of its document, by tag."""

    number: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    lead_hours: Mapping[str, int]


class RulebookRow(Struct, frozen=True, kw_only=True):
    """One version of one document. state: proposed | adopted | declined | withdrawn | ended."""

    subject: str
    id: str
    version: int
    title: Mapping[str, str]
    note: Mapping[str, str]
    articles: tuple[ArticleTextRow, ...]
    signals: tuple[SignalRow, ...]
    state: str
    in_force: bool  # adopted, and no later version of it is
    ours: bool  # we proposed it
    by_name: str
    at: str
    settled_at: str
    settled_by: str  # name
    reason: str
    status: str
    on_their_disk: str | None
    ref: RefRow
    may: frozenset[str] = frozenset()  # of: adopt decline withdraw end
