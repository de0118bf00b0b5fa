"""What `parley status` says of links and of the second place: what is wrong now, and what was and is over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.operating.story import Story, own_epochs, say, texts, two_sides, wait

from parley.cli.talking import last_trouble

LANES = ["urgent", "ordinary", "bulk"]


@pytest.mark.parametrize(
    ("up", "lanes", "bits_s", "said"),
    [
        (False, [], 0, "no answer (link.lost)"),
        (True, LANES, 0, "over: no answer (link.lost)"),
        (True, LANES[:2], 0, "no answer (link.lost)"),  # the third connection fails just now
        (True, LANES[:1], 2_400, "over: no answer (link.lost)"),
    ],
)
def test_a_trouble_that_is_over_is_not_shown_as_one_of_now(up: bool, lanes: list[str], bits_s: int, said: str) -> None:
    """A link that was up for a week stood there beside the words of the minute before."""
    assert last_trouble({"up": up, "lanes": lanes, "bits_s": bits_s, "last_error": "no answer (link.lost)"}) == said
    assert last_trouble({"up": True, "lanes": LANES, "bits_s": 0, "last_error": ""}) == ""
    set_apart = (
        "one side states it as thin (link.thin)"  # both have to mend it: it falls again with the next large frame
    )
    assert last_trouble({"up": True, "lanes": LANES, "bits_s": 0, "last_error": set_apart}) == set_apart


@pytest.mark.processes
def test_a_second_place_that_is_not_mounted_is_told_before_the_node_signs(tmp_path: Path) -> None:
    """It was made anew in silence, on whatever disk lay there, and every log went on in a new epoch, unexplained."""
    story = Story("backup.md", tmp_path)
    try:
        two_sides(story)
        say(story, "north", "edda", "one")
        wait(lambda: len(texts(story, "south", "samira")) == 1, "the message did not arrive")
        for name in ("north", "south"):
            story.stop(name)
        place = tmp_path / "north.anchor"
        place.rename(tmp_path / "unmounted")
        place.mkdir()
        assert "is its disk mounted?" in story.run("parley doctor north", code=1)
        story.launch("parley run north")
        assert "may not be mounted" in (tmp_path / "north.log").read_text()
        assert story.node("north", "edda").get("/line")["signing"] == "waiting-for-peer"
        assert "may not be mounted" in story.run("parley status --data north", code=3)
        assert "may not be mounted" in story.run("parley doctor north", code=1)  # the line is down as well

        # Mounted and started again in time, nothing has happened to the logs.
        story.stop("north")
        shutil.rmtree(place)
        (tmp_path / "unmounted").rename(place)
        story.launch("parley run north")
        assert story.node("north", "edda").get("/line")["signing"] == "ok"
        say(story, "north", "edda", "two")
        wait(lambda: story.node("north", "edda").get("/line")["put_off"], "no signature waits")
        said = story.run("parley status --data north", code=3) + story.run("parley doctor north", code=1)
        assert "may not be mounted" not in said
        assert (
            "ost-quantum" not in said
        )  # no link is up at all: no thin one is to blame, and no ten minutes are promised
        story.launch("parley run south")
        story.line_is_up("north", "south")
        assert own_epochs(story, "north", "edda") == 1
    finally:
        story.close()
