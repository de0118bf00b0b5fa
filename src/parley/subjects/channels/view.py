"""A channel as both nodes see it: from proposed to agreed, suspended and restored, and who belongs to it.

Owns: `ChannelView` and the fold.
Always true:
  1. Agreed is final: what closed it and crossed the agreement is not in force (DESIGN 3, "Final stays final").
  2. A restoration lifts the suspensions its proposal had seen and no other; one that crossed it stays in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from parley.record.names import Ref
from parley.subjects.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """One suspension in force."""

    side: str
    person: str
    reason: str
    at: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """One channel.

    state: proposed, declined, withdrawn (by who proposed it), agreed, suspended, restore-proposed (suspended, and
        one side wants it back).
    proposal, proposal_side: What waits for the other side's answer (to open or to restore), if anything.
    open_proposals: Every proposal to open that was not answered; two of them if the sides' proposals crossed.
    restores: Every proposal to restore that would still lift all suspensions in force.
    reason: Why it was declined, withdrawn or suspended, in the words of the latest.
    members: Each side's persons, sorted; a side that named nobody means everybody on its roster.
    """

    id: str
    subject: str
    state: str
    title: str
    purpose: str
    proposed_by: str
    proposed_at: str
    agreed_at: str
    proposal: Ref | None
    proposal_side: str
    open_proposals: tuple[tuple[str, Ref], ...]
    restores: tuple[tuple[str, Ref], ...]
    suspensions: tuple[Suspension, ...]
    reason: str
    members: Mapping[str, tuple[str, ...]]

    @property
    def agreed(self) -> bool:
        """Whether both sides ever agreed to it; suspended channels count."""
        return self.agreed_at != ""

    @property
    def writable(self) -> bool:
        """Whether messages may be added now."""
        return self.state == "agreed"

    def waits_for(self, side: str) -> Ref | None:
        """Give the other side's proposal that this side may answer, the earliest first."""
        waiting = self.restores if self.agreed else self.open_proposals
        return next((ref for proposer, ref in waiting if proposer != side), None)


def fold(acts: tuple[Act, ...]) -> ChannelView | None:
    """Give the view of one channel from its valid acts in order; None before it is proposed."""
    if not acts:
        return None
    of: dict[str, list[Act]] = {}
    for act in acts:
        of.setdefault(act.entry.kind.removeprefix("channel."), []).append(act)
    proposals = of.get("proposed", [])
    if not proposals:
        return None
    agreed = of.get("agreed", [])
    closed = [act for act in acts if act.entry.kind in ("channel.declined", "channel.withdrawn")]
    shown = next((one for one in proposals if agreed and agreed[0].names(one)), proposals[-1])
    waiting = [] if agreed else [one for one in proposals if not any(act.names(one) for act in closed)]
    suspensions = _in_force(of)
    restores = _restores(of, suspensions)
    state, reason = "proposed", ""
    if suspensions:
        state, reason = ("restore-proposed" if restores else "suspended"), _reason(suspensions[-1])
    elif agreed:
        state = "agreed"
    elif not waiting:
        state, reason = closed[-1].entry.kind.removeprefix("channel."), _reason(closed[-1])
    answerable = restores if agreed else waiting
    return ChannelView(
        id=cast(str, shown.entry.body["channel"]),
        subject=shown.entry.subject,
        state=state,
        title=cast(str, shown.entry.body["title"]),
        purpose=cast(str, shown.entry.body["purpose"]),
        proposed_by=shown.entry.side,
        proposed_at=shown.entry.at,
        agreed_at=agreed[0].entry.at if agreed else "",
        proposal=answerable[0].ref if answerable else None,
        proposal_side=answerable[0].entry.side if answerable else "",
        open_proposals=tuple((one.entry.side, one.ref) for one in waiting),
        restores=tuple((one.entry.side, one.ref) for one in restores),
        suspensions=tuple(
            Suspension(side=one.entry.side, person=one.entry.person, reason=_reason(one), at=one.entry.at, ref=one.ref)
            for one in suspensions
        ),
        reason=reason,
        members={act.entry.side: tuple(cast("list[str]", act.entry.body["persons"])) for act in of.get("members", [])},
    )


def _in_force(of: Mapping[str, list[Act]]) -> list[Act]:
    """Give the suspensions that no agreed restoration has lifted."""
    lifting = [
        wish for wish in of.get("restore-proposed", []) if any(act.names(wish) for act in of.get("restored", []))
    ]
    return [one for one in of.get("suspended", []) if not any(wish.saw(one) for wish in lifting)]


def _restores(of: Mapping[str, list[Act]], suspensions: list[Act]) -> list[Act]:
    """Give the proposals to restore that had seen every suspension in force: an older one would lift too little."""
    if not suspensions:
        return []
    return [wish for wish in of.get("restore-proposed", []) if all(wish.saw(one) for one in suspensions)]


def _reason(act: Act) -> str:
    return cast(str, act.entry.body["reason"])
