"""Power loss, failed writes, full and read-only disks, damage: under the real SQLite, at every point in turn."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TypeGuard

import apsw
import pytest
from tests.contracts.rows import LINE, NORTH, SOUTH, entries, entry, leaf, root, signature
from tests.storage.disks import Disk
from tests.storage.story import batches, holds, live

from parley.errors import Unavailable
from parley.storage.port import EntryRow, Row
from parley.storage.sqlite import SqliteStore

PLAN = list(batches(16))
# Small, so that the write-ahead log is moved into the file, and begun anew, several times in a short life.
TIDY_PAGES = 20


def is_entry(row: Row) -> TypeGuard[EntryRow]:
    return isinstance(row, EntryRow)


def open_on(disk: Disk, folder: Path) -> SqliteStore:
    return SqliteStore(folder / "record.db", vfs=disk.name, draw=lambda: "a" * 32, wal_pages_tidy=TIDY_PAGES)


def changes_of_a_life(folder: Path) -> int:
    """Count the changes to the disk in an undisturbed life."""
    disk = Disk()
    store = open_on(disk, folder)
    assert live(store, PLAN) == len(PLAN)
    count = disk.done
    store.close()
    return count


def lose_power(folder: Path, seed: int, changes: int) -> tuple[int, int]:
    """Live until the power goes, look at what the disk holds; gives commits (promised, found)."""
    dice = Random(seed)
    before, after = folder / "before", folder / "after"
    before.mkdir(parents=True)
    after.mkdir()
    disk = Disk()
    disk.power_at = dice.randrange(changes)
    promised = 0
    try:
        store = open_on(disk, before)
    except Unavailable:
        pass
    else:
        promised = live(store, PLAN)
        store.close()
    disk.image(after, dice)
    found = SqliteStore(after / "record.db")
    try:
        for count in (promised, promised + 1):
            if holds(found, PLAN, count):
                live_on(found, count)
                return promised, count
    finally:
        found.close()
    raise AssertionError(f"seed {seed}: {promised} commits were promised and the disk holds something else")


def live_on(store: SqliteStore, count: int) -> None:
    """After the power is back the store must go on as if nothing had been."""
    rest = PLAN[count:]
    assert live(store, rest) == len(rest)
    assert holds(store, PLAN, len(PLAN))


def test_power_loss_anywhere_loses_nothing_that_was_promised(tmp_path: Path) -> None:
    """The reason for every sync (DESIGN 2.2, 2.3): a promised entry is there, one under way is there whole or not."""
    (tmp_path / "count").mkdir()
    changes = changes_of_a_life(tmp_path / "count")
    seen = {0: 0, 1: 0}
    for seed in range(60):
        promised, found = lose_power(tmp_path / str(seed), seed, changes)
        seen[found - promised] += 1

    assert all(seen.values())  # both ends of a commit under way were met: dropped, and kept


@pytest.mark.long
def test_power_loss_at_a_thousand_points(tmp_path: Path) -> None:
    """The same, long."""
    (tmp_path / "count").mkdir()
    changes = changes_of_a_life(tmp_path / "count")
    for seed in range(1000):
        lose_power(tmp_path / str(seed), seed, changes)


def test_a_disk_that_did_not_sync_is_noticed_by_this_test(tmp_path: Path) -> None:
    """Shows that the power loss above can find a fault: without syncs, promised entries go."""

    class Lying(Disk):
        """Answers every sync without doing it."""

        def lie(self) -> None:
            for file in self.files.values():
                file.sync = lambda: None  # type: ignore[method-assign]

    lost = 0
    for seed in range(12):
        folder = tmp_path / str(seed)
        (folder / "after").mkdir(parents=True)
        disk = Lying()
        store = open_on(disk, folder)
        disk.lie()
        assert live(store, PLAN[:9]) == 9
        disk.dead = True
        store.close()
        disk.image(folder / "after", Random(seed))
        try:
            found = SqliteStore(folder / "after" / "record.db")
        except Unavailable:
            lost += 1
            continue
        lost += not holds(found, PLAN, 9)
        found.close()

    assert lost


@pytest.mark.parametrize("what", ["failed", "full"])
def test_every_write_failed_once_changes_nothing_that_was_promised(tmp_path: Path, what: str) -> None:
    """One failed write or sync, anywhere: the commit it hit fails or not, the same process goes on, nothing is lost."""
    (tmp_path / "count").mkdir()
    changes = changes_of_a_life(tmp_path / "count")
    met = 0
    for number in range(changes % 5, changes, 5):
        folder = tmp_path / str(number)
        folder.mkdir()
        disk = Disk()
        disk.error = apsw.IOError if what == "failed" else apsw.FullError
        disk.fail_at = number
        try:
            store = open_on(disk, folder)
        except Unavailable:
            store = open_on(disk, folder)
        done = live(store, PLAN)
        while done < len(PLAN):
            met += 1
            assert store.size(NORTH) == sum(row.log == NORTH for rows in PLAN[:done] for row in rows if is_entry(row))
            done += live(store, PLAN[done:])
        assert holds(store, PLAN, len(PLAN))
        store.close()
        again = SqliteStore(folder / "record.db")
        assert holds(again, PLAN, len(PLAN))
        again.close()

    assert met > 5


def test_a_full_disk_refuses_says_so_and_recovers(tmp_path: Path) -> None:
    """Readable all the time, no wrong word, and on again in the same process once there is space."""
    plan = list(batches(60))
    disk = Disk()
    store = open_on(disk, tmp_path)
    assert live(store, plan[:5]) == 5
    disk.capacity = sum(path.stat().st_size for path in tmp_path.glob("record.db*") if path.suffix != ".lock") + 9_000

    done = 5 + live(store, plan[5:])
    assert 5 <= done < len(plan)
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            store.commit(plan[done])
        assert caught.value.code == "storage.full"
        assert store.last_trouble is caught.value
        assert holds(store, plan, done)

    disk.capacity = None
    assert done + live(store, plan[done:]) == len(plan)
    assert store.last_trouble is None
    assert holds(store, plan, len(plan))
    store.close()


def test_a_disk_that_turns_read_only_can_still_be_read(tmp_path: Path) -> None:
    """A file system that met an error is remounted read-only under a running node."""
    disk = Disk()
    store = open_on(disk, tmp_path)
    live(store, PLAN[:5])
    disk.readonly = True

    with pytest.raises(Unavailable) as caught:
        store.commit(PLAN[5])

    assert caught.value.code == "storage.readonly"
    assert holds(store, PLAN, 5)
    disk.readonly = False
    assert live(store, PLAN[5:]) == len(PLAN) - 5
    store.close()


def test_a_damaged_page_is_never_read_as_something_else(tmp_path: Path) -> None:
    """Wherever the damage is: what was written comes back, or `storage.corrupt`."""
    path = tmp_path / "record.db"
    store = SqliteStore(path)
    rows = [*entries(NORTH, 0, 300), *entries(SOUTH, 0, 40), entry(LINE, 0)]
    store.commit([*rows, signature(NORTH, 300), signature(SOUTH, 40, "co-pq", at_s=5)])
    store.close()
    good = path.read_bytes()
    noticed = 0
    for seed in range(80):
        dice = Random(seed)
        bad = bytearray(good)
        at = dice.randrange(len(bad))
        if seed % 2:
            bad[at] ^= 1 << dice.randrange(8)
        else:
            page = at - at % 4096
            bad[page : page + 4096] = dice.randbytes(4096)
        path.write_bytes(bad)
        try:
            again = SqliteStore(path)
        except Unavailable as error:
            assert error.code in ("storage.corrupt", "storage.foreign", "storage.failed", "storage.newer"), seed
            noticed += 1
            continue
        try:
            for log in again.logs():
                size = again.size(log)
                assert again.leaves(log, 0, size) == [leaf(log, number) for number in range(size)]
                assert again.frontier(log).root() == root(log, size)
                for kind in ("own-ed", "co-pq"):
                    found = again.newest_signature(log, kind)
                    assert found is None or found.root == root(log, found.size)
        except Unavailable as error:
            assert error.code == "storage.corrupt", seed
            noticed += 1
        finally:
            again.close()

    assert noticed > 30
