"""A notice as both nodes see it, folded from its acts.

Owns: `NoticeView`, its forms, and when it is in force. Depends on acts alone: whether it came late, and what it
overlaps, is reckoned beside it.
Always true: one side alone writes the forms, each after the one before; so the last form's words are in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from parley.codec.fields import Reader
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.notices.facts import Basis, Notice, lasting, read_notice
from parley.subjects.places import Area

State = Literal["given", "cancelled", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of a notice: its number in it, what it did, by whom and when; `notice` are the words after it."""

    form: int
    kind: str  # given | amended | extended | cancelled | ended
    person: str
    at: str
    reason: str
    notice: Notice
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """That somebody of the other side has read one form."""

    form: int
    person: str
    at: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """One notice.

    Attributes:
        state: given · cancelled (it does not take place, or no longer) · ended (it is over).
        notice: The words in force, or last in force.
        until: When it ends: as last said; once it was ended, that moment if it is earlier.
    """

    subject: str
    channel: str
    side: str
    person: str
    status: str
    at: str
    state: State
    notice: Notice
    until: str
    forms: tuple[Form, ...]
    acknowledged: tuple[Acknowledged, ...]
    ref: Ref

    @property
    def since(self) -> str:
        """When it begins."""
        return self.notice.since

    @property
    def area(self) -> Area | None:
        """Where it is."""
        return self.notice.area

    @property
    def basis(self) -> Basis:
        """On what it rests."""
        return self.notice.basis

    def in_force(self, at: str) -> bool:
        """Say whether it is in force at a moment (its text form): from its beginning until just before its end."""
        return self.state != "cancelled" and self.since <= at < self.until

    def told_at(self) -> str:
        """Give since when the other side was told of this beginning: later words may have moved it."""
        since, told = self.notice.since, self.forms[-1].at
        for form in reversed(self.forms):
            if form.notice.since != since:
                break
            told = form.at
        return told


def fold(acts: tuple[Act, ...]) -> NoticeView | None:
    """Give the view of a notice; None if it is not among the acts that it was given."""
    if not acts or acts[0].entry.kind != "notice.given":
        return None
    opening = acts[0].entry
    forms: list[Form] = []
    for act in acts:
        if act.entry.kind != "notice.acknowledged":
            forms.append(_form(act, forms[-1].notice if forms else None))
    last = forms[-1]
    until = last.notice.until
    if last.kind == "ended":
        until = min(until, cast(str, acts_of(acts, "notice.ended")[-1].entry.body["ended"]))
    numbers = {form.ref: form.form for form in forms}
    return NoticeView(
        subject=opening.subject,
        channel=opening.channel,
        side=opening.side,
        person=opening.person,
        status=opening.status,
        at=opening.at,
        state=cast(State, last.kind) if last.kind in ("cancelled", "ended") else "given",
        notice=last.notice,
        until=until,
        forms=tuple(forms),
        acknowledged=tuple(
            Acknowledged(
                form=numbers.get(act.entry.refs[0], 0),
                person=act.entry.person,
                at=act.entry.at,
                note=cast(str, act.entry.body["note"]),
            )
            for act in acts_of(acts, "notice.acknowledged")
        ),
        ref=acts[0].ref,
    )


def acts_of(acts: tuple[Act, ...], kind: str) -> list[Act]:
    """Give the acts of one kind, in their order."""
    return [act for act in acts if act.entry.kind == kind]


def _form(act: Act, before: Notice | None) -> Form:
    entry = act.entry
    kind, body = entry.kind.partition(".")[2], entry.body
    if before is None or kind == "amended":
        notice = read_notice(Reader(dict(body), "$.body"))
    elif kind == "extended":
        notice = lasting(before, cast(str, body["to"]))
    else:
        notice = before
    reason = body.get("reason", body.get("note", ""))
    return Form(
        form=cast(int, body["form"]),
        kind=kind,
        person=entry.person,
        at=entry.at,
        reason=cast(str, reason),
        notice=notice,
        ref=act.ref,
    )
