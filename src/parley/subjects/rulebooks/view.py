"""A document of the rule book as both nodes see it, folded from its acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from parley.record.names import Ref
from parley.subjects.acts import Act

State = Literal["proposed", "adopted", "declined", "withdrawn", "ended"]
Texts = Mapping[str, str]
"""One text in each language of the document, by tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article; `lead_hours` says how long beforehand notice of a kind is due under it."""

    number: str
    title: Texts
    text: Texts
    lead_hours: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal: what it says, its form as a question, and the form that takes it back."""

    code: str
    phrase: Texts
    question: Texts
    cancel: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookView:
    """One version of one document.

    Attributes:
        state: proposed · adopted (by the other side, for good) · declined · withdrawn · ended (a side left it).
        settled_at, settled_by: When it came to that state, and who of which side said so; "" while proposed.
    """

    subject: str
    side: str
    person: str
    status: str
    at: str
    id: str
    version: int
    title: Texts
    note: Texts
    articles: tuple[Article, ...]
    signals: tuple[Signal, ...]
    state: State
    settled_at: str
    settled_by: str
    settled_side: str
    reason: str
    ref: Ref

    def article(self, number: str) -> Article | None:
        """Give one article."""
        return next((one for one in self.articles if one.number == number), None)

    def signal(self, code: str) -> Signal | None:
        """Give one signal."""
        return next((one for one in self.signals if one.code == code), None)


def fold(acts: tuple[Act, ...]) -> RulebookView | None:
    """Give the view of a document; None if its proposal is not among the acts."""
    if not acts or acts[0].entry.kind != "rulebook.proposed":
        return None
    entry = acts[0].entry
    body = entry.body
    state, settling = _state(acts)
    return RulebookView(
        subject=entry.subject,
        side=entry.side,
        person=entry.person,
        status=entry.status,
        at=entry.at,
        id=cast(str, body["id"]),
        version=cast(int, body["version"]),
        title=cast(Texts, body["title"]),
        note=cast(Texts, body["note"]),
        articles=tuple(_article(one) for one in cast("list[dict[str, object]]", body["articles"])),
        signals=tuple(_signal(one) for one in cast("list[dict[str, object]]", body["signals"])),
        state=state,
        settled_at=settling.entry.at if settling else "",
        settled_by=settling.entry.person if settling else "",
        settled_side=settling.entry.side if settling else "",
        reason=cast(str, settling.entry.body.get("reason", "")) if settling else "",
        ref=acts[0].ref,
    )


def _state(acts: tuple[Act, ...]) -> tuple[State, Act | None]:
    """An end needs an adoption in its past; an adoption is final against a withdrawal that crossed it."""
    states: tuple[State, ...] = ("ended", "adopted", "withdrawn", "declined")
    for state in states:
        found = next((act for act in acts if act.entry.kind == f"rulebook.{state}"), None)
        if found is not None:
            return state, found
    return "proposed", None


def _article(told: dict[str, object]) -> Article:
    return Article(
        number=cast(str, told["number"]),
        title=cast(Texts, told["title"]),
        text=cast(Texts, told["text"]),
        lead_hours=cast("dict[str, int]", told["lead_hours"]),
    )


def _signal(told: dict[str, object]) -> Signal:
    return Signal(
        code=cast(str, told["code"]),
        phrase=cast(Texts, told["phrase"]),
        question=cast(Texts, told["question"]),
        cancel=cast(Texts, told["cancel"]),
    )
