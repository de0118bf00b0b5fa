"""The rules of a commit, the same for every store: what is new in it, what repeats, what is a mistake.

Owns: promises 2, 3 and 4 of port.py, checked before anything is written.
Does not own: the writing (memory.py, sqlite.py).
Always true: `check` changes nothing; what it gives back can be stored as it stands, in order, without looking again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Protocol

from parley.record.names import LogId
from parley.storage.port import EntryRow, FoldRow, Row, SignatureKind, SignatureRow, ValueRow
from parley.storage.trouble import changed_entry, fold_mistake, gap, other_root, wrong_id


class Held(Protocol):
    """What a store holds, as far as the rules ask."""

    def ends(self, log: LogId) -> tuple[int, int, int]:
        """Give (entries held, entries folded, turn of the last fold)."""
        ...

    def held_id(self, log: LogId, number: int) -> bytes:
        """Give the id of an entry that is held."""
        ...

    def held_fold(self, log: LogId, number: int) -> FoldRow:
        """Give a fold row that is held."""
        ...

    def signed_root(self, log: LogId, kind: SignatureKind, size: int) -> bytes | None:
        """Give the root that this signature is over, if there is one."""
        ...


AUTHOR_KINDS: Final = ("own-ed", "own-pq")


@dataclass(slots=True)
class Batch:
    """What is new in a commit, by kind, each in the order it is to be stored."""

    entries: list[EntryRow] = field(default_factory=list)
    folds: list[FoldRow] = field(default_factory=list)
    signatures: list[SignatureRow] = field(default_factory=list)
    values: list[ValueRow] = field(default_factory=list)


class _End:
    """Where a log ends while the rows of a commit are looked through."""

    __slots__ = ("folded", "folds", "ids", "size", "start_folded", "start_size", "turn")

    def __init__(self, size: int, folded: int, turn: int) -> None:
        self.size = self.start_size = size
        self.folded = self.start_folded = folded
        self.turn = turn
        self.ids: list[bytes] = []
        self.folds: list[FoldRow] = []


def check(rows: Iterable[Row], held: Held) -> Batch:
    """Sort a commit's rows into what is new; rows already held, byte for byte, are left out.

    Raises:
        OurMistake: `storage.gap`, `storage.changed`, `storage.id`, `storage.fold`, `storage.fork`.
    """
    batch = Batch()
    ends: dict[LogId, _End] = {}
    signed: dict[tuple[LogId, SignatureKind, int], bytes] = {}
    for row in rows:
        if type(row) is ValueRow:
            batch.values.append(row)
            continue
        log = row.log  # type: ignore[union-attr]  # the three other rows have one
        end = ends.get(log)
        if end is None:
            end = ends[log] = _End(*held.ends(log))
        if type(row) is EntryRow:
            if sha256(b"\x00" + row.leaf).digest() != row.id:
                raise wrong_id(row)
            if row.number == end.size:
                end.size += 1
                end.ids.append(row.id)
                batch.entries.append(row)
            elif row.number > end.size or row.number < 0:
                raise gap(row, end.size)
            else:
                fresh = row.number - end.start_size
                if row.id != (end.ids[fresh] if fresh >= 0 else held.held_id(log, row.number)):
                    raise changed_entry(row)
        elif type(row) is FoldRow:
            if _is_new_fold(row, end, held):
                batch.folds.append(row)
        elif type(row) is SignatureRow:
            place = (log, row.kind, row.size)
            root = signed.get(place) or held.signed_root(log, row.kind, row.size)
            if root is None:
                batch.signatures.append(row)
                signed[place] = row.root
            elif root != row.root:
                raise other_root(row)
            elif row.kind in AUTHOR_KINDS:  # signed again with newer keys; a cosignature's time must stay
                batch.signatures.append(row)
    return batch


def _is_new_fold(row: FoldRow, end: _End, held: Held) -> bool:
    if 0 <= row.number < end.folded:
        fresh = row.number - end.start_folded
        if row != (end.folds[fresh] if fresh >= 0 else held.held_fold(row.log, row.number)):
            raise fold_mistake(row, "it was folded before with another result")
        return False
    if row.number != end.folded or row.number >= end.size:
        raise fold_mistake(row, f"expected number {end.folded}, with {end.size} entries held")
    if row.turn < end.turn or row.channel != row.log.channel:
        raise fold_mistake(row, f"turn {row.turn} after {end.turn}, channel {row.channel!r} in log {row.log}")
    end.folded += 1
    end.turn = row.turn
    end.folds.append(row)
    return True
