"""docs/operating/doctor.md: each thing that is wrong is said in the page's words, and an exit code tells a watchman."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from tests.contracts.rows import NORTH, entries, leaf
from tests.operating.story import Story, free_port, two_sides

from parley.cli import main
from parley.storage.sqlite import SqliteStore


def findings(said: str, level: str) -> str:
    return "\n".join(line for line in said.splitlines() if line.startswith(level))


def test_the_doctor_says_what_is_wrong_in_the_words_of_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One fault after another at a side that does not run: each is named, and none stops the looking."""

    def doctor(code: int) -> str:
        """Ask again, in this process: how the page's own line is typed was seen before."""
        assert main(["doctor", str(tmp_path / "north")]) == code
        return capsys.readouterr().out

    story = Story("doctor.md", tmp_path)
    link, desk = free_port(), free_port()
    for name in ("north", "south"):
        story.run(
            f"parley init {name} --side {name} --name {name} --status test --listen 127.0.0.1:{link}"
            f" --desk 127.0.0.1:{desk} --route fibre=127.0.0.1:{link} --anchor ../{name}.second"
        )
    said = story.type("parley doctor north", code=1)
    assert "a line needs both cards" in findings(said, "WRONG")

    story.run("parley found north south/own.card --yes-i-compared")
    assert findings(doctor(0), "WRONG") == ""

    (tmp_path / "north" / "keys" / "log.key").chmod(0o644)
    (tmp_path / "north").chmod(0o755)
    with socket.create_server(("127.0.0.1", desk)):
        said = findings(doctor(1), "WRONG")
    for words in ("log.key may be read by others", "others may look into it", f"127.0.0.1:{desk} cannot be used"):
        assert words in said
    (tmp_path / "north" / "keys" / "log.key").chmod(0o600)
    (tmp_path / "north").chmod(0o700)

    (tmp_path / "north" / "keys" / "tls.key").rename(tmp_path / "tls.key")
    said = doctor(1)
    assert "tls.key is missing" in findings(said, "WRONG")
    assert "leads to" in findings(said, "OK")  # it went on after the fault
    (tmp_path / "tls.key").rename(tmp_path / "north" / "keys" / "tls.key")

    store = SqliteStore(tmp_path / "north" / "record.db")
    store.commit(entries(NORTH, 0, 40))
    ready = {"pid": os.getppid(), "desk": "http://127.0.0.1:1", "address": "127.0.0.1:1"}
    (tmp_path / "north" / "run.json").write_text(json.dumps(ready))
    assert "running:" in findings(doctor(1), "WRONG")  # somebody has the record open
    assert "node.running" in story.run("parley run north", code=1)
    store.close()
    # A node that was killed left its word, and its number is another program's by now: that is no node.
    assert "whole: 40 entries" in findings(doctor(0), "OK")
    story.launch("parley run north")
    story.stop("north")
    damaged = (tmp_path / "north" / "record.db").read_bytes()
    (tmp_path / "north" / "record.db").write_bytes(damaged.replace(leaf(NORTH, 37), leaf(NORTH, 37).swapcase()))
    assert "entry 37" in findings(doctor(1), "WRONG")

    (tmp_path / "north" / "record.db").write_bytes(os.urandom(8192))
    assert findings(doctor(1), "WRONG") != ""
    (tmp_path / "north" / "record.db").unlink()

    settings = tmp_path / "north" / "config.toml"
    settings.write_text(settings.read_text().replace("quota_gib", "qouta_gib"))
    assert "qouta_gib" in findings(doctor(1), "WRONG")
    story.end()


@pytest.mark.processes
def test_the_doctor_looks_at_the_line_while_the_node_runs(tmp_path: Path) -> None:
    """The first question at night is whether it is our side or theirs."""
    story = Story("doctor.md", tmp_path)
    try:
        two_sides(story)
        said = story.type("parley doctor north")
        assert "X25519MLKEM768" in findings(said, "OK")
        story.stop("south")
        said = findings(story.run("parley doctor north", code=1), "WRONG")
        assert "down since" in said
    finally:
        story.close()
