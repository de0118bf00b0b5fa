"""A call as both nodes see it, folded from its acts.

Owns: `CallView` and its states. Depends on acts alone.
Always true: both sides see one state, whatever crossed (docs/protocol/calls.md, "What crossed").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from parley import limits
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.calls.recording import Recording, Tone, fold_recordings, fold_tones

State = Literal["ringing", "active", "declined", "later", "unanswered", "missed", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one side's node states of a person of the other: heard from when to when, frames had and missing."""

    by: str
    person: str
    since: str
    until: str
    frames: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One finished line of real-time text that both agreed to keep."""

    side: str
    person: str
    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Somebody whose node said that they left, for they had no desk any more."""

    side: str
    person: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call.

    Attributes:
        state: ringing (placed, nobody has taken it) · active · declined · later · unanswered (given up before anybody
            took it) · missed (answered while the caller gave up: the two did not meet) · ended.
        rings_at: Since when a desk of the called side really rings; "" before.
        taken_by, taken_at: Who answered, declined or put it off.
        there: Who is in the call now, as (side, person), in the order they came.
        gone: Whose node said that they left, and who has not come again.
        end_reason, ended_by: Why and by whom it is over; ended_by is "" for a node.
    """

    subject: str
    channel: str
    side: str
    person: str
    session: str
    purpose: str
    language: str
    precedence: str
    status: str
    at: str
    state: State
    rings_at: str
    taken_by: str
    taken_at: str
    reason: str
    later_at: str
    statement: str
    statement_language: str
    statement_at: str
    there: tuple[tuple[str, str], ...]
    gone: tuple[Gone, ...]
    ended_at: str
    ended_by: str
    end_reason: str
    heard: tuple[Heard, ...]
    recordings: tuple[Recording, ...]
    tones: tuple[Tone, ...]
    texts: tuple[Recording, ...]  # askings to keep its real-time text, and what came of each
    turns: tuple[Recording, ...]  # askings to talk in turns
    said: tuple[Said, ...]  # what was kept of the text, but for lines of an asking that never ran for both
    facts: int  # stated about it so far, without the kept lines
    facts_said: int  # kept lines
    ref: Ref

    @property
    def open(self) -> bool:
        """Say whether it rings or goes on."""
        return self.state in ("ringing", "active")


def fold(acts: tuple[Act, ...]) -> CallView | None:
    """Give the view of a call; None if its opening is not among the acts."""
    if not acts or acts[0].entry.kind != "call.placed":
        return None
    opening, entry = acts[0], acts[0].entry
    first = {kind: next((act for act in acts if act.entry.kind == f"call.{kind}"), None)
             for kind in ("ringing", "answered", "declined", "later", "statement", "ended")}  # fmt: skip
    answered, ended = first["answered"], first["ended"]
    taken = answered or first["declined"] or first["later"]
    statement = first["statement"]
    endings = [act for act in acts if act.entry.kind == "call.ended"]
    state = _state(entry.side, first, endings)
    texts = fold_recordings(acts, endings, "text")
    kept = sum(act.entry.kind == "call.text-said" for act in acts)
    return CallView(
        subject=entry.subject,
        channel=entry.channel,
        side=entry.side,
        person=entry.person,
        session=cast(str, entry.body["session"]),
        purpose=cast(str, entry.body["purpose"]),
        language=cast(str, entry.body["language"]),
        precedence=entry.precedence,
        status=entry.status,
        at=entry.at,
        state=state,
        rings_at=_at(first["ringing"]),
        taken_by="" if taken is None else taken.entry.person,
        taken_at=_at(taken),
        reason="" if taken is None else str(taken.entry.body.get("reason", "")),
        later_at="" if first["later"] is None else str(first["later"].entry.body["at"]),
        statement="" if statement is None else str(statement.entry.body["text"]),
        statement_language="" if statement is None else str(statement.entry.body["language"]),
        statement_at=_at(statement),
        there=_there(acts, answered) if state == "active" else (),
        gone=_gone(acts) if state == "active" else (),
        ended_at=_at(ended),
        ended_by="" if ended is None else ended.entry.person,
        end_reason="" if ended is None else str(ended.entry.body["reason"]),
        heard=tuple(one for act in acts if act.entry.kind == "call.heard" for one in _heard(act)),
        recordings=fold_recordings(acts, endings),
        tones=fold_tones(acts),
        texts=texts,
        turns=fold_recordings(acts, endings, "turns"),
        said=_said(acts, texts),
        facts=len(acts) - kept,
        facts_said=kept,
        ref=opening.ref,
    )


def _state(caller: str, first: dict[str, Act | None], endings: list[Act]) -> State:
    """Give the one state that any order of arrival leads to."""
    answered = first["answered"]
    if answered is not None:
        if any(end.entry.side == caller and not end.saw(answered) for end in endings):
            return "missed"
        return "ended" if endings else "active"
    if first["declined"] is not None:
        return "declined"
    if first["later"] is not None:
        return "later"
    return "unanswered" if endings else "ringing"


def _there(acts: tuple[Act, ...], answered: Act | None) -> tuple[tuple[str, str], ...]:
    there: dict[tuple[str, str], None] = {(acts[0].entry.side, acts[0].entry.person): None}
    if answered is not None:
        there[answered.entry.side, answered.entry.person] = None
    for act in acts:
        who = (act.entry.side, act.entry.person)
        if act.entry.kind == "call.joined":
            there[who] = None
        elif act.entry.kind == "call.left":
            there.pop(who, None)
    return tuple(there)


def _gone(acts: tuple[Act, ...]) -> tuple[Gone, ...]:
    gone: dict[tuple[str, str], Gone] = {}
    for entry in (act.entry for act in acts):
        if entry.kind == "call.joined" or (entry.kind == "call.left" and not entry.body):
            gone.pop((entry.side, entry.person), None)
        elif entry.kind == "call.left":
            gone[entry.side, entry.person] = Gone(side=entry.side, person=entry.person, at=entry.at)
    return tuple(gone.values())[-limits.CALL_PERSONS_MAX :]


def _said(acts: tuple[Act, ...], texts: tuple[Recording, ...]) -> tuple[Said, ...]:
    ran = {one.ref.id for one in texts if one.state in ("running", "stopped", "over")}
    return tuple(
        Said(side=act.entry.side, person=act.entry.person, at=act.entry.at, text=str(act.entry.body["text"]))
        for act in acts
        if act.entry.kind == "call.text-said" and act.entry.refs[0].id in ran
    )


def _heard(act: Act) -> list[Heard]:
    rows = cast("list[dict[str, object]]", act.entry.body["persons"])
    return [
        Heard(
            by=act.entry.side, person=str(row["person"]), since=str(row["from"]), until=str(row["to"]),
            frames=cast(int, row["frames"]), missing=cast(int, row["missing"]),
        )
        for row in rows
    ]  # fmt: skip


def _at(act: Act | None) -> str:
    return "" if act is None else act.entry.at
