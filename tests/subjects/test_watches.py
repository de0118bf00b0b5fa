"""The watch and the roll-call: who may say what, and one state on both sides whatever crossed."""

from __future__ import annotations

from itertools import permutations

from tests.subjects.pair import Node, meet, pair, refusal
from tests.subjects.test_crossed import Scene, assert_same

from parley import limits
from parley.record.names import Ref
from parley.subjects.acts import Topic
from parley.subjects.crossed import crossed
from parley.subjects.watches import RollView, WatchView, facts
from parley.subjects.watches.view import fold_roll
from parley.times import Moment, moment_text


def watch(node: Node, subject: str) -> WatchView:
    view = node.book.view("line", subject)
    assert isinstance(view, WatchView)
    return view


def roll(node: Node, subject: str) -> RollView:
    view = node.book.view("line", subject)
    assert isinstance(view, RollView)
    return view


def taken(south: Node, person: str = "lin") -> str:
    return f"watch/south/0/{south.say(facts.take('leaders'), person).number}"


def asked(node: Node, person: str = "", seconds: int = 3) -> tuple[str, Ref]:
    """Ask the other side; each entry of a node is a second after the one before."""
    ref = node.say(facts.ask("leaders", moment_text(Moment(node.clock + 1000 + seconds * 1000))), person)
    return f"roll/{node.us}/0/{ref.number}", ref


def test_a_watch_is_taken_handed_over_and_left_and_both_sides_see_since_when() -> None:
    """The other side must see that somebody is there, since when, and when the watch was handed over (issue B, 2)."""
    north, south = pair()
    subject = taken(south)
    meet(north, south)
    view = watch(north, subject)
    assert (view.there, view.person, view.since, view.handed_over_at) == (True, "lin", view.person_since, "")
    south.say(facts.hand_over(subject), "mei")
    meet(north, south)
    after = watch(north, subject)
    assert (after.there, after.person, after.since) == (True, "mei", view.since)
    assert after.handed_over_at == after.person_since > view.since
    south.say(facts.leave(subject, "lapsed"), "")
    meet(north, south)
    assert (watch(north, subject).there, watch(north, subject).end_reason) == (False, "lapsed")
    assert refusal(south, facts.hand_over(subject), "lin") == "watches.state"
    assert_same(north, south)


def test_nobody_speaks_of_the_other_sides_watch() -> None:
    """Whether somebody is there is for their own side to say (promise 1)."""
    north, south = pair()
    subject = taken(south)
    meet(north, south)
    for fact in (facts.hand_over(subject), facts.leave(subject, "left")):
        assert refusal(north, fact, "ann") == "watches.side"


def test_somebody_whom_the_roster_does_not_list_has_the_watch_without_a_name() -> None:
    """That somebody is there is for both to know; who it is, only where their side publishes it."""
    north, south = pair()
    assert refusal(south, facts.take("leaders"), "wu") == "subjects.listed"
    subject = taken(south, "")
    meet(north, south)
    assert (watch(north, subject).there, watch(north, subject).person) == (True, "")


def test_a_watch_that_was_handed_over_very_often_is_taken_anew() -> None:
    """The folding of one subject stays bounded, whatever a peer writes."""
    _, south = pair()
    subject = taken(south)
    for number in range(limits.MESSAGE_FACTS_MAX - 1):
        south.say(facts.hand_over(subject), ("lin", "mei")[number % 2])
    assert refusal(south, facts.hand_over(subject), "lin") == "watches.full"
    south.say(facts.leave(subject, "left"), "lin")


def test_a_roll_call_is_answered_by_name_once() -> None:
    """A machine that is up is not a person who is there: a person presses the key."""
    north, south = pair()
    subject, _ = asked(north, "ann")
    meet(north, south)
    assert refusal(north, facts.answer(subject), "ann") == "rolls.side"
    assert refusal(south, facts.answer(subject), "") == "subjects.person"
    south.say(facts.answer(subject), "mei")
    meet(north, south)
    view = roll(north, subject)
    assert (view.state, view.answered_by, view.answered_at > view.at) == ("answered", "mei", True)
    assert refusal(south, facts.answer(subject), "lin") == "rolls.again"
    assert refusal(north, facts.unanswered(subject), "") == "rolls.again"


def test_unanswered_is_said_by_the_asker_only_after_its_time() -> None:
    """Nobody may say of the other side that it was silent before the time it was given has passed."""
    north, south = pair()
    for seconds in (0, -1, limits.ROLL_ANSWER_S_MAX + 1):
        told = facts.ask("leaders", moment_text(Moment(north.clock + 1000 + seconds * 1000)))
        assert refusal(north, told, "") == "rolls.time"
    subject, _ = asked(north)
    meet(north, south)
    assert refusal(north, facts.unanswered(subject), "") == "rolls.early"
    assert refusal(south, facts.unanswered(subject), "") == "rolls.side"
    north.clock += 3000
    north.say(facts.unanswered(subject), "")
    meet(north, south)
    assert roll(south, subject).state == "unanswered"
    south.say(facts.answer(subject), "lin")  # somebody came back
    meet(north, south)
    assert (roll(north, subject).state, roll(north, subject).answered_by) == ("late", "lin")


def test_an_answer_that_crossed_the_word_that_none_came_is_late_on_both_sides() -> None:
    """Both told the truth as they saw it; neither may be shown as silent."""
    north, south = pair()
    subject, _ = asked(north)
    meet(north, south)
    north.clock += 5000
    Scene(north, south).cross(facts.unanswered(subject), facts.answer(subject))
    result = crossed("roll.answered", "roll.unanswered")
    assert result is not None and result.word == "late"
    assert roll(north, subject) == roll(south, subject)
    assert roll(north, subject).state == result.word
    topic = north.book._shelf.topic("line", subject)
    assert topic is not None
    for order in permutations(topic.acts):
        again = Topic(fold_roll)
        for act in order:
            again.add(act)
        assert again.view() == topic.view()


def test_roll_calls_that_crossed_are_two_and_each_is_answered() -> None:
    """Both sides asked at once: an answer to one is none to the other."""
    north, south = pair()
    scene = Scene(north, south)
    soon = [facts.ask("leaders", moment_text(Moment(node.clock + 60_000))) for node in (north, south)]
    ours, theirs = scene.cross(*soon)
    mine, yours = f"roll/north/0/{ours.number}", f"roll/south/0/{theirs.number}"
    scene.cross(facts.answer(yours), facts.answer(mine))
    for node in (north, south):
        assert (roll(node, mine).answered_by, roll(node, yours).answered_by) == ("lin", "ann")


def test_watches_taken_at_once_by_both_sides_both_stand() -> None:
    """Each side has its own."""
    north, south = pair()
    ours, theirs = Scene(north, south).cross(facts.take("leaders"), facts.take("leaders"))
    assert watch(south, f"watch/north/0/{ours.number}").person == "ann"
    assert watch(north, f"watch/south/0/{theirs.number}").person == "lin"
