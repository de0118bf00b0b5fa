"""The live watch with receivers that really send: a warning, one key, and a first report with both tracks in it."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect
from pyais import encode_dict
from tests.actions.pair import until
from tests.browser.desks import free_port, play, two_desks
from tests.browser.test_watch import ready

from parley.live import Rules
from parley.node.feed_settings import FeedSetting
from parley.node.feeds import Feeds
from parley.node.node import Node

pytestmark = pytest.mark.browser
LAT, LON = 54.5, 18.25
NEARER = 0.0009  # degrees of longitude a second: 120 knots here


def ship(second: int) -> bytes:
    """Give a frigate that steams north at 12 knots."""
    told = {"type": 1, "mmsi": 211234560, "lat": LAT + second * 5.5e-5, "lon": LON, "course": 0, "speed": 12}
    return encode_dict(told, radio_channel="A", talker_id="AI")[0].encode() + b"\r\n"


def aircraft(second: int) -> bytes:
    """Give an aircraft 400 feet up that comes in from the east."""
    now = datetime.now(UTC).strftime("%Y/%m/%d,%H:%M:%S.%f")[:-3]
    lon = LON + 0.12 - second * NEARER
    place = f"MSG,3,1,1,4CA2BF,1,{now},{now},RED24,400,,,{LAT:.5f},{lon:.5f},,,0,0,0,0\r\n"
    return (place + f"MSG,4,1,1,4CA2BF,1,{now},{now},RED24,,120,270,,,0,,0,0,0,0\r\n").encode()


@asynccontextmanager
async def receivers(node: Node) -> AsyncIterator[None]:
    """Let a node hear a mast over TCP and a roof over UDP, one report a second of each."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", 0)
    mast, roof = server.sockets[0].getsockname()[1], free_port()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    async def send() -> None:
        for second in range(600):
            for writer in writers:
                writer.write(ship(second))
            udp.sendto(aircraft(second), ("127.0.0.1", roof))
            await asyncio.sleep(1)

    settings = [
        FeedSetting(name="mast", form="ais", by="tcp", host="127.0.0.1", port=mast),
        FeedSetting(name="roof", form="sbs", by="udp", host="127.0.0.1", port=roof),
    ]
    node.feeds = Feeds(node, settings, Rules())
    node.feeds.start()
    sending = asyncio.create_task(send())
    try:
        yield
    finally:
        sending.cancel()
        await node.feeds.stop()
        for writer in writers:
            writer.close()
        server.close()
        udp.close()


def test_one_key_makes_a_first_report_with_the_tracks_that_two_receivers_heard() -> None:
    """The officer sees two come close, presses a key, says what happened; the other side has it with both tracks."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None and south.side_at is not None
            async with receivers(north.side_at.node):
                edda = await north.sign_in(browser, "edda")
                await ready(edda)
                await edda.keyboard.press("g")
                await edda.keyboard.press("k")
                await edda.wait_for_url(re.compile("/live-watch"))
                await ready(edda)
                await expect(edda.locator("main")).to_contain_text("RED24", timeout=15_000)
                await edda.wait_for_timeout(4_000)  # so that there is a track
                await edda.keyboard.press("Shift+R")
                await expect(edda.get_by_role("link", name="Write the first report")).to_be_visible()
                await edda.keyboard.press("n")
                await edda.wait_for_url(re.compile("/incidents/new"))
                await ready(edda)
                await expect(edda.locator("#i-place")).to_have_value(re.compile(r"^54°30\.\d\d′N 018°\d\d\.\d\d′E$"))
                await edda.locator("#i-what").fill("An aircraft comes straight at us.")
                await edda.get_by_role("button", name="Report it now").press("Enter")
                await edda.wait_for_url(re.compile("/incidents/line/north/"))
            path = edda.url.removeprefix(north.origin)
            samira = await south.sign_in(browser, "samira", at="")
            await until(lambda: south.side_at.node.book.view("line", "incident/" + path.partition("/line/")[2]))  # type: ignore[union-attr]
            await samira.goto(south.origin + path)
            for page in (edda, samira):
                await expect(page.locator("main")).to_contain_text("All tracks (2)", timeout=15_000)
                for source in ("North · mast", "North · roof"):
                    await expect(page.locator("main")).to_contain_text(source)
            href = await samira.locator(".evidence a", has_text="Save").get_attribute("href")
            kept = await samira.evaluate("async (at) => (await fetch(at)).text()", href)
            assert re.search(r"icao-4CA2BF,RED24,aircraft,[^\n]*,121\.92,", kept), kept
            assert [one for one in north.troubles + south.troubles if "AudioContext" not in one] == []

    play(story())
