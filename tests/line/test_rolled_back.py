"""A whole machine is put back to a snapshot, second place and all, and speaks before it can know: the line goes on."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from tests.line.forge import run_of
from tests.line.sides import SOUTH_TALK, Line, Side, line

from parley import limits
from parley.record.entry import encode_entry, read_entry
from parley.record.names import LogId
from parley.subjects import Book
from parley.subjects.messages import MessageView
from parley.subjects.messages import facts as messages
from parley.subjects.standing import facts as standing


def rolled_back(*, line_too: bool) -> Line:
    """South said things that North answered; put back to before, it says others while no link is up."""
    world = line()
    north, south = world.sides
    south.say("Known to both.")
    world.settle()
    snapshot, anchor = copy.deepcopy(south.store), south.anchor
    for number in range(3):
        south.say(f"Forgotten by South {number}")
        if line_too:
            south.list_person(f"forgotten-{number}")
    world.settle()
    north.say("North has read that.")
    world.settle()
    world.cut()
    south.start(store=snapshot, anchor=anchor)
    assert south.signing() == "ok", "nothing here shows that it was put back"
    south.say("Said while nobody could tell.")
    if line_too:
        south.list_person("lonely")
    back(world)
    return world


def back(world: Line) -> None:
    """Links come back as often as they are closed: each other end that comes instead of ours closes one."""
    for _ in range(2 * limits.STRIKES_MAX):
        world.up(*{"cable", "radio"} - world.links)
        world.settle()


def talk(world: Line, rounds: int = 4) -> None:
    """Let both speak in turn, and start both anew in the middle."""
    for number in range(rounds):
        for side in world.sides:
            side.say(f"{side.us} afterwards {number}")
            world.settle()
        if number == rounds // 2:
            world.cut()
            for side in world.sides:
                side.start()
            back(world)


def texts(side: Side) -> set[str]:
    """Give the messages that somebody at this side's desk can read."""
    views = (side.book.view("leaders", row.subject) for row in side.book.thread("leaders", count=100))
    return {view.text for view in views if isinstance(view, MessageView)}


def verdicts(side: Side) -> set[tuple[str, str]]:
    """Give every verdict, with the code of its reason."""
    store = side.store
    rows = [row for log in store.logs() for row in store.folds(log, 0, store.size(log))]
    return {(row.verdict, row.reason.partition(":")[0]) for row in rows}


@pytest.mark.parametrize("line_too", [False, True])
def test_after_a_machine_was_rolled_back_both_go_on_to_hear_each_other(line_too: bool) -> None:
    """A log of which two ends were signed costs what was said at the other end, and not the channel (7)."""
    world = rolled_back(line_too=line_too)
    north, south = world.sides
    assert {side.signing() for side in world.sides} == {"ok"}
    talk(world)

    for side in world.sides:
        assert {f"{us} afterwards {number}" for us in ("north", "south") for number in range(4)} <= texts(side)
        assert "Known to both." in texts(side)
        assert verdicts(side) == {("valid", "")}
        assert all(side.store.folded(log) == side.store.size(log) for log in side.store.logs())
        cut, other = side.book.cut(), "south" if side is north else "north"
        afresh = Book(side.us, other, side.book.line, side.book.logs.reader)
        assert afresh.digest(cut) == side.book.digest(cut)
    assert "North has read that." in texts(south)
    assert "Said while nobody could tell." in texts(south) - texts(north)
    assert {f"Forgotten by South {number}" for number in range(3)} <= texts(north) - texts(south)


def test_what_the_other_side_said_of_words_that_were_forgotten_counts_there_alone() -> None:
    """South does not know the message that was acknowledged; it knows the one that came after."""
    world = line()
    north, south = world.sides
    snapshot, anchor = copy.deepcopy(south.store), south.anchor
    south.say("Forgotten.")
    world.settle()
    (subject,) = (row.subject for row in north.book.thread("leaders"))
    world.cut()
    south.start(store=snapshot, anchor=anchor)
    south.say("Said while nobody could tell.")
    back(world)
    view = north.book.view("leaders", subject)
    assert isinstance(view, MessageView)
    north.wish(messages.acknowledge("leaders", view.subject), person="ann")
    north.say("And this.")
    world.settle()

    log = LogId("leaders", "north", 0)
    assert [row.verdict for row in north.store.folds(log, 0, 9)] == ["valid", "valid"]
    assert [row.verdict for row in south.store.folds(log, 0, 9)] == ["not-valid", "valid"]
    assert "And this." in texts(south)


def test_a_copy_of_the_keys_that_spoke_first_does_not_end_the_channel() -> None:
    """North took in what a copy said in South's name; South itself then says something else, and both go on."""
    world = line()
    north, south = world.sides
    for number in range(3):
        south.say(f"South {number}")
    world.settle()
    leaves = south.leaves(SOUTH_TALK)
    last = read_entry(leaves[-1])
    copied = encode_entry(replace(last, number=len(leaves), subject=f"message/south/0/{len(leaves)}"))
    north.hear(run_of(SOUTH_TALK, [*leaves, copied], len(leaves)))
    north.say("North has read the copy's.")
    world.settle()
    south.say("South's own.")
    south.wish(standing.list_person("south", "new", name="New", role="delegate", binds=False))
    world.settle()
    world.cut()
    south.start()  # as its operator is told to do once North cosigns what South never said
    back(world)
    talk(world)

    for side in world.sides:
        assert {f"{us} afterwards {number}" for us in ("north", "south") for number in range(4)} <= texts(side)
