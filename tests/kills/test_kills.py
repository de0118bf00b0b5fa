"""Nodes killed with SIGKILL, again and again, while links are cut: nothing told may turn out untrue (docs/design.md).

And nodes broken on purpose, each of which the same checker must catch: else its silence says nothing.
"""

from __future__ import annotations

import os
import random

import pytest
from tests.kills.story import Outcome, run

pytestmark = pytest.mark.processes


def seed() -> int:
    """Give the seed of this run: a new one each time, or the one that is to be looked at again."""
    return int(os.environ.get("PARLEY_KILLS_SEED") or random.SystemRandom().randrange(1_000_000))


def check(outcome: Outcome, kills: int) -> None:
    """A history that proves something: enough kills, half of them inside a commit, enough told, and no fault."""
    assert outcome.faults == [], str(outcome)
    assert outcome.kills >= kills, str(outcome)
    assert outcome.inside * 2 >= outcome.kills, str(outcome)
    assert outcome.jumps >= kills // 10, str(outcome)
    told = outcome.counts["told"]
    for side in told.values():
        assert side["authored"] >= kills and side["held"] >= kills // 4 and side["entry"] >= kills, str(outcome)


def test_fifty_kills_lose_double_reorder_and_fork_nothing() -> None:
    """Promises 2, 3, 5 and 6 on real processes and real SQLite, at least half of the kills inside a commit.

    Meanwhile both nodes' clocks jump by hours, forward and back, while they run and from one life to the next.
    """
    check(run(seed=seed(), kills=50, limit_s=120), 50)


@pytest.mark.long
def test_a_thousand_kills_lose_double_reorder_and_fork_nothing() -> None:
    """The same for as long as it takes: what happens once in a thousand kills happens to somebody."""
    first, total = seed(), 0
    for number in range(10):
        outcome = run(seed=first + number, kills=100, limit_s=600, files=0.1)
        check(outcome, 100)
        total += outcome.kills
    assert total >= 1_000


def test_files_arrive_and_are_told_of_though_both_nodes_are_killed() -> None:
    """A message whose photo never comes is half lost; and a photo that came must be said to be there (promise 3)."""
    outcome = run(seed=seed(), kills=15, limit_s=60, files=0.1)
    assert outcome.faults == [], str(outcome)


@pytest.mark.parametrize(
    ("broken", "promise"),
    [
        ("tells-before-stored", "2:"),
        ("cosigns-before-stored", "2:"),
        ("writes-twice", "3:"),
        ("dates-by-its-clock", "5:"),
    ],
)
def test_the_checker_catches_a_node_broken_on_purpose(broken: str, promise: str) -> None:
    """A checker that has never found anything proves nothing."""
    found: list[str] = []
    for number in range(3):  # a kill has to fall into the right ten milliseconds; mostly the first history has several
        found += run(seed=number, kills=8, limit_s=20, broken=broken).faults
        if any(fault.startswith(promise) for fault in found):
            return
    pytest.fail(f"{broken} went unnoticed: {found}")
