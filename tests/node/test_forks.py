"""What is kept of a log signed twice, and the file that proves it, judged as a stranger would: from the file alone."""

from __future__ import annotations

import pytest
from tests.line.forge import ahead_of, run_of
from tests.line.sides import SOUTH_TALK, cards_of
from tests.line.test_intake import X, south_talks

from parley import limits
from parley.errors import Refused
from parley.node.forks import ForkNote, fork_evidence, read_forks
from parley.record.check import Report, check_pieces
from parley.storage.port import StoreReads


def kept(store: StoreReads) -> tuple[ForkNote, Report]:
    """Give the one fork that was kept, and the verdict on its proof."""
    (fork,) = read_forks(store)
    return fork, check_pieces(fork_evidence(store, cards_of(), fork.key))


def test_a_second_history_is_proven_to_anybody() -> None:
    """A fork that only we can see is our word against theirs (promise 5)."""
    world, leaves = south_talks(3)
    world.north.hear(run_of(SOUTH_TALK, [*leaves[:2], b"another third entry"], 2))

    fork, report = kept(world.north.store)
    assert (fork.log, fork.size, fork.provable) == (SOUTH_TALK, 3, True) and fork.reason
    assert (report.kind, report.verdict) == ("fork", "proven")
    assert any("signed two histories of leaders/south/0" in line for line in report.lines)


def test_two_entries_that_came_ahead_to_one_place_are_proven_to_anybody() -> None:
    """Nothing of the log before them is needed: both lie under heads that its author signed."""
    world, _ = south_talks(0)
    world.north.hear(ahead_of(X, [b"zero", b"one"], 1))
    world.north.hear(ahead_of(X, [b"zero", b"two", b"three"], 1), link="radio")

    fork, report = kept(world.north.store)
    assert (fork.log, fork.size, fork.provable) == (X, 1, True)
    assert (report.kind, report.verdict) == ("fork", "proven")
    assert any("two different entries 1" in line for line in report.lines)


@pytest.mark.parametrize("end", [3, 5, 7])
@pytest.mark.parametrize("size", [4, 5, 9])
def test_a_log_that_brings_another_entry_than_came_ahead_is_proven_to_anybody(size: int, end: int) -> None:
    """The entry ahead lies under one signed head, the log's own under another, also one far beyond what it brought."""
    world, _ = south_talks(0)
    true = [b"entry %d" % number for number in range(size)]
    other = [*true[:2], b"another entry 2", *true[3:], *[b"more %d" % number for number in range(8 - size)]]
    world.north.hear(run_of(X, true[:1]))
    world.north.hear(ahead_of(X, true, 2))
    world.north.hear(run_of(X, other, 1, min(end, len(other))), link="radio")

    fork, report = kept(world.north.store)
    assert (fork.log, fork.size, fork.provable) == (X, 2, True) and fork.reason
    assert (report.kind, report.verdict) == ("fork", "proven")
    assert any("two different entries 2" in line for line in report.lines)


def test_an_entry_that_comes_ahead_of_another_in_its_log_is_proven_to_anybody() -> None:
    """By one link the log, by the other a copy that says something else."""
    world, _ = south_talks(0)
    world.north.hear(run_of(X, [b"zero", b"one", b"two"]))
    world.north.hear(ahead_of(X, [b"zero", b"other"], 1), link="radio")

    fork, report = kept(world.north.store)
    assert (fork.log, fork.size, fork.provable) == (X, 1, True)
    assert (report.kind, report.verdict) == ("fork", "proven")


def test_a_log_that_does_not_grow_into_the_head_of_an_entry_ahead_is_proven_to_anybody() -> None:
    """The urgent entry is one and the same; the head it came with promised another log."""
    world, _ = south_talks(0)
    world.north.hear(ahead_of(X, [b"zero", b"one", b"two"], 1))
    world.north.hear(run_of(X, [b"zero", b"one", b"other", b"three"]), link="radio")

    fork, report = kept(world.north.store)
    assert (fork.log, fork.size, fork.provable) == (X, 3, True)
    assert (report.kind, report.verdict) == ("fork", "proven")


def test_what_convinces_nobody_else_is_listed_and_not_written() -> None:
    """An accusation without proof is worse than none: of this second history only its heads came, and no entry fits."""
    world, leaves = south_talks(3)
    for number in range(limits.STRIKES_MAX):
        world.north.hear(run_of(SOUTH_TALK, [b"another beginning", *leaves[1:], b"more"], 3), link=f"link {number}")

    (fork,) = read_forks(world.north.store)
    assert (fork.log, fork.provable) == (SOUTH_TALK, False)
    with pytest.raises(Refused) as refused:
        b"".join(fork_evidence(world.north.store, cards_of(), fork.key))
    assert refused.value.code == "record.no-evidence"


@pytest.mark.parametrize("key", ["", "nothing", "leaders/south/0", "leaders/south/0|x"])
def test_a_fork_that_was_not_kept_is_refused(key: str) -> None:
    """People type these."""
    world, _ = south_talks(1)
    with pytest.raises(Refused) as refused:
        b"".join(fork_evidence(world.north.store, cards_of(), key))
    assert refused.value.code == "record.no-evidence"


def test_an_honest_log_has_no_forks() -> None:
    """The list must be empty on a good day."""
    world, _ = south_talks(3)
    assert read_forks(world.north.store) == []
