"""`parley check`: judge an evidence file with nothing but the file.

Owns: the verdict, and the report in words. No node, no network, no trust in whoever made the file.
Does not own: how each kind of file is judged (check_bundle.py, check_record.py), the words (telling.py).
Always true:
  1. `proven` means that every signature, root, proof and place in the file was verified; there is no partial pass.
  2. A file that is refused says why, and names what was done to it where that can be known.
Read first: docs/protocol/evidence.md. tests/independent/check.py reaches the same verdicts with none of this code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

from parley.record import telling
from parley.record.check_bundle import check_bundle
from parley.record.check_record import RecordCheck
from parley.record.check_recording import RecordingFile, recording_lines
from parley.record.forks import check_fork
from parley.record.form import BUNDLE, RECORD, Founding, Lines, NotProven, Unreadable, read_header
from parley.record.legal import Disclosed

Verdict = Literal["proven", "not-proven", "unreadable"]
EXIT_CODES: Final[dict[Verdict, int]] = {"proven": 0, "not-proven": 1, "unreadable": 2}
_PIECE_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one file. `code` names the fault ("" when proven); `lines` are the words for people."""

    verdict: Verdict
    code: str
    kind: str  # bundle, record, fork, or "" if that could not be read
    line: str  # the line id, or ""
    lines: tuple[str, ...]
    both_suites: bool = False  # Ed25519 and ML-DSA-44 of both sides cover everything the report calls proven
    entries: int = 0

    @property
    def exit_code(self) -> int:
        """0 proven, 1 not proven, 2 unreadable."""
        return EXIT_CODES[self.verdict]


def check_file(
    path: Path | str,
    *,
    line: str | None = None,
    recording: Path | None = None,
    names: Sequence[Path] = (),
    compared: Collection[str] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Judge a file on disk; never raises for what is in it, and gives `unreadable` if it cannot be opened.

    Args:
        line: The line id the caller knows; evidence of any other line is then not proven.
        recording: A recording file to be judged by the record in the other one.
        names: Disclosures of legal names, each to be held against the roster entries in the file.
        compared: Words of later cards that the caller has compared with their sides (form.check_identities).
        progress: Told how many bytes of the file have been read.
    """
    try:
        disclosed = [Disclosed.read(name) for name in names]
        with Path(path).open("rb") as file:
            if recording is None:
                return check_pieces(_pieces(file, progress), line=line, disclosed=disclosed, compared=compared)
            with RecordingFile(recording) as sound:
                return check_pieces(
                    _pieces(file, progress), line=line, recording=sound, disclosed=disclosed, compared=compared
                )
    except Unreadable as fault:
        return Report("unreadable", fault.code, "", "", (f"Unreadable: {fault.sentence}.",))
    except OSError as fault:
        return Report("unreadable", "evidence.unreadable", "", "", (f"Unreadable: {path}: {fault.strerror}.",))


def check_pieces(
    pieces: Iterable[bytes],
    *,
    line: str | None = None,
    recording: RecordingFile | None = None,
    disclosed: Sequence[Disclosed] = (),
    compared: Collection[str] = (),
) -> Report:
    """Judge a file given as a stream of bytes, in constant memory."""
    kind, named = "", ""
    try:
        lines = Lines(pieces)
        kind, found = read_header(lines, compared)
        named = found.line
        if line is not None and line != found.line:
            raise NotProven("evidence.other-line", f"this is evidence of line {found.line}, not of {line}")
        if recording is not None and kind != RECORD:
            raise NotProven("evidence.recording", "a recording is judged by a whole record")
        if kind == BUNDLE:
            entries = check_bundle(lines, found)
            if entries[0].held_since_s is None and entries[0].receipt_s is None:
                raise NotProven("evidence.not-held", telling.not_held_line(found, entries[0]))
            told = telling.bundle_lines(found, entries)
            for each in entries:
                for one in disclosed:
                    one.hear(each.entry)
            both, count = all(each.both_suites for each in entries), len(entries)
        elif kind == RECORD:
            asked = "" if recording is None else recording.about.asked
            result = RecordCheck(lines, found, recording=asked, disclosed=disclosed).run()
            told, count = telling.record_lines(result), result.entries
            if recording is not None:
                told += recording_lines(recording, found, result.kept)
            both = all(min(each.own_pq, each.co_pq, each.co_ed) >= each.count for each in result.logs.values())
        else:
            told, both, count = telling.fork_lines(found, check_fork(lines, found)), False, 0
        if disclosed:
            told += ["Disclosed, apart from the record:", *_names(disclosed, found)]
    except Unreadable as fault:
        return Report("unreadable", fault.code, kind, named, (f"Unreadable: {fault.sentence}.",))
    except NotProven as fault:
        word = fault.code.removeprefix("evidence.").upper()
        return Report("not-proven", fault.code, kind, named, (f"NOT PROVEN ({word}): {fault.sentence}.",))
    return Report("proven", "", kind, named, tuple(told), both, count)


def _names(disclosed: Sequence[Disclosed], found: Founding) -> Iterator[str]:
    for one in disclosed:
        if one.about.line != found.line:
            raise NotProven("evidence.legal-name", f"the disclosure is for line {one.about.line}, not for {found.line}")
        named = [party.name for party in found.parties if party.side == one.about.side]
        yield one.line(named[0] if named else one.about.side)


def _pieces(file: BinaryIO, progress: Callable[[int], None]) -> Iterator[bytes]:
    done = 0
    while piece := file.read(_PIECE_BYTES):
        yield piece
        done += len(piece)
        progress(done)
