"""Judging a recording file against a whole record: are these the frames that a side's node stated it keeps?

Owns: reading the file strictly (a zip file of files stored as they are), matching its root, every frame that is there.
Does not own: the record (check_record.py), leaves and root (recorded.py).
Always true:
  1. A frame counts as proven only if its bytes hash into the root that stands in a signed entry of the record.
  2. Sound in the file that no leaf stands for is refused, silence between frames aside.
  3. Of a part that is lost the rest is proven all the same, and the loss is counted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from parley import limits
from parley.codec import Reader
from parley.codec.canonical import decode
from parley.errors import ParleyError, PeerError
from parley.record import ogg
from parley.record.entry import Entry
from parley.record.form import Founding, NotProven, Unreadable
from parley.record.recorded import FRAME_BYTES, Track, describe, digest, read_track, root_of
from parley.record.wav import HEAD_BYTES, PCM_BYTES, head_frames

_NAME: Final = re.compile(r"(about\.json)|([a-z0-9-]{1,32}-[0-9a-f]{8})\.(json|frames|opus|wav|wav-json|wav-frames)")
_CODECS: Final = {"opus": "opus", "wav": "pcm"}
_DIRECTORY_BYTES_MAX: Final = 1 << 20  # 512 files with names of 50 letters have 60 kB
_ABOUT_BYTES_MAX: Final = 4_096
_FRAMES_BYTES_MAX: Final = 1 << 28  # 37 hours of one voice: held in memory, one voice at a time
_ROWS_BYTES_MAX: Final = 1 << 30
_BROKEN: Final = (OSError, EOFError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class About:
    """What a recording file says of itself; nothing of it is believed before the record says the same."""

    line: str
    channel: str
    subject: str
    asked: str
    side: str


@dataclass(frozen=True, slots=True)
class _Voice:
    """One voice as it was found."""

    track: Track
    proven: int
    why: str  # why not all of it is here, "" if it is


class _Opened(io.BufferedReader):
    """A file whose directory is not read into memory where it is larger than that of any recording."""

    opening = True

    def read(self, size: int | None = -1, /) -> bytes:
        """Give bytes; raises BadZipFile for more at once than a directory has, while the file is being opened."""
        if self.opening and size is not None and size > _DIRECTORY_BYTES_MAX:
            raise zipfile.BadZipFile("its directory is too large")
        return super().read(size)


class RecordingFile:
    """An open recording file; use as a context. Raises Unreadable for what is none."""

    def __init__(self, path: Path) -> None:
        try:
            self._source = _Opened(io.FileIO(path))
        except OSError as fault:
            raise Unreadable("evidence.unreadable", f"{path}: {fault.strerror}") from None
        try:
            self._zip = zipfile.ZipFile(self._source)
            self._source.opening = False
            members = self._zip.infolist()
            self._files = {info.filename: info for info in members}
            size = path.stat().st_size
        except _BROKEN as fault:
            raise Unreadable("evidence.unreadable", f"{path}: no recording file: {fault}") from None
        if len(members) > 8 * limits.RECORDING_TRACKS_MAX or sum(info.file_size for info in members) > size:
            raise Unreadable("evidence.unreadable", "a recording file holds fewer files, and none within another")
        if len(self._files) < len(members):
            raise Unreadable("evidence.unreadable", "a recording file holds each file once")
        for name, info in self._files.items():
            if not _NAME.fullmatch(name) or info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
                raise Unreadable("evidence.unreadable", "a recording file holds only its own files, stored as they are")
        self.about = self._read_about()

    def __enter__(self) -> RecordingFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._source.close()

    def _bytes(self, name: str, most: int) -> bytes:
        info = self._files.get(name)
        if info is None or info.file_size > most:
            return b""
        try:
            return self._zip.read(info)
        except _BROKEN:
            return b""

    def _read_about(self) -> About:
        try:
            reader = Reader(decode(self._bytes("about.json", _ABOUT_BYTES_MAX)), "about")
            found = About(
                reader.hex("line", 16), reader.channel("channel"), reader.text("subject", max_chars=128),
                reader.hex("asked", 32), reader.side("side"),
            )  # fmt: skip
            reader.moment("began")
            reader.done()
        except ParleyError:
            raise Unreadable("evidence.unreadable", "a recording file has its about.json") from None
        return found

    def tracks(self) -> list[Track]:
        """Give the voices with their rows."""
        found = []
        for name in sorted(self._files):
            kind = {"json": "frames", "wav-json": "wav-frames"}.get(name.partition(".")[2])
            if kind is None or name == "about.json":
                continue
            rows = self._bytes(f"{name.partition('.')[0]}.{kind}", _FRAMES_BYTES_MAX)
            try:
                track = read_track(self._bytes(name, _ABOUT_BYTES_MAX), rows[: len(rows) // FRAME_BYTES * FRAME_BYTES])
            except ParleyError:
                continue
            if name.partition(".")[0] == f"{track.side}-{track.stream:08x}" and track.count:
                found.append(track)
            if sum(len(one.frames) for one in found) > _ROWS_BYTES_MAX:
                raise Unreadable("evidence.unreadable", "a recording file holds fewer frames")
        return found

    def silent(self, tracks: Sequence[Track]) -> None:
        """Check that nothing else in the file can be heard. Raises NotProven `evidence.altered`."""
        judged = {_sound(track) for track in tracks}
        for name in self._files.keys() - judged:
            place, _, kind = name.partition(".")
            if kind in _CODECS:
                side, _, stream = place.rpartition("-")
                self.judge(
                    Track(side=side, stream=int(stream, 16), person="", language="", codec=_CODECS[kind], starts_ms=0,
                          frames=b"")
                )  # fmt: skip

    def judge(self, track: Track) -> _Voice:
        """Compare the sound of one voice with its rows. Raises NotProven `evidence.altered`."""
        name = _sound(track)
        info = self._files.get(name)
        if info is None:
            return _Voice(track, 0, "its sound is not in the file")
        rows, proven, why = track.each(), 0, ""
        row = next(rows, None)
        try:
            with self._zip.open(info) as file:
                for position, packet in enumerate(_packets(file, track, info.file_size)):
                    if row is None or position < row[1]:
                        if not _is_filler(packet, track.codec):
                            raise NotProven("evidence.altered", f"{name} has sound that no frame of the record has")
                        continue
                    if digest(packet) != row[2]:
                        raise NotProven("evidence.altered", f"{name}: frame {row[0]} is not the one that was kept")
                    proven += 1
                    row = next(rows, None)
        except (PeerError, *_BROKEN) as fault:
            why = fault.sentence if isinstance(fault, PeerError) else "the file is damaged"
        return _Voice(track, proven, why or ("" if proven == track.count else "its sound ends before"))


def _sound(track: Track) -> str:
    return f"{track.side}-{track.stream:08x}." + ("opus" if track.codec == "opus" else "wav")


def _packets(file: IO[bytes], track: Track, size: int) -> Iterator[bytes]:
    """Give the frames of one voice. Raises NotProven where a player would be told to play them otherwise."""
    if track.codec == "opus":
        count = 0
        for page in ogg.read_pages(file.read, track.stream):
            if page.sequence > 1:
                yield from page.packets
                count += len(page.packets)
            elif page.packets != (ogg.HEADS[page.sequence],):
                raise NotProven("evidence.altered", f"{_sound(track)} begins otherwise than a recording")
            if page.granule != count * ogg.FRAME_SAMPLES:
                raise NotProven("evidence.altered", f"{_sound(track)} tells a player to skip or cut frames")
        return
    told = head_frames(file.read(HEAD_BYTES))
    if size > HEAD_BYTES and (told is None or told < (size - HEAD_BYTES) // PCM_BYTES):
        raise NotProven("evidence.altered", f"{_sound(track)} tells a player to play it in another way, or to cut it")
    while len(packet := file.read(PCM_BYTES)) == PCM_BYTES:
        yield packet


def _is_filler(packet: bytes, codec: str) -> bool:
    if codec == "opus":
        return packet == ogg.SILENCE or len(packet) <= 1
    return not any(packet)


def recording_lines(file: RecordingFile, found: Founding, stated: list[Entry]) -> list[str]:
    """Say what of a recording file is proven by the statements found in the record.

    Raises: NotProven `evidence.recording` (no statement in the record has this root), `evidence.altered`.
    """
    about = file.about
    tracks = file.tracks()
    root, frames = root_of(tracks).hex(), sum(track.count for track in tracks)
    place = (about.channel, about.subject)
    rooted = [one for one in stated if one.body.get("root") == root and (one.channel, one.subject) == place]
    if not rooted or about.line != found.line:
        raise NotProven(
            "evidence.recording", f"no statement in the record has the root {root} of these {frames} frames"
        )
    same = [one for one in rooted if one.body.get("tracks") == describe(tracks)]
    if not same:  # the root has the frames of each voice, not whose it is
        raise NotProven("evidence.altered", "the file gives these voices to other persons, or times, than was stated")
    names = " and ".join(sorted({found.named(one.side).name for one in same}))
    for track in tracks:
        if track.side not in [party.side for party in found.parties]:
            raise NotProven("evidence.recording", f"{track.side} is no side of this line")
    told = [
        f"Proven of the recording of {about.subject} in channel {about.channel}: {names}'s node states that it keeps "
        f"these {frames} frames, by their root {root}."
    ]
    file.silent(tracks)
    for voice in (file.judge(track) for track in tracks):
        track = voice.track
        words = f"  {track.person} ({found.named(track.side).name}"
        words += f", {track.language})" if track.language else ")"
        words += f", from {track.starts_ms / 1000:.1f} s on: {voice.proven} of {track.count} frames are here, as kept"
        told.append(words + (f"; {voice.why}." if voice.why else "."))
    told.append(
        "Not proven: whose voice it is, for each side's node vouches for its own people; nor how long the pauses "
        "within a voice were."
    )
    return told
