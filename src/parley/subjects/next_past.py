"""The past of the entry that our side writes next: all that is folded here of what it may name.

Owns: what was last given for each channel, so that a busy node does not work it out again for each entry.
Does not own: whether a past of theirs can be true (pasts.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from parley.errors import ensure
from parley.record.names import LogId, Past
from parley.subjects.logs import Logs
from parley.subjects.tracks import Track


@dataclass(slots=True)
class _Known:
    """What was given last for a channel, and from which logs."""

    writing: LogId | None
    logs: int
    tracks: list[Track]
    sizes: list[int] = field(default_factory=list)
    past: tuple[Past, ...] = ()


class NextPast:
    """The pasts of entries to come, by channel."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._known: dict[str, _Known] = {}
        self._roots: dict[LogId, tuple[int, str]] = {}

    def of(self, channel: str, writing: LogId | None = None) -> tuple[Past, ...]:
        """Give the past of an entry we write now: all that is folded of this channel and of the line channel.

        Args:
            writing: The log that will hold the entry; by default our newest in this channel. It is left out.
        """
        if writing is None:
            ours = [log for log in self._logs.tracks if log.channel == channel and log.side == self._logs.us]
            writing = max(ours, key=lambda log: log.epoch, default=None)
        known = self._known.get(channel)
        if known is None or known.writing != writing or known.logs != len(self._logs.tracks):
            tracks = [
                track for log, track in self._logs.tracks.items() if log.channel in (channel, "line") and log != writing
            ]
            tracks.sort(key=lambda track: track.log.text)
            known = self._known[channel] = _Known(writing, len(self._logs.tracks), tracks)
        sizes = [self._logs.shared(track) for track in known.tracks]
        if sizes != known.sizes:
            known.sizes = sizes
            known.past = tuple(
                Past(track.log, size, self._root(track, size))
                for track, size in zip(known.tracks, sizes, strict=True)
                if size
            )
        return known.past

    def forsake(self, log: LogId, beyond: int) -> None:
        """Name no more than `beyond` of this log of ours from now on, but for what they name of it themselves."""
        self._logs.of(log).beyond = beyond
        self._known.clear()

    def _root(self, track: Track, size: int) -> str:
        known = self._roots.get(track.log)
        if known is not None and known[0] == size:
            return known[1]
        root = self._logs.reader.root_at(track.log, size)
        ensure(root is not None, f"{track.log.text}: folded up to {track.folded}, yet the root at {size} is not known")
        self._roots[track.log] = (size, cast(bytes, root).hex())
        return self._roots[track.log][1]
