"""What may be said about recording a call, and about the tone test in it.

Owns: the bodies, strictly read, and their builders. Does not own: when one is allowed (recording.py).
Read first: docs/protocol/recording.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.alike import empty, maybe_reason
from parley.subjects.kinds import Body, Fact, Kind

# Why a recording was stopped: by a person, or by a node that could not go on.
STOPS: Final = ("person", "full", "failed")
CODECS: Final = ("opus", "pcm")
TONES: Final = ("well", "badly", "not")
NUMBER_MAX: Final = 2**32 - 1
_RUNS: Final = re.compile(r"(?:(0|[1-9]\d{0,9})(?:-[1-9]\d{0,9})?(?: (?=\d)|$))*", re.ASCII)


def _stopped(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("reason", STOPS)
    reader.done()


def _kept(body: Body) -> None:
    reader = Reader(body, "$.body")
    frames, total = reader.integer("frames", 0), 0
    reader.hex("root", 32)
    for track in reader.objects("tracks", max_items=limits.RECORDING_TRACKS_MAX):
        total += read_track(track)
    reader.done()
    if total != frames:
        raise PeerError("codec.field", f"$.body.frames: expected the {total} of all tracks, got {frames}")


def read_track(track: Reader) -> int:
    """Read one track strictly; give how many frames it states."""
    track.side("side")
    track.integer("stream", 0, NUMBER_MAX)
    track.person("person")
    track.text("language", max_chars=limits.VOICE_LANGUAGE_CHARS_MAX, min_chars=0)
    track.choice("codec", CODECS)
    track.integer("starts_ms", 0)
    first, last = track.integer("first", 0, NUMBER_MAX), track.integer("last", 0, NUMBER_MAX)
    frames, missed = track.integer("frames", 1), track.integer("missed", 0)
    listed = sum(end - begin + 1 for begin, end in read_runs(track.text("which", max_chars=_WHICH, min_chars=0)))
    track.done()
    if last - first + 1 != frames + missed or listed > missed:
        raise PeerError("codec.field", f"{track.where}: first, last, frames and missed do not fit each other")
    return frames


_WHICH: Final = 22 * limits.RECORDING_RUNS_MAX


def read_runs(text: str) -> list[tuple[int, int]]:
    """Read numbers of frames, as "17 98-99": rising, in one form. Raises PeerError `codec.field`."""
    if not _RUNS.fullmatch(text):
        raise PeerError("codec.field", 'expected numbers as "17 98-99"')
    runs: list[tuple[int, int]] = []
    for word in text.split():
        begin, _, end = word.partition("-")
        run = int(begin), int(end or begin)
        if (end and run[1] <= run[0]) or run[1] > NUMBER_MAX or (runs and run[0] <= runs[-1][1] + 1):
            raise PeerError("codec.field", "expected numbers that rise, neighbours joined")
        runs.append(run)
    return runs


def _tone_heard(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("heard", TONES)
    reader.done()


KINDS: Final = (
    Kind("call.recording-asked", "call", False, "person", empty),
    Kind("call.recording-agreed", "call", False, "person", empty),
    Kind("call.recording-declined", "call", False, "person", maybe_reason),
    Kind("call.recording-stopped", "call", False, "either", _stopped),
    Kind("call.recording-kept", "call", False, "node", _kept),
    Kind("call.tone", "call", False, "person", empty),
    Kind("call.tone-heard", "call", False, "person", _tone_heard),
)


def _about(channel: str, kind: str, subject: str, body: dict[str, JsonValue], *refs: Ref) -> Fact:
    return Fact(channel=channel, kind=f"call.{kind}", subject=subject, body=body, refs=refs)


def ask(channel: str, subject: str) -> Fact:
    """Ask the other side to agree that this call is recorded by both."""
    return _about(channel, "recording-asked", subject, {})


def agree(channel: str, subject: str, asked: Ref) -> Fact:
    """Agree to the asking that is named: from now on both nodes record."""
    return _about(channel, "recording-agreed", subject, {}, asked)


def decline(channel: str, subject: str, asked: Ref, reason: str = "") -> Fact:
    """Decline the asking that is named."""
    return _about(channel, "recording-declined", subject, {"reason": reason}, asked)


def stop(channel: str, subject: str, asked: Ref, reason: str = "person") -> Fact:
    """Stop the recording that this asking began, or take the asking back."""
    return _about(channel, "recording-stopped", subject, {"reason": reason}, asked)


def keep(channel: str, subject: str, asked: Ref, *, root: str, tracks: Sequence[dict[str, JsonValue]]) -> Fact:
    """State what our node keeps of a recording: the Merkle root over its frames, and each voice with what it missed."""
    frames = sum(track["frames"] for track in tracks if isinstance(track["frames"], int))
    return _about(
        channel, "recording-kept", subject, {"frames": frames, "root": root, "tracks": list(tracks)}, asked
    )  # fmt: skip


def sound_tone(channel: str, subject: str) -> Fact:
    """Say that the known tone was sent by our desk."""
    return _about(channel, "tone", subject, {})


def hear_tone(channel: str, subject: str, tone: Ref, heard: str) -> Fact:
    """Say, by the person who listened, how the tone that is named was heard: well, badly or not."""
    return _about(channel, "tone-heard", subject, {"heard": heard}, tone)
