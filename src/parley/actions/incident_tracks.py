"""The tracks of an incident: each side's files read on our node, and each side's closest approach beside the other's.

Owns: which files are tracks, what is shown of them, what is kept of it in memory until it is asked for again.
Does not own: reading and arithmetic (tracks/), files on disk (storage/), words and charts (desk/).
Always true:
  1. Nothing here is stored or sent: each node works it out from the files both hold, and gets the same.
  2. A page never waits for it: `tracks_now` gives what was read before; `read_files` reads, beside the loop.
  3. A track is flagged, never refused, for what it says.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from weakref import WeakKeyDictionary

from parley import limits
from parley.actions.incident_showing import founded
from parley.actions.incidents import view_at
from parley.actions.ports import NodePort
from parley.actions.track_rows import CpaRow, FileProblemRow, TracksRow
from parley.actions.track_showing import Account, row_of
from parley.actions.who import Who
from parley.errors import ParleyError, PeerError, Refused
from parley.subjects.incidents import IncidentView
from parley.subjects.incidents.shapes import Evidence
from parley.times import read_moment
from parley.tracks.collecting import FileRead, Given
from parley.tracks.comparing import Figure, cpa_then
from parley.tracks.reading import read_tracks

_ENDINGS: Final = frozenset((".csv", ".gpx", ".geojson", ".json", ".nmea", ".ais", ".sbs", ".log", ".txt"))
_SURE: Final = frozenset((".csv", ".gpx", ".geojson", ".nmea", ".ais", ".sbs"))  # what is wrong with these is told
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    row: TracksRow
    figures: tuple[tuple[str, Figure], ...]
    fixes: int


class _Shelf:
    """What was worked out for the incidents looked at last; bounded by the fixes it holds."""

    def __init__(self) -> None:
        self.working = asyncio.Lock()  # one incident at a time: the loop carries voice
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()

    def get(self, key: _Key) -> _Kept | None:
        """Give what is kept, and keep it longest."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: _Key, kept: _Kept) -> None:
        """Keep it; what was not looked at for longest gives way."""
        self._kept[key] = kept
        while len(self._kept) > 1 and sum(one.fixes for one in self._kept.values()) > limits.TRACK_SHELF_FIXES_MAX:
            self._kept.popitem(last=False)


_SHELVES: WeakKeyDictionary[NodePort, _Shelf] = WeakKeyDictionary()


def tracks_now(node: NodePort, who: Who, channel: str, subject: str) -> TracksRow:
    """Give the tracks of an incident as far as they were read."""
    view = view_at(node, who, "read", channel, subject)
    files = _files(node, view)
    if not files:
        return TracksRow(ready=True, files=0)
    kept = _shelf(node).get(_key(view, files))
    return kept.row if kept is not None else TracksRow(ready=False, files=len(files))


async def read_files(node: NodePort, who: Who, channel: str, subject: str) -> TracksRow:
    """Read the files that are here, work out the figures, and give all of it."""
    view = view_at(node, who, "read", channel, subject)
    files = _files(node, view)
    if not files:
        return TracksRow(ready=True, files=0)
    shelf, key = _shelf(node), _key(view, files)
    async with shelf.working:
        kept = shelf.get(key)
        if kept is None:
            data = [await _content(node, one) for one in files]
            began = founded(node)
            founded_ms = read_moment(began) if began else None
            kept = await asyncio.to_thread(_work, node.identity.ours.side, view, files, data, founded_ms)
            shelf.put(key, kept)
    return kept.row


def cpa_at_moment(node: NodePort, who: Who, channel: str, subject: str, at_ms: int) -> tuple[CpaRow, ...]:
    """Give CPA and TCPA at a moment, by each figure's tracks; nothing before they were read."""
    view = view_at(node, who, "read", channel, subject)
    kept = _shelf(node).get(_key(view, _files(node, view)))
    found = []
    for whose, figure in kept.figures if kept else ():
        cpa = cpa_then(figure.first, figure.second, at_ms)
        if cpa is None:
            found.append(CpaRow(whose=whose, now_m=None, cpa_m=None, tcpa_s=None))
            continue
        seconds = None if cpa.tcpa_s is None else round(cpa.tcpa_s)
        found.append(CpaRow(whose=whose, now_m=round(cpa.now_m), cpa_m=round(cpa.cpa_m), tcpa_s=seconds))
    return tuple(found)


def may_be_tracks(name: str) -> bool:
    """Say whether a file is looked at for tracks, by its name's ending."""
    return PurePosixPath(name.lower()).suffix in _ENDINGS


def _shelf(node: NodePort) -> _Shelf:
    return _SHELVES.setdefault(node, _Shelf())


def _files(node: NodePort, view: IncidentView) -> tuple[Evidence, ...]:
    """Give the files that may be tracks and are whole on our disk, the first of them."""
    found = [one for one in view.evidence if may_be_tracks(one.name) and node.attachment_held(one.root) >= one.size]
    return tuple(found[: limits.INCIDENT_TRACK_FILES_MAX])


def _key(view: IncidentView, files: Sequence[Evidence]) -> _Key:
    return (view.subject, _numbers(view), *((one.side, one.root, one.name, one.source, one.errors) for one in files))


def _numbers(view: IncidentView) -> frozenset[str]:
    """Give the numbers of the ships and aircraft that the accounts name: what is wanted of a file with many."""
    return frozenset(
        told.value.upper()
        for account in view.accounts
        for unit in account.report.units
        for field, told in unit.told.items()
        if field in ("mmsi", "imo", "icao")
    )


async def _content(node: NodePort, one: Evidence) -> bytes | None:
    """Give a file's bytes; None for one that a page does not read."""
    if one.size > limits.INCIDENT_TRACK_BYTES_MAX:
        return None
    return b"".join([piece async for piece in node.read_attachment(one.root)])


def _work(
    us: str, view: IncidentView, files: Sequence[Evidence], data: Sequence[bytes | None], founded_ms: int | None
) -> _Kept:
    """Read and work out, in a thread of its own; nothing of the node is touched here."""
    accounts, problems = (Account(ours=True), Account(ours=False)), []
    for one, content in zip(files, data, strict=True):
        account = accounts[one.side != us]
        try:
            read = _read(one, content, _numbers(view))
        except ParleyError as fault:
            sure = PurePosixPath(one.name.lower()).suffix in _SURE
            if sure or fault.code not in ("tracks.form", "tracks.empty"):
                problems.append(_problem(account.ours, one, fault.code, fault.sentence))
            continue
        if read.left_out:
            problems.append(_problem(account.ours, one, "left-out", read.faults[0], read.left_out))
        account.add(one.name, one.root, read.tracks)
    row, figures = row_of(accounts, tuple(problems), len(files), founded_ms)
    held = {id(track): len(track.fixes) for _, figure in figures for track in (figure.first, figure.second)}
    drawn = sum(len(part.points) for track in row.tracks for part in track.drawn)
    return _Kept(row, figures, sum(held.values()) + drawn)


def _read(one: Evidence, content: bytes | None, wanted: frozenset[str]) -> FileRead:
    if content is None:
        most = limits.INCIDENT_TRACK_BYTES_MAX
        raise Refused("tracks.too-much", f"a page reads at most {most} bytes; `parley tracks` reads any file")
    stem = PurePosixPath(one.name).stem[: limits.TRACK_NAME_CHARS_MAX]
    errors = {name: float(value) for name, value in one.errors}
    try:
        read = read_tracks([content], Given(source=one.source, errors=errors), name=stem)
        if len(read.tracks) <= limits.TRACKS_COMPARED_MAX:
            return read
        fault: ParleyError = Refused("tracks.too-many", f"{len(read.tracks)} ships; the accounts name none of them")
    except Refused as refused:
        fault = refused
    if not wanted:
        raise fault
    try:
        return read_tracks([content], Given(source=one.source, errors=errors, only=wanted), name=stem)
    except PeerError:
        raise fault from None


def _problem(ours: bool, one: Evidence, code: str, sentence: str, left_out: int = 0) -> FileProblemRow:
    return FileProblemRow(ours=ours, file=one.name, code=code, sentence=sentence, left_out=left_out)
