"""`tracks`: how near two ships or aircraft came, by one file or by two accounts, in words or as JSON.

Owns: opening files, the words. Does not own: reading them and the arithmetic (tracks/).
Always true: the figures of two accounts are printed side by side; the kind of meeting is called an indication.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from parley import limits
from parley.cli.output import Progress, print_json, safe
from parley.errors import Refused
from parley.times import Moment, moment_text
from parley.tracks.collecting import ERRORS, FileRead, Given, number_of
from parley.tracks.comparing import Figure, between, cpa_then, overlap, within
from parley.tracks.cpa import Cpa
from parley.tracks.flags import flags
from parley.tracks.forms import read_time
from parley.tracks.reading import read_tracks
from parley.tracks.track import Track

_PIECE_BYTES: Final = 262_144
NOTES: Final = {
    "at-end": "It is at the first or last moment that both tracks cover; before or after they may have been nearer.",
    "band-covers-zero": "The errors allow that they met: the tracks do not show that they were apart.",
    "gap-left-out": "For part of the time a track is silent; nothing is worked out there.",
    "no-height": "Height is not counted, as a track lacks it.",
    "no-relative-motion": "The distance hardly changed; the moment means nothing.",
    "single-fix": "A track is one fix alone.",
}
FLAGS: Final = {
    "faster-than-sound": "faster than sound between two fixes, {} m/s. Look at it again.",
    "on-land": "on land by a coarse coastline, {} of the fixes looked at. Look at it again.",
}
OVERLAP: Final = "Both accounts' figures overlap: the tracks do not show that one of them is wrong."
APART: Final = "Both accounts' figures do not overlap: the errors they state do not explain the difference."


def run(chosen: Namespace) -> int:
    """Read, work out, print."""
    paths = [chosen.file, *([chosen.other] if chosen.other else [])]
    reads = [_read(chosen, path, number) for number, path in enumerate(paths)]
    at = _moment(chosen.at, "--at") if chosen.at else None
    found = _figures(reads)
    if chosen.json:
        print_json(
            {
                "files": [_file(path, read) for path, read in zip(paths, reads, strict=True)],
                "figures": [{"account": name, **_figure(one, at)} for name, one in found],
                "overlap": overlap(found[0][1].approach, found[1][1].approach) if len(found) > 1 else None,
            }
        )
        return 0
    for path, read in zip(paths, reads, strict=True):
        _say_file(path, read)
    for name, one in found:
        _say_figure(name, one, at)
    if len(found) > 1:
        print(f"\n{OVERLAP if overlap(found[0][1].approach, found[1][1].approach) else APART}")
    return 0


def _figures(reads: Sequence[FileRead]) -> list[tuple[str, Figure]]:
    """Give one figure an account that has two ships; else one of the two files together."""
    whole = [
        (name, read)
        for name, read in zip(("the first file", "the second file"), reads, strict=False)
        if len(read.tracks) > 1
    ]
    if whole:
        return [(name, within(read.tracks)) for name, read in whole]
    if len(reads) < 2:
        raise Refused("tracks.overlap", "The file holds one ship; name a second file, or one that holds two.")
    return [("both files", between(reads[0].tracks, reads[1].tracks))]


def _read(chosen: Namespace, path: Path, number: int) -> FileRead:
    def turn(values: Sequence[str]) -> str:
        return (values[number] if len(values) > 1 else values[0]) if values else ""

    errors = {}
    for name in ERRORS:
        value = number_of(turn(getattr(chosen, name)), f"--{name.replace('_', '-')}")
        if value is not None:
            errors[name] = value
    try:
        with Progress(path.name, path.stat().st_size, on=not chosen.json) as bar:
            given = Given(
                kind=turn(chosen.kind), source=turn(chosen.source), errors=errors, only=frozenset(chosen.of),
                since_ms=_moment(chosen.since, "--from") if chosen.since else limits.TRACK_MS_MIN,
                until_ms=_moment(chosen.until, "--to") if chosen.until else limits.TRACK_MS_MAX, progress=bar.to,
            )  # fmt: skip
            return read_tracks(_pieces(path), given, name=path.stem)
    except OSError as fault:
        raise Refused("cli.unreadable", f"{path} cannot be read: {fault.strerror}; nothing was done") from None


def _moment(text: str, where: str) -> int:
    minutes = text[:-1] if text.endswith("Z") else ""
    return read_time(f"{minutes}:00Z" if len(minutes) == 16 else text, where)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


# --- as JSON ----------------------------------------------------------------------------------------------------------


def _when(at_ms: int) -> str:
    return moment_text(Moment(at_ms))


def _track(track: Track) -> dict[str, Any]:
    error = {name: getattr(track.error, name) for name in ERRORS}
    return {
        "name": track.name, "kind": track.kind, "ids": track.ids, "source": track.source, "fixes": len(track.fixes),
        "from": _when(track.first_ms), "to": _when(track.last_ms), "error": error, "error_assumed": track.assumed,
        "flags": [{"code": flag.code, "value": flag.value} for flag in flags(track)],
    }  # fmt: skip


def _file(path: Path, read: FileRead) -> dict[str, Any]:
    return {
        "file": str(path), "form": read.form, "tracks": [_track(track) for track in read.tracks],
        "left_out": read.left_out, "faults": read.faults, "repeats": read.repeats, "unread": read.unread,
    }  # fmt: skip


def _figure(one: Figure, at: int | None) -> dict[str, Any]:
    found = one.approach
    told: dict[str, Any] = {
        "first": _track(one.first), "second": _track(one.second), "at": _when(found.at_ms),
        "horizontal_m": round(found.horizontal_m, 3),
        "vertical_m": None if found.vertical_m is None else round(found.vertical_m, 3),
        "distance_m": round(found.distance_m, 3), "low_m": round(found.low_m, 3), "high_m": round(found.high_m, 3),
        "geometry": found.geometry, "notes": found.notes,
    }  # fmt: skip
    if at is not None:
        told["cpa"] = _cpa(cpa_then(one.first, one.second, at), at)
    return told


def _cpa(found: Cpa | None, at: int) -> dict[str, Any] | None:
    if found is None:
        return None
    seconds = None if found.tcpa_s is None else round(found.tcpa_s, 1)
    return {"at": _when(at), "now_m": round(found.now_m, 1), "cpa_m": round(found.cpa_m, 1), "tcpa_s": seconds}


# --- in words ---------------------------------------------------------------------------------------------------------


def _say_file(path: Path, read: FileRead) -> None:
    print(safe(f"{path.name} ({read.form})"))
    for track in read.tracks[:12]:
        numbers = ", ".join(f"{kind} {number}" for kind, number in track.ids.items())
        error = track.error
        stated = "assumed" if track.assumed else "stated"
        height = f", height {error.vertical_m:g} m" if track.fixes[0].alt_m is not None else ""
        who = f"{track.name}{f' ({numbers})' if numbers and numbers.split(' ')[-1] != track.name else ''}, {track.kind}"
        print(safe(f"  {who}: {len(track.fixes)} fixes, {_when(track.first_ms)} to {_when(track.last_ms)}"))
        print(safe(f"    source: {track.source or 'not said'}"))
        print(f"    error {stated}: position {error.position_m:g} m{height}, clock {error.clock_s:g} s")
    if len(read.tracks) > 12:
        print(f"  … and {len(read.tracks) - 12} more")
    for fault in read.faults[:5]:
        print(safe(f"  left out: {fault}"))
    if read.left_out > 5:
        print(f"  left out: {read.left_out} lines in all")
    if read.unread:
        print(safe(f"  columns not read: {', '.join(read.unread)}"))


def _say_figure(name: str, one: Figure, at: int | None) -> None:
    found = one.approach
    print(safe(f"\nClosest approach by {name}: {one.first.name} and {one.second.name}, {_when(found.at_ms)}"))
    print(f"  horizontal  {found.horizontal_m:,.0f} m")
    if found.vertical_m is not None:
        above = "above" if found.vertical_m >= 0 else "below"
        print(safe(f"  vertical    {abs(found.vertical_m):,.0f} m, the first {above} the second"))
    print(f"  distance    {found.distance_m:,.0f} m; in 95 of 100 cases {found.low_m:,.0f} to {found.high_m:,.0f} m")
    print(f"  meeting     {found.geometry} (an indication, never a verdict)")
    if at is not None:
        cpa = cpa_then(one.first, one.second, at)
        if cpa is None:
            print(f"  at {_when(at)}: a track does not say where it was, and how it moved")
        else:
            when = "nothing moves as seen from the other" if cpa.tcpa_s is None else f"TCPA {cpa.tcpa_s:,.0f} s"
            print(f"  at {_when(at)}: {cpa.now_m:,.0f} m apart, CPA {cpa.cpa_m:,.0f} m, {when}")
    for track in (one.first, one.second):
        for flag in flags(track):
            print(safe(f"  {track.name}: {FLAGS[flag.code].format(flag.value)}"))
    for note in found.notes:
        print(f"  {NOTES[note]}")
