"""The tracks a receiver is hearing now, and where each was in the last minutes.

Always true:
  1. There are at most limits.LIVE_TRACKS_MAX; a newer one takes the place of the one that was silent longest.
  2. A track that is silent for limits.LIVE_SILENCE_S is forgotten.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from typing import Final

from parley import limits
from parley.live.heard import Report

METRES_A_DEGREE: Final = 111_195.0
_FIXES_MAX: Final = 300
_FIX_EVERY_MS: Final = 2_000
_FIX: Final = 4  # numbers of one fix


class LiveTrack:
    """One ship or aircraft: the last word of it, and its way here."""

    __slots__ = ("at_ms", "course_deg", "fixes", "height_m", "id", "kind", "lat", "lon", "name", "source", "speed_mps")

    def __init__(self, id: str, kind: str) -> None:
        self.id, self.kind, self.name, self.source = id, kind, "", ""
        self.lat = self.lon = math.nan  # until a position came
        self.course_deg: float | None = None
        self.speed_mps: float | None = None
        self.height_m: float | None = None
        self.at_ms = 0
        self.fixes = array("d")  # time in ms, latitude, longitude, height or nan; thinned, bounded

    @property
    def placed(self) -> bool:
        """Tell whether we know where it is."""
        return not math.isnan(self.lat)

    def way(self) -> Iterator[tuple[int, float, float]]:
        """Give its fixes, oldest first."""
        for at, lat, lon, _ in self.flight():
            yield at, lat, lon

    def flight(self) -> Iterator[tuple[int, float, float, float | None]]:
        """Give the same with its height then, in metres, where it had told one."""
        for at in range(0, len(self.fixes), _FIX):
            when, lat, lon, height = self.fixes[at : at + _FIX]
            yield int(when), lat, lon, None if math.isnan(height) else height

    def velocity(self) -> tuple[float, float]:
        """Give metres a second to the east and to the north; none if it did not say."""
        if self.speed_mps is None or self.course_deg is None:
            return 0.0, 0.0
        course = math.radians(self.course_deg)
        return self.speed_mps * math.sin(course), self.speed_mps * math.cos(course)

    def at(self, now_ms: int) -> tuple[float, float]:
        """Give where it is by now if it kept on: latitude, longitude; a silence of over a minute is not filled."""
        east, north = self.velocity()
        gone_s = min(60.0, max(0.0, (now_ms - self.at_ms) / 1000))
        lat = max(-90.0, min(90.0, self.lat + north * gone_s / METRES_A_DEGREE))
        level = max(0.01, math.cos(math.radians(self.lat)))
        lon = self.lon + east * gone_s / METRES_A_DEGREE / level
        return lat, (lon + 180) % 360 - 180

    def take(self, report: Report, source: str, now_ms: int) -> None:
        """Take in a report. SBS says one thing at a time, so what a report leaves out stays."""
        self.source = source
        self.name = report.name or self.name
        for field in ("course_deg", "speed_mps", "height_m"):
            value = getattr(report, field)
            if value is not None:
                setattr(self, field, value)
        if report.lat is None or report.lon is None:
            return
        if report.kind == "ship":  # its report is whole: a course it no longer knows is not kept
            self.course_deg, self.speed_mps = report.course_deg, report.speed_mps
        self.lat, self.lon, self.at_ms = report.lat, report.lon, now_ms
        if not self.fixes or now_ms - self.fixes[-_FIX] >= _FIX_EVERY_MS:
            height = math.nan if self.height_m is None else self.height_m
            self.fixes.extend((float(now_ms), report.lat, report.lon, height))
            if len(self.fixes) > _FIX * (_FIXES_MAX + 60):
                del self.fixes[: _FIX * 60]


class Tracks:
    """All that is heard now."""

    def __init__(self) -> None:
        self._tracks: dict[str, LiveTrack] = {}  # the one heard last stands last

    def __len__(self) -> int:
        return len(self._tracks)

    def __iter__(self) -> Iterator[LiveTrack]:
        return iter(self._tracks.values())

    def get(self, id: str) -> LiveTrack | None:
        """Give one by its id."""
        return self._tracks.get(id)

    def hear(self, report: Report, source: str, now_ms: int) -> None:
        """Take in a report."""
        found = self._tracks.pop(report.id, None)
        if found is None:
            if len(self._tracks) >= limits.LIVE_TRACKS_MAX:
                del self._tracks[next(iter(self._tracks))]
            found = LiveTrack(report.id, report.kind)
            found.at_ms = now_ms
        found.take(report, source, now_ms)
        self._tracks[report.id] = found

    def forget(self, now_ms: int) -> None:
        """Forget what was silent for too long."""
        old = [id for id, track in self._tracks.items() if now_ms - track.at_ms > limits.LIVE_SILENCE_S * 1000]
        for id in old:
            del self._tracks[id]
