"""Notices: given once, changed by forms that follow one another, the same on both nodes."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from tests.subjects.pair import Node, meet, pair, refusal

from parley import limits
from parley.errors import PeerError, Refused
from parley.record.names import Ref
from parley.subjects import KINDS, Fact
from parley.subjects.channels import facts as channels
from parley.subjects.crossed import crossed
from parley.subjects.notices import NoticeView, index
from parley.subjects.notices import facts as said
from parley.subjects.notices.facts import Basis, Notice
from parley.subjects.places import Circle, Position

WORDS = Notice(
    number="1/2026", what="exercise", title="Gunnery", since="2026-11-23T10:00:00.000Z",
    until="2026-11-23T18:00:00.000Z", language="en", area=Circle(Position(54_500_000, 10_258_333), 9_260), low_m=0,
    high_m=6_096, forces="Two frigates", contact="Channel 16", basis=Basis(book="sea-air", version=1, article="6"),
)  # fmt: skip
LATER = "2026-11-24T18:00:00.000Z"


def given(words: Notice = WORDS) -> tuple[Node, Node, str]:
    """North has given notice, and South holds it."""
    north, south = pair()
    north.say(said.give("leaders", words), "ann")
    meet(north, south)
    return north, south, "notice/north/0/0"


def view(node: Node, subject: str) -> NoticeView:
    found = node.book.view("leaders", subject)
    assert isinstance(found, NoticeView)
    return found


def forms(subject: str, last: Ref, form: int) -> dict[str, Fact]:
    return {
        "amended": said.amend("leaders", subject, last, form, replace(WORDS, title="Gunnery and torpedoes"), "Added."),
        "extended": said.extend("leaders", subject, last, form, LATER, "Weather."),
        "cancelled": said.cancel("leaders", subject, last, form, "Weather."),
        "ended": said.end("leaders", subject, last, form, "2026-11-23T15:00:00.000Z"),
    }


def test_a_notice_says_all_of_it_to_both_sides() -> None:
    """Area, heights, forces and basis are read back as they were given."""
    north, south, subject = given()
    assert view(north, subject) == view(south, subject)
    assert view(south, subject).notice == WORDS
    assert not view(south, subject).in_force("2026-11-23T09:59:59.999Z")
    assert view(south, subject).in_force("2026-11-23T10:00:00.000Z")
    assert not view(south, subject).in_force("2026-11-23T18:00:00.000Z")


def test_each_form_follows_the_one_before() -> None:
    """A form that skips one, or follows an older one, would leave two readings of what is in force."""
    north, south, subject = given()
    first = view(north, subject).forms[-1].ref
    second = north.say(forms(subject, first, 2)["amended"], "ann")
    assert refusal(north, forms(subject, first, 3)["extended"], "ann") == "notices.follows"
    assert refusal(north, forms(subject, second, 2)["extended"], "ann") == "notices.follows"
    north.say(forms(subject, second, 3)["extended"], "ann")
    meet(north, south)
    found = view(south, subject)
    assert [(one.form, one.kind) for one in found.forms] == [(1, "given"), (2, "amended"), (3, "extended")]
    assert (found.notice.title, found.until) == ("Gunnery and torpedoes", LATER)


def test_a_side_changes_its_own_notices_alone() -> None:
    """The other side only says that it has read one."""
    north, south, subject = given()
    last = view(south, subject).forms[-1].ref
    for fact in forms(subject, last, 2).values():
        assert refusal(south, fact, "lin") == "notices.side"
    assert refusal(north, said.acknowledge("leaders", subject, last), "ann") == "notices.side"
    south.say(said.acknowledge("leaders", subject, last, "Seen."), "lin")
    assert refusal(south, said.acknowledge("leaders", subject, last), "lin") == "notices.again"
    assert [one.person for one in view(south, subject).acknowledged] == ["lin"]


@pytest.mark.parametrize("over", ["cancelled", "ended"])
def test_nothing_follows_what_is_over(over: str) -> None:
    """A notice that came back to life would be in force without anybody having been told."""
    north, _, subject = given()
    last = north.say(forms(subject, view(north, subject).forms[-1].ref, 2)[over], "ann")
    found = view(north, subject)
    assert found.state == over
    assert found.in_force("2026-11-23T14:00:00.000Z") is (over == "ended")
    assert not found.in_force("2026-11-23T16:00:00.000Z")
    for fact in forms(subject, last, 3).values():
        assert refusal(north, fact, "ann") == "notices.over"


@pytest.mark.parametrize("form", ["amended", "extended", "cancelled", "ended"])
def test_an_acknowledgement_that_crossed_a_form_holds_for_the_one_it_names(form: str) -> None:
    """Nobody is taken to have read words that were on their way."""
    north, south, subject = given()
    first = view(north, subject).forms[-1].ref
    north.say(forms(subject, first, 2)[form], "ann")
    south.say(said.acknowledge("leaders", subject, first), "lin")
    meet(north, south)
    assert view(north, subject) == view(south, subject)
    assert [one.form for one in view(north, subject).acknowledged] == [1]
    assert crossed(f"notice.{form}", "notice.acknowledged").word == "named-only"  # type: ignore[union-attr]
    second = view(south, subject).forms[-1].ref
    south.say(said.acknowledge("leaders", subject, second), "lin")
    assert [one.form for one in view(south, subject).acknowledged] == [1, 2]


def test_two_notices_that_crossed_both_stand() -> None:
    """Each side speaks for itself."""
    north, south = pair()
    ours, theirs = north.say(said.give("leaders", WORDS), "ann"), south.say(said.give("leaders", WORDS), "lin")
    meet(north, south)
    for node in (north, south):
        assert node.verdict(ours) == node.verdict(theirs) == ("valid", "")


@pytest.mark.parametrize(
    "change",
    [
        {"what": "Exercise"}, {"what": ""}, {"title": ""}, {"to": "2026-11-23T10:00:00.000Z"}, {"form": 2},
        {"to": "2036-11-23T10:00:00.000Z"}, {"low_m": 7_000}, {"low_m": 1.5}, {"basis": {}}, {"area": None},
        {"basis": {"book": "a", "version": 0, "article": "1"}}, {"basis": {"book": "a", "version": 1}}, {"extra": 1},
        {"number": "x" * 33}, {"from": "2026-11-23"}, {"high_m": limits.NOTICE_HEIGHT_M_MAX + 1},
    ],
)  # fmt: skip
def test_a_notice_of_another_form_is_refused(change: dict[str, object]) -> None:
    """A peer may write anything; what is not this form is not a notice."""
    with pytest.raises(PeerError):
        KINDS["notice.given"].check({**said.give("leaders", WORDS).body, **change})  # type: ignore[dict-item]


def test_a_notice_is_changed_so_often_and_no_more() -> None:
    """Folding stays cheap, whatever a peer writes."""
    north, _, subject = given()
    for form in range(2, limits.NOTICE_FORMS_MAX + 1):
        north.say(forms(subject, view(north, subject).forms[-1].ref, form)["amended"], "ann")
    assert refusal(north, forms(subject, view(north, subject).forms[-1].ref, 64)["cancelled"], "ann") == "notices.full"


def test_a_suspended_channel_takes_no_notice_and_lets_one_be_called_off() -> None:
    """What is in force must not be stuck there because the sides are not on speaking terms."""
    north, south, subject = given()
    south.say(channels.suspend("leaders", "Enough."), "lin")
    meet(north, south)
    last = view(north, subject).forms[-1].ref
    assert refusal(north, said.give("leaders", WORDS), "ann") == "channels.suspended"
    assert refusal(north, forms(subject, last, 2)["extended"], "ann") == "channels.suspended"
    north.say(forms(subject, last, 2)["cancelled"], "ann")


def test_both_nodes_fold_and_index_the_same_in_whatever_order_it_came() -> None:
    """DESIGN 2.6, with notices of both sides changed and read at random; a fresh book sees the same."""
    dice = random.Random(7)
    north, south = pair()
    for _ in range(60):
        for node, person in ((north, dice.choice(("ann", "bob"))), (south, dice.choice(("lin", "mei")))):
            rows = node.store.recent("leaders", ("notice.given",), before=None, count=20)
            subject = dice.choice(rows).subject if rows else "notice/north/0/0"
            found = node.book.view("leaders", subject)
            wishes = [said.give("leaders", WORDS)]
            if isinstance(found, NoticeView):
                last = found.forms[-1].ref
                wishes += [*forms(subject, last, len(found.forms) + 1).values()]
                wishes.append(said.acknowledge("leaders", subject, last))
            try:
                node.say(dice.choice(wishes), person)
            except Refused:
                continue
        if dice.random() < 0.3:
            meet(north, south)
    meet(north, south)
    cut = north.book.cut()
    assert {book.digest(cut) for book in (north.book, south.book, north.afresh(), south.afresh())} == {
        north.book.digest(cut)
    }
    assert north.store.values(index.SPACE) == south.store.values(index.SPACE)
    for key, value in north.store.values(index.SPACE):
        told = index.read(key, value)
        seen = view(south, told.subject)
        assert (told.until, told.since, told.state) == (seen.until, seen.since, seen.state)
