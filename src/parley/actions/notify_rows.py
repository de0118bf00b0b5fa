"""What the actions of escalation hand out. No address of a target is among it, only its service."""

from __future__ import annotations

from msgspec import Struct


class StepRow(Struct, frozen=True, kw_only=True):
    """One step of a ladder."""

    after_s: int
    how: str  # watch | desks | persons | notify
    who: tuple[str, ...] = ()  # ids of persons, or names of targets


class LadderRow(Struct, frozen=True, kw_only=True):
    """The steps for one kind of thing."""

    kind: str
    channel: str  # "" for all channels that have none of their own
    steps: tuple[StepRow, ...]
    built_in: bool
    by: str = ""
    at: str | None = None


class TargetRow(Struct, frozen=True, kw_only=True):
    """A way to reach somebody outside the desk."""

    name: str
    service: str  # mailto, tgram, json, …
    masked: str
    hides_channel: bool
    by: str
    at: str
    used: bool  # a ladder names it
    tried_at: str | None  # the last notification or test of it
    ok: bool | None
    reason: str  # why the last one failed


class NotifiedRow(Struct, frozen=True, kw_only=True):
    """How one notification went."""

    at: str
    target: str
    kind: str
    channel: str
    trial: bool
    ok: bool
    tries: int
    reason: str


class UnderWayRow(Struct, frozen=True, kw_only=True):
    """A notification that is on its way: its service has not answered yet."""

    since: str
    target: str
    kind: str
    channel: str
    trial: bool


class WaitingRow(Struct, frozen=True, kw_only=True):
    """Something that waits for a person of ours, and how far it was escalated."""

    kind: str
    channel: str
    precedence: str
    status: str
    since: str
    steps_taken: int
    steps: int
    desks: int  # that really ring


class SilentRow(Struct, frozen=True, kw_only=True):
    """A desk of ours that should ring and does not."""

    person: str
    name: str
    channel: str
    kind: str
    since: str


class EscalationRow(Struct, frozen=True, kw_only=True):
    """Everything the page of escalation shows."""

    ladders: tuple[LadderRow, ...]
    targets: tuple[TargetRow, ...]
    results: tuple[NotifiedRow, ...]
    waiting: tuple[WaitingRow, ...]
    silent: tuple[SilentRow, ...]
    under_way: tuple[UnderWayRow, ...] = ()
