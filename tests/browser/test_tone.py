"""The tone test between two real browsers: the tone goes the whole way, and a person says how it was heard."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.actions.pair import talking, until
from tests.browser.test_voice import at_desk, lift
from tests.node.test_recording import now

from parley.actions import calls
from parley.cli import sounding
from parley.cli.chromium import Page

pytestmark = pytest.mark.browser


def strength(samples: list[float], hz: float) -> float:
    """Give how strong one pitch is in a short part of what the loudspeaker played, against all there is."""
    turn = 2 * math.pi * hz / sounding.RATE
    a = sum(one * math.cos(turn * at) for at, one in enumerate(samples))
    b = sum(one * math.sin(turn * at) for at, one in enumerate(samples))
    return 2 * (a * a + b * b) / len(samples) / (sum(one * one for one in samples) or 1)


async def both_pitches(page: Page) -> None:
    """Wait until a good part of each pitch has come out of the page's loudspeaker; a busy machine may lose some."""
    # 10 ms: the playout follows the other clock by up to 1 %, which in 50 ms turns 1,600 Hz by most of a period.
    step, end = sounding.RATE // 100, time.monotonic() + 30
    found = {400: 0, 1600: 0}  # the tap hears up to 4 kHz
    while min(found.values()) < 20:
        assert time.monotonic() < end, found
        heard = (await sounding.take(page))["loudspeaker"].samples
        for hz in found:
            parts = [strength(heard[at : at + step], hz) for at in range(0, len(heard) - step, step)]
            found[hz] = sum(one > 0.7 for one in parts)


@pytest.mark.long
def test_the_tone_is_sent_in_the_call_heard_there_and_confirmed_by_name(tmp_path: Path) -> None:
    """DOMAIN: a loop test with a tone, heard and confirmed by a person once a shift; a lamp alone proves no ear."""

    async def story() -> None:
        async with talking() as (north, south), AsyncExitStack() as stack:
            pages = []
            for side, person in ((north, "edda"), (south, "samira")):
                sounding.write_microphone(tmp_path / f"{person}.wav", len(person))
                pages.append(await stack.enter_async_context(at_desk(side, person, tmp_path / f"{person}.wav")))
            edda, samira = pages
            await lift(edda, 0.5)
            await until(lambda: calls.calls(south.node, south["samira"], "leaders"))
            await lift(samira, 0.5)
            await until(lambda: now(north, "edda").state == "active")
            for page in pages:
                await page.go("/channels/leaders/call")
                await page.until("document.getElementById('handset').dataset.state === 'ready'")
                missing = "document.querySelectorAll('#tone-now .missing').length"
                assert await page.run(missing) == 2
            await sounding.install(samira)
            await edda.run("document.querySelector('[data-tone] button').click()")
            await samira.until("document.querySelector('form[action$=tone-heard]') !== null")
            await until(lambda: len(now(south, "samira").tones) == 1)
            await both_pitches(samira)  # the question is there while the tone still sounds
            await samira.run("document.querySelector('button[name=heard][value=badly]').click()")
            await until(lambda: [one.heard for one in now(north, "edda").tones] == ["badly"])
            await edda.until("document.querySelector('#tone-now').textContent.includes('Badly')")
            assert "Samira" in await edda.run("document.querySelector('#tone-now').textContent")
            assert await edda.run("document.querySelectorAll('#tone-now .missing').length") == 2  # badly is not well
            await samira.until("document.querySelector('form[action$=tone-heard]') === null")

    asyncio.run(story())
