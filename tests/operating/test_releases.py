"""The last release against this one: at the two ends of a line, and each on a disk that the other wrote."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from tests.operating.story import ROOT, Story, own_epochs, say, texts, two_sides, wait

from parley import __version__

FIRST = "0.1.0"


def last_release() -> str:
    """Give the last release's tag, or the commit that PARLEY_LAST_RELEASE names; skip while there is none."""
    if named := os.environ.get("PARLEY_LAST_RELEASE"):
        return named
    if __version__ == FIRST:
        pytest.skip(f"{FIRST} is the first release; PARLEY_LAST_RELEASE=COMMIT holds this program against any commit")
    tags = subprocess.run(
        ["git", "-C", str(ROOT), "tag", "--list", "v*", "--sort=-v:refname"], capture_output=True, text=True, check=True
    ).stdout.split()
    earlier = [tag for tag in tags if tag != f"v{__version__}"]
    assert earlier, "the tag of the last release is not in this clone: git fetch --tags"
    return earlier[0]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give the last release's source."""
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", last_release(), "src"], capture_output=True, check=True
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(tmp_path / "last", filter="data")
    return tmp_path / "last" / "src"


def one_message_each(story: Story, before: list[str]) -> list[str]:
    """Let both sides say something by whatever they run now; give all that was said, which both then show."""
    said = list(before)
    for name, person in (("north", "edda"), ("south", "samira")):
        said.append(f"{name} says number {len(said)}")
        say(story, name, person, said[-1])
        for other, reader in (("north", "edda"), ("south", "samira")):
            wait(lambda at=other, who=reader: texts(story, at, who) == said, f"{other} does not show {said[-1]}")  # type: ignore[misc]
    return said


@pytest.mark.processes
def test_the_last_release_and_this_one_talk_and_read_one_anothers_disks(tmp_path: Path, old: Path) -> None:
    """Two sides never upgrade on the same day, and one of them may have to go back."""
    story = Story("upgrade.md", tmp_path)
    try:
        story.sources["north"] = old
        two_sides(story)
        said = one_message_each(story, [])
        for name, source in (("south", old), ("north", ROOT / "src")):  # each goes on upon the other's disk
            story.stop(name)
            story.sources[name] = source
            story.launch(f"parley run {name}")
            story.line_is_up("north", "south")
            said = one_message_each(story, said)
        for name, person in (("north", "edda"), ("south", "samira")):
            assert own_epochs(story, name, person) == 1, f"{name} went on in a new epoch, as after a loss"
            story.run(f"parley export {name}.parley --data {name} --as {person}")
        for file in ("north.parley", "south.parley"):
            for source in (old, ROOT / "src"):
                story.sources[file] = source
                assert "proven" in story.run(f"parley check {file}").lower()
    finally:
        story.close()
