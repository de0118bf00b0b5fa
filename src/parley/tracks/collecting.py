"""From what a file says, one thing after another, to its tracks: by whom, in order, within bounds.

Owns: what the caller states of a file, what is kept of it, order and repeats, the lines that were left out.
Does not own: the formats (ais.py, sbs.py, csvfile.py, geojson.py, gpx.py), which of them a file is (reading.py).
Always true:
  1. At most limits.TRACK_FILE_FIXES_MAX fixes of limits.TRACKS_IN_FILE_MAX ships are held, however long the file.
  2. A fix that does not come after the one before it is never kept: the file is refused, or that line is left out.
  3. What the caller states goes before what the file states, and that before what we assume.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.errors import PeerError, Refused
from parley.tracks.forms import fault
from parley.tracks.seen import Seen
from parley.tracks.track import KINDS, Fix, Stated, Track, check_fix, check_order

ERRORS: Final = ("position_m", "vertical_m", "clock_s")
_SHOWN: Final = 8


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the caller states of a file ("" and absent: as the file says), and what of it is wanted (empty: all)."""

    name: str = ""
    kind: str = ""
    source: str = ""
    errors: Mapping[str, float] = field(default_factory=dict)  # of ERRORS
    only: Collection[str] = ()  # numbers or names of ships and aircraft
    since_ms: int = limits.TRACK_MS_MIN
    until_ms: int = limits.TRACK_MS_MAX
    progress: Callable[[int], None] | None = None  # told how many bytes were read

    def __post_init__(self) -> None:
        if self.kind and self.kind not in KINDS:
            raise PeerError("tracks.kind", f"a track's kind: expected one of {', '.join(KINDS)}, got another")
        Stated(**dict(self.errors))


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """A file as it was read: its tracks, and what of it was not taken."""

    form: str  # ais, sbs, csv, geojson or gpx
    tracks: tuple[Track, ...]
    left_out: int = 0  # lines that were wrong
    faults: tuple[str, ...] = ()  # the first of them, each with its line
    repeats: int = 0  # the same word of the same ship again, as two receivers of one log have it
    unread: tuple[str, ...] = ()  # columns that we know nothing of


@dataclass(slots=True)
class _Held:
    kind: str
    id_kind: str
    name: str = ""
    source: str = ""
    fixes: list[Fix] = field(default_factory=list)


class Collector:
    """Takes what is seen; gives the tracks."""

    def __init__(self, form: str, given: Given) -> None:
        self._form, self._given = form, given
        self._held: dict[tuple[str, str], _Held] = {}
        self._count = self._left_out = self._repeats = 0
        self._faults: list[str] = []
        self.source = ""  # as the file says of all its tracks
        self.errors: dict[str, float] = {}  # as the file says
        self.unread: tuple[str, ...] = ()

    def leave_out(self, number: int, why: PeerError | str) -> None:
        """Note a line that says nothing we can take."""
        self._left_out += 1
        if len(self._faults) < limits.TRACK_FAULTS_TOLD_MAX:
            said = why if isinstance(why, str) else why.sentence
            self._faults.append(f"line {number}: {said}")

    def take(self, seen: Seen, where: str) -> None:
        """Take one thing in; raises PeerError `tracks.order`, `tracks.field`, Refused `tracks.count`."""
        given, fix = self._given, seen.fix
        if given.only and seen.id not in given.only and seen.name not in given.only:
            return
        if fix is not None and not given.since_ms <= fix.at_ms <= given.until_ms:
            return
        held = self._held.get((seen.id_kind, seen.id))
        if held is None:
            if len(self._held) >= limits.TRACKS_IN_FILE_MAX:
                raise self._too_many(where, f"more than {limits.TRACKS_IN_FILE_MAX} ships and aircraft")
            held = self._held[seen.id_kind, seen.id] = _Held(seen.kind, seen.id_kind)
        held.name = seen.name[: limits.TRACK_NAME_CHARS_MAX] or held.name
        held.source = held.source or seen.source[: limits.TRACK_NAME_CHARS_MAX]
        if fix is None:
            return
        check_fix(fix, where)
        if held.fixes:
            if fix == held.fixes[-1] and self._form in ("ais", "sbs"):
                self._repeats += 1
                return
            check_order(held.fixes[-1].at_ms, fix.at_ms, where)
        if self._count >= limits.TRACK_FILE_FIXES_MAX or len(held.fixes) >= limits.TRACK_FIXES_MAX:
            raise self._too_many(where, f"more than {self._count} fixes")
        held.fixes.append(fix)
        self._count += 1

    def read(self) -> FileRead:
        """Give all of it; raises PeerError `tracks.empty`."""
        tracks = tuple(self._track(id, held) for (_, id), held in self._held.items() if held.fixes)
        if not tracks:
            first = f"; {self._faults[0]}" if self._faults else ""
            raise PeerError("tracks.empty", f"the file ({self._form}): expected at least one fix, got none{first}")
        return FileRead(
            form=self._form, tracks=tracks, left_out=self._left_out, faults=tuple(self._faults),
            repeats=self._repeats, unread=self.unread,
        )  # fmt: skip

    def _track(self, id: str, held: _Held) -> Track:
        stated = {**self.errors, **self._given.errors}
        return Track(
            name=self._given.name or held.name or id or "track", kind=self._given.kind or held.kind,
            ids={held.id_kind: id} if held.id_kind != "name" else {},
            source=self._given.source or held.source or self.source, error=Stated(**stated), assumed=not stated,
            fixes=tuple(held.fixes),
        )  # fmt: skip

    def _too_many(self, where: str, what: str) -> Refused:
        some = ", ".join(id for (_, id), held in list(self._held.items())[:_SHOWN] if id)
        told = f" It tells of {some}{' …' if len(self._held) > _SHOWN else ''}." if some else ""
        return Refused("tracks.too-much", f"{where}: {what}. Name the ships or the time you want.{told}"[:400])


def state_error(errors: dict[str, float], name: str, text: str, where: str) -> None:
    """Take an error that a file states: metres or seconds as a plain decimal."""
    value = number_of(text, where)
    if value is None or value < 0:
        raise fault("tracks.error", where, f"{name} as a number of metres or seconds", text)
    Stated(**{name: value})
    errors[name] = value


def number_of(text: str, where: str) -> float | None:
    """Read a plain decimal; None for nothing. "1e309", "nan", "0x1" and digits of other scripts are none."""
    text = text.strip()
    if not text:
        return None
    digits = text[1:] if text[0] in "+-" else text
    whole, _, part = digits.partition(".")
    if len(text) > 24 or not (whole + part).isascii() or not (whole + part).isdigit():
        raise fault("tracks.field", where, "a plain decimal number", text)
    return float(text)
