"""Our own logs after a loss: nothing is signed twice, whatever the store, the second place or the peer says."""

from __future__ import annotations

import pytest
from tests.line.forge import ahead_of, head_of, nonce_asked, run_of, tail_answer
from tests.line.sides import NORTH_LINE, NORTH_TALK, Line, Side, identity_of, line

from parley import limits
from parley.codec.canonical import JsonInput, encode
from parley.errors import Unavailable
from parley.line import Fault
from parley.line.frames import Kind
from parley.link.lanes import Lane
from parley.record.entry import read_entry
from parley.record.names import LogId
from parley.storage.memory import MemoryStore
from parley.times import Moment


def said(count: int = 5) -> Line:
    """Give a line on which North said `count` things, now cut."""
    world = line()
    for number in range(count):
        world.north.say(f"North {number}")
    world.settle()
    world.cut()
    return world


def lose(side: Side) -> None:
    """Put an empty machine in the side's place: the same keys, no store, no second place."""
    side.store = MemoryStore("1" * 32)
    side.anchor = None
    side.clock = Moment(side.clock + 60_000)
    side.start()


def ours_anywhere(world: Line) -> dict[tuple[LogId, int], set[bytes]]:
    """Give every leaf that either disk holds at each place of North's logs."""
    found: dict[tuple[LogId, int], set[bytes]] = {}
    for side in world.sides:
        for log in side.store.logs():
            if log.side == "north":
                for number, leaf in enumerate(side.leaves(log)):
                    found.setdefault((log, number), set()).add(leaf)
    return found


def test_a_matching_second_place_signs_while_the_line_is_down() -> None:
    """A node that restarts in a storm must be able to write down what happened (promise 5)."""
    world = said()
    world.north.start()
    world.north.say("The line is down.")

    assert world.north.authored().log == NORTH_TALK and world.north.authored().number == 5


@pytest.mark.parametrize(
    "anchor", [b"{}", b"torn \xff", b'{"after":{},"before":{},"line":"00000000000000000000000000000000"}']
)
def test_a_second_place_that_does_not_match_waits_for_the_other_side(anchor: bytes) -> None:
    """A store of which nobody knows whether it is the newest must not sign (promise 5)."""
    world = said()
    world.north.start(anchor=anchor)

    assert world.north.signing() == "waiting"
    with pytest.raises(Unavailable, match=r"line\.signing"):
        world.north.say("Not yet.")
    world.up()
    world.settle()
    world.north.say("Now.")
    assert world.north.authored().log.epoch > 0


def test_a_store_put_back_by_one_commit_does_not_match() -> None:
    """First found by seed 674: what was said after the copy was made would have got a second history (promise 5)."""
    world = said()
    north = world.north
    copy = north.store.snapshot()
    north.say("Said, signed, and on its way.")
    north.store.restore(copy, north.store.identity().store)  # a raw copy of the file: even its name is the same
    north.start()

    assert north.signing() == "waiting"


def test_a_crash_on_either_side_of_a_commit_leaves_a_store_that_may_sign() -> None:
    """A node must not need its peer after each power cut (promise 5, "the line is never dead")."""
    world = said()
    north = world.north
    north.slow = True
    north.say("Under way.")
    north.start()
    assert north.signing() == "ok"  # the commit never landed

    north.say("Under way once more.")
    landed = north.commits[0].rows
    north.start()
    assert north.signing() == "ok"  # nothing of it ever left this node
    north.store.commit(landed)
    north.start()
    assert north.signing() == "ok"  # it landed, and nobody was told


def test_what_landed_unmarked_is_marked_before_it_leaves() -> None:
    """Killed between the disk's answer and the second place, then started: its words leave; then the disk is put back.

    The second place still held both ends, before and after that commit: the store before it matched, and South had
    heard what came next (promise 5).
    """
    world = said()
    north = world.north
    north.slow = True
    before = north.store.snapshot()
    north.say("Under way.")
    north.store.commit(north.commits[0].rows)
    north.slow = False
    north.start()
    world.up()
    world.settle()
    assert world.south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK) and len(north.leaves(NORTH_TALK)) == 6

    world.cut()
    north.store.restore(before, north.store.identity().store)
    north.start()
    assert north.signing() == "waiting"


def test_a_store_put_back_does_not_match_before_it_says_itself_that_its_logs_end_here() -> None:
    """First found by seed 286 of 1,000: the disk was full when the healed store was to note that its logs end here, and
    the second place had been written over already: the next start took both for a match (promise 5).
    """
    world = said()
    north = world.north
    copy = north.store.snapshot()
    world.cut()
    north.say("Said, signed, and lost with the disk.")
    north.store.restore(copy, north.store.identity().store)
    north.start()
    north.slow = True
    world.up()
    world.settle(3.0)
    assert north.signing() == "ok" and north.commits  # healed; the disk has not answered

    north.start()  # it never will
    assert north.signing() == "waiting"


def test_a_restored_backup_takes_back_its_own_log_and_goes_on_in_a_new_epoch() -> None:
    """What the other side cosigned is not lost with our disk, and no number is used twice (promise 5)."""
    world = said(2)
    north, south = world.sides
    backup = north.store.snapshot()
    world.up()
    for number in range(3):
        north.say(f"After the backup {number}")
    world.settle()
    world.cut()
    north.store.restore(backup, "2" * 32)
    north.start()
    assert north.signing() == "waiting"
    world.up()
    world.settle(3.0)

    assert north.signing() == "ok"
    assert north.leaves(NORTH_TALK) == south.leaves(NORTH_TALK) and north.store.size(NORTH_TALK) == 5
    north.say("Here again.")
    world.settle()
    renewed = north.authored().log
    assert renewed.channel == "leaders" and renewed.epoch > 0
    opening = read_entry(south.leaves(renewed)[0])
    assert opening.kind == "log.opened"
    assert opening.body["previous"] == [NORTH_TALK.text, 5, head_of(NORTH_TALK, south.leaves(NORTH_TALK)).root.hex()]
    assert [row.verdict for row in south.store.folds(renewed, 0, 9)] == ["valid", "valid"]
    assert not north.events(Fault) and not south.events(Fault)
    assert north.book.digest(north.book.cut()) == south.book.digest(north.book.cut())


def test_a_lost_machine_gets_everything_back_that_the_other_side_has() -> None:
    """Fire in the machine room: keys from the safe, the record from the other side (promise 5)."""
    world = said(300)  # more than one run
    north, south = world.sides
    before = north.leaves(NORTH_TALK)
    lose(north)
    world.up()
    world.settle(4.0)

    assert north.signing() == "ok"
    assert north.leaves(NORTH_TALK) == before
    north.say("Here again.")
    world.settle()
    assert all(len(leaves) == 1 for leaves in ours_anywhere(world).values())
    assert north.core.waiting() == 0 and not north.events(Fault) and not south.events(Fault)


def test_a_cut_while_the_log_comes_back_only_delays_it() -> None:
    """The line was bad enough to lose a machine; it may be bad now."""
    world = said(600)
    north = world.north
    before = north.leaves(NORTH_TALK)
    lose(north)
    for _ in range(30):
        world.up()
        for _ in range(4):
            for side, other in (world.sides, world.sides[::-1]):
                if side.out:
                    other.hear(side.out.popleft().frame)
        world.cut()
        for side in world.sides:
            side.pass_time(2.5)
        if north.signing() == "ok":
            break
    world.up()
    world.settle(6.0)

    assert north.signing() == "ok" and north.leaves(NORTH_TALK) == before


def test_an_answer_that_hides_our_newest_words_never_makes_a_second_history() -> None:
    """A peer can always say less than it has; what it hid is later a lost tail, not our fork (promise 5)."""
    world = said(5)
    north, south = world.sides
    hidden = south.leaves(NORTH_TALK)
    lose(north)
    north.do(north.core.link_up("cable", north.now, north.clock))
    shown = {log: south.leaves(log) for log in (NORTH_LINE, NORTH_TALK)}
    shown[NORTH_TALK] = shown[NORTH_TALK][:3]
    north.hear(tail_answer(north, [head_of(log, leaves) for log, leaves in shown.items()]))
    for log, leaves in shown.items():
        north.hear(run_of(log, leaves))
    north.hear(run_of(LogId("line", "south", 0), south.leaves(LogId("line", "south", 0))))
    assert north.signing() == "ok" and north.store.size(NORTH_TALK) == 3
    north.say("I believe I said three things.")

    assert north.authored().log.epoch > 0
    assert north.leaves(NORTH_TALK) == hidden[:3]
    assert all(len(leaves) == 1 for leaves in ours_anywhere(world).values())


def test_an_answer_cannot_invent_what_we_never_signed() -> None:
    """The other side may not put words into our log (promise 4)."""
    world = said(1)
    north = world.north
    lose(north)
    north.do(north.core.link_up("cable", north.now, north.clock))
    north.hear(tail_answer(north, [head_of(NORTH_TALK, [b"invented"], by="south")]))

    assert [close.code for close in north.closed] == ["identity.signature"]
    assert north.signing() == "waiting" and not north.store.logs()


@pytest.mark.parametrize("fault", ["another key", "an older question"])
def test_an_answer_must_be_signed_and_be_to_our_own_question(fault: str) -> None:
    """A replayed answer from before the loss would hide everything since (promise 5)."""
    world = said(1)
    north = world.north
    lose(north)
    north.do(north.core.link_up("cable", north.now, north.clock))
    by, nonce = ("north", nonce_asked(north)) if fault == "another key" else ("", bytes(32))
    north.hear(tail_answer(north, [], nonce=nonce, by=by))

    assert north.signing() == "waiting"


def test_only_what_the_peer_proves_to_our_own_head_comes_back() -> None:
    """During the healing we store under our own name: every leaf must be one we signed (promise 4)."""
    world = said(3)
    north, south = world.sides
    real = south.leaves(NORTH_TALK)
    lose(north)
    north.do(north.core.link_up("cable", north.now, north.clock))
    north.hear(tail_answer(north, [head_of(NORTH_TALK, real)]))
    false = [*real[:2], b"never said"]
    north.hear(run_of(NORTH_TALK, false, head=head_of(NORTH_TALK, false, by="south")))
    north.hear(run_of(NORTH_TALK, false, head=head_of(NORTH_TALK, real)), link="radio")

    assert b"never said" not in north.leaves(NORTH_TALK)


def test_the_question_is_asked_again_until_it_is_answered() -> None:
    """A frame may be lost with its link; the node must not wait for ever."""
    world = said(1)
    north = world.north
    lose(north)
    north.do(north.core.link_up("cable", north.now, north.clock))
    first = nonce_asked(north)
    north.out.clear()
    north.pass_time(2.5)

    assert len(north.sent(Kind.TAIL_ASK)) >= 1 and nonce_asked(north) == first
    south = world.south
    south.do(south.core.link_up("cable", south.now, south.clock))
    world.links.add("cable")
    world.settle(3.0)
    north.out.clear()
    north.pass_time(30.0)
    assert north.signing() == "ok" and not north.sent(Kind.TAIL_ASK)


def test_both_machines_lost_begin_again_in_new_epochs_without_a_fork() -> None:
    """What both sides have lost is lost; the line goes on all the same (promise 5, docs/limits.md)."""
    world = said(3)
    for side in world.sides:
        lose(side)
    world.up()
    world.settle(3.0)

    assert world.north.signing() == world.south.signing() == "ok"
    assert not world.north.events(Fault) and not world.south.events(Fault)


def test_an_epoch_that_only_the_second_place_remembers_is_not_opened_again() -> None:
    """Put back twice, the clock set back, and nobody else has heard of what was said in between (promise 5).

    First found by seed 1340 of 2,000.
    """
    world = said(2)
    north, south = world.sides
    backup = north.store.snapshot()
    opened: list[set[LogId]] = []
    for name in ("2", "3"):
        north.store.restore(backup, name * 32)
        north.clock = Moment(500)
        before = set(north.store.logs())
        north.start()
        world.up()
        while north.signing() != "ok":
            for side, other in (world.sides, world.sides[::-1]):
                if side.out:
                    other.hear(side.out.popleft().frame)
        opened.append(set(north.store.logs()) - before)
        world.cut()  # before South has heard of the new epochs

    assert opened[0] and opened[1] and not opened[0] & opened[1]
    world.up()
    world.settle()
    assert not north.events(Fault) and not south.events(Fault)


def test_a_damaged_second_place_does_not_match() -> None:
    """It is a file like any other: what it cannot say it does not say, and the node waits for the other side."""
    world = said(1)
    heads: JsonInput = {"no log": [1, "00"]}
    for anchor in (b"\xff", b"[]", encode({"after": heads, "before": heads, "line": identity_of("north").line})):
        world.north.start(anchor=anchor)
        assert world.north.signing() == "waiting"


def test_what_the_other_side_said_it_holds_and_then_lost_too_is_not_waited_for_for_ever() -> None:
    """Its disk was put back just after it had answered: a node that goes on asking for that may never sign again.

    First found by seed 1858 of 2,000.
    """
    world = line()
    north, south = world.sides
    backups = {side: side.store.snapshot() for side in world.sides}
    for number in range(300):
        north.say(f"North {number}")
    world.settle()
    world.cut()
    north.store.restore(backups[north], "2" * 32)
    north.start()
    world.up()
    while north.signing() != "healing":
        for side, other in (world.sides, world.sides[::-1]):
            if side.out:
                other.hear(side.out.popleft().frame)
    world.cut()
    south.store.restore(backups[south], "3" * 32)
    south.start()
    world.up()
    world.settle(10.0)
    assert (north.signing(), north.restarts) == ("healing", 0)  # a bad link may bring it yet
    world.settle(30.0)
    assert (north.signing(), north.restarts) == ("waiting", 1)
    world.cut()
    north.start()
    world.up()
    world.settle()

    assert north.signing() == "ok"
    north.say("Here again.")
    world.settle()
    assert all(len(leaves) == 1 for leaves in ours_anywhere(world).values())
    assert not north.events(Fault) and not south.events(Fault)


def test_a_lost_machine_is_filled_at_the_speed_of_the_line() -> None:
    """We hold the lost machine's older cosignatures over all of it; they must not make us deaf to its new ones."""
    world = line()
    north, south = world.sides
    for number in range(limits.CREDIT_ENTRIES // 2 + 300):
        north.say(str(number))
    world.settle()
    world.cut()
    lose(south)
    world.up()
    world.settle(5.0)

    assert south.leaves(NORTH_TALK) == north.leaves(NORTH_TALK)


def ahead_and_lost() -> tuple[Line, list[bytes]]:
    """Give a line on which South holds two FLASH entries ahead of North's log, and North's machine is gone."""
    world = line()
    north, south = world.sides
    for number in range(400):
        north.say(f"Routine {number}")
    for text in ("Fire on board.", "Abandoning ship."):
        north.say(text, precedence="FLASH")
    for send in north.sent(Kind.AHEAD):
        south.hear(send.frame, lane=Lane.URGENT)
    leaves = north.leaves(NORTH_TALK)
    world.cut()
    lose(north)
    return world, leaves


def kept_as_lost(side: Side) -> dict[str, bytes]:
    """Give the entries that a side keeps beside its logs as parts of a lost tail."""
    return dict(side.store.values("lost-tail"))


@pytest.mark.parametrize("restart", [False, True], ids=["running on", "the other side restarted"])
def test_a_lost_machine_gets_back_what_the_other_side_holds_ahead_of_its_log(restart: bool) -> None:
    """They signed a receipt for it: nothing that was told safe is lost (promise 3), and its log never goes on (5)."""
    world, leaves = ahead_and_lost()
    north, south = world.sides
    if restart:
        south.start()
    world.up()
    world.settle(3.0)

    assert kept_as_lost(north) == {f"{NORTH_TALK.text}|{number:016d}": leaves[number] for number in (400, 401)}
    assert north.signing() == "ok" and north.store.size(NORTH_TALK) == 0
    north.say("Here again.")
    world.settle()
    assert north.authored().log.epoch > 0
    assert not north.events(Fault) and not south.events(Fault)


def test_what_was_given_back_opens_no_further_epoch_at_the_next_start() -> None:
    """Sixteen epochs are all a channel has: a loss must use up one, not one a start."""
    world, _ = ahead_and_lost()
    north = world.north
    world.up()
    world.settle(3.0)
    north.say("Here again.")
    world.settle()
    before = set(north.core.ledger.ours)
    for _ in range(3):
        world.cut()
        north.clock = Moment(north.clock + 60_000)
        north.start()
        world.up()
        world.settle(3.0)
        north.say("Still the same epoch.")
        world.settle()

    assert set(north.core.ledger.ours) == before


def test_a_cut_while_it_comes_back_only_delays_it() -> None:
    """Each link that comes up asks again for what is still missing."""
    world, _ = ahead_and_lost()
    north, south = world.sides
    world.up()
    while not any(send.frame[0] == Kind.BACK for send in north.out):
        for side, other in (world.sides, world.sides[::-1]):
            if side.out:
                other.hear(side.out.popleft().frame)
    world.cut()
    world.up()
    world.settle(3.0)

    assert len(kept_as_lost(north)) == 2 and not south.events(Fault)


def test_a_machine_rolled_back_with_its_second_place_learns_it_from_an_entry_held_ahead() -> None:
    """Store and second place of one snapshot match; only the other side can tell what was said since (promise 5)."""
    world = line()
    north, south = world.sides
    north.say("Both have this.")
    world.settle()
    world.cut()
    copy, place, name = north.store.snapshot(), north.anchor, north.store.identity().store
    world.links.add("cable")
    north.do(north.core.link_up("cable", north.now, north.clock))
    for number in range(400):
        north.say(f"Routine {number}")
    north.say("Fire on board.", precedence="FLASH")
    south.hear(north.sent(Kind.AHEAD)[-1].frame, lane=Lane.URGENT)
    north.do(north.core.link_down("cable", north.now, north.clock))
    world.links.clear()
    north.store.restore(copy, name)
    north.clock = Moment(north.clock + 60_000)
    north.start(anchor=place)
    assert north.signing() == "ok"
    world.up()
    world.settle(3.0)
    north.say("Said after the loss.")

    assert north.authored().log.epoch > 0
    assert len(kept_as_lost(north)) == 1


@pytest.mark.parametrize("lie", ["another entry", "another author", "not asked for"])
def test_nothing_comes_back_ahead_that_we_did_not_sign_or_ask_for(lie: str) -> None:
    """The other side may not put words into a lost tail either (promise 4)."""
    world, leaves = ahead_and_lost()
    north = world.north
    north.do(north.core.link_up("cable", north.now, north.clock))
    head = head_of(NORTH_TALK, leaves)
    north.hear(tail_answer(north, [], ahead=[] if lie == "not asked for" else [(401, head)]))
    said = [*leaves[:401], b"never said"] if lie != "not asked for" else leaves
    signed = head if lie == "another entry" else head_of(NORTH_TALK, said, by="south")
    north.hear(ahead_of(NORTH_TALK, said, 401, head=signed))

    assert not kept_as_lost(north)
    assert bool(north.closed) == (lie != "not asked for")
