"""Commitments, as a person has them: take one from words, answer one, say our view of it; the register.

Owns: rights (who speaks for the side: `release`), what is due by the clock, what the asking person may do.
Does not own: what is allowed (subjects/commitments/), where words stand (commitment_sources.py), files
(commitment_export.py).
Always true:
  1. Due and overdue are worked out here, from the clock; nothing in the record depends on them.
  2. The register reads a line about each commitment and folds none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from parley import limits
from parley.actions.commitment_citing import cited_by
from parley.actions.commitment_evidence import evidence_rows, send_files
from parley.actions.commitment_rows import CommitmentRow, CommitmentWhole, EntryLink, RegisterRow, ViewRow
from parley.actions.commitment_sources import entry_path, named, source_form, source_row, taken
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.unit_rows import ref_row
from parley.actions.who import Who, may_read, need, need_in
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.subjects.commitments import OVER, CommitmentView, Viewed, facts, summary
from parley.subjects.kinds import Fact
from parley.subjects.summaries import Summary, summaries
from parley.times import Moment, moment_text, read_moment

FILTERS: Final = ("open", "answer", "due", "overdue", "disputed", "kept", "all")
_LAST_WORDS: Final = (*OVER, "not-kept")  # views of ours after which nobody needs to be reminded
_FIRST: Final = {"overdue": 0, "due": 1, "": 2}


# --- the register -----------------------------------------------------------------------------------------------------


def register(
    node: NodePort, who: Who, *, which: str = "open", channel: str = "", first: int = 0,
    count: int = limits.COMMITMENTS_SHOWN,
) -> RegisterRow:  # fmt: skip
    """Give the commitments of a filter, what is overdue first and then by due time; how many each filter has."""
    if which not in FILTERS:
        raise Refused("commitments.form", f"expected one of {', '.join(FILTERS)}, got {which[:40]!r}")
    rows = sorted(_rows(node, who, channel), key=lambda row: (_FIRST[row.clock], row.due or "~", row.channel, row.at))
    found = [row for row in rows if _belongs(row, which)]
    return RegisterRow(
        rows=tuple(found[first : first + count]), first=first, count=len(found),
        counts=tuple((name, sum(_belongs(row, name) for row in rows)) for name in FILTERS),
    )  # fmt: skip


def reminders(node: NodePort, who: Who) -> list[CommitmentRow]:
    """Give what wants our side: to answer, or to say what became of what is due within a week or overdue."""
    _, soon = clock = _clock(node)
    lines = _lines(node, who, "")
    wanted = (one for one in lines if one.words["state"] == "proposed" or "" < one.words["due"] <= soon)
    rows = [row for one in wanted if (row := _row(node, one.channel, one.subject, one.words, clock)).waits]
    return sorted(rows, key=lambda row: (_FIRST[row.clock], row.due or "~"))


def _rows(node: NodePort, who: Who, channel: str) -> Iterator[CommitmentRow]:
    clock = _clock(node)
    for one in _lines(node, who, channel):
        yield _row(node, one.channel, one.subject, one.words, clock)


def _lines(node: NodePort, who: Who, channel: str) -> Iterator[Summary]:
    """Give the line of every commitment of the channels that the person may read, or of one."""
    if channel:
        need_in(node, who, "read", channel)
    need(who, "read")
    may = {channel: True} if channel else {}
    for one in summaries(node.store, "commitment", channel):
        if one.channel not in may:
            may[one.channel] = may_read(node, who, one.channel)
        if may[one.channel]:
            yield one


def _belongs(row: CommitmentRow, which: str) -> bool:
    if which == "open":
        return not row.over and row.state in ("proposed", "agreed", "promised")
    if which in ("due", "overdue"):
        return row.clock == which
    if which == "answer":
        return row.state == "proposed"
    return which == "all" or (row.disputed if which == "disputed" else row.kept)


def _row(
    node: NodePort, channel: str, subject: str, words: dict[str, Any], clock: tuple[str, str]
) -> CommitmentRow:  # fmt: skip
    us, them = node.identity.ours, node.identity.theirs
    names = {us.side: us.name, them.side: them.name}
    views: dict[str, list[str]] = words["views"]
    ours, theirs = views.get(us.side, ["", ""]), views.get(them.side, ["", ""])
    said = [one[0] for one in (ours, theirs) if one[0]]
    over = len(said) == 2 and all(one in OVER for one in said)
    in_force = words["state"] in ("agreed", "promised") and not over
    mark = _mark(words["due"], *clock) if in_force else ""
    waits = "view" if mark and ours[0] not in _LAST_WORDS else ""
    if words["state"] == "proposed" and words["side"] == them.side:
        waits = "answer"
    return CommitmentRow(
        subject=subject, channel=channel, status=words["status"], at=words["at"], ours=words["side"] == us.side,
        who=tuple((names[side], side == us.side) for side in words["who"]),
        what=words["what"], due=words["due"], state=words["state"], source=words["source"], our_view=ours[0],
        our_view_at=ours[1], their_view=theirs[0], their_view_at=theirs[1], disputed=len(set(said)) == 2, over=over,
        kept=said == ["kept", "kept"], clock=mark, waits=waits,
    )  # fmt: skip


def _clock(node: NodePort) -> tuple[str, str]:
    """Give now, and until when a due time is soon, in the one text form, which sorts as time does."""
    now = node.moment()
    return moment_text(now), moment_text(Moment(now + limits.COMMITMENT_SOON_MS))


def _mark(due: str, now: str, soon: str) -> str:
    return "" if not due or due > soon else "overdue" if due < now else "due"


def citable(node: NodePort, who: Who) -> list[CommitmentRow]:
    """Give the commitments in force, to cite one; by when they are due."""
    if "read" not in who.rights:
        return []
    rows = (row for row in _rows(node, who, "") if row.state in ("agreed", "promised"))
    return sorted(rows, key=lambda row: row.due or "~")[: limits.COMMITMENTS_CITABLE]


# --- one commitment ---------------------------------------------------------------------------------------------------


def commitment(node: NodePort, who: Who, channel: str, subject: str) -> CommitmentWhole:
    """Give one commitment with both views, their history, its source and what cites it."""
    view = _view(node, who, "read", channel, subject)
    us = node.identity.ours.side
    by_side = {one.side == us: _view_row(node, who, one) for one in view.views.values()}
    answered = us if view.side != us else node.identity.theirs.side
    answerer = view.side if view.state == "withdrawn" else answered
    return CommitmentWhole(
        row=_row(node, channel, subject, {**summary(view), "what": view.what}, _clock(node)), seen=view.seen,
        source=source_row(node, who, view), proposed_by=person_name(node, view.side, view.person)[0],
        answered_at=view.answered, answered_by=person_name(node, answerer, view.answered_by)[0], reason=view.reason,
        ours=by_side.get(True), theirs=by_side.get(False),
        history=tuple(_view_row(node, who, one) for one in reversed(view.history)),
        cited=tuple(cited_by(node, who, view)), ref=ref_row(view.ref), may=_may(who, view, us),
    )  # fmt: skip


def _view_row(node: NodePort, who: Who, one: Viewed) -> ViewRow:
    return ViewRow(
        ours=one.side == node.identity.ours.side, person_name=person_name(node, one.side, one.person)[0], at=one.at,
        state=one.state, as_of=one.as_of, note=one.note, evidence=evidence_rows(node, who, one), ref=ref_row(one.ref),
        entries=tuple(EntryLink(ref=ref_row(ref), path=entry_path(node, who, ref)) for ref in one.entries),
    )  # fmt: skip


def _may(who: Who, view: CommitmentView, us: str) -> frozenset[str]:
    if "release" not in who.rights:
        return frozenset()
    if view.state == "proposed":
        return frozenset(("withdraw",) if view.side == us else ("agree", "decline"))
    return frozenset(("view",) if view.state in ("agreed", "promised") else ())


# --- what is said about one -------------------------------------------------------------------------------------------


async def make(
    node: NodePort, who: Who, channel: str, *, alone: bool, who_promised: Sequence[str], what: str, due: str = "",
    seen: str = "", source: str = "", part: str = "", words: str = "", status: str = "",
) -> Sent:  # fmt: skip
    """Propose a commitment of the sides named, or record a promise of our side alone.

    Args:
        source: A text, a message or a meeting that holds `words`; "" for none. `part` is its paragraph.
        due: A day (its end), a moment's text, or "".
    Raises: Refused `commitments.words` where the words do not stand there, `commitments.source`, `commitments.form`,
        `commitments.who` for who is not of this line.
    """
    need_in(node, who, "release", channel)
    sides = [node.identity.ours.side] if alone else list(who_promised)
    if not sides or not make_text(what).strip():
        raise Refused("commitments.form", "say which side promised, and what")
    quoted = make_text(words).strip()
    entry, place, kind = None, "", "free"
    if source:
        form = source_form(node, who, channel, source, part)
        entry, place = taken(node, who, form, quoted, part)
        kind = form.kind
    fact = facts.make(
        channel, unilateral=alone, who=sides, what=make_text(what).strip(), due=_moment(due),
        seen=make_text(seen).strip(), source=kind, place=place, words=quoted if source else "", entry=entry,
    )  # fmt: skip
    return await write(node, who, fact, status=status)


async def answer(node: NodePort, who: Who, channel: str, subject: str, act: str, *, reason: str = "") -> Sent:
    """Agree to a commitment of theirs, decline it, or withdraw ours before it is answered."""
    kind = {"agree": "agreed", "decline": "declined", "withdraw": "withdrawn"}.get(act)
    if kind is None:
        raise Refused("commitments.form", f'there is no act "{act[:40]}"')
    view = _view(node, who, "release", channel, subject)
    said = make_text(reason).strip()
    if kind != "agreed" and not said:
        raise Refused("commitments.reason", "say why")
    fact = facts.about(channel, subject, kind, {} if kind == "agreed" else {"reason": said})
    return await _write(node, who, view, fact)


async def see(
    node: NodePort, who: Who, channel: str, subject: str, *, state: str, as_of: str = "", note: str = "",
    evidence: Sequence[tuple[str, str]] = (), entries: Sequence[str] = (), files: Sequence[str] = (),
) -> Sent:  # fmt: skip
    """Say our side's view of a commitment.

    Args:
        as_of: The day or moment it is true for; "" for now. evidence: Words, each with a file's root or "".
        entries: Entries of the record that show it, each "log number" or a subject of the channel.
        files: Roots of files handed in here; a message of the channel carries them.
    """
    view = _view(node, who, "release", channel, subject)
    if state not in facts.VIEWS:
        raise Refused("commitments.form", f"expected one of {', '.join(facts.VIEWS)}, got {state[:40]!r}")
    said = [(make_text(text).strip(), root) for text, root in evidence if text.strip()]
    known = [named(node, who, one, channel)[0] for one in entries]
    shown, carried = await send_files(node, who, view, files)
    now = moment_text(node.moment())
    fact = facts.see(
        channel, subject, state=state, as_of=min(_moment(as_of) or now, now), note=make_text(note).strip(),
        evidence=[*said, *shown], entries=[*known, *(named(node, who, one, channel)[0] for one in carried)],
    )  # fmt: skip
    return await _write(node, who, view, fact)


def _moment(text: str) -> str:
    """Give a day's last moment, or a moment, as a moment's text; "" stays. Raises Refused `commitments.time`."""
    told = text.strip()
    made = f"{told}T23:59:59.000Z" if len(told) == len("2026-11-23") else told
    try:
        return moment_text(read_moment(made)) if made else ""
    except PeerError:
        raise Refused("commitments.time", f'expected a day as 2026-11-23 or a moment, got "{told[:40]}"') from None


def _view(node: NodePort, who: Who, right: str, channel: str, subject: str) -> CommitmentView:
    need_in(node, who, right, channel)
    view = node.book.view(channel, subject)
    if not isinstance(view, CommitmentView):
        raise Refused("commitments.unknown", f'there is no commitment "{subject[:100]}" in {channel[:48]}')
    return view


async def _write(node: NodePort, who: Who, view: CommitmentView, fact: Fact) -> Sent:
    return await write(node, who, fact, status=view.status)
