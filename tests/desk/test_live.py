"""The live connection: hints without content, a beat, and an end with the session."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from tests.actions.pair import talking
from tests.desk.browsing import SIGNED_IN, Browser, browsing

from parley.actions import messages
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.desk import hints
from parley.desk.hints import hints_of
from parley.desk.pages import live
from parley.desk.port import Hint

HEADERS = SIGNED_IN | {"Host": "north.localhost", "Origin": "http://north.localhost"}


async def heard(socket: aiohttp.ClientWebSocketResponse, name: str) -> dict[str, Any]:
    """Give the next word of that kind."""
    while True:
        told = json.loads((await socket.receive(timeout=5)).data)
        if name in told:
            return dict(told)


def follow(browser: Browser, **headers: str) -> Any:
    return browser.client.ws_connect(browser.base + "/live", headers=HEADERS | headers)


def test_a_page_hears_the_beat_at_once_and_hints_without_content() -> None:
    """The beat proves that the node is there; a hint only says where to look, with one's own rights."""

    async def story() -> None:
        async with browsing() as browser, follow(browser) as socket:
            beat = await heard(socket, "beat")
            assert beat["up"] is True
            assert beat["links"][0][0] == "sea-cable"
            browser.samples.tell(Hint(topic="channel", channel="duty", urgent="FLASH"))
            assert await heard(socket, "topic") == {"topic": "channel:duty", "urgent": "FLASH", "channel": "duty"}

    asyncio.run(story())


def test_a_flood_of_events_is_one_hint_and_the_most_urgent_counts() -> None:
    """Catching up after an hour brings thousands of entries; the page must ask once, and still ring for the FLASH."""

    async def story() -> None:
        async with browsing() as browser, follow(browser) as socket:
            await heard(socket, "beat")
            for urgent in ("", "ROUTINE", "FLASH", *([""] * 90)):
                browser.samples.tell(Hint(topic="channel", channel="duty", urgent=urgent))
            browser.samples.tell(Hint(topic="line"))
            told = [await heard(socket, "topic")]
            while told[-1]["topic"] != "line":
                told.append(await heard(socket, "topic"))
            assert len(told) <= 4
            assert "FLASH" in [one["urgent"] for one in told]

    asyncio.run(story())


def test_the_connection_ends_with_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """ASVS 7.4.2: closing an account ends every session at once, the open pages with them."""
    monkeypatch.setattr(live, "BEAT_S", 0.02)

    async def story() -> None:
        async with browsing() as browser, follow(browser) as socket:
            await heard(socket, "beat")
            browser.samples.sessions.clear()
            while (word := await socket.receive(timeout=5)).type is aiohttp.WSMsgType.TEXT:
                pass
            assert word.type is aiohttp.WSMsgType.CLOSE
            assert socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION

    asyncio.run(story())


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "http://south.localhost", "null", ""])
def test_no_other_origin_may_follow(origin: str) -> None:
    """A WebSocket is not bound by CORS: only the Origin tells whose page it is."""

    async def story() -> None:
        async with browsing() as browser:
            headers = {name: value for name, value in (HEADERS | {"Origin": origin}).items() if value}
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await browser.client.ws_connect(browser.base + "/live", headers=headers)

    asyncio.run(story())


def test_a_burst_costs_a_page_one_look_and_tells_only_of_what_its_person_may_read() -> None:
    """Five hundred pages and a hundred events a second: a look for each of both kept the last page waiting for 2 s."""

    async def story() -> None:
        async with talking() as (north, _):
            looks: dict[str, int] = {}

            async def told(person: str) -> set[str]:
                def who() -> Who:
                    looks[person] = looks.get(person, 0) + 1
                    return north[person]

                async with hints.follow(north.node, who) as following:
                    await messages.send_message(north.node, north["edda"], Words(
                        channel="leaders", text="All quiet.", language="en", precedence="ROUTINE",
                    ))  # fmt: skip
                    for _ in range(300):
                        north.node.tell("draft", {"channel": ""})
                    found = {(await anext(following)).topic}
                    while "drafts" not in found:
                        found.add((await anext(following)).topic)
                    return found

            assert await told("edda") >= {"channel", "drafts"}  # and perhaps how the channel was agreed, just before
            assert "channel" not in await told("admin")  # an administrator reads no channel
            assert max(looks.values()) <= 2

    asyncio.run(story())


def test_each_event_of_the_node_says_what_to_ask_again() -> None:
    """An event without a hint would leave a page wrong until its next reload."""

    def event(kind: str, channel: str = "", /, **fields: object) -> dict[str, Any]:
        return {"kind": kind, "channel": channel, "subject": "", "fields": fields}

    sent = event("entry", "duty", kind="message.sent", ours=False, precedence="FLASH")
    assert hints_of(sent) == (Hint(topic="channel", channel="duty", urgent="FLASH"),)
    assert hints_of(event("entry", "duty", kind="message.sent", ours=True, precedence="FLASH"))[0].urgent == ""
    assert hints_of(event("entry", "duty", kind="message.shown", ours=False))[0].urgent == ""
    assert hints_of(event("ahead", "duty", kind="message.sent", precedence="FLASH"))[0].urgent == "FLASH"
    assert hints_of(event("ahead", "duty", precedence="FLASH"))[0].urgent == "FLASH"
    report = event("entry", "line", kind="incident.reported", ours=False, precedence="FLASH")
    assert hints_of(report)[0] == Hint(topic="line", urgent="INCIDENT")
    assert hints_of(event("ahead", "duty", kind="incident.reported", precedence="FLASH"))[0].urgent == "INCIDENT"
    assert hints_of(event("entry", "duty", kind="incident.reported", ours=True, precedence="FLASH"))[0].urgent == ""
    assert hints_of(event("ahead", "line", kind="stop.raised", precedence="FLASH"))[0].urgent == ""
    assert hints_of(event("stop", "line", code="raised")) == (Hint(topic="stops", channel="line"),)
    assert hints_of(event("held", "duty")) == (Hint(topic="channel", channel="duty"),)
    assert {one.topic for one in hints_of(event("entry", "line", kind="channel.agreed"))} == {"line", "channels"}
    assert hints_of(event("draft", "", channel="duty"))[0].topic == "drafts"
    assert hints_of(event("reload"))[0].topic == "all"
    for kind in ("link", "watch", "store", "gap", "fault"):
        assert hints_of(event(kind)) == (Hint(topic="line"),)
