"""A standing body as both nodes see it.

Owns: `BodyView` and its fold. Depends on acts alone.
Always true: a side's suspension is its own: only the same side takes it back. Ended is final.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from parley.codec import JsonInput
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.talks import glossary


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said: by whom, when by their node's clock, with which words."""

    side: str
    person: str
    at: str
    kind: str
    text: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Whom one side sends: (person id or "", name, office) each, and who leads them, in words."""

    at: str
    chair: str
    people: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """One standing body.

    state: proposed · declined · withdrawn · agreed · suspended (by a side or by both) · ended.
    suspensions: Those in force; delegations: each side's latest; history: all but the delegations and terms,
        in order. terms: the glossary of both sides; facts do not count them.
    """

    subject: str
    channel: str
    side: str
    person: str
    at: str
    status: str
    title: str
    mandate: str
    level: str
    languages: tuple[str, ...]
    rhythm: str
    state: str
    agreed: Said | None
    declined: Said | None
    withdrawn: Said | None
    ended: Said | None
    suspensions: tuple[Said, ...]
    delegations: Mapping[str, Delegation]
    history: tuple[Said, ...]
    terms: tuple[glossary.TermView, ...]
    facts: Mapping[str, int]
    ref: Ref


def said(act: Act) -> Said:
    """Give what an act says, with its words or its reason."""
    entry = act.entry
    text = next((entry.body[name] for name in ("text", "reason", "title") if name in entry.body), "")
    return Said(
        side=entry.side, person=entry.person, at=entry.at, kind=entry.kind.partition(".")[2], text=cast(str, text),
        ref=act.ref,
    )  # fmt: skip


def people_of(body: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Give the people of a list, as (person, name, office)."""
    return tuple((one["person"], one["name"], one["office"]) for one in body["people"])


def counted(acts: tuple[Act, ...]) -> dict[str, int]:
    """Give how many facts each side has said."""
    found: dict[str, int] = {}
    for act in acts:
        found[act.entry.side] = found.get(act.entry.side, 0) + 1
    return found


def fold(acts: tuple[Act, ...]) -> BodyView | None:
    """Give the view of a body; None if its proposal is not among the acts."""
    if not acts or acts[0].entry.kind != "body.proposed":
        return None
    opening = acts[0]
    entry, body = opening.entry, opening.entry.body
    plain = tuple(act for act in acts if not act.entry.kind.startswith(glossary.TERM))
    history = tuple(said(act) for act in plain if act.entry.kind != "body.delegation")
    suspensions: dict[str, Said] = {}
    for one in history:
        if one.kind == "suspended":
            suspensions[one.side] = one
        elif one.kind == "resumed":
            suspensions.pop(one.side, None)

    def first(kind: str) -> Said | None:
        return next((one for one in history if one.kind == kind), None)

    agreed, declined, withdrawn, ended = (first(kind) for kind in ("agreed", "declined", "withdrawn", "ended"))
    state = (
        "ended" if ended else "declined" if declined
        else ("suspended" if suspensions else "agreed") if agreed else "withdrawn" if withdrawn else "proposed"
    )  # fmt: skip
    return BodyView(
        subject=entry.subject,
        channel=cast(str, body["channel"]),
        side=entry.side,
        person=entry.person,
        at=entry.at,
        status=entry.status,
        title=cast(str, body["title"]),
        mandate=cast(str, body["mandate"]),
        level=cast(str, body["level"]),
        languages=tuple(cast("list[str]", body["languages"])),
        rhythm=cast(str, body["rhythm"]),
        state=state,
        agreed=agreed,
        declined=declined,
        withdrawn=withdrawn,
        ended=ended,
        suspensions=tuple(suspensions[side] for side in sorted(suspensions)),
        delegations={
            act.entry.side: Delegation(
                at=act.entry.at, chair=cast(str, act.entry.body["chair"]), people=people_of(act.entry.body)
            )
            for act in acts
            if act.entry.kind == "body.delegation"
        },
        history=history,
        terms=glossary.fold(acts),
        facts=counted(plain),
        ref=opening.ref,
    )


def summary(view: object) -> dict[str, JsonInput]:
    """Give a body's line in a list."""
    body = cast(BodyView, view)
    return {
        "at": body.at, "own": body.channel, "level": body.level, "side": body.side, "state": body.state,
        "status": body.status, "title": body.title,
    }  # fmt: skip
