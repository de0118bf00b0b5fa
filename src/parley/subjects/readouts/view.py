"""The readouts of one meeting as both nodes see them, folded from their acts.

Owns: `ReadoutView` and its parts. Depends on acts alone: whether a time has come is looked at beside the view.
Always true: nothing one side says changes the other side's account; a contest stands beside the statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from parley.codec.fields import Reader
from parley.record.names import Ref
from parley.statements.parts import Statement
from parley.subjects.acts import Act
from parley.subjects.readouts.facts import read_statement

State = Literal["asked", "sealed-by-one", "sealed", "opened-by-one", "opened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A contested attribution: which statement, by whom, why."""

    statement: int
    person: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressView:
    """A press report that a side laid beside the readouts."""

    side: str
    person: str
    at: str
    source: str
    date: str
    address: str
    language: str
    text: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One side's readout.

    Attributes:
        signed: The seal carries the person's passkey assertion.
        after: It was sealed by somebody whose node held the other side's opening already.
        alone: It was opened at the agreed time, without the other side's seal.
        confirmations: How often its statements were confirmed; the latest counts.
        confirmed: That confirmation; the contests are of it.
    """

    side: str
    person: str
    digest: str
    sealed_at: str
    signed: bool
    after: bool
    seal: Ref
    opened_at: str
    opened: Ref | None
    alone: bool
    language: str
    text: str
    statements: tuple[Statement, ...]
    confirmations: int
    confirmed: Ref | None
    confirmed_at: str
    confirmed_by: str
    contests: tuple[Contest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadoutView:
    """The readouts of one meeting.

    Attributes:
        side, person: Who asked for them.
        meeting: The meeting's subject, or "" where title and date stand alone.
        open_at: The time of opening that was asked for; it counts once `time_agreed_at` is there.
        accounts: The sealed ones, the earlier place first.
    """

    subject: str
    channel: str
    side: str
    person: str
    title: str
    date: str
    meeting: str
    open_at: str
    time_agreed_at: str
    status: str
    at: str
    accounts: tuple[Account, ...]
    press: tuple[PressView, ...]
    ref: Ref

    def account(self, side: str) -> Account | None:
        """Give one side's account, once it is sealed."""
        return next((one for one in self.accounts if one.side == side), None)

    @property
    def state(self) -> State:
        """Say how far both have come."""
        opened = sum(bool(one.opened_at) for one in self.accounts)
        if opened:
            return "opened" if opened == 2 else "opened-by-one"
        return ("asked", "sealed-by-one", "sealed")[len(self.accounts)]


def fold(acts: tuple[Act, ...]) -> ReadoutView | None:
    """Give the view; None if the asking is not among the acts."""
    if not acts or acts[0].entry.kind != "readout.asked":
        return None
    entry, body = acts[0].entry, acts[0].entry.body
    agreed = next((act.entry for act in acts if act.entry.kind == "readout.time-agreed"), None)
    seals = [act for act in acts if act.entry.kind == "readout.sealed"]
    return ReadoutView(
        subject=entry.subject,
        channel=entry.channel,
        side=entry.side,
        person=entry.person,
        title=cast(str, body["title"]),
        date=cast(str, body["date"]),
        meeting=cast(str, body["meeting"]),
        open_at=cast(str, body["open_at"]),
        time_agreed_at=agreed.at if agreed else "",
        status=entry.status,
        at=entry.at,
        accounts=tuple(_account(seal, acts) for seal in _first_of_each(seals)),
        press=tuple(_press(act) for act in acts if act.entry.kind == "readout.press"),
        ref=acts[0].ref,
    )


def _first_of_each(seals: Sequence[Act]) -> list[Act]:
    """Give a side's first seal alone: across epochs a side might have lost sight of its own."""
    found: dict[str, Act] = {}
    for act in seals:
        found.setdefault(act.entry.side, act)
    return list(found.values())


def _account(seal: Act, acts: Sequence[Act]) -> Account:
    side = seal.entry.side
    own = [act for act in acts if act.entry.side == side]
    opening = next((act for act in own if act.entry.kind == "readout.opened"), None)
    confirmations = [act for act in own if act.entry.kind == "readout.confirmed"]
    last = confirmations[-1] if confirmations else None
    theirs = [act for act in acts if act.entry.side != side]
    after = any(act.entry.kind == "readout.opened" and seal.saw(act) for act in theirs)
    held = opening is not None and any(act.entry.kind == "readout.sealed" and opening.saw(act) for act in theirs)
    return Account(
        side=side,
        person=seal.entry.person,
        digest=cast(str, seal.entry.body["digest"]),
        sealed_at=seal.entry.at,
        signed=seal.entry.body["assertion"] is not None,
        after=after,
        seal=seal.ref,
        opened_at=opening.entry.at if opening else "",
        opened=opening.ref if opening else None,
        alone=opening is not None and not held,
        language=cast(str, opening.entry.body["language"]) if opening else "",
        text=cast(str, opening.entry.body["text"]) if opening else "",
        statements=_statements(last),
        confirmations=len(confirmations),
        confirmed=last.ref if last else None,
        confirmed_at=last.entry.at if last else "",
        confirmed_by=last.entry.person if last else "",
        contests=tuple(
            Contest(
                statement=cast(int, act.entry.body["statement"]), person=act.entry.person, at=act.entry.at,
                reason=cast(str, act.entry.body["reason"]),
            )
            for act in theirs if act.entry.kind == "readout.contested" and last is not None and act.names(last)
        ),
    )  # fmt: skip


def _statements(confirmation: Act | None) -> tuple[Statement, ...]:
    if confirmation is None:
        return ()
    told = cast("list[object]", confirmation.entry.body["statements"])
    return tuple(read_statement(Reader(one)) for one in told)


def _press(act: Act) -> PressView:
    told = {name: cast(str, act.entry.body[name]) for name in ("source", "date", "address", "language", "text")}
    return PressView(side=act.entry.side, person=act.entry.person, at=act.entry.at, ref=act.ref, **told)
