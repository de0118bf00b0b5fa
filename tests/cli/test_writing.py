"""Files that commands leave: whole, or none; a full disk and a node that dies are told in words."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parley.cli import main
from parley.storage.sqlite import SqliteStore

WORD = "a long and quiet sentence\n"


@contextmanager
def full() -> Iterator[None]:
    """Let no file grow beyond a few bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def north(tmp_path: Path) -> Path:
    """Give a side's data folder; beside it stand a passphrase and a backup of its keys."""
    data = tmp_path / "north"
    assert main(["init", str(data), "--side=north", "--name=North"]) == 0
    (tmp_path / "word").write_text(WORD)
    word = f"--passphrase-file={tmp_path / 'word'}"
    assert main(["backup", str(data), str(tmp_path / "keys.sealed"), "--keys-only", word]) == 0
    return data


@pytest.mark.parametrize("words", [("card", "--out"), ("card", "--svg"), ("backup", "--keys-only")])
def test_a_full_disk_leaves_no_half_file(
    words: tuple[str, str], north: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a card or half a backup of keys lay there under its name, and the next try was refused because of it."""
    file = tmp_path / "taken-away"
    given = [words[0], str(north), words[1], str(file)]
    if words[0] == "backup":
        given.append(f"--passphrase-file={tmp_path / 'word'}")
    capsys.readouterr()
    with full():
        assert main(given) == 3
    assert "taken-away cannot be written: File too large; nothing was left there [cli.file]" in capsys.readouterr().err
    assert not file.exists()
    assert main(given) == 0


@pytest.mark.parametrize("there", [True, False])
def test_keys_are_restored_whole_or_not_at_all(
    there: bool, north: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The disk was full, a stack was shown, and what lay there kept the next try from being made."""
    back = tmp_path / "back" / "north"
    if there:
        back.mkdir(parents=True)
    given = ["restore", str(tmp_path / "keys.sealed"), str(back), f"--passphrase-file={tmp_path / 'word'}"]
    with full():
        assert main(given) == 3
    assert "File too large; nothing was left there [backup.file]" in capsys.readouterr().err
    assert [*back.parent.rglob("*")] == ([back] if there else [])
    assert main(given) == 0
    for name in ("own.card", "config.toml", "keys/identity.key"):
        assert (back / name).read_bytes() == (north / name).read_bytes()
        assert (back / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", [("export",), ("carry", "out")])
def test_a_node_that_dies_while_it_gives_a_file_leaves_no_half_of_it(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tenth of the record was called the record, with its size and exit code 0, and was carried away."""
    with socket.create_server(("127.0.0.1", 0)) as node:
        address = f"127.0.0.1:{node.getsockname()[1]}"
        (tmp_path / "run.json").write_text(json.dumps({"desk": f"http://{address}", "address": address}))
        (tmp_path / "api-token").touch(mode=0o600)

        def dies() -> None:
            asked, _ = node.accept()
            asked.recv(65_536)
            asked.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 100)
            asked.close()

        dying = threading.Thread(target=dies)
        dying.start()
        file = tmp_path / "whole"
        assert main([*command, str(file), "--data", str(tmp_path)]) == 3
        dying.join()
    said = capsys.readouterr()
    assert "the node went away after 100 of 1000 bytes; nothing was left at" in said.err and not said.out
    assert not file.exists()


@contextmanager
def taking(folder: Path) -> Iterator[list[bytes]]:
    """Stand for a node that takes files in; gives what it was handed."""
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as node:
        address = f"127.0.0.1:{node.getsockname()[1]}"
        (folder / "run.json").write_text(json.dumps({"desk": f"http://{address}", "address": address}))
        (folder / "api-token").touch(mode=0o600)

        def takes() -> None:
            asked, _ = node.accept()
            with asked:
                while piece := asked.recv(65_536):
                    taken.append(piece)

        busy = threading.Thread(target=takes)
        busy.start()
        yield taken
        busy.join()


def test_a_stick_that_is_pulled_out_while_it_is_read_is_blamed_and_not_the_node(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It said that the node does not answer: whoever was to carry in went to mend a node that was in order."""
    gone = Path("/proc/self/mem")  # it opens, and its beginning cannot be read: as of a stick that is gone
    with taking(tmp_path):
        assert main(["carry", "in", str(gone), "--data", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert f"{gone} cannot be read to its end: Input/output error; nothing was taken in [cli.file]" in said


def test_a_file_that_ends_before_its_size_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stick that was pulled out may read as an end; the node would have waited for the rest, up to an hour."""
    short = tmp_path / "short.carry"
    short.write_bytes(b"x" * 1000)
    size = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **how: Sized(size(path, **how), 2000 if path == short else None))
    with taking(tmp_path):
        assert main(["carry", "in", str(short), "--data", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert "short.carry cannot be read to its end: it ends after 1000 of 2000 bytes; nothing was taken in" in said


class Sized:
    """What a file is said to be, with another size."""

    def __init__(self, known: os.stat_result, size: int | None) -> None:
        self._known, self._size = known, size

    def __getattr__(self, name: str) -> object:
        return self._size if name == "st_size" and self._size is not None else getattr(self._known, name)


def test_half_a_file_that_cannot_be_taken_away_is_named(
    north: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stick that turned read-only kept what looked like the whole; the words were that the node does not answer."""

    def read_only(path: Path, **_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "unlink", read_only)
    file = tmp_path / "taken-away"
    with full():
        assert main(["card", str(north), "--out", str(file)]) == 3
    said = capsys.readouterr().err
    assert "taken-away cannot be written: File too large; what is there now is not whole: do not carry it" in said


def test_what_a_stick_does_not_give_back_is_not_called_written(
    north: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worn or false stick says yes to every write; the courier learned of it in the other capital."""

    def loses(handle: int) -> None:
        if os.fstat(handle).st_size > 100:
            os.truncate(handle, 100)

    monkeypatch.setattr(os, "fsync", loses)
    file = tmp_path / "taken-away"
    assert main(["card", str(north), "--out", str(file)]) == 3
    said = capsys.readouterr().err
    assert "taken-away cannot be written: what was written does not come back; nothing was left there" in said
    assert not file.exists()


def test_words_that_the_disk_does_not_take_end_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a command says may go into a file, too."""
    with (tmp_path / "said").open("w") as said:
        monkeypatch.setattr("sys.stdout", said)
        with full():
            assert main(["completion", "bash"]) == 3
    assert "File too large" in (told := capsys.readouterr().err) and "[cli.file]" in told


ENDED = """
import os, signal, sys
from parley.cli import main, output
signal.signal(int(sys.argv[1]), signal.SIG_DFL)  # who started these tests may have had it ignored, as nohup does
output.Progress.to = lambda _, done, *more: done and os.kill(os.getpid(), int(sys.argv[1]))
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_backup_that_is_ended_leaves_no_open_copy_of_the_record(
    number: signal.Signals, north: Path, tmp_path: Path
) -> None:
    """A machine that went down during the night's backup kept a whole record beside its own, unsealed, for ever."""
    store = SqliteStore(north / "record.db")
    store.close()
    old = north / "record.db.backup-0123abcd"  # power was lost: nobody could clear away
    old.write_bytes(b"all of it")
    os.utime(old, (1, 1))
    before = sorted(each.name for each in north.iterdir() if each != old)
    given = ["backup", str(north), str(tmp_path / "all.sealed"), f"--passphrase-file={tmp_path / 'word'}"]
    done = subprocess.run([sys.executable, "-c", ENDED, str(int(number)), *given], check=False, timeout=60)
    assert done.returncode == 128 + number
    assert sorted(each.name for each in north.iterdir()) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["keys.sealed", "north", "word"]
