"""One history from a seed: two nodes that are killed while links are cut, then peace, then the checker's word.

    python -m tests.kills --kills 1000 --seed 7

The seed fixes the trouble; when exactly a process is hit is the machine's affair, so a seed does not repeat a history
to the instruction. What it was can be read in the folder that is kept when a promise did not hold.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.kills.charge import Charge, Habits
from tests.kills.checker import judge, read_history, summary
from tests.kills.grounds import SIDES, Grounds, other

_DISK: Final = "/var/tmp"
_UP_S: Final = 60.0  # bounds, not figures: the machine may be shared by many
_CONVERGE_S: Final = 90.0
_JUMP_EACH: Final = 3  # blows; then a node's time of day jumps by hours, in mid-life and over the next kills
_NAMED: Final = 400  # files in one word of the harness: a word has at most 64 KiB
_INSIDE_SHARE: Final = 0.6  # of the kills aim at the middle of a commit, and more if too few of them hit


@dataclass(kw_only=True)
class Outcome:
    """What came of a history."""

    seed: int
    kills: int = 0
    inside: int = 0
    cuts: int = 0
    jumps: int = 0
    commits: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        head = f"seed {self.seed}: {self.kills} kills, {self.inside} of them inside a commit, {self.cuts} cuts, "
        head += f"{self.jumps} jumps of a clock, "
        head += f"{self.commits} commits, {self.seconds:.0f} s; {self.counts}"
        return "\n".join([head, *self.faults[:20]])


class Pair:
    """Both nodes and their links. Also for histories that are not dice: see test_scenarios.py."""

    def __init__(self, grounds: Grounds, habits: Mapping[str, Habits]) -> None:
        self.grounds = grounds
        self.at = {side: Charge(grounds.at[side], habits[side]) for side in SIDES}

    async def __aenter__(self) -> Pair:
        await self.grounds.join()
        return self

    async def __aexit__(self, *_: object) -> None:
        for charge in self.at.values():
            charge.close()
        await self.grounds.leave()

    async def found(self) -> None:
        """Start both nodes for the first time and agree on a channel."""
        for charge in self.at.values():
            await charge.start()
        await self.until(lambda states: all(state["links"] == 2 for state in states.values()), _UP_S)
        await asyncio.gather(*(self.at[side].do("found", first=side == SIDES[0]) for side in SIDES))
        await self.until(lambda states: all(state["agreed"] for state in states.values()), _UP_S)

    async def states(self) -> dict[str, Any]:
        """Ask both nodes where they stand."""
        answers = await asyncio.gather(*(self.at[side].do("state") for side in SIDES))
        return dict(zip(SIDES, answers, strict=True))

    async def until(self, reached: Callable[[dict[str, Any]], bool], within_s: float) -> dict[str, Any]:
        """Wait until both are where they should be; raises TimeoutError with where they are."""
        ends = time.monotonic() + within_s
        while not reached(states := await self.states()):
            if time.monotonic() > ends:
                raise TimeoutError(str(states))
            await asyncio.sleep(0.02)
        return states

    async def converge(self) -> str:
        """Let the authors rest and wait until both hold the same, cosigned by both; gives what is amiss, or ""."""
        await self.grounds.join()
        for charge in self.at.values():
            await charge.set_clock(0)  # somebody sets it right: for one that was ahead, a jump back
        await asyncio.gather(*(charge.do("quiet") for charge in self.at.values()))
        try:
            await self.until(settled, _CONVERGE_S)
        except TimeoutError as late:
            return f"3: after {_CONVERGE_S:.0f} s of peace the sides have not converged: {late}"
        return ""

    async def pulled(self) -> str:
        """Wait until each side holds every file that the other's messages name; gives what is amiss, or ""."""
        ends = time.monotonic() + _CONVERGE_S
        for side in SIDES:
            first = 0
            while files := await self.at[other(side)].do("named", first=first, count=_NAMED):
                while missing := await self.at[side].do("missing", files=files):
                    if time.monotonic() > ends:
                        return f"3: {side} never got {len(missing)} of {len(files)} files, the first is {missing[0]}"
                    await asyncio.sleep(0.05)
                first += _NAMED
        return ""

    async def stop(self) -> None:
        """Stop both in order."""
        for charge in self.at.values():
            await charge.stop()

    def died(self) -> list[str]:
        """Give the nodes that ended without being told to."""
        return [f"{side}: {one}" for side in SIDES for one in self.at[side].deaths.by_itself]


def settled(states: dict[str, Any]) -> bool:
    """Say whether both hold the same logs, folded and signed to the end by both suites of both sides."""
    north, south = (states[side] for side in SIDES)
    return (
        north["logs"] == south["logs"]
        and all(len(set(sizes)) == 1 for sizes in north["logs"].values())
        and all(state["signing"] == "ok" and state["waiting"] == 0 for state in states.values())
    )


async def tell_story(
    root: Path, *, seed: int, kills: int, limit_s: float, files: float = 0.0, broken: str = ""
) -> Outcome:
    """Go through one history and judge it.

    Args:
        kills: So many; fewer if `limit_s` is over before, which the caller decides about.
        files: Share of the messages that carry a file.
        broken: How North is broken on purpose (breaks.py); "" for the product as it is.
    """
    outcome, begun = Outcome(seed=seed), time.monotonic()
    habits = {
        side: Habits(seed=str(seed), authors=2, files=0.04, broken=broken if side == "north" else "") for side in SIDES
    }
    async with Pair(Grounds(root), habits) as pair:
        try:
            await pair.found()
            await _trouble(pair, outcome, random.Random(seed), kills, begun + limit_s)
            outcome.faults += await _peace(pair)
            await pair.stop()
        except TimeoutError as late:
            outcome.faults.append(f"a node did not answer, or the line did not come up: {late}")
    outcome.faults += pair.died()
    history = read_history(pair.grounds)
    outcome.faults += judge(history)
    outcome.counts = summary(history)
    outcome.commits = sum(charge.deaths.commits for charge in pair.at.values())
    outcome.seconds = time.monotonic() - begun
    return outcome


async def _peace(pair: Pair) -> list[str]:
    """Let both come together, and test the line from both ends; gives what is amiss."""
    amiss = await pair.converge() or await pair.pulled()
    for side in () if amiss else SIDES:
        test = await pair.at[side].do("test")
        if not test["same"]:
            amiss = f"6: {side}'s line test found different views: {test}"
    return [found for found in (amiss, await pair.converge()) if found]


async def _trouble(pair: Pair, outcome: Outcome, dice: random.Random, kills: int, until: float) -> None:
    # Half of the kills at least are to fall inside a commit: where too few did, there are more of them.
    blows = 0
    while (outcome.kills < kills or 2 * outcome.inside < outcome.kills) and time.monotonic() < until:
        await _links(pair.grounds, outcome, dice)
        if not (blows := blows + 1) % _JUMP_EACH:
            await pair.at[dice.choice(SIDES)].set_clock(dice.choice((0, dice.uniform(-30, 30))) * 3600)
            outcome.jumps += 1
        side = dice.choice(SIDES)
        victims = SIDES if dice.random() < 0.1 else (side,)
        wants_inside = dice.random() < _INSIDE_SHARE or outcome.inside < 0.55 * outcome.kills
        aims = [_aim(dice, wants_inside) for _ in victims]
        hits = await asyncio.gather(*(pair.at[who].kill(**aim) for who, aim in zip(victims, aims, strict=True)))
        for who in victims:
            await pair.at[who].start()
        outcome.kills += len(hits)
        outcome.inside += sum(hits)
        if dice.random() < 0.35:  # else the next blow falls while this one heals
            await asyncio.sleep(dice.random() * 1.5)


def _aim(dice: random.Random, inside: bool) -> dict[str, Any]:
    if inside:
        return {"more": dice.choice((1, 3, 10, 30, 60)), "within_s": 1.5, "share": dice.random()}
    return {"within_s": dice.choice((0.02, 0.1, 0.3, 0.6)) * dice.random()}


async def _links(grounds: Grounds, outcome: Outcome, dice: random.Random) -> None:
    link = dice.choice(grounds.links)
    chance = dice.random()
    if chance < 0.12:
        await link.cut()
        outcome.cuts += 1
    elif chance < 0.2:
        link.blackhole()
        outcome.cuts += 1
    elif chance < 0.5:
        await link.heal()


def run(*, seed: int, kills: int, limit_s: float, files: float = 0.0, broken: str = "") -> Outcome:
    """Tell one story in a folder of its own, kept if a promise did not hold."""
    # On a disk: half of the kills fall into a commit, which in memory is over before one can.
    root = Path(tempfile.mkdtemp(prefix=f"parley-kills-{seed}-", dir=_DISK if os.access(_DISK, os.W_OK) else None))
    outcome = asyncio.run(tell_story(root, seed=seed, kills=kills, limit_s=limit_s, files=files, broken=broken))
    print(outcome, file=sys.stderr)
    if outcome.faults and not broken:
        print(f"everything is kept in {root}", file=sys.stderr)
    else:
        shutil.rmtree(root, ignore_errors=True)
    return outcome
