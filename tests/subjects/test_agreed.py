"""Keeping the text of a call and talking in turns: with a yes of both, as for recording; what is kept, and when."""

from __future__ import annotations

import pytest
from tests.subjects.pair import Node, meet, refusal
from tests.subjects.test_calls import call
from tests.subjects.test_crossed import Scene, assert_same
from tests.subjects.test_recordings import talking

from parley import limits
from parley.record.names import Ref
from parley.subjects.calls import agreed_facts as said
from parley.subjects.calls import facts
from parley.subjects.calls import recording_facts as recording
from parley.subjects.crossed import crossed


def agreements(node: Node, subject: str, what: said.What) -> list[str]:
    view = call(node, subject)
    return [one.state for one in (view.texts if what == "text" else view.turns)]


def asked(what: said.What) -> tuple[Node, Node, str, Ref]:
    north, south, subject = talking()
    ref = north.say(said.ask("leaders", subject, what), "ann")
    meet(north, south)
    return north, south, subject, ref


def running(what: said.What = "text") -> tuple[Node, Node, str, Ref]:
    north, south, subject, ref = asked(what)
    south.say(said.agree("leaders", subject, what, ref), "lin")
    meet(north, south)
    return north, south, subject, ref


def texts(node: Node, subject: str) -> list[tuple[str, str, str]]:
    return [(one.side, one.person, one.text) for one in call(node, subject).said]


@pytest.mark.parametrize("what", said.WHAT)
def test_each_is_asked_by_one_agreed_by_the_other_and_ended_by_either(what: said.What) -> None:
    """One idea for all that needs a yes of both; each stands for itself."""
    north, south, subject, ref = asked(what)
    assert refusal(north, said.agree("leaders", subject, what, ref), "ann") == "calls.side"
    assert refusal(south, said.agree("leaders", subject, what, ref), "mei") == "calls.state"
    other: said.What = "turns" if what == "text" else "text"
    assert refusal(south, said.agree("leaders", subject, other, ref), "lin") == "calls.recording"
    assert refusal(south, recording.agree("leaders", subject, ref), "lin") == "calls.recording"
    south.say(said.agree("leaders", subject, what, ref), "lin")
    meet(north, south)
    assert agreements(north, subject, what) == agreements(south, subject, what) == ["running"]
    assert agreements(north, subject, other) == [] and call(north, subject).recordings == ()
    south.say(said.stop("leaders", subject, what, ref), "mei")
    meet(north, south)
    assert agreements(north, subject, what) == ["stopped"]
    again = south.say(said.ask("leaders", subject, what), "lin")
    meet(north, south)
    north.say(said.decline("leaders", subject, what, again, "Not now."), "bob")
    meet(north, south)
    assert agreements(south, subject, what) == ["stopped", "declined"]
    assert_same(north, south)


def test_words_are_kept_by_who_wrote_them_while_both_agree_and_not_longer() -> None:
    """DESIGN 6: without agreement nothing signed depends on what was written."""
    north, south, subject, ref = asked("text")
    assert refusal(north, said.say("leaders", subject, ref, "Too early."), "ann") == "calls.recording"
    south.say(said.agree("leaders", subject, "text", ref), "lin")
    meet(north, south)
    assert refusal(north, said.say("leaders", subject, ref, "Not in the call."), "bob") == "calls.state"
    assert (
        refusal(north, said.say("leaders", subject, call(north, subject).ref, "Another."), "ann") == "calls.recording"
    )
    assert refusal(north, said.say("leaders", subject, ref, "x" * (limits.TEXT_CHARS_MAX + 1)), "ann") == "codec.field"
    Scene(north, south).cross(
        said.say("leaders", subject, ref, "Stop."), said.say("leaders", subject, ref, "We have stopped.")
    )
    assert sorted(texts(north, subject)) == [("north", "ann", "Stop."), ("south", "lin", "We have stopped.")]
    south.say(said.stop("leaders", subject, "text", ref), "lin")
    assert refusal(south, said.say("leaders", subject, ref, "Too late."), "lin") == "calls.recording"
    meet(north, south)
    assert refusal(north, said.say("leaders", subject, ref, "Too late."), "ann") == "calls.recording"
    assert len(texts(south, subject)) == 2
    assert_same(north, south)


def test_a_line_under_a_yes_that_crossed_a_stop_is_not_shown_as_kept() -> None:
    """Stop wins over yes: it never ran for both, though the one who said yes had begun."""
    north, south, subject, ref = asked("text")
    north.say(said.stop("leaders", subject, "text", ref), "ann")
    south.say(said.agree("leaders", subject, "text", ref), "lin")
    line = south.say(said.say("leaders", subject, ref, "We have stopped."), "lin")
    meet(north, south)
    for node in (north, south):
        assert node.verdict(line) == ("valid", "")
        assert agreements(node, subject, "text") == ["withdrawn"] and texts(node, subject) == []
    result = crossed("call.text-agreed", "call.text-stopped")
    assert result is not None and result.word == "stop-wins"
    assert_same(north, south)


def test_two_who_ask_at_once_have_both_said_yes_and_either_asking_may_be_named() -> None:
    """Glare, as for recording; the lines name the one asking that both now know."""
    north, south, subject = talking()
    ours, _ = Scene(north, south).cross(said.ask("leaders", subject, "text"), said.ask("leaders", subject, "text"))
    assert agreements(north, subject, "text") == agreements(south, subject, "text") == ["running"]
    Scene(north, south).cross(said.say("leaders", subject, ours, "a"), said.say("leaders", subject, ours, "b"))
    assert len(texts(north, subject)) == 2


def test_kept_lines_leave_room_for_people_to_join_and_are_bounded() -> None:
    """A long talk must not lock the door, nor grow without end."""
    north, south, subject, ref = running()
    for number in range(limits.TEXT_SAID_MAX):
        north.say(said.say("leaders", subject, ref, f"{number}"), "ann")
    assert refusal(north, said.say("leaders", subject, ref, "more"), "ann") == "calls.full"
    meet(north, south)
    north.say(facts.join("leaders", subject), "bob")
    south.say(said.stop("leaders", subject, "text", ref), "lin")
    meet(north, south)
    assert call(south, subject).facts < 10 and len(texts(south, subject)) == limits.TEXT_SAID_MAX
    assert_same(north, south)
