"""Which frames go by which link, and when: urgent ones by all, ahead of what waits; the rest by the best."""

from __future__ import annotations

from tests.line.forge import run_of
from tests.line.sides import NORTH_TALK, SOUTH_TALK, line

from parley import limits
from parley.line import AheadArrived, Fault, Folded, Received
from parley.line.frames import Kind, Standing, open_frame, read_ahead, read_run, write_progress, write_standing
from parley.line.ledger import OurPart, run_ends
from parley.link import Lane
from parley.record.names import LogId
from parley.record.tree import Frontier


def test_flash_goes_by_all_links_and_the_rest_by_the_best() -> None:
    """Losing a link must cost an urgent word nothing, not even a delay (promise 8)."""
    world = line(links=("cable", "radio"))
    north = world.north
    north.core.link_round_trip("cable", 0.6)
    north.core.link_round_trip("radio", 0.1)
    north.say("Routine.")
    routine = [(send.link, send.lane) for send in north.sent(Kind.RUN)]
    world.move()
    north.say("Fire on board.", precedence="FLASH")
    flash = sorted((send.link, send.lane) for send in north.sent(Kind.RUN))

    assert routine == [("radio", Lane.ORDINARY)]
    assert flash == [("cable", Lane.URGENT), ("radio", Lane.URGENT)]


def test_a_batch_longer_than_a_run_is_signed_at_the_end_of_each_and_cosigned_as_it_comes() -> None:
    """A sender lost for ever after the second run must leave no entry that only the receiver vouches for."""
    world = line()
    world.cut("cable")
    north, south = world.sides
    north.slow = True
    for number in range(601):  # the first is a commit of its own, the rest wait for it and go in one
        north.say(f"{number}")
    north.land()
    north.slow = False
    assert north.store.size(NORTH_TALK) == 601
    world.up("cable")
    runs = [read_run(*open_frame(send.frame)[1:]) for send in north.sent(Kind.RUN)]
    world.settle()

    ends = [run.first + len(run.leaves) for run in runs if run.head.log == NORTH_TALK]
    assert ends == [run.head.size for run in runs if run.head.log == NORTH_TALK] == [1, 257, 513, 601]
    assert [row.size for row in south.store.signatures(NORTH_TALK, "co-ed", 0, 700)] == [1, 257, 513, 601]
    assert north.held_at(NORTH_TALK) == 601


def test_a_batch_of_large_entries_is_signed_where_a_run_of_bytes_ends() -> None:
    """A run has one mebibyte at most; twenty entries of 60 KB are more."""
    leaves = [bytes(60_000)] * 20
    ends = [size for size, _ in run_ends(OurPart(first=0, base=Frontier(), leaves=leaves))]

    assert ends == [17, 20]
    assert read_leaves_fit(leaves[:17]) and not read_leaves_fit(leaves[:18])


def read_leaves_fit(leaves: list[bytes]) -> bool:
    """Say whether leaves are one run, each behind its length."""
    return sum(len(leaf) + 4 for leaf in leaves) <= limits.RUN_BYTES_MAX


def test_flash_arrives_when_only_one_of_two_links_delivers() -> None:
    """The first copy counts."""
    world = line(links=("cable", "radio"))
    north, south = world.sides
    north.say("Fire on board.", precedence="FLASH")
    north.out = type(north.out)(send for send in north.out if send.link == "radio")
    world.move()

    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)
    assert north.held_at(NORTH_TALK) == 1 or north.core.waiting() == 0


def test_flash_overtakes_a_log_that_is_behind_and_the_log_follows() -> None:
    """The other side reads it at once, marked as ahead; both ends then agree on where it stood (promise 8)."""
    world = line()
    north, south = world.sides
    for number in range(400):
        north.say(f"Routine {number}")
    north.say("Fire on board.", precedence="FLASH")
    (ahead,) = north.sent(Kind.AHEAD)
    _, reader, blob = open_frame(ahead.frame)
    assert ahead.lane is Lane.URGENT and read_ahead(reader, blob).number == 400
    north.out.remove(ahead)
    south.hear(ahead.frame, lane=Lane.URGENT)
    assert [(event.number, event.entry is not None) for event in south.events(AheadArrived)] == [(400, True)]
    assert south.store.size(NORTH_TALK) == 0
    world.settle()

    assert [event.number for event in north.events(Received) if event.log == NORTH_TALK] == [400]
    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)
    folded = [event.row.number for event in south.events(Folded) if event.row.log == NORTH_TALK]
    assert folded == list(range(401))  # once each, in order, the FLASH in its own place
    assert not south.store.values("ahead")


def test_the_line_channel_goes_before_all_others() -> None:
    """Rosters and rules are what other entries rest on: without them they wait to be folded."""
    world = line()
    world.cut()
    north = world.north
    north.say("In leaders, first.")
    north.list_person("zed")
    world.links.add("cable")
    north.do(north.core.link_up("cable", north.now, north.clock))
    runs = [open_frame(send.frame)[1].take("head") for send in north.sent(Kind.RUN)]

    assert [head[0] for head in runs if isinstance(head, list)] == ["line/north/0", "leaders/north/0"]


def test_a_link_that_falls_hands_its_load_to_the_other() -> None:
    """What a dead link carried is sent again by a live one, without waiting for a person."""
    world = line(links=("cable", "radio"))
    north, south = world.sides
    for number in range(50):
        north.say(f"North {number}")
    best = north.sent(Kind.RUN)[0].link
    world.cut(best)
    world.settle()

    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK) and north.core.waiting() == 0


def test_silence_of_the_peer_is_answered_by_sending_again() -> None:
    """A frame may vanish although its link stays up, at a peer that was just restarted."""
    world = line()
    north, south = world.sides
    north.say("Lost on the way.")
    north.out.clear()
    world.settle(25.0)

    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)


def test_what_is_in_flight_stays_within_the_credit() -> None:
    """The peer closes links on who sends beyond its credit, and would be right to (rule 8)."""
    world = line()
    world.cut()
    north = world.north
    for number in range(limits.CREDIT_ENTRIES // 4 + 600):
        north.say(str(number))
    north.do(north.core.link_up("cable", north.now, north.clock))
    for _ in range(40):
        north.do(north.core.tick(north.now, north.clock))
    sent = sum(len(send.frame) for send in north.sent(Kind.RUN))
    entries = sum(1 for _ in north.sent(Kind.RUN)) * limits.RUN_ENTRIES_MAX

    assert 0 < entries <= limits.CREDIT_ENTRIES // 4 + limits.RUN_ENTRIES_MAX
    assert sent <= limits.CREDIT_BYTES // 4 + limits.FRAME_BYTES_MAX


def test_every_frame_fits_its_lane() -> None:
    """The link refuses a larger one as our own mistake."""
    world = line()
    world.cut()
    north = world.north
    for number in range(40):
        north.say(f"{number} " + "long " * 3_900)
    north.say("Fire on board.", precedence="FLASH")
    north.do(north.core.link_up("cable", north.now, north.clock))
    for _ in range(20):
        north.do(north.core.tick(north.now, north.clock))

    assert north.sent(Kind.RUN)
    for send in north.out:
        bound = limits.URGENT_FRAME_BYTES_MAX if send.lane is Lane.URGENT else limits.FRAME_BYTES_MAX
        assert len(send.frame) <= bound


def test_an_urgent_entry_whose_past_is_still_coming_is_shown_at_once() -> None:
    """It is whole, proven and cosigned; only its place in the views waits (DESIGN 4)."""
    world = line()
    north, south = world.sides
    world.cut()
    north.list_person("zed")
    north.say("Fire on board.", precedence="IMMEDIATE")
    south.told.clear()
    south.hear(run_of(NORTH_TALK, north.leaves(NORTH_TALK)))
    assert [event.number for event in south.events(AheadArrived)] == [0]
    assert not south.events(Folded)
    world.up()
    world.settle()

    assert [event.row.number for event in south.events(Folded) if event.row.log == NORTH_TALK] == [0]


def test_a_peer_that_claims_to_hold_more_or_less_only_moves_the_sending() -> None:
    """PROGRESS and STANDING are unsigned: they may cost a repeat, never an entry or a "delivered" (DESIGN 2.2)."""
    world = line()
    north, south = world.sides
    north.say("One.")
    north.say("Two.")
    north.out.clear()
    north.hear(write_progress(NORTH_TALK, 2**53 - 1, again=False))
    assert north.core.waiting() == 2 and north.held_at(NORTH_TALK) == 0
    north.hear(write_progress(LogId("leaders", "north", 9), 4, again=True))
    north.hear(write_progress(SOUTH_TALK, 4, again=True))
    north.hear(write_standing(Standing(held=((NORTH_TALK, 0),), heads=())))
    world.settle()

    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK) and north.core.waiting() == 0
    assert not north.events(Fault)
