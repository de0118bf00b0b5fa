"""Recordings and tones of a call as plain rows: names for ids, no more.

Owns: their shapes' filling. Does not own: rights (recordings.py, calls.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.recording_rows import KeptRow, RecordingRow, ToneRow, VoiceRow
from parley.record.recorded import Track
from parley.storage import ValueRow
from parley.subjects.calls import CallView, Recording, Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class Deleted:
    """Who of ours deleted our copy of a recording, and when; kept by our side alone."""

    by: str
    at: str


_SPACE: Final = "private.recordings"
_deleted: Final = msgspec.json.Decoder(Deleted)


def name_of(recording: Recording) -> str:
    """Give the name of a recording on our disk."""
    ref = recording.ref
    return f"{ref.log.channel}.{ref.log.side}.{ref.log.epoch}.{ref.number}"


def deleted_row(recording: Recording, note: Deleted) -> ValueRow:
    """Give the row that says so."""
    return ValueRow(_SPACE, name_of(recording), msgspec.json.encode(note))


def rows_of(node: NodePort, view: CallView) -> list[RecordingRow]:
    """Give the recordings of a call as a desk shows them."""
    return [_row(node, number, one) for number, one in enumerate(view.recordings, 1)]


def tone_rows(node: NodePort, view: CallView) -> list[ToneRow]:
    """Give the tones of one call."""
    return [row for one in view.tones if (row := tone_row(node, one)) is not None]


def _row(node: NodePort, number: int, one: Recording) -> RecordingRow:
    us, them = node.identity.ours.side, node.identity.theirs.side
    ours = one.asked_side == us
    answering = them if ours else us
    raw = node.store.value(_SPACE, name_of(one))
    gone = None if raw is None else _deleted.decode(raw)
    return RecordingRow(
        number=number, state=one.state, ours=ours, asked_by=person_name(node, one.asked_side, one.asked_by)[0],
        asked_at=one.asked_at, agreed_by=person_name(node, answering, one.agreed_by)[0] if one.agreed_by else "",
        agreed_at=one.agreed_at or None, reason=one.reason,
        stopped_by=person_name(node, one.stopped_side, one.stopped_by)[0] if one.stopped_by else "",
        stopped_ours=one.stopped_side == us, stopped_at=one.stopped_at or None, stop_reason=one.stop_reason,
        kept=tuple(
            KeptRow(
                ours=kept.by == us, at=kept.at, root=kept.root, frames=kept.frames,
                missed=sum(int(str(track["missed"])) for track in kept.tracks), voices=len(kept.tracks),
            )
            for kept in one.kept
        ),
        deleted_by=person_name(node, us, gone.by)[0] if gone else "", deleted_at=gone.at if gone else None,
    )  # fmt: skip


def voice_row(node: NodePort, track: Track) -> VoiceRow:
    """Give one voice that our node keeps."""
    name, office = person_name(node, track.side, track.person)
    kind = "opus" if track.codec == "opus" else "wav"
    return VoiceRow(
        file=f"{track.side}-{track.stream:08x}.{kind}", ours=track.side == node.identity.ours.side, name=name,
        office=office, language=track.language, codec=track.codec, starts_ms=track.starts_ms, frames=track.count,
    )  # fmt: skip


def tone_row(node: NodePort, tone: Tone | None) -> ToneRow | None:
    """Give one tone, or None for none."""
    if tone is None:
        return None
    us, them = node.identity.ours.side, node.identity.theirs.side
    ours = tone.side == us
    return ToneRow(
        ours=ours, by=person_name(node, tone.side, tone.person)[0], at=tone.at, heard=tone.heard,
        heard_by=person_name(node, them if ours else us, tone.heard_by)[0] if tone.heard_by else "",
        heard_at=tone.heard_at or None,
    )  # fmt: skip
