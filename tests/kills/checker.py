"""Reads both sides' records and what every client was told, and names each promise that did not hold.

It runs once both nodes have stopped in order, after the line was whole and quiet. Numbers are those of docs/design.md,
"What is always true": 2 on disk before said, 3 nothing lost, doubled or reordered, 5 no fork, 6 both see the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.kills.grounds import SIDES, Grounds, other
from tests.kills.notes import Note, read_notes

from parley.errors import ParleyError
from parley.identity import LineIdentity
from parley.line import BookReader, Roots
from parley.record import notes as signed
from parley.record.entry import Entry, read_entry
from parley.record.names import LogId
from parley.record.tree import Frontier, leaf_hash
from parley.storage.chunks import ChunkStore
from parley.storage.memory import MemoryStore
from parley.storage.port import SIGNATURE_KINDS, EntryRow, FoldRow, SignatureRow, StoreReads
from parley.storage.sqlite import SqliteStore
from parley.subjects import Book

_MARK: Final = re.compile(r"mark ([a-z]+)\.(\d+)\.(\d+)\.(\d+)\. ")
_KINDS: Final = {1: "co-ed", 2: "co-pq"}


@dataclass(kw_only=True)
class Record:
    """What one side's disk holds in the end."""

    identity: LineIdentity
    leaves: dict[LogId, list[bytes]]
    folds: dict[LogId, list[FoldRow]]
    signatures: dict[LogId, list[SignatureRow]]
    frozen: list[str]
    digest: str  # of all views, as this store folded them while it was killed
    afresh: str  # of all views, folded again from the entries alone

    @property
    def side(self) -> str:
        """Whose disk it is."""
        return self.identity.ours.side


@dataclass(kw_only=True)
class History:
    """Everything there is to judge. `healed`: a side lost its disk or was restored, so new epochs are right."""

    records: dict[str, Record]
    notes: dict[str, list[Note]]
    chunks: dict[str, Path]
    healed: bool = False


def read_history(grounds: Grounds, *, healed: bool = False) -> History:
    """Read everything; the nodes have stopped."""
    records = {side: read_record(ground.record, ground.identity) for side, ground in grounds.at.items()}
    return History(
        records=records,
        notes={side: read_notes(ground.notes) for side, ground in grounds.at.items()},
        chunks={side: ground.data / "chunks" for side, ground in grounds.at.items()},
        healed=healed,
    )


def read_record(path: Path, identity: LineIdentity) -> Record:
    """Read one database through and through."""
    store = SqliteStore(path)
    try:
        store.check()
        logs = store.logs()
        leaves = {log: store.leaves(log, 0, store.size(log)) for log in logs}
        return Record(
            identity=identity,
            leaves=leaves,
            folds={log: store.folds(log, 0, store.folded(log)) for log in logs},
            signatures={
                log: [row for kind in SIGNATURE_KINDS for row in store.signatures(log, kind, 0, 1 << 40)]
                for log in logs
            },
            frozen=[key for key, _ in store.values("frozen")],
            digest=_digest(_book(store, identity)),
            afresh=_digest(_fold_afresh(leaves, identity)),
        )
    finally:
        store.close()


def _book(store: StoreReads, identity: LineIdentity) -> Book:
    return Book(identity.ours.side, identity.theirs.side, identity.line, BookReader(store, Roots(store)))


def _digest(book: Book) -> str:
    return book.digest(book.cut())


def _fold_afresh(leaves: dict[LogId, list[bytes]], identity: LineIdentity) -> Book:
    """Fold the entries again, from nothing and in another order: log after log, the last one first."""
    store = MemoryStore()
    book = _book(store, identity)
    book.trust_our_end(True)
    for log in sorted(leaves, reverse=True):
        rows = [EntryRow(log, number, leaf_hash(leaf), leaf) for number, leaf in enumerate(leaves[log])]
        store.commit(rows)
        for row in rows:
            book.take(log, row.number, row.leaf, row.id)
    store.commit([*book.fold(), *book.index()])
    for log in leaves:
        book.settled(log, len(leaves[log]))
    return book


def judge(history: History) -> list[str]:
    """Give each fault found, in words that begin with the promise's number; none is what we hope for."""
    found: list[str] = []
    for side in SIDES:
        found += _told_is_durable(history, side)
        found += _said_was_stored(history, side)
        found += _one_of_each(history, side)
        found += _files_are_held(history, side)
        found += _no_fork(history, side)
    found += _same_logs(history)
    found += _same_views(history)
    for side in SIDES:
        strange = [note for note in history.notes[side] if note.told in ("bug", "fault", "reload")]
        found += [f"{side} life {note.life}: {note.told} {note.fields}" for note in strange]
    return found


# --- 2: on disk before said -----------------------------------------------------------------------------------------


def _verdict(side: Record, note: Note) -> str:
    """What the record says of the entry a note speaks of; nothing, if it is not there or not folded."""
    folds = side.folds[LogId.read(note.log)]
    return folds[note.number].verdict if note.number < len(folds) else ""


def _told_is_durable(history: History, side: str) -> Iterator[str]:
    """Everything a client of `side` was told must be on the disk that it was told of."""
    ours, theirs = history.records[side], history.records[other(side)]
    acts = {name: _acts(record) for name, record in history.records.items()}
    for note in history.notes[side]:
        said = f"2: {side} life {note.life} told {note.told} {note.fields}"
        if note.told in ("authored", "entry", "ahead"):
            held = _id(ours, note.log, note.number)
            if held != note.id:
                yield f"{said}, but its disk holds {held}"
            elif note.told == "entry" and _verdict(ours, note) != note.verdict:
                yield f"6: {said}, but the verdict became another"
        elif note.told == "receipt" and _id(theirs, note.log, note.number) is None:
            yield f"{said}, but the other disk holds no such entry"
        elif note.told == "held":
            log, kind = LogId.read(note.log), _KINDS[note.suite]
            rows = [row for row in theirs.signatures.get(log, ()) if row.kind == kind and row.size == note.size]
            if len(theirs.leaves.get(log, ())) < note.size:
                yield f"{said}, but the other disk holds fewer"
            elif not history.healed and [row.at_s for row in rows] != [note.at_s]:
                yield f"{said}, but the other disk holds no such cosignature"
        elif note.told == "showing" and ("message.shown", note.subject) not in acts[side]:
            yield f"{said}, but no such entry is there"
        elif note.told in ("shown", "acknowledged"):
            missing = [name for name in SIDES if (f"message.{note.told}", note.subject) not in acts[name]]
            if missing:
                yield f"{said}, but {missing} hold no such entry"


def _said_was_stored(history: History, side: str) -> Iterator[str]:
    """What the other side holds of our signatures left us; so our own disk must have them."""
    if history.healed:
        return
    ours, theirs = history.records[side], history.records[other(side)]
    for log, rows in theirs.signatures.items():
        mine = {(row.kind, row.size, row.root, row.at_s) for row in ours.signatures.get(log, ())}
        for row in rows:
            if (row.kind.startswith("own")) != (log.side == side):
                continue  # one of their own
            if (row.kind, row.size, row.root, row.at_s) not in mine:
                yield f"2: {side} signed {row.kind} of {log.text} at {row.size}; the other has it, its own disk not"


# --- 3: nothing lost, doubled or reordered --------------------------------------------------------------------------


def _one_of_each(history: History, side: str) -> Iterator[str]:
    """Every wish became at most one entry, and each client's wishes stand in the order it had them."""
    ours = history.records[side]
    wished = {note.mark for note in history.notes[side] if note.told == "wish"}
    denied = {note.mark for note in history.notes[side] if note.told == "unsaid" and "mark" in note.fields}
    seen: Counter[str] = Counter()
    last: dict[str, tuple[int, int]] = {}
    for log, number, entry in _entries(ours):
        if entry.log != log or entry.number != number:
            yield f"3: {side} holds {entry.log.text} {entry.number} at {log.text} {number}"
        mark = _MARK.match(str(entry.body.get("text", "")))
        if mark is None or log.side != side:
            continue
        name = ".".join(mark.groups())
        seen[name] += 1
        if name not in wished:
            yield f"3: {log.text} {number} holds {name}, which nobody wished"
        if name in denied:
            yield f"3: {log.text} {number} holds {name}, of which its client was told that it was not stored"
        place = (int(mark[3]), int(mark[4]))
        if place < last.get(mark[2], (0, 0)):
            yield f"3: {log.text} {number} holds {name} after a later one of the same client"
        last[mark[2]] = place
    yield from (f"3: {side} holds {name} {count} times" for name, count in seen.items() if count > 1)
    marked = [note.mark for note in history.notes[side] if note.told == "authored" and "mark" in note.fields]
    yield from (f"3: {side} was told of {name}, which is nowhere" for name in marked if not seen[name])


def _files_are_held(history: History, side: str) -> Iterator[str]:
    """A message whose file came whole has the other side's word for it; the file is on the disk, to the last byte."""
    record, chunks = history.records[side], ChunkStore(history.chunks[side], quota_bytes=1 << 40)
    said = {(entry.subject, entry.body["root"]) for _, _, entry in _entries(record) if entry.kind == "file.held"}
    try:
        for log, number, entry in _entries(record):
            files: Any = entry.body.get("attachments") if entry.kind == "message.sent" else None
            for one in files or ():
                name = f"the file of {log.text} {number}"
                if sum(map(len, chunks.read(bytes.fromhex(one["root"])))) != one["size"]:
                    yield f"3: {side} does not hold {name}"
                elif log.side == side and (entry.subject, one["root"]) not in said:
                    yield f"3: {other(side)} holds {name} and never said so"
    except ParleyError as error:
        yield f"3: {side} holds a broken file: {error}"
    finally:
        chunks.close()


def _same_logs(history: History) -> Iterator[str]:
    """Both disks hold the same bytes of every log."""
    north, south = (history.records[side].leaves for side in SIDES)
    for log in sorted(north.keys() | south.keys()):
        one, two = north.get(log, []), south.get(log, [])
        if one != two:
            at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
            what = "5: the sides hold different entries" if at < min(len(one), len(two)) else "3: entries are missing"
            yield f"{what} of {log.text} from {at} on ({len(one)} at north, {len(two)} at south)"


# --- 5: no fork -----------------------------------------------------------------------------------------------------


def _no_fork(history: History, side: str) -> Iterator[str]:
    """Every signature on this disk is good, and over a prefix of the one log."""
    record = history.records[side]
    for log, rows in record.signatures.items():
        sizes = {row.size for row in rows}
        frontier, roots = Frontier(), {}
        for number, leaf in enumerate(record.leaves[log], 1):
            frontier.append(leaf_hash(leaf))
            if number in sizes:
                roots[number] = frontier.root()
        times: dict[str, int] = {}
        for row in sorted(rows, key=lambda row: row.size):
            where = f"{side} holds {row.kind} of {log.text} at {row.size}"
            if row.size not in roots:
                yield f"5: {where}, but only {len(record.leaves[log])} entries"
            elif row.root != roots[row.size]:
                yield f"5: {where}, over another history"
            if row.at_s < times.get(row.kind, 0):
                yield f"5: {where}, dated before the one before it"
            times[row.kind] = row.at_s
            try:
                _verify(record.identity, row)
            except ParleyError as error:
                yield f"5: {where}, which is not good: {error.code}"
        if log.epoch and not history.healed:
            yield f"5: {side} holds {log.text}: nothing was lost, so no epoch had to be opened"
    yield from (f"5: {side} froze {name}" for name in record.frozen)


def _verify(identity: LineIdentity, row: SignatureRow) -> None:
    parties = {party.side: party for party in (identity.ours, identity.theirs)}
    author, cosigner = parties[row.log.side], parties[other(row.log.side)]
    line, log = identity.line, row.log
    match row.kind:
        case "own-ed":
            signed.verify_checkpoint(author, line, log, row.size, row.root, row.signature)
        case "own-pq":
            signed.verify_checkpoint_pq(author, line, log, row.size, row.root, row.signature)
        case "co-ed":
            signed.verify_cosignature(cosigner, author, line, log, row.size, row.root, row.at_s, row.signature)
        case "co-pq":
            signed.verify_cosignature_pq(cosigner, author, line, log, row.size, row.root, row.at_s, row.signature)


# --- 6: both see the same -------------------------------------------------------------------------------------------


def _same_views(history: History) -> Iterator[str]:
    """Both sides fold the same views, as they went along, and again from nothing."""
    digests = {(side, how): getattr(history.records[side], how) for side in SIDES for how in ("digest", "afresh")}
    if len(set(digests.values())) != 1:
        yield f"6: the views differ: {digests}"
    for side in SIDES:
        record = history.records[side]
        for log, leaves in record.leaves.items():
            if len(record.folds[log]) != len(leaves):
                yield f"6: {side} folded {len(record.folds[log])} of {len(leaves)} entries of {log.text}"
        for log, number, entry in _entries(record):
            if entry.kind == "line.tested" and entry.body.get("same") is not True:
                yield f"6: the line test answered at {log.text} {number} found different views"


# --- reading --------------------------------------------------------------------------------------------------------


def _entries(record: Record) -> Iterator[tuple[LogId, int, Entry]]:
    """Give every entry, a side's epochs in order."""
    for log in sorted(record.leaves, key=lambda log: (log.channel, log.side, log.epoch)):
        for number, leaf in enumerate(record.leaves[log]):
            yield log, number, read_entry(leaf)


def _acts(record: Record) -> set[tuple[str, str]]:
    return {(fold.kind, fold.subject) for folds in record.folds.values() for fold in folds if fold.verdict == "valid"}


def _id(record: Record, log: str, number: int) -> str | None:
    leaves: Sequence[bytes] = record.leaves.get(LogId.read(log), ())
    return leaf_hash(leaves[number]).hex() if number < len(leaves) else None


def summary(history: History) -> dict[str, Any]:
    """Count what was told, and what the record holds."""
    return {
        "entries": {log.text: len(leaves) for log, leaves in sorted(history.records["north"].leaves.items())},
        "told": {side: dict(Counter(note.told for note in history.notes[side])) for side in SIDES},
        "unsaid": dict(Counter(n.code for side in SIDES for n in history.notes[side] if n.told == "unsaid")),
        "verdicts": dict(Counter(row.verdict for rows in history.records["north"].folds.values() for row in rows)),
    }
