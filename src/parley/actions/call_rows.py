"""What the actions hand out about calls: who is there, who heard whom. Under the rules of rows.py.

Owns: the shapes. Does not own: where the facts come from (calls.py).
"""

from __future__ import annotations

from msgspec import Struct

from parley.actions.agreement_rows import AgreementRow, KeptLine
from parley.actions.recording_rows import RecordingRow, ToneRow


class PersonThere(Struct, frozen=True, kw_only=True):
    """Somebody who is in a call now."""

    person: str
    name: str
    ours: bool


class PersonGone(Struct, frozen=True, kw_only=True):
    """Somebody who is in a call no more: every desk of theirs was closed, as their node said."""

    name: str
    ours: bool
    at: str


class HeardRow(Struct, frozen=True, kw_only=True):
    """What a node states of a person of the other side: heard from when to when, frames had and missing."""

    by_us: bool
    name: str
    since: str
    until: str
    frames: int
    missing: int


class CallRow(Struct, frozen=True, kw_only=True):
    """One call as a desk shows it now. Three of its four facts are written; the fourth is only heard."""

    subject: str
    channel: str
    session: str
    ours: bool
    person: str
    person_name: str
    office: str
    purpose: str
    language: str
    precedence: str
    status: str
    at: str
    state: str  # ringing | active | declined | later | unanswered | missed | ended
    on_their_disk: str | None  # their node has it, since
    rings_at: str | None  # a desk of the called side rings, since
    desks: int | None  # so many of the called side's desks ring now, as its node says; None if it has not
    silent: bool  # it should ring, and for two seconds no desk has said that it does
    taken_by: str  # name of who answered, declined or put it off
    taken_office: str
    taken_at: str | None
    reason: str
    later_at: str | None
    statement: str
    statement_language: str
    there: tuple[PersonThere, ...]
    ended_at: str | None
    ended_by: str
    end_reason: str
    heard: tuple[HeardRow, ...]
    they_hear: str | None  # a loudspeaker of theirs has played our voice, since; forgotten when this node starts
    we_hear: str | None  # a loudspeaker of ours has played theirs, since
    # What of it stays on our desks until a person clears it: missed · statement · later · due; "" for nothing.
    waits: str
    agreements: tuple[AgreementRow, ...] = ()
    kept: tuple[KeptLine, ...] = ()
    recordings: tuple[RecordingRow, ...] = ()
    tones: tuple[ToneRow, ...] = ()
    gone: tuple[PersonGone, ...] = ()
    may: frozenset[str] = frozenset()  # of: answer decline later hang-up join statement
