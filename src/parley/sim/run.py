"""Running worlds: one seed with its story, or many over several processes.

Owns: which plan and builds a seed gets, the processes, the order of results.
Does not own: what a world is (world.py), what a batch must have met (report.py).
Always true: a seed gives the same world alone, in a batch, and in any process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext

from parley.sim.build import NEWER, Build
from parley.sim.dice import Dice
from parley.sim.hostile import LIES
from parley.sim.report import Report
from parley.sim.trouble import Plan
from parley.sim.world import Result, World

# One world in four has a peer that lies, each kind of lie in turn.
HOSTILE_SHARE = 0.25
# One world in five joins a program that knows newer rules to one that does not: enemies do not upgrade together.
NEWER_SHARE = 0.2
BOTH_NEWER_SHARE = 0.1
# Where there is a satellite, it is a thin link in so many of the worlds.
THIN_SHARE = 0.5


def plan_of(seed: int) -> Plan:
    """Give the plan of an ordinary seed."""
    dice = Dice(seed, "plan")
    hostile = dice.choice(sorted(LIES)) if dice.chance(HOSTILE_SHARE) else None
    links = dice.choice((("cable",), ("cable", "radio"), ("cable", "radio"), ("cable", "radio", "satellite")))
    thin = ("satellite",) if "satellite" in links and Dice(seed, "thin").chance(THIN_SHARE) else ()
    return Plan(hostile=hostile, links=links, thin=thin)


def _programs(seed: int) -> dict[str, Build] | None:
    """Give the programs the two sides run: the same, or one or both a later one."""
    drawn = Dice(seed, "builds").random()
    if drawn < NEWER_SHARE:
        return {"north": NEWER}
    return {"north": NEWER, "south": NEWER} if drawn < NEWER_SHARE + BOTH_NEWER_SHARE else None


def run_seed(seed: int, *, keep: bool = False, build: Build | None = None) -> Result:
    """Run one world to its end."""
    plan = plan_of(seed) if build is None else (build.plan or Plan)()
    builds = _programs(seed) if build is None else None
    if build is not None:
        builds = {"north": build, "south": build} if build.both else {"north": build}
    around = nullcontext() if build is None or build.around is None else build.around()
    with around:
        return World(seed, plan, builds=builds, keep=keep).run()


def _timed(seed: int) -> tuple[Result, float]:
    began = time.process_time()
    result = run_seed(seed)
    return result, time.process_time() - began


def simulate(
    seeds: int,
    *,
    first: int = 1,
    processes: int | None = None,
    told: Callable[[Result], None] | None = None,
) -> Report:
    """Run the worlds of `seeds` seeds from `first` on and add them up.

    Args:
        processes: How many to use; all cores if None, no extra process if 1.
        told: Called with each result as it comes, for a progress bar.
    """
    report = Report()
    for result, cpu_s in _results(range(first, first + seeds), processes or os.cpu_count() or 1):
        report.add(result)
        report.cpu_s += cpu_s
        if told is not None:
            told(result)
    report.failed.sort(key=lambda result: result.seed)
    return report


def _results(seeds: Iterable[int], processes: int) -> Iterator[tuple[Result, float]]:
    if processes == 1:
        yield from map(_timed, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(processes, initializer=_leave_it_to_the_first) as pool:
        yield from pool.imap_unordered(_timed, seeds, chunksize=1)


def _leave_it_to_the_first() -> None:
    """Ctrl-C reaches every process of a terminal; the first one ends the others, without a word from each."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def explain(seed: int) -> Result:
    """Run one world and keep its whole story."""
    return run_seed(seed, keep=True)
