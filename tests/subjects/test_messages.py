"""A message's life: sent, shown, acknowledged, answered, corrected, cancelled, translated, read back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.subjects.pair import Node, meet, pair, refusal, tell, words

from parley import limits
from parley.codec.text import count_words
from parley.record.names import LogId
from parley.record.tree import leaf_hash
from parley.subjects.channels import facts as channels
from parley.subjects.messages import due_for, facts
from parley.subjects.standing import facts as standing
from parley.times import Moment


def test_both_nodes_see_the_same_message() -> None:
    """DESIGN 2.6: from the same entries both fold the same view."""
    north, south = pair()
    subject = tell(north, "Pump 3 is stopped.", title="Pumps")
    meet(north, south)
    south.say(facts.show("leaders", subject, "watch"), "lin")
    south.say(facts.acknowledge("leaders", subject, "Seen."), "lin")
    meet(north, south)

    ours, theirs = north.book.message("leaders", subject), south.book.message("leaders", subject)
    assert ours == theirs
    assert ours is not None
    assert ours.text == "Pump 3 is stopped."
    assert [(one.person, one.desk) for one in ours.shown] == [("lin", "watch")]
    assert [(one.person, one.note, one.version) for one in ours.acknowledged] == [("lin", "Seen.", 0)]
    assert ours.state == "acknowledged"
    assert north.book.digest(north.book.cut()) == south.book.digest(south.book.cut())


def test_a_correction_asks_for_a_new_acknowledgement() -> None:
    """Who acknowledged the wrong number has not acknowledged the right one."""
    north, south = pair()
    subject = tell(north, "Pump 3 is stopped.")
    meet(north, south)
    south.say(facts.acknowledge("leaders", subject), "lin")
    meet(north, south)
    north.say(facts.correct("leaders", subject, text="Pump 4 is stopped.", language="en", reason="Typing."), "ann")
    meet(north, south)

    view = south.book.message("leaders", subject)
    assert view is not None
    assert (view.text, view.first_text, view.version, view.state) == (
        "Pump 4 is stopped.", "Pump 3 is stopped.", 1, "open",
    )  # fmt: skip
    south.say(facts.acknowledge("leaders", subject), "lin")
    assert south.book.message("leaders", subject).state == "acknowledged"  # type: ignore[union-attr]
    assert refusal(south, facts.acknowledge("leaders", subject), "lin") == "messages.again"


def test_only_the_receiving_side_acknowledges_and_only_the_sending_side_corrects() -> None:
    """Otherwise a side could acknowledge its own words in the other's name."""
    north, south = pair()
    subject = tell(north)
    meet(north, south)

    assert refusal(north, facts.acknowledge("leaders", subject), "ann") == "messages.side"
    assert (
        refusal(south, facts.correct("leaders", subject, text="x", language="en", reason="y"), "lin") == "messages.side"
    )
    assert refusal(south, facts.cancel("leaders", subject, "No."), "lin") == "messages.side"
    assert refusal(north, facts.show("leaders", subject, "watch"), "ann") == "messages.side"


def test_what_is_cancelled_stays_cancelled_and_keeps_its_acknowledgement() -> None:
    """A cancellation takes words back for the future; what was acknowledged before was acknowledged."""
    north, south = pair()
    subject = tell(north)
    meet(north, south)
    south.say(facts.acknowledge("leaders", subject), "lin")
    meet(north, south)
    north.say(facts.cancel("leaders", subject, "Overtaken."), "ann")
    meet(north, south)

    view = south.book.message("leaders", subject)
    assert view is not None
    assert (view.state, view.cancel_reason, len(view.acknowledged)) == ("cancelled", "Overtaken.", 1)
    assert refusal(south, facts.acknowledge("leaders", subject), "mei") == "messages.cancelled"
    assert (
        refusal(north, facts.correct("leaders", subject, text="x", language="en", reason="y"), "ann")
        == "messages.cancelled"
    )
    assert refusal(north, facts.cancel("leaders", subject, "Again."), "ann") == "messages.cancelled"


def test_a_flash_needs_a_second_person_or_a_policy_laid_down_by_two() -> None:
    """One person alone, tired or forced, must not be able to start what a FLASH may start."""
    north, south = pair()
    alone = words(north, person="ann", drafted_by="ann", released_by=["ann"])
    assert refusal(north, alone, "ann", precedence="FLASH") == "messages.second-person"
    lone = words(north, person="ann", drafted_by="ann", released_by=["ann"], released_alone=True)
    assert refusal(north, lone, "ann", precedence="FLASH") == "messages.alone"

    north.say(words(north, drafted_by="bob", released_by=["ann"]), "ann", precedence="FLASH")
    policy = standing.lay_down_release("north", persons=["ann"], after_s=60, laid_down_by=["ann", "bob"])
    north.say(policy, "bob")
    ref = north.say(lone, "ann", precedence="FLASH")
    meet(north, south)

    assert south.verdict(ref) == ("valid", "")
    assert south.book.message("leaders", f"message/north/0/{ref.number}").released_alone  # type: ignore[union-attr]
    other = words(north, person="bob", drafted_by="bob", released_by=["bob"], released_alone=True)
    assert refusal(north, other, "bob", precedence="FLASH") == "messages.alone"


def test_a_person_not_on_the_roster_cannot_be_named_as_a_second_person() -> None:
    """A made-up second name would turn the two-person rule into a form to fill in."""
    north, _south = pair()
    made_up = words(north, drafted_by="ann", released_by=["ann", "nobody"])
    assert refusal(north, made_up, "ann", precedence="FLASH") == "messages.releaser"


def test_the_words_of_a_flash_are_not_changed_by_one_person() -> None:
    """A correction of one person's stood under the names of the two who had released quite other words."""
    north, south = pair()
    ref = north.say(words(north, drafted_by="bob", released_by=["ann"]), "ann", precedence="FLASH")
    subject = f"message/north/0/{ref.number}"
    other = facts.correct("leaders", subject, text="Fire at will.", language="en", reason="Typing.")
    assert refusal(north, other, "ann") == "messages.flash-corrected"
    north.put(north.draft(other, "ann"))  # a program that does not ask its own rules
    meet(north, south)
    for side in (north, south):
        view = side.book.message("leaders", subject)
        assert view is not None
        assert (view.text, view.version) == (view.first_text, 0)
    assert north.say(facts.cancel("leaders", subject, "Another follows."), "ann")


@pytest.mark.parametrize(
    ("changes", "body", "code"),
    [
        ({"precedence": ""}, {}, "messages.precedence"),
        ({}, {"due": "2026-01-01T00:00:00.000Z"}, "messages.due"),
        ({}, {"released_by": ["bob"]}, "messages.releaser"),
        ({}, {"released_by": ["ann", "nobody"]}, "messages.releaser"),
        ({}, {"released_alone": True}, "messages.alone"),
    ],
)
def test_what_breaks_a_rule_of_sending_is_not_valid_on_both_sides_by_the_same_rule(
    changes: dict[str, object], body: dict[str, object], code: str
) -> None:
    """No simulated world breaks these, and no page offers to: a program of theirs may."""
    north, south = pair()
    fact = words(north, person="ann")
    fact = replace(fact, body={**fact.body, **body})
    assert refusal(north, fact, "ann", **changes) == code
    ref = north.put(north.draft(fact, "ann", **changes))
    meet(north, south)
    for side in (north, south):
        assert side.verdict(ref) == ("not-valid", code)
        assert [row.view for row in side.book.thread("leaders")] == [None]


@pytest.mark.parametrize("kind", ["acknowledged", "cancelled"])
def test_a_word_about_a_message_has_its_status(kind: str) -> None:
    """An acknowledgement in an exercise must not stand under a message that is actual."""
    north, south = pair()
    subject = tell(north, "Pump 3 is stopped.")
    meet(north, south)
    if kind == "acknowledged":
        assert refusal(south, facts.acknowledge("leaders", subject), "lin", status="exercise") == "messages.status"
    else:
        assert refusal(north, facts.cancel("leaders", subject, "No."), "ann", status="exercise") == "messages.status"


@pytest.mark.parametrize("precedence", ["FLASH", "IMMEDIATE"])
def test_urgent_messages_have_at_most_200_words(precedence: str) -> None:
    """ACP 121: what is to be acted on at once must be readable at once."""
    north, _ = pair()
    fits, over = "word " * 200, "word " * 201
    released = {"drafted_by": "bob", "released_by": ["ann"]}
    north.say(words(north, fits, **released), "ann", precedence=precedence)
    assert refusal(north, words(north, over, **released), "ann", precedence=precedence) == "messages.words"
    north.say(words(north, over, **released), "ann", precedence="PRIORITY")


def test_words_are_counted_in_scripts_without_spaces() -> None:
    """A limit in words must bind a Chinese text too: two characters count as a word."""
    assert count_words("the pump is stopped") == 4
    assert count_words("三号泵已停") == 3
    assert count_words("Pump 三号 stopped") == 3
    assert count_words("توقفت المضخة الثالثة") == 3
    assert count_words("") == 0


def test_due_times_follow_precedence() -> None:
    """FLASH 10 min, IMMEDIATE 30 min, PRIORITY 3 h, ROUTINE 6 h, absolute and from release."""
    assert due_for("FLASH", Moment(0)) == "1970-01-01T00:10:00.000Z"
    assert due_for("IMMEDIATE", Moment(0)) == "1970-01-01T00:30:00.000Z"
    assert due_for("PRIORITY", Moment(0)) == "1970-01-01T03:00:00.000Z"
    assert due_for("ROUTINE", Moment(0)) == "1970-01-01T06:00:00.000Z"


def test_a_read_back_is_confirmed_by_name_of_that_read_back() -> None:
    """A confirmation must not slide from the wording it was given for to a later one."""
    north, south = pair()
    subject = tell(north, "Turn to 270.", order=True)
    meet(north, south)
    first = south.say(facts.read_back("leaders", subject, "Turning to 217."), "lin")
    meet(north, south)
    north.say(facts.deny("leaders", subject, first, "270, two seven zero."), "ann")
    meet(north, south)
    assert south.book.message("leaders", subject).order_state == "not-confirmed"  # type: ignore[union-attr]
    second = south.say(facts.read_back("leaders", subject, "Turning to 270."), "lin")
    meet(north, south)
    assert refusal(north, facts.confirm("leaders", subject, first), "ann") == "messages.again"
    north.say(facts.confirm("leaders", subject, second), "ann")
    meet(north, south)

    view = south.book.message("leaders", subject)
    assert view is not None
    assert [one.state for one in view.read_backs] == ["not-confirmed", "confirmed"]
    assert view.order_state == "confirmed"
    plain = tell(north, "Good morning.")
    meet(north, south)
    assert refusal(south, facts.read_back("leaders", plain, "Good morning."), "lin") == "messages.order"


def test_translations_come_in_three_grades_each_with_its_time() -> None:
    """1967 practice: a sight translation within minutes, a rough one, the official one an hour later."""
    north, south = pair()
    subject = tell(north, "Pump 3 is stopped.")
    meet(north, south)
    for grade in facts.GRADES:
        fact = facts.translate("leaders", subject, grade=grade, language="zh", text="三号泵已停", by="Mei")
        south.say(fact, "mei")
    meet(north, south)

    view = north.book.message("leaders", subject)
    assert view is not None
    assert [one.grade for one in view.translations] == ["sight", "rough", "official"]
    assert sorted({one.at for one in view.translations}) == [one.at for one in view.translations]


def test_a_file_on_their_disk_is_a_fact_of_its_own() -> None:
    """A message on their disk says nothing of the photo it names."""
    north, south = pair()
    photo = {"root": "ab" * 32, "size": 70_000, "media": "image/jpeg", "name": "pump.jpg"}
    subject = tell(north, attachments=[photo])
    meet(north, south)
    assert refusal(south, facts.hold_file("leaders", subject, "cd" * 32)) == "messages.file"
    south.say(facts.hold_file("leaders", subject, "ab" * 32))
    meet(north, south)

    view = north.book.message("leaders", subject)
    assert view is not None
    assert view.attachments[0].held_at != ""
    assert refusal(south, facts.hold_file("leaders", subject, "ab" * 32)) == "messages.again"


def test_an_answer_is_found_from_the_message_it_answers() -> None:
    """Also after a restart, and after the topic was let go from memory."""
    north, south = pair()
    question = tell(north, "When?")
    meet(north, south)
    answer = tell(south, "At nine.", answers=question)
    meet(north, south)

    assert north.book.answers("leaders", question) == [answer]
    assert north.afresh().answers("leaders", question) == [answer]
    assert north.book.message("leaders", answer).answers == question  # type: ignore[union-attr]


def test_facts_keep_the_status_of_their_message() -> None:
    """An acknowledgement in earnest of an exercise message could be taken for the real thing, and the reverse."""
    north, south = pair()
    ref = north.say(words(north), "ann", status="exercise")
    meet(north, south)
    subject = f"message/north/0/{ref.number}"
    assert refusal(south, facts.acknowledge("leaders", subject), "lin") == "messages.status"
    south.say(facts.acknowledge("leaders", subject), "lin", status="exercise")


def test_open_items_are_what_waits_for_an_acknowledgement() -> None:
    """The desk counts down what is listed here; a restart must find the same."""
    north, south = pair()
    first, second = tell(north, "One."), tell(north, "Two.")
    meet(north, south)
    assert [item.subject for item in south.book.open_items("leaders")] == [first, second]
    south.say(facts.acknowledge("leaders", first), "lin")
    meet(north, south)

    for book in (north.book, south.book, north.afresh(), south.afresh()):
        assert [item.subject for item in book.open_items("leaders")] == [second]
    north.say(facts.correct("leaders", first, text="One!", language="en", reason="Tone."), "ann")
    meet(north, south)
    assert [item.subject for item in south.book.open_items("leaders")] == [first, second]


def test_no_flood_of_theirs_and_no_drill_takes_what_waits_off_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether our words were acknowledged must not leave our desk because the other side sends many of its own."""
    monkeypatch.setattr(limits, "OPEN_ITEMS_MAX", 4)
    north, south = pair()

    def send(node: Node, precedence: str, status: str = "actual") -> str:
        person = {"north": "ann", "south": "lin"}[node.us]
        return f"message/{node.us}/0/{node.say(words(node), person, precedence=precedence, status=status).number}"

    assert north.book.open_items("leaders") == south.book.open_items("leaders") == []
    ours = send(north, "ROUTINE")
    drill = [send(north, "IMMEDIATE", "exercise") for _ in range(5)]
    real = [send(north, "PRIORITY") for _ in range(5)]
    pressing = send(north, "IMMEDIATE")
    theirs = [send(south, "IMMEDIATE") for _ in range(9)]
    meet(north, south)

    for book in (north.book, south.book):
        listed = {item.subject for item in book.open_items("leaders")}
        assert listed == {*drill[:4], *real[:3], pressing, *theirs[:4]}, "the oldest stay; what presses more comes in"
    assert ours not in listed  # ROUTINE, and first to go for what presses more
    again = {item.subject for item in north.afresh().open_items("leaders")}
    assert again == {*real[2:], pressing, *theirs[5:]}, "a start looks through the latest of each side"


def test_a_message_waits_from_the_moment_it_is_folded() -> None:
    """A desk may ask while the commit is under way; a message missed then would be missed until the next start."""
    north, south = pair()
    subject = tell(north, "One.")
    log = LogId("leaders", "north", 0)
    leaf = north.store.leaves(log, 0, 1)[0]
    south.hear(north, LogId("line", "north", 0))
    south.book.take(log, 0, leaf, leaf_hash(leaf))
    south.book.fold()  # nothing of it is on disk yet

    assert [item.subject for item in south.book.open_items("leaders")] == [subject]


def test_a_suspended_channel_takes_no_new_words_and_still_lets_old_ones_be_acknowledged() -> None:
    """A suspension must not leave the other side without its answer to what was said before."""
    north, south = pair()
    subject = tell(north)
    meet(north, south)
    south.say(channels.suspend("leaders", "Consultations."), "lin")
    meet(north, south)

    assert refusal(north, words(north), "ann") == "channels.suspended"
    south.say(facts.acknowledge("leaders", subject), "lin")
    meet(north, south)
    assert north.book.message("leaders", subject).state == "acknowledged"  # type: ignore[union-attr]


def test_a_thread_is_given_newest_first_in_pages() -> None:
    """A desk must not fetch a year to show a day."""
    north, south = pair()
    subjects = [tell(north, f"Message {number}.") for number in range(7)]
    meet(north, south)
    page = south.book.thread("leaders", count=3)
    assert [row.subject for row in page] == subjects[:3:-1]
    rest = south.book.thread("leaders", before=page[-1].place, count=10)
    assert [row.subject for row in rest] == subjects[3::-1]
