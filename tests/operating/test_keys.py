"""docs/operating/keys.md, word by word: keys are replaced, stolen, lost with their machine, and the record goes on."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.operating.story import Story, admit, say, texts, two_sides, wait

WORDS = "resemble chase street …"  # the page's example


def in_force(story: Story, name: str, side: str) -> str:
    """Give the digest of the card that speaks for a side, as a node sees it."""
    state = story.node(name).get("/keys")
    return str(next(state[each]["digest"] for each in ("ours", "theirs") if state[each]["side"] == side))


def same_everywhere(story: Story, text: str) -> None:
    """Say something at South and see it at North, cosigned; then both records are proven, keys and all."""
    say(story, "south", "samira", text)
    wait(lambda: text in texts(story, "north", "edda"), f"{text!r} did not arrive")
    say(story, "north", "edda", f"Heard: {text}")
    wait(lambda: f"Heard: {text}" in texts(story, "south", "samira"), "the answer did not arrive")
    wait(lambda: story.node("north").get("/line")["waiting"] == 0, "North's entries were not cosigned")
    for name, person in (("north", "edda"), ("south", "samira")):
        file = story.folder / f"{name}-{len(list(story.folder.glob('*.parley')))}.parley"
        story.run(f"parley export {file} --data {name} --as {person}")
        assert "Later card of" in story.run(f"parley check {file}")


@pytest.mark.long
@pytest.mark.processes
def test_keys_are_replaced_and_refounded_by_following_the_page(tmp_path: Path) -> None:
    """Whoever follows this page has had a bad day already (promises 3 and 5 through every change of keys)."""
    story = Story("keys.md", tmp_path)
    try:
        two_sides(story)
        say(story, "north", "edda", "Under the first keys.")
        safe = tmp_path / "safe"
        safe.mkdir(mode=0o700)
        (tmp_path / "north/keys/identity.key").rename(safe / "identity.key")
        shutil.copytree(tmp_path / "north/keys", tmp_path / "stolen")
        first = in_force(story, "south", "north")

        spoken = story.type("parley keys replace").splitlines()[1].strip()
        assert "keys.waiting" in story.run("parley keys replace north --identity safe", code=1)
        wait(lambda: bool(story.node("south").get("/keys")["theirs"]["announced_at"]), "nothing was announced")
        assert spoken in story.type("parley keys show south")
        assert "founding.words" in story.run(f'parley keys confirm south --words "{WORDS}"', code=1)
        story.exchange(WORDS, spoken)
        story.type("parley keys confirm south")
        for name in ("north", "south"):
            wait(lambda name=name: in_force(story, name, "north") != first, f"{name} kept the old keys")  # type: ignore[misc]
        story.line_is_up("north", "south")
        assert spoken in story.type("parley keys show north")
        assert not (tmp_path / "north/keys/next").exists()
        assert (tmp_path / "north/keys/log.key").read_bytes() != (tmp_path / "stolen/log.key").read_bytes()
        assert "keys.none" in story.run("parley keys confirm south --yes-i-compared", code=1)
        same_everywhere(story, "Under North's second keys.")

        for name in ("north", "south"):
            story.stop(name)
        heard = story.type("parley lost south").splitlines()[1].strip()
        story.run("parley card north --out north.card")
        story.exchange(spoken, heard)
        assert "founding.second-line" in story.run("parley refound north north.card --yes-i-compared", code=1)
        story.type("parley refound north")
        own = " ".join(json.loads(story.run("parley card north --json"))["words"])
        story.exchange(heard, own)
        assert "the same at both ends" in story.type("parley refound south")
        assert "refound.nothing" in story.run("parley refound south north.card --yes-i-compared", code=1)
        story.start("parley run north")
        story.start("parley run south")
        story.line_is_up("north", "south")
        same_everywhere(story, "Under South's second identity.")

        before = texts(story, "north", "edda")
        story.stop("north")
        story.lose("south")
        link = (tmp_path / "north/config.toml").read_text("utf-8").split('listen = ["127.0.0.1:')[1].split('"')[0]
        story.run(
            "parley init south --side south --name South --status exercise --desk 127.0.0.1:0 --listen 127.0.0.1:0"
            f" --route fibre=127.0.0.1:{link}"
        )
        shutil.copy(tmp_path / "south/own.card", tmp_path / "south-third.card")
        third = " ".join(json.loads(story.run("parley card south --json"))["words"])
        story.type("parley card north --line")
        story.type("parley refound south")
        story.exchange(own, third)
        story.type("parley refound north")
        story.launch("parley run north")
        story.launch("parley run south")
        story.line_is_up("north", "south")
        admit(story, "south", "samira")
        assert before == texts(story, "north", "edda") == texts(story, "south", "samira")
        same_everywhere(story, "From a new machine, under a third card.")

        # Whoever has no passkey yet is told so; tests/actions/test_vouching.py lists one by the identity.
        (tmp_path / "safe-south").mkdir(mode=0o700)
        (tmp_path / "south/keys/identity.key").rename(tmp_path / "safe-south/identity.key")
        story.exchange("--identity safe", "--identity safe-south")
        story.environment["PARLEY_DATA"] = "south"
        story.run("parley people add w-lan --name 'W. Lan'")
        story.type("parley people link w-lan --lost")
        assert "binding.no-key" in story.type("parley keys vouch south", code=1)
        story.end()
    finally:
        story.close()


@pytest.mark.long
@pytest.mark.processes
def test_keys_are_replaced_by_sticks_alone(tmp_path: Path) -> None:
    """The stick that says "confirmed" is sealed to keys not yet in force: unopened, it would have ended the line."""
    story = Story("keys.md", tmp_path)
    try:
        two_sides(story)
        for name in ("north", "south"):
            story.stop(name)
            config = tmp_path / name / "config.toml"
            config.write_text(re.sub(r"^\[\[route\]\]\n(.+\n)*|^listen = .*\n", "", config.read_text(), flags=re.M))
            story.launch(f"parley run {name}")
        first = in_force(story, "south", "north")
        say(story, "north", "edda", "On a stick that stays in a drawer.")
        story.run("parley carry out drawer.carry --data north")
        spoken = story.run("parley keys replace north").splitlines()[1].strip()
        _carried(story, "north", "south")
        story.run(f'parley keys confirm south --words "{spoken}"')
        wait(lambda: in_force(story, "south", "north") != first, "South kept the old keys")
        told = story.run("parley carry in drawer.carry --data south", code=2)
        assert "carry.former" in told
        assert "hand them one of ours first" in told
        say(story, "south", "samira", "Confirmed.")

        _carried(story, "south", "north")
        wait(lambda: in_force(story, "north", "north") != first, "North kept the old keys")
        assert not (tmp_path / "north/keys/next").exists()
        say(story, "north", "edda", "Under the new keys.")
        _carried(story, "north", "south")
        said = ["On a stick that stays in a drawer.", "Confirmed.", "Under the new keys."]
        for name, person in (("north", "edda"), ("south", "samira")):
            assert sorted(texts(story, name, person)) == sorted(said)
    finally:
        story.close()


@pytest.mark.long
@pytest.mark.processes
def test_keys_that_were_announced_and_then_lost_are_announced_anew(tmp_path: Path) -> None:
    """A backup from before it came back: nobody could announce again, and a confirmation ended the node."""
    story = Story("keys.md", tmp_path)
    try:
        two_sides(story)
        first = in_force(story, "south", "north")
        shutil.copytree(tmp_path / "north/keys", tmp_path / "before")
        lost = story.run("parley keys replace north").splitlines()[1].strip()
        assert "keys.waiting" in story.run("parley keys replace north", code=1)
        assert "not on this machine" not in story.run("parley keys show north")
        shutil.rmtree(tmp_path / "north/keys/next")
        assert "not on this machine" in story.run("parley keys show north")
        assert "not on this machine" not in story.run("parley keys show south")
        said = story.run("parley keys replace north").splitlines()
        assert "takes the place" in said[-1]
        wait(lambda: said[1].strip() in story.run("parley keys show south"), "nothing was announced")
        assert "founding.words" in story.run(f'parley keys confirm south --words "{lost}"', code=1)
        story.run(f'parley keys confirm south --words "{said[1].strip()}"')
        wait(lambda: in_force(story, "north", "north") != first, "North kept the old keys")
        story.line_is_up("north", "south")
        same_everywhere(story, "Under the second announcement.")

        story.stop("north")
        shutil.rmtree(tmp_path / "north/keys")
        shutil.copytree(tmp_path / "before", tmp_path / "north/keys")
        said_at_start = story.run("parley run north", code=1)
        assert "restore a backup of the keys made since" in said_at_start and "[identity.keys]" in said_at_start
    finally:
        story.close()


def _carried(story: Story, out: str, into: str) -> None:
    """Bring a stick from one side to the other."""
    file = story.folder / "stick" / f"{len(list((story.folder / 'stick').iterdir()))}.carry"
    wait(lambda: bool(story.node(out).get("/line")), f"{out} does not answer")
    story.run(f"parley carry out {file} --data {out}")
    story.run(f"parley carry in {file} --data {into}")
