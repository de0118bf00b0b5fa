"""Interpreters through two real nodes: their own streams, who is at which microphone, and no word that crosses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from tests.actions.pair import Side, talking, until
from tests.desk.sitting import Page, Room, served
from tests.node.test_texting import at_call, placed
from tests.node.test_voice import OPUS, SESSION, attacked, faults, line_frame, played, spoken

from parley import limits
from parley.actions import calls
from parley.line import voice

CANARY = "канарейка-4407"


@asynccontextmanager
async def interpreted() -> AsyncIterator[tuple[Side, Side, Room, Room]]:
    """Give a call of North's with two interpreters of its own and one of South's."""
    async with talking() as (north, south), served(north, south) as (here, there):
        for side, person, name in ((north, "ines", "Ines"), (north, "igor", "Igor"), (south, "ida", "Ida")):
            await side.add(person, name, "interpreter")
        await until(lambda: south.node.book.view("line", "roster/north/igor") is not None)
        await until(lambda: north.node.book.view("line", "roster/south/ida") is not None)
        await placed(north)
        await until(lambda: south.node.calling.is_open(SESSION))
        yield north, south, here, there


async def interpret(page: Page, source: str, target: str, via: str = "") -> None:
    await page.say("interpret", channel="leaders", session=SESSION, **{"from": source, "to": target, "via": via})


async def lift_into(page: Page, language: str) -> None:
    await page.say("lift", channel="leaders", session=SESSION, precedence="IMMEDIATE", language=language)


async def told(page: Page, **fields: object) -> dict[str, Any]:
    """Give the next word about an interpreter that says so."""
    while not fields.items() <= (word := await page.hear("interpreter")).items():
        pass
    return word


async def beaten(page: Page) -> Page:
    """Give the page once all that was told it before now is here."""
    await page.say("beat", at=1)
    await page.hear("beat")
    return page


def test_an_interpreter_is_heard_on_the_stream_of_the_language_and_everybody_sees_who_it_is() -> None:
    """A listener picks a stream, so a frame must say which it is of, and who vouches for it."""

    async def story() -> None:
        async with interpreted() as (north, south, here, there):
            ines = await here.on_watch("ines", "leaders")
            samira = await there.on_watch("samira", "leaders")
            await interpret(ines, "en", "zh")
            seen = await told(samira, person="ines")
            assert (seen["ours"], seen["name"], seen["from"], seen["to"], seen["via"], seen["on"]) == (
                False, "Ines", "en", "zh", "", True,
            )  # fmt: skip
            await lift_into(ines, "zh")
            await ines.hear("lifted")
            await ines.socket.send_bytes(spoken(0))
            _, frame = played((await samira.hear_sound(1))[0])
            assert frame.origin == voice.Origin("leaders", SESSION, "ines", "zh")
            late = await at_call(there, "rafael")
            assert (await told(late, person="ines"))["since"] == seen["since"]

            await interpret(ines, "zh", "en")  # the other direction: the first stream is hers no more
            await told(samira, person="ines", to="en")
            await ines.socket.send_bytes(spoken(1))
            await lift_into(ines, "en")
            await ines.hear("lifted")
            await ines.socket.send_bytes(spoken(2))
            assert [played(one)[1].origin.language for one in await samira.hear_sound(2)] == ["zh", "en"]
            await ines.socket.close()
            assert (await told(samira, person="ines", on=False))["to"] == "en"
            assert faults(north) == faults(south) == []

    asyncio.run(story())


def test_a_colleague_who_takes_the_microphone_relieves_the_other_and_only_one_is_heard() -> None:
    """Hand-over after thirty minutes: two voices on one stream would be nobody's words."""

    async def story() -> None:
        async with interpreted() as (_, _, here, there):
            ines, igor = await here.on_watch("ines", "leaders"), await here.on_watch("igor", "leaders")
            samira = await there.on_watch("samira", "leaders")
            await interpret(ines, "en", "zh")
            await told(samira, person="ines")
            await lift_into(igor, "zh")
            assert (await igor.hear("refused"))["code"] == "voice.stream"  # he is at no microphone
            await lift_into(ines, "zh")
            await ines.hear("lifted")
            await ines.say("aside", channel="leaders", session=SESSION, what="hand-over", text="")
            assert (await igor.hear("aside"))["what"] == "hand-over"
            await interpret(igor, "zh", "en")  # the same pair of languages
            assert (await told(ines, person="ines", on=False))["ours"]
            await told(samira, person="ines", on=False)
            await told(samira, person="igor", on=True)
            await ines.socket.send_bytes(spoken(0))
            await lift_into(igor, "en")
            await igor.hear("lifted")
            await igor.socket.send_bytes(spoken(0))
            assert played((await samira.hear_sound(1))[0])[1].origin.person == "igor"
            await beaten(samira)
            assert len(samira.sound) == 1

    asyncio.run(story())


def test_relay_pause_and_repeat_are_seen_at_both_sides() -> None:
    """A pivot that fails fails two languages; and a talker who is not told runs on over the interpreter."""

    async def story() -> None:
        async with interpreted() as (_, _, here, there):
            ida, edda = await at_call(there, "ida"), await at_call(here, "edda")
            samira = await there.on_watch("samira", "leaders")
            await interpret(ida, "ru", "zh", via="en")
            assert (await told(edda, person="ida"))["via"] == "en"
            for what in ("pause", "pause", "repeat"):
                await ida.say("interpret-ask", channel="leaders", session=SESSION, what=what)
            for page, ours in ((edda, False), (samira, True)):
                word = await page.hear("interpreter-asks")
                assert (word["what"], word["name"], word["ours"]) == ("pause", "Ida", ours)
                await beaten(page)
                assert [word["what"] for word in page.words if word["told"] == "interpreter-asks"] == [
                    "pause",
                    "repeat",
                ]
            for wrong in (("en", "en", ""), ("en", "zh", "zh"), ("", "zh", ""), ("en", "z!", "")):
                await interpret(ida, *wrong)
                assert (await ida.hear("refused"))["code"] == "voice.direction"

    asyncio.run(story())


def test_who_is_no_interpreter_gets_no_microphone_and_no_private_word() -> None:
    """The role is given by the side and listed; a page cannot make itself one."""

    async def story() -> None:
        async with interpreted() as (north, _, here, _):
            edda = await here.on_watch("edda", "leaders")
            await interpret(edda, "en", "zh")
            assert (await edda.hear("refused"))["code"] == "voice.stream"
            await lift_into(edda, "zh")
            assert (await edda.hear("refused"))["code"] == "voice.stream"
            for say in ({"say": "interpret-ask", "what": "pause"}, {"say": "aside", "what": "word", "text": "?"}):
                await edda.socket.send_str(json.dumps({"channel": "leaders", "session": SESSION, **say}))
                assert (await edda.hear("refused"))["code"] == "voice.stream"
            await north.add("olga", "Olga", "duty-officer", "interpreter")  # her side lists her as an officer
            olga = await here.on_watch("olga", "leaders")
            await interpret(olga, "en", "zh")
            assert (await olga.hear("refused"))["code"] == "voice.stream"

    asyncio.run(story())


def test_a_private_word_reaches_colleagues_of_the_own_side_and_nobody_else() -> None:
    """Promise 9: what interpreters say among themselves never crosses, nor is it stored."""

    async def story() -> None:
        async with interpreted() as (north, south, here, there):
            sent: list[bytes] = []
            send = north.node._host.send
            north.node._host.send = lambda link, lane, frame: sent.append(frame) or send(link, lane, frame)  # type: ignore[method-assign, func-returns-value]
            ines, igor = await at_call(here, "ines"), await at_call(here, "igor")
            edda, ida = await here.on_watch("edda", "leaders"), await at_call(there, "ida")
            await ines.say("aside", channel="leaders", session=SESSION, what="word", text=CANARY)
            word = await igor.hear("aside")
            assert (word["name"], word["text"], word["what"]) == ("Ines", CANARY, "word")
            await interpret(ines, "en", "zh")  # something does cross, after it
            await told(ida, person="ines")
            for page in (await beaten(edda), await beaten(ida)):
                assert not [one for one in page.words if one["told"] == "aside"]
            assert sent and not [frame for frame in sent if CANARY.encode() in frame]
            for side in (north, south):
                store = side.node.store
                leaves = [leaf for log in store.logs() for leaf in store.leaves(log, 0, store.size(log))]
                assert leaves and not any(CANARY.encode() in leaf for leaf in leaves)

    asyncio.run(story())


def test_twelve_desks_in_a_call_all_hear_and_read_each_other() -> None:
    """As many as there may be in one call: six a side, three of them talking, every frame at every other desk."""

    async def story() -> None:
        async with interpreted() as (north, south, here, there):
            pages = []
            for side, room, names in ((north, here, "nabcde"), (south, there, "sfghij")):
                for letter in names:
                    await side.add(f"{letter}.x", letter.upper(), "delegate")
                    pages.append(await room.on_watch(f"{letter}.x", "leaders"))
            await until(lambda: south.node.book.view("line", "roster/north/e.x") is not None)
            await until(lambda: north.node.book.view("line", "roster/south/j.x") is not None)
            talkers = pages[0], pages[5], pages[8]
            for page in talkers:
                await lift_into(page, "")
                await page.hear("lifted")
            for number in range(10):
                for page in talkers:
                    await page.socket.send_bytes(spoken(number))
            for page in pages:
                assert len(await page.hear_sound(20 if page in talkers else 30)) in (20, 30)
            for page in pages:
                await page.say("text-line", channel="leaders", session=SESSION, text="here")
            for page in pages:
                read: set[str] = set()
                while len(read) < 12:
                    read.add((await page.hear("text-line"))["person"])
            assert faults(north) == faults(south) == []

    asyncio.run(story())


WRONG = [
    {"say": "interpret", "from": 1, "to": "zh", "via": ""}, {"say": "interpret", "from": "en", "to": "zh"},
    {"say": "interpret-ask", "what": "shout"}, {"say": "aside", "what": "word", "text": "x" * 1001},
    {"say": "aside", "what": "x", "text": ""}, {"say": "interpret-end", "more": 1},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:40])
def test_a_page_that_says_it_wrongly_is_closed(wrong: dict[str, object]) -> None:
    """Strict reading."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (here,):
            page = await here.page("edda")
            await page.socket.send_str(json.dumps({"channel": "leaders", "session": SESSION, **wrong}))
            await page.closed()
            assert page.socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION

    asyncio.run(story())


def test_a_peer_that_talks_on_a_stream_it_has_no_right_to_is_cut_and_named() -> None:
    """Edda is in the call and may be heard on the floor; as the Chinese of somebody else she may not."""
    head = voice.write_origin(voice.Origin("leaders", SESSION, "edda", "zh"))
    frames = [voice.write_voice(7, number, number * 20, 1, head, OPUS) for number in range(limits.VOICE_STRAY_MAX)]

    def attack(north: Side, _: Page) -> None:
        from tests.node.test_voice import send

        send(north, *frames)

    asyncio.run(attacked(attack, "line.voice-stream"))
    assert line_frame(0) != frames[0]


@pytest.mark.parametrize(
    "change", [{"from": "zh"}, {"via": "zh"}, {"on": 1}, {"since": "now"}, {"to": "!"}, {"more": 1}]
)
def test_a_peer_that_says_it_wrongly_loses_the_link(change: dict[str, Any]) -> None:
    """As for every signal."""

    async def story() -> None:
        async with interpreted() as (north, south, _, _):
            seen = south.node.subscribe()
            fields: dict[str, Any] = {
                "channel": "leaders", "session": SESSION, "person": "ines", "from": "en", "to": "zh", "via": "",
                "since": "2026-11-23T10:00:00.000Z", "on": True,
            }  # fmt: skip
            north.node.signal("interprets", 10_000, fields | change)
            async for event in seen:
                if event.kind == "link" and not event.fields["up"]:
                    return

    asyncio.run(story())


def test_a_thirteenth_person_is_refused_and_not_heard() -> None:
    """More persons than that make no conversation; who is not in the call must not believe that they are."""

    async def story() -> None:
        async with interpreted() as (north, south, here, there):
            (call,) = calls.calls(south.node, south["samira"], "leaders")
            await calls.answer(south.node, south["samira"], "leaders", call.subject)
            await until(lambda: calls.calls(north.node, north["edda"], "leaders")[0].state == "active")
            for number in range(limits.CALL_PERSONS_MAX - 2):
                one = await north.add(f"n{number}", f"N{number}", "delegate")
                await calls.join(north.node, one, "leaders", call.subject)
            tomas, samira = await here.on_watch("tomas", "leaders"), await there.on_watch("samira", "leaders")
            await lift_into(tomas, "")
            assert (await tomas.hear("refused"))["code"] == "calls.full"
            await tomas.socket.send_bytes(spoken(0))
            await tomas.say("text-line", channel="leaders", session=SESSION, text="And I?")
            assert (await tomas.hear("refused"))["code"] == "calls.full"
            await beaten(tomas)
            await beaten(samira)
            assert samira.sound == [] and not [one for one in samira.words if one["told"].startswith("text")]

    asyncio.run(story())
