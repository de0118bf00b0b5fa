"""A stick: what one node has for the other, written to a file, carried by hand and taken in, whatever the links do.

Owns: when somebody carries, what the file holds, how it is taken in.
Does not own: the sealing of the file (node/carry.py; here it is never opened by anybody else).
Always true:
  1. A file is taken in frame by frame by the same core as any frame of a link, once, twice, late or out of turn.
  2. A file that crosses a restore is thrown away: docs/limits.md says what it may do.
  3. A file signed with keys that were replaced since, or sealed to such, is not taken in, as node/carry.py has it; one
     sealed to keys that only it may put in force is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from parley.identity import Party
from parley.link import Lane
from parley.sim.dice import Dice

if TYPE_CHECKING:
    from parley.sim.node import SimNode
    from parley.sim.world import World

ROUTE: Final = "stick-"  # a file's name stands where a link's would


@dataclass(frozen=True, kw_only=True)
class Stick:
    """One file, sealed to the other side."""

    name: str
    frames: tuple[bytes, ...]
    losses: int  # restores in this world before it was written
    signed: Party  # whose keys
    sealed: Party  # to whose keys


def carry(world: World, writer: SimNode, dice: Dice) -> None:
    """Write a file for the other side and let it arrive after a while, sometimes twice."""
    core = writer.core
    if core is None or world.healing:
        return
    whole = dice.chance(0.2)
    frames = tuple(core.carried(whole=whole))
    for frame in frames:
        world.watcher.sent(writer, frame)
    identity = writer.keys.identity
    stick = Stick(
        name=f"{ROUTE}{dice.randint(0, 2**32)}", frames=frames, losses=world.losses,
        signed=identity.ours, sealed=identity.theirs,
    )  # fmt: skip
    world.meter.met("trouble", "stick written")
    world.tell(f"{writer.side} writes {stick.name}: {len(frames)} frames{', everything' if whole else ''}")
    for _ in range(2 if dice.chance(0.3) else 1):
        world.schedule.after(dice.spread(0.05, 25.0), lambda: _take_in(world, world.peer(writer), stick))


def _take_in(world: World, reader: SimNode, stick: Stick) -> None:
    identity = reader.keys.identity
    ended = any(each.party == stick.sealed for each in identity.formers(reader.side))
    if reader.running and (ended or identity.theirs != stick.signed):
        world.meter.met("trouble", "stick under former keys")
        world.tell(f"{stick.name} is refused at {reader.side}: keys were replaced since")
        return
    if not reader.running or world.losses != stick.losses:
        world.tell(f"{stick.name} is not taken in at {reader.side}")
        return
    world.meter.met("trouble", "stick taken in")
    world.tell(f"{reader.side} takes in {stick.name}")
    for frame in stick.frames:
        reader.heard(stick.name, Lane.ORDINARY, frame)
