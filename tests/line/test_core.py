"""Two cores and what they promise each other: nothing said before the disk, nothing lost, one record."""

from __future__ import annotations

import pytest
from tests.line.forge import run_of
from tests.line.sides import NORTH_LINE, NORTH_TALK, SOUTH_TALK, Side, line

from parley.errors import Refused, Unavailable
from parley.line import Authored, Failed, Fault, Folded, Held, Other, Send, Signing
from parley.line.frames import Kind, open_frame, read_cosigned, read_run, write_other
from parley.link import Lane
from parley.record.names import LogId
from parley.times import Moment

CLAIMS = {Kind.RUN, Kind.AHEAD, Kind.COSIGNED, Kind.SEALED, Kind.RECEIPT}


def claims(side: Side) -> list[int]:
    """Give the kinds of the waiting frames that claim something."""
    return [send.frame[0] for send in side.out if send.frame[0] in CLAIMS]


def test_an_entry_crosses_and_its_author_learns_that_it_is_on_their_disk() -> None:
    """The everyday case of the whole program: two frames, both records equal, "on their disk" from a signature."""
    world = line()
    north, south = world.sides
    north.say("Pump 3 is stopped.")
    world.move()

    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)
    assert any(held.log == NORTH_TALK and held.size == 1 and held.suite == 1 for held in north.events(Held))
    assert north.core.waiting() == 0
    assert not north.closed and not south.closed


def test_nothing_of_ours_leaves_before_the_disk_has_it() -> None:
    """A crash between the frame and the disk would make us sign another entry under the same number (promise 2)."""
    world = line()
    north = world.north
    north.slow = True
    told = len(north.events(Authored))
    north.say("Pump 3 is stopped.", precedence="IMMEDIATE")

    assert claims(north) == []
    assert len(north.events(Authored)) == told
    north.land()
    assert claims(north) == [Kind.RUN]
    assert len(north.events(Authored)) == told + 1


def test_nothing_of_theirs_is_acknowledged_before_the_disk_has_it() -> None:
    """The peer may forget what we cosign: an early signature could lose an entry for both (promise 2)."""
    world = line()
    north, south = world.sides
    north.say("Pump 3 is stopped.")
    south.slow = True
    folded = len(south.events(Folded))
    world.move()

    assert south.store.size(NORTH_TALK) == 0
    assert claims(south) == [] and not south.sent(Kind.PROGRESS)
    assert len(south.events(Folded)) == folded  # nor is it shown
    south.land()
    assert claims(south) == [Kind.COSIGNED]


def test_what_a_cosignature_claims_is_in_the_same_commit() -> None:
    """Entry, author's signature and cosignature are one synced commit: a crash leaves all or none."""
    world = line()
    north, south = world.sides
    north.say("Pump 3 is stopped.")
    world.move()
    row = south.store.newest_signature(NORTH_TALK, "co-ed")
    own = south.store.newest_signature(NORTH_TALK, "own-ed")

    assert row is not None and own is not None
    assert (row.size, row.root) == (own.size, own.root) == (1, south.store.root_at(NORTH_TALK, 1))


def test_the_second_copy_by_another_link_is_passed_by_in_silence() -> None:
    """Urgent entries go by all links: the later copies must cost nothing and change nothing (promise 3)."""
    world = line(links=("cable", "radio"))
    north, south = world.sides
    north.say("Fire on board.", precedence="FLASH")
    runs = north.sent(Kind.RUN)
    assert sorted(send.link for send in runs) == ["cable", "radio"]
    south.hear(runs[0].frame, link="radio", lane=Lane.URGENT)
    said, commits = len(south.out), south.store.commits
    south.hear(runs[1].frame, link="cable", lane=Lane.URGENT)

    assert (len(south.out), south.store.commits) == (said, commits)
    assert south.store.size(NORTH_TALK) == 1 and not south.closed


def test_the_second_copy_while_the_first_is_being_stored_is_passed_by_too() -> None:
    """The copies come milliseconds apart, mostly within one commit."""
    world = line(links=("cable", "radio"))
    north, south = world.sides
    north.say("Fire on board.", precedence="FLASH")
    south.slow = True
    for send in north.sent(Kind.RUN):
        south.hear(send.frame, link=send.link, lane=Lane.URGENT)
    south.land()

    assert south.store.size(NORTH_TALK) == 1 and not south.closed
    assert len(south.events(Folded)) == len({(event.row.log, event.row.number) for event in south.events(Folded)})


def test_what_is_written_while_the_line_is_down_arrives_when_it_is_up_again() -> None:
    """Catch-up by number: a year apart and an hour apart are the same code (promise 3)."""
    world = line()
    world.cut()
    for number in range(600):
        world.north.say(f"North {number}")
        world.south.say(f"South {number}")
    world.up()
    world.settle()

    for log in (NORTH_TALK, SOUTH_TALK):
        assert world.north.leaves(log) == world.south.leaves(log)
        assert world.north.store.size(log) == 600
    assert world.north.core.waiting() == world.south.core.waiting() == 0
    assert world.north.book.digest(world.north.book.cut()) == world.south.book.digest(world.north.book.cut())


def test_a_cut_at_any_frame_loses_nothing() -> None:
    """Whatever was on its way is lost with the link; the next one begins from what each side holds (promise 3)."""
    for survivors in range(12):
        world = line()
        north, south = world.sides
        for number in range(3):
            north.say(f"North {number}", precedence="IMMEDIATE" if number == 1 else "ROUTINE")
            south.say(f"South {number}")
        for _ in range(survivors):
            for side, other in (world.sides, world.sides[::-1]):
                if side.out:
                    other.hear(side.out.popleft().frame)
        world.cut()
        world.up()
        world.settle()

        for log in (NORTH_TALK, SOUTH_TALK):
            assert north.leaves(log) == south.leaves(log)
        assert north.core.waiting() == south.core.waiting() == 0
        assert not north.events(Fault) and not south.events(Fault)


def test_a_restart_at_either_end_changes_nothing() -> None:
    """A kill is a restart: the same records, the same verdicts, no new epoch while the second place matches."""
    world = line()
    north, south = world.sides
    north.say("Before.")
    world.move()
    world.cut()
    for side in world.sides:
        side.start()
    assert north.core.signing[0] == south.core.signing[0] == "ok"
    north.say("After.")
    world.up()
    world.settle()

    assert north.authored().log == NORTH_TALK and north.authored().number == 1
    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)


def test_a_failed_commit_fails_every_waiting_wish_and_says_nothing_to_the_peer() -> None:
    """A full disk must be told to the person who waits, and must not leak an entry that is nowhere (promise 2)."""
    world = line()
    north, south = world.sides
    north.slow = True
    north.say("In the commit under way.")
    north.say("Waiting for the next one.")
    north.store.fail_next("storage.full")
    before = len(north.events(Authored))
    north.land()

    assert [failed.code for failed in north.events(Failed)] == ["storage.full", "storage.full"]
    assert len(north.events(Authored)) == before
    assert north.restarts == 1 and claims(north) == []
    assert north.events(Signing)[-1].state == "read-only"
    with pytest.raises(Unavailable, match=r"line\.signing"):
        north.say("Not now.")
    north.slow = False
    north.start()
    world.cut()
    world.up()
    north.say("The disk has room again.")
    world.settle()
    assert north.authored().number == 0  # the number was never used
    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)


def test_a_peers_entry_that_the_disk_refuses_comes_again() -> None:
    """The peer forgets nothing that we have not signed for, so a full disk here loses nothing (promise 3)."""
    world = line()
    north, south = world.sides
    south.store.fail_next("storage.full")
    north.say("Pump 3 is stopped.")
    world.move()
    assert south.restarts == 1 and south.store.size(NORTH_TALK) == 0
    world.cut()
    south.start()
    world.up()
    world.settle()

    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)
    assert north.held_at(NORTH_TALK) == 1


def test_time_in_cosignatures_never_runs_back() -> None:
    """The first cosignature that covers an entry is its arrival for ever; a clock that jumps must not undo it."""
    world = line()
    north, south = world.sides
    north.say("First.")
    world.settle()
    south.clock = Moment(south.clock - 3_600_000)
    north.say("Second, by a clock an hour back.")
    world.settle()

    rows = south.store.signatures(NORTH_TALK, "co-ed", 0, 10)
    assert [row.size for row in rows] == [1, 2]
    assert rows[0].at_s <= rows[1].at_s
    post_quantum = south.store.signatures(NORTH_TALK, "co-pq", 0, 10)
    assert rows[0].at_s <= min(row.at_s for row in post_quantum)


def test_time_in_cosignatures_does_not_run_back_over_a_restart_either() -> None:
    """What was signed is on disk, so a restart with a wrong clock knows it."""
    world = line()
    north, south = world.sides
    north.say("First.")
    world.settle()
    world.cut()
    south.clock = Moment(south.clock - 3_600_000)
    south.start()
    world.up()
    north.say("Second.")
    world.settle()

    times = [row.at_s for row in south.store.signatures(NORTH_TALK, "co-ed", 0, 10)]
    assert len(times) == 2 and times == sorted(times)


def test_post_quantum_signatures_of_both_sides_follow_within_a_second() -> None:
    """Until all four signatures are there `check` says "classical signature only" (DESIGN 3)."""
    world = line()
    north, south = world.sides
    north.say("Pump 3 is stopped.")
    world.move()
    world.settle(1.0)

    for side in world.sides:
        for kind in ("own-ed", "co-ed", "own-pq", "co-pq"):
            row = side.store.newest_signature(NORTH_TALK, kind)
            assert row is not None and row.size == 1, (side.us, kind)
    assert not north.closed and not south.closed


def test_post_quantum_signatures_missed_by_a_crash_are_made_good_at_the_next_start() -> None:
    """The second between the two suites is the likeliest moment for a crash to fall into."""
    world = line()
    north, south = world.sides
    north.say("Pump 3 is stopped.")
    world.move()
    assert south.store.newest_signature(NORTH_TALK, "co-pq") is None
    world.cut()
    for side in world.sides:
        side.start()
    world.up()
    world.settle(1.5)

    for side in world.sides:
        for kind in ("own-pq", "co-pq"):
            row = side.store.newest_signature(NORTH_TALK, kind)
            assert row is not None and row.size == 1, (side.us, kind)


def test_an_unreadable_leaf_is_stored_cosigned_and_passed_by() -> None:
    """What a leaf says never stops the line: the peer's new or broken program must not cut us off (promise 7)."""
    world = line()
    north, south = world.sides
    south.say("Readable.")
    world.settle()
    leaves = [*south.leaves(SOUTH_TALK), b"\xff not an entry", b"{}"]
    north.hear(run_of(SOUTH_TALK, leaves, 1))

    assert north.leaves(SOUTH_TALK) == leaves
    assert [row.verdict for row in north.store.folds(SOUTH_TALK, 0, 5)] == ["valid", "unreadable", "unreadable"]
    cosigned = north.store.newest_signature(SOUTH_TALK, "co-ed")
    assert cosigned is not None and cosigned.size == 3
    assert not north.closed
    north.say("Still here.")
    world.move()
    assert south.store.size(NORTH_TALK) == 1


def test_a_wish_that_a_rule_forbids_changes_nothing() -> None:
    """A refusal must leave no half of an entry behind for the next wish to stand on."""
    world = line()
    north = world.north
    commits, sizes = north.store.commits, {log: north.store.size(log) for log in north.store.logs()}
    with pytest.raises(Refused):
        north.say("To nobody.", channel="never-agreed")

    assert (north.store.commits, {log: north.store.size(log) for log in north.store.logs()}) == (commits, sizes)
    north.say("To somebody.")
    world.move()
    assert world.south.store.size(NORTH_TALK) == 1


def test_wishes_that_come_while_the_disk_works_share_the_next_commit_and_one_signature() -> None:
    """A busy node signs as often as its disk syncs: without that, a burst would wait for as many syncs as entries."""
    world = line()
    north = world.north
    north.slow = True
    for number in range(20):
        north.say(f"Number {number}")
    assert len(north.commits) == 1
    before = north.store.commits
    north.land()

    assert north.store.size(NORTH_TALK) == 20 and north.store.commits - before == 2
    assert [row.size for row in north.store.signatures(NORTH_TALK, "own-ed", 0, 30)] == [1, 20]


def test_garbage_closes_its_link_keeps_the_bytes_and_leaves_the_other_link_alone() -> None:
    """A broken path, or a hostile one, must neither stop the line nor go unseen (promise 7)."""
    world = line(links=("cable", "radio"))
    north, south = world.sides
    north.hear(b"\x7f garbage", link="cable")

    assert [(close.link, close.code) for close in north.closed] == [("cable", "line.frame")]
    assert north.core.links == ("radio",)
    (fault,) = north.events(Fault)
    kept = north.store.value("fault", fault.evidence)
    assert kept is not None and kept.endswith(b"\x7f garbage")
    south.say("By the other link.")
    world.settle()
    assert north.store.size(SOUTH_TALK) == 1


def test_a_flood_of_signals_never_reaches_the_disk() -> None:
    """Signals claim nothing and are not stored: typing on a keyboard must not wear out a disk (promise 2)."""
    world = line()
    north = world.north
    commits = north.store.commits
    frame = write_other(Kind.SIGNAL, {"number": 1, "run": 1, "signal": "typing"})
    for _ in range(2_000):
        north.hear(frame, lane=Lane.URGENT)

    assert len(north.events(Other)) == 2_000
    assert north.store.commits == commits and not north.core.busy


def test_both_sides_run_the_same_rules() -> None:
    """Equality (promise 1): what South sends for the same story is North's, mirrored."""
    kinds = []
    for author, reader in (("north", "south"), ("south", "north")):
        world = line()
        sides = {side.us: side for side in world.sides}
        sides[author].say("The same words.")
        sent = [(send.frame[0], send.lane) for send in sides[author].out]
        world.move()
        kinds.append((sent, sides[reader].store.size(LogId("leaders", author, 0))))

    assert kinds[0] == kinds[1]


def test_a_run_and_its_cosignature_name_the_same_root() -> None:
    """What docs/protocol/line.md opens with, read off real frames."""
    world = line()
    north, south = world.sides
    north.say("Pump 3 is stopped.")
    (sent,) = north.sent(Kind.RUN)
    _, reader, blob = open_frame(sent.frame)
    run = read_run(reader, blob)
    south.hear(sent.frame)
    _, reader, _ = open_frame(south.sent(Kind.COSIGNED)[0].frame)
    (row,) = read_cosigned(reader)

    assert (row.log, row.size, row.root) == (run.head.log, run.head.size, run.head.root)
    assert run.first == 0 and list(run.leaves) == north.leaves(NORTH_TALK) and run.proof == ()
    assert sent.lane is Lane.ORDINARY
    assert NORTH_LINE in north.store.logs()


def test_a_peer_that_asks_again_and_again_is_answered_once_it_stays() -> None:
    """First found by seed 332: a node whose disk was full for a while lacked a post-quantum signature for ever."""
    world = line()
    north, south = world.sides
    south.say("Held, and sealed within a second.")
    world.settle()
    standing = next(send.frame for send in [*north.core.link_up("radio", north.now, north.clock)]
                    if isinstance(send, Send) and send.frame[0] == Kind.STANDING)  # fmt: skip
    for _ in range(9):
        south.out.clear()
        south.hear(standing)
    assert not [send for send in south.out if send.frame[0] == Kind.SEALED]
    south.pass_time(6.0)
    assert [send for send in south.out if send.frame[0] == Kind.SEALED]
