"""docs/operating/backup.md, word by word: a machine is lost, and comes back from its backup and the other side.

Promise 2.5 of the design: a node that is not sure of its own past asks the peer, and opens the next epoch, before it
signs.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.operating.story import Story, admit, own_epochs, say, texts, two_sides, wait

from parley.errors import ParleyError


def both_proven(story: Story, tag: str) -> None:
    """Export the whole record at both sides and let `parley check` judge it."""
    for name, person in (("north", "edda"), ("south", "samira")):
        story.run(f"parley export {name}-{tag}.parley --data {name} --as {person}")
        story.run(f"parley check {name}-{tag}.parley")


@pytest.mark.processes
def test_a_lost_machine_comes_back_by_following_the_page(tmp_path: Path) -> None:
    """Once with the keys alone, once with the daily backup; what was said after it comes from the other side."""
    story = Story("backup.md", tmp_path)
    story.exchange("/etc/parley/backup-passphrase", str(story.word))
    try:
        two_sides(story)
        say(story, "north", "edda", "before the backup")
        draft = story.node("north", "edda").post(
            "/drafts", channel="leaders", text="Not said yet.", language="en", precedence="ROUTINE"
        )
        story.type("parley backup north keys.sealed --keys-only")
        story.type("parley backup north north-2026-11-23.sealed")
        say(story, "north", "edda", "after the backup")
        wait(lambda: len(texts(story, "south", "samira")) == 2, "the messages did not arrive")

        story.lose("north")
        story.type("parley restore keys.sealed north")
        story.start("parley run north")
        story.line_is_up("north", "south")
        admit(story, "north", "edda")  # accounts are not in a backup of keys
        wait(lambda: len(texts(story, "north", "edda")) == 2, "the messages did not come back")
        with pytest.raises(ParleyError):
            story.node("north", "edda").get(f"/drafts/{draft['id']}")
        say(story, "north", "edda", "after the first loss")
        wait(lambda: len(texts(story, "south", "samira")) == 3, "the line did not go on")
        assert own_epochs(story, "north", "edda") == own_epochs_at_south(story) == 2

        story.lose("north")
        story.type("parley restore north-2026-11-23.sealed north")
        story.start("parley run north")
        story.line_is_up("north", "south")
        assert story.node("north", "edda").get(f"/drafts/{draft['id']}")["text"] == "Not said yet."
        wait(lambda: len(texts(story, "north", "edda")) == 3, "what was said after the backup did not come back")
        say(story, "north", "edda", "after the second loss")
        wait(lambda: len(texts(story, "south", "samira")) == 4, "the line did not go on")
        expected = ["before the backup", "after the backup", "after the first loss", "after the second loss"]
        assert texts(story, "north", "edda") == texts(story, "south", "samira") == expected
        assert own_epochs(story, "north", "edda") == own_epochs_at_south(story) == 3
        both_proven(story, "end")
        story.end()
    finally:
        story.close()


def own_epochs_at_south(story: Story) -> int:
    """Give how many epochs of north's log in the channel south holds."""
    rows = story.node("south", "samira").get("/record")
    return sum(row["log"].startswith("leaders/north/") for row in rows)


@pytest.mark.long
@pytest.mark.processes
def test_a_restored_folder_beside_its_old_second_place_does_not_go_on_in_the_old_log(tmp_path: Path) -> None:
    """The data disk died, the anchor's disk did not: also the freshest backup is another store, and must ask first."""
    story = Story("backup.md", tmp_path)
    try:
        two_sides(story)
        say(story, "north", "edda", "one")
        wait(lambda: len(texts(story, "south", "samira")) == 1, "the message did not arrive")
        story.stop("north")
        story.run("parley backup north fresh.sealed")  # nothing is written after it: heads and anchor agree
        shutil.rmtree(tmp_path / "north")
        assert (tmp_path / "north.anchor").exists()

        story.stop("south")
        story.run("parley restore fresh.sealed north")
        story.launch("parley run north")  # alone: nobody to ask yet
        row = story.node("north", "edda").get("/line")
        assert row["signing"] == "waiting-for-peer"
        with pytest.raises(ParleyError):
            say(story, "north", "edda", "too early")

        story.launch("parley run south")
        story.line_is_up("north", "south")
        say(story, "north", "edda", "two")
        wait(lambda: len(texts(story, "south", "samira")) == 2, "the line did not go on")
        assert texts(story, "north", "edda") == ["one", "two"]
        assert own_epochs(story, "north", "edda") == 2
        both_proven(story, "end")
    finally:
        story.close()


@pytest.mark.long
@pytest.mark.processes
def test_both_sides_lost_on_one_day_still_come_back(tmp_path: Path) -> None:
    """One fire, one provider, one bad update: each asks a node that is not sure of its own past either."""
    story = Story("backup.md", tmp_path)
    sides = (("north", "edda"), ("south", "samira"))
    try:
        two_sides(story)
        say(story, "north", "edda", "one")
        wait(lambda: len(texts(story, "south", "samira")) == 1, "the message did not arrive")
        for name, _ in sides:
            story.run(f"parley backup {name} {name}.sealed")
        say(story, "south", "samira", "in no backup")
        for name, _ in sides:
            story.lose(name)
        for name, _ in sides:
            story.run(f"parley restore {name}.sealed {name}")
            story.launch(f"parley run {name}")
        story.line_is_up("north", "south")
        for name, person in sides:
            say(story, name, person, f"{name} is back")
        for name, person in sides:
            wait(lambda name=name, person=person: len(texts(story, name, person)) == 3, "the line did not go on")  # type: ignore[misc]
        # What south said is in nobody's record, but may be in a file somebody exported: its log must not begin again.
        logs = [row["log"] for row in story.node("south", "samira").get("/record")]
        assert "leaders/north/0" in logs
        assert "leaders/south/0" not in logs
        assert own_epochs(story, "north", "edda") == 2
        assert texts(story, "north", "edda") == texts(story, "south", "samira")
        both_proven(story, "end")
    finally:
        story.close()
