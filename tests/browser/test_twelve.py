"""Twelve in a call at one desk: their names leave the page its room, and who is one too many is told so."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking, until
from tests.browser.talkers import catalogue
from tests.browser.test_calls import CALL
from tests.browser.test_voice import STATE, at_desk

from parley import limits
from parley.actions import calls
from parley.cli import sounding
from parley.subjects.calls import CallView

pytestmark = pytest.mark.browser
LONG = (
    "Wilhelmina Konstantinopoulou-Featherstonehaugh", "عبد الرحمن بن عبد العزيز آل الشيخ الأنصاري", "欧阳修远",
    "Александра Константиновна Преображенская-Долгорукова", "María de los Ángeles Fernández-Villaverde y Ruiz",
)  # fmt: skip
HIGH = "document.getElementById('handset').getBoundingClientRect().height"


async def twelve(north: Side, south: Side) -> CallView:
    """Let Edda call, Rafael answer, and five more of each side join."""
    await calls.lift(north.node, north["edda"], "leaders")
    await until(lambda: calls.calls_now(south.node, south["rafael"]))
    (row,) = calls.calls_now(south.node, south["rafael"])
    await calls.answer(south.node, south["rafael"], "leaders", row.subject)
    await until(lambda: calls.calls_now(north.node, north["edda"])[0].state == "active")
    for side in (north, south):
        for number, name in enumerate(LONG):
            await side.add(f"long{number}", name, "duty-officer")
            await calls.join(side.node, side[f"long{number}"], "leaders", row.subject)

    def now() -> CallView:
        return calls.call_view(south.node, "leaders", row.subject)

    await until(lambda: len(now().there) == limits.CALL_PERSONS_MAX)
    return now()


def test_twelve_long_names_leave_the_page_its_room_and_the_thirteenth_is_told_so(tmp_path: Path) -> None:
    """At 320 px their names covered all of the page, and whoever found no way in was not told why, or in English."""

    async def story() -> None:
        file = tmp_path / "samira.wav"
        sounding.write_microphone(file, 3)
        async with talking() as (north, south), at_desk(south, "samira", file) as page:
            call = await twelve(north, south)
            view = "watch=on&language=ar&sound=off"
            await page.do("Network.setCookie", name="parley-view", value=view, url=page.origin)
            size = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": False}
            await page.do("Emulation.setDeviceMetricsOverride", **size)
            await page.go(CALL)
            await page.until(f"{STATE} === 'ready'")
            await page.until("document.querySelector('[data-full]')?.textContent.includes('12')")
            (desk,) = south.node.desks.on_watch("leaders")
            for stream, (side, person) in enumerate(call.there):
                name, office = south.node.person_shown(side, person)
                desk.sink.tell({
                    "told": "speaking", "channel": "leaders", "session": call.session, "stream": stream, "name": name,
                    "office": office, "ours": side == "south", "person": person, "language": "",
                })  # fmt: skip
            await page.until("document.querySelectorAll('#handset-voices li').length === 12")
            assert "North" in await page.run("document.querySelector('#handset-voices li').textContent")
            assert await page.run(HIGH) <= 640 / 2
            assert await page.run("document.getElementById('handset-voices').tabIndex") == 0  # the rest is scrolled to
            assert await page.run("document.documentElement.scrollWidth <= innerWidth")
            await page.run("document.getElementById('handset-latch').click()")
            refused = str(catalogue("ar")["error.calls.full"])
            await page.until(f"document.getElementById('handset-call').textContent === {refused!r}")
            await page.until(f"{STATE} === 'ready'")
            assert not await page.run("document.getElementById('handset-latch').checked")  # it is not open

            await calls.leave(north.node, north["long0"], "leaders", call.subject)  # his place is free
            await page.until("document.querySelector('[data-full]') === null")
            await page.until("document.querySelectorAll('#handset-voices li').length === 11")  # he is named no more
            await page.until("document.querySelector('form[action$=\"/join\"]') !== null")
            await page.run("document.getElementById('handset-latch').click()")
            await until(lambda: ("south", "samira") in calls.call_view(north.node, "leaders", call.subject).there)
            leave = "document.querySelector('form[action$=\"/leave\"] button')"
            await page.until(f"{leave} !== null")
            await page.run(f"{leave}.click()")
            await until(lambda: ("south", "samira") not in calls.call_view(north.node, "leaders", call.subject).there)
            await page.until(f"{STATE} === 'ready'")

    asyncio.run(story())
