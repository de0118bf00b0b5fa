"""The watch and the roll-call between two real nodes, through the actions that every door uses."""

from __future__ import annotations

import asyncio

import pytest
from tests.actions.pair import Side, later, talking, until

from parley.actions import channels, people, rolls, roster, watch, watch_showing
from parley.actions.people import PersonForm
from parley.actions.watch_rows import RollRow, WatchRow
from parley.errors import Refused
from parley.node.watches import Watches
from parley.times import Moment, moment_text

HOUR_MS = 3_600_000
CANARY = "the-canary-of-the-hand-over"


def seen(side: Side, who: str) -> WatchRow:
    return watch_showing.watch(side.node, side[who], "leaders")


def latest(side: Side, who: str) -> RollRow:
    return seen(side, who).rolls[0]


def test_a_watch_is_taken_and_handed_over_and_the_other_side_sees_since_when() -> None:
    """Both facts of issue B, 2: somebody is there, since when; and the hour of the hand-over."""

    async def story() -> None:
        async with talking() as (north, south):
            assert seen(north, "edda").theirs.since is None
            await watch.take(south.node, south["samira"], "leaders")
            await until(lambda: seen(north, "edda").theirs.there)
            first = seen(north, "edda").theirs
            assert (first.name, first.handed_over_at) == ("Samira", None)
            assert seen(south, "samira").mine and seen(south, "rafael").may >= {"take", "ask"}

            with pytest.raises(Refused, match="you have this watch"):
                await watch.take(south.node, south["samira"], "leaders")
            await watch.write_note(south.node, south["samira"], "leaders", text=CANARY)
            with pytest.raises(Refused) as no:
                await watch.take(south.node, south["rafael"], "leaders")
            assert no.value.code == "watches.unread"
            note = seen(south, "rafael").notes[0]
            await watch.take(south.node, south["rafael"], "leaders", read=(note.id,))
            await until(lambda: seen(north, "edda").theirs.handed_over_at)
            after = seen(north, "edda").theirs
            assert (after.there, after.since, after.name) == (True, first.since, "Rafael")
            assert seen(south, "rafael").notes == ()
            assert seen(south, "samira").relieved and not seen(south, "rafael").relieved
            await watch.stay(south.node, south["rafael"], "leaders")
            assert seen(south, "samira").relieved
            await watch.know_relieved(south.node, south["samira"], "leaders")
            assert not seen(south, "samira").relieved
            kept = watch_showing.read_notes(south.node, south["samira"], "leaders")
            assert [(one.text, one.read[0][0]) for one in kept] == [(CANARY, "Rafael")]  # by name, and kept

            await watch.leave(south.node, south["rafael"], "leaders")
            await until(lambda: seen(north, "edda").theirs.there is False)
            assert seen(north, "edda").theirs.since > after.since  # type: ignore[operator]

    asyncio.run(story())


def test_shifts_notes_and_unlisted_names_never_cross() -> None:
    """Promise 9: who comes next, and what one tells the other, is the side's own."""

    async def story() -> None:
        async with talking() as (north, south):
            await south.add("wu", CANARY, "duty-officer", listed=False)
            soon = moment_text(Moment(south.node.moment() - 60_000))
            planned = await watch.plan(
                south.node, south["samira"], "leaders", since=soon, persons=("wu", "rafael"), times=2
            )
            assert [one.person for one in planned] == ["wu", "rafael", "wu", "rafael"]
            await watch.write_note(south.node, south["samira"], "leaders", text=CANARY)
            note = seen(south, "wu").notes[0].id
            await watch.take(south.node, south["wu"], "leaders", read=(note,))
            await until(lambda: seen(north, "edda").theirs.there)
            assert seen(north, "edda").theirs.name == ""
            assert seen(south, "samira").ours.name == CANARY  # at home everybody knows who it is
            assert seen(south, "wu").until == planned[0].until
            for log in south.node.store.logs():
                size = south.node.store.size(log)
                said = b"".join(south.node.store.leaves(log, 0, size))
                assert CANARY.encode() not in said and b'"wu"' not in said and planned[0].until.encode() not in said

    asyncio.run(story())


def test_a_shift_nobody_takes_over_ends_by_itself_and_is_an_alarm_before() -> None:
    """An empty chair must not look like a person: the other side is told at the end, our desks ten minutes before."""

    async def story() -> None:
        async with talking() as (north, south):
            await watch.take(south.node, south["samira"], "leaders")
            await until(lambda: seen(north, "edda").theirs.there)
            assert seen(south, "rafael").alarm == ""
            told = south.node.subscribe()
            later(south, 8 * HOUR_MS - 9 * 60_000)
            async for event in told:
                if event.kind == "watch" and event.fields.get("channel") == "leaders":
                    break  # desks are told to look again
            assert seen(south, "rafael").alarm == "ends"
            await watch.stay(south.node, south["samira"], "leaders")
            assert seen(south, "rafael").alarm == ""
            later(south, 8 * HOUR_MS)
            await until(lambda: seen(south, "rafael").alarm == "lapsed")
            await until(lambda: seen(north, "edda").theirs.there is False)
            theirs = seen(north, "edda").theirs
            assert theirs.lapsed and theirs.since is not None
            await watch.take(south.node, south["rafael"], "leaders")
            await until(lambda: seen(north, "edda").theirs.there)
            assert seen(south, "rafael").alarm == ""

    asyncio.run(story())


def test_a_shift_that_begins_without_anybody_is_an_alarm() -> None:
    """The duty roster says who comes; only somebody who comes is there."""

    async def story() -> None:
        async with talking() as (_north, south):
            now = moment_text(Moment(south.node.moment() - 1000))
            [shift] = await watch.plan(south.node, south["samira"], "leaders", since=now, persons=("rafael",))
            assert seen(south, "samira").alarm == "untaken"
            with pytest.raises(Refused) as no:
                await watch.plan(south.node, south["samira"], "leaders", since=now, persons=("rafael", "samira"))
            assert no.value.code == "watches.planned"
            assert len(seen(south, "samira").shifts) == 1  # nothing of it was planned
            await watch.unplan(south.node, south["samira"], "leaders", shift.id)
            assert seen(south, "samira").alarm == ""

    asyncio.run(story())


def test_a_watch_goes_on_when_its_node_is_started_again() -> None:
    """The other side asks the record; who sits there must not have to press anything because a machine restarted."""

    async def story() -> None:
        async with talking() as (_north, south):
            await watch.take(south.node, south["samira"], "leaders")
            again = Watches(south.node)
            again.start()
            view = again.now("south", "leaders")
            assert view is not None and view.there
            assert again.ends_at(view) == south.node.watches.ends_at(view)
            await again.stop()

    asyncio.run(story())


def test_a_roll_call_is_answered_by_a_person_with_one_key() -> None:
    """Machine and person are two facts; only a finger answers this one."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await rolls.ask(north.node, north["edda"], "leaders")
            with pytest.raises(Refused) as no:
                await rolls.ask(north.node, north["tomas"], "leaders")
            assert no.value.code == "rolls.open"
            await until(lambda: seen(south, "samira").rolls)
            row = latest(south, "samira")
            assert (row.ours, row.rings, row.asked_by) == (False, True, "Edda")
            await rolls.answer(south.node, south["samira"], sent.subject)
            await until(lambda: latest(north, "edda").state == "answered")
            row = latest(north, "edda")
            assert (row.answered_by, row.rings, row.answered_at is not None) == ("Samira", False, True)
            with pytest.raises(Refused) as no:
                await rolls.answer(north.node, north["edda"], sent.subject)
            assert no.value.code == "rolls.side"

    asyncio.run(story())


def test_a_roll_call_nobody_answers_is_unanswered_on_both_sides_and_rings_until_somebody_clears_it() -> None:
    """Silence that nobody notices is the one thing a roll-call is for."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await rolls.ask(north.node, north["edda"], "leaders", seconds=1)
            await until(lambda: latest(north, "edda").state == "unanswered")
            await until(lambda: latest(south, "samira").state == "unanswered")
            assert latest(north, "edda").rings and latest(south, "samira").rings
            await rolls.clear(north.node, north["tomas"], sent.subject)
            assert not latest(north, "edda").rings
            await rolls.answer(south.node, south["samira"], sent.subject)  # somebody came back
            await until(lambda: latest(north, "edda").state == "late")
            assert not latest(south, "samira").rings

    asyncio.run(story())


def test_both_sides_may_call_the_roll_at_once() -> None:
    """Two roll-calls that cross are two, and each wants its own key."""

    async def story() -> None:
        async with talking() as (north, south):
            asks = [(north, "edda"), (south, "samira")]
            sent = await asyncio.gather(*(rolls.ask(side.node, side[who], "leaders") for side, who in asks))
            await until(lambda: all(len(seen(side, who).rolls) == 2 for side, who in asks))
            await rolls.answer(north.node, north["edda"], sent[1].subject)
            await rolls.answer(south.node, south["samira"], sent[0].subject)
            await until(lambda: all({r.state for r in seen(s, w).rolls} == {"answered"} for s, w in asks))

    asyncio.run(story())


def test_our_node_asks_by_itself_at_an_interval() -> None:
    """Twice a day at least, without anybody having to remember (DOMAIN: liaison lines)."""

    async def story() -> None:
        async with talking() as (north, south):
            with pytest.raises(Refused) as no:
                await rolls.ask_every(north.node, north["edda"], "leaders", minutes=1)
            assert no.value.code == "rolls.every"
            await rolls.ask_every(north.node, north["edda"], "leaders", minutes=15)
            await until(lambda: seen(south, "samira").rolls)
            assert latest(south, "samira").asked_by == ""
            before = len(seen(north, "edda").rolls)
            await north.node.watches.look(Moment(north.node.moment() + 14 * 60_000))
            assert len(seen(north, "edda").rolls) == before  # not sooner than it was told

    asyncio.run(story())


def test_who_has_no_part_in_a_channel_has_none_in_its_watch() -> None:
    """Rights are checked here, not at a page."""

    async def story() -> None:
        async with talking() as (north, _south):
            recorder = await north.add("wim", "Wim", "recorder")
            admin = north["admin"]
            for wish in (
                watch.take(north.node, recorder, "leaders"),
                watch.write_note(north.node, recorder, "leaders", text="x"),
                rolls.ask(north.node, recorder, "leaders"),
                watch.plan(north.node, recorder, "leaders", since="2030-01-01T00:00Z", persons=("wim",)),
                rolls.ask_every(north.node, recorder, "leaders", minutes=60),
                watch.take(north.node, admin, "leaders"),
            ):
                with pytest.raises(Refused) as no:
                    await wish
                assert no.value.code == "people.right"
            with pytest.raises(Refused):
                watch_showing.watch(north.node, admin, "leaders")

    asyncio.run(story())


def test_the_people_of_a_channel_are_seen_as_their_own_side_publishes_them() -> None:
    """Who is there, in which office, how they are addressed: told by their side, and by nobody else."""

    async def story() -> None:
        async with talking() as (north, south):
            form = PersonForm(
                person="samira", name="Samira", role="duty-officer", office="Watch room", address="Colonel",
                languages=("ar", "en"),
            )  # fmt: skip
            await people.add_person(south.node, south["admin"], form)
            await channels.set_members(south.node, south["samira"], channel="leaders", persons=("samira",))
            await watch.take(south.node, south["samira"], "leaders")
            await until(lambda: seen(north, "edda").theirs.there)
            await until(lambda: roster.channel_people(north.node, north["edda"], "leaders").theirs_named)
            found = roster.channel_people(north.node, north["edda"], "leaders")
            [samira] = found.theirs
            assert (samira.office, samira.address, samira.languages) == ("Watch room", "Colonel", ("ar", "en"))
            assert samira.on_watch_since is not None and samira.keys == ()
            assert {one.person for one in found.ours} == {"edda", "tomas"} and not found.ours_named
            assert found.their_key == roster.channel_people(south.node, south["samira"], "leaders").our_key
            with pytest.raises(Refused):
                roster.channel_people(north.node, north["admin"], "leaders")

    asyncio.run(story())
