"""What of a recording goes into the record: one leaf a frame, one root, and which frames each voice missed.

Owns: the leaf, its order, the tracks as `call.recording-kept` states them. Does not own: files (storage/recordings.py).
Always true: the root depends on sides, streams, numbers, codecs and payloads alone, never on files, pauses or times.
Read first: docs/protocol/recording.md.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from parley import limits
from parley.codec import JsonValue, Reader
from parley.codec.canonical import decode
from parley.record.tree import Frontier, leaf_hash

FRAME_BYTES: Final = 40  # of a `.frames` file: number (4), position (4), SHA-256 of the payload (32)
CODECS: Final = {"opus": 1, "pcm": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One voice of a recording: whose, and its frames as a `.frames` file has them, numbers rising."""

    side: str
    stream: int
    person: str
    language: str
    codec: str
    starts_ms: int
    frames: bytes

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.frames) // FRAME_BYTES

    def each(self) -> Iterator[tuple[int, int, bytes]]:
        """Give number, position and digest of each frame."""
        for at in range(0, self.count * FRAME_BYTES, FRAME_BYTES):
            row = self.frames[at : at + FRAME_BYTES]
            yield int.from_bytes(row[:4], "big"), int.from_bytes(row[4:8], "big"), row[8:]


def read_track(about: bytes, rows: bytes) -> Track:
    """Read a track's words strictly; raises PeerError."""
    reader = Reader(decode(about))
    track = Track(
        side=reader.side("side"), stream=reader.integer("stream", 0, 2**32 - 1), person=reader.person("person"),
        language=reader.text("language", max_chars=limits.VOICE_LANGUAGE_CHARS_MAX, min_chars=0),
        codec=reader.choice("codec", ("opus", "pcm")), starts_ms=reader.integer("starts_ms"), frames=rows,
    )  # fmt: skip
    reader.done()
    return track


def digest(payload: bytes) -> bytes:
    """Give what stands for a payload in its leaf."""
    return hashlib.sha256(payload).digest()


def frame_row(number: int, position: int, payload: bytes) -> bytes:
    """Give a row of a `.frames` file."""
    return number.to_bytes(4, "big") + position.to_bytes(4, "big") + digest(payload)


def leaf(side: str, stream: int, number: int, codec: str, digest: bytes) -> bytes:
    """Give the leaf of one frame."""
    name = side.encode("ascii")
    place = stream.to_bytes(4, "big") + number.to_bytes(4, "big")
    return bytes((len(name),)) + name + place + bytes((CODECS[codec],)) + digest


def root_of(tracks: Iterable[Track]) -> bytes:
    """Give the root over all frames, in the order of side, stream, number."""
    tree = Frontier()
    ordered = sorted(tracks, key=lambda one: (one.side, one.stream, one.codec))
    for (side, stream), group in groupby(ordered, key=lambda one: (one.side, one.stream)):
        rows = heapq.merge(*(_leaves(one) for one in group))  # not sorted: a file may have millions
        for number, codec, hashed in rows:
            tree.append(leaf_hash(leaf(side, stream, number, codec, hashed)))
    return tree.root()


def _leaves(track: Track) -> Iterator[tuple[int, str, bytes]]:
    return ((number, track.codec, hashed) for number, _, hashed in track.each())


def missed_runs(track: Track) -> list[tuple[int, int]]:
    """Give the runs of numbers between the first and the last frame that are not there."""
    runs, last = [], -1
    for number, _, _ in track.each():
        if last >= 0 and number > last + 1:
            runs.append((last + 1, number - 1))
        last = number
    return runs


def describe(tracks: Sequence[Track]) -> list[dict[str, JsonValue]]:
    """Give the tracks as an entry states them; of missed runs as many as one entry lists."""
    left = limits.RECORDING_RUNS_MAX
    told: list[dict[str, JsonValue]] = []
    for track in sorted(tracks, key=lambda one: (one.side, one.stream, one.codec)):
        if not track.count:
            continue
        runs = missed_runs(track)
        listed, left = runs[:left], max(0, left - len(runs))
        first, last = (int.from_bytes(track.frames[at:][:4], "big") for at in (0, (track.count - 1) * FRAME_BYTES))
        told.append(
            {
                "side": track.side, "stream": track.stream, "person": track.person, "language": track.language,
                "codec": track.codec, "starts_ms": track.starts_ms, "first": first, "last": last,
                "frames": track.count, "missed": last - first + 1 - track.count,
                "which": " ".join(str(begin) if begin == end else f"{begin}-{end}" for begin, end in listed),
            }
        )  # fmt: skip
    return told
