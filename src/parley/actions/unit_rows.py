"""From a unit's view to the row a page shows: names, words for editing, and what the asking person may do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from parley import limits
from parley.actions.negotiating_rows import AlternativeRow, ColumnRow, SaidRow, UnitRow
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import RefRow
from parley.actions.who import Who
from parley.people.text_notes import TextNote
from parley.record.names import Ref
from parley.subjects.texts import Alternative, Bracket, Piece, TextView, UnitView
from parley.subjects.texts.content import Numbered
from parley.subjects.texts.editing import shown_words
from parley.subjects.texts.unit_view import Said
from parley.times import Moment, moment_text

_OPTION_CHARS: Final = 100  # what an option costs a page beside its words


def ref_row(ref: Ref) -> RefRow:
    """Give a reference as pages and programs carry it."""
    return RefRow(log=ref.log.text, number=ref.number, id=ref.id)


def said_row(node: NodePort, one: Said, *, current: str = "") -> SaidRow:
    """Give an agreement, a request or a comment; `current` is the digest of the words as they are."""
    return SaidRow(
        ours=one.side == node.identity.ours.side, person_name=person_name(node, one.side, one.person)[0], at=one.at,
        text=one.text, language=one.language, grade=one.grade, stands=one.stands, ref=ref_row(one.ref),
        current=not one.digest or one.digest == current,
    )  # fmt: skip


def note_row(node: NodePort, one: TextNote) -> SaidRow:
    """Give a private note of our side."""
    return SaidRow(
        ours=True, person_name=person_name(node, node.identity.ours.side, one.by)[0], at=moment_text(Moment(one.at)),
        text=one.text, language="", grade="", stands=True, ref=None,
    )  # fmt: skip


def unit_row(
    node: NodePort, who: Who, view: TextView, one: Numbered, notes: Iterable[TextNote], *, changing: bool, whole: bool
) -> UnitRow:
    """Give one unit; `changing` is False for a text as it was at an earlier moment, `whole` for more than a page."""
    unit, us = view.units[one.unit.name], node.identity.ours.side
    open_ = changing and "release" in who.rights and not view.frame.signed and unit.status != "withdrawn"
    open_ = open_ and view.frame.signature_of(us) is None
    sides = {language.tag: language.side for language in view.frame.languages}
    return UnitRow(
        name=unit.name, number=one.number, level=unit.level, depth=one.depth, status=unit.status, final=unit.final,
        gone=unit.gone, ours=unit.side == us, brackets=unit.brackets,
        columns=tuple(_column(unit, tag, ours=sides[tag] == us, whole=whole) for tag in sides),
        alternatives=_alternatives(node, unit, us, sides, open_),
        agreements=tuple(said_row(node, each, current=unit.digest) for each in unit.agreements),
        asked=tuple(said_row(node, each) for each in unit.asked),
        concordant_ours=us in unit.concordant, concordant_theirs=any(side != us for side in unit.concordant),
        comments=tuple(said_row(node, each) for each in unit.comments),
        notes=tuple(note_row(node, each) for each in notes), elsewhere=len(unit.elsewhere), crossed=len(unit.crossed),
        digest=unit.digest, ref=ref_row(unit.ref), may=_may(unit, us, open_),
    )  # fmt: skip


def _column(unit: UnitView, tag: str, *, ours: bool, whole: bool) -> ColumnRow:
    content, shortened = unit.content.get(tag, ()), False
    if not whole:
        content, shortened = shorten(content, limits.TEXT_COLUMN_CHARS_SHOWN)
    missing = tag not in unit.alternatives[unit.name].changes
    return ColumnRow(tag=tag, ours=ours, content=content, missing=missing, shortened=shortened)


def shorten(content: tuple[Piece, ...], room: int) -> tuple[tuple[Piece, ...], bool]:
    """Give the beginning of what a unit says, and whether anything was left out: options with their words, in order."""
    left, cut = room, False

    def lay(found: tuple[Piece, ...]) -> tuple[Piece, ...]:
        nonlocal left, cut
        kept: list[Piece] = []
        for piece in found:
            if left <= 0:
                cut = True
                break
            if isinstance(piece, str):
                cut = cut or len(piece) > left
                kept.append(piece[:left])
                left -= len(piece)
            else:
                options = []
                for option in piece.options:
                    if left <= 0:
                        cut = True
                        break
                    left -= _OPTION_CHARS
                    options.append(replace(option, content=lay(option.content)))
                kept.append(Bracket(options=tuple(options)))
        return tuple(kept)

    return lay(content), cut


def _alternatives(
    node: NodePort, unit: UnitView, us: str, sides: dict[str, str], open_: bool
) -> tuple[AlternativeRow, ...]:
    numbers = {name: number for number, name in enumerate(unit.alternatives, 1)}
    return tuple(
        AlternativeRow(
            name=one.name, number=numbers[one.name], ours=one.side == us,
            person_name=person_name(node, one.side, one.person)[0], at=one.at, reason=one.reason, state=one.state,
            base=numbers.get(one.base, 0), ref=ref_row(one.ref),
            words=tuple((tag, shown_words(unit.alternatives, one.name, tag)) for tag in sides if tag in one.changes),
            missing=tuple(tag for tag in one.renders if tag not in one.changes),
            may=frozenset(_alternative_may(one, unit, us, sides) if open_ and not unit.final else ()),
        )
        for one in unit.alternatives.values()
    )  # fmt: skip


def _alternative_may(one: Alternative, unit: UnitView, us: str, sides: dict[str, str]) -> list[str]:
    found = []
    if one.alive and any(sides[tag] == us for tag in one.changes):
        found.append("propose")
    if one.alive and any(sides.get(tag) == us and tag not in one.changes for tag in one.renders):
        found.append("render")
    if one.state == "open":
        found.append("withdraw" if one.side == us else "accept")
    return found


def _may(unit: UnitView, us: str, open_: bool) -> frozenset[str]:
    if not open_:
        return frozenset()
    own = unit.agreement_of(us)
    agreed = own is not None and own.digest == unit.digest
    found = {"comment"}
    if unit.digest and us not in unit.concordant:
        found.add("concordant")
    if unit.digest and not (agreed and own is not None and own.grade == "agreed"):
        found.add("agree")
    if unit.digest and not agreed:
        found.add("agree-ad-referendum")
    if own is not None and not (unit.final and own.grade == "agreed"):
        found.add("take-back")
    if unit.final:
        found.add("reopen" if any(one.side != us for one in unit.asked) else "ask-reopen")
    elif not agreed:
        found |= {"move", "add"}
    return frozenset(found)
