"""After a copy of a machine has signed too, both operators go on: whole worlds, with cuts, crashes and bad disks."""

from __future__ import annotations

import pytest

from parley.sim.copied import speak_at
from parley.sim.trouble import Plan
from parley.sim.world import World

_AT_S = 12.0


def copied(channel: str) -> Plan:
    """A plan in which a copy of South's machine signs another last entry of a log, and a stick brings that to North."""
    return Plan(
        lasts_s=45.0, restore=0.0, anchor_lost=0.0,
        script=lambda world: speak_at(world, world.nodes["south"], channel, _AT_S),
    )  # fmt: skip


@pytest.mark.parametrize("channel", ["leaders", "line"])
def test_a_copied_machine_leaves_a_line_that_goes_on(channel: str) -> None:
    """South's words are taken in again, under all the trouble of an ordinary bad day, and both fold them alike."""
    world = World(3, copied(channel), keep=True)
    result = world.run()
    assert result.held, result.sentence
    assert world.meter.count("lie", "copied") == 1 and world.meter.count("renewed", "gone on") >= 1
    north, south = world.nodes["north"], world.nodes["south"]
    newest = max(log for log in south.store.logs() if (log.channel, log.side) == (channel, "south"))
    assert north.store.size(newest) == south.store.size(newest) == north.store.folded(newest) > 1
