"""A frozen log goes on in a new epoch that both operators agree to: one says how far it holds it, the other opens."""

from __future__ import annotations

import pytest
from tests.line.forge import run_of
from tests.line.sides import SOUTH_LINE, SOUTH_TALK, Line, Side, line

from parley.errors import Refused, Unavailable
from parley.line import Authored
from parley.record.entry import read_entry
from parley.record.names import LogId
from parley.record.tree import EMPTY_ROOT
from parley.subjects.standing import facts as standing


def frozen(log: LogId, *, later: int = 2) -> Line:
    """A line on which a copy of South's machine signed another entry; South does not know, and speaks on."""
    world = line()
    for number in range(3):
        world.south.say(f"South {number}")
    world.settle()
    leaves = world.south.leaves(log)
    world.north.hear(run_of(log, [*leaves[:-1], b"said by a copy"], len(leaves) - 1))
    world._fall()
    assert world.north.store.value("frozen", log.text) is not None
    world.up("cable")
    for number in range(later):
        world.south.say(f"South unheard {number}")
        world.south.wish(standing.list_person("south", f"new-{number}", name="New", role="delegate", binds=False))
    world.settle()
    return world


def end(side: Side, log: LogId) -> None:
    """Say how far a side holds a log of the other's."""
    size = side.store.size(log)
    side.wish(standing.end_log(log, size, (side.store.root_at(log, size) or EMPTY_ROOT).hex()), person="ann")


def renew(side: Side, log: LogId) -> None:
    """Let the author go on in the next epoch."""
    side.do(side.core.renew(log, "lin", side.now, side.clock))


def folded_alike(world: Line) -> None:
    """Both nodes answer for one cut with one digest, and so do they after a start."""
    for _ in range(2):
        cut = world.north.book.cut()
        assert world.north.book.digest(cut) == world.south.book.digest(cut)
        cut = world.south.book.cut()
        assert world.north.book.digest(cut) == world.south.book.digest(cut)
        for side in world.sides:
            side.start()
        world.up("cable")
        world.settle()


def newest(side: Side, channel: str) -> LogId:
    """Give South's newest log of a channel, as a side holds it."""
    return max(log for log in side.store.logs() if (log.channel, log.side) == (channel, "south"))


def test_a_frozen_log_goes_on_once_both_operators_have_agreed() -> None:
    """Until then nothing that South says there is taken in: the channel would be dead for ever (promise 5)."""
    world = frozen(SOUTH_TALK)
    north, south = world.sides
    held = north.store.size(SOUTH_TALK)
    assert held == 3 and south.store.size(SOUTH_TALK) == 5

    end(north, SOUTH_TALK)
    world.settle()
    renew(south, SOUTH_TALK)
    world.settle()
    south.say("Heard again.")
    world.settle()

    log = newest(north, "leaders")
    assert log.epoch > 0 and north.store.size(log) == 2
    opening = read_entry(north.leaves(log)[0])
    assert (opening.kind, opening.person, opening.body["reason"]) == ("log.opened", "lin", "agreed")
    previous = opening.body["previous"]
    assert isinstance(previous, list) and previous[:2] == [SOUTH_TALK.text, 5]
    assert [row.verdict for row in north.store.folds(log, 0, 2)] == ["valid", "valid"]
    assert north.store.size(SOUTH_TALK) == held, "what a fork has frozen stays as it is"
    assert south.held_at(log) == 2
    folded_alike(world)


def test_a_frozen_line_log_takes_the_other_channels_with_it_as_far_as_they_rest_on_it() -> None:
    """Else what South had said there since, naming a roster North never gets, would hold up the channel for ever."""
    world = frozen(SOUTH_LINE)
    north, south = world.sides
    assert north.store.folded(SOUTH_TALK) < north.store.size(SOUTH_TALK) == 5, "it waits for a past that never comes"

    end(north, SOUTH_LINE)
    world.settle()
    renew(south, SOUTH_LINE)
    world.settle()
    south.say("Heard again.")
    north.say("And we are.")
    world.settle()

    for channel in ("line", "leaders"):
        log = newest(north, channel)
        assert log.epoch > 0 and north.store.size(log) == south.store.size(log)
        assert {row.verdict for row in north.store.folds(log, 0, 100)} == {"valid"}
    assert read_entry(north.leaves(newest(north, "leaders"))[-1]).body["text"] == "Heard again."
    folded_alike(world)


def test_the_author_alone_cannot_open_it() -> None:
    """Otherwise a side that signed two histories would go on as if nothing had happened."""
    world = frozen(SOUTH_TALK)
    for log, code in ((SOUTH_TALK, "log.not-ended"), (LogId("leaders", "south", 7), "log.epoch")):
        with pytest.raises(Refused) as refused:
            renew(world.south, log)
        assert refused.value.code == code
    assert newest(world.south, "leaders") == SOUTH_TALK
    before = len(world.south.events(Authored))
    world.south.say("The old log still stands on our side.")
    assert len(world.south.events(Authored)) == before + 1 and world.south.authored().log == SOUTH_TALK


def test_an_end_that_is_not_of_our_history_is_not_gone_on_from() -> None:
    """We would name as ours what we never said."""
    world = frozen(SOUTH_TALK)
    world.north.wish(standing.end_log(SOUTH_TALK, 3, "ab" * 32), person="ann")
    world.settle()
    with pytest.raises(Refused) as refused:
        renew(world.south, SOUTH_TALK)
    assert refused.value.code == "log.other-history"


def test_a_log_is_ended_by_the_other_side_alone_and_once() -> None:
    """Its author says where it goes on; only who holds it can say how far."""
    world = frozen(SOUTH_TALK)
    with pytest.raises(Refused) as refused:
        world.south.wish(standing.end_log(SOUTH_TALK, 3, "ab" * 32), person="lin")
    assert refused.value.code == "log.own"
    end(world.north, SOUTH_TALK)
    with pytest.raises(Refused) as refused:
        end(world.north, SOUTH_TALK)
    assert refused.value.code == "log.again"


def test_nothing_is_opened_by_a_node_that_may_not_sign() -> None:
    """A restored one would make a second history of the opening."""
    world = frozen(SOUTH_TALK)
    end(world.north, SOUTH_TALK)
    world.settle()
    world.cut()
    world.south.start(anchor=b"{}")
    with pytest.raises(Unavailable):
        renew(world.south, SOUTH_TALK)


def test_an_opening_that_claims_an_agreement_nobody_gave_is_not_valid() -> None:
    """A liar's node says so without asking; the other reads the record."""
    world = frozen(SOUTH_TALK)
    south = world.south
    south.core.ledger.mark_lost(SOUTH_TALK, 3)
    south.core.ledger.book.let_go = lambda log: (3, "")  # type: ignore[attr-defined]
    south.core.ledger.book.judge = lambda entry: None  # type: ignore[method-assign]
    south.say("As if agreed.")
    world.settle()

    log = newest(world.north, "leaders")
    first = world.north.store.folds(log, 0, 1)[0]
    assert (first.verdict, first.reason.partition(":")[0]) == ("not-valid", "log.not-ended")


@pytest.mark.parametrize("log", [SOUTH_TALK, SOUTH_LINE])
def test_who_holds_more_of_a_log_than_they_said_when_they_ended_it_is_answered_with_as_much(log: LogId) -> None:
    """Their store was put back in between: less in our pasts than in theirs would make all we say not valid."""
    world = line()
    north, south = world.sides
    for number in range(5):
        south.say(f"South {number}")
        south.wish(standing.list_person("south", f"new-{number}", name="New", role="delegate", binds=False))
    world.settle()
    root = north.store.root_at(log, 3)
    assert root is not None
    north.wish(standing.end_log(log, 3, root.hex()), person="ann")
    world.settle()
    renew(south, log)
    north.say("North names all five.")
    world.settle()
    south.say("Heard again.")
    world.settle()

    for channel in ("line", "leaders"):
        renewed = newest(north, channel)
        assert {row.verdict for row in north.store.folds(renewed, 0, 100)} == {"valid"}
    assert read_entry(north.leaves(newest(north, "leaders"))[-1]).body["text"] == "Heard again."
    folded_alike(world)
