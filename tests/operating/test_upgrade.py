"""docs/operating/upgrade.md, word by word: a new release, and the way back from a record that the old one refuses."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest
from tests.operating.story import Story, own_epochs, say, texts, two_sides, wait


@pytest.mark.processes
def test_an_upgrade_and_its_roll_back_lose_nothing_by_following_the_page(tmp_path: Path) -> None:
    """There is one release so far: what a newer one would leave behind is marked in the file as that one would."""
    story = Story("upgrade.md", tmp_path)
    story.exchange("w.lan", "edda")
    try:
        two_sides(story)
        say(story, "north", "edda", "before the upgrade")
        for begins in ("parley backup north", "parley people token", "parley export whole.parley"):
            story.type(begins)
        assert "proven" in story.type("parley check whole.parley").lower()

        story.stop("north")
        story.type("parley doctor north")
        story.start("parley run north")
        story.line_is_up("north", "south")
        say(story, "north", "edda", "by the new release")
        wait(lambda: len(texts(story, "south", "samira")) == 2, "the line did not go on")

        story.stop("north")
        marked = apsw.Connection(str(tmp_path / "north" / "record.db"))
        marked.execute("UPDATE store SET schema = 999, oldest_schema = 999, oldest_program = '99.0.0'")
        marked.close()
        before = (tmp_path / "north" / "record.db").read_bytes()
        said = story.type("parley run north", code=3)
        assert "storage.newer" in said and "99.0.0" in said
        assert (tmp_path / "north" / "record.db").read_bytes() == before

        story.type("mv north north.newer")
        story.type("parley restore before-upgrade.sealed")
        story.start("parley run north")
        story.line_is_up("north", "south")
        say(story, "north", "edda", "by the old release again")
        wait(lambda: len(texts(story, "south", "samira")) == 3, "the line did not go on")
        expected = ["before the upgrade", "by the new release", "by the old release again"]
        assert texts(story, "north", "edda") == texts(story, "south", "samira") == expected
        assert own_epochs(story, "north", "edda") == 2
        story.end()
    finally:
        story.close()
