"""A short life of a store: commits of every shape, and what was promised after each."""

from __future__ import annotations

from collections.abc import Iterator

from tests.contracts.rows import LINE, NORTH, SOUTH, entry, fold, leaf, root, signature

from parley.errors import Unavailable
from parley.record.names import LogId
from parley.storage.port import EntryRow, Row, ValueRow
from parley.storage.sqlite import SqliteStore

LOGS = (NORTH, SOUTH, LINE)


def batches(count: int) -> Iterator[list[Row]]:
    """Give commits one by one: single messages, runs of 40, a value that is replaced, sometimes a large entry."""
    sizes = dict.fromkeys(LOGS, 0)
    for number in range(count):
        log = LOGS[number % 3]
        first = sizes[log]
        sizes[log] = end = first + (40 if number % 5 == 4 else 1)
        rows: list[Row] = [entry(log, at) for at in range(first, end)]
        rows += [fold(log, at, turn=at + 1) for at in range(first, end)]
        rows.append(signature(log, end))
        rows.append(ValueRow("private.state", "last", str(number).encode() * (900 if number % 4 == 0 else 1)))
        yield rows


def live(store: SqliteStore, plan: list[list[Row]]) -> int:
    """Commit until something fails; gives how many commits were promised."""
    for number, rows in enumerate(plan):
        try:
            store.commit(rows)
        except Unavailable:
            return number
        store.tidy()
    return len(plan)


def holds(store: SqliteStore, plan: list[list[Row]], count: int) -> bool:
    """Say whether the store holds just the first `count` commits; a wrong byte anywhere is an error."""
    sizes: dict[LogId, int] = dict.fromkeys(LOGS, 0)
    value = None
    for rows in plan[:count]:
        for row in rows:
            if isinstance(row, ValueRow):
                value = row.value
            elif isinstance(row, EntryRow):
                sizes[row.log] += 1
    if store.value("private.state", "last") != value:
        return False
    if any(store.size(log) != size or store.folded(log) != size for log, size in sizes.items()):
        return False
    for log, size in sizes.items():
        assert store.leaves(log, 0, size) == [leaf(log, number) for number in range(size)]
        assert store.frontier(log).root() == root(log, size)
        assert [row.number for row in store.folds(log, 0, size)] == list(range(size))
        newest = store.newest_signature(log, "own-ed")
        assert (newest.size if newest else 0) == size
    return True
