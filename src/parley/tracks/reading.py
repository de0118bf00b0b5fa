"""A file of tracks, in pieces of any size, whatever of the five forms it has.

Owns: telling the forms apart by their first bytes, and what a wrong line does: in the log of a receiver (AIS, SBS) it
is left out, counted and told; in a file that was made as a whole (CSV, GeoJSON, GPX) it refuses the file.
Does not own: the forms themselves, files and sockets (the doors).
Always true: memory is bounded however long the file; nothing is guessed from a file's name.
Read first: docs/protocol/tracks.md, "Files".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Final

from parley import limits
from parley.errors import PeerError
from parley.tracks.ais import AisDecoder
from parley.tracks.collecting import Collector, FileRead, Given
from parley.tracks.csvfile import read_csv
from parley.tracks.forms import fault
from parley.tracks.geojson import read_geojson
from parley.tracks.lines import lines_of
from parley.tracks.sbs import OTHERS, read_sbs
from parley.tracks.seen import Seen

FORMS: Final = ("ais", "sbs", "csv", "geojson", "gpx")
_HEAD_BYTES: Final = 4_096
_STEP_BYTES: Final = 1_048_576  # between two words of progress


def read_tracks(pieces: Iterable[bytes], given: Given | None = None, *, name: str = "track") -> FileRead:
    """Read a file.

    Args:
        pieces: Its bytes, in order.
        given: What the caller states of it, and what of it is wanted.
        name: What a track is called that has no name and no number.
    Raises:
        PeerError: `tracks.form` (none of the five), or what is wrong and in which line.
        Refused: `tracks.too-much`: more than is kept of one file.
    """
    given = given or Given()
    stream = _told(pieces, given)
    head = b""
    for piece in stream:
        head += piece
        if len(head) >= _HEAD_BYTES:
            break
    form = form_of(head)
    whole = itertools.chain([head], stream)
    into = Collector(form, given)
    if form == "geojson":
        read_geojson(whole, into, name)
    elif form == "gpx":
        from parley.tracks.gpx import read_gpx  # brings a reader of XML

        read_gpx(whole, into, name)
    elif form == "csv":
        read_csv(lines_of(whole), into, name)
    else:
        _read_log(form, lines_of(whole), into)
    return into.read()


def form_of(head: bytes) -> str:
    """Tell the form of a file by its beginning; raises PeerError `tracks.form`."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"<":
        return "gpx"
    if start[:1] == b"{":
        return "geojson"
    lines = [line.strip() for line in start.split(b"\n")]
    said = [line for line in lines if line and line[:1] != b"#"]
    first = said[0] if said else b""
    if first.split(b",")[0] in (b"MSG", *OTHERS):
        return "sbs"
    if any(b"VDM," in line or b"VDO," in line for line in said[:20]):
        return "ais"
    columns = first.lower()
    if b"lat" in columns and (b"lon" in columns or b"lng" in columns):
        return "csv"
    expected = "AIS sentences, SBS lines, CSV with lat and lon in its head, GeoJSON or GPX"
    raise fault("tracks.form", "line 1", expected, first[:40])


def _told(pieces: Iterable[bytes], given: Given) -> Iterator[bytes]:
    read = said = 0
    for piece in pieces:
        yield piece
        read += len(piece)
        if given.progress is not None and read - said >= _STEP_BYTES:
            said = read
            given.progress(read)
    if given.progress is not None:
        given.progress(read)


def _read_log(form: str, numbered: Iterable[tuple[int, bytes | None]], into: Collector) -> None:
    decoder = AisDecoder()
    read = decoder.feed if form == "ais" else _sbs
    for number, line in numbered:
        if line is None:
            into.leave_out(number, f"expected at most {limits.TRACK_LINE_BYTES_MAX} bytes, got more")
            continue
        try:
            for seen in read(line):
                into.take(seen, f"line {number}")
        except PeerError as error:
            into.leave_out(number, error)


def _sbs(line: bytes) -> list[Seen]:
    line = line.strip()
    said = read_sbs(line) if line and line[:1] != b"#" else None
    if said is None:
        return []
    fix = said.fix()
    return [Seen("icao", said.icao, "aircraft", fix, said.callsign)] if fix or said.callsign else []
