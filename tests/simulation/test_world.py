"""The simulated world itself: the same seed is the same world, and a cut loses what TCP would lose."""

from __future__ import annotations

import pytest

from parley.errors import Unavailable
from parley.link import Lane
from parley.record import LogId, leaf_hash
from parley.sim.copies import History
from parley.sim.dice import Dice
from parley.sim.disk import SimDisk
from parley.sim.links import LinkEnd, LinkNature, SimLink
from parley.sim.meter import PromiseBroken
from parley.sim.schedule import Schedule
from parley.sim.trouble import Plan
from parley.sim.world import World
from parley.storage import EntryRow
from parley.storage.memory import MemoryStore

LOG = LogId("line", "north", 0)


def row(number: int, leaf: bytes) -> EntryRow:
    return EntryRow(LOG, number, leaf_hash(leaf), leaf)


class Ends:
    """Two ends of a link that note what they hear."""

    def __init__(self) -> None:
        self.heard: dict[str, list[bytes]] = {"north": [], "south": []}
        self.schedule = Schedule()
        ends = {
            side: LinkEnd(
                came_up=lambda link: None,
                went_down=lambda link: None,
                frame=lambda link, lane, frame, side=side: self.heard[side].append(frame),
            )
            for side in self.heard
        }
        self.link = SimLink("cable", self.schedule, Dice(1, "link"), LinkNature(), ends)
        self.link.broken = False
        for side in self.heard:
            self.link.node_started(side)
        self.schedule.run_until(2.0)


def short(seed: int) -> Plan:
    return Plan(lasts_s=12.0, crashes=(1, 1), cuts=(2, 2), disk_faults=(1, 1), entries_min=10)


def test_the_same_seed_is_the_same_world() -> None:
    """A failing seed is worth nothing if it cannot be had again."""
    one, other = (World(7, short(7), keep=True).run() for _ in range(2))

    assert one.story == other.story
    assert one.counts == other.counts
    assert one.authored == other.authored


def test_another_seed_is_another_world() -> None:
    """A batch of equal worlds would show one thing many times."""
    assert World(7, short(7), keep=True).run().story != World(8, short(8), keep=True).run().story


def test_frames_of_one_lane_arrive_in_order_and_once() -> None:
    """The core may rely on what TCP gives, and on no more."""
    ends = Ends()
    for number in range(200):
        ends.link.send("north", Lane.ORDINARY, bytes((number,)))
    ends.schedule.run_until(10.0)

    assert ends.heard["south"] == [bytes((number,)) for number in range(200)]


def test_a_cut_loses_what_was_on_its_way_and_nothing_comes_after_a_lost_frame() -> None:
    """TCP never delivers a byte behind one it has lost: a world that did would hide faults, or invent some."""
    ends = Ends()
    for number in range(200):
        ends.link.send("north", Lane.ORDINARY, bytes((number,)))
    ends.schedule.run_until(ends.schedule.now + 0.021)
    ends.link.cut(refused=False)
    ends.schedule.run_until(30.0)

    got = ends.heard["south"]
    assert got == [bytes((number,)) for number in range(len(got))]
    assert len(got) < 200
    assert not ends.link.up


def test_a_commit_cut_short_is_there_whole_or_not_at_all() -> None:
    """The core must live with both, and a world must show it both."""
    became = set()
    for seed in range(20):
        schedule = Schedule()
        disk = SimDisk(schedule, Dice(seed, "disk"), MemoryStore)
        disk.write([row(0, b"one"), row(1, b"two")], lambda: None, lambda error: None)
        became.add(disk.crash())
        assert disk.store.size(LOG) in (0, 2)

    assert became == {"landed", "lost"}


def test_a_disk_may_say_that_it_failed_although_it_has_the_rows() -> None:
    """A lost answer is not a lost commit: whoever writes again must read back first."""
    schedule = Schedule()
    disk = SimDisk(schedule, Dice(3, "disk"), MemoryStore)
    disk.fail_next = "silent"
    said: list[Unavailable] = []
    disk.write([row(0, b"one")], lambda: None, said.append)
    schedule.run_until(1.0)

    assert [error.code for error in said] == ["storage.io"]
    assert disk.store.size(LOG) == 1


def test_an_early_disk_loses_in_a_crash_what_it_confirmed() -> None:
    """This is the broken build that the checkers of promise 2 must catch."""
    schedule = Schedule()
    disk = SimDisk(schedule, Dice(3, "disk"), MemoryStore, early=True)
    confirmed: list[bool] = []
    disk.write([row(0, b"one")], lambda: confirmed.append(True), lambda error: None)
    schedule.run_until(0.1)
    disk.crash()

    assert confirmed == [True]
    assert disk.store.size(LOG) == 0


def test_two_entries_in_one_place_of_a_log_are_seen() -> None:
    """Promise 5 is the one that a restore endangers; its checker must not depend on what the node remembers."""
    history = History(LOG)
    history.entry(0, leaf_hash(b"one"))

    with pytest.raises(PromiseBroken) as broken:
        history.entry(0, leaf_hash(b"another"))

    assert broken.value.promise == 5


def test_a_second_root_of_one_size_is_seen() -> None:
    """A signed head that is not a head of the one history is a fork, whoever keeps it."""
    history = History(LOG)
    history.entry(0, leaf_hash(b"one"))
    history.head(1, history.roots[1])

    with pytest.raises(PromiseBroken) as broken:
        history.head(1, leaf_hash(b"something else"))

    assert broken.value.promise == 5
