"""After a copy of a machine has signed too, both operators go on: whole worlds, with cuts, crashes and bad disks."""

from __future__ import annotations

import pytest

from parley.line.frames import Head, Run, write_run
from parley.link import Lane
from parley.record import notes
from parley.record.names import LogId
from parley.record.tree import Frontier, leaf_hash
from parley.sim.sticks import ROUTE
from parley.sim.trouble import Plan
from parley.sim.world import World

_AT_S = 12.0


def copied(channel: str) -> Plan:
    """A plan in which a copy of South's machine signs another last entry of a log, and a stick brings that to North."""

    def speak(world: World) -> None:
        north, south = world.nodes["north"], world.nodes["south"]
        logs = [log for log in north.store.logs() if (log.channel, log.side) == (channel, "south")]
        log = max(logs, default=None)
        if log is None or north.store.size(log) < 2 or not north.running:
            world.schedule.after(1.0, lambda: speak(world))
            return
        south.honest, south.forks = False, True  # whoever else has its keys
        north.heard(f"{ROUTE}copy", Lane.ORDINARY, _other_end(world, log))
        world.meter.met("lie", "copied")

    return Plan(
        lasts_s=45.0, restore=0.0, anchor_lost=0.0, script=lambda world: world.schedule.at(_AT_S, lambda: speak(world))
    )


def _other_end(world: World, log: LogId) -> bytes:
    north, south = world.nodes["north"], world.nodes["south"]
    leaves = [*north.store.leaves(log, 0, north.store.size(log) - 1), b"said by a copy"]
    frontier = Frontier()
    frontier.extend(map(leaf_hash, leaves))
    identity = south.keys.identity
    origin = notes.origin(identity.ours.domain, identity.line, log)
    signature = notes.sign_checkpoint(south.keys.log, origin, frontier.size, frontier.root())
    head = Head(log=log, size=frontier.size, root=frontier.root(), signature=signature)
    return write_run(Run(head=head, first=len(leaves) - 1, proof=(), leaves=(leaves[-1],)))


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
