"""Commands that root runs at a site whose node has a user of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from parley.cli import main

USER = 64_999  # of nobody here: a file may belong to a number
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the folder that an installer made for the node's user."""
    made = tmp_path / "lib"
    made.mkdir(mode=0o700)
    os.chown(made, USER, USER)
    return made


def owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in (folder, *folder.rglob("*"))}


def test_a_side_that_root_makes_and_restores_belongs_to_the_nodes_user(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a restore by root the node started as its own user, could read nothing, and started again for ever."""
    north, word, sealed = home / "north", tmp_path / "word", tmp_path / "keys.sealed"
    word.write_text("a long and quiet sentence\n")
    assert main(["init", str(north), "--side=north", "--name=North"]) == 0
    assert owners(north) == {USER}
    assert main(["backup", str(north), str(sealed), "--keys-only", f"--passphrase-file={word}"]) == 0
    assert sealed.stat().st_uid == 0  # what leaves the folder is whose it was taken by
    north.rename(home / "lost")

    capsys.readouterr()
    assert main(["restore", str(sealed), str(north), f"--passphrase-file={word}"]) == 0
    assert owners(home) == {USER}
    assert f"files that root made in {north} were given to the user" in capsys.readouterr().err
    assert main(["certificate", str(north), "--host=desk.north.example"]) == 0
    assert owners(home) == {USER}


def test_a_folder_of_roots_own_stays_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever tries Parley as root has no other user to give it to; nor has a folder that everybody may write to."""
    assert main(["init", str(tmp_path / "north"), "--side=north", "--name=North"]) == 0
    open_to_all = tmp_path / "all"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    os.chown(open_to_all, USER, USER)
    assert main(["init", str(open_to_all / "north"), "--side=north", "--name=North"]) == 0
    assert owners(tmp_path / "north") == owners(open_to_all / "north") == {0}
    assert "were given" not in capsys.readouterr().err


def test_no_link_out_of_the_folder_is_followed(home: Path, tmp_path: Path) -> None:
    """The node's user writes there: by a link it could be given a file of root's."""
    north, roots = home / "north", tmp_path / "roots"
    assert main(["init", str(north), "--side=north", "--name=North"]) == 0
    roots.mkdir()
    (roots / "secret").touch()
    (north / "near").symlink_to(roots / "secret")
    (north / "folder").symlink_to(roots)
    os.link(roots / "secret", north / "same")
    assert main(["card", str(north)]) == 0
    assert roots.stat().st_uid == (roots / "secret").stat().st_uid == 0


def test_the_doctor_names_files_that_the_nodes_user_does_not_own(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Root put a key back and asked the doctor as root: nothing was wrong, and the node could not read it."""
    north = home / "north"
    assert main(["init", str(north), "--side=north", "--name=North"]) == 0
    os.chown(north / "keys" / "tls.key", 0, 0)
    main(["doctor", str(north)])
    said = capsys.readouterr().out
    assert "WRONG  data folder: keys/tls.key belongs to another user than the folder" in said
    assert f"chown -R --reference={north} {north}" in said
    assert (north / "keys" / "tls.key").stat().st_uid == 0  # it looks, and changes nothing
