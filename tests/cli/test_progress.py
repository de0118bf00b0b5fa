"""Bars of long work: at a terminal, and nowhere else."""

from __future__ import annotations

import asyncio
import io
import sys
import time
from pathlib import Path

import pytest
from tests.cli.terminals import two_terminals

from parley.cli import main, output
from parley.cli.output import Progress
from parley.storage.sqlite import SqliteStore


class Screen(io.StringIO):
    """What somebody sees at a terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def test_files_on_their_way_show_a_bar_at_a_terminal_and_none_to_a_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever hands in a gigabyte must see that it goes on; whoever reads the output must not read a bar."""
    film = tmp_path / "film.bin"
    film.write_bytes(bytes(300_000))

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):
            for count, (words, bar, steps) in enumerate(
                (
                    (["say", "leaders", "The film.", "--attach", str(film), "--wait=0"], "Handing in film.bin", 4),
                    (["export", "{}record.parley"], "Writing {}record.parley", 2),
                    (["carry", "out", "{}stick.carry"], "Writing {}stick.carry", 2),
                    (["carry", "in", "{}theirs.carry"], "Handing in {}theirs.carry", 2),
                )
            ):
                for watched, more in ((True, []), (True, ["--json"]), (False, [])):
                    name = f"{count}{watched}{len(more)}-"
                    given = [word.format(f"{tmp_path}/{name}") if "{}" in word else word for word in words]
                    if words[1] == "in":
                        await terminals.done("samira", "carry out", given[2])
                    screen = Screen() if watched else io.StringIO()
                    monkeypatch.setattr(sys, "stderr", screen)
                    code, _ = await terminals.run("edda", "", *given, *more)
                    shown, wanted = screen.getvalue(), bar.format(name)
                    assert code == 0, shown
                    if not watched or more:
                        assert shown == ""
                        continue
                    said = shown.removesuffix("\n").split("\r")[1:]
                    assert shown.count("\n") == 1 and all(step.startswith(f"{wanted} [") for step in said), shown
                    assert "  0 %" in said[0] and "100 %" in said[-1] and len(said) >= steps, shown

    asyncio.run(story())


def test_a_backup_its_restore_and_a_check_show_a_bar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year's record and its files take minutes: that it goes on is seen here as well."""
    data, secret, file = tmp_path / "north", tmp_path / "secret", tmp_path / "all.backup"
    assert main(["init", str(data), "--side=north", "--name=North"]) == 0
    secret.write_text("a long and quiet sentence\n")
    SqliteStore(data / "record.db").close()
    for watched, more in ((True, []), (True, ["--json"]), (False, [])):
        for words, bar in (
            (["backup", str(data), str(file)], "Writing all.backup"),
            (["restore", str(file), str(tmp_path / f"new{watched}{len(more)}")], f"Restoring new{watched}{len(more)}"),
        ):
            screen = Screen() if watched else io.StringIO()
            monkeypatch.setattr(sys, "stderr", screen)
            assert main([*words, f"--passphrase-file={secret}", *more]) == 0
            shown = screen.getvalue()
            assert (f"{bar} [" in shown and "100 %" in shown) == (watched and not more), shown
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["check", str(data / "own.card")]) == 2
    assert "Checking own.card [" in screen.getvalue()


def test_a_file_that_the_node_still_makes_says_so_and_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar at 0 % for a minute looks like a node that hangs."""
    monkeypatch.setattr(output, "TELL_S", 0.001)
    screen = Screen()
    with Progress("Writing all.parley", 1, stream=screen) as bar:
        with bar.others_work("the node works on it"):
            while "on it, 00:00:00" not in screen.getvalue():
                time.sleep(0.001)
        bar.to(1, 2)
    told = screen.getvalue().split("\r")
    assert told[1].endswith("  0 %") and told[-1].endswith(" 50 %\n")
    longest = max(len(each.rstrip("\n")) for each in told)
    assert all(len(each) == longest for each in told if "the node" in each)  # nothing of the bar stands behind it

    quiet = Screen()
    with Progress("Writing", 1, stream=quiet, on=False) as bar, bar.others_work("the node works on it"):
        time.sleep(0.01)
    assert quiet.getvalue() == ""


def test_work_that_fails_leaves_its_bar_on_a_line_of_its_own() -> None:
    """The sentence that says what went wrong is what people read first."""
    screen = Screen()
    with pytest.raises(OSError, match="gone"), Progress("Writing\x1b[2J", 8, stream=screen) as bar:
        bar.to(3)
        raise OSError("gone")
    assert screen.getvalue().endswith(" 37 %\n") and "\x1b" not in screen.getvalue()
