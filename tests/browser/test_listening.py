"""What a desk listens to, by what its loudspeaker really plays: the floor in full, or under an interpreter."""

from __future__ import annotations

import asyncio
import struct
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.actions.pair import talking, until
from tests.browser.test_voice import NOW, at_desk, lift
from tests.desk.sitting import Page as Sitting
from tests.desk.sitting import served
from tests.node.test_voice import spoken

from parley.cli import sounding
from parley.cli.chromium import Page

pytestmark = pytest.mark.browser


CHOOSE = """(() => {
  const choice = document.getElementById("handset-listen");
  choice.append(new Option("zh", "zh"));
  choice.value = "zh";
  choice.dispatchEvent(new Event("change"));
})()"""


async def loudness(page: Page, since: float, to: float) -> float:
    """Give how loud the louder blocks were that the loudspeaker played between two moments.

    Not the mean: on a busy machine frames are missing and filled, fading, and that is not what is asked here.
    """
    tap = (await sounding.take(page))["loudspeaker"]
    starts = range(tap.at(since), tap.at(to) - sounding.BLOCK, sounding.BLOCK)
    levels = sorted(sum(abs(one) for one in tap.samples[at : at + sounding.BLOCK]) / sounding.BLOCK for at in starts)
    return levels[len(levels) * 4 // 5]


async def murmur(page: Sitting) -> None:
    """Interpret, hardly louder than a quiet room, frame after frame."""
    for number in range(10_000):
        await page.socket.send_bytes(
            spoken(number, struct.pack("<h", 12) * 160 + struct.pack("<h", -12) * 160, codec=2)
        )
        await asyncio.sleep(0.02)


@pytest.mark.long
def test_the_floor_is_heard_in_full_until_somebody_interprets_and_quietly_under_them(tmp_path: Path) -> None:
    """Who listens to a language must miss nothing while nobody speaks it, and hear its interpreter when one does.

    An interpreter whose microphone was pulled out left the floor at a fifth, or at nothing, and no word in its place.
    """

    async def story() -> None:
        async with talking() as (north, south), served(north) as (here,), AsyncExitStack() as stack:
            await north.add("ines", "Ines", "interpreter")
            file = tmp_path / "edda.wav"
            sounding.write_microphone(file, 4)
            edda = await stack.enter_async_context(at_desk(north, "edda", file))
            samira = await stack.enter_async_context(at_desk(south, "samira", file))
            for page in (edda, samira):
                await sounding.install(page)

            async def floor() -> float:
                began, ended = await lift(edda, 1.2)
                await samira.until(f"{NOW} > {ended + 400}")
                return await loudness(samira, began + 400, ended)

            in_full = await floor()
            await samira.run(CHOOSE)
            nobody = await floor()
            ines = await here.on_watch("ines", "leaders")
            session = next(iter(south.node.calling._open))
            await until(lambda: south.node.book.view("line", "roster/north/ines") is not None)
            await ines.say("interpret", channel="leaders", session=session, **{"from": "en", "to": "zh", "via": ""})
            await ines.hear("interpreter")
            await until(lambda: south.node.interpreting.sides(session))
            silent = await floor()  # at the microphone, and not a sound: it is pulled out, or the key is up
            await ines.say("lift", channel="leaders", session=session, precedence="IMMEDIATE", language="zh")
            await ines.hear("lifted")
            speaks = asyncio.create_task(murmur(ines))
            await samira.until(f"{NOW} > {await samira.run(NOW)} + 600")
            under = await floor()
            speaks.cancel()
            await samira.until(f"{NOW} > {await samira.run(NOW)} + 5000")
            over = await floor()
            assert in_full > 200
            for level in (nobody, silent, over):
                assert 0.6 < level / in_full < 1.6
            assert 0.08 < under / in_full < 0.4  # a fifth, as the handset says until somebody moves it
            stored = await samira.run("JSON.parse(localStorage.getItem('parley-sound')).listen")
            assert stored == "zh"  # chosen once

    asyncio.run(story())
