"""A whole world from one seed: two nodes, their links, disks, people and troubles on one virtual clock.

Owns: putting the parts together, the two phases (trouble, then healing), and the result.
Does not own: any rule of Parley; those are in the real core, book and store that the nodes run.
Always true:
  1. The same seed, plan and builds give the same world.
  2. A world ends in a `Result`, whatever happens in it: a broken promise is a result too.
Read first: docs/simulation.md.
"""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field

from parley.errors import OurMistake, ensure
from parley.line import Authored, Fault
from parley.link import Thin
from parley.sim import hostile, rest, trouble
from parley.sim.build import HONEST, Build
from parley.sim.checkers import URGENT_LIMIT_S, Watcher
from parley.sim.clients import Clients
from parley.sim.dice import Dice
from parley.sim.links import LinkEnd, LinkNature, SimLink
from parley.sim.meter import Meter, PromiseBroken, Story
from parley.sim.node import SimNode
from parley.sim.schedule import Schedule
from parley.sim.trouble import Plan

SIDES = ("north", "south")


@dataclass(kw_only=True)
class Result:
    """What became of one seed."""

    seed: int
    promise: int | None  # the number of the broken promise; None if all held; 0 a fault of the program
    sentence: str
    counts: Counter[tuple[str, str]]
    authored: dict[str, int]
    healed_s: float
    story: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """True if every promise held."""
        return self.promise is None


class World:
    """Two nodes and everything between them."""

    def __init__(self, seed: int, plan: Plan, *, builds: dict[str, Build] | None = None, keep: bool = False) -> None:
        self.seed = seed
        self.plan = plan
        self.schedule = Schedule()
        self.meter = Meter()
        self.story = Story(keep)
        self.watcher = Watcher(self.meter, lambda: self.schedule.now)
        self.healing = False
        self.losses = 0  # disks put back so far
        self.disturbances: dict[str, float] = {}
        chosen = builds or {}
        lie = hostile.lie_of(plan.hostile)
        self.nodes: dict[str, SimNode] = {}
        for side in SIDES:
            build = chosen.get(side, HONEST)
            lies = lie is not None and side == hostile.LIAR
            if build.rules_known != HONEST.rules_known:
                self.meter.met("trouble", "two versions of the rules")
            self.nodes[side] = SimNode(self, side, build, honest=not lies)
        self.watcher.nodes.update(self.nodes)
        self.links = [self._new_link(name) for name in plan.links]
        self.clients = Clients(self)
        if lie is not None:
            lie(self, self.nodes[hostile.LIAR])

    def _new_link(self, name: str) -> SimLink:
        dice = Dice(self.seed, "link", name)
        nature = LinkNature(
            delay_s=dice.spread(0.001, 0.15), jitter_s=dice.spread(0.0005, 0.05), bytes_per_s=dice.spread(2e5, 2e7)
        )
        if name in self.plan.thin:
            thin = Thin(dice.choice((2_400, 9_600, 64_000)))
            nature = LinkNature(delay_s=dice.uniform(0.2, 0.7), jitter_s=0.05, bytes_per_s=thin.bytes_s, thin=thin)
            self.meter.met("trouble", "a thin link")
        ends = {
            side: LinkEnd(came_up=node.link_up, went_down=node.link_down, frame=node.heard)
            for side, node in self.nodes.items()
        }
        return SimLink(name, self.schedule, dice, nature, ends)

    # --- small questions ----------------------------------------------------------------------------------------

    def link(self, name: str) -> SimLink:
        """Give a link by its name."""
        found = next((link for link in self.links if link.name == name), None)
        if found is None:
            raise OurMistake("bug.link", f"a core sends to a link that does not exist: {name}")
        return found

    def peer(self, node: SimNode) -> SimNode:
        """Give the other node."""
        return next(other for other in self.nodes.values() if other is not node)

    def tell(self, text: str) -> None:
        """Add to the story."""
        self.story.tell(self.schedule.now, text)

    def disturbed(self, part: str) -> None:
        """Note that something happened to a node or a link: urgent traffic is judged by calm stretches only."""
        self.disturbances[part] = self.schedule.now

    def fault(self, node: SimNode, fault: Fault) -> None:
        """A node says that its peer broke the protocol: against an honest peer that is a fault of our own."""
        self.tell(f"{node.side} names a fault: {fault.code}: {fault.sentence}")
        peer = self.peer(node)
        if peer.honest and node.honest and not (peer.build.lies or node.build.lies):
            raise PromiseBroken(0, f"{node.side} accuses its honest peer: {fault.code}: {fault.sentence}")

    def urgent_told(self, node: SimNode, told: Authored) -> None:
        """A FLASH or IMMEDIATE is on its author's disk: promise 8 says when the other side has it, in calm."""
        began = self.schedule.now
        wide = [link for link in self.links if link.nature.thin is None]
        calm = [link for link in wide if link.up and link.stalled_until <= began]
        if node.honest and calm and all(self._sound(one, began) for one in self.nodes.values()):
            self.schedule.after(URGENT_LIMIT_S, lambda: self._urgent_due(node, told, began, calm))

    def _sound(self, node: SimNode, since: float) -> bool:
        """True if a node runs, and nothing has happened to it or its disk for a while."""
        disk = node.disk
        return (
            node.running
            and node.signing != "read-only"
            and self.disturbances.get(node.side, -10.0) < since - 0.5
            and max(disk.slow_until, disk.full_until) < since
        )

    def _urgent_due(self, node: SimNode, told: Authored, began: float, links: list[SimLink]) -> None:
        if (told.log, told.number) in self.watcher.ahead:
            self.meter.met("urgent", "in time")
            return
        peer = self.peer(node)
        calm = any(link.up and self.disturbances.get(link.name, -10.0) < began for link in links)
        if calm and all(self._sound(one, began) for one in (node, peer)) and not self.healing:
            there = peer.store.size(told.log) > told.number
            where = "is on the other disk but nobody there was told" if there else "is not on the other disk"
            raise PromiseBroken(
                8, f"{told.log.text}/{told.number} is urgent and {where} {URGENT_LIMIT_S} s after it was stored"
            )
        self.meter.met("urgent", "late in trouble")

    # --- trouble ------------------------------------------------------------------------------------------------

    def cut(self, link: SimLink, refused: bool, lasts_s: float) -> None:
        """Cut a link for a while."""
        if link.broken or self.healing:
            return
        self.meter.met("trouble", "cut refused" if refused else "cut vanished")
        self.tell(f"{link.name} is cut for {lasts_s:.1f} s ({'refused' if refused else 'vanishes'})")
        self.disturbed(link.name)
        link.cut(refused=refused)
        self.schedule.after(lasts_s, lambda: self.mend(link))

    def mend(self, link: SimLink) -> None:
        """Let a link pass again."""
        if link.broken:
            self.tell(f"{link.name} passes again")
            self.disturbed(link.name)
            link.mend()

    def stall(self, link: SimLink, lasts_s: float) -> None:
        """Hold a link's frames for a while."""
        if link.broken or self.healing:
            return
        self.meter.met("trouble", "stall")
        self.tell(f"{link.name} stalls for {lasts_s:.1f} s")
        self.disturbed(link.name)
        link.stall(lasts_s)
        self.schedule.after(lasts_s, lambda: self.disturbed(link.name))

    def crash(self, node: SimNode, why: str, *, back: bool = True, power: bool = True) -> None:
        """Let a node die, and come back after its time away unless not `back`."""
        if not node.running:
            return
        self.meter.met("trouble", "crash")
        self.disturbed(node.side)
        node.crash(why, power=power)
        if node.loses_anchor:
            node.loses_anchor = False
            node.anchor = None
            self.watcher.after_loss(node.side, None)
            self.meter.met("trouble", "anchor lost")
            self.tell(f"{node.side}'s second place is lost")
        if back:
            self.schedule.after(node.away_s, lambda: self.start(node))

    def start(self, node: SimNode) -> None:
        """Start a node's program, if it is not running."""
        if not node.running:
            if node.put_back:
                node.put_back = False
                trouble.compare_anew(node, self.peer(node))
            self.disturbed(node.side)
            self.tell(f"{node.side} starts")
            node.start()

    # --- the run ------------------------------------------------------------------------------------------------

    def run(self) -> Result:
        """Live through the plan: trouble, then healing, then the last checks."""
        promise: int | None = None
        sentence = "every promise held"
        healed_s = -1.0
        try:
            self._begin()
            self.schedule.run_until(self.plan.lasts_s)
            trouble.top_up(self, self.plan)
            self.meter.met("hostile", self.plan.hostile or "nobody")
            self._heal()
            healed_s = rest.wait_until_at_rest(self)
            rest.check_all(self)
        except PromiseBroken as broken:
            promise, sentence = broken.promise, broken.sentence
            self.tell(f"BROKEN: promise {promise}: {sentence}")
        except Exception as fault:  # the boundary of a world: whatever its program does is a result
            promise = 0
            sentence = f"the program failed: {type(fault).__name__}: {fault}"
            self.tell("".join(traceback.format_exception(fault)[-6:]))
        return Result(
            seed=self.seed,
            promise=promise,
            sentence=sentence,
            counts=self.meter.counts,
            authored=self.clients.told_counts(),
            healed_s=healed_s,
            story=self.story.lines if self.story.keep else self.story.last(),
        )

    def _begin(self) -> None:
        for link in self.links:
            link.broken = False
        for node in self.nodes.values():
            self.start(node)
        trouble.arrange(self, self.plan)
        self.clients.begin()

    def _heal(self) -> None:
        """All trouble ends: links mended, disks sound, nodes running, clocks right, people silent, peers truthful."""
        self.tell("the trouble is over")
        self.healing = True
        self.clients.stop()
        for node in self.nodes.values():
            node.crash_after = None
            node.crash_in_commit = False
            node.disk.full_until = node.disk.slow_until = self.schedule.now
            node.disk.fail_next = None
            node.stop_lying()
            self.start(node)
        for link in self.links:
            self.mend(link)
        ensure(all(node.running for node in self.nodes.values()), "a node did not start")
