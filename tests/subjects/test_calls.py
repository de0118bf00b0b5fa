"""Calls: who may say what, and one state on both sides whatever crossed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from tests.subjects.pair import Node, meet, pair, refusal
from tests.subjects.test_crossed import Scene, assert_same

from parley.errors import Refused
from parley.record.names import LogId, Ref
from parley.subjects import CALLS_OF, Fact
from parley.subjects.calls import CallView, facts
from parley.subjects.channels import facts as channels
from parley.subjects.crossed import crossed

SESSION = "5e" * 16


def lift(north: Node) -> tuple[str, Ref]:
    """North lifts; gives the call."""
    ref = north.say(
        facts.place("leaders", session=SESSION, language="en", purpose="The buoy"), "ann", precedence="FLASH"
    )
    return f"call/north/0/{ref.number}", ref


def ringing() -> tuple[Node, Node, str]:
    """Both nodes hold a call of North's that rings at South's desks."""
    north, south = pair()
    subject, _ = lift(north)
    meet(north, south)
    south.say(facts.ring("leaders", subject, 2), "")
    meet(north, south)
    return north, south, subject


def call(node: Node, subject: str) -> CallView:
    view = node.book.view("leaders", subject)
    assert isinstance(view, CallView)
    return view


def test_a_call_is_placed_rings_is_answered_by_name_and_ends() -> None:
    """Everything about a call except its sound is in the record (DESIGN 5)."""
    north, south, subject = ringing()
    assert call(north, subject).state == "ringing" and call(north, subject).rings_at
    south.say(facts.answer("leaders", subject), "lin")
    meet(north, south)
    view = call(north, subject)
    assert (view.state, view.taken_by, view.there) == ("active", "lin", (("north", "ann"), ("south", "lin")))
    south.say(facts.join("leaders", subject), "mei")
    meet(north, south)
    south.say(facts.leave("leaders", subject), "lin")
    meet(north, south)
    assert call(north, subject).there == (("north", "ann"), ("south", "mei"))
    north.say(facts.end("leaders", subject, "hung-up"), "ann")
    meet(north, south)
    person = {"person": "ann", "from": "2026-11-23T10:00:00.000Z", "to": "2026-11-23T10:01:00.000Z", "frames": 3_000,
              "missing": 1}  # fmt: skip
    south.say(facts.note_heard("leaders", subject, [dict(person)]), "")
    meet(north, south)
    view = call(north, subject)
    assert (view.state, view.ended_by, view.end_reason) == ("ended", "ann", "hung-up")
    assert [(one.by, one.person, one.frames, one.missing) for one in view.heard] == [("south", "ann", 3_000, 1)]
    assert_same(north, south)


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (lambda s: facts.decline("leaders", s), "declined"),
        (lambda s: facts.decline("leaders", s, "In a meeting."), "declined"),
        (lambda s: facts.later("leaders", s, "2026-11-23T12:00:00.000Z"), "later"),
    ],
)
def test_a_call_that_was_not_taken_leaves_room_for_urgent_words(fact: Callable[[str], Fact], state: str) -> None:
    """Whoever is refused can still be heard: one statement, of at most 200 words."""
    north, south, subject = ringing()
    said = facts.leave_statement("leaders", subject, text="Do not fire.", language="en")
    assert refusal(north, said, "ann") == "calls.state"
    south.say(fact(subject), "lin")
    meet(north, south)
    assert call(north, subject).state == state
    long = facts.leave_statement("leaders", subject, text="word " * 201, language="en")
    assert refusal(north, long, "ann") == "codec.field"
    north.say(said, "ann")
    meet(north, south)
    assert call(south, subject).statement == "Do not fire."
    assert refusal(north, said, "ann") == "calls.again"


def test_each_side_says_only_what_is_its_own_to_say() -> None:
    """The caller must not be able to answer its own call, nor the called side to give it up (promise 1)."""
    north, south, subject = ringing()
    for fact in (facts.answer("leaders", subject), facts.decline("leaders", subject)):
        assert refusal(north, fact, "ann") == "calls.side"
    assert refusal(south, facts.end("leaders", subject, "given-up"), "lin") == "calls.side"
    assert refusal(south, facts.ring("leaders", subject, 1), "") == "calls.again"
    assert refusal(north, facts.join("leaders", subject), "bob") == "calls.state"
    assert refusal(south, facts.answer("leaders", subject), "lin", status="exercise") == "calls.status"
    north.say(facts.end("leaders", subject, "given-up"), "ann")
    meet(north, south)
    assert call(south, subject).state == "unanswered"
    assert refusal(south, facts.answer("leaders", subject), "lin") == "calls.state"


CALLED: dict[str, Callable[[str], Fact]] = {
    "call.ringing": lambda s: facts.ring("leaders", s, 1),
    "call.answered": lambda s: facts.answer("leaders", s),
    "call.declined": lambda s: facts.decline("leaders", s),
    "call.later": lambda s: facts.later("leaders", s, "2026-11-23T12:00:00.000Z"),
}
AFTER = {"both-stand": "unanswered", "missed": "missed", "called-side": ("declined", "later")}


@pytest.mark.parametrize("called", CALLED)
def test_whatever_crossed_the_giving_up_both_sides_see_one_state(called: str) -> None:
    """A call must never end in two different states on the two sides (promise 6)."""
    north, south = pair()
    subject, _ = lift(north)
    meet(north, south)
    Scene(north, south).cross(facts.end("leaders", subject, "given-up"), CALLED[called](subject))
    result = crossed(called, "call.ended")
    assert result is not None
    assert call(north, subject) == call(south, subject)
    assert call(north, subject).state in AFTER[result.word]


def test_both_hang_up_at_once_and_a_third_joins_meanwhile() -> None:
    """Ends crossed by an end or a joining leave one state."""
    for joins in (True, False):
        north, south, subject = ringing()
        south.say(facts.answer("leaders", subject), "lin")
        meet(north, south)
        theirs = facts.join("leaders", subject) if joins else facts.end("leaders", subject, "hung-up")
        Scene(north, south).cross(facts.end("leaders", subject, "hung-up"), theirs, lin="mei" if joins else "lin")
        assert call(north, subject).state == call(south, subject).state == "ended"


def test_two_who_lift_at_once_have_two_calls_and_each_answers_the_other_s() -> None:
    """Glare: both placed stand; lifting while the other rings answers it, and one is then merged into the other."""
    north, south = pair()
    scene = Scene(north, south)
    mine, theirs = (facts.place("leaders", session=hexes * 16, language="en") for hexes in ("aa", "bb"))
    ours = north.say(mine, "ann", precedence="FLASH")
    other = south.say(theirs, "lin", precedence="FLASH")
    meet(north, south)
    scene.cross(
        facts.answer("leaders", f"call/south/0/{other.number}"), facts.answer("leaders", f"call/north/0/{ours.number}")
    )
    for subject in (f"call/north/0/{ours.number}", f"call/south/0/{other.number}"):
        assert call(north, subject).state == call(south, subject).state == "active"
    south.say(facts.end("leaders", f"call/south/0/{other.number}", "merged", (ours,)), "")
    meet(north, south)
    assert call(north, f"call/south/0/{other.number}").end_reason == "merged"


def test_the_order_in_which_the_acts_of_a_call_arrive_changes_nothing() -> None:
    """Fold on equals fold afresh, for every order of both logs (promise 6)."""
    north, south, subject = ringing()
    south.say(facts.answer("leaders", subject), "lin")
    north.say(facts.end("leaders", subject, "given-up"), "ann")
    meet(north, south)
    topic = north.book._shelf.topic("leaders", subject)
    assert topic is not None
    from parley.subjects.acts import Topic
    from parley.subjects.calls.view import fold

    for order in permutations(topic.acts):
        again = Topic(fold)
        for act in order:
            again.add(act)
        assert again.view() == topic.view()


def test_a_suspended_channel_takes_no_call_and_lets_one_end() -> None:
    """Suspension must not leave a line open that nobody may close."""
    north, south, subject = ringing()
    south.say(facts.answer("leaders", subject), "lin")
    meet(north, south)
    south.say(channels.suspend("leaders", "Enough."), "lin")
    meet(north, south)
    with pytest.raises(Refused):
        lift(north)
    north.say(facts.end("leaders", subject, "hung-up"), "ann")
    meet(north, south)
    assert call(south, subject).state == "ended"


def test_a_call_names_one_meeting_of_its_channel_or_nothing() -> None:
    """Which meeting a call was part of is said once, by who placed it, and by both nodes found the same."""
    north, south = pair()
    here, there = (Ref(LogId(channel, "north", 0), 4, "ab" * 32) for channel in ("leaders", "line"))
    fact = facts.place("leaders", session=SESSION, language="en", meeting=there)
    assert refusal(north, fact, "ann", precedence="ROUTINE") == "calls.names-one"
    twice = replace(fact, refs=(here, here))
    assert refusal(north, twice, "ann", precedence="ROUTINE") == "calls.names-one"
    ref = north.say(replace(fact, refs=(here,)), "ann", precedence="ROUTINE")
    meet(north, south)
    for node in (north, south):
        assert node.store.values(CALLS_OF, prefix="leaders|meeting/north/0/4|") == [
            (f"leaders|meeting/north/0/4|call/north/0/{ref.number}", b"1")
        ]
