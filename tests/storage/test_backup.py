"""A backup brings back what the other side does not have; a bad one brings back nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.contracts.rows import NORTH, entries, fold, root, signature

from parley.errors import ParleyError, PeerError, Refused, Unavailable
from parley.identity import open_stream, seal_stream
from parley.storage import still
from parley.storage.backup import restore_backup, write_backup
from parley.storage.chunks import ChunkStore
from parley.storage.port import ValueRow
from parley.storage.sqlite import SqliteStore

PASSPHRASE = "four words are enough"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return filled(tmp_path / "north")


def filled(folder: Path) -> Path:
    """Make a folder of data with something private in it, without its record."""
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "log.key").write_bytes(b"secret key")
    (folder / "config.toml").write_text('side = "north"\n')
    return folder


def files(data: Path) -> dict[str, Path]:
    return {name: data / name for name in ("config.toml", "keys", "chunks", "recordings", "not-there")}


def test_everything_private_comes_back_and_the_copy_has_its_own_identity(tmp_path: Path, data: Path) -> None:
    """Drafts, notes, accounts and attachments are on no other machine; and a restored store must never be taken
    for the one it was copied from (DESIGN 2.5)."""
    store = SqliteStore(data / "record.db")
    chunks = ChunkStore(data / "chunks", quota_bytes=1 << 30, reserve_bytes=0)
    new = chunks.add()
    new.write(b"p" * 100_000)
    photo, _ = new.finish()
    chunks.put(bytes(32), 70_000, 0, b"h" * 65_536, bytes(32))  # half pulled: not in the backup
    store.commit([*entries(NORTH, 0, 300), signature(NORTH, 300), fold(NORTH, 0, turn=1)])
    store.commit([ValueRow("private.drafts", "d1", b"not yet sent")])

    report = write_backup(store.path, files(data), tmp_path / "b.sealed", PASSPHRASE)
    store.commit(entries(NORTH, 300, 310))  # the node goes on
    assert store.size(NORTH) == 310
    before = store.identity()
    store.close()

    restored = restore_backup(tmp_path / "b.sealed", tmp_path / "again", PASSPHRASE)
    again = SqliteStore(tmp_path / "again" / "record.db")
    assert again.size(NORTH) == 300
    assert again.frontier(NORTH).root() == root(NORTH, 300)
    assert again.value("private.drafts", "d1") == b"not yet sent"
    assert again.identity().store == restored.store != before.store == report.store
    again.check()
    again.close()
    assert (tmp_path / "again" / "keys" / "log.key").read_bytes() == b"secret key"
    assert (tmp_path / "again" / "keys" / "log.key").stat().st_mode & 0o077 == 0
    files_again = ChunkStore(tmp_path / "again" / "chunks", quota_bytes=1 << 30, reserve_bytes=0)
    assert b"".join(files_again.read(photo)) == b"p" * 100_000
    assert not any(name.endswith((".part", ".hashes")) for name in report.names)
    assert sorted(path.name for path in data.iterdir()) == [
        "chunks",
        "config.toml",
        "keys",
        "record.db",
        "record.db.lock",
    ]


def test_no_private_byte_can_be_read_in_a_backup(tmp_path: Path, data: Path) -> None:
    """Backups lie on other machines and sticks."""
    store = SqliteStore(data / "record.db")
    store.commit([ValueRow("private.drafts", "d1", b"canary-draft")])
    write_backup(store.path, files(data), tmp_path / "b.sealed", PASSPHRASE)
    store.close()

    sealed = (tmp_path / "b.sealed").read_bytes()

    assert (tmp_path / "b.sealed").stat().st_mode & 0o077 == 0
    for secret in (b"canary-draft", b"secret key", b"record.db", b"north"):
        assert secret not in sealed


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give one good backup, to be damaged in each way: its passphrase alone takes a core 0.2 s."""
    folder = tmp_path_factory.mktemp("good")
    data = filled(folder / "north")
    SqliteStore(data / "record.db").close()
    write_backup(data / "record.db", files(data), folder / "b.sealed", PASSPHRASE)
    return (folder / "b.sealed").read_bytes()


@pytest.mark.parametrize("damage", ["flip", "cut", "more", "passphrase", "empty"])
def test_a_bad_backup_restores_nothing(tmp_path: Path, sealed: bytes, damage: str) -> None:
    """Half a restore would look like a node."""
    changed = {
        "flip": sealed[:-40] + bytes((sealed[-40] ^ 1,)) + sealed[-39:],
        "cut": sealed[:-100],
        "more": sealed + b"more",
        "passphrase": sealed,
        "empty": b"",
    }
    (tmp_path / "b.sealed").write_bytes(changed[damage])
    passphrase = "another passphrase" if damage == "passphrase" else PASSPHRASE

    with pytest.raises((PeerError, Refused)):
        restore_backup(tmp_path / "b.sealed", tmp_path / "again", passphrase)

    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob("again.*"))


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a//b", ".hidden", "a\x00b", "", "record.db"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    """A backup from a stranger's hand must not write where it likes; and no name may come twice."""
    plain = b"parley-backup/1\n"
    for each in ("record.db", name):
        plain += len(each).to_bytes(2, "big") + each.encode() + (1).to_bytes(8, "big") + b"x"
    (tmp_path / "b.sealed").write_bytes(b"".join(seal_stream([plain + bytes(2)], PASSPHRASE)))

    with pytest.raises(ParleyError):
        restore_backup(tmp_path / "b.sealed", tmp_path / "in" / "again", PASSPHRASE)

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["b.sealed", "in"]


def test_a_backup_is_never_restored_over_something(tmp_path: Path, data: Path) -> None:
    """The folder named may be the one that is still good."""
    SqliteStore(data / "record.db").close()
    write_backup(data / "record.db", {}, tmp_path / "b.sealed", PASSPHRASE)

    with pytest.raises(Refused) as caught:
        restore_backup(tmp_path / "b.sealed", data, PASSPHRASE)

    assert caught.value.code == "backup.not-empty"


def test_a_backup_that_fails_leaves_the_last_one(tmp_path: Path, data: Path) -> None:
    """The backup of yesterday is worth more than half of today's."""
    SqliteStore(data / "record.db").close()
    target = tmp_path / "b.sealed"
    write_backup(data / "record.db", {}, target, PASSPHRASE)
    good = target.read_bytes()

    with pytest.raises(Refused):
        write_backup(data / "record.db", {}, target, "short")
    with pytest.raises(Unavailable):
        write_backup(data / "missing.db", {}, target, PASSPHRASE)

    assert target.read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.sealed", "north"]
    assert b"".join(open_stream([good], PASSPHRASE)).startswith(b"parley-backup/1\n")


def test_a_backup_never_takes_the_place_of_a_device(tmp_path: Path, data: Path) -> None:
    """Root who backs up to `/dev/…` to see how long it takes would leave a file there for every other program."""
    SqliteStore(data / "record.db").close()
    pipe = tmp_path / "tape"
    os.mkfifo(pipe)
    for target in (pipe, data):
        with pytest.raises(Unavailable) as refused:
            write_backup(data / "record.db", files(data), target, PASSPHRASE)
        assert (refused.value.code, "is no file" in str(refused.value)) == ("backup.file", True)
    assert pipe.is_fifo() and sorted(each.name for each in tmp_path.iterdir()) == sorted([data.name, "tape"])


def test_a_damaged_record_takes_no_backup_place(tmp_path: Path, data: Path) -> None:
    """A night's backup of a dying disk was sealed over the last good one, and said to be done."""
    store = SqliteStore(data / "record.db")
    store.commit(entries(NORTH, 0, 2_000))
    store.close()
    target = tmp_path / "b.sealed"
    write_backup(data / "record.db", {}, target, PASSPHRASE)
    good = target.read_bytes()
    with (data / "record.db").open("r+b") as file:
        file.seek(20 * 4_096 + 100)
        file.write(b"\xa5" * 2_000)

    with pytest.raises(Unavailable) as refused:
        write_backup(data / "record.db", {}, target, PASSPHRASE)
    assert refused.value.code == "storage.corrupt" and "the backup was not written" in refused.value.sentence
    assert target.read_bytes() == good
    assert sorted(each.name for each in data.iterdir() if "backup" in each.name) == []


def test_a_backup_leaves_the_node_room_to_go_on(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy it is made of stands on the record's disk; filling that one would take the running node its voice."""
    SqliteStore(data / "record.db").close()
    size = (data / "record.db").stat().st_size
    told: list[tuple[int, int]] = []
    for free, fits in ((size + still.ROOM_BYTES - 1, False), (size + still.ROOM_BYTES, True)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        target = tmp_path / f"{fits}.sealed"
        try:
            write_backup(data / "record.db", {}, target, PASSPHRASE, progress=lambda *at: told.append(at))
        except Unavailable as refused:
            assert not fits and refused.code == "storage.full" and "free some" in refused.sentence
            assert not told and not target.exists()
    assert (tmp_path / "True.sealed").exists()
    assert told[0][0] < told[0][1] == told[-1][1] == told[-1][0]  # one way from nothing to all, the copy counted in


READ_ONLY = """
set -eu
mount -t tmpfs none "$1"
cp -a "$2"/. "$1"
mount -o remount,ro "$1"
shift 2
"$@"
"""


@pytest.mark.processes
@pytest.mark.parametrize("running", [True, False], ids=["with its log", "closed in order"])
def test_a_disk_that_takes_no_writes_any_more_can_be_backed_up(tmp_path: Path, data: Path, running: bool) -> None:
    """Such a disk is about to die, and that is when a backup is wanted most."""
    store = SqliteStore(data / "record.db")
    store.commit(entries(NORTH, 0, 30))
    store.commit([ValueRow("private.drafts", "d1", b"not yet sent")])
    if not running:
        store.close()
    place, sealed = tmp_path / "disk", tmp_path / "b.sealed"
    place.mkdir()
    work = (
        "import sys; from pathlib import Path; from parley.storage.backup import write_backup;"
        " folder, target = map(Path, sys.argv[1:]);"
        f" write_backup(folder / 'record.db', {{'keys': folder / 'keys'}}, target, {PASSPHRASE!r})"
    )
    told = subprocess.run(
        ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", place, data, sys.executable, "-c", work, place, sealed],
        capture_output=True, text=True,
    )  # fmt: skip
    if running:
        store.close()
    if "mount:" in told.stderr or "unshare:" in told.stderr:
        pytest.skip("this machine lets nobody mount a file system")
    assert told.returncode == 0, told.stderr
    assert not any(place.iterdir())

    restore_backup(sealed, tmp_path / "again", PASSPHRASE)
    again = SqliteStore(tmp_path / "again" / "record.db")
    assert again.size(NORTH) == 30
    assert again.value("private.drafts", "d1") == b"not yet sent"
    again.check()
    again.close()
