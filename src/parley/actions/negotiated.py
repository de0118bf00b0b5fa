"""Negotiated texts, as a person reads them: the list, one text, its moments, and what changed between two of them.

Owns: rights to read, the rows, who holds what open. Does not own: changing (negotiating.py), signing (text_signing.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from parley import limits
from parley.actions import negotiating_rows as rows
from parley.actions.binding import must_sign
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import RefRow
from parley.actions.text_changes import Comparison, unshown
from parley.actions.unit_rows import note_row, ref_row, said_row, unit_row
from parley.actions.who import Who, need_in
from parley.errors import PeerError, Refused
from parley.people import text_notes
from parley.people.text_notes import TextNote
from parley.record.names import LogId
from parley.subjects.texts import Bracket, Piece, TextView, UnitView
from parley.subjects.texts.content import Numbered, ordered, text_digest

_NUMBER: Final = re.compile("[0-9]{1,16}")


def text_view(node: NodePort, channel: str, subject: str) -> TextView:
    """Give a text; raises Refused `texts.unknown`."""
    view = node.book.view(channel, subject)
    if not isinstance(view, TextView):
        raise Refused("texts.unknown", f'there is no text "{subject[:100]}" in {channel[:48]}')
    return view


def unit_view(view: TextView, unit: str) -> UnitView:
    """Give a unit of a text; raises Refused `texts.unit`."""
    if unit not in view.units:
        raise Refused("texts.unit", "there is no such part of the text")
    return view.units[unit]


def text_then(node: NodePort, channel: str, subject: str, then: str) -> TextView:
    """Give a text as it was with an entry, named "log number"; "" for now. Raises Refused `texts.moment`."""
    if not then:
        return text_view(node, channel, subject)
    name, _, number = then.rpartition(" ")
    try:
        log = LogId.read(name)
        view = node.book.view_then(channel, subject, log, int(number)) if _NUMBER.fullmatch(number) else None
    except PeerError:
        view = None
    if not isinstance(view, TextView):
        raise Refused("texts.moment", "there is no such moment of this text")
    return view


def texts(node: NodePort, who: Who, channel: str) -> list[rows.TextRow]:
    """Give the latest texts of a channel, newest first."""
    need_in(node, who, "read", channel)
    found = node.store.recent(channel, ("text.opened",), before=None, count=limits.TEXTS_LISTED)
    views = [node.book.view(channel, row.subject) for row in found if row.verdict == "valid"]
    return [_row(node, view) for view in views if isinstance(view, TextView)]


def text(
    node: NodePort, who: Who, channel: str, subject: str, *, first: int = 0, count: int = limits.TEXT_UNITS_SHOWN,
    then: str = "", whole: bool = False,
) -> rows.WholeRow:  # fmt: skip
    """Give a text with a run of its units, as it is now or was then; shorter where it would be more than a page shows.

    `whole` gives all of it, whatever it costs.
    """
    need_in(node, who, "read", channel)
    view = text_then(node, channel, subject, then)
    found = ordered(view)
    digest = text_digest(view)
    own = text_notes.notes(node.store, channel, subject) if not then else []
    row, us = _row(node, view), node.identity.ours.side
    wanted = found[first : first + count]
    run = wanted if whole else list(_page_of(wanted))
    return rows.WholeRow(
        row=row, digest=digest, first=first, count=len(found), then=then, shortened=len(run) < len(wanted),
        units=tuple(unit_row(node, who, view, one, _of(own, one.unit.name), changing=not then, whole=whole)
                    for one in run),
        headings=tuple((one.unit.name, one.number, one.unit.level) for one in run if not one.unit.gone),
        signatures=tuple(
            rows.SignatureRow(
                grade=one.grade, ours=one.side == us, person_name=person_name(node, one.side, one.person)[0], at=one.at,
                digest=one.digest, office=one.office, powers=one.powers, bound=one.bound, stands=one.stands,
                current=one.digest == digest, ref=ref_row(one.ref),
            ) for one in view.frame.signatures
        ),
        fallbacks=tuple(
            rows.FallbackRow(digest=one.digest, ours=one.side == us, at=one.at, agreed=one.agreed, reason=one.reason,
                             ref=ref_row(one.ref))
            for one in view.frame.fallbacks
        ),
        comments=tuple(said_row(node, one) for one in view.frame.comments),
        notes=tuple(note_row(node, one) for one in _of(own, "")),
        unready=sum(1 for one in found if not one.unit.gone and not one.unit.ready),
        unmarked=sum(1 for one in found if not one.unit.gone and len(one.unit.marked) < 2),
        must_sign=must_sign(node), may=_may(who, view, us, then),
    )  # fmt: skip


def _page_of(found: Iterable[Numbered]) -> Iterator[Numbered]:
    """Give as many units as a page shows: at least one, and no more open alternatives than can be laid out at once."""
    room = limits.TEXT_ALTERNATIVES_SHOWN
    for one in found:
        if room <= 0:
            return
        room -= sum(one.unit.open_of.values())
        yield one


def clean(node: NodePort, who: Who, channel: str, subject: str) -> list[rows.CleanRow]:
    """Give the whole text as it would be signed: every part, with its words in every language once they are clean."""
    need_in(node, who, "read", channel)
    view = text_view(node, channel, subject)
    found = []
    for one in ordered(view):
        words = json.loads(one.unit.words) if one.unit.ready else {}
        columns = tuple((tag, words[tag]) for tag in view.frame.tags if tag in words)
        if not one.unit.gone:
            found.append(rows.CleanRow(number=one.number, level=one.unit.level, depth=one.depth, columns=columns))
    return found


def _may(who: Who, view: TextView, us: str, then: str) -> frozenset[str]:
    found = {"note"} if "draft" in who.rights and not then else set()
    if "release" not in who.rights or then:
        return frozenset(found)
    found |= {"comment"}
    if view.frame.signed:
        return frozenset(found)
    own = view.frame.signature_of(us)
    return frozenset(found | ({"take-signature"} if own else {"change"}) | {"sign", "fallback"})


def _of(own: Iterable[TextNote], unit: str) -> list[TextNote]:
    return [one for one in own if one.unit == unit]


def _row(node: NodePort, view: TextView) -> rows.TextRow:
    us, them, frame = node.identity.ours.side, node.identity.theirs.side, view.frame
    units = [one for one in view.outlines() if one.status != "withdrawn"]
    return rows.TextRow(
        subject=frame.subject, channel=frame.channel, title=frame.title, form=frame.form, status=frame.status,
        at=frame.at, languages=tuple((one.tag, one.side) for one in frame.languages), units=len(units),
        brackets=sum(one.brackets for one in units), ours_open=sum(one.open_of.get(us, 0) for one in units),
        theirs_open=sum(one.open_of.get(them, 0) for one in units),
        agreed=sum(one.status == "agreed" for one in units), signed=frame.signed,
    )  # fmt: skip


# --- moments and differences ------------------------------------------------------------------------------------------


def moments(node: NodePort, who: Who, channel: str, subject: str, *, count: int = 200) -> list[rows.MomentRow]:
    """Give the latest entries about a text, newest first: the moments at which it can be looked at."""
    need_in(node, who, "read", channel)
    text_view(node, channel, subject)
    us = node.identity.ours.side
    found = []
    for log, number in node.store.parts(channel, subject)[-count:]:
        entry = node.book.entry(log, number)
        if entry is not None:
            found.append(
                rows.MomentRow(
                    ref=RefRow(log=log.text, number=number, id=""), at=entry.at, kind=entry.kind,
                    person_name=person_name(node, entry.side, entry.person)[0], ours=entry.side == us,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)


def compare(
    node: NodePort, who: Who, channel: str, subject: str, *, before: str, after: str = ""
) -> list[rows.DifferenceRow]:
    """Give what changed between two moments, unit by unit and word by word; units that are the same are left out."""
    need_in(node, who, "read", channel)
    then, now = text_then(node, channel, subject, before), text_then(node, channel, subject, after)
    earlier = {one.unit.name: one for one in ordered(then)}
    later = ordered(now)
    gone = [one for name, one in earlier.items() if name not in now.units]
    by = Comparison()
    found = [_difference(by, then, earlier.get(one.unit.name), now, one) for one in later]
    found += [_difference(by, then, one, now, None) for one in gone]
    return [one for one in found if one is not None]


def _difference(
    by: Comparison, then: TextView, before: Numbered | None, now: TextView, after: Numbered | None
) -> rows.DifferenceRow | None:
    one = after or before
    if one is None or _same(before, after):
        return None
    columns = tuple((tag, _runs(by, then, before, now, after, tag)) for tag in now.frame.tags)
    moved = bool(before and after and before.unit[2:5] != after.unit[2:5])
    same = all(mark == "=" for _, runs in columns for mark, _ in runs)
    status = tuple(each.unit.status if each else "" for each in (before, after))
    if same and not moved and status[0] == status[1]:
        return None
    return rows.DifferenceRow(
        name=one.unit.name, number=one.number, level=one.unit.level, before=status[0], after=status[1], moved=moved,
        columns=columns,
    )  # fmt: skip


def _same(before: Numbered | None, after: Numbered | None) -> bool:
    """Say whether a unit's words, place and status are those it had; its number may be another."""
    return (
        before is not None
        and after is not None
        and before.unit[1:7] + before.unit[11:] == after.unit[1:7] + after.unit[11:]
    )


def _runs(
    by: Comparison, then: TextView, before: Numbered | None, now: TextView, after: Numbered | None, tag: str
) -> tuple[tuple[str, str], ...]:
    if by.spent:  # so many words are not even written out: a peer may put a gigabyte into one text
        return unshown(_content(then, before, tag) == _content(now, after, tag))
    return tuple(by.runs(_flat(then, before, tag), _flat(now, after, tag)))


def _content(view: TextView, one: Numbered | None, tag: str) -> tuple[Piece, ...]:
    return () if one is None else view.units[one.unit.name].content.get(tag, ())


def _flat(view: TextView, one: Numbered | None, tag: str) -> str:
    return bracketed(_content(view, one, tag))


def bracketed(content: Iterable[Piece]) -> str:
    """Give words with their brackets written out: `[ten days / five days]`."""
    return "".join(piece if isinstance(piece, str) else _written(piece) for piece in content)


def _written(bracket: Bracket) -> str:
    options = (bracketed(one.content) or ("…" if one.missing else "—") for one in bracket.options)
    return f"[{' / '.join(options)}]"
