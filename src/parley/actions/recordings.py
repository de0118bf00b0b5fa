"""Recording a call, as a person has it: ask, agree, decline, stop; and hearing again what our node kept.

Owns: rights, which asking is meant, the tone test. Does not own: which facts are allowed (subjects/calls/), the frames
(node/recording.py).
Always true: what our node keeps is given only to persons of ours who may read the channel of the call.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from parley.actions.calls import call_view
from parley.actions.ports import NodePort
from parley.actions.recording_rows import DeletedRow, RecordingRow, ToneRow, VoiceRow
from parley.actions.recording_showing import Deleted, deleted_row, name_of, rows_of, tone_row, voice_row
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, need_in
from parley.codec.text import make_text
from parley.errors import Refused, Unavailable
from parley.subjects.calls import CallView, Recording
from parley.subjects.calls import recording_facts as said
from parley.times import moment_text, read_moment

SHIFT_MS: Final = 8 * 3_600_000  # a tone is heard and confirmed once in so long
_LOOKED_AT: Final = 20  # calls of a channel in which a tone may have been heard


async def ask(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Ask the other side to agree that this call is recorded by both."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    return await write(node, who, said.ask(channel, subject), precedence=view.precedence, status=view.status)


async def agree(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Agree: from now on both nodes record. Raises Refused `calls.recording` if nothing is asked."""
    view, found = _open(node, who, channel, subject)
    fact = said.agree(channel, subject, found.ref)
    return await write(node, who, fact, precedence=view.precedence, status=view.status)


async def decline(node: NodePort, who: Who, channel: str, subject: str, *, reason: str = "") -> Sent:
    """Decline, with or without a reason."""
    view, found = _open(node, who, channel, subject)
    fact = said.decline(channel, subject, found.ref, make_text(reason))
    return await write(node, who, fact, precedence=view.precedence, status=view.status)


async def stop(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Stop the recording, or take the asking back; whoever reads the channel at a desk may, in the call or not."""
    view, found = _open(node, who, channel, subject)
    return await write(
        node, who, said.stop(channel, subject, found.ref), precedence=view.precedence, status=view.status
    )


async def send_tone(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Say that our desk has sent the known tone in this call."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    return await write(node, who, said.sound_tone(channel, subject), status=view.status)


async def hear_tone(node: NodePort, who: Who, channel: str, subject: str, *, heard: str) -> Sent:
    """Say how the last tone of theirs was heard here: well, badly or not."""
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    if heard not in said.TONES:
        raise Refused("calls.tone", f"expected {', '.join(said.TONES)}")
    tone = next((one for one in reversed(view.tones) if one.side != node.identity.ours.side and not one.heard), None)
    if tone is None:
        raise Refused("calls.tone", "no tone of theirs waits for an answer")
    return await write(node, who, said.hear_tone(channel, subject, tone.ref, heard), status=view.status)


def recordings(node: NodePort, who: Who, channel: str, subject: str) -> list[RecordingRow]:
    """Give the recordings of a call, with the voices that our node keeps."""
    need_in(node, who, "read", channel)
    return rows_of(node, call_view(node, channel, subject))


async def voices(node: NodePort, who: Who, channel: str, subject: str, number: int) -> list[VoiceRow]:
    """Give the voices of one recording that are on our disk."""
    _, found = _numbered(node, who, channel, subject, number)
    home = node.recordings
    if home is None or home.about(name_of(found)) is None:
        return []
    tracks = await asyncio.to_thread(home.tracks, name_of(found))
    return [voice_row(node, track) for track in sorted(tracks, key=lambda one: one.starts_ms)]


def sound(node: NodePort, who: Who, channel: str, subject: str, number: int, file: str) -> Path:
    """Give the path of one voice of a recording; raises Refused `recording.unknown`."""
    _, found = _numbered(node, who, channel, subject, number)
    path = None if node.recordings is None else node.recordings.path(name_of(found), file)
    if path is None or path.suffix not in (".opus", ".wav") or found.state == "running":
        raise Refused("recording.unknown", "this node keeps no such sound")
    return path


def files(node: NodePort, who: Who, channel: str, subject: str, number: int) -> tuple[str, list[Path]]:
    """Give name and files of a recording that is over, for taking it away; raises Refused `recording.unknown`."""
    _, found = _numbered(node, who, channel, subject, number)
    name = name_of(found)
    if node.recordings is None or found.state == "running" or node.recordings.about(name) is None:
        raise Refused("recording.unknown", "this node keeps no such recording")
    return name, node.recordings.files(name)


async def delete(node: NodePort, who: Who, channel: str, subject: str, number: int) -> DeletedRow:
    """Delete what our node keeps of one recording; its root, and what the other side keeps, stay.

    Nothing of it crosses the line: a side's copy is its own, nobody could check a statement that it is gone, and who
    counts on two copies should ask. Our own people see who deleted it, and when.
    Raises:
        Refused: `recording.unknown` (nothing is kept here), `recording.unstated` (its root is not in the record yet).
        Unavailable: `recording.failed`; some of it may be left.
    """
    need_in(node, who, "release", channel)
    _, found = _numbered(node, who, channel, subject, number)
    name, _ = files(node, who, channel, subject, number)
    kept = next((one for one in found.kept if one.by == node.identity.ours.side), None)
    if kept is None:
        raise Refused("recording.unstated", "our node has not yet stated in the record what it kept of this")
    home = node.recordings
    assert home is not None  # `files` has found it there
    await asyncio.to_thread(home.delete, name)
    if home.about(name) is not None:
        raise Unavailable("recording.failed", "the files of this recording could not all be removed")
    at = moment_text(node.moment())
    await node.keep([deleted_row(found, Deleted(by=who.person, at=at))])
    node.tell("call", {"channel": channel})
    return DeletedRow(root=kept.root, at=at)


def tones(node: NodePort, who: Who, channel: str) -> tuple[ToneRow | None, ToneRow | None]:
    """Give the last tone of ours that was heard there, and of theirs here, within a shift; None if there is none."""
    need_in(node, who, "read", channel)
    since, us = node.moment() - SHIFT_MS, node.identity.ours.side
    rows = node.store.recent(channel, ("call.placed",), before=None, count=_LOOKED_AT)
    views = [node.book.view(channel, row.subject) for row in rows if row.verdict == "valid"]
    heard = [
        one
        for view in views if isinstance(view, CallView)
        for one in view.tones if one.heard and read_moment(one.heard_at) >= since
    ]  # fmt: skip
    ours, theirs = (
        max((one for one in heard if (one.side == us) is mine), key=lambda one: one.heard_at, default=None)
        for mine in (True, False)
    )
    return tone_row(node, ours), tone_row(node, theirs)


def _open(node: NodePort, who: Who, channel: str, subject: str) -> tuple[CallView, Recording]:
    need_in(node, who, "call", channel)
    view = call_view(node, channel, subject)
    found = next((one for one in view.recordings if one.open), None)
    if found is None:
        raise Refused("calls.recording", "nothing is asked for or recorded in this call now")
    return view, found


def _numbered(node: NodePort, who: Who, channel: str, subject: str, number: int) -> tuple[CallView, Recording]:
    need_in(node, who, "read", channel)
    view = call_view(node, channel, subject)
    if not 1 <= number <= len(view.recordings):
        raise Refused("recording.unknown", "there is no such recording in this call")
    return view, view.recordings[number - 1]
