"""Faults once found by reading as the other side would; each is named so that it stays found."""

from __future__ import annotations

import pytest
from tests.line.forge import ahead_of, cosigned_by_other, head_of, run_of, tail_answer
from tests.line.sides import NORTH_LINE, NORTH_TALK, SOUTH_TALK, Side, line

from parley import limits
from parley.line import AheadArrived, Fault
from parley.line.frames import Head, Kind, Standing, open_frame, read_standing, write_standing
from parley.link import Lane
from parley.record.names import LogId
from parley.storage.memory import MemoryStore
from parley.times import Instant


def sleeps(side: Side) -> bool:
    """Say whether the core asks to be woken later than now, or not at all."""
    side.do(side.core.tick(side.now, side.clock))
    due = side.core.wake_at(side.now)
    return due is None or due > side.now


def test_a_node_that_waits_for_a_dead_line_does_not_spin() -> None:
    """The line fell before the tail was answered: asked to be woken in the past, a node would burn a core for hours."""
    north = Side("north")
    north.start()
    north.do(north.core.link_up("cable", north.now, north.clock))
    north.do(north.core.link_down("cable", north.now, north.clock))
    north.now = Instant(10.0)

    assert sleeps(north)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_frame_of_any_kind_closes_its_link_at_worst(kind: Kind) -> None:
    """Voice and picture go past the core in a node, yet what the core hears becomes a fault and never a stop (7)."""
    world = line()
    world.north.do(world.north.core.heard("cable", Lane.URGENT, bytes((kind, 0, 2)) + b"{}", world.north.now, 0))
    world.north.say("Still here.")

    assert world.north.signing() == "ok"


def test_a_node_that_waits_for_its_disk_does_not_spin() -> None:
    """A disk that hangs for ten seconds must not also cost the loop that keeps the links alive."""
    world = line()
    north = world.north
    north.say("Sealed half a second from now.")
    north.core.wake_at(north.now)
    north.slow = True
    north.say("The disk hangs.")
    north.now = Instant(north.now + 5)

    assert sleeps(north)


def test_an_answer_that_hides_everything_does_not_make_us_begin_again_at_0() -> None:
    """An empty machine and a peer that says "I have nothing of yours": the old first entry may be anywhere (5)."""
    world = line()
    north = world.north
    world.cut()
    north.store, north.anchor = MemoryStore("1" * 32), None
    north.start()
    north.do(north.core.link_up("cable", north.now, north.clock))
    north.hear(tail_answer(north, []))
    assert north.signing() == "ok"
    north.list_person("ann")

    assert NORTH_LINE not in north.store.logs()
    assert all(log.epoch > 0 for log in north.store.logs())


def test_what_only_a_stick_still_holds_is_a_lost_tail_and_not_a_fork() -> None:
    """Written during an outage, put on a stick, then the machine burned: both histories must be able to stand."""
    world = line()
    north, south = world.sides
    backup = north.store.snapshot()
    world.cut()
    north.say("Only on the stick.")
    stick = list(north.core.carried(whole=False))
    north.store.restore(backup, "1" * 32)
    north.start()
    world.up()
    world.settle()
    north.say("After the restore.")
    world.settle()
    for frame in stick:
        south.hear(frame, link="stick")

    assert not south.events(Fault) and south.store.size(NORTH_TALK) == 0
    assert len(south.store.values("lost-tail")) == 1, "kept beside: no view of either side may rest on it"
    assert north.authored().log != NORTH_TALK


@pytest.mark.parametrize("ours", [1, 3], ids=["they hold more", "we hold more"])
def test_a_machine_rolled_back_with_its_second_place_goes_on_after_the_answer(ours: int) -> None:
    """A snapshot of the whole machine matches itself: it may sign before anybody can tell it (promise 5).

    The log that then has two histories stops; every other log and every link goes on.
    """
    world = line()
    north, south = world.sides
    snapshot, anchor = north.store.snapshot(), north.anchor
    for number in range(2):
        north.say(f"First history {number}")
    world.settle()
    world.cut()
    north.store.restore(snapshot, "0" * 32)
    north.start(anchor=anchor)
    assert north.signing() == "ok"
    for number in range(ours):
        north.say(f"Second history {number}")
    for _ in range(limits.STRIKES_MAX + 2):  # what does not fit may be a bad copy, until it never fits
        world.up()
        world.settle(3.0)
        world.cut()
    assert north.signing() == "ok"
    north.closed.clear()
    south.closed.clear()
    world.up()
    world.settle(3.0)
    north.say("One history again.")
    south.say("And we hear you.")
    world.settle()

    assert not north.closed and not south.closed and world.links
    renewed = north.authored().log
    assert renewed.epoch > 0 and south.leaves(renewed) == north.leaves(renewed)
    assert north.leaves(SOUTH_TALK) == south.leaves(SOUTH_TALK)


def test_nobody_is_called_a_liar_before_our_own_end_is_known() -> None:
    """After such a rollback the peer's true past reaches beyond our log: a hasty verdict would stay for ever (6)."""
    world = line()
    north, south = world.sides
    snapshot, anchor = north.store.snapshot(), north.anchor
    north.say("Seen by South.")
    world.settle()
    south.say("I saw it.")
    world.settle()
    world.cut()
    north.store.restore(snapshot, "0" * 32)
    north.start(anchor=anchor)
    north.do(north.core.link_up("cable", north.now, north.clock))
    north.hear(run_of(SOUTH_TALK, south.leaves(SOUTH_TALK)))  # overtakes the answer about our tail
    world.up()
    world.settle(4.0)

    verdicts = [[row.verdict for row in side.store.folds(SOUTH_TALK, 0, 9)] for side in world.sides]
    assert verdicts == [["valid"], ["valid"]]


def test_names_of_logs_alone_cost_nothing() -> None:
    """Fifteen frames of unsigned names once made a node unable to say where it stands, and so to bring up a link."""
    world = line()
    north = world.north
    for first in range(0, 1_500, 100):
        names = [LogId(f"c{number}", "south", 0) for number in range(first, first + 100)]
        heads = tuple(Head(log=log, size=1, root=bytes(32), signature=bytes(64)) for log in names)
        north.hear(write_standing(Standing(held=(), heads=heads)), link=f"link{first}")
    north.out.clear()
    north.do(north.core.link_up("two", north.now, north.clock))
    _, reader, _ = open_frame(north.sent(Kind.STANDING)[0].frame)

    assert len(read_standing(reader).held) == 1


def test_as_many_logs_as_a_side_may_have_still_fit_every_frame() -> None:
    """What one side may open, the other must be able to name: otherwise no link comes up again."""
    world = line()
    north = world.north
    north.slow = True
    north.say("In the commit that they all wait for.")
    for number in range(limits.LOGS_MAX + 5):
        log = LogId("c" * 44 + f"{number:04d}", "south", 0)
        north.hear(run_of(log, [b"x"]), link=f"link{number}")
    north.slow = False
    north.land()
    assert {close.code for close in north.closed} <= {"line.logs"}
    north.out.clear()
    north.do(north.core.link_up("two", north.now, north.clock))
    _, reader, _ = open_frame(north.sent(Kind.STANDING)[0].frame)

    assert len(read_standing(reader).held) > 100


def test_a_peer_with_many_epochs_does_not_silence_us() -> None:
    """Every entry names what its author held of the line channel: too many names once stopped all writing (7)."""
    world = line()
    for number in range(1, 90):
        world.north.hear(run_of(LogId("line", "south", number), [b"x"]), link=f"link{number}")
    world.north.say("Still here.")

    assert world.north.authored().log == NORTH_TALK


def test_a_cosignature_from_the_far_future_is_refused() -> None:
    """It would be shown for ever as the time of delivery, which no calendar can print."""
    world = line()
    world.cut()
    world.north.say("Ours.")
    root = head_of(NORTH_TALK, world.north.leaves(NORTH_TALK)).root
    for at_s in (0, 253_402_300_800, 2**53 - 1):
        world.north.hear(cosigned_by_other(NORTH_TALK, 1, root, at_s), link=f"link{at_s}")

    assert [close.code for close in world.north.closed] == ["line.frame"] * 3
    assert world.north.held_at(NORTH_TALK) == 0


def test_flash_written_during_an_outage_overtakes_what_piled_up() -> None:
    """The hour after a cut is when a FLASH matters most, and when most waits in front of it (promise 8)."""
    world = line()
    north, south = world.sides
    world.cut()
    for number in range(1_500):
        north.say(f"Routine {number}")
    north.say("Fire on board.", precedence="FLASH")
    world.up()
    for _ in range(8):
        for side, other in (world.sides, world.sides[::-1]):
            if side.out:
                send = min(side.out, key=lambda each: each.lane is not Lane.URGENT)
                side.out.remove(send)
                other.hear(send.frame, link=send.link, lane=send.lane)

    assert south.store.size(NORTH_TALK) < 1_500
    assert [event.number for event in south.events(AheadArrived)] == [1_500]


def test_what_arrived_of_a_log_before_its_author_burned_is_given_back() -> None:
    """A catch-up cut in the middle: what is on their disk must be provably the author's, and come back (DESIGN 3)."""
    world = line()
    north, south = world.sides
    world.cut()
    for number in range(600):
        north.say(f"North {number}")
    world.links.add("cable")
    for side in world.sides:
        side.do(side.core.link_up("cable", side.now, side.clock))
    south.hear(north.sent(Kind.RUN)[0].frame)
    held = south.store.size(NORTH_TALK)
    assert 0 < held < 600
    world.cut()
    north.store, north.anchor = MemoryStore("1" * 32), None
    north.start()
    world.up()
    world.settle(4.0)

    assert north.store.size(NORTH_TALK) == held and north.leaves(NORTH_TALK) == south.leaves(NORTH_TALK)


def test_more_of_our_log_than_the_answer_named_does_not_upset_the_healing() -> None:
    """The rest may have reached the peer by stick between its answer and our question."""
    world = line()
    for number in range(4):
        world.north.say(f"North {number}")
    world.settle()
    leaves = world.south.leaves(NORTH_TALK)
    north = Side("north")
    north.anchor = b"{}"
    north.start()
    north.do(north.core.link_up("cable", north.now, north.clock))
    north.hear(tail_answer(north, [head_of(NORTH_TALK, leaves[:2])]))
    north.slow = True
    north.hear(run_of(NORTH_TALK, leaves[:2]))
    north.hear(run_of(NORTH_TALK, leaves))
    north.slow = False
    north.land()

    assert north.leaves(NORTH_TALK) in (leaves[:2], leaves)
    assert north.signing() == "ok"


def test_a_fork_keeps_what_came_ahead_and_was_receipted() -> None:
    """We signed that this entry is on our disk; its author's other entry must not remove it (promise 2)."""
    world = line()
    log, leaves = LogId("x", "south", 0), [b"zero", b"one", b"two"]
    world.north.hear(ahead_of(log, leaves, 1))
    world.north.hear(ahead_of(log, leaves, 2))
    world.north.hear(run_of(log, [*leaves[:2], b"other"]))

    assert [event.code for event in world.north.events(Fault)] == ["line.fork"]
    assert [key for key, _ in world.north.store.values("ahead")] == [f"{log.text}|{number:016d}" for number in (1, 2)]
