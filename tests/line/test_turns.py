"""Whose turn it is: both nodes agree whatever is lost, and nobody passes a turn that is not theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley import limits
from parley.codec import Reader
from parley.errors import PeerError
from parley.line.turns import PHASES, Phase, Turn, Turns, read_turn

FIELDS = {
    "channel": "leaders", "session": "5e" * 16, "asked": "ab" * 32, "turn": 3, "side": "north", "phase": "speaker",
}  # fmt: skip


def both(first: str = "north") -> tuple[Turns, Turns]:
    return Turns("north", "south", first, known=True), Turns("south", "north", first, known=True)


def test_the_turn_goes_from_speaker_to_interpreter_to_the_other_speaker() -> None:
    """Consecutive interpretation: who spoke, their words in the other language, then the answer."""
    north, south = both()
    assert north.now == south.now == Turn(0, "north", "speaker")
    order = []
    for _ in range(4):
        has, hears = (north, south) if north.now.side == "north" else (south, north)
        turn = has.hand(*has.after(frozenset({"north", "south"})))
        assert turn is not None and hears.hear(turn)
        order.append(turn[1:])
    assert order == [
        ("north", "interpreter"), ("south", "speaker"), ("south", "interpreter"), ("north", "speaker"),
    ]  # fmt: skip
    assert north.after(frozenset()) == ("south", "speaker")  # nobody interprets
    assert north.after(frozenset({"south"})) == ("south", "interpreter")  # theirs renders us
    turn = north.hand("south", "interpreter")
    assert turn is not None and south.hear(turn)
    assert south.after(frozenset({"south"})) == ("south", "speaker")


def test_only_who_has_the_turn_lets_voices_through_and_only_of_that_phase() -> None:
    """A speaker's turn is of the floor, an interpreter's of the language streams."""
    turn = Turn(4, "north", "speaker")
    assert turn.lets("north", "") and not turn.lets("north", "zh") and not turn.lets("south", "")
    turn = Turn(5, "north", "interpreter")
    assert turn.lets("north", "zh") and not turn.lets("north", "") and not turn.lets("south", "zh")


def test_nobody_passes_a_turn_that_is_not_theirs() -> None:
    """Else the louder side would always have it."""
    north, south = both()
    assert south.hand("south", "speaker") is None
    for lie in (Turn(1, "south", "speaker"), Turn(9, "south", "interpreter")):
        with pytest.raises(PeerError):
            north.hear(lie)
        assert north.now.number == 0
    with pytest.raises(PeerError):
        south.hear(Turn(1, "east", "speaker"))
    assert north.hand("north", "speaker") is None  # it is theirs already
    south.now = Turn(limits.TURNS_MAX, "south", "speaker")
    assert south.hand("north", "speaker") is None


def test_a_node_that_restarted_takes_what_the_other_knows_once() -> None:
    """Its memory of the turns is gone; the other's is not."""
    north = Turns("north", "south", "north", known=False)
    assert north.hear(Turn(7, "south", "speaker"))
    assert north.hear(Turn(9, "north", "speaker"))
    with pytest.raises(PeerError):
        north.hear(Turn(11, "south", "speaker"))


@pytest.mark.parametrize(
    "change",
    [{"phase": "both"}, {"turn": -1}, {"turn": limits.TURNS_MAX + 1}, {"side": "N"}, {"asked": "ab"}, {"more": 1}],
)
def test_a_turn_of_another_form_is_the_peers_fault(change: dict[str, object]) -> None:
    """Strict reading."""
    assert read_turn(Reader(FIELDS)).turn == Turn(3, "north", "speaker")
    with pytest.raises(PeerError):
        read_turn(Reader(FIELDS | change))


@given(
    st.lists(
        st.tuples(st.sampled_from(("north", "south")), st.sampled_from(PHASES), st.sampled_from("kdx")), max_size=50
    )
)
def test_after_any_loss_saying_it_again_makes_both_the_same(story: list[tuple[str, Phase, str]]) -> None:
    """k: comes; d: twice; x: lost. Whoever thinks they have the turn passes it; at the end both say it again."""
    north, south = both()
    for side, phase, fate in story:
        for has, hears in ((north, south), (south, north)):
            turn = has.hand(side, phase)
            for _ in range({"k": 1, "d": 2, "x": 0}[fate]):
                if turn is not None:
                    hears.hear(turn)
        assert not (north.now.side == "north" and south.now.side == "south")  # never do both have it
    for _ in range(2):
        south.hear(north.now)
        north.hear(south.now)
    assert north.now == south.now
