"""The direct connection: who may have one, what it takes, when a desk counts as on watch, and when it ends."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from tests.actions.pair import talking, until
from tests.desk.sitting import served

from parley import limits
from parley.actions import calls, channels, people
from parley.desk.pages.direct import Outbox
from parley.node import desks
from parley.times import Instant


def test_a_desk_is_on_watch_while_its_page_is_alive_and_not_longer() -> None:
    """A laptop that was shut must not count as somebody who will answer: an open socket proves nothing."""
    now = Instant(100.0)
    open_desks = desks.Desks(lambda: now)
    desk = open_desks.open("edda", None)  # type: ignore[arg-type]  # nobody is told anything here
    open_desks.watch(desk, ["leaders"])

    now = Instant(100.0 + desks.STALE_S)
    assert open_desks.on_watch("leaders") == [desk]
    now = Instant(100.1 + desks.STALE_S)
    assert open_desks.on_watch("leaders") == []
    open_desks.beat(desk)
    assert open_desks.on_watch("leaders") == [desk]
    open_desks.close(desk)
    assert open_desks.on_watch("leaders") == [] == open_desks.everyone()


def test_a_page_says_what_it_is_on_watch_of_and_leaves_with_its_socket() -> None:
    """What rings and sounds where hangs on this one list."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (room,):
            page = await room.on_watch("edda", "leaders")
            (desk,) = north.node.desks.on_watch("leaders")
            assert desk.person == "edda"
            await page.say("beat", at=17)
            assert (await page.hear("beat"))["at"] == 17
            await page.socket.close()
            await until(lambda: north.node.desks.everyone() == [])
            assert north.node.desks.on_watch("leaders") == []

    asyncio.run(story())


def test_nobody_is_on_watch_of_a_channel_they_do_not_belong_to() -> None:
    """Being on watch means hearing all that is said there."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (room,):
            await channels.set_members(north.node, north["edda"], channel="leaders", persons=("tomas",))
            page = await room.page("edda")
            await page.say("watch", channels=["leaders"])
            refused = await page.hear("refused")
            assert (refused["say"], refused["code"]) == ("watch", "people.member")
            assert north.node.desks.on_watch("leaders") == []

    asyncio.run(story())


def test_a_page_that_opens_during_a_call_is_told_what_is_known_of_it_already() -> None:
    """Whoever calls and turns to another page, or whose node was killed, must not wonder again whether it rings."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            samira = await there.on_watch("samira", "leaders")
            await calls.lift(north.node, north["edda"], "leaders")
            call = await samira.hear("call")
            await samira.say("rings", channel="leaders", session=call["session"], subject=call["subject"])
            await until(lambda: north.node.lifting.theirs_ring(call["session"]) is not None)
            edda = await here.on_watch("edda", "leaders")
            told = [word["desks"] for word in edda.words if word["told"] == "ringing"]
            assert told[:1] == [north.node.lifting.theirs_ring(call["session"])]

    asyncio.run(story())


def test_a_disabled_persons_connection_is_closed_at_once() -> None:
    """ASVS 7.4.2, for the one page that could still be listening: without waiting for its next message."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (room,):
            page = await room.on_watch("edda", "leaders")
            other = await room.on_watch("tomas", "leaders")
            await people.disable(north.node, north["admin"], "edda")
            assert await page.closed() == "the session ended"
            await other.say("beat", at=1)
            assert (await other.hear("beat"))["at"] == 1

    asyncio.run(story())


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", ""])
def test_no_page_of_another_origin_is_let_in(origin: str) -> None:
    """ASVS 4.4.2: a WebSocket is not bound by CORS, and this one carries a microphone."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (room,):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await room.page("edda", Origin=origin)

    asyncio.run(story())


WRONG = [
    "", "17", "[]", "{}", '{"say":17}', '{"say":"nothing of ours"}', '{"say":"beat"}', '{"say":"beat","at":-1}',
    '{"say":"beat","at":1,"more":2}', '{"say":"beat","at":1.5}', '{"say":"beat","at":NaN}', '{"say":"watch"}',
    '{"say":"watch","channels":[1]}', "[" * 4000,
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_no_page_of_ours_says_ends_the_connection(text: str) -> None:
    """Strict reading: a page that is wrong about one thing is not ours, or not whole."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (room,):
            page = await room.page("edda")
            await page.socket.send_str(text)
            await page.closed()
            assert page.socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION
            assert north.node.status().line_up

    asyncio.run(story())


def test_a_page_that_floods_or_sends_too_much_is_closed() -> None:
    """ASVS 17.3.1: each message costs the node a look at the session; ten thousand a second would starve the watch."""

    async def story() -> None:
        async with talking() as (north, _), served(north) as (room,):
            page = await room.page("edda")
            for _ in range(int(limits.DIRECT_BURST) + 100):
                await page.say("beat", at=1)
            assert "messages a second" in await page.closed()
            page = await room.page("edda")
            await page.socket.send_str("x" * (limits.DIRECT_TEXT_BYTES_MAX + 1))
            await page.closed()
            assert page.socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG

    asyncio.run(story())


def test_what_waits_for_a_page_is_bounded_and_the_newest_sound_wins() -> None:
    """A desk on a bad network must not fill the node's memory, nor hear this minute what was said in the last."""

    async def story() -> None:
        outbox = Outbox()
        for number in range(limits.DESK_SOUND_FRAMES_MAX + 10):
            outbox.sound(number.to_bytes(2, "big"))
        assert outbox.dropped == 10
        assert outbox._sound[-1][1] == (limits.DESK_SOUND_FRAMES_MAX + 9).to_bytes(2, "big")
        assert not outbox.behind.is_set()
        for _ in range(limits.DESK_TEXTS_MAX + 1):
            outbox.tell({"told": "x"})
        assert outbox.behind.is_set()

    asyncio.run(story())
