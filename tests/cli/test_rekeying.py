"""Which identity key a command takes, and what it says of a disk that lets it prepare nothing."""

from __future__ import annotations

import shutil
from argparse import Namespace
from pathlib import Path

import pytest
from tests.cli.test_terminal import run, side

from parley.cli.rekeying import with_identity
from parley.errors import ParleyError
from parley.node.config import read_config


def test_the_identity_that_was_named_is_the_one_that_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator who names a medium must hear that it is the wrong one, also where another key lies on the machine."""
    config = read_config(side(capsys, tmp_path, "north"))
    other = read_config(side(capsys, tmp_path, "south"))

    def taken(folder: Path | None) -> str:
        try:
            return "ours" if with_identity(Namespace(identity=folder), config, None).identity else ""
        except ParleyError as error:
            return error.code

    assert taken(None) == "ours"
    assert taken(tmp_path / "no-medium") == "identity.keys-missing"
    assert taken(other.keys) == "keys.identity"
    safe = tmp_path / "safe"
    safe.mkdir()
    shutil.move(config.keys / "identity.key", safe)
    assert taken(safe) == "ours"
    assert taken(None) == "identity.offline"


def test_keys_prepared_before_that_cannot_be_cleared_away_are_told_as_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that takes no writes the old ones stay: "keys are there already" would blame the wrong thing."""
    data = side(capsys, tmp_path, "north")
    assert run(capsys, "lost", str(data))[0] == 0

    def fails(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system", str(data / "keys" / "next" / "log.key"))

    monkeypatch.setattr("os.unlink", fails)
    monkeypatch.setattr("os.rmdir", fails)
    code, _, error = run(capsys, "lost", str(data), "--out", str(tmp_path / "new.card"))
    assert code == 3
    assert "Read-only file system" in error
    assert "already holds" not in error


def test_a_new_card_made_twice_says_that_the_first_is_void_and_what_came_into_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one side on the first card and the other on the second no link comes up, and neither knew why."""
    north, south = (side(capsys, tmp_path, name, "--status=exercise") for name in ("north", "south"))
    for ours, theirs in ((north, south), (south, north)):
        assert run(capsys, "found", str(ours), str(theirs / "own.card"), "--yes-i-compared")[0] == 0

    said = [run(capsys, "lost", str(south), "--out", str(tmp_path / f"{n}.card"))[1] for n in ("first", "second")]
    assert ["takes the place" in each for each in said] == [False, True]
    first, second = (each.splitlines()[1] for each in said)

    _, at_north, _ = run(capsys, "refound", str(north), str(tmp_path / "first.card"), "--yes-i-compared")
    _, at_south, _ = run(capsys, "refound", str(south), str(north / "own.card"), "--yes-i-compared")
    assert first in at_north
    assert second in at_south  # read aloud, the two differ
    _, at_north, _ = run(capsys, "refound", str(north), str(tmp_path / "second.card"), "--yes-i-compared")
    assert second in at_north
