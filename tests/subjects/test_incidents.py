"""Incidents: a first report that a thin link carries, both accounts, facts both sign, and one view whatever crossed."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.subjects.incident_scene import (
    PHOTO,
    VIDEO,
    agree,
    busy,
    full,
    incident,
    one_of_each,
    plain,
    precedence,
    reported,
    say,
    words,
)
from tests.subjects.pair import Node, meet, pair, refusal
from tests.subjects.test_crossed import assert_same

from parley import limits
from parley.errors import PeerError, Refused
from parley.record.entry import encode_entry
from parley.subjects import KINDS, Fact
from parley.subjects.channels import facts as channels
from parley.subjects.crossed import crossed
from parley.subjects.incidents import saying
from parley.subjects.incidents.crossed import CROSSED
from parley.subjects.incidents.report import Told


def refused(node: Node, fact: Fact, **changes: object) -> str:
    by = "" if fact.kind == "incident.held" else {"north": "ann", "south": "lin"}[node.us]
    return refusal(node, fact, by, **{"precedence": precedence(fact), **changes})


def test_a_whole_first_report_takes_at_most_2_kib() -> None:
    """A ship's link of 2,400 bit/s carries it in seven seconds; pictures come later."""
    north, south, _ = reported()
    say(south, saying.report("leaders", plain()))
    meet(north, south)  # the past names all four logs
    fact = saying.report("leaders", full())
    leaf = encode_entry(north.draft(fact, "ann", precedence="FLASH"))
    assert len(leaf) <= 2_048, len(leaf)

    longest = replace(full(), what=full().what + "x" * 2_000)
    assert refused(north, saying.report("leaders", longest)) == "codec.field"
    body = limits.INCIDENT_REPORT_BYTES_MAX - len(encode_entry(north.draft(fact))) + len(leaf)
    assert len(leaf) - body < 2_048 - limits.INCIDENT_REPORT_BYTES_MAX  # what is not the body fits beside the longest


def test_both_accounts_stand_side_by_side() -> None:
    """Neither is "the" account; the first report is never replaced, not even by its own side."""
    north, south, subject = reported()
    say(south, saying.no_knowledge("leaders", subject, "We are looking into it."))
    meet(north, south)
    assert incident(north, subject).no_knowledge is not None
    say(south, saying.account("leaders", subject, plain("Our aircraft kept 300 m away."), stage="first"))
    say(north, saying.account("leaders", subject, full(), stage="full"))
    meet(north, south)
    view = incident(south, subject)
    assert view.no_knowledge is None
    found = [(one.side, one.stage) for one in view.accounts]
    assert sorted(found) == [("north", "first"), ("north", "full"), ("south", "first")]
    assert view.accounts[0].report == plain()
    theirs = view.account("south")
    assert theirs is not None and theirs.report.what == "Our aircraft kept 300 m away."
    assert view.full("north") is not None and view.full("south") is None
    assert_same(north, south)


def test_facts_are_agreed_frozen_and_signed_by_both() -> None:
    """What both sign settles no blame: it is exactly these sentences."""
    north, south, subject = reported()
    about = ("leaders", subject)
    agree(north, south, subject)
    disputed = say(north, saying.state(*about, "It was a simulated attack.", "en"))
    meet(north, south)
    say(south, saying.stand(*about, disputed, "law-disputed", "We do not call it that."))
    meet(north, south)
    view = incident(north, subject)
    assert [(one.number, one.stand) for one in view.statements] == [("north-1", "agreed"), ("north-2", "law-disputed")]
    assert view.statements[1].said.text == "It was a simulated attack."  # their stand changes nothing of our words
    assert refused(north, saying.freeze(*about, [words(north, subject, "north-2")])) == "incidents.not-agreed"
    altered = (words(north, subject, "north-1")[0], {"number": "north-1", "text": "Otherwise.", "language": "en"})
    assert refused(north, saying.freeze(*about, [altered])) == "incidents.list"

    ref = say(south, saying.freeze(*about, [words(south, subject, "north-1")]))
    meet(north, south)
    facts = [words(north, subject, "north-1")[1]]
    assert refused(north, saying.sign(*about, ref, [{**facts[0], "text": "More."}])) == "incidents.list"
    for node in (north, south):
        say(node, saying.sign(*about, ref, facts))
        assert refused(node, saying.sign(*about, ref, facts)) == "incidents.again"
    meet(north, south)
    signed = incident(south, subject).signed
    assert signed is not None
    assert [one.side for one in signed.signatures] == ["north", "south"]
    assert not signed.changed
    assert_same(north, south)


def test_a_signature_that_crossed_a_change_holds_for_the_list_it_names() -> None:
    """South signs while North's side of the list changes: the signature is not undone, and the change is seen."""
    north, south, subject = reported()
    about = ("leaders", subject)
    agree(north, south, subject)
    ref = say(north, saying.freeze(*about, [words(north, subject, "north-1")]))
    statement, facts = words(north, subject, "north-1")
    say(north, saying.sign(*about, ref, [facts]))
    meet(north, south)
    say(south, saying.sign(*about, ref, [facts]))
    say(north, saying.unstate(*about, statement, "Our clock was wrong."))
    meet(north, south)
    view = incident(north, subject)
    assert view.signed is not None and view.signed.ref == ref
    assert view.signed.changed
    assert refused(north, saying.freeze(*about, [(statement, facts)])) == "incidents.not-agreed"
    assert crossed("incident.signed", "incident.unstated").word == "named-list"  # type: ignore[union-attr]
    assert_same(north, south)


def test_the_same_list_frozen_by_both_at_once_needs_no_third_round() -> None:
    """Signatures count by digest, whoever's proposal they name."""
    north, south, subject = reported()
    about = ("leaders", subject)
    agree(north, south, subject)
    fact = words(north, subject, "north-1")
    refs = [say(node, saying.freeze(*about, [fact])) for node in (north, south)]
    meet(north, south)
    for node, ref in zip((north, south), refs, strict=True):
        say(node, saying.sign(*about, ref, [fact[1]]))
    meet(north, south)
    assert all(one.signed for one in incident(south, subject).lists)


def test_two_reports_of_one_event_that_cross_are_joined_by_agreement() -> None:
    """Both ships report at once: two incidents, until one side proposes and the other agrees that they are one."""
    north, south = pair()
    ours = say(north, saying.report("leaders", plain()))
    theirs = say(south, saying.report("leaders", plain("A ship of theirs steered at our aircraft.")))
    meet(north, south)
    assert_same(north, south)
    subject, other = f"incident/north/0/{ours.number}", f"incident/south/0/{theirs.number}"
    ref = say(south, saying.propose_join("leaders", subject, "leaders", other))
    assert refused(south, saying.join("leaders", subject, ref)) == "incidents.side"
    meet(north, south)
    assert incident(north, subject).joins[0].joined is None
    say(north, saying.join("leaders", subject, ref))
    meet(north, south)
    join = incident(south, subject).joins[0]
    assert join.joined is not None
    assert (join.channel, join.other) == ("leaders", other)


def test_a_first_report_is_never_held_up_by_a_suspension() -> None:
    """Safety is never suspended: it stands in the line channel, and names the channel it is about."""
    north, south = pair()
    north.say(channels.suspend("leaders", "Enough."), "ann")
    meet(north, south)
    assert refused(south, saying.report("leaders", plain())) == "channels.suspended"
    ref = say(south, saying.report("line", plain(), about="leaders"))
    meet(north, south)
    subject = f"incident/south/0/{ref.number}"
    assert incident(north, subject, "line").about == "leaders"
    say(north, saying.account("line", subject, plain("We saw nothing unusual."), stage="first"))
    assert refused(north, saying.report("line", plain()), precedence="") == "incidents.precedence"


def test_closing_jointly_alone_and_reopening() -> None:
    """One side may be done with it; only both close it for both."""
    north, south, subject = reported()
    about = ("leaders", subject)
    proposal = say(south, saying.propose_closing(*about, "Crews were told."))
    assert refused(south, saying.close(*about, proposal)) == "incidents.side"
    say(south, saying.close_alone(*about, "We have said all."))
    meet(north, south)
    assert incident(north, subject).state == "closed-by-one"
    say(north, saying.ask(*about, "Who flew it?", "en"))  # who has not closed it may go on
    say(north, saying.close(*about, proposal))
    assert incident(north, subject).state == "closed"
    assert refused(north, saying.state(*about, "More.", "en")) == "incidents.closed"
    meet(north, south)
    say(south, saying.reopen(*about, "A video came to light."))
    meet(north, south)
    view = incident(north, subject)
    assert (view.state, view.closings[-1].said.text) == ("open", "Crews were told.")
    assert refused(north, saying.reopen(*about, "Again.")) == "incidents.state"


def test_queries_and_meetings_are_answered_once_by_the_other_side() -> None:
    """A question stays open until the side that was asked has answered it."""
    north, south, subject = reported()
    about = ("leaders", subject)
    query = say(north, saying.ask(*about, "Who flew it?", "en"))
    wish = say(north, saying.ask_meeting(*about, "In May."))
    assert refused(north, saying.answer(*about, query, "We did.", "en")) == "incidents.side"
    meet(north, south)
    assert refused(south, saying.answer_meeting(*about, query, accepted=True, text="")) == "incidents.names-one"
    say(south, saying.answer(*about, query, "A crew of our 3rd wing.", "en"))
    say(south, saying.answer_meeting(*about, wish, accepted=False, text="Not this year."))
    assert refused(south, saying.answer(*about, query, "Again.", "en")) == "incidents.names-one"
    meet(north, south)
    found = [(one.meeting, one.answer and one.answer.text, one.accepted) for one in incident(north, subject).queries]
    assert found == [(False, "A crew of our 3rd wing.", None), (True, "Not this year.", False)]


def test_files_are_told_to_be_there_by_the_other_sides_node() -> None:
    """What was put forward and what arrived are two facts."""
    north, south, subject = reported()
    say(south, saying.hold_file("leaders", subject, "cd" * 32))
    assert refused(south, saying.hold_file("leaders", subject, "cd" * 32)) == "incidents.names-one"
    meet(north, south)
    (video,) = incident(north, subject).evidence
    assert (video.taken, video.source) == (VIDEO["taken"], VIDEO["source"])
    assert video.held_at


def test_what_cannot_be_true_is_recorded() -> None:
    """One side only lies: no rule refuses what it says, so that it is on record (flags stand beside the view)."""
    north, south = pair()
    lie = replace(plain(), time=Told(value="1970-01-01T00:00:00.000Z", nature="o"))
    ref = say(south, saying.report("leaders", lie))
    meet(north, south)
    assert incident(north, f"incident/south/0/{ref.number}").accounts[0].report == lie


WRONG_ERRORS = (
    {}, {"position_m": "25"}, {"position_m": "1e3"}, {"clock_s": "86400.1"}, {"clock_s": -1}, {"speed": "1.0"}, "25.0",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("t", ["yesterday", "o"]), ("t", ["2026-09-21T09:00:00.000Z", "x"]), ("p", {"lat": "91", "lon": "0"}),
        ("pn", "x"), ("what", ""), ("units", []), ("units", [{"of": "north", "mmsi": ["1" * 61, "o"]}]),
        ("units", [{"of": "north", "crs": ["360.0", "o"]}]), ("units", [{"of": "north", "crs": "12"}]),
        ("sig", [["north", "", "", "o"]]), ("cpa", {"m": "-1.0", "n": "o"}), ("art", ["one"]), ("wx", ["", "o"]),
        ("attachments", [PHOTO, PHOTO]), ("attachments", []), ("more", 1), ("units", [{"of": "north"}] * 9),
        *(("attachments", [PHOTO | {"errors": wrong}]) for wrong in WRONG_ERRORS),
    ],
)  # fmt: skip
def test_a_report_of_another_form_is_refused(name: str, value: object) -> None:
    """Two programs that read one text leniently would read two incidents."""
    body = saying.report("leaders", full()).body | {name: value}  # type: ignore[operator]
    with pytest.raises(PeerError) as caught:
        KINDS["incident.reported"].check(body)
    assert caught.value.code == "codec.field"


@pytest.mark.parametrize("shuffle", range(3))
def test_every_pair_that_can_cross_comes_to_one_view(shuffle: int) -> None:
    """A third of all pairs: what each said was allowed by its own past, and both see the same after."""
    for one, other in [cell for number, cell in enumerate(CROSSED) if number % 9 == shuffle]:
        names = [name.removeprefix("incident.") for name in (one, other)]
        north, south, subject = busy(closed="reopened" in names)
        for first, second in (names, names[::-1]):
            try:
                ours, theirs = one_of_each(north, subject)[first](), one_of_each(south, subject)[second]()
                for node, fact in ((north, ours), (south, theirs)):
                    node.book.judge(node.draft(fact, "" if first == "held" else "ann" if node is north else "lin"))
            except (Refused, IndexError, StopIteration):
                continue
            refs = [say(north, ours), say(south, theirs)]
            meet(north, south)
            for node in (north, south):
                assert [node.verdict(ref) for ref in refs] == [("valid", "")] * 2, names
            assert_same(north, south)
            break


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_views_converge_whatever_is_said_and_heard_when(seed: int) -> None:
    """Two nodes that say anything allowed, hear each other late and in parts, and end with one view."""
    dice = random.Random(seed)
    north, south, subject = busy(closed=dice.random() < 0.5)
    for _ in range(24):
        node, other = dice.choice([(north, south), (south, north)])
        if dice.random() < 0.3:
            node.hear(other, dice.choice([log for log in sorted(other.store.logs()) if log.side == other.us]), 2)
            continue
        each = one_of_each(node, subject)
        try:
            say(node, each[dice.choice(list(each))]())
        except (Refused, StopIteration, IndexError):
            continue
    meet(north, south)
    meet(north, south)
    assert incident(north, subject) == incident(south, subject)
    assert_same(north, south)
