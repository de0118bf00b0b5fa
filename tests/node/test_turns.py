"""Talking in turns through two real nodes: by agreement of both, gated at both, and no turn taken from another."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.actions.pair import Side, until
from tests.desk.sitting import Page
from tests.node.test_interpreting import beaten, interpret, interpreted, lift_into, told
from tests.node.test_texting import reads, write
from tests.node.test_voice import SESSION, faults, line_frame, played, send, spoken

from parley import limits
from parley.actions import agreeing, calls
from parley.line.turns import Turn


async def in_turns(north: Side, south: Side) -> str:
    """Answer the call, and agree on turns that North asked for; gives the call's subject."""
    (call,) = calls.calls(south.node, south["samira"], "leaders")
    await calls.answer(south.node, south["samira"], "leaders", call.subject)
    await until(lambda: calls.calls(north.node, north["edda"], "leaders")[0].state == "active")
    await agreeing.settle(north.node, north["edda"], "leaders", call.subject, "turns", "ask")
    await until(lambda: agreement(south, "samira") == "asked")
    await agreeing.settle(south.node, south["samira"], "leaders", call.subject, "turns", "agree")
    await until(lambda: agreement(north, "edda") == agreement(south, "samira") == "running")
    return call.subject


def agreement(side: Side, who: str) -> str:
    return calls.calls(side.node, side[who], "leaders")[0].agreements[1].state


async def turn(page: Page, **fields: object) -> dict[str, Any]:
    """Give the next word about the turn that says so."""
    while not fields.items() <= (word := await page.hear("turn")).items():
        pass
    return word


async def hand(page: Page, to: str = "next") -> None:
    await page.say("turn", channel="leaders", session=SESSION, to=to)


def test_only_who_has_the_turn_is_heard_and_the_time_of_each_side_is_counted() -> None:
    """DOMAIN f.2: consecutive mode gates turns and counts time by side; both see the same."""

    async def story() -> None:
        async with interpreted() as (north, south, here, there):
            edda, ines = await here.on_watch("edda", "leaders"), await here.on_watch("ines", "leaders")
            samira = await there.on_watch("samira", "leaders")
            await interpret(ines, "en", "zh")
            await told(samira, person="ines")
            subject = await in_turns(north, south)
            assert (await turn(samira, number=0))["ours"] is False
            for page, language in ((edda, ""), (ines, "zh"), (samira, "")):
                await lift_into(page, language)
                await page.hear("lifted")

            async def speaks(number: int) -> None:
                for page in (edda, ines, samira):
                    await page.socket.send_bytes(spoken(number))
                for page in (edda, ines, samira):
                    await beaten(page)

            async def heard(page: Page, count: int) -> list[str]:
                return [played(one)[1].origin.person for one in await page.hear_sound(count)]

            await speaks(0)
            assert await heard(samira, 1) == ["edda"]
            await hand(samira)  # it is not hers
            assert (await samira.hear("refused"))["code"] == "voice.not-ours"
            await hand(edda)
            assert (await turn(samira, number=1))["phase"] == "interpreter"
            await speaks(1)
            assert await heard(samira, 2) == ["edda", "ines"]
            await hand(ines)
            now = await turn(samira, number=2)
            assert (now["ours"], now["phase"]) == (True, "speaker")
            assert now["spent"]["their-speaker"] >= 0 and now["spent"]["our-speaker"] == 0
            await turn(edda, number=2)
            await speaks(2)
            assert await heard(edda, 2) == ["ines", "samira"]
            assert len(samira.sound) == 2
            await write(edda, "Text is not gated.", "text-line")
            await reads(samira, "Text is not gated.", "text-line")
            await hand(samira, "our-interpreter")
            await turn(edda, number=3)
            await hand(samira, "their-speaker")
            await turn(edda, number=4, ours=True)
            late = await there.page("rafael")
            await late.say("follow", channel="leaders")
            assert (await turn(late))["number"] == 4

            await agreeing.settle(south.node, south["rafael"], "leaders", subject, "turns", "stop")
            for page in (edda, samira):
                await turn(page, on=False)
            await speaks(3)
            assert sorted((await heard(samira, 4))[2:]) == ["edda", "ines"]
            assert faults(north) == faults(south) == []

    asyncio.run(story())


def test_a_peer_that_talks_in_another_s_turn_or_takes_it_is_not_heard_and_named() -> None:
    """The gate is at both nodes: whose own node lets them talk is still not heard here."""

    async def story() -> None:
        async with interpreted() as (north, south, here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            await in_turns(north, south)
            await turn(edda, number=0)
            await hand(edda)
            await turn(samira, number=1, ours=True)
            send(north, *[line_frame(number) for number in range(limits.VOICE_STRAY_MAX)])
            await until(lambda: "line.voice-order" in faults(south))
            asked = next(iter(south.node.turns._calls.values())).asked
            for number in range(2, 5):
                fields = {"channel": "leaders", "session": SESSION, "asked": asked}
                north.node.signal("turn", 10_000, fields | Turn(number, "north", "speaker").fields())
            await until(lambda: "line.turn" in faults(south))
            await beaten(samira)
            assert samira.sound == [] and faults(south).count("line.turn") == 1
            assert not [word for word in samira.words if word["told"] == "turn" and word["number"] > 1]

    asyncio.run(story())
