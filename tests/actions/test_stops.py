"""Emergency stops between two real nodes, through the actions that every door uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.actions.pair import Side, later, state, talking, until
from tests.desk.sitting import served
from tests.replacing import replace

from parley import limits
from parley.actions import channels, stops
from parley.actions.stop_rows import StopRow
from parley.errors import Refused
from parley.line import AheadArrived
from parley.node.stopping import Stopping
from parley.record.names import LogId
from parley.transports.proxy import CutProxy

WORDS = {"what": "Shelling of our post", "where": "Hill 12"}


def now(side: Side, who: str) -> list[StopRow]:
    return stops.stops_now(side.node, side[who])


async def first(side: Side, who: str, so: Callable[[StopRow], object] = lambda row: True) -> StopRow:
    """Wait until a stop stands at this side as it should."""
    await until(lambda: any(so(row) for row in now(side, who)))
    return next(row for row in now(side, who) if so(row))


def test_a_stop_goes_through_each_step_by_whoever_answers() -> None:
    """No "please hold": the recorder answers, the colleague reads back, and each side sees what waits for it."""

    async def story() -> None:
        async with talking() as (north, south):
            await south.add("rec", "Rec", "recorder")
            await stops.raise_stop(north.node, north["edda"], **WORDS)
            ours = await first(north, "edda", lambda row: row.on_their_disk)
            assert (ours.state, ours.needs, ours.may) == ("raised", "", {"correct", "withdraw"})
            theirs = await first(south, "rec")
            assert (theirs.needs, theirs.channel, theirs.status) == ("take", "line", "actual")
            at = (theirs.channel, theirs.subject)

            await asyncio.gather(*(stops.rings(south.node, south[who], *at) for who in ("samira", "rafael")))
            await first(north, "edda", lambda row: row.rings_at)
            await stops.take(south.node, south["rec"], *at)
            with pytest.raises(Refused, match=r"stops\.taken"):
                await stops.take(south.node, south["samira"], *at)
            await stops.reach(south.node, south["rec"], *at, decider="General Lin, by telephone")
            await stops.read_back(south.node, south["samira"], *at, text="Stop the shelling of hill 21.")
            ours = await first(north, "tomas", lambda row: row.needs == "confirm")
            assert ours.taken and ours.taken.name == "Rec" and ours.reached
            await stops.correct(north.node, north["tomas"], *at, what=WORDS["what"], where="Hill 12, not 21")
            theirs = await first(south, "samira", lambda row: row.version == 1)
            assert (theirs.needs, theirs.read_backs[0].earlier) == ("read-back", True)
            with pytest.raises(Refused, match=r"stops\.names-one"):
                await stops.confirm(north.node, north["edda"], *at)
            await stops.read_back(south.node, south["samira"], *at, text="Stop the shelling of hill 12.")
            await first(north, "edda", lambda row: row.needs == "confirm")
            await stops.confirm(north.node, north["edda"], *at)
            await first(south, "samira", lambda row: row.needs == "effect")
            await stops.effect(south.node, south["rafael"], *at, note="All tubes.")
            ours = await first(north, "edda", lambda row: row.needs == "see")
            assert ours.effected and ours.effected.name == "Rafael" and ours.note == "All tubes."
            assert [step.step for step in ours.steps if step.took_ms is not None and not step.late] == [
                "taken", "read-back", "confirmed", "effected",
            ]  # fmt: skip
            assert now(south, "samira") == []
            await stops.clear(north.node, north["edda"], *at)
            assert now(north, "tomas") == []
            assert [row.state for row in stops.stops(north.node, north["edda"])] == ["effected"]

    asyncio.run(story())


def test_what_is_confirmed_is_the_read_back_that_was_shown() -> None:
    """The other side could read back anew in the second of the press, and have had that confirmed unseen."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await stops.raise_stop(north.node, north["edda"], what="Shelling", where="Hill 12")
            at = ("line", sent.subject)
            await until(lambda: south.node.book.view(*at))
            for count, text in enumerate(("Hill 12, shelling.", "Nothing."), 1):
                await stops.read_back(south.node, south["samira"], *at, text=text)
                await until(lambda count=count: len(north.node.book.view(*at).read_backs) == count)
            shown = stops.stop(north.node, north["edda"], *at).read_backs[0]
            for seen in ("", "00" * 32):
                with pytest.raises(Refused) as refused:
                    await stops.confirm(north.node, north["edda"], *at, seen=seen)
                assert refused.value.code == "stops.names-one"
            done = await stops.confirm(north.node, north["edda"], *at, seen=shown.id)
            log = LogId.read(done.ref.log)
            assert [one.id for one in north.node.book.entry(log, done.ref.number).refs] == [shown.id]

    asyncio.run(story())


def test_a_stop_in_a_suspended_channel_goes_to_everybody() -> None:
    """Safety is never suspended (DESIGN 5); nobody in a hurry should have to know which channel is open."""

    async def story() -> None:
        async with talking() as (north, south):
            open_one = await stops.raise_stop(north.node, north["edda"], channel="leaders", **WORDS)
            assert open_one.channel == "leaders"
            await first(south, "samira")
            await channels.suspend_channel(south.node, south["samira"], channel="leaders", reason="Enough.")
            await until(lambda: state(north, "leaders") == "suspended")
            sent = await stops.raise_stop(
                north.node, north["edda"], channel="leaders", what="Jamming", where="Sector 4"
            )
            assert sent.channel == "line"
            row = await first(south, "samira", lambda row: row.about == "leaders")
            await stops.take(south.node, south["samira"], "leaders", open_one.subject)
            await stops.take(south.node, south["samira"], "line", row.subject)
            await first(north, "edda", lambda row: row.state == "taken" and row.channel == "leaders")

    asyncio.run(story())


def test_a_drill_is_an_exercise_in_the_signed_bytes_and_is_scored_apart() -> None:
    """Whoever drills must not frighten anybody, nor teach anybody to ignore the real one."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await stops.raise_stop(north.node, north["edda"], status="exercise", **WORDS)
            row = await first(south, "samira")
            assert row.status == "exercise"
            await stops.read_back(south.node, south["samira"], "line", sent.subject, text="Hill 12.")
            row = await first(north, "edda", lambda row: row.state == "read-back")
            steps = {step.step: step for step in row.steps}
            assert steps["taken"].took_ms == steps["read-back"].took_ms is not None and not steps["taken"].late
            assert steps["confirmed"].by_us and steps["confirmed"].took_ms is None and not steps["effected"].by_us
            assert stops.stops(north.node, north["edda"]) == []
            assert [each.subject for each in stops.stops(north.node, north["edda"], drills=True)] == [sent.subject]
            await stops.withdraw(north.node, north["edda"], "line", sent.subject, reason="Sent in error.")
            row = await first(south, "samira", lambda row: row.needs == "see")
            assert row.withdrawn and row.withdrawn.text == "Sent in error."
            with pytest.raises(Refused, match=r"stops\.withdrawn"):
                await stops.effect(south.node, south["samira"], "line", sent.subject)

    asyncio.run(story())


def test_an_overdue_step_is_told_once_with_the_step_and_who_owes_it() -> None:
    """The notifier outside the desk and the strip on it go by the same word."""

    async def story() -> None:
        async with talking() as (north, south):
            heard: list[dict[str, Any]] = []
            listening = south.node.subscribe()

            async def listen() -> None:
                async for event in listening:
                    if event.kind == "stop":
                        heard.append({"subject": event.subject, "channel": event.channel, **event.fields})

            task = asyncio.create_task(listen())
            sent = await stops.raise_stop(north.node, north["edda"], **WORDS)
            await first(south, "samira")
            assert not now(south, "samira")[0].overdue
            later(south, 16_000)
            later(north, 16_000)
            south.node.stopping._look()
            await until(lambda: any(one["code"] == "overdue" for one in heard))
            south.node.stopping._look()
            row = now(south, "samira")[0]
            assert (row.overdue, row.overdue_by_us) == ("taken", True)
            assert (now(north, "edda")[0].overdue, now(north, "edda")[0].overdue_by_us) == ("taken", False)
            await stops.take(south.node, south["samira"], "line", sent.subject)
            await until(lambda: any(one["code"] == "taken" for one in heard))
            assert not now(south, "samira")[0].overdue
            listening.close()
            await task
            assert heard[0] == {
                "subject": sent.subject, "channel": "line", "code": "raised", "ours": False, "status": "actual",
                "state": "raised", "step": "",
            }  # fmt: skip
            assert [(one["step"]) for one in heard if one["code"] == "overdue"] == ["taken"]

    asyncio.run(story())


def test_the_clock_of_a_stop_is_that_of_who_raised_it_however_far_the_two_are_apart() -> None:
    """Ours is ten minutes ahead: by our own clock alone every step of theirs would be overdue as it came."""

    async def story() -> None:
        async with talking() as (north, south):
            later(north, 600_000)
            north.node.offset_ms = lambda: -600_000  # type: ignore[method-assign]
            await stops.raise_stop(south.node, south["samira"], **WORDS)
            assert not (await first(north, "edda")).overdue
            later(north, 16_000)
            assert [(row.overdue, row.overdue_by_us) for row in now(north, "edda")] == [("taken", True)]

    asyncio.run(story())


def test_every_desk_on_watch_is_told_at_once_and_one_that_comes_later_as_well() -> None:
    """A ringing screen must not wait for a page to ask."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (_here, there):
            samira, rafael = await there.on_watch("samira", "leaders"), await there.on_watch("rafael", "leaders")
            await stops.raise_stop(north.node, north["edda"], **WORDS)
            for page in (samira, rafael):
                word = await page.hear("stop")
                assert (word["code"], word["what"], word["where"], word["name"]) == (
                    "raised", "Shelling of our post", "Hill 12", "Edda",
                )  # fmt: skip
                assert (word["ours"], word["status"], word["state"]) == (False, "actual", "raised")
            late = await there.on_watch("samira", "leaders")
            assert [each["what"] for each in late.words if each["told"] == "stop"] == ["Shelling of our post"]
            await samira.say("stop-rings", channel="line", subject=word["subject"])
            await first(north, "edda", lambda row: row.rings_at)

    asyncio.run(story())


def test_the_words_of_a_stop_in_a_channel_are_told_to_the_desks_of_its_members_alone() -> None:
    """Who chose the channel did so that the place stays among them."""

    async def story() -> None:
        async with talking() as (north, south), served(south) as (there,):
            await channels.propose_channel(north.node, north["edda"], channel="military", title="Military")
            await until(lambda: south.node.book.view("line", "channel/military"))
            await channels.agree_channel(south.node, south["samira"], channel="military")
            await channels.set_members(south.node, south["samira"], channel="leaders", persons=("samira",))
            samira, rafael = await there.on_watch("samira", "leaders"), await there.on_watch("rafael", "military")
            await stops.raise_stop(north.node, north["edda"], **WORDS, channel="leaders")
            assert (await samira.hear("stop"))["where"] == "Hill 12"
            await rafael.say("beat", at=1)
            await rafael.hear("beat")
            assert "Hill 12" not in str(rafael.words)

    asyncio.run(story())


def test_a_stop_raised_while_the_line_is_down_goes_out_ahead_of_everything() -> None:
    """It is on our disk at once, and says on both sides since when it has been waiting."""

    async def story() -> None:
        cable = CutProxy(("127.0.0.1", 0))
        async with talking(cable=cable) as (north, south):
            await cable.cut()
            await until(lambda: not north.node.status().line_up)
            for number in range(5):
                await channels.propose_channel(north.node, north["edda"], channel=f"talks-{number}", title="Talks")
            sent = await stops.raise_stop(north.node, north["edda"], **WORDS)
            row = now(north, "edda")[0]
            assert (row.on_their_disk, row.rings_at, row.state) == (None, None, "raised")
            later(north, 20_000)
            assert now(north, "edda")[0].overdue == "taken"
            await cable.heal()
            row = await first(south, "samira")
            assert (row.subject, row.at) == (sent.subject, sent.at)
            await first(north, "edda", lambda row: row.on_their_disk)

    asyncio.run(story())


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_does_not_speak_for_the_side_cannot_raise_or_take_a_stop(role: str) -> None:
    """The auditor looks on; the administrator keeps the machine."""

    async def story() -> None:
        async with talking() as (north, south):
            await south.add("x", "X", role)
            sent = await stops.raise_stop(north.node, north["edda"], **WORDS)
            await first(south, "samira")
            for act in (
                stops.raise_stop(south.node, south["x"], **WORDS),
                stops.take(south.node, south["x"], "line", sent.subject),
                stops.clear(south.node, south["x"], "line", sent.subject),
            ):
                with pytest.raises(Refused, match=r"people\.right"):
                    await act
            seen = now(south, "x")
            assert [row.may for row in seen] == ([frozenset()] if role == "auditor" else [])

    asyncio.run(story())


def test_the_same_words_pressed_twice_are_one_stop() -> None:
    """A key that bounced must not ring a second time; another place is another stop."""

    async def story() -> None:
        async with talking() as (north, _south):
            once = await stops.raise_stop(north.node, north["edda"], **WORDS)
            assert (await stops.raise_stop(north.node, north["edda"], **WORDS)).subject == once.subject
            other = await stops.raise_stop(north.node, north["edda"], what=WORDS["what"], where="Hill 13")
            assert other.subject != once.subject
            with pytest.raises(Refused, match=r"stops\.since"):
                await stops.raise_stop(north.node, north["edda"], **WORDS, since="just now")

    asyncio.run(story())


def test_a_stop_that_came_ahead_of_its_log_rings_now_and_is_taken_when_the_log_is_whole() -> None:
    """The hour's mail may still be on its way; the stop must not stand in its queue."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (_here, there):
            samira = await there.on_watch("samira", "leaders")
            log, number = LogId("line", "north", 0), south.node.store.size(LogId("line", "north", 0)) + 5
            sent = await stops.raise_stop(north.node, north["edda"], **WORDS)
            await first(south, "samira")
            folded = south.node.book.entry(log, sent.ref.number)
            assert folded is not None
            entry = replace(
                folded, number=number, subject=f"stop/north/0/{number}", body=folded.body | {"where": "Hill 9"}
            )
            for wrong in (
                replace(entry, precedence="ROUTINE"), replace(entry, body={}), replace(entry, kind="message.sent"),
            ):  # fmt: skip
                south.node.stopping.ahead(AheadArrived(log, number, b"\x01" * 32, wrong))
            assert len(south.node.stopping.early()) == 0
            for _ in range(2):  # by the second link once more
                south.node.stopping.ahead(AheadArrived(log, number, b"\x01" * 32, entry))
            row = await first(south, "samira", lambda row: row.ahead)
            assert (row.where, row.needs, row.may, row.subject) == ("Hill 9", "take", frozenset(), entry.subject)
            with pytest.raises(Refused, match="earlier entries"):
                await stops.take(south.node, south["samira"], "line", row.subject)
            await until(lambda: len([one for one in south.node.escalating.waiting if one.kind == "stop"]) == 2)
            told = [word["where"] for word in [await samira.hear("stop"), await samira.hear("stop")]]
            assert told == ["Hill 12", "Hill 9"]
            await samira.say("beat", at=1)
            await samira.hear("beat")
            assert sum(word["told"] == "stop" for word in samira.words) == 2  # not once more for the second link

    asyncio.run(story())


def test_a_node_that_restarts_takes_up_the_stops_that_were_open() -> None:
    """A crash in the worst minute must not silence what rings."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await stops.raise_stop(north.node, north["edda"], **WORDS)
            over = await stops.raise_stop(north.node, north["edda"], what="Jamming", where="Sector 4")
            await until(lambda: len(now(south, "samira")) == 2)
            await stops.effect(south.node, south["samira"], "line", over.subject)
            await until(lambda: len(now(south, "samira")) == 1)
            again = Stopping(south.node)
            again.start()
            assert [view.subject for view in again.now()] == [sent.subject]
            assert again.waits_for_us(again.now()[0])
            again.stop()
            again = Stopping(north.node)
            again.start()
            await until(lambda: len(again.now()) == 2)  # how the other ended is still to be seen
            again.stop()

    asyncio.run(story())


def test_a_flood_of_drills_takes_no_real_stop_off_our_desks_nor_off_the_list() -> None:
    """Who is asked to cease could else push the asking out of sight, and weekly drills the real stop of last year."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await stops.raise_stop(north.node, north["edda"], **WORDS)
            at = ("line", sent.subject)
            await first(south, "samira")
            await stops.take(south.node, south["samira"], *at)
            await stops.read_back(south.node, south["samira"], *at, text="Stop shelling hill 12.")
            await first(north, "edda", lambda row: row.needs == "confirm")
            for number in range(limits.STOPS_LOOKED_AT + 2):
                drill = {"what": f"Drill {number}", "where": "Nowhere", "status": "exercise"}
                last = await stops.raise_stop(south.node, south["samira"], **drill)
            await first(north, "edda", lambda row: row.subject == last.subject)

            def real(rows: list[StopRow]) -> list[str]:
                return [row.subject for row in rows if row.status == "actual"]

            for side, who in ((north, "edda"), (south, "samira")):
                assert real(now(side, who)) == [sent.subject]
                assert real(stops.stops(side.node, side[who])) == [sent.subject]
                assert len(stops.stops(side.node, side[who], drills=True)) == limits.STOPS_LOOKED_AT
            assert len(now(north, "edda")) == 1 + limits.STOPS_LOOKED_AT  # what a flood fills is bounded all the same
            await until(lambda: any(one.subject == sent.subject for one in north.node.escalating.waiting))
            again = Stopping(north.node)
            again.start()
            again.stop()
            assert sent.subject in [view.subject for view in again.now()]
            assert len(again.now()) == 1 + limits.STOPS_LOOKED_AT

    asyncio.run(story())


def test_a_stop_without_words_is_refused_in_words_that_a_desk_can_say_in_its_language() -> None:
    """A blank typed in haste passes the browser; the most urgent form of all must not answer with `$.body.what`."""

    async def story() -> None:
        async with talking() as (north, _):
            for what, where in ((" ", "Pier 3"), ("Loading", " \n"), ("", "")):
                with pytest.raises(Refused, match=r"stops\.words"):
                    await stops.raise_stop(north.node, north["edda"], what=what, where=where)
            assert stops.stops_now(north.node, north["edda"]) == []

    asyncio.run(story())
