"""What goes wrong in a world, and when: one list, drawn from the seed before the world starts.

Owns: every kind of trouble and how often it comes.
Does not own: what a cut or a crash does (links.py, disk.py, node.py).
Always true:
  1. Every world has at least 10 cuts, 3 crashes and 1 disk fault (issue: figures), spread over its troubled time.
  2. A disk is put back to an old backup only while the other side still holds what that backup lacks, or with the
     anchor kept: what neither disk nor anchor knows any more is outside the promise (DESIGN 2.5, docs/limits.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from parley.sim.dice import Dice
from parley.sim.keys import later_in
from parley.sim.sticks import carry

if TYPE_CHECKING:
    from parley.sim.node import SimNode
    from parley.sim.world import World

IN_COMMIT = -1
DISK_FAULTS = {
    "clean": "commit fails",
    "silent": "commit lands and says it failed",
    "full": "disk full",
    "slow": "disk slow",
}


@dataclass(kw_only=True)
class Plan:
    """How much of each trouble a world gets. The defaults are an ordinary bad day."""

    lasts_s: float = 50.0
    heal_s: float = 90.0
    links: tuple[str, ...] = ("cable", "radio")
    thin: tuple[str, ...] = ()  # those of them that carry little, and are stated so
    cuts: tuple[int, int] = (10, 18)
    blackouts: tuple[int, int] = (1, 3)
    stalls: tuple[int, int] = (2, 6)
    crashes: tuple[int, int] = (3, 6)
    disk_faults: tuple[int, int] = (1, 4)
    entries_min: int = 100  # entries that each side's people are told of
    rounds_max: int = 120  # of two seconds in which what is still missing is made good; then the world fails
    clock_jumps: tuple[int, int] = (0, 3)
    sticks: tuple[int, int] = (0, 3)  # files carried by hand
    restore: float = 0.35  # probability that a node is put back to an old backup
    restore_again: float = 0.2  # and that it, or the other, is put back once more
    restore_both: float = 0.1  # and that the other is put back in the same minute
    anchor_lost: float = 0.15  # probability that a crash also loses the second place
    hostile: str | None = None  # a name in hostile.LIES; the side that lies is south
    wishes_per_s: float = 2.6
    script: Callable[[World], None] | None = None  # a named scenario adds its own events
    notes: list[str] = field(default_factory=list)


def arrange(world: World, plan: Plan) -> None:
    """Put all trouble of a world on its schedule."""
    dice = Dice(world.seed, "trouble")
    _links(world, plan, dice)
    _nodes(world, plan, dice)
    _disks(world, plan, dice)
    _sticks(world, plan)
    if plan.script is not None:
        plan.script(world)


def top_up(world: World, plan: Plan) -> None:
    """Go on until the world has had its least of everything: what is drawn may fall on what is down already."""
    dice = Dice(world.seed, "top up")
    for _ in range(plan.rounds_max):
        short = _short(world, plan)
        if not short:
            return
        if "cut" in short:
            world.cut(dice.choice(world.links), dice.chance(0.5), 0.4)
        if "crash" in short:
            crash_soon(world, dice.choice(list(world.nodes.values())), dice.randint(-1, 6), 0.4, False)
        if "disk" in short:
            disk_fault(world, dice.choice(list(world.nodes.values())), dice.choice(("clean", "silent")), 0.0)
        world.schedule.run_until(world.schedule.now + 2.0)


def _short(world: World, plan: Plan) -> set[str]:
    """Name what a world has not had enough of."""
    met = world.meter.group("trouble")
    short = set()
    if met.get("cut refused", 0) + met.get("cut vanished", 0) < plan.cuts[0]:
        short.add("cut")
    if met.get("crash", 0) < plan.crashes[0]:
        short.add("crash")
    if sum(met.get(name, 0) for name in DISK_FAULTS.values()) < plan.disk_faults[0]:
        short.add("disk")
    if min(world.clients.told_counts().values()) < plan.entries_min:
        short.add("entries")
    if world.meter.count("kind", "message.acknowledged") == 0:
        short.add("acknowledged")
    return short


def _times(plan: Plan, dice: Dice, count: tuple[int, int]) -> list[float]:
    low, high = count
    return sorted(dice.uniform(0.3, plan.lasts_s) for _ in range(dice.randint(low, high)))


def _links(world: World, plan: Plan, dice: Dice) -> None:
    for at in _times(plan, dice, plan.cuts):
        link = dice.choice(world.links)
        refused, lasts_s = dice.chance(0.5), dice.spread(0.2, 8.0)
        world.schedule.at(at, lambda link=link, refused=refused, s=lasts_s: world.cut(link, refused, s))  # type: ignore[misc]
    for at in _times(plan, dice, plan.blackouts):
        lasts_s = dice.spread(0.5, 10.0)
        for link in world.links:
            later = at + dice.random() * 0.2
            world.schedule.at(later, lambda link=link, s=lasts_s: world.cut(link, refused=False, lasts_s=s))  # type: ignore[misc]
    for at in _times(plan, dice, plan.stalls):
        link, lasts_s = dice.choice(world.links), dice.spread(0.1, 2.5)
        world.schedule.at(at, lambda link=link, s=lasts_s: world.stall(link, s))  # type: ignore[misc]


def _sticks(world: World, plan: Plan) -> None:
    dice = Dice(world.seed, "sticks")
    for at in _times(plan, dice, plan.sticks):
        writer = dice.choice(list(world.nodes.values()))
        world.schedule.at(at, lambda n=writer: carry(world, n, dice))  # type: ignore[misc]


def _nodes(world: World, plan: Plan, dice: Dice) -> None:
    nodes = list(world.nodes.values())
    for at in _times(plan, dice, plan.crashes):
        node, away_s = dice.choice(nodes), dice.spread(0.1, 5.0)
        effects = dice.choice((0, IN_COMMIT, IN_COMMIT, dice.randint(1, 12), dice.randint(1, 12)))
        loses = dice.chance(plan.anchor_lost)
        world.schedule.at(at, lambda n=node, e=effects, s=away_s, lost=loses: crash_soon(world, n, e, s, lost))  # type: ignore[misc]
        if dice.chance(0.15):  # a power cut that takes both sites
            other = world.peer(node)
            world.schedule.at(at + dice.random(), lambda n=other, s=away_s: crash_soon(world, n, 0, s, False))  # type: ignore[misc]
    for at in _times(plan, dice, plan.clock_jumps):
        node = dice.choice(nodes)
        jump_ms = int(dice.choice((-1, 1)) * dice.spread(500, 3 * 86_400_000))
        world.schedule.at(at, lambda n=node, ms=jump_ms: jump(world, n, ms))  # type: ignore[misc]
    if dice.chance(plan.restore):
        node = dice.choice(nodes)
        put_back = _restore_at(world, plan, dice, node, after=1.0)
        if dice.chance(plan.restore_both):
            other = world.peer(node)
            world.schedule.at(dice.uniform(1.0, put_back - 0.5), lambda: backup(world, other))
            world.schedule.at(
                put_back + dice.uniform(-0.4, 0.8), lambda: restore(world, other, copied=True, anchor=True)
            )
        elif dice.chance(plan.restore_again):
            _restore_at(world, plan, dice, dice.choice(nodes), after=put_back)


def _restore_at(world: World, plan: Plan, dice: Dice, node: SimNode, *, after: float) -> float:
    """Let a node be backed up, and put back to that later; gives when."""
    taken = dice.uniform(after, after + (plan.lasts_s - after) * 0.6)
    put_back = dice.uniform(taken + 1.0, plan.lasts_s)
    copied, keeps = dice.chance(0.5), dice.chance(0.7)
    world.schedule.at(taken, lambda: backup(world, node))
    world.schedule.at(put_back, lambda: restore(world, node, copied=copied, anchor=keeps))
    return put_back


def _disks(world: World, plan: Plan, dice: Dice) -> None:
    nodes = list(world.nodes.values())
    for at in _times(plan, dice, plan.disk_faults):
        node = dice.choice(nodes)
        kind = dice.choice(("clean", "silent", "full", "slow"))
        lasts_s = dice.spread(0.3, 6.0)
        world.schedule.at(at, lambda n=node, k=kind, s=lasts_s: disk_fault(world, n, k, s))  # type: ignore[misc]


def crash_soon(world: World, node: SimNode, effects: int, away_s: float, loses_anchor: bool) -> None:
    """Let a node die after some more effects (0: at once; IN_COMMIT: in its next commit) and come back."""
    node.away_s = away_s
    node.loses_anchor = loses_anchor
    if effects == IN_COMMIT and node.running:
        node.crash_in_commit = True
    elif effects and node.running:
        node.crash_after = effects
    else:
        world.crash(node, "power cut")


def jump(world: World, node: SimNode, by_ms: int) -> None:
    """Somebody sets a node's calendar."""
    node.clock_ahead_ms += by_ms
    world.meter.met("trouble", "clock jumps forward" if by_ms > 0 else "clock jumps back")
    world.tell(f"{node.side}'s clock jumps by {by_ms / 1000:.1f} s")


def backup(world: World, node: SimNode) -> None:
    """Take a backup of a node's disk; the anchor is not in it."""
    node.backups.append(node.disk.backup())
    world.meter.met("trouble", "backup")
    world.tell(f"{node.side} is backed up")


def restore(world: World, node: SimNode, *, copied: bool, anchor: bool) -> None:
    """Put a node's disk back to its last backup.

    Args:
        copied: The files were copied under the program (a snapshot of a virtual machine), so the store believes to be
            the one it was; otherwise it was restored by `parley backup` and knows.
        anchor: The second place is kept; otherwise it is lost with the machine.
    """
    if not node.backups:
        return
    # Nobody puts a disk back within the second that a power cut takes from the second place: that would lose both.
    world.crash(node, "its disk is put back", back=False, power=False)
    world.losses += 1
    world.watcher.before_restore(node)
    node.disk.restore(node.backups[-1], copied=copied)
    if not anchor:
        node.anchor = None
    world.watcher.after_restore()
    for one in world.nodes.values():
        world.watcher.after_loss(one.side, one.anchor)
    how = ("copied" if copied else "restored") + (", anchor kept" if anchor else ", anchor lost")
    world.meter.met("trouble", f"old backup {how}")
    world.tell(f"{node.side}'s disk is put back to an old backup ({how})")
    node.put_back = True
    world.schedule.after(1.0, lambda: world.start(node))


def compare_anew(node: SimNode, peer: SimNode) -> None:
    """A card that is in force at one side alone, its confirmation lost with the disk, would leave the line dead.

    No program may undo that by itself, for old keys may be stolen keys; the two operators compare words (`refound`).
    What they pin holds for as much of each log as this disk holds, as the command has it.
    """
    there = later_in(peer.side, peer.later, peer.store)
    here = {one.card.digest for one in later_in(node.side, node.later, node.store)}
    node.later = [one for one in node.later if one.card.digest in {other.card.digest for other in there}]
    held = {log: node.store.size(log) for log in node.store.logs()}
    for one in there:
        if one.card.digest not in here:
            heads = {log.text: size for log, size in held.items() if log.side == one.card.party.side and size}
            node.later.append(replace(one, heads=heads, how="compared"))
            node.world.meter.met("trouble", "cards compared anew")


def disk_fault(world: World, node: SimNode, kind: str, lasts_s: float) -> None:
    """Let a node's disk fail once, fill up, or crawl."""
    disk, now = node.disk, world.schedule.now
    if kind == "full":
        disk.full_until = now + lasts_s
    elif kind == "slow":
        disk.slow_until = now + lasts_s
    else:
        disk.fail_next = kind
    world.disturbed(node.side)
    world.meter.met("trouble", DISK_FAULTS[kind])
    world.tell(f"{node.side}'s disk: {kind} for {lasts_s:.1f} s")
