"""Real-time text through two real nodes: read as it is written where it may be; who breaks the rules is named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from tests.actions.pair import Side, talking, until
from tests.desk.sitting import Page, Room, served
from tests.node.test_voice import SESSION, faults, lift

from parley import limits
from parley.actions import agreeing, calls, channels
from parley.actions.call_rows import CallRow
from parley.errors import Refused
from parley.line.realtime import Pen, Writer
from parley.node import texting
from parley.transports.proxy import CutProxy

CANARY = "канарейка-7319"


async def at_call(room: Room, person: str) -> Page:
    """Give a page that shows the call, without watch, microphone or loudspeaker."""
    page = await room.page(person)
    await page.say("follow", channel="leaders")
    return page


async def placed(north: Side) -> None:
    """Place a call as the page's form does, without sound."""
    await calls.lift(north.node, north["edda"], "leaders", session=SESSION)


async def write(page: Page, text: str, say: str = "text", session: str = SESSION) -> None:
    await page.say(say, channel="leaders", session=session, text=text)


async def reads(page: Page, text: str | None, told: str = "text") -> dict[str, Any]:
    """Give the word in which this page was told of this text."""
    while (word := await page.hear(told))["text"] != text:
        pass
    return word


def test_what_is_written_is_read_as_it_is_written_without_watch_or_sound() -> None:
    """EN 301 549, 6.2: somebody who does not hear, or has no microphone, is in the call all the same."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await at_call(here, "edda"), await at_call(there, "samira")
            tomas = await at_call(here, "tomas")
            await placed(north)
            await until(lambda: south.node.calling.is_open(SESSION))
            for text in ("S", "St", "Stop", "Sto", "Stop the ship 🚢", "أوقفوا", "停船"):
                await write(edda, text)
                word = await reads(samira, text)
                assert (word["ours"], word["name"], word["line"]) == (False, "Edda", 0)
                assert (await reads(tomas, text))["ours"] is True
            await write(edda, "Stop the ship.", "text-line")
            for page in (samira, tomas, edda):
                assert (await reads(page, "Stop the ship.", "text-line"))["line"] == 0
            await write(samira, "Stopped.", "text-line")
            assert (await reads(edda, "Stopped.", "text-line"))["name"] == "Samira"
            assert not [word for word in edda.words if word["told"] == "text" and word["ours"]]  # it sees its field
            late = await at_call(there, "rafael")
            assert (await reads(late, "Stop the ship.", "text-line"))["name"] == "Edda"
            await reads(late, "Stopped.", "text-line")
            await write(edda, "And")
            await reads(late, "And")
            await edda.socket.close()
            await reads(late, "")  # nobody will finish it
            assert faults(north) == faults(south) == []

    asyncio.run(story())


def test_no_text_passes_without_a_call_after_it_or_from_who_may_not() -> None:
    """The same gate as for voice: who, which call, which channel, not after it ended."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            await north.add("ruth", "Ruth", "recorder")
            edda, ruth, samira = (
                await at_call(here, "edda"),
                await at_call(here, "ruth"),
                await at_call(there, "samira"),
            )
            await write(edda, "too early")
            assert (await edda.hear("refused"))["code"] == "voice.turn"
            await placed(north)
            await until(lambda: south.node.calling.is_open(SESSION))
            (call,) = calls.calls(north.node, north["edda"], "leaders")
            await write(ruth, "a recorder only reads")
            assert (await ruth.hear("refused"))["code"] == "people.right"
            await write(edda, "another call", session="6f" * 16)
            assert (await edda.hear("refused"))["code"] == "voice.turn"
            await write(edda, "a\u202eb")
            assert (await edda.hear("refused"))["code"] == "codec.text"
            await write(edda, "good")
            await reads(samira, "good")
            await channels.set_members(north.node, north["edda"], channel="leaders", persons=("tomas",))
            await write(edda, "no member any more")
            assert (await edda.hear("refused"))["code"] == "people.member"
            await edda.say("follow", channel="leaders")
            assert (await edda.hear("refused"))["code"] == "people.member"
            await calls.hang_up(north.node, north["tomas"], "leaders", call.subject)
            tomas = await at_call(here, "tomas")
            await write(tomas, "too late")
            assert (await tomas.hear("refused"))["code"] == "voice.turn"
            await samira.say("beat", at=1)
            await samira.hear("beat")
            assert {word["text"] for word in samira.words if word["told"] == "text"} <= {"good", ""}

    asyncio.run(story())


def test_nothing_of_it_is_stored_or_signed() -> None:
    """DESIGN 6: without an agreement nothing signed depends on what was written; nor does a log or an event."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await at_call(here, "edda"), await at_call(there, "samira")
            await placed(north)
            await until(lambda: south.node.calling.is_open(SESSION))
            await write(edda, CANARY)
            await write(edda, CANARY, "text-line")
            await reads(samira, CANARY, "text-line")
            (call,) = calls.calls(north.node, north["edda"], "leaders")
            await calls.hang_up(north.node, north["edda"], "leaders", call.subject)
            await until(lambda: not south.node.calling.is_open(SESSION))
            for side in (north, south):
                store = side.node.store
                leaves = [leaf for log in store.logs() for leaf in store.leaves(log, 0, store.size(log))]
                assert leaves and not any(CANARY.encode() in leaf for leaf in leaves)
                assert not any(CANARY.encode() in value for _, value in store.values("fault", count=50))
            assert not [word for word in (await joins(here, "tomas")).words if word.get("text") == CANARY]

    async def joins(room: Room, person: str) -> Page:
        page = await at_call(room, person)
        await page.say("beat", at=1)
        await page.hear("beat")
        return page

    asyncio.run(story())


def test_words_that_came_before_their_call_come_again_a_second_later() -> None:
    """A line pasted as the call is placed: its signal may overtake the entry that says there is a call."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await at_call(here, "edda"), await at_call(there, "samira")
            await placed(north)
            await until(lambda: south.node.calling.is_open(SESSION))
            sent, signal = list[tuple[str, float]](), north.node.signal

            def spy(name: str, *rest: object) -> None:
                sent.append((name, north.node.now()))
                signal(name, *rest)  # type: ignore[arg-type]

            north.node.signal = spy  # type: ignore[assignment]
            await write(edda, "pasted")
            await until(lambda: len(sent) == 2)
            assert [name for name, _ in sent] == ["text", "text"]
            assert sent[1][1] - sent[0][1] >= texting.WHOLE_S
            await reads(samira, "pasted")

    asyncio.run(story())


def test_what_is_written_while_no_link_is_up_is_there_when_one_is() -> None:
    """A cut of some seconds costs a reader time, not words."""

    async def story() -> None:
        cable = CutProxy(("127.0.0.1", 0))
        async with talking(cable=cable) as (north, south), served(north, south) as (here, there):
            edda, samira = await at_call(here, "edda"), await at_call(there, "samira")
            await placed(north)
            await until(lambda: south.node.calling.is_open(SESSION))
            await write(edda, "before")
            await reads(samira, "before")
            await cable.cut()
            await until(lambda: not north.node.status().line_up)
            await write(edda, "while it was down", "text-line")
            await write(edda, "and on")
            await edda.say("beat", at=1)
            await edda.hear("beat")  # the room has read both while no link was up
            await cable.heal()
            await reads(samira, "while it was down", "text-line")
            await reads(samira, "and on")

    asyncio.run(story())


WRONG: list[dict[str, object]] = [
    {}, {"text": 1}, {"text": "x" * (2 * limits.TEXT_CHARS_MAX + 1)}, {"text": "a", "more": 1}, {"session": "5e"},
    {"channel": "No"},
]  # fmt: skip


def test_a_page_that_sends_what_is_no_text_is_closed() -> None:
    """Strict reading: a page that is wrong about one thing is not ours."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (here,):
            for wrong in WRONG:
                page = await here.page("edda")
                plain = {"say": "text", "channel": "leaders", "session": SESSION}
                await page.socket.send_str(json.dumps({**plain, **wrong}))
                await page.closed()
                assert page.socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION

    asyncio.run(story())


# --- a hostile node -----------------------------------------------------------------------------------------------


def send(north: Side, person: str = "edda", session: str = SESSION, stream: int = 7, **fields: object) -> None:
    """Be a North that says what it likes."""
    writer = Writer("leaders", session, person, stream).fields()
    whole: dict[str, Any] = {"edit": 1, "line": 0, "text": CANARY, "before": []}
    north.node.signal("text", 10_000, writer | whole | fields)


async def attacked(attack: Callable[[Side], None], code: str, *, placed_first: bool = True) -> None:
    async with talking() as (north, south), served(north, south) as (_, there):
        samira = await there.on_watch("samira", "leaders")
        if placed_first:
            await placed(north)
            await until(lambda: south.node.calling.is_open(SESSION))
        attack(north)
        await until(lambda: code in faults(south))
        assert CANARY.encode() not in b"".join(value for _, value in south.node.store.values("fault", count=10))
        await samira.say("beat", at=1)
        await samira.hear("beat")
        told = [word for word in samira.words if word["told"] in ("text", "text-line")]
        assert not told if code == "line.text-turn" else len(told) <= limits.TEXT_BURST + 50


def test_a_peer_that_writes_out_of_turn_is_not_shown_and_named() -> None:
    """No call, or somebody not on their roster."""

    def stranger(north: Side) -> None:
        for number in range(limits.TEXT_STRAY_MAX):
            send(north, "nobody", edit=number + 1)

    def no_call(north: Side) -> None:
        for number in range(limits.TEXT_STRAY_MAX):
            send(north, edit=number + 1)

    asyncio.run(attacked(stranger, "line.text-turn"))
    asyncio.run(attacked(no_call, "line.text-turn", placed_first=False))


def test_a_peer_that_floods_is_cut_and_named() -> None:
    """Each signal goes on to every page: a desk must not be drowned by one writer."""

    def flood(north: Side) -> None:
        for number in range(limits.TEXT_OVER_MAX + int(limits.TEXT_BURST) + 50):  # the rate lets the 50 through at most
            send(north, edit=number + 1, text=f"{number}")

    asyncio.run(attacked(flood, "line.text-flood"))


def test_a_peer_that_sends_what_has_no_form_loses_the_link() -> None:
    """Likewise one that goes back to a finished line, and one whose stream changes hands."""
    for wrong in ({"text": "a\nb"}, {"line": -1}, {"more": 1}, {"before": ["x"]}):

        async def story(wrong: dict[str, Any] = wrong) -> None:
            async with talking() as (north, south):
                await placed(north)
                await until(lambda: south.node.calling.is_open(SESSION))
                await until(lambda: south.node.status().line_up)
                seen = south.node.subscribe()
                send(north, **wrong)
                async for event in seen:
                    if event.kind == "link" and not event.fields["up"]:
                        assert event.fields["code"] in ("line.text", "codec.field")
                        return

        asyncio.run(story())


def test_a_desk_on_watch_of_the_channel_reads_on_any_of_its_pages() -> None:
    """Who has not opened the call's page yet must not wonder why nobody says anything."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            elsewhere = await there.page("rafael")
            await lift(edda)
            await until(lambda: south.node.calling.is_open(SESSION))
            await write(edda, "Can you hear me?")
            await reads(samira, "Can you hear me?")
            await elsewhere.say("beat", at=1)
            await elsewhere.hear("beat")
            assert not [word for word in elsewhere.words if word["told"] == "text"]

    asyncio.run(story())


def test_a_pen_begins_with_a_whole_state() -> None:
    """Their node knows nothing of a stream before: an edit has nothing to stand upon."""
    pen = Pen()
    pen.write("a")
    assert pen.edit() == pen._whole


def test_finished_lines_are_kept_by_both_once_both_agreed_and_until_either_ends_it() -> None:
    """Kept or not by the choice of both; what was written before the yes is nowhere."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await at_call(here, "edda"), await at_call(there, "samira")
            await placed(north)
            await until(lambda: south.node.calling.is_open(SESSION))
            (call,) = calls.calls(south.node, south["samira"], "leaders")
            await calls.answer(south.node, south["samira"], "leaders", call.subject)

            def row(side: Side, who: str) -> CallRow:
                return calls.calls(side.node, side[who], "leaders")[0]

            def state(side: Side, who: str) -> str:
                return row(side, who).agreements[0].state

            async def settle(side: Side, who: str, act: str) -> None:
                await agreeing.settle(side.node, side[who], "leaders", call.subject, "text", act)

            await until(lambda: row(north, "edda").state == "active")
            await write(edda, "before", "text-line")
            await reads(samira, "before", "text-line")
            assert row(north, "edda").agreements[0].may == {"ask"}
            with pytest.raises(Refused) as refused:
                await settle(south, "samira", "agree")
            assert refused.value.code == "calls.agreement"
            await settle(north, "edda", "ask")
            assert row(north, "edda").agreements[0].may == {"stop"}
            await until(lambda: state(south, "samira") == "asked")
            assert row(south, "samira").agreements[0].may == {"agree", "decline"}
            await settle(south, "samira", "agree")
            await until(lambda: state(north, "edda") == state(south, "samira") == "running")
            await write(edda, "Stop.", "text-line")
            await write(samira, "We have stopped.", "text-line")
            tomas = await at_call(here, "tomas")
            for text in ("I", "I am", "I am here"):  # the first joins, the next do not wait for it
                await write(tomas, text)
            await write(tomas, "I am here, too.", "text-line")
            kept = ["I am here, too.", "Stop.", "We have stopped."]
            for side, who in ((north, "edda"), (south, "samira")):
                await until(lambda side=side, who=who: sorted(one.text for one in row(side, who).kept) == kept)
            assert not [word for word in tomas.words if word["told"] == "refused"]
            assert {one.name for one in row(south, "samira").there} == {"Edda", "Samira", "Tomas"}
            await settle(south, "rafael", "stop")
            await until(lambda: state(north, "edda") == "stopped")
            await write(edda, "after", "text-line")
            await reads(samira, "after", "text-line")
            assert len(row(north, "edda").kept) == 3

    asyncio.run(story())
