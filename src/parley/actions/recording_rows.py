"""What the actions hand out about recordings and tones of a call: plain frozen facts, as in rows.py.

Owns: their shapes. Does not own: how they are filled (recording_showing.py).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptRow:
    """What a node states that it keeps of a recording."""

    ours: bool
    at: str
    root: str
    frames: int
    missed: int
    voices: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingRow:
    """One asking to record a call, and what came of it."""

    number: int  # from 1, within its call
    state: str  # asked | running | declined | withdrawn | stopped | over | lapsed
    ours: bool  # we asked
    asked_by: str
    asked_at: str
    agreed_by: str
    agreed_at: str | None
    reason: str
    stopped_by: str  # a person's name; "" for a node
    stopped_ours: bool
    stopped_at: str | None
    stop_reason: str
    kept: tuple[KeptRow, ...]
    deleted_by: str = ""  # who of ours deleted our copy
    deleted_at: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletedRow:
    """What stays of a recording whose files our node has deleted."""

    root: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceRow:
    """One voice of a recording as our node keeps it."""

    file: str
    ours: bool
    name: str
    office: str
    language: str
    codec: str
    starts_ms: int
    frames: int  # of 20 ms


@dataclass(frozen=True, kw_only=True, slots=True)
class ToneRow:
    """One tone that was sent in a call, and how a person of the other side heard it."""

    ours: bool  # we sent it
    by: str
    at: str
    heard: str  # well | badly | not, or "" while nobody has said
    heard_by: str
    heard_at: str | None
