"""Emergency stops: every state with every input, one state on both sides whatever crossed, and never suspended."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest
from tests.subjects.pair import Node, meet, pair, refusal
from tests.subjects.test_crossed import Scene, assert_same

from parley import limits
from parley.record.names import Ref
from parley.subjects import Fact
from parley.subjects.acts import Topic
from parley.subjects.channels import facts as channels
from parley.subjects.crossed import crossed
from parley.subjects.stops import StopView, facts
from parley.subjects.stops.view import fold

WHAT = {"what": "Shelling of our post", "where": "Hill 12", "since": "2026-09-21T00:00:00.000Z", "language": "en"}
OTHER = {"what": "Shelling of our post", "where": "Hill 21", "since": "", "language": "en"}
STOPPED = "2026-09-21T00:04:00.000Z"
STATES = ("raised", "taken", "read-back", "confirmed", "effected", "not-possible", "withdrawn", "corrected")


def say(node: Node, fact: Fact, person: str = "", **changes: object) -> Ref:
    who = person or {"north": "ann", "south": "lin"}[node.us]
    by = "" if fact.kind == "stop.ringing" else who
    return node.say(fact, by, precedence="FLASH", **changes)


def refused(node: Node, fact: Fact, **changes: object) -> str:
    by = "" if fact.kind == "stop.ringing" else {"north": "ann", "south": "lin"}[node.us]
    return refusal(node, fact, by, **{"precedence": "FLASH", **changes})


def stop(node: Node, subject: str, channel: str = "leaders") -> StopView:
    view = node.book.view(channel, subject)
    assert isinstance(view, StopView)
    return view


def raised(channel: str = "leaders") -> tuple[Node, Node, str]:
    """North raises a stop, and South holds it."""
    north, south = pair()
    ref = say(north, facts.raise_stop(channel, **WHAT))
    meet(north, south)
    return north, south, f"stop/north/0/{ref.number}"


def at(state: str) -> tuple[Node, Node, str]:
    """Give both nodes with a stop of North's in this state."""
    north, south, subject = raised()
    if state != "raised":
        say(south, facts.take("leaders", subject))
    if state in ("read-back", "confirmed", "corrected"):
        say(south, facts.read_back("leaders", subject, "Stop the shelling of hill 12."))
        meet(north, south)
    if state == "confirmed":
        reading = stop(north, subject).reading
        assert reading is not None
        say(north, facts.confirm("leaders", subject, reading.ref))
    elif state == "effected":
        say(south, facts.effect("leaders", subject, STOPPED))
    elif state == "not-possible":
        say(south, facts.not_possible("leaders", subject, "The battery does not answer."))
    elif state == "withdrawn":
        meet(north, south)
        say(north, facts.withdraw("leaders", subject, "Sent in error."))
    elif state == "corrected":
        say(north, facts.correct("leaders", subject, **OTHER))
    meet(north, south)
    return north, south, subject


def test_a_stop_is_taken_read_back_confirmed_and_effected() -> None:
    """In 2016 a caller waited 27 minutes for the right officer: whoever answers takes it."""
    north, south, subject = raised()
    say(south, facts.ring("leaders", subject, 2))
    say(south, facts.take("leaders", subject))
    say(south, facts.reach("leaders", subject, "General Lin, by telephone"), "mei")
    say(south, facts.read_back("leaders", subject, "Stop the shelling of hill 12."), "mei")
    meet(north, south)
    view = stop(north, subject)
    assert (view.state, view.taken and view.taken.person, view.reached and view.reached.text) == (
        "read-back", "lin", "General Lin, by telephone",
    )  # fmt: skip
    assert view.rings_at and view.reading is not None
    say(north, facts.confirm("leaders", subject, view.reading.ref), "bob")
    meet(north, south)
    assert stop(south, subject).state == "confirmed"
    say(south, facts.effect("leaders", subject, STOPPED, "All tubes."))
    meet(north, south)
    view = stop(north, subject)
    assert (view.state, view.effected and view.effected.text, view.note) == ("effected", STOPPED, "All tubes.")
    assert not view.open
    assert_same(north, south)


# What each state allows: which side, and what its view is then; a code where it is refused.
R, C = "north", "south"
INPUTS: dict[str, tuple[str, Callable[[str, Ref], Fact]]] = {
    "ringing": (C, lambda s, _: facts.ring("leaders", s, 1)),
    "taken": (C, lambda s, _: facts.take("leaders", s)),
    "read-back": (C, lambda s, _: facts.read_back("leaders", s, "Stop.")),
    "confirmed": (R, lambda s, ref: facts.confirm("leaders", s, ref)),
    "corrected": (R, lambda s, _: facts.correct("leaders", s, **OTHER)),
    "reached": (C, lambda s, _: facts.reach("leaders", s, "The general")),
    "effected": (C, lambda s, _: facts.effect("leaders", s, STOPPED)),
    "not-possible": (C, lambda s, _: facts.not_possible("leaders", s, "No.")),
    "withdrawn": (R, lambda s, _: facts.withdraw("leaders", s)),
}
GONE = dict.fromkeys(INPUTS, "stops.withdrawn")
TABLE: dict[str, dict[str, str]] = {
    "raised": {
        "ringing": "raised", "taken": "taken", "read-back": "read-back", "confirmed": "stops.names-one",
        "corrected": "raised", "reached": "taken", "effected": "effected", "not-possible": "not-possible",
        "withdrawn": "withdrawn",
    },
    "taken": {
        "ringing": "taken", "taken": "stops.taken", "read-back": "read-back", "confirmed": "stops.names-one",
        "corrected": "taken", "reached": "taken", "effected": "effected", "not-possible": "not-possible",
        "withdrawn": "withdrawn",
    },
    "read-back": {
        "ringing": "read-back", "taken": "stops.taken", "read-back": "read-back", "confirmed": "confirmed",
        "corrected": "taken", "reached": "read-back", "effected": "effected", "not-possible": "not-possible",
        "withdrawn": "withdrawn",
    },
    "confirmed": {
        "ringing": "confirmed", "taken": "stops.taken", "read-back": "stops.state", "confirmed": "stops.again",
        "corrected": "taken", "reached": "confirmed", "effected": "effected", "not-possible": "not-possible",
        "withdrawn": "withdrawn",
    },
    "effected": {
        "ringing": "effected", "taken": "stops.taken", "read-back": "effected", "confirmed": "stops.names-one",
        "corrected": "taken", "reached": "effected", "effected": "stops.state", "not-possible": "stops.state",
        "withdrawn": "withdrawn",
    },
    "not-possible": {
        "ringing": "not-possible", "taken": "stops.taken", "read-back": "not-possible", "confirmed": "stops.names-one",
        "corrected": "taken", "reached": "not-possible", "effected": "effected", "not-possible": "not-possible",
        "withdrawn": "withdrawn",
    },
    "withdrawn": GONE,
    "corrected": {
        "ringing": "taken", "taken": "stops.taken", "read-back": "read-back", "confirmed": "stops.earlier",
        "corrected": "taken", "reached": "taken", "effected": "effected", "not-possible": "not-possible",
        "withdrawn": "withdrawn",
    },
}  # fmt: skip


@pytest.mark.parametrize("given", INPUTS)
@pytest.mark.parametrize("state", STATES)
def test_every_state_with_every_input(state: str, given: str) -> None:
    """What a person may say at each moment is one table; whoever is not in it is refused by name."""
    north, south, subject = at(state)
    side, fact_of = INPUTS[given]
    node, other = (north, south) if side == R else (south, north)
    view = stop(node, subject)
    ref = view.read_backs[-1].ref if view.read_backs else view.ref
    fact, expected = fact_of(subject, ref), TABLE[state][given]
    if given != "ringing":  # whoever is not the side for it has no say in any state
        assert refused(other, fact) == "stops.side"
    if expected.startswith("stops."):
        assert refused(node, fact) == expected
        assert stop(node, subject) == view
        return
    say(node, fact)
    meet(north, south)
    assert stop(north, subject).state == stop(south, subject).state == expected
    assert_same(north, south)


CALLED = ("ringing", "taken", "read-back", "reached", "effected", "not-possible")


@pytest.mark.parametrize(
    ("called", "raising"),
    [
        (called, raising)
        for called in CALLED
        for raising in ("confirmed", "corrected", "withdrawn")
        if (called, raising) != ("taken", "confirmed")  # there is nothing to confirm before it is taken
    ],
)
def test_whatever_crossed_both_sides_see_one_state(called: str, raising: str) -> None:
    """A report about hill 12 that crossed "not 12, hill 21" must not pass for hill 21 (promise 6)."""
    north, south, subject = raised() if called == "taken" else at("taken")
    if called != "taken":
        say(south, facts.read_back("leaders", subject, "Stop the shelling of hill 12."))
        meet(north, south)
    view = stop(north, subject)
    ours = INPUTS[raising][1](subject, view.reading.ref if view.reading else view.ref)
    theirs = INPUTS[called][1](subject, view.ref)
    one = north.say(ours, "ann", precedence="FLASH")
    other = south.say(theirs, "" if called == "ringing" else "lin", precedence="FLASH")
    meet(north, south)
    assert [node.verdict(ref)[0] for node in (north, south) for ref in (one, other)] == ["valid"] * 4
    assert_same(north, south)
    result = crossed(f"stop.{called}", f"stop.{raising}")
    assert result is not None
    after = stop(north, subject)
    assert after == stop(south, subject)
    match result.word:
        case "withdrawn":
            assert after.state == "withdrawn"
        case "earlier-words":
            assert (after.state, after.where, after.effected, after.not_possible) == ("taken", "Hill 21", None, None)
        case "named-only":
            assert after.state == "confirmed" and len(after.read_backs) == 2
        case "both-stand":
            reported = called if called in ("effected", "not-possible") else ""
            assert after.state == (reported or ("confirmed" if raising == "confirmed" else "taken"))
        case other:
            raise AssertionError(other)


def test_two_stops_that_crossed_both_stand() -> None:
    """Each side may have to stop something at the same moment."""
    north, south = pair()
    scene = Scene(north, south)
    ours = north.say(facts.raise_stop("leaders", **WHAT), "ann", precedence="FLASH")
    theirs = south.say(facts.raise_stop("leaders", **OTHER), "lin", precedence="FLASH")
    meet(north, south)
    for node in (scene.north, scene.south):
        assert stop(node, f"stop/north/0/{ours.number}").state == "raised"
        assert stop(node, f"stop/south/0/{theirs.number}").where == "Hill 21"
    assert_same(north, south)


def test_safety_is_never_suspended() -> None:
    """A stop that is open goes on in a suspended channel; a new one stands in the line channel (DESIGN 5)."""
    north, south, subject = raised()
    south.say(channels.suspend("leaders", "Enough."), "lin")
    meet(north, south)
    assert refused(north, facts.raise_stop("leaders", **WHAT)) == "channels.suspended"
    say(south, facts.read_back("leaders", subject, "Stop."))
    meet(north, south)
    reading = stop(north, subject).reading
    assert reading is not None
    say(north, facts.confirm("leaders", subject, reading.ref))
    meet(north, south)
    say(south, facts.effect("leaders", subject, STOPPED))
    ref = say(north, facts.raise_stop("line", **WHAT, about="leaders"))
    meet(north, south)
    other = f"stop/north/0/{ref.number}"
    assert stop(south, other, "line").about == "leaders"
    say(south, facts.take("line", other))
    meet(north, south)
    assert stop(north, other, "line").state == "taken"
    assert stop(north, subject).state == "effected"
    assert refused(north, facts.raise_stop("talks", **WHAT)) == "channels.not-agreed"
    assert_same(north, south)


def test_a_stop_is_flash_and_keeps_its_status() -> None:
    """A drill must never pass for a stop, nor a stop for a drill; and nothing about either travels slowly."""
    north, south = pair()
    assert refused(north, facts.raise_stop("leaders", **WHAT), precedence="IMMEDIATE") == "stops.precedence"
    assert refused(north, facts.raise_stop("leaders", **WHAT, about="talks")) == "stops.about"
    ref = say(north, facts.raise_stop("leaders", **WHAT), status="exercise")
    meet(north, south)
    subject = f"stop/north/0/{ref.number}"
    assert refused(south, facts.take("leaders", subject)) == "stops.status"
    say(south, facts.take("leaders", subject), status="exercise")
    assert stop(south, subject).status == "exercise"


def test_each_step_has_a_due_time_and_a_correction_begins_anew() -> None:
    """Read back and confirmed within 60 s; other words start the clock of what rests on words."""
    north, south, subject = at("corrected")
    view = stop(north, subject)
    due = {one.step: one.at for one in view.due()}
    assert list(due) == ["taken", "read-back", "confirmed", "effected"]
    assert due["taken"][17:19] == f"{(int(view.at[17:19]) + 15) % 60:02d}"
    assert due["confirmed"][17:19] == view.words_at[17:19]
    assert view.done_at("taken") and not view.done_at("read-back")
    assert [one.side for one in view.due()] == ["called", "called", "raising", "called"]
    assert stop(south, subject).due() == view.due()


def test_a_stop_holds_so_much_and_no_more() -> None:
    """A peer that fills one stop to the brim must not slow the folding of the next."""
    north, south, subject = raised()
    for _ in range(limits.STOP_CORRECTIONS_MAX):
        say(north, facts.correct("leaders", subject, **OTHER))
    assert refused(north, facts.correct("leaders", subject, **OTHER)) == "stops.full"
    for _ in range(limits.STOP_READ_BACKS_MAX):
        say(south, facts.read_back("leaders", subject, "Stop."))
        say(south, facts.not_possible("leaders", subject, "No."))
    assert refused(south, facts.read_back("leaders", subject, "Stop.")) == "stops.full"
    assert refused(south, facts.not_possible("leaders", subject, "No.")) == "stops.full"
    say(south, facts.effect("leaders", subject, STOPPED))  # what one side fills up takes nothing from what matters
    meet(north, south)
    say(north, facts.withdraw("leaders", subject))
    meet(north, south)
    assert_same(north, south)


@pytest.mark.parametrize(
    "changes",
    [
        {"what": ""}, {"where": ""}, {"what": "w" * 401}, {"since": "soon"}, {"since": None}, {"language": ""},
        {"about": "Not a channel"}, {"about": None}, {"more": "x"},
    ],
)  # fmt: skip
def test_the_form_is_read_strictly(changes: dict[str, object]) -> None:
    """Everything from the peer is hostile until read."""
    north, _south = pair()
    fact = facts.raise_stop("line", **WHAT)
    fact.body.update(changes)  # type: ignore[arg-type]
    assert refused(north, fact) == "codec.field"


def test_the_order_in_which_the_acts_arrive_changes_nothing() -> None:
    """Folding on equals folding afresh, for every order of both logs (promise 6)."""
    north, south, subject = at("read-back")
    north.say(facts.correct("leaders", subject, **OTHER), "ann", precedence="FLASH")
    south.say(facts.effect("leaders", subject, STOPPED), "lin", precedence="FLASH")
    meet(north, south)
    topic = north.book._shelf.topic("leaders", subject)
    assert topic is not None
    for order in permutations(topic.acts):
        again = Topic(fold)
        for act in order:
            again.add(act)
        assert again.view() == topic.view()
