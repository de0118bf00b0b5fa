"""Recordings of a call, and its tone tests, as both nodes see them; and when a fact about them is allowed.

The same idea serves what else needs a yes of both in a call (agreed_facts.py): keeping its text, talking in turns.

Owns: `Recording`, `Tone`, their states, their rules. Depends on acts alone.
Always true:
  1. A recording runs only while a person of each side has said yes to it in this call, and nobody has said stop.
  2. Whatever crossed, "stop" wins over "yes": what was begun by one side without the other is never kept.
Read first: docs/protocol/recording.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from parley import limits
from parley.codec import JsonValue
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.kinds import need

RecordingState = Literal["asked", "running", "declined", "withdrawn", "stopped", "over", "lapsed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one side's node states that it keeps of a recording."""

    by: str
    at: str
    root: str
    frames: int
    tracks: tuple[dict[str, JsonValue], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One asking to record, and what came of it.

    Attributes:
        ref: The entry that asked; every answer names it.
        state: asked · running · declined · withdrawn (taken back, or stopped by somebody who did not know that it
            ran: it never ran for both) · stopped · over (the call ended while it ran) · lapsed (the call ended before
            both knew that it ran).
        began: Who said yes last, by whom it runs: an agreement, or the other side's own asking that crossed.
    """

    ref: Ref
    state: RecordingState
    asked_side: str
    asked_by: str
    asked_at: str
    agreed_by: str
    agreed_at: str
    reason: str
    stopped_side: str
    stopped_by: str
    stopped_at: str
    stop_reason: str
    kept: tuple[Kept, ...]

    @property
    def open(self) -> bool:
        """Say whether it waits for an answer or runs."""
        return self.state in ("asked", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """One tone sent in a call, and how a person of the other side heard it; `heard` is "" until then."""

    ref: Ref
    side: str
    person: str
    at: str
    heard: str
    heard_by: str
    heard_at: str


@dataclass(slots=True)
class _Draft:
    """A recording while its acts are gathered."""

    asked: Act
    agreed: Act | None = None
    declined: Act | None = None
    stops: list[Act] = field(default_factory=list)
    kept: list[Act] = field(default_factory=list)

    def both_knew(self, act: Act) -> bool:
        """Say whether an act was made by somebody who knew of both sides' yes."""
        return self.agreed is not None and act.saw(self.asked) and act.saw(self.agreed)


def fold_recordings(acts: Sequence[Act], endings: Sequence[Act], what: str = "recording") -> tuple[Recording, ...]:
    """Give the recordings of a call in the order of their askings; or what else is agreed in the same way."""
    asked = f"call.{what}-asked"
    drafts: list[_Draft] = []
    by_ask: dict[str, _Draft] = {}
    for act in acts:
        kind = act.entry.kind
        if kind == asked:
            crossing = next((one for one in drafts if _each_asked(one, act)), None)
            if crossing is not None:
                crossing.agreed = act  # each side asked without knowing of the other: that is a yes of both
            else:
                drafts.append(_Draft(act))
            by_ask[act.id] = crossing or drafts[-1]
            continue
        if not kind.startswith(asked.removesuffix("asked")):
            continue
        draft = next((by_ask[ref.id] for ref in act.entry.refs if ref.id in by_ask), None)
        if draft is None:
            continue
        match kind.rpartition("-")[2]:
            case "agreed":
                draft.agreed = draft.agreed or act
            case "declined":
                draft.declined = draft.declined or act
            case "stopped":
                draft.stops.append(act)
            case "kept":
                draft.kept.append(act)
    return tuple(_recording(draft, endings) for draft in drafts)


def _each_asked(draft: _Draft, act: Act) -> bool:
    return draft.agreed is None and draft.asked.entry.side != act.entry.side and not act.saw(draft.asked)


def _state(draft: _Draft, endings: Sequence[Act]) -> RecordingState:
    if draft.agreed is None and draft.declined is not None:
        return "declined"
    if draft.stops:
        return "stopped" if all(draft.both_knew(stop) for stop in draft.stops) else "withdrawn"
    if endings:
        return "over" if all(draft.both_knew(end) for end in endings) else "lapsed"
    return "running" if draft.agreed is not None else "asked"


def _recording(draft: _Draft, endings: Sequence[Act]) -> Recording:
    asked, agreed = draft.asked.entry, None if draft.agreed is None else draft.agreed.entry
    stopped = draft.stops[0].entry if draft.stops else None
    return Recording(
        ref=draft.asked.ref, state=_state(draft, endings), asked_side=asked.side, asked_by=asked.person,
        asked_at=asked.at, agreed_by="" if agreed is None else agreed.person,
        agreed_at="" if agreed is None else agreed.at,
        reason="" if draft.declined is None else str(draft.declined.entry.body["reason"]),
        stopped_side="" if stopped is None else stopped.side, stopped_by="" if stopped is None else stopped.person,
        stopped_at="" if stopped is None else stopped.at,
        stop_reason="" if stopped is None else str(stopped.body["reason"]),
        kept=tuple(_kept(act) for act in draft.kept),
    )  # fmt: skip


def _kept(act: Act) -> Kept:
    body = act.entry.body
    tracks = cast("list[dict[str, JsonValue]]", body["tracks"])
    return Kept(
        by=act.entry.side, at=act.entry.at, root=str(body["root"]), frames=cast(int, body["frames"]),
        tracks=tuple(tracks),
    )  # fmt: skip


def fold_tones(acts: Sequence[Act]) -> tuple[Tone, ...]:
    """Give the tones of a call, in the order of views."""
    heard = {ref.id: act.entry for act in acts if act.entry.kind == "call.tone-heard" for ref in act.entry.refs}
    return tuple(
        Tone(
            ref=act.ref, side=act.entry.side, person=act.entry.person, at=act.entry.at,
            heard="" if answer is None else str(answer.body["heard"]),
            heard_by="" if answer is None else answer.person, heard_at="" if answer is None else answer.at,
        )
        for act in acts if act.entry.kind == "call.tone" for answer in (heard.get(act.id),)
    )  # fmt: skip


def allow_recording(act: Act, active: bool, there: bool, recordings: Sequence[Recording]) -> None:
    """Raise Refused unless this fact about recording is allowed; `there`: its person is in the call."""
    entry = act.entry
    if entry.kind.endswith("-asked"):
        need(active and there, "calls.state", "only persons in a call that goes on can ask to record it")
        need(not any(one.open for one in recordings), "calls.recording", "it is asked for, or runs, already")
        need(len(recordings) < limits.RECORDINGS_MAX, "calls.full", "it was asked for too often in this call")
        return
    found = next((one for one in recordings if len(entry.refs) == 1 and entry.refs[0] == one.ref), None)
    need(found is not None, "calls.recording", "it must name the entry that asked to record")
    recording = cast(Recording, found)
    match entry.kind.rpartition("-")[2]:
        case "agreed":
            need(there, "calls.state", "only persons in the call can agree")
            need(entry.side != recording.asked_side, "calls.side", "the other side agrees, never the one that asked")
            need(recording.state == "asked", "calls.recording", f"the recording is {recording.state}")
        case "declined":
            need(entry.side != recording.asked_side, "calls.side", "the other side declines; take it back instead")
            need(recording.state == "asked", "calls.recording", f"the recording is {recording.state}")
        case "stopped":
            mine = entry.side == recording.asked_side
            need(mine or recording.state != "asked", "calls.side", "the other side declines an asking")
            need(recording.open, "calls.recording", f"the recording is {recording.state}")
        case _:
            ran = recording.state in ("stopped", "over")
            need(ran, "calls.recording", f"the recording is {recording.state}: nothing is kept of it")
            need(all(one.by != entry.side for one in recording.kept), "calls.again", "it was stated before")


def allow_said(act: Act, active: bool, there: bool, texts: Sequence[Recording], count: int) -> None:
    """Raise Refused unless a finished line may be kept: both have agreed to keep the text of this call."""
    named = any(one.state == "running" and act.entry.refs == (one.ref,) for one in texts)
    need(active and there, "calls.state", "only persons in a call that goes on can have their words kept")
    need(named, "calls.recording", "it must name the asking by which both agreed to keep the text")
    need(count < limits.TEXT_SAID_MAX, "calls.full", "as many lines of this call are kept as there may be")


def allow_tone(act: Act, active: bool, there: bool, tones: Sequence[Tone]) -> None:
    """Raise Refused unless this fact about a tone is allowed."""
    entry = act.entry
    if entry.kind == "call.tone":
        need(active and there, "calls.state", "only persons in a call that goes on can send the tone")
        need(len(tones) < limits.TONES_MAX, "calls.full", "enough tones were sent in this call")
        return
    found = next((one for one in tones if len(entry.refs) == 1 and entry.refs[0] == one.ref), None)
    need(found is not None, "calls.tone", "it must name the tone that was heard")
    tone = cast(Tone, found)
    need(entry.side != tone.side, "calls.side", "only a person of the other side can say how it was heard")
    need(not tone.heard, "calls.again", "somebody has said it already")
