"""One voice of a recording on disk: the sound as it came, beside it a row a frame, and what is left after a crash.

Owns: the files of a track. Does not own: which frames (node/recording.py), folders and quota (recordings.py).
Always true:
  1. Rows are written before their sound and synced with it: a row whose sound is not there is cut off at recovery.
  2. Nothing that was written is ever changed, but for the two sizes in a WAV file's head.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from parley.codec import JsonValue
from parley.codec.canonical import encode
from parley.errors import PeerError
from parley.record import ogg
from parley.record.recorded import FRAME_BYTES, Track, frame_row
from parley.record.wav import HEAD_BYTES, PCM_BYTES, wav_head

_PAGE_FRAMES: Final = 25  # half a second: what a killed node loses at most, beside what it still held back
_PAUSE: Final = 4  # so many frames missing in a row are a pause, fewer a loss that a decoder conceals


class TrackFiles:
    """The open files of one track; `track` (without its rows) says whose it is."""

    def __init__(self, folder: Path, track: Track) -> None:
        self.track = track
        self.last = -1  # the greatest number written
        self.count = 0  # frames and fillers so far, those that wait among them
        self._waiting: list[bytes] = []
        self._rows: list[bytes] = []
        self._opus = track.codec == "opus"
        self._sequence = 2
        base = folder / f"{track.side}-{track.stream:08x}"
        self.sound_path = base.with_suffix(".opus" if self._opus else ".wav")
        self.rows_path = base.with_suffix(".frames" if self._opus else ".wav-frames")
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        fresh = not self.sound_path.exists()
        about = base.with_suffix(".json" if self._opus else ".wav-json")
        if fresh:
            about.write_bytes(encode(_about(track)))
        self._sound = os.open(self.sound_path, flags, 0o600)
        self._numbers = os.open(self.rows_path, flags, 0o600)
        if fresh:
            os.write(self._sound, ogg.head_pages(track.stream) if self._opus else wav_head(0))
        else:
            self._recover()

    def _recover(self) -> None:
        end = self._recover_opus() if self._opus else self._recover_wav()
        os.ftruncate(self._sound, end)
        rows = self.rows_path.read_bytes()
        keep = len(rows) // FRAME_BYTES
        while keep and int.from_bytes(rows[(keep - 1) * FRAME_BYTES + 4 :][:4], "big") >= self.count:
            keep -= 1
        os.ftruncate(self._numbers, keep * FRAME_BYTES)
        if keep:
            self.last = int.from_bytes(rows[(keep - 1) * FRAME_BYTES :][:4], "big")
        os.lseek(self._sound, 0, os.SEEK_END)
        os.lseek(self._numbers, 0, os.SEEK_END)

    def _recover_opus(self) -> int:
        end = 0
        with self.sound_path.open("rb") as file:
            try:
                for one in ogg.read_pages(file.read, self.track.stream):
                    end, self._sequence = one.end, one.sequence + 1
                    self.count += len(one.packets) if one.sequence > 1 else 0
            except PeerError:
                pass  # a page half written when the node was killed: cut off
        if self._sequence < 2 or not end:
            self._sequence, end = 2, os.pwrite(self._sound, ogg.head_pages(self.track.stream), 0)
        return end

    def _recover_wav(self) -> int:
        self.count = max(0, (os.fstat(self._sound).st_size - HEAD_BYTES) // PCM_BYTES)
        os.pwrite(self._sound, wav_head(self.count), 0)
        return HEAD_BYTES + self.count * PCM_BYTES

    def write(self, number: int, position: int, payload: bytes) -> int:
        """Take a frame whose number is greater than all before; gives how many bytes it will take on disk.

        `position` is where it belongs in frames of 20 ms; what lies between is filled, so that a player keeps time.
        """
        gap = max(0, position - self.count)
        filler = bytes(PCM_BYTES) if not self._opus else ogg.SILENCE if gap >= _PAUSE else payload[:1]
        for _ in range(gap):
            self._put(filler)
        self._rows.append(frame_row(number, self.count, payload))
        self._put(payload)
        self.last = number
        return gap * len(filler) + len(payload) + FRAME_BYTES + 4

    def _put(self, packet: bytes) -> None:
        self._waiting.append(packet)
        self.count += 1
        if len(self._waiting) >= _PAGE_FRAMES:
            self.flush()

    def flush(self, *, last: bool = False) -> None:
        """Write what waits. Raises OSError."""
        if self._rows:
            _write(self._numbers, b"".join(self._rows))
            self._rows.clear()
        if self._opus and (self._waiting or last):
            _write(self._sound, ogg.frame_page(self.track.stream, self._sequence, self.count, self._waiting, last=last))
            self._sequence += 1
        elif self._waiting:
            _write(self._sound, b"".join(self._waiting))
        self._waiting.clear()

    def sync(self) -> None:
        """Make what was flushed safe. Raises OSError. May run beside writing."""
        os.fdatasync(self._sound)
        os.fdatasync(self._numbers)

    def close(self, *, last: bool) -> None:
        """Write the rest, mark the end if it is the `last`, sync and let go."""
        try:
            self.flush(last=last)
            if not self._opus:
                os.pwrite(self._sound, wav_head(self.count), 0)
            self.sync()
        finally:
            os.close(self._sound)
            os.close(self._numbers)


def _about(track: Track) -> dict[str, JsonValue]:
    return {
        "side": track.side, "stream": track.stream, "person": track.person, "language": track.language,
        "codec": track.codec, "starts_ms": track.starts_ms,
    }  # fmt: skip


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
