"""Bodies and meetings: who may say what, one view on both sides, and every pair that crossed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from tests.subjects.pair import Node, meet, pair, refusal
from tests.subjects.test_crossed import Scene, assert_same

from parley import limits
from parley.record.names import LogId, Ref
from parley.subjects import Fact
from parley.subjects.channels import facts as channels
from parley.subjects.crossed import crossed
from parley.subjects.summaries import summaries
from parley.subjects.talks import BodyView, CalendarView, MeetingView, bodies, calendar, facts, glossary
from parley.times import Moment, moment_text

NOON, LATER = "2026-10-01T12:00:00.000Z", "2026-10-02T09:30:00.000Z"
PERSON = {"person": "ann", "name": "Ann", "office": "Legal adviser"}


def body_view(node: Node, subject: str) -> BodyView:
    view = node.book.view("line", subject)
    assert isinstance(view, BodyView)
    return view


def meeting_view(node: Node, subject: str) -> MeetingView:
    view = node.book.view("leaders", subject)
    assert isinstance(view, MeetingView)
    return view


def wish(node: Node, *times: str, **more: object) -> Fact:
    told: dict[str, object] = {
        "purpose": "Release of the crew", "level": "officials", "form": "in-person", "place": "Harbour house",
        "times": times or (NOON, LATER), "minutes": 60, "consecutive": True, "languages": ("en", "zh"), "body": "",
        "answer_by": moment_text(Moment(node.clock + 3_600_000)),
    }  # fmt: skip
    return facts.request("leaders", **(told | more))  # type: ignore[arg-type]


def asked(north: Node, south: Node, **more: object) -> tuple[str, Ref]:
    ref = north.say(wish(north, **more), "ann")
    meet(north, south)
    return f"meeting/north/0/{ref.number}", ref


def agreed(north: Node, south: Node) -> str:
    """Give a meeting that was asked for and accepted."""
    subject, ref = asked(north, south)
    south.say(facts.accept("leaders", subject, ref, NOON), "lin")
    meet(north, south)
    return subject


def say(node: Node, subject: str, kind: str, body: dict | None = None, *refs: Ref) -> Ref:
    person = {"north": "ann", "south": "lin"}[node.us]
    return node.say(facts.about("leaders", subject, kind, body, *refs), person)


def a_body(north: Node, south: Node, *, agree: bool = True) -> str:
    opening = north.say(channels.propose("fish", "Fisheries"), "ann")
    ref = north.say(
        bodies.propose(
            "fish", title="Fisheries", mandate="Quotas", level="experts", languages=["en"], rhythm="", opening=opening
        ),
        "ann",
    )
    meet(north, south)
    subject = f"body/north/0/{ref.number}"
    if agree:
        assert refusal(south, bodies.agree(subject), "lin") == "talks.channel"
        south.say(channels.agree("fish", opening), "lin")
        south.say(bodies.agree(subject), "lin")
        meet(north, south)
    return subject


def test_a_body_is_proposed_by_one_side_agreed_by_the_other_suspended_resumed_and_ended() -> None:
    """Each step has its reason, and each side's suspension is its own to take back (issue D, 1)."""
    north, south = pair()
    subject = a_body(north, south)
    assert body_view(north, subject).state == "agreed"
    assert refusal(north, bodies.resume(subject, "x"), "ann") == "talks.not-suspended"
    north.say(bodies.suspend(subject, "The seizure."), "ann")
    south.say(bodies.suspend(subject, "The same."), "lin")
    meet(north, south)
    north.say(bodies.resume(subject, "Crew released."), "ann")
    meet(north, south)
    view = body_view(south, subject)
    assert (view.state, [one.side for one in view.suspensions]) == ("suspended", ["south"])
    south.say(bodies.resume(subject, "So do we."), "lin")
    south.say(bodies.delegation(subject, "The minister", [PERSON]), "lin")
    meet(north, south)
    assert body_view(north, subject).state == "agreed"
    assert body_view(north, subject).delegations["south"].people == (("ann", "Ann", "Legal adviser"),)
    north.say(bodies.end(subject, "Its work is done."), "ann")
    meet(north, south)
    assert [one.kind for one in body_view(south, subject).history] == [
        "proposed", "agreed", "suspended", "suspended", "resumed", "resumed", "ended",
    ]  # fmt: skip
    assert refusal(south, bodies.suspend(subject, "x"), "lin") == "talks.ended"
    assert_same(north, south)
    line = next(summaries(south.store, "body"))
    assert (line.subject, line.words["state"], line.words["own"]) == (subject, "ended", "fish")


def test_a_side_neither_agrees_to_its_own_body_nor_answers_twice() -> None:
    """Promise 1: nobody sets up talks alone."""
    north, south = pair()
    subject = a_body(north, south, agree=False)
    assert refusal(north, bodies.agree(subject), "ann") == "talks.own"
    south.say(bodies.decline(subject, "Not now."), "lin")
    meet(north, south)
    assert body_view(north, subject).state == "declined"
    assert refusal(south, bodies.agree(subject), "lin") == "talks.answered"


def test_who_proposed_a_body_takes_it_back_until_it_is_answered() -> None:
    """A proposal made by mistake must not stay open at the other side for ever."""
    north, south = pair()
    subject = a_body(north, south, agree=False)
    assert refusal(south, bodies.withdraw(subject, "No."), "lin") == "talks.side"
    north.say(bodies.withdraw(subject, "The wrong channel."), "ann")
    meet(north, south)
    view = body_view(south, subject)
    assert (view.state, view.withdrawn and view.withdrawn.text) == ("withdrawn", "The wrong channel.")
    for fact in (bodies.agree(subject), bodies.decline(subject, "No."), bodies.suspend(subject, "No.")):
        assert refusal(south, fact, "lin") == "talks.answered"
    assert refusal(north, bodies.withdraw(subject, "Again."), "ann") == "talks.answered"


def test_an_agreed_body_is_not_taken_back() -> None:
    """What both agreed to ends by its own act, which says so."""
    north, south = pair()
    subject = a_body(north, south)
    assert refusal(north, bodies.withdraw(subject, "Too late."), "ann") == "talks.answered"


@pytest.mark.parametrize(("answer", "state"), [("agree", "agreed"), ("decline", "declined")])
def test_an_answer_that_crossed_a_withdrawal_stands(answer: str, state: str) -> None:
    """Agreed is agreed on both sides, though the proposer had just taken it back."""
    north, south = pair()
    subject = a_body(north, south, agree=False)
    opening = north.book.channel("fish").open_proposals[0][1]  # type: ignore[union-attr]
    south.say(channels.agree("fish", opening), "lin")
    fact = bodies.agree(subject) if answer == "agree" else bodies.decline(subject, "No.")
    Scene(north, south).cross(bodies.withdraw(subject, "Too early."), fact)
    assert body_view(north, subject).state == body_view(south, subject).state == state


def test_a_delegation_that_crossed_a_withdrawal_opens_nothing() -> None:
    """The other side named its people to a body that is no longer proposed."""
    north, south = pair()
    subject = a_body(north, south, agree=False)
    Scene(north, south).cross(bodies.withdraw(subject, "Too early."), bodies.delegation(subject, "", [PERSON]))
    assert body_view(south, subject).state == "withdrawn"


WORDS = {"en": "notice", "zh": "通报"}


def bilingual(north: Node, south: Node) -> str:
    """Give an agreed body in English and Chinese."""
    opening = north.say(channels.propose("fish", "Fisheries"), "ann")
    fact = bodies.propose(
        "fish", title="F", mandate="M", level="experts", languages=["en", "zh"], rhythm="", opening=opening
    )
    subject = f"body/north/0/{north.say(fact, 'ann').number}"
    meet(north, south)
    south.say(channels.agree("fish", opening), "lin")
    south.say(bodies.agree(subject), "lin")
    meet(north, south)
    return subject


def test_both_sides_keep_one_glossary_of_a_body() -> None:
    """A term is its side's own until the other agrees to that very one; what both agreed to stands."""
    north, south = pair()
    subject = bilingual(north, south)
    for words in ({"en": "notice", "fr": "avis"}, {"ru": "уведомление", "zh": "通报"}):
        assert refusal(north, glossary.put(subject, words), "ann") == "talks.term-language"
    assert refusal(north, glossary.put(subject, {"en": "notice"}), "ann") == "codec.field"
    ours = north.say(glossary.put(subject, WORDS, "Not a warning."), "ann")
    meet(north, south)
    assert refusal(north, glossary.agree(subject, ours), "ann") == "talks.own"
    assert refusal(south, glossary.withdraw(subject, ours), "lin") == "talks.own"
    assert refusal(south, glossary.agree(subject, Ref(ours.log, 0, "ab" * 32)), "lin") == "talks.names-one"
    south.say(glossary.agree(subject, ours), "lin")
    theirs = south.say(glossary.put(subject, {"en": "vessel", "zh": "船舶"}), "lin")
    south.say(glossary.withdraw(subject, theirs), "lin")
    meet(north, south)
    assert refusal(north, glossary.withdraw(subject, ours), "ann") == "talks.again"
    assert refusal(north, glossary.agree(subject, theirs), "ann") == "talks.withdrawn"
    view = body_view(north, subject)
    assert [(one.side, one.words, bool(one.agreed), one.withdrawn) for one in view.terms] == [
        ("north", (("en", "notice"), ("zh", "通报")), True, False),
        ("south", (("en", "vessel"), ("zh", "船舶")), False, True),
    ]  # fmt: skip
    assert view.facts == {"north": 1, "south": 1}  # terms fill a bound of their own
    assert [one.kind for one in view.history] == ["proposed", "agreed"]
    assert_same(north, south)


def test_a_term_that_was_taken_back_while_it_was_agreed_to_stands() -> None:
    """Final stays final, in words as in bodies."""
    north, south = pair()
    subject = bilingual(north, south)
    ours = north.say(glossary.put(subject, WORDS), "ann")
    meet(north, south)
    Scene(north, south).cross(glossary.withdraw(subject, ours), glossary.agree(subject, ours))
    (one,) = body_view(north, subject).terms
    assert (bool(one.agreed), one.withdrawn) == (True, False)
    assert crossed("body.term-agreed", "body.term-withdrawn").word == "agreed-stands"  # type: ignore[union-attr]


def test_a_glossary_has_a_bound_for_each_side_and_ends_with_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer fills its own part of it, never ours."""
    monkeypatch.setattr(limits, "BODY_TERMS_MAX", 1)
    north, south = pair()
    subject = bilingual(north, south)
    south.say(glossary.put(subject, WORDS), "lin")
    assert refusal(south, glossary.put(subject, WORDS), "lin") == "talks.full"
    meet(north, south)
    north.say(glossary.put(subject, WORDS), "ann")
    north.say(bodies.end(subject, "Done."), "ann")
    assert refusal(north, glossary.put(subject, WORDS), "ann") == "talks.ended"


def test_each_side_states_its_own_days() -> None:
    """The latest statement counts, and nobody states the other's."""
    north, south = pair()
    north.say(calendar.state("north", "Europe/Paris", [("2026-07-14", "")]), "ann")
    north.say(calendar.state("north", "America/New_York", [("2026-11-26", "Day off"), ("2026-07-04", "")]), "ann")
    meet(north, south)
    view = south.book.view("line", "calendar/north")
    assert isinstance(view, CalendarView)
    assert (view.zone, view.holidays) == ("America/New_York", (("2026-07-04", ""), ("2026-11-26", "Day off")))
    assert refusal(south, calendar.state("north", "Asia/Tokyo", []), "lin") == "subjects.subject"
    assert refusal(south, calendar.state("south", "../etc", []), "lin") == "codec.field"
    assert refusal(south, calendar.state("south", "Asia/Tokyo", [("2026-02-30", "")]), "lin") == "codec.field"


def test_a_meeting_gets_an_answer_that_names_one_of_its_times() -> None:
    """A time nobody offered is no answer, and nobody accepts for the other side (issue D, 2)."""
    north, south = pair()
    subject, ref = asked(north, south)
    assert refusal(north, facts.accept("leaders", subject, ref, NOON), "ann") == "talks.own"
    other = "2026-10-09T12:00:00.000Z"
    assert refusal(south, facts.accept("leaders", subject, ref, other), "lin") == "talks.time"
    late = moment_text(Moment(south.clock + 9_000_000))
    offer = south.say(facts.offer("leaders", subject, ref, times=(other,), reason="Our day off", by=late), "lin")
    meet(north, south)
    assert refusal(south, facts.accept("leaders", subject, ref, NOON), "lin") == "talks.names-one"
    waits = meeting_view(north, subject).waits_for("north")
    assert waits is not None and (waits.ref, waits.reason) == (offer, "Our day off")
    north.say(facts.accept("leaders", subject, offer, other), "ann")
    meet(north, south)
    view = meeting_view(south, subject)
    assert (view.state, view.time, view.offers) == ("accepted", other, ())
    assert_same(north, south)


def test_what_was_agreed_is_moved_by_offer_and_answer_and_stands_until_then() -> None:
    """A moved meeting is a recorded change, never silence."""
    north, south = pair()
    subject = agreed(north, south)
    by = moment_text(Moment(south.clock + 9_000_000))
    offer = south.say(facts.offer("leaders", subject, None, times=(LATER,), reason="A funeral", by=by), "lin")
    meet(north, south)
    assert meeting_view(north, subject).time == NOON
    north.say(facts.decline("leaders", subject, offer, "The hall is taken."), "ann")
    meet(north, south)
    assert (meeting_view(south, subject).state, meeting_view(south, subject).time) == ("accepted", NOON)


def test_a_declined_request_is_over_and_says_why() -> None:
    """A decline is an answer; the record has its reason."""
    north, south = pair()
    subject, ref = asked(north, south)
    south.say(facts.decline("leaders", subject, ref, "No occasion."), "lin")
    meet(north, south)
    view = meeting_view(north, subject)
    assert view.declined is not None and (view.state, view.declined.text) == ("declined", "No occasion.")
    assert refusal(north, facts.put_item("leaders", subject, title="x", note="", minutes=5, raised=False), "ann") == (
        "talks.over"
    )


def test_the_agenda_the_clock_notes_and_minutes_of_a_day() -> None:
    """What was taken, how long, by whom, and what both agreed: the facts a readout is held against."""
    north, south = pair()
    subject = agreed(north, south)
    item = north.say(facts.put_item("leaders", subject, title="Crew", note="", minutes=20, raised=False), "ann")
    meet(north, south)
    assert refusal(north, facts.about("leaders", subject, "item-agreed", {}, item), "ann") == "talks.own"
    assert refusal(north, facts.about("leaders", subject, "item-begun", {}, item), "ann") == "talks.not-begun"
    say(south, subject, "item-agreed", {}, item)
    say(south, subject, "attendance", {"people": [PERSON]})
    meet(north, south)
    say(north, subject, "begun")
    say(north, subject, "item-begun", {}, item)
    say(north, subject, "floor", {"side": "south"})
    assert refusal(north, facts.about("leaders", subject, "floor", {"side": "west"}), "ann") == "talks.side"
    say(north, subject, "item-ended", {}, item)
    note = say(north, subject, "noted", {"what": "decision", "text": "Free them.", "who": "South", "due": ""})
    say(north, subject, "ended")
    meet(north, south)
    assert refusal(south, facts.about("leaders", subject, "begun"), "lin") == "talks.again"
    assert refusal(north, facts.about("leaders", subject, "note-agreed", {}, note), "ann") == "talks.own"
    say(south, subject, "note-agreed", {}, note)
    minutes = say(south, subject, "minutes", {"subject": "", "text": "Both met."})
    meet(north, south)
    say(north, subject, "minutes-agreed", {}, minutes)
    meet(north, south)
    view = meeting_view(south, subject)
    assert view.state == "ended"
    assert view.items[0].agreed and len(view.items[0].spans) == 1 and view.items[0].spans[0][1]
    assert view.notes[0].agreed and view.minutes[0].agreed
    assert view.floors[0][0] == "south" and view.attended["south"][0][1] == "Ann"
    assert_same(north, south)


# --- what crossed -----------------------------------------------------------------------------------------------------


def fresh() -> tuple[Scene, str, dict[str, Ref]]:
    """Give a meeting on its day with an item of each side, a note of each, minutes of each, an open offer of each."""
    north, south = pair()
    subject = agreed(north, south)
    refs: dict[str, Ref] = {}
    for node in (north, south):
        item = facts.put_item("leaders", subject, title="x", note="", minutes=5, raised=False)
        person = {"north": "ann", "south": "lin"}[node.us]
        refs[f"item-{node.us}"] = node.say(item, person)
        by = moment_text(Moment(node.clock + 9_000_000))
        offer = facts.offer("leaders", subject, None, times=(LATER, f"2026-10-0{3 + (node is south)}T00:00:00.000Z"),
                            reason="", by=by)  # fmt: skip
        refs[f"offer-{node.us}"] = node.say(offer, person)
        note = {"what": "decision", "text": "x", "who": "", "due": ""}
        refs[f"note-{node.us}"] = say(node, subject, "noted", note)
        refs[f"minutes-{node.us}"] = say(node, subject, "minutes", {"subject": "", "text": "x"})
    meet(north, south)
    return Scene(north, south), subject, refs


def builders(us: str, them: str) -> dict[str, Callable[[str, dict[str, Ref]], Fact]]:
    """Give what a side may say of the meeting of `fresh`."""

    def about(kind: str, body: dict | None = None, of: str = "") -> Callable[[str, dict[str, Ref]], Fact]:
        return lambda s, r: facts.about("leaders", s, kind, body, *([r[of]] if of else []))

    note = {"what": "action", "text": "y", "who": "", "due": ""}
    time = f"2026-10-0{3 + (them == 'south')}T00:00:00.000Z"
    other = {"times": [LATER], "reason": "", "answer_by": "2026-09-29T00:00:00.000Z"}
    message = Ref(LogId("line", "north", 0), 0, "00" * 32)
    return {
        "times-offered": about("times-offered", other, f"offer-{them}"),
        "accepted": about("accepted", {"time": time}, f"offer-{them}"),
        "declined": about("declined", {"reason": "No."}, f"offer-{them}"),
        "cancelled": about("cancelled", {"reason": "No."}),
        "item-put": lambda s, _r: facts.put_item("leaders", s, title="n", note="", minutes=1, raised=True),
        "item-agreed": about("item-agreed", {}, f"item-{them}"),
        "item-withdrawn": about("item-withdrawn", {}, f"item-{us}"),
        "item-document": lambda s, r: facts.add_document(
            "leaders", s, r[f"item-{us}"], message, name="a", root="ab" * 32
        ),
        "begun": about("begun"),
        "attendance": about("attendance", {"people": [PERSON]}),
        "noted": about("noted", note),
        "note-agreed": about("note-agreed", {}, f"note-{them}"),
        "minutes": about("minutes", {"subject": "", "text": "z"}),
        "minutes-agreed": about("minutes-agreed", {}, f"minutes-{them}"),
    }


NORTH, SOUTH = builders("north", "south"), builders("south", "north")
RUNNING = {
    "ended": {}, "floor": {"side": "north"}, "item-begun": {}, "item-ended": {}, "attendance": {"people": []},
    "noted": {"what": "action", "text": "y", "who": "", "due": ""},
}  # fmt: skip


@pytest.mark.parametrize("ours", NORTH)
def test_what_crossed_before_a_meeting_is_valid_and_one_on_both_sides(ours: str) -> None:
    """Both acts are judged by their own past; the result is the one that is stated."""
    for theirs in SOUTH:
        scene, subject, refs = fresh()
        scene.cross(NORTH[ours](subject, refs), SOUTH[theirs](subject, refs))
        view = meeting_view(scene.north, subject)
        result = crossed(f"meeting.{ours}", f"meeting.{theirs}")
        assert result is not None
        if result.word == "two-times":
            assert (view.time, view.state, view.offers) == ("", "requested", ())
        elif result.word == "meeting-cancelled" and "begun" not in (ours, theirs):
            assert view.state == "cancelled"
        elif (ours, theirs) == ("begun", "begun"):
            assert view.begun is not None and view.begun.side in ("north", "south")


def test_what_crossed_while_a_meeting_goes_on_is_valid_and_one_on_both_sides() -> None:
    """Two recorders write at the same time; nothing of either is lost."""
    scene, subject, refs = fresh()
    say(scene.north, subject, "begun")
    meet(scene.north, scene.south)
    item = {"item-begun": "item-north", "item-ended": "item-north"}
    for ours, theirs in product(RUNNING, RUNNING):
        if "ended" in (ours, theirs):
            continue
        one, other = (
            facts.about("leaders", subject, kind, RUNNING[kind], *([refs[item[kind]]] if kind in item else []))
            for kind in (ours, theirs)
        )
        scene.cross(one, other)
    for theirs in RUNNING:
        apart, about, found = fresh()
        say(apart.north, about, "begun")
        meet(apart.north, apart.south)
        other = facts.about(
            "leaders", about, theirs, RUNNING[theirs], *([found[item[theirs]]] if theirs in item else [])
        )
        apart.cross(facts.about("leaders", about, "ended"), other)
        assert meeting_view(apart.south, about).state == "ended"


def test_two_acceptances_of_one_time_that_crossed_agree() -> None:
    """They wanted the same: nobody has to begin anew."""
    scene, subject, refs = fresh()
    scene.cross(
        facts.about("leaders", subject, "accepted", {"time": LATER}, refs["offer-south"]),
        facts.about("leaders", subject, "accepted", {"time": LATER}, refs["offer-north"]),
    )
    assert meeting_view(scene.south, subject).time == LATER


@pytest.mark.parametrize(
    ("ours", "theirs"), list(product(("delegation", "suspend", "end"), ("delegation", "suspend", "end", "resume")))
)
def test_what_crossed_about_a_body_is_one_on_both_sides(ours: str, theirs: str) -> None:
    """Each side's suspension is its own; ended is ended."""
    north, south = pair()
    subject = a_body(north, south)
    south.say(bodies.suspend(subject, "x"), "lin") if theirs == "resume" else None
    meet(north, south)

    def fact(act: str) -> Fact:
        if act == "delegation":
            return bodies.delegation(subject, "", [PERSON])
        return {"suspend": bodies.suspend, "end": bodies.end, "resume": bodies.resume}[act](subject, "Why.")

    Scene(north, south).cross(fact(ours), fact(theirs))
    assert (body_view(north, subject).state == "ended") is ("end" in (ours, theirs))
