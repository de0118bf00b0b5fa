"""docs/operating/founding.md, word by word: two sides become one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.operating.story import Story, free_port


@pytest.mark.processes
def test_a_line_is_founded_by_following_the_page(tmp_path: Path) -> None:
    """Two operators have this page and a telephone; a command that does not work costs them the evening."""
    story = Story("founding.md", tmp_path)
    for port in ("7871", "7872", "7880", "7881"):
        story.exchange(f":{port}", f":{free_port()}")
    try:
        for begins in ("parley init north", "parley init south", "parley card north", "parley card south"):
            story.type(begins)

        # The page's twelve words are an example: they must pin nothing. What is really heard does.
        assert "founding.words" in story.type("parley found north south.card --words", code=1)
        assert not (tmp_path / "north" / "peer.card").exists()
        shutil.copytree(tmp_path / "north", tmp_path / "twin")
        heard = " ".join(json.loads(story.run("parley card south --json"))["words"])
        story.run(f'parley found twin south.card --words "{heard}"')
        ends = [story.type(f"parley found {name}") for name in ("north", "south")]
        lines = {line for end in ends for line in end.splitlines() if line.startswith("Line ")}
        assert len(lines) == 1  # "they are the same at both ends"

        safe = tmp_path / "safe"  # step 4: the node does not need it
        safe.mkdir()
        for name in ("north", "south"):
            (tmp_path / name / "keys" / "identity.key").rename(safe / f"{name}-identity.key")

        assert "http://north.localhost:" in story.start("parley run north")
        story.start("parley run south")
        story.line_is_up("north", "south")
        assert "fibre" in story.type("parley status --data north")
        desk = story.node("north").desk  # whole: whoever is sent it has nothing to put in front
        assert f" {desk}/sign-in?token=" in story.type("parley people link admin")
        story.type("parley people add w.lan")
        assert f" {desk}/sign-in?token=" in story.type("parley people link w.lan")
        story.type("parley test-line --data north")
        story.end()
    finally:
        story.close()
