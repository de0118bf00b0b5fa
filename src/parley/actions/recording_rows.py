"""What the actions hand out about recordings and tones of a call: plain frozen facts, as in rows.py.

Owns: their shapes. Does not own: how they are filled (recording_showing.py).
"""

from __future__ import annotations

from msgspec import Struct


class KeptRow(Struct, frozen=True, kw_only=True):
    """What a node states that it keeps of a recording."""

    ours: bool
    at: str
    root: str
    frames: int
    missed: int
    voices: int


class RecordingRow(Struct, frozen=True, kw_only=True):
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


class DeletedRow(Struct, frozen=True, kw_only=True):
    """What stays of a recording whose files our node has deleted."""

    root: str
    at: str


class VoiceRow(Struct, frozen=True, kw_only=True):
    """One voice of a recording as our node keeps it."""

    file: str
    ours: bool
    name: str
    office: str
    language: str
    codec: str
    starts_ms: int
    frames: int  # of 20 ms


class ToneRow(Struct, frozen=True, kw_only=True):
    """One tone that was sent in a call, and how a person of the other side heard it."""

    ours: bool  # we sent it
    by: str
    at: str
    heard: str  # well | badly | not, or "" while nobody has said
    heard_by: str
    heard_at: str | None
