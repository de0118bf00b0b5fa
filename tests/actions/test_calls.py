"""Calls between two real nodes, through the actions that every door uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from secrets import token_hex

import pytest
from tests.actions.pair import Side, later, talking, until
from tests.desk.sitting import served

from parley import limits
from parley.actions import calls
from parley.actions.call_rows import CallRow
from parley.errors import Refused
from parley.node.calling import Calling
from parley.subjects.calls import facts as said
from parley.times import Instant, Moment, moment_text


def now(side: Side, who: str) -> list[CallRow]:
    return calls.calls_now(side.node, side[who])


async def first(side: Side, who: str, so: Callable[[CallRow], bool] = lambda row: True) -> CallRow:
    """Wait until a call stands at this side as it should."""
    await until(lambda: any(so(row) for row in now(side, who)))
    return next(row for row in now(side, who) if so(row))


def test_a_call_shows_each_of_its_facts_only_when_it_has_happened() -> None:
    """Nobody must wonder whether it rang (promise 2)."""

    async def story() -> None:
        async with talking() as (north, south):
            await calls.lift(north.node, north["edda"], "leaders", precedence="FLASH", purpose="The buoy")
            ours = await first(north, "edda", lambda row: row.on_their_disk is not None)
            assert (ours.state, ours.rings_at, ours.taken_by, ours.may) == ("ringing", None, "", frozenset({"hang-up"}))
            theirs = await first(south, "samira")
            assert theirs.may == {"answer", "decline", "later"} and theirs.purpose == "The buoy"

            await asyncio.gather(
                *(calls.rings(south.node, south[who], "leaders", theirs.subject) for who in ("samira", "rafael"))
            )  # two desks at once: said once
            await first(north, "edda", lambda row: row.rings_at is not None)
            await calls.answer(south.node, south["samira"], "leaders", theirs.subject)
            ours = await first(north, "edda", lambda row: row.state == "active")
            assert ours.taken_by == "Samira" and [one.name for one in ours.there] == ["Edda", "Samira"]
            assert north.node.calling.may_speak("south", "leaders", ours.session, "samira")
            assert not north.node.calling.may_speak("south", "line", ours.session, "samira")
            await calls.hang_up(south.node, south["samira"], "leaders", theirs.subject)
            await until(lambda: not now(north, "edda"))
            await until(lambda: not north.node.calling.may_speak("south", "leaders", ours.session, "samira"))

    asyncio.run(story())


def test_a_lift_that_was_under_way_when_theirs_came_in_meets_it_all_the_same() -> None:
    """Glare once more: of two entries one is folded last; whichever it is, nobody is left ringing."""

    async def story() -> None:
        async with talking() as (north, south):
            await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira", lambda row: row.state == "ringing")
            # Samira lifted a moment before Edda's call came in: her entry is written after it.
            fact = said.place("leaders", session="5e" * 16, language="en", purpose="")
            await south.node.state(fact, "samira", "IMMEDIATE")
            for side, who in ((north, "edda"), (south, "samira")):
                await until(lambda side=side, who=who: [row.state for row in now(side, who)] == ["active"])
            assert now(north, "edda")[0].subject == now(south, "samira")[0].subject

    asyncio.run(story())


def test_a_lift_that_comes_in_after_the_answer_to_ours_meets_it_all_the_same() -> None:
    """Glare by the keys of two desks: the answer and their lift came in as one, and their call rang on beside ours."""

    async def story() -> None:
        async with talking() as (north, south):
            ours = await calls.lift(south.node, south["samira"], "leaders")
            await first(north, "edda", lambda row: row.state == "ringing")
            await north.node.state(said.answer("leaders", ours.subject), "edda", "IMMEDIATE")
            await north.node.state(said.place("leaders", session="5e" * 16, language="en"), "edda", "IMMEDIATE")
            for side, who in ((north, "edda"), (south, "samira")):
                await until(lambda side=side, who=who: [row.state for row in now(side, who)] == ["active"])

    asyncio.run(story())


def test_two_who_lift_at_once_are_in_one_call() -> None:
    """Glare: two callers at once must meet, not ring at each other for ever."""

    async def story() -> None:
        async with talking() as (north, south):
            await asyncio.gather(
                calls.lift(north.node, north["edda"], "leaders"), calls.lift(south.node, south["samira"], "leaders")
            )

            def one_call() -> bool:
                rows = [now(north, "edda"), now(south, "samira")]
                return all(len(each) == 1 and each[0].state == "active" for each in rows)

            await until(one_call)
            ours, theirs = now(north, "edda")[0], now(south, "samira")[0]
            assert ours.session == theirs.session
            assert {one.person for one in ours.there} == {"edda", "samira"}

    asyncio.run(story())


def test_a_second_call_waits_and_a_flash_breaks_in() -> None:
    """One outstanding ring a channel; what is more urgent ends the other, visibly."""

    async def story() -> None:
        async with talking() as (north, south):
            slow = await calls.lift(north.node, north["edda"], "leaders", precedence="ROUTINE")
            with pytest.raises(Refused, match=r"calls\.open"):
                await calls.lift(north.node, north["tomas"], "leaders", precedence="ROUTINE")
            await calls.lift(north.node, north["tomas"], "leaders", precedence="FLASH")
            over = calls.call(north.node, north["edda"], "leaders", slow.subject)
            assert (over.state, over.end_reason) == ("unanswered", "pre-empted")
            await first(south, "samira", lambda row: row.precedence == "FLASH" and row.state == "ringing")

    asyncio.run(story())


def test_a_missed_call_stays_until_a_person_clears_it() -> None:
    """In 2016 nobody could tell whether the caller had been heard."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira")
            await calls.hang_up(north.node, north["edda"], "leaders", sent.subject)
            row = await first(south, "samira", lambda row: row.waits == "missed")
            assert row.state == "unanswered"
            await calls.leave_statement(
                north.node, north["edda"], "leaders", sent.subject, text="Call back at once.", language="en"
            )
            await first(south, "samira", lambda row: row.waits == "statement" and row.statement == "Call back at once.")
            await calls.clear(south.node, south["samira"], "leaders", row.subject)
            assert now(south, "rafael") == []

    asyncio.run(story())


def test_what_was_missed_and_a_call_that_goes_on_stay_in_sight_however_many_calls_follow() -> None:
    """A line on which people press to talk has a hundred calls a day; what nobody cleared on Friday waits on Monday."""

    async def story() -> None:
        async with talking() as (north, south):
            missed = await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira")
            await calls.hang_up(north.node, north["edda"], "leaders", missed.subject)
            left = await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira", lambda row: row.subject == left.subject)
            await calls.decline(south.node, south["samira"], "leaders", left.subject)
            await until(lambda: calls.calls(north.node, north["edda"], "leaders")[0].state == "declined")
            words = {"text": "Stop the tow.", "language": "en"}
            await calls.leave_statement(north.node, north["edda"], "leaders", left.subject, **words)
            going_on = await calls.lift(north.node, north["edda"], "leaders", precedence="ROUTINE")
            await first(south, "samira", lambda row: row.state == "ringing")
            await calls.answer(south.node, south["samira"], "leaders", going_on.subject)
            for _ in range(60):  # as another program may, for ours keeps one ring at a time
                placed = await south.node.state(
                    said.place("leaders", session=token_hex(16), language="en"), "samira", "ROUTINE"
                )
                over = said.end("leaders", placed.subject, "given-up")
                await south.node.state(over, "samira", "ROUTINE")
            await until(lambda: len(calls.calls(north.node, north["edda"], "leaders")) > 50)

            waits = {missed.subject: "missed", left.subject: "statement"}
            assert {row.subject: row.waits for row in now(south, "samira") if row.waits} == waits
            for side, who in ((north, "edda"), (south, "samira")):
                assert [row.subject for row in now(side, who) if row.state == "active"] == [going_on.subject]
            again = Calling(south.node)
            again.start()
            assert {view.subject for view in again.left_in("leaders")} == set(waits)
            assert [view.subject for view in again.open_in("leaders")] == [going_on.subject]
            for subject in waits:
                await calls.clear(south.node, south["samira"], "leaders", subject)
            assert [row.subject for row in now(south, "rafael")] == [going_on.subject]
            assert len(now(north, "edda")) == 61  # of each of theirs, none of which anybody here took

    asyncio.run(story())


def test_words_left_for_a_declined_call_stay_at_the_desk_that_declined_it() -> None:
    """Urgent words that nobody sees were not left: they once stood in a table that nobody had open."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await calls.lift(north.node, north["edda"], "leaders", precedence="FLASH")
            await first(south, "samira")
            await calls.decline(south.node, south["samira"], "leaders", sent.subject)
            await until(lambda: calls.calls(north.node, north["edda"], "leaders")[0].state == "declined")
            assert now(north, "edda") == now(south, "samira") == []  # a refusal waits for nobody
            await calls.leave_statement(
                north.node, north["edda"], "leaders", sent.subject, text="Stop the tow at once.", language="en"
            )
            row = await first(south, "rafael", lambda row: row.waits == "statement")
            assert (row.statement, row.precedence) == ("Stop the tow at once.", "FLASH")
            await calls.clear(south.node, south["samira"], "leaders", row.subject)
            assert now(south, "rafael") == now(north, "edda") == []

    asyncio.run(story())


def test_a_call_put_off_waits_at_both_sides_until_its_time_and_then_is_due() -> None:
    """Who says "in twenty minutes" is held to it by a clock that both see, not by anybody's memory."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira")
            at = moment_text(Moment(south.node.moment() + 20 * 60_000))
            await calls.put_off(south.node, south["samira"], "leaders", sent.subject, at=at)
            for side, who in ((north, "edda"), (south, "samira")):
                row = await first(side, who, lambda row: row.waits == "later")
                assert (row.later_at, row.taken_by) == (at, "Samira")
            later(north, 20 * 60_000)
            later(south, 20 * 60_000)
            for side, who in ((north, "edda"), (south, "samira")):
                assert [row.waits for row in now(side, who)] == ["due"]
            await calls.clear(south.node, south["samira"], "leaders", sent.subject)
            assert now(south, "samira") == [] and now(north, "edda") != []  # each side clears its own desks
            await calls.lift(south.node, south["rafael"], "leaders")
            await first(north, "edda", lambda row: row.state == "ringing")
            assert len(now(north, "edda")) == 1  # who calls again has kept the promise

    asyncio.run(story())


def test_lifting_answers_what_rings_here() -> None:
    """Whoever picks up while it rings has answered; a second call to the same side would only cross it."""

    async def story() -> None:
        async with talking() as (north, south):
            await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira")
            await calls.lift(south.node, south["rafael"], "leaders")
            row = await first(north, "edda", lambda row: row.state == "active")
            assert row.taken_by == "Rafael"
            assert len(now(south, "samira")) == 1

    asyncio.run(story())


def test_who_has_no_right_to_call_cannot_lift() -> None:
    """The auditor looks on; the administrator keeps the machine; neither speaks for the side."""

    async def story() -> None:
        async with talking() as (north, _south):
            await north.add("aud", "Aud", "auditor")
            for who in ("aud", "admin"):
                with pytest.raises(Refused, match=r"people\.right"):
                    await calls.lift(north.node, north[who], "leaders")

    asyncio.run(story())


def test_who_leaves_a_call_frees_their_place_and_is_heard_no_more_and_the_last_hangs_up() -> None:
    """A desk that was closed stayed in the call to its end: nobody could take its place."""

    async def story() -> None:
        async with talking() as (north, south), served(north) as (here,):
            await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira")
            await calls.answer(south.node, south["samira"], "leaders", now(south, "samira")[0].subject)
            ours = await first(north, "edda", lambda row: row.state == "active")
            assert "leave" not in ours.may
            with pytest.raises(Refused, match=r"calls\.last"):
                await calls.leave(north.node, north["edda"], "leaders", ours.subject)
            tomas = await here.on_watch("tomas", "leaders")
            await tomas.say("lift", channel="leaders", session="0" * 32, precedence="IMMEDIATE", language="")
            await tomas.hear("lifted")
            theirs = await first(north, "tomas", lambda row: len(row.there) == 3)
            assert "leave" in theirs.may and "join" not in theirs.may
            (desk,) = north.node.desks.on_watch("leaders")
            assert north.node.voice.speaks_into(desk) is not None
            await calls.leave(north.node, north["tomas"], "leaders", ours.subject)
            assert (await tomas.hear("let-go"))["session"] == ours.session
            assert north.node.voice.speaks_into(desk) is None
            left = await first(south, "samira", lambda row: len(row.there) == 2)
            assert left.state == "active" and "join" in now(north, "tomas")[0].may

    asyncio.run(story())


def test_whose_every_desk_is_closed_for_minutes_has_left_and_both_sides_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only *Leave* freed a place: twelve laptops that were shut kept the thirteenth out of the call to its end."""

    async def story() -> None:
        async with talking() as (north, south), served(north) as (here,):
            elapsed = 0.0
            steady = north.node.now
            monkeypatch.setattr(north.node, "now", lambda: Instant(steady() + elapsed))
            await calls.lift(north.node, north["edda"], "leaders")
            await first(south, "samira")
            await calls.answer(south.node, south["samira"], "leaders", now(south, "samira")[0].subject)
            subject = (await first(north, "edda", lambda row: row.state == "active")).subject
            await calls.join(north.node, north["tomas"], "leaders", subject)
            page = await here.page("tomas")  # at whatever page: he is there
            look = north.node._places.look

            def there(side: Side) -> list[str]:
                return [person for _, person in calls.call_view(side.node, "leaders", subject).there]

            look()
            elapsed += limits.CALL_EMPTY_S
            await page.say("beat", at=1)
            await page.hear("beat")
            look()  # Edda has none
            await until(lambda: there(north) == there(south) == ["samira", "tomas"])
            for side, person, ours in ((north, "tomas", True), (south, "samira", False)):
                (gone,) = now(side, person)[0].gone
                assert (gone.name, gone.ours) == ("Edda", ours)
            await page.socket.close()
            await until(lambda: not north.node.desks.everyone())
            look()
            elapsed += limits.CALL_EMPTY_S * 2
            look()  # the last of ours: a call is ended by people
            await calls.join(north.node, north["edda"], "leaders", subject)
            await until(lambda: there(south) == ["samira", "tomas", "edda"])
            assert now(south, "samira")[0].gone == ()
            look()
            elapsed += limits.CALL_EMPTY_S - 1
            await here.page("edda")  # a page opened again in time
            look()
            await until(lambda: there(south) == ["samira", "edda"])
            elapsed += limits.CALL_EMPTY_S
            look()
            assert there(north) == ["samira", "edda"]

    asyncio.run(story())
