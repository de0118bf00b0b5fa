"""docs/operating/links.md, word by word: a second link is added, one is cut, and a stick is a link too."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from tests.operating.story import Story, free_port, say, texts, two_sides, wait

from parley.transports.proxy import CutProxy


@pytest.mark.long
@pytest.mark.processes
def test_a_second_link_is_added_by_following_the_page(tmp_path: Path) -> None:
    """The day the first cable is cut is too late to find out that the second never worked."""
    asyncio.run(_followed(Story("links.md", tmp_path)))


async def _followed(story: Story) -> None:
    networks = []
    try:
        await asyncio.to_thread(two_sides, story)
        await asyncio.to_thread(say, story, "north", "edda", "on one link")
        south = (story.folder / "south" / "config.toml").read_text()
        listens = re.search(r'listen = \["127\.0\.0\.1:(\d+)"\]', south)
        assert listens is not None
        networks = [CutProxy(("127.0.0.1", int(listens.group(1)))) for _ in range(2)]
        for network in networks:
            await network.start()
        for theirs, ours in zip(("south.example:7871", "203.0.113.7:7871"), networks, strict=True):
            story.exchange(theirs, f"127.0.0.1:{ours.port}")
        for theirs in ("192.0.2.10:7871", "198.51.100.10:7871"):
            story.exchange(theirs, f"127.0.0.1:{free_port()}")
        story.exchange("/media/stick", str(story.folder / "stick"))
        await asyncio.to_thread(_second_link, story)
        await networks[0].cut()
        await asyncio.to_thread(_one_is_cut, story)
        for network in networks:
            await network.cut()
        await asyncio.to_thread(_all_are_cut, story)
        story.end()
    finally:
        story.close()
        for network in networks:
            await network.stop()


def _up(story: Story) -> set[str]:
    return {link["name"] for link in story.node("north").get("/line")["links"] if link["up"]}


def _second_link(story: Story) -> None:
    """Steps 1 to 4: the page's own block of settings takes the place of the old lines."""
    block = re.search(r"^```toml\n(.*?)^```", story.text, re.MULTILINE | re.DOTALL)
    assert block is not None
    file = story.folder / "north" / "config.toml"
    kept = re.sub(r"^\[\[route\]\]\n(.+\n)*|^listen = .*\n", "", file.read_text(), flags=re.MULTILINE)
    listen, routes = story.ours(block.group(1)).split("\n", 1)
    file.write_text(f"{listen}\n{kept}{routes}")
    # South no longer dials: the page says that one side's routes are enough.
    other = story.folder / "south" / "config.toml"
    other.write_text(re.sub(r"^\[\[route\]\]\n(.+\n)*", "", other.read_text(), flags=re.MULTILINE))
    for name in ("north", "south"):
        story.stop(name)
    story.launch("parley run south")
    story.start("parley run north")
    wait(lambda: _up(story) == {"fibre", "satellite"}, "both links did not come up")
    said = story.type("parley status --data north")
    for word in ("fibre", "satellite", "X25519MLKEM768"):
        assert word in said
    story.type("parley test-line --data north")


def _one_is_cut(story: Story) -> None:
    wait(lambda: _up(story) == {"satellite"}, "the cut was not noticed")
    say(story, "north", "edda", "on the second link")
    wait(lambda: texts(story, "south", "samira")[-1] == "on the second link", "the other link did not carry on")


def _all_are_cut(story: Story) -> None:
    """The stick, while nothing else is left; and the same stick twice."""
    wait(lambda: not _up(story), "the cuts were not noticed")
    say(story, "north", "edda", "on the stick to south")
    say(story, "south", "samira", "on the stick to north")
    story.run("parley carry out /media/stick/south.carry --data south")
    story.type("parley carry out /media/stick/north.carry")
    story.type("parley carry in /media/stick/south.carry")
    for _ in range(2):
        story.run("parley carry in /media/stick/north.carry --data south")
    wait(lambda: "on the stick to north" in texts(story, "north", "edda"), "north read no stick")
    wait(lambda: texts(story, "south", "samira").count("on the stick to south") == 1, "south read no stick")
