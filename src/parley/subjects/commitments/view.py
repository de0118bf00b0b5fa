"""A commitment as both nodes see it, folded from its acts.

Owns: `CommitmentView` and the fold. Depends on acts alone: due and overdue are worked out beside it.
Always true: the two sides' views stand side by side and are never merged; agreed is final.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from parley.codec import JsonInput
from parley.record.names import Ref
from parley.subjects.acts import Act

OVER: Final = ("kept", "overtaken")  # views after which nothing more is expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """One side's view: evidence is (words, root of a file or ""), entries are evidence in the record."""

    side: str
    person: str
    at: str
    state: str
    as_of: str
    note: str
    evidence: tuple[tuple[str, str], ...]
    entries: tuple[Ref, ...]
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentView:
    """One commitment.

    state: proposed · agreed · declined · withdrawn · promised (by one side alone).
    views: Each side's latest; history: all of them in order.
    """

    subject: str
    channel: str
    side: str
    person: str
    at: str
    status: str
    who: tuple[str, ...]
    what: str
    due: str
    seen: str
    source: str
    place: str
    words: str
    digest: str
    entry: Ref | None
    state: str
    answered: str
    answered_by: str
    reason: str
    views: Mapping[str, Viewed]
    history: tuple[Viewed, ...]
    facts: Mapping[str, int]
    ref: Ref

    @property
    def disputed(self) -> bool:
        """Say whether both sides have a view and they differ."""
        return len({one.state for one in self.views.values()}) > 1

    @property
    def over(self) -> bool:
        """Say whether both sides hold that nothing more is expected."""
        return len(self.views) == 2 and all(one.state in OVER for one in self.views.values())


def fold(acts: tuple[Act, ...]) -> CommitmentView | None:
    """Give the view of a commitment; None if its opening is not among the acts."""
    if not acts or acts[0].entry.kind not in ("commitment.proposed", "commitment.promised"):
        return None
    opening = acts[0]
    entry, body = opening.entry, opening.entry.body
    source = cast("dict[str, str]", body["source"])
    answers = {act.entry.kind.removeprefix("commitment."): act for act in reversed(acts)}
    answer = next((answers[kind] for kind in ("agreed", "declined", "withdrawn") if kind in answers), None)
    history = tuple(_viewed(act) for act in acts if act.entry.kind == "commitment.viewed")
    facts: dict[str, int] = {}
    for act in acts:
        facts[act.entry.side] = facts.get(act.entry.side, 0) + 1
    return CommitmentView(
        subject=entry.subject,
        channel=entry.channel,
        side=entry.side,
        person=entry.person,
        at=entry.at,
        status=entry.status,
        who=tuple(cast("list[str]", body["who"])),
        what=cast(str, body["what"]),
        due=cast(str, body["due"]),
        seen=cast(str, body["seen"]),
        source=source["from"],
        place=source["place"],
        words=source["words"],
        digest=source["digest"],
        entry=entry.refs[0] if entry.refs else None,
        state=(answer or opening).entry.kind.removeprefix("commitment."),
        answered="" if answer is None else answer.entry.at,
        answered_by="" if answer is None else answer.entry.person,
        reason="" if answer is None else cast(str, answer.entry.body.get("reason", "")),
        views={one.side: one for one in history},
        history=history,
        facts=facts,
        ref=opening.ref,
    )


def _viewed(act: Act) -> Viewed:
    entry, body = act.entry, act.entry.body
    return Viewed(
        side=entry.side, person=entry.person, at=entry.at, state=cast(str, body["state"]),
        as_of=cast(str, body["as_of"]), note=cast(str, body["note"]),
        evidence=tuple((one["text"], one["root"]) for one in cast("list[dict[str, str]]", body["evidence"])),
        entries=entry.refs, ref=act.ref,
    )  # fmt: skip


def summary(view: object) -> dict[str, JsonInput]:
    """Give a commitment's line in the register."""
    found = cast(CommitmentView, view)
    return {
        "at": found.at, "due": found.due, "side": found.side, "source": found.source, "state": found.state,
        "status": found.status, "views": {side: [one.state, one.as_of] for side, one in found.views.items()},
        "what": found.what[:400], "who": [*found.who],
    }  # fmt: skip
