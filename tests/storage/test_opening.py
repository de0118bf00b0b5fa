"""What a record file says when it is opened, and who may open it."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from random import Random

import apsw
import pytest
from tests.contracts.rows import NORTH, entries, entry, fold, leaf, signature

from parley.errors import OurMistake, Unavailable
from parley.storage.ballast import Ballast
from parley.storage.file import WAL_BYTES_KEPT, WAL_BYTES_READY
from parley.storage.memory import MemoryStore
from parley.storage.sqlite import SqliteStore


def refused(path: Path) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        SqliteStore(path)
    return caught.value


def test_a_second_node_on_one_record_is_refused(tmp_path: Path) -> None:
    """Two writers of one log would fork it (DESIGN 2.4)."""
    store = SqliteStore(tmp_path / "record.db")
    assert refused(tmp_path / "record.db").code == "storage.busy"
    store.close()
    SqliteStore(tmp_path / "record.db").close()


def test_a_newer_record_is_left_alone_and_the_program_it_needs_is_named(tmp_path: Path) -> None:
    """An operator who rolled back must read which version to install, not find a spoilt record."""
    path = tmp_path / "record.db"
    SqliteStore(path).close()
    with apsw.Connection(str(path)) as connection:
        connection.execute("UPDATE store SET schema = 7, oldest_schema = 5, oldest_program = '3.2.0'")
    connection.close()
    before = path.read_bytes()

    error = refused(path)

    assert error.code == "storage.newer"
    assert "3.2.0" in error.sentence
    assert path.read_bytes() == before


def test_a_newer_form_that_says_we_may_is_opened(tmp_path: Path) -> None:
    """A later release that only adds something keeps its files readable for this one."""
    path = tmp_path / "record.db"
    SqliteStore(path).close()
    with apsw.Connection(str(path)) as connection:
        connection.execute("UPDATE store SET schema = 2")
    connection.close()

    store = SqliteStore(path)

    assert store.identity().schema == 2
    store.close()


@pytest.mark.parametrize("content", [b"not a database, but quite long " * 200, b"x"])
def test_a_strange_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """A wrong path in the settings must not cost anybody a file."""
    path = tmp_path / "record.db"
    path.write_bytes(content)
    assert refused(path).code in ("storage.corrupt", "storage.foreign")
    assert path.read_bytes() == content


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    """The same, for a database."""
    path = tmp_path / "record.db"
    with apsw.Connection(str(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)").fetchall()
    connection.close()
    assert refused(path).code == "storage.foreign"


def test_a_record_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """Drafts and notes are in it (DESIGN 2.9)."""
    store = SqliteStore(tmp_path / "record.db")
    store.commit([entry(NORTH, 0)])
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    store.close()


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    """A disk that was not mounted."""
    assert refused(tmp_path / "not" / "there.db").code == "storage.failed"


def test_readers_see_whole_commits_while_the_writer_writes(tmp_path: Path) -> None:
    """The event loop reads while the writer's thread commits: an entry without its fold must never be seen."""
    store = SqliteStore(tmp_path / "record.db")
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(300):
                store.commit([entry(NORTH, number), fold(NORTH, number, turn=number), signature(NORTH, number + 1)])
                store.tidy()
        except BaseException as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    seen = 0
    while seen < 300 and not failures:
        size = store.size(NORTH)
        assert size >= seen
        seen = size
        if size:
            assert store.leaves(NORTH, size - 1, 1) == [leaf(NORTH, size - 1)]
            assert store.root_at(NORTH, size) is not None
            newest = store.newest_signature(NORTH, "own-ed")
            assert newest is not None
            assert newest.size >= size
            folded = store.folded(NORTH)
            assert folded >= size
            assert len(store.folds(NORTH, 0, 1000)) >= folded
    writer.join()
    assert not failures
    store.close()


def test_the_write_ahead_log_does_not_grow_without_end(tmp_path: Path) -> None:
    """Even if nobody ever tidies."""
    store = SqliteStore(tmp_path / "record.db", wal_pages_tidy=50)
    for first in range(0, 3000, 100):
        store.commit(entries(NORTH, first, first + 100))
        store.tidy()
    log = (tmp_path / "record.db-wal").read_bytes()
    assert len(log.rstrip(b"\0")) < 150 * 4200  # behind it is only ground
    store.close()


def test_an_idle_store_lays_ground_that_later_commits_write_over(tmp_path: Path) -> None:
    """A commit that lengthens the log waits for the file system's journal as well: twice as long, or ten times."""
    store = SqliteStore(tmp_path / "record.db")
    store.commit(entries(NORTH, 0, 3))
    steps = 0
    while store.tidy():
        steps += 1
    laid = (tmp_path / "record.db-wal").stat().st_size
    assert steps > 1  # in pieces, so that a commit need not wait for all of it
    assert WAL_BYTES_READY <= laid <= WAL_BYTES_KEPT

    for number in range(3, 200):
        store.commit([entry(NORTH, number)])
    assert (tmp_path / "record.db-wal").stat().st_size == laid
    store.close()


def test_a_node_killed_upon_its_ground_has_every_commit(tmp_path: Path) -> None:
    """What lies behind the last commit is zeros now, not the end of the file: that must end the log just as well."""
    store = SqliteStore(tmp_path / "record.db")
    for number in range(40):
        store.commit([entry(NORTH, number), signature(NORTH, number + 1)])
        store.tidy()
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in ("record.db", "record.db-wal"):
        shutil.copy(tmp_path / name, killed / name)
    store.close()

    again = SqliteStore(killed / "record.db")
    assert again.leaves(NORTH, 0, 100) == [leaf(NORTH, number) for number in range(40)]
    again.commit(entries(NORTH, 40, 50))
    assert again.size(NORTH) == 50
    again.close()


def test_no_ground_is_laid_where_room_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last room of a disk belongs to messages."""
    store = SqliteStore(tmp_path / "record.db")
    store.commit(entries(NORTH, 0, 3))
    before = (tmp_path / "record.db-wal").stat().st_size
    room = os.statvfs(tmp_path)
    few = os.statvfs_result((*room[:4], 4 * WAL_BYTES_READY // room.f_frsize - 1, *room[5:]))
    monkeypatch.setattr(os, "statvfs", lambda _path: few)
    assert not store.tidy()
    assert (tmp_path / "record.db-wal").stat().st_size == before
    store.close()


def test_doctor_finds_damage_that_a_quick_look_does_not(tmp_path: Path) -> None:
    """A flipped bit in an old message shows at the latest when somebody looks."""
    path = tmp_path / "record.db"
    store = SqliteStore(path)
    store.commit([*entries(NORTH, 0, 600), signature(NORTH, 100), signature(NORTH, 600, "co-ed")])
    store.check()
    store.close()
    path.write_bytes(path.read_bytes().replace(leaf(NORTH, 37), leaf(NORTH, 37).swapcase()))

    store = SqliteStore(path)  # the edge of the log is whole, so the node can start and say what is wrong
    with pytest.raises(Unavailable) as caught:
        store.check()
    assert caught.value.code == "storage.corrupt"
    assert "entry 37" in caught.value.sentence
    store.close()


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    """A late commit at the end of a node's life must fail, not vanish."""
    store = SqliteStore(tmp_path / "record.db")
    store.close()
    store.close()
    for act in (lambda: store.commit([entry(NORTH, 0)]), lambda: store.value("a", "b")):
        with pytest.raises(Unavailable) as caught:
            act()
        assert caught.value.code == "storage.closed"


def test_ballast_gives_its_space_back_at_once(tmp_path: Path) -> None:
    """The last commits on a full disk need room."""
    ballast = Ballast(tmp_path / "record.db.ballast", 100_000)
    assert not ballast.held
    assert ballast.take()
    assert ballast.take()
    assert (tmp_path / "record.db.ballast").stat().st_blocks * 512 >= 100_000
    ballast.let_go()
    ballast.let_go()
    assert not ballast.held


def test_a_crash_in_memory_keeps_or_drops_a_commit_whole() -> None:
    """The simulation's disk must be as hard as a real one, and no harder: what was finished stays."""
    kept = 0
    for seed in range(20):
        store = MemoryStore()
        store.commit(entries(NORTH, 0, 3))
        store.begin([*entries(NORTH, 3, 5), signature(NORTH, 5)])
        assert store.size(NORTH) == 3
        lost = store.crash(Random(seed))
        assert store.size(NORTH) == (3 if lost else 5)
        assert (store.newest_signature(NORTH, "own-ed") is None) == lost
        kept += not lost
    assert 0 < kept < 20


def test_a_lazy_memory_store_loses_what_was_not_synced() -> None:
    """For the broken build that acknowledges before fsync: the checkers must be able to catch it."""
    lost = 0
    for seed in range(20):
        store = MemoryStore()
        store.commit([entry(NORTH, 0)])
        store.lazy = True
        for number in range(1, 5):
            store.commit([entry(NORTH, number)])
        lost += store.crash(Random(seed))
        assert 1 <= store.size(NORTH) <= 5
    assert lost > 5


def test_a_memory_store_fails_as_told_and_recovers() -> None:
    """Full, read-only, failed: each with its code, and nothing changed."""
    store = MemoryStore()
    store.fail_next("storage.full")
    for code in ("storage.full", "storage.readonly"):
        with pytest.raises(Unavailable) as caught:
            store.commit([entry(NORTH, 0)])
        assert caught.value.code == code
        assert store.size(NORTH) == 0
        store.fault = "storage.readonly"
    store.fault = ""
    store.commit([entry(NORTH, 0)])
    before = store.snapshot()
    store.commit([entry(NORTH, 1)])
    store.restore(before, "f" * 32)
    assert store.size(NORTH) == 1
    assert store.identity().store == "f" * 32
    with pytest.raises(OurMistake):
        store.finish()


def test_a_reader_is_given_no_part_of_a_subject_before_the_commit_is_told(tmp_path: Path) -> None:
    """The engine shows a commit some milliseconds before the writer's thread can say so: a page asked for in between
    read of a fold that "was not there", and ended in a fault of ours (seen once in 146,000 commits under kills)."""
    store = SqliteStore(tmp_path / "record.db")
    store.commit([entry(NORTH, 0), fold(NORTH, 0, turn=1, subject="message/north/0/0")])
    between: list[tuple[list[object], int]] = []

    def look(_connection: apsw.Connection, _name: str, _pages: int) -> int:
        between.append((list(store.parts(NORTH.channel, "message/north/0/0")), store.folded(NORTH)))
        return apsw.SQLITE_OK

    store._writer.set_wal_hook(look)  # it is called when the engine has committed, before `commit` goes on
    store.commit([entry(NORTH, 1), fold(NORTH, 1, turn=2, subject="message/north/0/0")])

    assert between == [([(NORTH, 0)], 1)]
    assert store.parts(NORTH.channel, "message/north/0/0") == [(NORTH, 0), (NORTH, 1)]
    store.close()
