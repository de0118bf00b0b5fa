"""Seeds: a small batch that must hold, seeds that once failed, and the broken builds that must be caught."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parley.sim import run_seed, simulate
from parley.sim.broken import BROKEN
from parley.sim.build import Build
from parley.sim.meter import Meter
from parley.sim.report import Report, disk_faults
from parley.sim.trouble import Plan
from parley.sim.world import World

# First failing seeds of faults that were found and mended; docs/track-record.md tells each story.
ONCE_FAILED = (
    *(1, 6, 20, 24, 33, 39, 50, 119, 136, 283, 286, 303, 332, 618, 664, 674, 920, 1340, 1723, 1858, 1884),
    *(2088, 3729, 5493, 8118),
)
BATCH = 12
GARBAGE = 13  # with a peer that sends garbage from beginning to end


@pytest.mark.parametrize("seed", ONCE_FAILED)
def test_a_seed_that_once_failed_holds(seed: int) -> None:
    """A fault that came back would come back here first."""
    result = run_seed(seed)

    assert result.held, f"seed {seed}: promise {result.promise}: {result.sentence}"


def test_a_world_with_a_peer_that_sends_garbage_is_the_same_twice() -> None:
    """A flipped bit that falls into a signature which no seed makes again must not change what happens (11)."""
    first, again = (run_seed(GARBAGE, keep=True) for _ in range(2))

    assert first.counts["lie", "garbage"] > 20
    assert (first.story, first.counts) == (again.story, again.counts)


def test_a_batch_of_worlds_holds_every_promise() -> None:
    """Each has at least 10 cuts, 3 crashes and a disk fault, and comes to rest in bounded virtual time."""
    report = simulate(BATCH, first=100)

    assert not report.failed, [(result.seed, result.promise, result.sentence) for result in report.failed]
    assert report.least["crashes"][0] >= 3
    assert report.least["cuts"][0] >= 10
    assert report.least["disk faults"][0] >= 1
    assert report.least["entries by the quieter side"][0] >= 100


def test_a_world_in_which_a_side_hardly_spoke_fails() -> None:
    """It has shown next to nothing, and a batch must say which one it was."""
    result = World(3, Plan(lasts_s=20.0, cuts=(0, 0), crashes=(0, 0), disk_faults=(0, 0), rounds_max=0)).run()
    report = Report()
    report.add(result)

    assert (result.promise, "it shows too little" in result.sentence) == (0, True)
    assert report.least["entries by the quieter side"] == (min(result.authored.values()), 3)


def test_a_world_counts_what_it_met() -> None:
    """A count of zero is how a simulation says that it has shown nothing."""
    counts = Meter(run_seed(2).counts)

    assert disk_faults(counts) >= 1
    assert counts.count("kind", "message.acknowledged") > 0
    assert counts.count("frame", "RUN") > 0


TRACK_RECORD = (Path(__file__).parents[2] / "docs" / "track-record.md").read_text("utf-8")
# The table's rows: | `name` | what it does | seed | …
CATCHES = {name: int(seed) for name, seed in re.findall(r"^\| `([a-z-]+)` \|[^|]*\| (\d+) \|", TRACK_RECORD, re.M)}


def test_the_track_record_names_every_broken_build() -> None:
    """At least twelve, and each with a seed; `python -m parley.sim.hunt docs/track-record.md` searches anew."""
    assert len(BROKEN) >= 12
    assert set(CATCHES) == {build.name for build in BROKEN}


@pytest.mark.parametrize("build", BROKEN, ids=[build.name for build in BROKEN])
def test_a_broken_build_is_caught_by_its_seed(build: Build) -> None:
    """Checkers that catch nothing promise nothing: each build breaks a rule on purpose, and its seed must show it."""
    result = run_seed(CATCHES[build.name], build=build)

    assert not result.held, f"{build.name}: seed {CATCHES[build.name]} does not catch it any more; search anew"
