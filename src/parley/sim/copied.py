"""A copy of the side's machine that has signed too: another end of one of its logs, brought to the other side by hand.

Owns: that lie. Does not own: what both operators do afterwards (epoch_acts.py).
Always true: 1. The side itself goes on in good faith; whoever has the copy has its keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.line.frames import Head, Run, write_run
from parley.link import Lane
from parley.record import notes
from parley.record.names import LogId
from parley.record.tree import Frontier, leaf_hash
from parley.sim.sticks import ROUTE

if TYPE_CHECKING:
    from parley.sim.node import SimNode
    from parley.sim.world import World

_PAUSE_S = 1.0


def speak_at(world: World, node: SimNode, channel: str, at_s: float) -> None:
    """At some time let a copy of `node` sign another last entry of its log in a channel, and the other side read it."""

    def speak() -> None:
        peer = world.peer(node)
        log = max((log for log in peer.store.logs() if (log.channel, log.side) == (channel, node.side)), default=None)
        if world.healing:
            return
        shown = world.meter.count("kind", "message.acknowledged")  # the line may be dead afterwards, until new words
        if log is None or peer.store.size(log) < 2 or not peer.running or not shown:
            world.schedule.after(_PAUSE_S, speak)
            return
        node.honest, node.forks = False, True
        peer.heard(f"{ROUTE}copy", Lane.ORDINARY, _other_end(node, peer, log))
        world.meter.met("lie", "copied")
        world.tell(f"a copy of {node.side} has signed another end of {log.text}")

    world.schedule.at(at_s, speak)


def _other_end(node: SimNode, peer: SimNode, log: LogId) -> bytes:
    leaves = [*peer.store.leaves(log, 0, peer.store.size(log) - 1), b"said by a copy"]
    frontier = Frontier()
    frontier.extend(map(leaf_hash, leaves))
    identity = node.keys.identity
    origin = notes.origin(identity.ours.domain, identity.line, log)
    signature = notes.sign_checkpoint(node.keys.log, origin, frontier.size, frontier.root())
    head = Head(log=log, size=frontier.size, root=frontier.root(), signature=signature)
    return write_run(Run(head=head, first=len(leaves) - 1, proof=(), leaves=(leaves[-1],)))
