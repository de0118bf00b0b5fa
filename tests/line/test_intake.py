"""What a peer may try while its entries are taken in, and what becomes of it."""

from __future__ import annotations

import pytest
from tests.line.forge import ahead_of, cosigned_by_other, head_of, root_of, run_of, runs_of
from tests.line.sides import NORTH_TALK, SOUTH_TALK, Line, Side, identity_of, keys_of, line

from parley import limits
from parley.line import AheadArrived, Fault, Folded, Held, Received
from parley.line.frames import (
    Head,
    Kind,
    Receipt,
    Run,
    Standing,
    open_frame,
    read_progress,
    write_receipt,
    write_run,
    write_sealed,
    write_standing,
)
from parley.link import Lane
from parley.record.names import LogId
from parley.record.notes import receipt_message

X, Y = LogId("x", "south", 0), LogId("y", "south", 0)


def south_talks(count: int = 3) -> tuple[Line, list[bytes]]:
    """Give a line on which South said something, and its log."""
    world = line()
    for number in range(count):
        world.south.say(f"South {number}")
    world.settle()
    return world, world.south.leaves(SOUTH_TALK)


def codes(side: Side) -> list[str]:
    """Give the codes with which links were closed."""
    return [close.code for close in side.closed]


def state_of(side: Side) -> tuple[dict[LogId, int], int]:
    """Give what is on the disk, as far as a rejected frame must not change it."""
    return {log: side.store.size(log) for log in side.store.logs()}, len(side.events(Folded))


def test_a_gap_is_asked_for_and_nothing_of_it_is_kept() -> None:
    """Entries are stored in order or not at all: what came too early comes again (promise 3)."""
    world, _ = south_talks(0)
    north = world.north
    leaves = [b"zero", b"one", b"two", b"three"]
    before = state_of(north)
    north.hear(run_of(X, leaves, 2))
    assert state_of(north) == before and not north.closed
    _, reader, _ = open_frame(north.sent(Kind.PROGRESS)[-1].frame)
    assert read_progress(reader) == (X, 0, True)
    north.hear(run_of(X, leaves, 0))

    assert north.leaves(X) == leaves


def test_a_run_that_overlaps_gives_only_what_is_new() -> None:
    """After a cut the sender begins at what it knows we hold, which may be old (promise 3)."""
    world, _ = south_talks(0)
    leaves = [b"zero", b"one", b"two"]
    world.north.hear(run_of(X, leaves[:2]))
    world.north.hear(run_of(X, leaves, 1))

    assert world.north.leaves(X) == leaves and not world.north.closed


def test_a_run_that_goes_beyond_its_head_is_refused_whole() -> None:
    """What no signature covers could be denied by its author later."""
    world, _ = south_talks(0)
    before = state_of(world.north)
    world.north.hear(run_of(X, [b"zero", b"one"], head=head_of(X, [b"zero"])))

    assert codes(world.north) == ["line.size"] and state_of(world.north) == before


def test_a_run_that_does_not_hash_into_its_signed_head_is_refused_whole() -> None:
    """A leaf enters the record only when its author's signature covers it (promise 3); other logs go on (promise 7)."""
    world, _ = south_talks(0)
    before = state_of(world.north)
    world.north.hear(run_of(X, [b"zero", b"one"], head=head_of(X, [b"zero", b"other"])))

    assert state_of(world.north) == before and len(world.north.events(Fault)) == 1
    world.north.hear(run_of(Y, [b"elsewhere"]), link="radio")
    assert world.north.leaves(Y) == [b"elsewhere"]


def test_a_run_with_a_wrong_proof_to_its_head_is_refused_whole() -> None:
    """In the middle of a catch-up the proof stands in for the leaves to come."""
    world, _ = south_talks(0)
    leaves = [bytes([number]) for number in range(10)]
    before = state_of(world.north)
    proof = (bytes(32),) * 4
    frame = write_run(Run(head=head_of(X, leaves), first=0, proof=proof, leaves=tuple(leaves[:5])))
    world.north.hear(frame)

    assert state_of(world.north) == before and len(world.north.events(Fault)) == 1


def test_a_proven_part_of_a_longer_log_is_taken_and_cosigned_only_when_whole() -> None:
    """A cosignature says "exactly this, all of it": in the middle there is no head of that size to sign."""
    world, _ = south_talks(0)
    leaves = [bytes([number]) for number in range(10)]
    world.north.hear(run_of(X, leaves, 0, 5))
    assert world.north.leaves(X) == leaves[:5]
    assert world.north.store.newest_signature(X, "co-ed") is None
    world.north.hear(run_of(X, leaves, 5))

    cosigned = world.north.store.newest_signature(X, "co-ed")
    assert cosigned is not None and (cosigned.size, cosigned.root) == (10, root_of(leaves))


def test_a_head_signed_with_another_key_is_forged() -> None:
    """Nobody but its author may add to a log, our own side included (promise 4)."""
    world, _ = south_talks(0)
    before = state_of(world.north)
    leaves = [b"never said"]
    world.north.hear(run_of(X, leaves, head=head_of(X, leaves, by="north")))

    assert codes(world.north) == ["identity.signature"] and state_of(world.north) == before


def test_the_peer_cannot_write_our_logs() -> None:
    """A run of our own log is only taken while we asked for it after a loss (promise 4)."""
    world, _ = south_talks(0)
    world.north.say("Ours.")
    world.settle()
    before = state_of(world.north)
    leaves = [*world.north.leaves(NORTH_TALK), b"theirs"]
    world.north.hear(run_of(NORTH_TALK, leaves, 1))

    assert state_of(world.north) == before


def test_the_peer_cannot_write_for_a_third_side() -> None:
    """A line has two sides."""
    world, _ = south_talks(0)
    head = head_of(X, [b"x"])
    other = Head(log=LogId("x", "east", 0), size=1, root=head.root, signature=head.signature)
    world.north.hear(write_run(Run(head=other, first=0, proof=(), leaves=(b"x",))))

    assert codes(world.north) == ["line.log"]


@pytest.mark.parametrize("way", ["a run", "a standing"])
def test_two_signed_histories_freeze_that_log_and_keep_the_proof(way: str) -> None:
    """A fork is the one thing nobody can explain away: it is kept, and only that log stops (promise 5)."""
    world, leaves = south_talks(3)
    north = world.north
    forked = [*leaves[:2], b"another third entry"]
    frame = run_of(SOUTH_TALK, forked, 2)
    if way == "a standing":
        frame = write_standing(Standing(held=(), heads=(head_of(SOUTH_TALK, forked),)))
    north.hear(frame)

    assert codes(north) == ["line.fork"]
    assert [fault.code for fault in north.events(Fault)] == ["line.fork"]
    ((_, proof),) = north.store.values("fork")
    assert head_of(SOUTH_TALK, forked).root != north.store.root_at(SOUTH_TALK, 3) and len(proof) > 100
    assert north.leaves(SOUTH_TALK) == leaves
    north.hear(run_of(SOUTH_TALK, [*leaves, b"a fourth"], 3), link="radio")
    assert north.leaves(SOUTH_TALK) == leaves  # frozen
    north.hear(run_of(X, [b"elsewhere"]), link="radio")
    assert north.leaves(X) == [b"elsewhere"]  # the others go on


def test_a_frozen_log_stays_frozen_over_a_restart() -> None:
    """Otherwise a kill would let the second history in."""
    world, leaves = south_talks(3)
    world.north.hear(run_of(SOUTH_TALK, [*leaves[:2], b"another third entry"], 2))
    world.north.start()
    world.north.hear(run_of(SOUTH_TALK, [*leaves, b"a fourth"], 3), link="radio")

    assert world.north.leaves(SOUTH_TALK) == leaves
    assert len(world.north.store.values("fork")) == 1


def test_a_fork_that_nobody_signed_proves_nothing() -> None:
    """Otherwise anybody on the path could freeze a log with 32 random bytes."""
    world, leaves = south_talks(3)
    real = head_of(SOUTH_TALK, leaves)
    bad = Head(log=SOUTH_TALK, size=3, root=bytes(32), signature=real.signature)
    world.north.hear(write_standing(Standing(held=(), heads=(bad,))))

    assert codes(world.north) == ["identity.signature"]
    assert not world.north.store.values("fork") and world.north.store.value("frozen", SOUTH_TALK.text) is None


def test_an_urgent_entry_ahead_of_its_log_is_stored_shown_and_receipted_but_not_cosigned() -> None:
    """FLASH must not wait for what was said before it; a cosignature over a log that is not here would be a lie."""
    world, _ = south_talks(0)
    north = world.north
    leaves = [b"zero", b"one", b"two"]
    north.slow = True
    north.hear(ahead_of(X, leaves, 2), lane=Lane.URGENT)
    assert not north.sent(Kind.RECEIPT) and not north.events(AheadArrived)  # not before the disk (promise 2)
    north.land()

    assert len(north.sent(Kind.RECEIPT)) == 1
    assert [(event.log, event.number) for event in north.events(AheadArrived)] == [(X, 2)]
    assert north.store.size(X) == 0 and not north.sent(Kind.COSIGNED)
    north.hear(run_of(X, leaves))
    north.land()
    assert north.leaves(X) == leaves and not north.store.values("ahead")


def test_an_entry_held_ahead_is_told_again_after_a_restart() -> None:
    """Somebody may have been about to read it when the power failed (DESIGN 4)."""
    world, _ = south_talks(0)
    world.north.hear(run_of(X, [b"zero"]))
    world.north.hear(ahead_of(X, [b"zero", b"one", b"two"], 2))
    world.north.told.clear()
    world.north.start()

    assert [(event.log, event.number) for event in world.north.events(AheadArrived)] == [(X, 2)]


def test_an_entry_ahead_comes_twice_and_is_told_once() -> None:
    """It goes by every link."""
    world, _ = south_talks(0)
    frame = ahead_of(X, [b"zero", b"one"], 1)
    world.north.hear(frame, link="cable")
    world.north.hear(frame, link="radio")

    assert len(world.north.events(AheadArrived)) == 1 and not world.north.closed


def test_an_entry_ahead_without_its_proof_is_refused() -> None:
    """It would be shown as their word, which it is not."""
    world, _ = south_talks(0)
    good, other = ahead_of(X, [b"zero", b"one"], 1), b"forged"
    world.north.hear(good[:-3] + other)

    assert codes(world.north) == ["record.inclusion"]
    assert not world.north.events(AheadArrived) and not world.north.store.values("ahead")


def test_a_log_that_brings_another_entry_than_came_ahead_is_a_fork() -> None:
    """We signed a receipt for that entry: its author may not put another one in its place (promise 5)."""
    world, _ = south_talks(0)
    world.north.hear(ahead_of(X, [b"zero", b"one"], 1))
    world.north.hear(run_of(X, [b"zero", b"other"]))

    assert codes(world.north) == ["line.fork"]
    assert world.north.store.size(X) == 0
    assert world.north.store.value("frozen", X.text) is not None
    assert world.north.store.value("fork-ahead", f"{X.text}|{1:016d}") == ahead_of(X, [b"zero", b"other"], 1)
    assert len(world.north.store.values("ahead-proof")) == 1, "both signed heads are kept"


def test_a_late_copy_of_an_entry_ahead_is_a_repeat_and_another_entry_is_a_fork() -> None:
    """Each link brings its own copy, some of them after the log; a liar may send each link another story."""
    world, _ = south_talks(0)
    world.north.hear(run_of(X, [b"zero", b"one"]))
    world.north.hear(ahead_of(X, [b"zero", b"one"], 1), link="radio")
    assert not world.north.closed and world.north.store.value("frozen", X.text) is None

    world.north.hear(ahead_of(X, [b"zero", b"two"], 1), link="radio")
    assert codes(world.north) == ["line.fork"]
    assert world.north.store.value("fork-ahead", f"{X.text}|{1:016d}") == ahead_of(X, [b"zero", b"two"], 1)


def test_a_false_copy_of_an_entry_ahead_freezes_nothing() -> None:
    """Otherwise anybody's 32 random bytes on a broken link could stop a log."""
    world, _ = south_talks(0)
    world.north.hear(run_of(X, [b"zero", b"one"]))
    world.north.hear(ahead_of(X, [b"zero", b"one"], 1)[:-3] + b"two", link="radio")

    assert codes(world.north) == ["record.inclusion"]
    assert world.north.store.value("frozen", X.text) is None and not world.north.store.values("fork-ahead")


@pytest.mark.parametrize("restarted", [False, True])
def test_a_log_that_does_not_grow_into_the_head_of_what_came_ahead_is_a_fork(restarted: bool) -> None:
    """The urgent entry is the same in both; what was said around it is not."""
    world, _ = south_talks(0)
    north = world.north
    north.hear(ahead_of(X, [b"zero", b"one", b"two"], 1))
    if restarted:
        north.start()
    north.hear(run_of(X, [b"zero", b"one", b"other"]), link="radio")

    assert codes(north) == ["line.fork"]
    assert north.store.value("frozen", X.text) is not None
    assert len(north.store.values("fork")) == 1


def test_two_different_entries_ahead_at_one_place_are_kept_each_with_its_proof() -> None:
    """Each is under its author's signature: whoever sees both knows who said two things (promise 5)."""
    world, _ = south_talks(0)
    first, second = ahead_of(X, [b"zero", b"one"], 1), ahead_of(X, [b"zero", b"two"], 1)
    world.north.hear(first)
    world.north.hear(second, link="radio")

    assert codes(world.north) == ["line.fork"]
    store, key = world.north.store, f"{X.text}|{1:016d}"
    proof, kept = store.value("ahead-proof", key), store.value("ahead", key)
    assert proof is not None and kept is not None and proof + kept[32:] == first
    assert store.value("fork-ahead", key) == second


def test_entries_ahead_of_a_log_are_bounded() -> None:
    """What waits outside its log is memory that the peer fills."""
    world, _ = south_talks(0)
    leaves = [bytes([number]) for number in range(limits.AHEAD_ENTRIES_MAX + 2)]
    for number in range(1, limits.AHEAD_ENTRIES_MAX + 1):
        world.north.hear(ahead_of(X, leaves, number))
    assert not world.north.closed
    world.north.hear(ahead_of(X, leaves, limits.AHEAD_ENTRIES_MAX + 1))

    assert not world.north.closed, "an honest side may write this many in an outage; the rest comes with its log"
    assert len(world.north.store.values("ahead")) == limits.AHEAD_ENTRIES_MAX


def test_a_cosignature_over_another_root_is_not_taken() -> None:
    """It would be shown as delivery of what was never delivered."""
    world, _ = south_talks(0)
    world.cut()
    world.north.say("Ours.")
    other = root_of([b"not ours"])
    world.north.hear(cosigned_by_other(NORTH_TALK, 1, other, 1_795_428_000), link="radio")

    assert not [held for held in world.north.events(Held) if held.log == NORTH_TALK]
    assert world.north.held_at(NORTH_TALK) == 0


def test_a_cosignature_beyond_what_we_wrote_is_passed_by() -> None:
    """After a restore an honest peer holds more than we do: the tail answer deals with that."""
    world, _ = south_talks(0)
    world.north.hear(cosigned_by_other(NORTH_TALK, 7, bytes(32), 1_795_428_000))

    assert not world.north.closed and world.north.held_at(NORTH_TALK) == 0


def test_our_own_signature_is_no_cosignature() -> None:
    """Delivery is the other side's word."""
    world, _ = south_talks(0)
    world.cut()
    world.north.say("Ours.")
    root = root_of(world.north.leaves(NORTH_TALK))
    world.north.hear(cosigned_by_other(NORTH_TALK, 1, root, 1_795_428_000, key_of="north"), link="radio")

    assert codes(world.north) == ["identity.signature"] and world.north.held_at(NORTH_TALK) == 0


def test_an_ml_dsa_signature_that_comes_before_its_entries_waits_for_them() -> None:
    """Seals go by every link, runs by one: the seal may overtake."""
    world, leaves = south_talks(0)
    world.south.say("Sealed.")
    world.settle()
    leaves = world.south.leaves(SOUTH_TALK)
    row = world.south.store.newest_signature(SOUTH_TALK, "own-pq")
    assert row is not None
    fresh = line()
    fresh.north.hear(write_sealed([Head(log=SOUTH_TALK, size=1, root=row.root, signature=row.signature)]))
    fresh.north.hear(run_of(SOUTH_TALK, leaves))
    fresh.north.pass_time(0.2)

    kept = fresh.north.store.newest_signature(SOUTH_TALK, "own-pq")
    assert kept is not None and kept.size == 1 and not fresh.north.closed


def test_a_forged_ml_dsa_signature_closes_the_link() -> None:
    """Two suites are worth two checks (promise 10)."""
    world, _ = south_talks(1)
    root = world.north.store.root_at(SOUTH_TALK, 1)
    assert root is not None
    world.north.hear(write_sealed([Head(log=SOUTH_TALK, size=1, root=root, signature=bytes(2420))]))

    assert codes(world.north) == ["identity.signature"]


def test_a_receipt_for_another_entry_or_by_another_key_is_refused() -> None:
    """A receipt is shown as "on their disk": it must name exactly our entry and be theirs."""
    world, _ = south_talks(0)
    world.cut()
    north = world.north
    north.say("Ours.")
    id = north.store.ids(NORTH_TALK, 0, 1)[0]
    line_id = identity_of("north").line
    for claimed, key in ((bytes(32), "south"), (id, "north")):
        signature = keys_of(key).cosign.sign(receipt_message(line_id, NORTH_TALK, 0, claimed, 9))
        north.hear(write_receipt(Receipt(log=NORTH_TALK, number=0, id=claimed, at_s=9, signature=signature)), link=key)
    assert codes(north) == ["line.root", "identity.signature"] and not north.events(Received)
    signature = keys_of("south").cosign.sign(receipt_message(line_id, NORTH_TALK, 0, id, 9))
    good = write_receipt(Receipt(log=NORTH_TALK, number=0, id=id, at_s=9, signature=signature))
    north.hear(good)
    north.pass_time(0.2)
    north.hear(good)

    assert [(event.log, event.number) for event in north.events(Received)] == [(NORTH_TALK, 0)]


def test_more_entries_in_flight_than_were_granted_close_the_link() -> None:
    """Entries whose commit is under way are memory; a peer that outruns a slow disk must be stopped somewhere."""
    world, _ = south_talks(0)
    north = world.north
    north.slow = True
    north.list_person("zed")  # a commit under way that never ends
    leaves = [number.to_bytes(4, "big") for number in range(2 * limits.CREDIT_ENTRIES + limits.RUN_ENTRIES_MAX)]
    for frame in runs_of(X, leaves, limits.RUN_ENTRIES_MAX):
        assert not north.closed
        north.hear(frame)

    assert codes(north) == ["line.credit"]


def test_faults_kept_as_evidence_are_bounded() -> None:
    """A hostile peer may fill neither the disk nor the list."""
    world, _ = south_talks(0)
    north = world.north
    for number in range(limits.FAULTS_KEPT_MAX + 20):
        north.hear(b"\x7f", link=f"link{number}")

    assert len(north.store.values("fault", count=5_000)) == limits.FAULTS_KEPT_MAX
    assert len(north.events(Fault)) == limits.FAULTS_KEPT_MAX + 20
