"""An incident as both nodes see it, folded from its acts.

Owns: `IncidentView`. Depends on acts alone: clocks, flags and suggestions stand beside it (actions/incident_*.py).
Always true:
  1. Both sides see one view, whatever crossed (docs/protocol/incidents.md, "What crossed").
  2. One side's stand never changes the other's words, and nobody's account replaces another's.
  3. A signature counts for the list with the digest it names, and for no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from parley import limits
from parley.codec import JsonInput
from parley.codec.fields import Reader
from parley.record.binding import is_signed
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.incidents import report
from parley.subjects.incidents.facts import list_digest
from parley.subjects.incidents.shapes import (
    Account,
    Closing,
    Evidence,
    Fact,
    Frozen,
    Join,
    Offset,
    Query,
    Said,
    Signature,
    Statement,
)  # fmt: skip

State = Literal["open", "closed-by-one", "closed"]
_FIELDS: Final = ("t", "p", "pn", "what", "lang", "units", *report.FIELDS, "sig", "cpa", "art", "ask", "commitment")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """One incident.

    Attributes:
        side, person, at: Who reported it first, and when.
        about: The channel it is about, where it stands in the line channel; "" for none.
        accounts: All of them, of both sides, in order; the first report is the first.
        no_knowledge: The other side's word that it knows nothing; None if it gave an account, or said nothing.
        state: open · closed-by-one (a side closed it for itself) · closed (jointly, or by each side for itself).
        counts: How many facts each side said about it.
    """

    subject: str
    channel: str
    side: str
    person: str
    status: str
    at: str
    about: str
    accounts: tuple[Account, ...]
    no_knowledge: Said | None
    evidence: tuple[Evidence, ...]
    offsets: tuple[Offset, ...]
    joins: tuple[Join, ...]
    queries: tuple[Query, ...]
    statements: tuple[Statement, ...]
    lists: tuple[Frozen, ...]
    proposals: tuple[Said, ...]  # to close it jointly, that nobody agreed to
    closings: tuple[Closing, ...]
    state: State
    counts: dict[str, int]
    ref: Ref

    def account(self, side: str) -> Account | None:
        """Give the latest account of a side."""
        return next((one for one in reversed(self.accounts) if one.side == side), None)

    def full(self, side: str) -> Account | None:
        """Give the first full account of a side: what the 15 days wait for."""
        return next((one for one in self.accounts if one.side == side and one.stage == "full"), None)

    def statement(self, ref: Ref) -> Statement | None:
        """Give the statement of an entry."""
        return next((one for one in self.statements if one.said.ref == ref), None)

    def frozen(self, ref: Ref) -> Frozen | None:
        """Give the list of an entry."""
        return next((one for one in self.lists if one.ref == ref), None)

    @property
    def signed(self) -> Frozen | None:
        """Give the latest list that both sides signed."""
        return next((one for one in reversed(self.lists) if one.signed), None)


def fold(acts: tuple[Act, ...]) -> IncidentView | None:
    """Give the view of an incident; None if its first report is not among the acts."""
    if not acts or acts[0].entry.kind != "incident.reported":
        return None
    first = acts[0].entry
    by_kind: dict[str, list[Act]] = {}
    for act in acts:
        by_kind.setdefault(act.entry.kind.removeprefix("incident."), []).append(act)

    def of(name: str) -> list[Act]:
        return by_kind.get(name, [])

    accounts = tuple(_account(act) for act in acts if act.entry.kind in ("incident.reported", "incident.account"))
    answered_for = any(one.side != first.side for one in accounts)
    unknown = of("no-knowledge")
    statements = _statements(of)
    closings = _closings(of)
    closed = {named for act in of("closed") for named in act.entry.refs}
    live = [one for one in closings if one.lifted is None]
    whole = any(one.joint for one in live) or len({one.said.side for one in live}) > 1
    return IncidentView(
        subject=first.subject,
        channel=first.channel,
        side=first.side,
        person=first.person,
        status=first.status,
        at=first.at,
        about=cast(str, first.body.get("about", "")),
        accounts=accounts,
        no_knowledge=_said(unknown[-1]) if unknown and not answered_for else None,
        evidence=_evidence(acts),
        offsets=_offsets(of),
        joins=_joins(of),
        queries=_queries(acts),
        statements=statements,
        lists=_lists(of, statements, first.subject),
        proposals=tuple(_said(act) for act in of("close-proposed") if act.ref not in closed),
        closings=closings,
        state="closed" if whole else "closed-by-one" if live else "open",
        counts=dict(Counter(act.entry.side for act in acts)),
        ref=acts[0].ref,
    )


_Of = Callable[[str], list[Act]]


def _said(act: Act, name: str = "text") -> Said:
    entry = act.entry
    return Said(
        side=entry.side, person=entry.person, at=entry.at, text=cast(str, entry.body.get(name, "")),
        language=cast(str, entry.body.get("language", "")), ref=act.ref,
    )  # fmt: skip


def _account(act: Act) -> Account:
    entry = act.entry
    told = Reader({name: entry.body[name] for name in _FIELDS if name in entry.body}, "$.body")
    return Account(
        side=entry.side, person=entry.person, at=entry.at, stage=cast(str, entry.body.get("stage", "first")),
        report=report.read(told, what_max=limits.INCIDENT_ACCOUNT_CHARS_MAX), ref=act.ref,
    )  # fmt: skip


def _evidence(acts: tuple[Act, ...]) -> tuple[Evidence, ...]:
    held: dict[str, dict[str, str]] = {}  # root -> side -> when it first said that it holds the file
    for act in acts:
        if act.entry.kind == "incident.held":
            held.setdefault(cast(str, act.entry.body["root"]), {}).setdefault(act.entry.side, act.entry.at)
    found: dict[tuple[str, str], Evidence] = {}
    for act in acts:
        entry = act.entry
        for item in cast("list[dict[str, object]]", entry.body.get("attachments", [])):
            root = cast(str, item["root"])
            there = next((at for side, at in held.get(root, {}).items() if side != entry.side), "")
            made = Evidence(
                side=entry.side, person=entry.person, at=entry.at, root=root, size=cast(int, item["size"]),
                media=cast(str, item["media"]), name=cast(str, item["name"]), taken=cast(str, item.get("taken", "")),
                source=cast(str, item.get("source", "")), held_at=there,
                errors=tuple(sorted(cast("dict[str, str]", item.get("errors", {})).items())),
            )  # fmt: skip
            found.setdefault((entry.side, root), made)
    return tuple(found.values())


def _offsets(of: _Of) -> tuple[Offset, ...]:
    agreed: dict[Ref, Said] = {}
    for act in of("offset-agreed"):
        agreed.setdefault(act.entry.refs[0], _said(act))
    proposed = {act.ref: (act, cast("list[str]", act.entry.body["files"])) for act in of("offset-proposed")}
    last = {frozenset(proposed[ref][1]): ref for ref in agreed if ref in proposed}  # in the order of agreeing
    return tuple(
        Offset(
            proposed=_said(act), own=own, other=other, ms=cast(int, act.entry.body["ms"]), agreed=agreed.get(ref),
            holds=last.get(frozenset((own, other))) == ref,
        )
        for ref, (act, (own, other)) in proposed.items()
    )  # fmt: skip


def _joins(of: _Of) -> tuple[Join, ...]:
    joined: dict[Ref, Said] = {}
    for act in of("joined"):
        joined.setdefault(act.entry.refs[0], _said(act))
    return tuple(
        Join(
            proposed=_said(act), channel=cast(str, act.entry.body["channel"]),
            other=cast(str, act.entry.body["other"]), joined=joined.get(act.ref),
        )
        for act in of("join-proposed")
    )  # fmt: skip


def _queries(acts: tuple[Act, ...]) -> tuple[Query, ...]:
    answers: dict[Ref, Act] = {}
    for act in acts:
        if act.entry.kind in ("incident.answered", "incident.meeting-answered"):
            answers.setdefault(act.entry.refs[0], act)
    found = []
    for act in acts:
        if act.entry.kind in ("incident.asked", "incident.meeting-asked"):
            answer = answers.get(act.ref)
            accepted = None if answer is None else cast("bool | None", answer.entry.body.get("accepted"))
            meeting = act.entry.kind == "incident.meeting-asked"
            told = None if answer is None else _said(answer)
            found.append(Query(asked=_said(act), meeting=meeting, answer=told, accepted=accepted))
    return tuple(found)


def _statements(of: _Of) -> tuple[Statement, ...]:
    """Number each side's sentences in its own order, so that what crossed never gives one another number."""
    stands: dict[Ref, Act] = {act.entry.refs[0]: act for act in of("stood")}  # the latest of its one writer
    gone: dict[Ref, Act] = {act.entry.refs[0]: act for act in of("unstated")}
    counted: Counter[str] = Counter()
    found = []
    for act in of("stated"):
        side = act.entry.side
        counted[side] += 1
        stood, withdrawn = stands.get(act.ref), gone.get(act.ref)
        found.append(
            Statement(
                number=f"{side}-{counted[side]}", said=_said(act),
                stand="unanswered" if stood is None else cast(str, stood.entry.body["stand"]),
                stood=None if stood is None else _said(stood),
                withdrawn=None if withdrawn is None else _said(withdrawn),
            )
        )  # fmt: skip
    return tuple(found)


def _lists(of: _Of, statements: tuple[Statement, ...], subject: str) -> tuple[Frozen, ...]:
    signatures: dict[str, dict[str, Signature]] = {}
    for act in of("signed"):
        entry = act.entry
        made = Signature(
            side=entry.side, person=entry.person, at=entry.at, passkey=is_signed(entry), ref=act.ref
        )  # fmt: skip
        signatures.setdefault(cast(str, entry.body["digest"]), {}).setdefault(entry.side, made)
    agreed = {one.said.ref for one in statements if one.agreed}
    found = []
    for act in of("frozen"):
        entry = act.entry
        facts = tuple(
            Fact(number=item["number"], text=item["text"], language=item["language"])
            for item in cast("list[dict[str, str]]", entry.body["facts"])
        )
        digest = list_digest(subject, cast(JsonInput, entry.body["facts"]))
        found.append(
            Frozen(
                side=entry.side, person=entry.person, at=entry.at, facts=facts, digest=digest,
                signatures=tuple(one for _, one in sorted(signatures.get(digest, {}).items())),
                changed=not agreed.issuperset(entry.refs), ref=act.ref,
            )
        )  # fmt: skip
    return tuple(found)


def _closings(of: _Of) -> tuple[Closing, ...]:
    """A reopening lifts the closings its author had seen, and no other."""
    found = []
    for act in sorted((*of("closed"), *of("closed-alone")), key=lambda act: act.place):
        lifted = next((one for one in of("reopened") if one.saw(act)), None)
        joint = act.entry.kind == "incident.closed"
        closing = Closing(said=_said(act), joint=joint, lifted=None if lifted is None else _said(lifted))
        if joint:
            words = next((one for one in of("close-proposed") if one.ref == act.entry.refs[0]), None)
            closing = replace(closing, said=replace(closing.said, text="" if words is None else _said(words).text))
        found.append(closing)
    return tuple(found)
