"""Commitments: taken from words, agreed or promised; each side's view beside the other's."""

from __future__ import annotations

from itertools import product

import pytest
from tests.subjects.pair import Node, meet, pair, refusal, words
from tests.subjects.test_crossed import Scene, assert_same

from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects import Fact
from parley.subjects.citations import Citation, read_citation
from parley.subjects.commitments import CommitmentView, facts
from parley.subjects.crossed import crossed
from parley.subjects.summaries import summaries

DUE = "2026-12-01T00:00:00.000Z"


def view_of(node: Node, subject: str) -> CommitmentView:
    view = node.book.view("leaders", subject)
    assert isinstance(view, CommitmentView)
    return view


def make(*who: str, unilateral: bool = False, entry: Ref | None = None, said: str = "") -> Fact:
    return facts.make(
        "leaders", unilateral=unilateral, who=who or ("south",), what="Release the crew", due=DUE, seen="They are home",
        source="message" if entry else "free", place="", words=said, entry=entry,
    )  # fmt: skip


def proposed(north: Node, south: Node) -> str:
    ref = north.say(make(), "ann")
    meet(north, south)
    return f"commitment/north/0/{ref.number}"


def see(subject: str, state: str = "kept") -> Fact:
    return facts.see(
        "leaders", subject, state=state, as_of=DUE, note="", evidence=[("A photograph", "ab" * 32), ("Their word", "")]
    )


def test_a_commitment_points_at_the_words_it_is_taken_from() -> None:
    """The quoted words have their digest, and the entry that holds them is named (issue D, 4)."""
    north, south = pair()
    said = north.say(words(north, "We release the crew by December."), "ann")
    ref = north.say(make("north", entry=said, said="release the crew"), "ann")
    meet(north, south)
    view = view_of(south, f"commitment/north/0/{ref.number}")
    assert (view.entry, view.words, view.digest) == (said, "release the crew", facts.digest("release the crew"))
    lying = make("north", entry=said, said="release the crew")
    lying.body["source"]["words"] = "release nobody"  # type: ignore[call-overload,index]
    assert refusal(north, lying, "ann") == "codec.field"
    bare = make("north", said="y")
    bare.body["source"]["from"] = "minutes"  # type: ignore[call-overload,index]
    assert refusal(north, bare, "ann") == "commitments.names-one"


def test_only_the_two_sides_of_the_line_are_said_to_have_promised() -> None:
    """A promise of a third party in our record would stand in both registers as if somebody had given it."""
    north, south = pair()
    for who in (("mars",), ("mars", "north"), ("North",)):
        assert refusal(north, make(*who), "ann") == "commitments.who"
    ref = north.say(make("north", "south"), "ann")
    meet(north, south)
    assert view_of(south, f"commitment/north/0/{ref.number}").who == ("north", "south")


def test_one_side_proposes_the_other_agrees_and_each_views_it_for_itself() -> None:
    """The two views stand side by side; where they differ the commitment is disputed."""
    north, south = pair()
    subject = proposed(north, south)
    assert refusal(north, facts.about("leaders", subject, "agreed"), "ann") == "commitments.own"
    assert refusal(south, see(subject), "lin") == "commitments.not-agreed"
    south.say(facts.about("leaders", subject, "agreed"), "lin")
    south.say(see(subject, "kept"), "lin")
    meet(north, south)
    assert not view_of(north, subject).disputed
    north.say(see(subject, "not-kept"), "ann")
    meet(north, south)
    view = view_of(south, subject)
    assert view.disputed and {side: one.state for side, one in view.views.items()} == {
        "north": "not-kept", "south": "kept",
    }  # fmt: skip
    assert view.views["south"].evidence == (("A photograph", "ab" * 32), ("Their word", ""))
    line = next(summaries(north.store, "commitment", "leaders"))
    assert line.words["views"] == {"north": ["not-kept", DUE], "south": ["kept", DUE]}
    assert_same(north, south)


def test_a_promise_of_one_side_binds_that_side_alone() -> None:
    """Nobody promises in the other's name."""
    north, south = pair()
    assert refusal(north, make("south", unilateral=True), "ann") == "commitments.side"
    assert refusal(north, make("north", "south", unilateral=True), "ann") == "commitments.side"
    ref = north.say(make("north", unilateral=True), "ann")
    meet(north, south)
    subject = f"commitment/north/0/{ref.number}"
    assert refusal(south, facts.about("leaders", subject, "agreed"), "lin") == "commitments.answered"
    south.say(see(subject, "not-begun"), "lin")
    meet(north, south)
    assert view_of(north, subject).state == "promised"


OURS = {"withdrawn": {"reason": "Wrong words."}}
THEIRS = {"agreed": {}, "declined": {"reason": "No."}}


@pytest.mark.parametrize(("ours", "theirs"), list(product(OURS, THEIRS)))
def test_what_crossed_about_a_commitment(ours: str, theirs: str) -> None:
    """An agreement is final, whatever crossed it."""
    north, south = pair()
    subject = proposed(north, south)
    Scene(north, south).cross(
        facts.about("leaders", subject, ours, dict(OURS[ours])), facts.about("leaders", subject, theirs, THEIRS[theirs])
    )
    result = crossed(f"commitment.{ours}", f"commitment.{theirs}")
    assert result is not None
    wanted = {"agreed-stands": "agreed", "commitment-declined": "declined"}
    assert view_of(south, subject).state == wanted[result.word]


def test_two_views_that_crossed_are_each_sides_own() -> None:
    """Neither touches the other's."""
    north, south = pair()
    subject = proposed(north, south)
    south.say(facts.about("leaders", subject, "agreed"), "lin")
    meet(north, south)
    Scene(north, south).cross(see(subject, "under-way"), see(subject, "kept"))
    assert view_of(south, subject).disputed


@pytest.mark.parametrize(
    "wrong",
    ["x", {}, {"channel": "Duty", "subject": "commitment/north/0/1"}, {"channel": "duty", "subject": "text/north/0/1"},
     {"channel": "duty", "subject": "commitment/north/0/01"},
     {"channel": "duty", "subject": "commitment/north/0/1", "more": 1}],
)  # fmt: skip
def test_a_citation_has_one_form(wrong: JsonValue) -> None:
    """An incident or a notice from the other side may hold anything in this field."""
    cited = Citation(channel="duty", subject="commitment/north/0/1")
    assert read_citation(Reader({"commitment": cited.value()}, "$.body")) == cited
    assert read_citation(Reader({}, "$.body")) is None
    with pytest.raises(PeerError):
        read_citation(Reader({"commitment": wrong}, "$.body"))
