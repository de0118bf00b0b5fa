"""Recording a call: only with a yes of both, and stop wins over yes, whatever crossed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.subjects.pair import Node, meet, refusal
from tests.subjects.test_calls import call, ringing
from tests.subjects.test_crossed import Scene, assert_same

from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects import Fact
from parley.subjects.calls import Recording, facts
from parley.subjects.calls import recording_facts as said
from parley.subjects.channels import facts as channels
from parley.subjects.crossed import crossed

ROOT = "ab" * 32


def talking() -> tuple[Node, Node, str]:
    """A call of North's that South's Lin has answered."""
    north, south, subject = ringing()
    south.say(facts.answer("leaders", subject), "lin")
    meet(north, south)
    return north, south, subject


def asked() -> tuple[Node, Node, str, Ref]:
    north, south, subject = talking()
    ref = north.say(said.ask("leaders", subject), "ann")
    meet(north, south)
    return north, south, subject, ref


def running() -> tuple[Node, Node, str, Ref]:
    north, south, subject, ref = asked()
    south.say(said.agree("leaders", subject, ref), "lin")
    meet(north, south)
    return north, south, subject, ref


def states(node: Node, subject: str) -> list[str]:
    return [one.state for one in call(node, subject).recordings]


def only(node: Node, subject: str) -> Recording:
    (found,) = call(node, subject).recordings
    return found


def track(side: str = "north", person: str = "ann", **fields: object) -> dict[str, object]:
    told: dict[str, object] = {
        "side": side, "stream": 7, "person": person, "language": "", "codec": "opus", "starts_ms": 40,
        "first": 3, "last": 12, "frames": 8, "missed": 2, "which": "5 8",
    }  # fmt: skip
    return told | fields


def kept(subject: str, ref: Ref, **fields: object) -> Fact:
    return said.keep("leaders", subject, ref, root=ROOT, tracks=[track(**fields)])  # type: ignore[list-item, arg-type]


def test_a_recording_is_asked_agreed_stopped_and_each_side_states_what_it_keeps() -> None:
    """Nothing signed depends on what was said unless a person of each side said yes (DESIGN 6)."""
    north, south, subject, ref = running()
    one = only(south, subject)
    assert (one.state, one.asked_side, one.asked_by, one.agreed_by) == ("running", "north", "ann", "lin")
    assert refusal(north, kept(subject, ref)) == "calls.recording"  # not while it runs
    south.say(said.stop("leaders", subject, ref), "mei")  # anybody of either side, in the call or not
    meet(north, south)
    assert (only(north, subject).state, only(north, subject).stopped_by) == ("stopped", "mei")
    for node in (north, south):
        node.say(kept(subject, ref))
        assert refusal(node, kept(subject, ref)) == "calls.again"
    meet(north, south)
    assert [(one.by, one.root, one.frames) for one in only(north, subject).kept] == [
        ("north", ROOT, 8),
        ("south", ROOT, 8),
    ]
    assert_same(north, south)


def test_only_the_other_side_can_agree_or_decline_and_only_persons_in_the_call_say_yes() -> None:
    """A side must never be able to agree to its own asking."""
    north, south, subject, ref = asked()
    assert refusal(north, said.agree("leaders", subject, ref), "ann") == "calls.side"
    assert refusal(north, said.decline("leaders", subject, ref), "ann") == "calls.side"
    assert refusal(south, said.stop("leaders", subject, ref), "lin") == "calls.side"
    assert refusal(south, said.agree("leaders", subject, ref), "mei") == "calls.state"
    assert refusal(south, said.ask("leaders", subject), "lin") == "calls.recording"
    assert refusal(south, said.agree("leaders", subject, call(south, subject).ref), "lin") == "calls.recording"
    south.say(said.decline("leaders", subject, ref, "Not now."), "mei")
    meet(north, south)
    assert (only(north, subject).state, only(north, subject).reason) == ("declined", "Not now.")
    assert refusal(south, said.agree("leaders", subject, ref), "lin") == "calls.recording"
    again = north.say(said.ask("leaders", subject), "ann")
    meet(north, south)
    south.say(said.agree("leaders", subject, again), "lin")
    meet(north, south)
    assert states(north, subject) == ["declined", "running"]


def test_nothing_can_be_asked_before_a_call_is_answered_or_after_it_is_over() -> None:
    """There is no call to record."""
    north, south, subject = ringing()
    assert refusal(north, said.ask("leaders", subject), "ann") == "calls.state"
    south.say(facts.answer("leaders", subject), "lin")
    meet(north, south)
    assert refusal(north, said.ask("leaders", subject), "bob") == "calls.state"
    ref = north.say(said.ask("leaders", subject), "ann")
    north.say(facts.end("leaders", subject, "hung-up"), "ann")
    meet(north, south)
    assert states(south, subject) == ["lapsed"]
    assert refusal(south, said.agree("leaders", subject, ref), "lin") in ("calls.state", "calls.recording")
    assert refusal(south, kept(subject, ref)) == "calls.recording"


def test_a_call_that_ends_ends_its_recording_and_its_end_may_be_told_in_a_suspended_channel() -> None:
    """What was kept is stated, also after a quarrel."""
    north, south, subject, ref = running()
    south.say(channels.suspend("leaders", "Enough."), "lin")
    meet(north, south)
    north.say(facts.end("leaders", subject, "hung-up"), "ann")
    meet(north, south)
    assert states(north, subject) == ["over"]
    north.say(kept(subject, ref))
    meet(north, south)
    assert len(only(south, subject).kept) == 1


def test_two_who_ask_at_once_have_both_said_yes() -> None:
    """Glare: neither must wait for an answer that the other has given by asking."""
    north, south, subject = talking()
    ours, _ = Scene(north, south).cross(said.ask("leaders", subject), said.ask("leaders", subject))
    result = crossed("call.recording-asked", "call.recording-asked")
    assert result is not None and result.word == "each-asked"
    one = only(north, subject)
    assert (one, one.state, one.ref) == (only(south, subject), "running", ours)
    south.say(said.stop("leaders", subject, ours), "lin")
    meet(north, south)
    assert states(north, subject) == ["stopped"]


ANSWERS: dict[str, Callable[[str, Ref], Fact]] = {
    "call.recording-agreed": lambda s, r: said.agree("leaders", s, r),
    "call.recording-declined": lambda s, r: said.decline("leaders", s, r),
}
MEANWHILE: dict[str, Callable[[str, Ref], Fact]] = {
    "call.recording-stopped": lambda s, r: said.stop("leaders", s, r),
    "call.ended": lambda s, _: facts.end("leaders", s, "hung-up"),
}
COMES_TO = {
    ("call.recording-agreed", "call.recording-stopped"): "withdrawn",
    ("call.recording-agreed", "call.ended"): "lapsed",
    ("call.recording-declined", "call.recording-stopped"): "declined",
    ("call.recording-declined", "call.ended"): "declined",
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_yes_that_crossed_a_stop_or_the_end_never_ran_for_both(answer: str, meanwhile: str) -> None:
    """Whoever said stop without knowing of the yes must not find themselves recorded."""
    north, south, subject, ref = asked()
    Scene(north, south).cross(MEANWHILE[meanwhile](subject, ref), ANSWERS[answer](subject, ref))
    assert only(north, subject) == only(south, subject)
    assert only(north, subject).state == COMES_TO[answer, meanwhile]
    result = crossed(answer, meanwhile)
    assert result is not None
    assert (result.word == "stop-wins") is (answer == "call.recording-agreed")
    for node in (north, south):
        assert refusal(node, kept(subject, ref)) == "calls.recording"


def test_whatever_else_crosses_about_a_recording_both_sides_see_one_state() -> None:
    """Two stops, a stop and the end, an ending crossed by one who asks anew."""
    north, south, subject, ref = running()
    Scene(north, south).cross(said.stop("leaders", subject, ref), said.stop("leaders", subject, ref))
    assert states(north, subject) == ["stopped"]
    Scene(north, south).cross(kept(subject, ref), kept(subject, ref))
    assert len(only(north, subject).kept) == 2
    north, south, subject, ref = running()
    Scene(north, south).cross(said.stop("leaders", subject, ref), facts.end("leaders", subject, "hung-up"))
    assert states(north, subject) == ["stopped"]
    north, south, subject, ref = asked()
    north.say(said.stop("leaders", subject, ref), "ann")
    north.say(said.ask("leaders", subject), "ann")
    south.say(said.agree("leaders", subject, ref), "lin")
    meet(north, south)
    assert states(north, subject) == states(south, subject) == ["withdrawn", "asked"]
    assert_same(north, south)
    north, south, subject = talking()
    theirs = south.say(said.ask("leaders", subject), "lin")
    south.say(said.stop("leaders", subject, theirs), "lin")
    north.say(said.ask("leaders", subject), "ann")
    meet(north, south)
    assert states(north, subject) == states(south, subject) == ["withdrawn"]
    assert_same(north, south)


@pytest.mark.parametrize(
    "wrong",
    [
        {"frames": 9},  # first, last, frames and missed do not fit
        {"missed": 1},
        {"which": "5 6"},  # neighbours not joined
        {"which": "8 5"},
        {"which": "05"},
        {"which": "5  8"},
        {"which": "5-5"},
        {"which": "5 "},
        {"which": "5 8 11"},  # more listed than missed
        {"codec": "mp3"},
        {"stream": 2**32},
        {"side": "NORTH"},
    ],
)
def test_what_a_node_says_it_keeps_is_read_strictly(wrong: dict[str, object]) -> None:
    """Two readers must never read two things from one statement."""
    north, south, subject, ref = running()
    south.say(said.stop("leaders", subject, ref), "lin")
    north.hear(south)
    assert refusal(north, kept(subject, ref, **wrong)) == "codec.field"
    north.say(kept(subject, ref))


def test_runs_of_numbers_have_one_form() -> None:
    """Two texts for the same numbers would be two statements."""
    assert said.read_runs("0 2-4 6 8-4294967295") == [(0, 0), (2, 4), (6, 6), (8, 4_294_967_295)]
    for text in ("4294967296", "1-2-3", "-1", "a", "1\n", "٣"):
        with pytest.raises(PeerError):
            said.read_runs(text)


def test_a_tone_is_confirmed_once_by_a_person_of_the_other_side() -> None:
    """A machine can say that it played it; only a person can say that it was heard."""
    north, south, subject = talking()
    assert refusal(south, said.sound_tone("leaders", subject), "mei") == "calls.state"
    tone = north.say(said.sound_tone("leaders", subject), "ann")
    meet(north, south)
    assert refusal(north, said.hear_tone("leaders", subject, tone, "well"), "bob") == "calls.side"
    assert refusal(south, said.hear_tone("leaders", subject, call(south, subject).ref, "well"), "lin") == "calls.tone"
    south.say(said.hear_tone("leaders", subject, tone, "badly"), "mei")
    assert refusal(south, said.hear_tone("leaders", subject, tone, "well"), "lin") == "calls.again"
    Scene(north, south).cross(said.sound_tone("leaders", subject), said.sound_tone("leaders", subject))
    heard = [(one.side, one.heard, one.heard_by) for one in call(north, subject).tones]
    assert heard[0] == ("north", "badly", "mei") and sorted(heard[1:]) == [("north", "", ""), ("south", "", "")]
