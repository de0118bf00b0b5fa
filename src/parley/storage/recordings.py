"""Recordings on disk: a folder each, with what it is of and the files of every voice; bounded, and whole after a crash.

Owns: folders and their names, quota and reserve, finding again what a killed node left, the sum of what is kept.
Does not own: the files of one voice (recording_files.py), when a recording runs (node/recording.py).
Always true:
  1. `finish` returns only once every byte it speaks of is synced (promise 2).
  2. What is deleted was never spoken of in the record, or a person asked for it once it was.
Read first: docs/protocol/recording.md, "On the disk".
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.canonical import decode, encode
from parley.errors import ParleyError, Unavailable
from parley.record.recorded import FRAME_BYTES, Track, describe, read_track, root_of
from parley.storage.chunk_files import sync_folder
from parley.storage.recording_files import TrackFiles

RESERVE_BYTES: Final = 512 * 1_048_576  # stays free for the record, as with attachments
ABOUT: Final = "about.json"
_NAME: Final = re.compile(r"[a-z0-9-]{1,48}(?:\.[a-z0-9-]{1,32}){1,3}")
_KINDS: Final = {".json": ".frames", ".wav-json": ".wav-frames"}


class Recordings:
    """Every recording of one node."""

    def __init__(self, folder: Path, *, quota_bytes: int, reserve_bytes: int = RESERVE_BYTES) -> None:
        self._folder = folder
        self._quota, self._reserve = quota_bytes, reserve_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self.used = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())

    def names(self) -> list[str]:
        """Give the names of all recordings that are here."""
        return sorted(one.name for one in self._folder.iterdir() if one.is_dir() and _NAME.fullmatch(one.name))

    def begin(self, name: str, about: Mapping[str, JsonValue]) -> Running:
        """Make room for a recording, or go on with one that a stopped node left. Raises Unavailable."""
        self.check_room()
        folder = self._folder / name
        try:
            folder.mkdir(exist_ok=True)
            if not (folder / ABOUT).exists():
                (folder / ABOUT).write_bytes(encode(dict(about)))
                sync_folder(folder)
                sync_folder(self._folder)
            return Running(self, folder)
        except OSError as failed:
            raise Unavailable("recording.failed", f"a recording cannot be written: {failed.strerror}") from None

    def check_room(self) -> None:
        """Raise Unavailable `recording.full` unless there is room for more."""
        if self.used >= self._quota or shutil.disk_usage(self._folder).free < self._reserve:
            raise Unavailable("recording.full", "there is no room for recordings on this node's disk")

    def about(self, name: str) -> dict[str, JsonValue] | None:
        """Give what a recording is of; None if that was never written whole."""
        try:
            found = decode((self._folder / name / ABOUT).read_bytes())
        except (OSError, ParleyError):
            return None
        return found if isinstance(found, dict) else None

    def tracks(self, name: str) -> list[Track]:
        """Give the tracks of a recording, with their rows. Reads files: not for the loop."""
        return read_tracks(self._folder / name)

    def path(self, name: str, file: str) -> Path | None:
        """Give the path of one file of a recording; None if there is no such file."""
        if not _NAME.fullmatch(name) or "/" in file or file.startswith("."):
            return None
        found = self._folder / name / file
        return found if found.is_file() else None

    def files(self, name: str) -> list[Path]:
        """Give the files of a recording, by name."""
        folder = self._folder / name
        return sorted(one for one in folder.iterdir() if one.is_file()) if _NAME.fullmatch(name) else []

    def delete(self, name: str) -> None:
        """Remove a recording that never ran for both, or that a person wants gone. Not for the loop."""
        folder = self._folder / name
        size = sum(one.stat().st_size for one in folder.iterdir()) if folder.exists() else 0
        shutil.rmtree(folder, ignore_errors=True)
        self.used = max(0, self.used - size)


class Running:
    """A recording that goes on."""

    def __init__(self, home: Recordings, folder: Path) -> None:
        self._home, self._folder = home, folder
        self.name = folder.name
        self._tracks: dict[tuple[str, int, str], TrackFiles] = {}
        for track in read_tracks(folder):
            self._tracks[track.side, track.stream, track.codec] = TrackFiles(folder, replace(track, frames=b""))

    def write(self, track: Track, number: int, position: int, payload: bytes) -> None:
        """Take one frame; one that is not after the last of its voice is left out.

        Args:
            track: Whose it is, without rows.
            position: Where it belongs since the recording began, in frames of 20 ms.
        Raises: Unavailable `recording.full` or `recording.failed`.
        """
        key = (track.side, track.stream, track.codec)
        try:
            files = self._tracks.get(key)
            if files is None:
                if len(self._tracks) >= limits.RECORDING_TRACKS_MAX:
                    raise Unavailable("recording.full", "a recording has no room for more voices")
                files = self._tracks[key] = TrackFiles(self._folder, replace(track, starts_ms=position * 20))
            if number > files.last:
                self._home.used += files.write(number, position - files.track.starts_ms // 20, payload)
        except OSError as failed:
            raise Unavailable("recording.failed", f"a recording cannot be written: {failed.strerror}") from None

    def flush(self) -> None:
        """Hand what waits to the system: a killed node keeps it. Raises Unavailable."""
        self._home.check_room()
        try:
            for files in self._tracks.values():
                files.flush()
        except OSError as failed:
            raise Unavailable("recording.failed", f"a recording cannot be written: {failed.strerror}") from None

    def sync(self) -> None:
        """Make it safe from loss of power. Raises OSError. May run beside the loop."""
        for files in list(self._tracks.values()):
            files.sync()

    def close(self) -> None:
        """Let go without an end: this node stops, and goes on with it when it starts again."""
        self._close(last=False)  # what is on the disk is there; recovery cuts off the rest

    def _close(self, *, last: bool) -> OSError | None:
        """Close every voice, whatever fails; gives the first failure."""
        tracks, self._tracks = self._tracks, {}
        first: OSError | None = None
        for files in tracks.values():
            try:
                files.close(last=last)
            except OSError as failed:
                first = first or failed
        return first

    def finish(self) -> tuple[str, list[dict[str, JsonValue]]]:
        """End it, sync every byte, and give root (hex) and tracks for the record. Not for the loop.

        Raises: Unavailable `recording.failed`: not all of it is surely on the disk, so no root may be stated.
        """
        failed = self._close(last=True)
        if failed is not None:
            raise Unavailable(
                "recording.failed", f"a recording could not be ended: {failed.strerror}; its root is not said"
            )
        sync_folder(self._folder)
        tracks = read_tracks(self._folder)
        return root_of(tracks).hex(), describe(tracks)


def read_tracks(folder: Path) -> list[Track]:
    """Give the tracks of a folder with the rows that are whole; one that cannot be read is left out."""
    found = []
    for about in sorted(folder.iterdir()):
        if about.suffix not in _KINDS or about.name == ABOUT:
            continue
        try:
            rows = about.with_suffix(_KINDS[about.suffix])
            data = rows.read_bytes() if rows.exists() else b""
            found.append(read_track(about.read_bytes(), data[: len(data) // FRAME_BYTES * FRAME_BYTES]))
        except (OSError, ParleyError):
            continue
    return found
