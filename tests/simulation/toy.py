"""A book that judges nothing: shakes the simulated world and the line down without any subject."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from parley.errors import PeerError
from parley.line import BookReader
from parley.record import Entry, LogId, Past, read_entry
from parley.storage import FoldRow


class ToyBook:
    """Folds every entry whose past is held; all that can be read is valid."""

    rules = 1

    def __init__(self, us: str, them: str, line: str, reader: BookReader) -> None:
        self._us, self._them, self._line, self._reader = us, them, line, reader
        self._waiting: dict[LogId, list[tuple[int, bytes]]] = {}
        self._rows: dict[tuple[LogId, int], FoldRow] = {}
        self._entries: dict[tuple[LogId, int], Entry | None] = {}
        self._size: dict[LogId, int] = {log: reader.folded(log) for log in reader.logs()}

    def take(self, log: LogId, number: int, leaf: bytes, id: bytes) -> None:
        self._size.setdefault(log, 0)
        self._waiting.setdefault(log, []).append((number, leaf))

    def fold(self) -> list[FoldRow]:
        rows: list[FoldRow] = []
        moved = True
        while moved:
            moved = False
            for log in sorted(self._waiting):
                while self._waiting[log] and (row := self._fold_one(log, *self._waiting[log][0])) is not None:
                    self._waiting[log].pop(0)
                    self._rows[(log, row.number)] = row
                    self._size[log] = row.number + 1
                    rows.append(row)
                    moved = True
        return rows

    def _fold_one(self, log: LogId, number: int, leaf: bytes) -> FoldRow | None:
        before = self._turn(log, number)
        try:
            entry = read_entry(leaf)
        except PeerError as fault:
            self._entries[(log, number)] = None
            return FoldRow(log, number, log.channel, "", "", before + 1, "unreadable", fault.sentence[:80], "")
        if any(self._size.get(past.log, 0) < past.size for past in entry.past):
            return None
        self._entries[(log, number)] = entry
        turn = 1 + max([before, *(self._turn(past.log, past.size) for past in entry.past)])
        return FoldRow(log, number, log.channel, entry.subject, entry.kind, turn, "valid", "", entry.at)

    def _turn(self, log: LogId, size: int) -> int:
        if size == 0:
            return 0
        row = self._rows.get((log, size - 1))
        return row.turn if row is not None else self._reader.folds(log, size - 1, 1)[0].turn

    def settled(self, log: LogId, size: int) -> None:
        return None

    def judge(self, entry: Entry) -> None:
        return None

    def past_for(self, channel: str) -> tuple[Past, ...]:
        found = []
        for log in sorted(self._size, key=lambda log: log.text):
            size = self._size[log]
            if size and (log.channel == "line" or (log.channel == channel and log.side == self._them)):
                root = self._reader.root_at(log, size)
                assert root is not None
                found.append(Past(log, size, root.hex()))
        return tuple(found)

    def entry(self, log: LogId, number: int) -> Entry | None:
        return self._entries.get((log, number))

    def view(self, channel: str, subject: str) -> object:
        return None

    def cut(self) -> dict[LogId, int]:
        return {log: size for log, size in self._size.items() if size}

    def digest(self, cut: Mapping[LogId, int]) -> str:
        text = ";".join(f"{log.text}={size}" for log, size in sorted(cut.items()))
        return hashlib.sha256(text.encode()).hexdigest()
