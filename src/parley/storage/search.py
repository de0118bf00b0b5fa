"""Full text of the record in a side database that can be thrown away: SQLite FTS5, or a plain scan in memory.

Owns: the index and how far it has come in each log. Does not own: terms (statements/terms.py), who may read (actions/).
Always true:
  1. The record is the truth; an index that is damaged, foreign or of another form is made again from nothing.
  2. Only entries are indexed, never what is private to a side (promise 9).
  3. One thread at a time adds; another may ask meanwhile, over a connection of its own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import apsw

from parley.record.names import LogId
from parley.statements.terms import Wanted, terms

FORMAT: Final = "parley-search/1"
_TABLES: Final = """
CREATE TABLE about(format TEXT, store TEXT);
CREATE TABLE progress(log TEXT PRIMARY KEY, size INTEGER) WITHOUT ROWID;
CREATE TABLE docs(id INTEGER PRIMARY KEY, log TEXT, number INTEGER, channel TEXT, side TEXT, at TEXT, kind TEXT,
  subject TEXT);
CREATE VIRTUAL TABLE words USING fts5(body, signs, place, content='', tokenize='ascii', columnsize=0);
"""
_FIND: Final = """
SELECT docs.log, docs.number, docs.channel, docs.side, docs.at, docs.kind, docs.subject
FROM words JOIN docs ON docs.id = words.rowid
WHERE words MATCH ? AND docs.at >= ? AND docs.at < ? ORDER BY words.rowid DESC LIMIT ?
"""


class Doc(NamedTuple):
    """An entry as the index knows it."""

    log: str
    number: int
    channel: str
    side: str
    at: str
    kind: str
    subject: str


class Search(Protocol):
    """What a node asks of its index."""

    def size(self, log: LogId) -> int:
        """Give how many entries of a log are indexed."""
        ...

    def add(self, log: LogId, size: int, docs: Sequence[tuple[Doc, str]]) -> None:
        """Index these entries with their texts; the log is indexed up to `size` then."""
        ...

    def find(
        self, asked: Sequence[Wanted], channels: Collection[str], *, side: str = "", since: str = "", until: str = "",
        count: int = 50,
    ) -> list[Doc]:  # fmt: skip
        """Give the newest entries of these channels that have all that is asked for."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class SqliteSearch:
    """The index of a node that has a disk."""

    def __init__(self, path: Path, store: str) -> None:
        """Open the index of the record `store`, or begin a new one."""
        self._path, self._store = path, store
        try:
            self._open()
            if self._rows("SELECT format, store FROM about") != [(FORMAT, store)]:
                raise apsw.SQLError("another record's index")
        except apsw.Error:
            self._begin()

    def _open(self) -> None:
        self._connection = apsw.Connection(str(self._path))
        self._asking = apsw.Connection(str(self._path))
        self._connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF")

    def _begin(self) -> None:
        with contextlib.suppress(apsw.Error):
            self.close()
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))  # as private as the record
        self._open()
        self._connection.execute(_TABLES)
        self._connection.execute("INSERT INTO about VALUES(?, ?)", (FORMAT, self._store))

    def _rows(self, sql: str, values: Sequence[str | int] = ()) -> list[tuple[object, ...]]:
        return list(self._asking.execute(sql, tuple(values)))

    def size(self, log: LogId) -> int:
        """Give how many entries of a log are indexed."""
        rows = self._rows("SELECT size FROM progress WHERE log = ?", (log.text,))
        return int(str(rows[0][0])) if rows else 0

    def add(self, log: LogId, size: int, docs: Sequence[tuple[Doc, str]]) -> None:
        """Index entries, all or none of them."""
        with self._connection:
            for doc, text in docs:
                self._connection.execute(
                    "INSERT INTO docs(log, number, channel, side, at, kind, subject) VALUES(?,?,?,?,?,?,?)", tuple(doc)
                )
                found = terms(text)
                place = f"{_token('c', doc.channel)} {_token('s', doc.side)}"
                self._connection.execute(
                    "INSERT INTO words(rowid, body, signs, place) VALUES(?,?,?,?)",
                    (self._connection.last_insert_rowid(), " ".join(found.body), " ".join(found.signs), place),
                )
            self._connection.execute("INSERT OR REPLACE INTO progress VALUES(?, ?)", (log.text, size))

    def find(
        self, asked: Sequence[Wanted], channels: Collection[str], *, side: str = "", since: str = "", until: str = "",
        count: int = 50,
    ) -> list[Doc]:  # fmt: skip
        """Give the newest entries that have it all; rights and side are terms too, so a rare one is quick."""
        if not asked or not channels:
            return []
        parts = [_match(one) for one in asked]
        parts.append("place : (" + " OR ".join(f'"{_token("c", each)}"' for each in sorted(channels)) + ")")
        if side:
            parts.append(f'place : "{_token("s", side)}"')
        rows = self._rows(_FIND, (" AND ".join(parts), since, until or "~", count))
        return [Doc(*row) for row in rows]  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of the file."""
        self._asking.close()
        self._connection.close()


def _token(mark: str, name: str) -> str:
    return mark + name.encode().hex()


def _match(one: Wanted) -> str:
    """Give the FTS5 query of one thing: terms hold letters and digits alone, so nothing in them is a command."""
    column = "signs" if one.sign else "body"
    return f'{column} : "{" ".join(one.terms)}"{"*" if one.prefix else ""}'


class MemorySearch:
    """The same over a list: for tests and whoever keeps no disk."""

    def __init__(self) -> None:
        self._docs: list[tuple[Doc, str, frozenset[str]]] = []
        self._sizes: dict[LogId, int] = {}

    def size(self, log: LogId) -> int:
        """Give how many entries of a log are indexed."""
        return self._sizes.get(log, 0)

    def add(self, log: LogId, size: int, docs: Sequence[tuple[Doc, str]]) -> None:
        """Index entries."""
        for doc, text in docs:
            found = terms(text)
            self._docs.append((doc, f" {' '.join(found.body)} ", frozenset(found.signs)))
        self._sizes[log] = size

    def find(
        self, asked: Sequence[Wanted], channels: Collection[str], *, side: str = "", since: str = "", until: str = "",
        count: int = 50,
    ) -> list[Doc]:  # fmt: skip
        """Give the newest entries that have it all, by looking at each."""
        found = []
        for doc, body, signs in reversed(self._docs):
            here = doc.channel in channels and (not side or doc.side == side)
            then = (not since or doc.at >= since) and (not until or doc.at < until)
            if asked and here and then and all(_has(one, body, signs) for one in asked):
                found.append(doc)
                if len(found) == count:
                    break
        return found

    def close(self) -> None:
        """Nothing is held."""


def _has(one: Wanted, body: str, signs: frozenset[str]) -> bool:
    if one.sign:
        return one.terms[0] in signs
    return f" {' '.join(one.terms)}{'' if one.prefix else ' '}" in body
