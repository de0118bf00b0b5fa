"""A ring that only a signal speaks for: how long it stands, how often, and what is said of a side that abuses it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace

import pytest
from tests.actions.pair import Side, talking, until
from tests.desk.sitting import served
from tests.node.test_voice import SESSION, Kept, faults, lift, played, spoken

from parley import limits
from parley.actions import calls
from parley.node.announced import Announced, Lift
from parley.subjects.calls import facts as said
from parley.times import Instant

DAY_S = 24 * 3600.0


def at(second: float) -> Instant:
    return Instant(second)


def test_a_lift_said_again_stands_no_longer() -> None:
    """Said every two seconds it would have rung, and let sound in, for ever."""
    theirs = Announced()
    assert theirs.hear("leaders", "aa", at(10))
    assert not theirs.hear("leaders", "aa", at(12.9))
    assert theirs.stands("leaders", "aa", at(12.9)) and not theirs.stands("staff", "aa", at(12.9))
    assert not theirs.stands("leaders", "aa", at(13))
    assert theirs.look(at(13), up=True) == ([Lift("leaders", "aa")], [Lift("leaders", "aa")])


def test_a_side_that_announces_what_it_does_not_place_rings_a_few_times_a_day_and_no_more() -> None:
    """Whatever it sends, and however often it cuts the line: it is 3 s of ringing, ten times at most."""
    theirs = Announced()
    rang: list[int] = []
    for second in range(int(DAY_S)):
        now = at(100.0 + second)
        theirs.look(now, up=second % 3 == 0)
        if theirs.hear("leaders", f"{second:x}", now):
            rang.append(second)
            for beside in range(20):
                theirs.hear("leaders", f"{second:x}-{beside}", now)
            assert len(theirs._standing) == limits.LIFTS_STANDING_MAX
    assert len({second // 4 for second in rang}) <= 10


def test_a_cut_before_the_entry_is_waited_out_before_anybody_is_named() -> None:
    """The entry is on its way once more from the moment a link is back; the ring does not wait for that."""
    theirs = Announced()
    assert theirs.hear("leaders", "aa", at(10))
    assert theirs.look(at(13), up=False) == ([Lift("leaders", "aa")], [])
    assert theirs.look(at(60), up=True).unplaced == []
    assert theirs.look(at(62), up=True).unplaced == []
    assert theirs.look(at(63.1), up=True).unplaced == [Lift("leaders", "aa")]
    assert theirs.look(at(70), up=True).unplaced == []

    assert theirs.hear("leaders", "bb", at(200))
    assert theirs.look(at(204), up=False).over == [Lift("leaders", "bb")]
    theirs.placed("leaders", "bb")  # it came with the link
    assert theirs.look(at(205), up=True).unplaced == theirs.look(at(300), up=True).unplaced == []


def test_who_kept_their_word_for_a_day_is_taken_at_it_again() -> None:
    """A disk of theirs that stood still twice in a year is no abuse."""
    theirs, now = Announced(), 100.0
    closed = []
    for _ in range(3):
        assert theirs.hear("leaders", "aa", at(now))
        now += limits.LIFT_GRACE_S
        theirs.look(at(now), up=True)
        closed.append(theirs.closed_for_s(at(now)))
        assert not theirs.hear("leaders", "aa", at(now + closed[-1] - 0.1))
        now += closed[-1]
    assert closed == [60, 240, 960]
    now += DAY_S + 1
    assert theirs.hear("leaders", "aa", at(now))
    theirs.look(at(now + 3), up=True)
    assert theirs.closed_for_s(at(now + 3)) == 60


def lifts(north: Side, session: str, channel: str = "leaders") -> None:
    """Be a North that says what it likes."""
    fields = {"channel": channel, "session": session, "person": "edda", "precedence": "FLASH"}
    north.node.signal("lift", 3000, fields)


def test_a_call_that_their_record_does_not_have_rings_no_longer_than_its_grace_and_the_desk_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A ring that nothing stands behind used to go on for up to 8 s; the desk fell silent and said nothing."""
    monkeypatch.setattr(limits, "LIFT_GRACE_S", 0.3)

    async def story() -> None:
        async with talking() as (north, south), served(south) as (there,):
            samira = await there.on_watch("samira", "leaders")
            lifts(north, SESSION)
            assert (await samira.hear("call"))["state"] == "ringing"
            began = south.node.now()
            states = [(await samira.hear("call"))["state"] for _ in range(2)]
            assert states == ["ended", "unplaced"]
            assert south.node.now() - began < 2  # by itself, not when somebody next looks
            await until(lambda: "line.voice-lift" in faults(south))
            (fault,) = [one for one in south.node.faults(9) if one.code == "line.voice-lift"]
            assert "announced a call in leaders, and its record has none" in fault.sentence

            lifts(north, "6f" * 16)  # not taken at their word now
            call = await calls.lift(north.node, north["edda"], "leaders")  # what the record has rings all the same
            while (word := await samira.hear("call"))["subject"] != call.subject:
                assert word["session"] != "6f" * 16
            assert word["state"] == "ringing"

    asyncio.run(story())


def test_a_fact_about_an_old_call_stands_for_no_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the session of a call that is over, any entry about it made the lift as good as placed."""
    monkeypatch.setattr(limits, "LIFT_GRACE_S", 1.0)

    async def story() -> None:
        async with talking() as (north, south):
            south.node.desks.watch(south.node.desks.open("samira", rung := Kept()), ["leaders"])
            call = await calls.lift(north.node, north["edda"], "leaders", session=SESSION)
            await calls.hang_up(north.node, north["edda"], "leaders", call.subject)
            await until(lambda: [word for word in rung.words if word.get("state") == "unanswered"])
            lifts(north, SESSION)
            await until(lambda: south.node.calling.knows("leaders", SESSION))
            await calls.leave_statement(
                north.node, north["edda"], "leaders", call.subject, text="Nothing.", language="en"
            )
            await until(lambda: "line.voice-lift" in faults(south))

    asyncio.run(story())


def test_a_session_that_a_desk_of_ours_lifted_with_is_not_theirs_to_place() -> None:
    """They hear it by our signal; placed first, our own call would have been nobody's, and they the caller."""

    async def story() -> None:
        async with talking() as (north, south), served(south) as (there,):
            samira = await there.on_watch("samira", "leaders")
            south.node.calling.lifted("leaders", SESSION)  # samira's lift, whose entry is on its way
            theirs = await calls.lift(north.node, north["edda"], "leaders", session=SESSION)
            await until(lambda: south.node.book.view("leaders", theirs.subject))
            assert not south.node.calling.is_open(SESSION)
            ours = await south.node.state(
                said.place("leaders", session=SESSION, language="en", purpose=""), "samira", "IMMEDIATE"
            )
            await until(lambda: south.node.calling.is_open(SESSION))
            assert [one.subject for one in south.node.calling.open_in("leaders")] == [ours.subject]
            assert not [word for word in samira.words if word["told"] == "call" and not word["ours"]]

    asyncio.run(story())


def test_lifts_of_theirs_take_no_place_of_ours() -> None:
    """Fifty announced sessions kept every desk of the other side from being heard."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            for _ in range(limits.LIFTS_OURS_MAX + 10):
                lifts(north, secrets.token_hex(16))
            await until(lambda: len(south.node.calling._announced._standing) == limits.LIFTS_STANDING_MAX)
            await lift(samira)
            await samira.socket.send_bytes(spoken(0))
            assert len(await edda.hear_sound(1)) == 1

    asyncio.run(story())


def test_two_of_one_side_who_lift_at_once_are_not_named_for_the_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both announce, one places; the other's desk goes on in it or is refused: nobody broke a rule."""
    monkeypatch.setattr(limits, "LIFT_GRACE_S", 1.2)

    async def story() -> None:
        async with talking() as (north, south):
            south.node.desks.watch(south.node.desks.open("samira", rung := Kept()), ["leaders"])
            for session in (SESSION, "6f" * 16):
                lifts(north, session)
            await until(lambda: south.node.calling.knows("leaders", "6f" * 16))
            await calls.lift(north.node, north["edda"], "leaders", session=SESSION)
            await until(lambda: south.node.calling.is_open(SESSION))
            lifts(north, "7a" * 16)  # a third, whose node has not told it of the call yet
            await until(lambda: south.node.calling.knows("leaders", "7a" * 16))
            assert south.node.calling.knows("leaders", "6f" * 16)  # it may still come to speak there
            await asyncio.sleep(1.3)  # the time at which it would be named
            south.node.calling.look()
            assert not south.node.calling.knows("leaders", "6f" * 16)
            assert not [word for word in rung.words if word.get("state") == "unplaced"]
            assert faults(south) == []

    asyncio.run(story())


def test_two_desks_of_one_side_that_lift_at_once_are_in_one_call_and_both_heard() -> None:
    """Each found no call yet, so there were two, and a side has one outstanding ring in a channel."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            pages = [await here.on_watch(person, "leaders") for person in ("edda", "tomas")]
            samira = await there.on_watch("samira", "leaders")
            for page, session in zip(pages, (SESSION, "6f" * 16), strict=True):
                await page.say("lift", channel="leaders", session=session, precedence="IMMEDIATE", language="")
            await until(lambda: south.node.calling.open_in("leaders"))
            (call,) = south.node.calling.open_in("leaders")
            late = pages[0] if call.person == "tomas" else pages[1]
            while (await late.hear("lifted"))["session"] != call.session:
                pass
            for number, page in enumerate(pages):
                await page.socket.send_bytes(spoken(number))
                heard = played((await samira.hear_sound(number + 1))[-1])[1]
                assert heard.origin.session == call.session
            assert [row.state for row in calls.calls(north.node, north["edda"], "leaders")] == ["ringing"]
            assert not any(word["told"] == "refused" for page in pages for word in page.words)
            south.node.calling.look()
            assert faults(south) == []

    asyncio.run(story())


def test_a_page_that_lifts_and_leaves_does_not_make_its_own_node_a_liar() -> None:
    """A stolen session could have had our side named, and its word taken for less, by closing at the right moment."""

    async def story() -> None:
        async with talking() as (north, south), served(north) as (here,):
            for number in range(8):
                page = await here.on_watch("edda", "leaders")
                session = f"{number:02x}" * 16
                await page.say("lift", channel="leaders", session=session, precedence="FLASH", language="")
                await page.socket.close()
                await until(lambda session=session: south.node.calling.is_open(session))
                (open_,) = north.node.calling.open_in("leaders")
                await calls.hang_up(north.node, north["edda"], "leaders", open_.subject)
                await until(lambda: not south.node.calling.open_in("leaders"))
            assert south.node.calling._announced._standing == {}

    asyncio.run(story())


def test_a_node_that_may_not_sign_announces_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would ring there for three seconds, and the side that was only restarting would be named."""

    async def story() -> None:
        async with talking() as (north, south), served(north) as (here,):
            south.node.desks.watch(south.node.desks.open("samira", rung := Kept()), ["leaders"])
            edda = await here.on_watch("edda", "leaders")
            standing = replace(north.node.status(), signing="waiting", signing_reason="it asks the other side")
            monkeypatch.setattr(north.node, "status", lambda: standing)
            await edda.say("lift", channel="leaders", session=SESSION, precedence="FLASH", language="")
            assert (await edda.hear("refused"))["code"] == "line.signing"
            monkeypatch.undo()
            await lift(edda, "6f" * 16)
            await until(lambda: south.node.calling.is_open("6f" * 16))
            assert SESSION not in [word.get("session") for word in rung.words]

    asyncio.run(story())


def test_a_side_that_places_call_upon_call_rings_for_a_few_and_is_named() -> None:
    """One outstanding ring a channel is kept by an honest node; the other one must not fill our desks, nor memory."""

    async def story() -> None:
        async with talking() as (north, south):
            south.node.desks.watch(south.node.desks.open("samira", rung := Kept()), ["leaders"])
            for number in range(limits.CALLS_RINGING_MAX + 20):
                fact = said.place("leaders", session=f"{number:032x}", language="en", purpose="")
                sent = await north.node.state(fact, "edda", "IMMEDIATE")
            await until(lambda: south.node.book.view("leaders", sent.subject))
            await until(lambda: "line.calls" in faults(south))
            rings = south.node.calling.open_in("leaders")
            assert len(rings) == limits.CALLS_RINGING_MAX == len([one for one in rung.words if one["told"] == "call"])
            assert faults(south).count("line.calls") == 1
            assert len(calls.calls(south.node, south["samira"], "leaders")) > limits.CALLS_RINGING_MAX  # all on record
            urgent = await north.node.state(
                said.place("leaders", session=SESSION, language="en", purpose=""), "edda", "FLASH"
            )
            await until(lambda: south.node.calling.is_open(SESSION))  # what is more urgent rings all the same
            await north.node.state(said.end("leaders", urgent.subject, "given-up", ()), "edda", "FLASH")
            for number in range(limits.CALLS_RINGING_MAX + 20):
                one = next(each for each in calls.open_calls(north.node, "leaders") if each.session == f"{number:032x}")
                await north.node.state(said.end("leaders", one.subject, "given-up", ()), "edda", "IMMEDIATE")
            await until(lambda: not south.node.calling.open_in("leaders"))
            after = await calls.lift(north.node, north["tomas"], "leaders", precedence="FLASH")
            await until(lambda: [one.subject for one in south.node.calling.open_in("leaders")] == [after.subject])

    asyncio.run(story())
