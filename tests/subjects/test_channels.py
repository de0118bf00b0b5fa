"""A channel's life, and the other facts of the line channel: what each rule refuses, and what the line view shows."""

from __future__ import annotations

import pytest
from tests.subjects.pair import meet, open_channel, pair, refusal, tell, words

from parley.record.names import LogId, Ref
from parley.subjects import KINDS, Fact, plain, subject_for
from parley.subjects.channels import facts as channels
from parley.subjects.messages import facts
from parley.subjects.standing import facts as standing
from parley.subjects.table import FOLDS, PLANS, RULES

NOBODY = Ref(LogId("line", "north", 0), 0, "00" * 32)


def test_a_channel_opens_when_the_other_side_agrees() -> None:
    """Neither side can make the other listen in a room it has not agreed to."""
    north, south = pair(channel=None)
    assert refusal(north, words(north), "ann") == "channels.not-agreed"
    proposal = north.say(channels.propose("leaders", "Leaders", "Direct word."), "ann")
    assert refusal(north, channels.agree("leaders", proposal), "ann") == "channels.own"
    assert refusal(north, channels.propose("leaders", "Again"), "ann") == "channels.again"
    meet(north, south)
    assert refusal(south, channels.propose("leaders", "Ours"), "lin") == "channels.answer"
    assert refusal(south, channels.agree("leaders", NOBODY), "lin") == "channels.names-one"
    assert refusal(south, channels.suspend("leaders", "No."), "lin") == "channels.not-agreed"
    south.say(channels.agree("leaders", proposal), "lin")
    meet(north, south)

    view = north.book.channel("leaders")
    assert view is not None
    assert (view.state, view.title, view.purpose, view.proposed_by) == ("agreed", "Leaders", "Direct word.", "north")
    assert view.writable
    assert refusal(south, channels.decline("leaders", proposal, "No."), "lin") == "channels.agreed"
    tell(north)


def test_a_declined_channel_says_why_and_can_be_proposed_again() -> None:
    """A no is an answer, not an end."""
    north, south = pair(channel=None)
    proposal = north.say(channels.propose("leaders", "Leaders"), "ann")
    meet(north, south)
    south.say(channels.decline("leaders", proposal, "Not this year."), "lin")
    meet(north, south)
    view = north.book.channel("leaders")
    assert view is not None
    assert (view.state, view.reason, view.proposal) == ("declined", "Not this year.", None)
    open_channel(north, south, "leaders")
    assert south.book.channel("leaders").state == "agreed"  # type: ignore[union-attr]


def test_a_proposal_is_taken_back_by_its_own_side_while_nobody_has_answered() -> None:
    """What was proposed by mistake must not wait at the other side for an answer."""
    north, south = pair(channel=None)
    proposal = north.say(channels.propose("leaders", "Leaders"), "ann")
    meet(north, south)
    assert refusal(south, channels.withdraw("leaders", proposal, "No."), "lin") == "channels.own-only"
    assert refusal(north, channels.withdraw("leaders", NOBODY, "No."), "ann") == "channels.own-only"
    north.say(channels.withdraw("leaders", proposal, "The wrong name."), "ann")
    meet(north, south)
    view = south.book.channel("leaders")
    assert view is not None
    assert (view.state, view.reason, view.proposal) == ("withdrawn", "The wrong name.", None)
    assert refusal(south, channels.agree("leaders", proposal), "lin") == "channels.names-one"
    open_channel(north, south, "leaders")
    assert refusal(north, channels.withdraw("leaders", proposal, "No."), "ann") == "channels.agreed"


def test_either_side_suspends_and_both_restore() -> None:
    """A suspension is one side's will; coming back needs both."""
    north, south = pair()
    assert refusal(north, channels.propose_restore("leaders"), "ann") == "channels.not-suspended"
    south.say(channels.suspend("leaders", "Consultations."), "lin")
    meet(north, south)
    wish = south.say(channels.propose_restore("leaders"), "lin")
    assert refusal(south, channels.restore("leaders", wish), "lin") == "channels.own"
    meet(north, south)
    view = north.book.channel("leaders")
    assert view is not None
    assert (view.state, view.reason, view.waits_for("north")) == ("restore-proposed", "Consultations.", wish)
    north.say(channels.restore("leaders", wish), "ann")
    meet(north, south)
    assert south.book.channel("leaders").writable  # type: ignore[union-attr]
    assert refusal(north, channels.restore("leaders", wish), "ann") == "channels.not-suspended"


def test_each_side_sets_its_own_members_and_they_alone_speak() -> None:
    """Who may speak for a side in a channel is that side's business and known to both."""
    north, south = pair()
    assert refusal(north, channels.set_members("leaders", ["lin"]), "ann") == "channels.member"
    north.say(channels.set_members("leaders", ["ann"]), "ann")
    meet(north, south)
    assert refusal(north, words(north, person="bob"), "bob") == "channels.member"
    tell(north)
    tell(south, person="mei")  # South named nobody: everybody on its roster
    assert refusal(north, channels.set_members("talks", ["ann"]), "ann") == "channels.unknown"
    north.say(channels.set_members("leaders", []), "ann")
    tell(north, person="bob")


@pytest.mark.parametrize("name", ["line", "Leaders", "", "a b", "x" * 49])
def test_a_channel_needs_a_good_name_and_is_not_the_line(name: str) -> None:
    """The name is part of every log's name and of every checkpoint."""
    north, _ = pair(channel=None)
    fact = Fact(
        channel="line",
        kind="channel.proposed",
        subject="channel/x",
        body={"channel": name, "title": "T", "purpose": ""},
    )
    assert refusal(north, fact, "ann") == "codec.field"


def test_kinds_stand_in_their_channel() -> None:
    """A roster entry in a channel, or words in the line channel, would be read by nobody's rule."""
    north, _ = pair()
    person = standing.list_person("north", "eve", name="Eve", role="delegate")
    assert refusal(north, Fact(channel="leaders", kind=person.kind, subject=person.subject, body=person.body)) == (
        "subjects.channel"
    )
    assert refusal(north, words(north, channel="line"), "ann") == "subjects.channel"


def test_who_speaks_must_be_on_the_roster() -> None:
    """A name nobody has listed is nobody's word."""
    north, _ = pair()
    assert refusal(north, words(north, person="eve"), "eve") == "subjects.listed"
    assert refusal(north, words(north)) == "subjects.person"
    gap = standing.note_gap("line", "2026-09-21T00:00:00.000Z", "2026-09-21T00:00:01.000Z", "")
    assert refusal(north, gap, "ann") == "subjects.person"


def test_a_person_is_listed_changed_and_removed() -> None:
    """Both sides show the name, the office and the form of address that the person's own side gave."""
    north, south = pair()
    north.say(
        standing.list_person(
            "north", "eve", name="Eve E.", role="principal", office="Head", address="Madam", languages=["en", "ar"]
        ),
        "ann",
    )
    meet(north, south)
    person = south.book.line_view().person("north", "eve")
    assert person is not None
    assert (person.name, person.address, person.languages, person.listed) == ("Eve E.", "Madam", ("en", "ar"), True)
    north.say(standing.remove_person("north", "eve"), "ann")
    meet(north, south)
    assert "eve" not in [one.person for one in south.book.line_view().roster("north")]
    assert south.book.line_view().person("north", "eve").name == "Eve E."  # type: ignore[union-attr]
    assert refusal(north, standing.remove_person("north", "eve"), "ann") == "roster.unknown"
    assert refusal(north, standing.remove_person("south", "lin"), "ann") == "subjects.subject"


def test_a_fallback_is_stated_by_one_side_and_confirmed_by_the_other() -> None:
    """When the line is down, the number on the screen must be one the other side has tried."""
    north, south = pair()
    assert refusal(south, standing.confirm_fallback("north", NOBODY), "lin") == "fallback.unknown"
    stated = north.say(standing.state_fallback("north", "Call 1."), "ann")
    assert refusal(north, standing.confirm_fallback("north", stated), "ann") == "line.own"
    assert refusal(north, standing.state_fallback("south", "Call 2."), "ann") == "subjects.subject"
    meet(north, south)
    assert refusal(south, standing.confirm_fallback("north", NOBODY), "lin") == "line.names-one"
    south.say(standing.confirm_fallback("north", stated), "lin")
    meet(north, south)
    view = north.book.line_view().fallbacks["north"]
    assert (view.text, view.confirmed_by) == ("Call 1.", "lin")


def test_a_release_policy_is_laid_down_by_two_persons_of_the_roster() -> None:
    """One person must not be able to free themself from the second one."""
    north, _ = pair()
    lone = standing.lay_down_release("north", persons=["ann"], after_s=0, laid_down_by=["ann"])
    assert refusal(north, lone, "ann") == "codec.field"
    made_up = standing.lay_down_release("north", persons=["ann"], after_s=0, laid_down_by=["ann", "eve"])
    assert refusal(north, made_up, "ann") == "release.person"
    others = standing.lay_down_release("north", persons=["ann"], after_s=0, laid_down_by=["bob", "eve"])
    assert refusal(north, others, "ann") == "release.person"


def test_new_keys_are_announced_by_one_side_and_confirmed_by_the_other() -> None:
    """The confirmation is of the card whose words were compared, once."""
    north, south = pair()
    announced = standing.replace_keys("north", card="AAAA", digest="aa" * 32, heads={}, proof="AAAA")
    assert refusal(south, standing.confirm_keys("north", "aa" * 32, NOBODY)) == "keys.unknown"
    told = north.say(announced)
    assert refusal(north, standing.confirm_keys("north", "aa" * 32, told)) == "line.own"
    meet(north, south)
    assert refusal(south, standing.confirm_keys("north", "bb" * 32, told)) == "keys.digest"
    south.say(standing.confirm_keys("north", "aa" * 32, told), "lin")
    assert refusal(south, standing.confirm_keys("north", "aa" * 32, told)) == "keys.again"
    assert south.book.line_view().keys["north"].confirmed_at != ""


def test_a_line_test_is_answered_once_by_the_other_side_with_its_nonce() -> None:
    """An answer from the tested side itself, or to an older test, would prove nothing."""
    north, south = pair()
    cut = north.book.cut()
    fact = standing.test_line("00" * 16, cut, north.book.digest(cut), clock_offset_ms=-3, links=[("tls", 700, "X")])
    ref = north.say(fact)
    subject = f"test/north/0/{ref.number}"
    answer = standing.answer_test(subject, "00" * 16, north.book.digest(cut), south.book.digest(cut))
    assert refusal(north, answer) == "tests.own"
    meet(north, south)
    assert refusal(south, standing.answer_test(subject, "11" * 16, "", "")) == "tests.nonce"
    assert refusal(south, standing.answer_test("test/north/0/99", "00" * 16, "", "")) == "tests.unknown"
    south.say(answer)
    assert refusal(south, answer) == "tests.again"
    meet(north, south)
    for book in (north.book, south.book, north.afresh()):
        (seen,) = book.line_view().tests
        assert (seen.same, seen.clock_offset_ms, seen.links) == (True, -3, (("tls", 700, "X"),))


def test_a_gap_does_not_end_before_it_begins() -> None:
    """A gap of negative length would make any sum of gaps a lie."""
    north, _ = pair()
    fact = standing.note_gap("line", "2026-09-21T00:00:01.000Z", "2026-09-21T00:00:00.000Z", "")
    assert refusal(north, fact) == "gaps.order"


def test_rules_are_agreed_by_the_other_side_and_never_go_back() -> None:
    """One side alone cannot change by what both are judged."""
    north, south = pair(rules_known=3)
    assert refusal(north, standing.propose_rules(1), "ann") == "rules.older"
    proposal = north.say(standing.propose_rules(2), "ann")
    assert refusal(north, standing.agree_rules(2, proposal), "ann") == "rules.own"
    meet(north, south)
    assert refusal(south, standing.agree_rules(3, proposal), "lin") == "rules.names-one"
    south.say(standing.agree_rules(2, proposal), "lin")
    meet(north, south)
    assert refusal(south, standing.agree_rules(2, proposal), "lin") == "rules.names-one"
    assert north.book.rules == 2


def test_unknown_fields_and_wrong_shapes_are_refused_with_the_place() -> None:
    """Strict reading: a field one side reads and the other does not would mean two things."""
    north, _ = pair()
    good = words(north)
    for change in ({"extra": 1}, {"text": 7}, {"due": "soon"}, {"released_by": ["ann", "ann"]}, {"assertion": "x"}):
        fact = Fact(channel="leaders", kind="message.sent", subject=None, body={**good.body, **change})  # type: ignore[dict-item]
        assert refusal(north, fact, "ann") == "codec.field"
    short = {name: value for name, value in good.body.items() if name != "order"}
    assert (
        refusal(north, Fact(channel="leaders", kind="message.sent", subject=None, body=short), "ann") == "codec.field"
    )


def test_every_kind_has_a_subject_or_needs_one_said() -> None:
    """The line core names a new entry's subject from this; a wrong name would be refused by its own rule."""
    log = LogId("line", "north", 0)
    assert subject_for("message.sent", {}, LogId("leaders", "north", 2), 7) == "message/north/2/7"
    assert subject_for("channel.suspended", {"channel": "talks"}, log, 7) == "channel/talks"
    assert subject_for("roster.listed", {"person": "ann"}, log, 7) == "roster/north/ann"
    assert subject_for("message.acknowledged", {}, log, 7) is None
    assert subject_for("no.such", {}, log, 7) is None
    assert {kind.room for kind in KINDS.values()} == FOLDS.keys() | PLANS.keys() == RULES.keys()


def test_a_view_is_given_as_plain_values() -> None:
    """Programs and digests read the same view as the desk."""
    north, south = pair()
    subject = tell(north)
    meet(north, south)
    south.say(facts.acknowledge("leaders", subject), "lin")
    shown = plain(south.book.message("leaders", subject))
    assert isinstance(shown, dict)
    assert shown["text"] == "Pump 3 is stopped."
    assert shown["acknowledged"][0]["person"] == "lin"  # type: ignore[index,call-overload]


def test_somebody_with_several_roles_is_listed_with_all_of_them_each_once() -> None:
    """The other side reads by what right somebody speaks; an interpreter who is also a delegate is both."""
    north, south = pair()
    north.say(standing.list_person("north", "ann", name="Ann", role="delegate", roles=("interpreter", "recorder")))
    meet(north, south)
    for node in (north, south):
        seen = node.book.line_view().person("north", "ann")
        assert seen is not None and seen.roles == ("delegate", "interpreter", "recorder")
    for roles in (("delegate",), ("recorder", "recorder"), ("king",)):
        again = standing.list_person("north", "ann", name="Ann", role="delegate", roles=roles)
        assert refusal(north, again) == "codec.field"
