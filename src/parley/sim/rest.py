"""Healing: both nodes come to rest in bounded virtual time, and then everything both hold is the same.

Owns: when a world counts as at rest; the checks that need rest (promises 3, 5, 6, 7 and convergence).
Does not own: the checks at every step (checkers.py).
Always true: the limit is virtual time; how long the machine took plays no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley import limits
from parley.line import BookReader, Roots
from parley.record import LogId
from parley.sim.dice import Dice
from parley.sim.meter import PromiseBroken
from parley.storage import EntryRow, Store
from parley.storage.memory import MemoryStore
from parley.subjects import Book

if TYPE_CHECKING:
    from parley.sim.world import World

_STEP_S = 1.0


def wait_until_at_rest(world: World) -> float:
    """Let virtual time pass until both nodes hold the same and every head is signed by all four keys.

    Returns: how many seconds that took.
    Raises: PromiseBroken (3) if it takes longer than the plan allows.
    """
    began = world.schedule.now
    while True:
        world.schedule.run_until(world.schedule.now + _STEP_S)
        missing = unrest(world)
        passed = world.schedule.now - began
        if missing is None:
            world.tell(f"at rest after {passed:.1f} s")
            return passed
        if passed >= world.plan.heal_s:
            number = 7 if world.plan.hostile else 3  # what a liar left behind must not jam the line
            raise PromiseBroken(number, f"{passed:.0f} s after the trouble ended the two nodes do not agree: {missing}")


def unrest(world: World) -> str | None:
    """Say what still keeps the world from rest, or None."""
    north, south = world.nodes["north"], world.nodes["south"]
    forking = hostile_side(world)
    for node in (north, south):
        if node.disk.busy:
            return f"{node.side} is still storing"
        if node.signing != "ok" and node.side != forking:
            return f"{node.side} may not sign: {node.signing}"
    logs = sorted(set(north.store.logs()) | set(south.store.logs()))
    for log in logs:
        if log.side == forking or _hidden_tail(world, log):
            continue
        sizes = north.store.size(log), south.store.size(log)
        if sizes[0] != sizes[1]:
            return f"{log.text}: north holds {sizes[0]}, south holds {sizes[1]}"
        for node in (north, south):
            if node.side == forking:
                continue
            lacking = unsigned(node.store, log)
            if lacking:
                return f"{node.side} lacks {lacking} of {log.text} at {sizes[0]}"
            if node.store.folded(log) != sizes[0] and not forking and (node.honest or not _jams_itself(world)):
                return f"{node.side} has folded {node.store.folded(log)} of {sizes[0]} entries of {log.text}"
    return None


def hostile_side(world: World) -> str | None:
    """Give the side whose own logs need not come to rest: one that forked its own history."""
    return next((node.side for node in world.nodes.values() if node.forks), None)


def _jams_itself(world: World) -> bool:
    """True if the liar has named entries that will never be: its own book waits for them, ours knows better."""
    return world.meter.count("bad speech", "past beyond") > 0


def _hid_something(world: World) -> bool:
    """True if the liar has denied, signed, what its own entries or its own old frames say: that cannot be made one.

    It left out part of a tail, or played frames from before its restore again after it had given that part up.
    """
    meter = world.meter
    restored = any(name.startswith("old backup") for name in meter.group("trouble"))
    return meter.count("lie", "short tail") > 0 or (restored and meter.count("lie", "replay") > 0)


def _hidden_tail(world: World, log: LogId) -> bool:
    """True for an old epoch whose tail a lying peer has kept back: a lost tail, found later, and not a fork."""
    if world.plan.hostile is None:
        return False
    later = any(
        other.channel == log.channel and other.side == log.side and other.epoch > log.epoch
        for node in world.nodes.values()
        for other in node.store.logs()
    )
    return later and world.nodes[log.side].store.size(log) < world.peer(world.nodes[log.side]).store.size(log)


def unsigned(store: Store, log: LogId) -> str | None:
    """Give the first kind of signature that does not reach the end of a log, or None."""
    size = store.size(log)
    for kind in ("own-ed", "co-ed", "own-pq", "co-pq"):
        row = store.newest_signature(log, kind)
        if row is None or row.size != size:
            return kind
    return None


def check_all(world: World) -> None:
    """Check everything that must be so once both nodes rest."""
    _same_record(world)
    _nothing_told_is_lost(world)
    for node in world.nodes.values():
        if node.honest:
            world.watcher.kept.at_rest(node)
    if hostile_side(world) is None and not _jams_itself(world) and not _hid_something(world):
        _same_views(world)
    _not_idle(world)


def _same_record(world: World) -> None:
    north, south = (world.nodes[side].store for side in ("north", "south"))
    for log in sorted(north.logs(), key=lambda log: (log.channel != "line", log)):  # what others rest on first
        if log.side == hostile_side(world) or _hidden_tail(world, log):
            continue
        size = north.size(log)
        if north.ids(log, 0, size) != south.ids(log, 0, size):
            raise PromiseBroken(3, f"{log.text}: the two nodes hold different entries")
        history = world.watcher.histories.of(log)
        if world.nodes[log.side].honest and north.ids(log, 0, size) != history.ids[:size]:
            raise PromiseBroken(5, f"{log.text}: what both hold is not what its author signed")
        if hostile_side(world) is None and not _hid_something(world):
            _same_judgement(north, south, log)


def _same_judgement(north: Store, south: Store, log: LogId) -> None:
    """Promise 6, entry by entry, as far as both have folded."""
    both = min(north.folded(log), south.folded(log))
    if north.folds(log, 0, both) != south.folds(log, 0, both):
        raise PromiseBroken(
            6, f"{log.text}: the two nodes judged an entry differently: {_difference(north, south, log)}"
        )


def _difference(one: Store, other: Store, log: LogId) -> str:
    for mine, theirs in zip(one.folds(log, 0, one.size(log)), other.folds(log, 0, one.size(log)), strict=False):
        if mine != theirs:
            words = (f"{row.verdict} ({row.reason}) turn {row.turn}" for row in (mine, theirs))
            return f"{mine.number} {mine.kind}: " + " / ".join(words)
    return "the number of entries"


def _nothing_told_is_lost(world: World) -> None:
    for told in world.watcher.told.values():
        if told.excused:
            continue
        for node in world.nodes.values():
            if told.log.side == hostile_side(world):
                continue
            if node.store.ids(told.log, told.number, 1) != [told.id]:
                raise PromiseBroken(
                    3, f"{node.side} has not got {told.log.text}/{told.number}, which its author was told is safe"
                )


def _same_views(world: World) -> None:
    """Promise 6: the same digest from the books as they grew, and from a book that folds everything afresh."""
    north, south = world.nodes["north"], world.nodes["south"]
    books = [node.book for node in (north, south)]
    digests = [book.digest(book.cut()) for book in books if book is not None]
    if digests[0] != digests[1]:
        raise PromiseBroken(6, "the two nodes hold the same entries and see different views")
    dice = Dice(world.seed, "afresh")
    if fresh_digest(north.store, "north", dice, rules_known=north.build.rules_known) != digests[0]:
        raise PromiseBroken(6, "folding everything afresh, in another order, gives other views")


def fresh_digest(store: Store, side: str, dice: Dice, *, rules_known: int) -> str:
    """Fold all entries of a store into an empty one, the logs interleaved by chance, and give the digest."""
    other = {"north": "south", "south": "north"}[side]
    line = _line_of(store)
    empty = MemoryStore()
    roots = Roots(empty)
    book = Book(side, other, line, BookReader(empty, roots), rules_known=rules_known)
    left = {log: 0 for log in store.logs() if store.size(log)}
    while left:
        log = dice.choice(sorted(left))
        first, size = left[log], store.size(log)
        count = min(dice.randint(1, 20), size - first)
        leaves, ids = store.leaves(log, first, count), store.ids(log, first, count)
        roots.grow(log, empty.frontier(log), ids)
        rows: list[EntryRow] = []
        for offset, (leaf, identity) in enumerate(zip(leaves, ids, strict=True)):
            book.take(log, first + offset, leaf, identity)
            rows.append(EntryRow(log, first + offset, identity, leaf))
        empty.commit([*rows, *book.fold(), *book.index()])
        roots.settled(log, first + count)
        book.settled(log, first + count)
        left[log] = first + count
        if left[log] == size:
            del left[log]
    for name, _ in store.values("lost", count=limits.LOGS_MAX):
        book.forsake(LogId.read(name), int(store.value("lost-beyond", name) or b"0"))
    book.trust_our_end(True)
    empty.commit([*book.fold(), *book.index()])
    for log in store.logs():
        if empty.folds(log, 0, store.size(log)) != store.folds(log, 0, store.size(log)):
            raise PromiseBroken(6, f"{log.text}: folding afresh judges differently: {_difference(store, empty, log)}")
    return book.digest(book.cut())


def _line_of(store: Store) -> str:
    from parley.sim.keys import founded

    return founded("north").line


def _not_idle(world: World) -> None:
    """A seed in which nothing was acknowledged, or a side hardly spoke, has shown nothing."""
    if world.meter.count("kind", "message.acknowledged") == 0:
        raise PromiseBroken(0, "nothing was acknowledged in this world: it shows nothing")
    for side, told in world.clients.told_counts().items():
        if told < world.plan.entries_min:
            raise PromiseBroken(
                0,
                f"{side}'s people were told of {told} entries, expected {world.plan.entries_min}: it shows too little",
            )
