"""A recorded call in two real browsers: the lamp at both, and what was kept is heard again."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.actions.pair import talking, until
from tests.browser.test_voice import at_desk, lift
from tests.node.test_recording import now, only

from parley.actions import recordings
from parley.cli import sounding
from parley.cli.chromium import Page

pytestmark = pytest.mark.browser
WITHOUT = "delete globalThis.AudioEncoder"
LAMP = "!document.getElementById('handset-recording').hidden"
ALERT = "document.querySelector('[data-alert=recording]') !== null"
SAID = "document.getElementById('say-now').textContent"


async def play(page: Page, number: int) -> dict[str, float]:
    """Play one voice of the page and give how long it is and how loud it was."""
    await page.run(f"window.audio = document.querySelectorAll('audio')[{number}]; 0")
    await page.run(
        "(async () => { const context = new AudioContext(); const from = context.createMediaElementSource(audio);"
        " window.ear = context.createAnalyser(); ear.fftSize = 2048; from.connect(ear); window.loudest = 0;"
        " window.timer = setInterval(() => { const heard = new Float32Array(2048); ear.getFloatTimeDomainData(heard);"
        " window.loudest = Math.max(window.loudest, ...heard.map(Math.abs)); }, 20);"
        " await context.resume(); await audio.play(); })()"
    )
    await page.until("audio.currentTime > 0.8 && window.loudest > 0.02")
    return {"seconds": await page.run("audio.duration"), "loudest": await page.run("window.loudest")}


@pytest.mark.long
def test_a_recorded_call_is_lit_at_every_desk_and_heard_again(tmp_path: Path) -> None:
    """Nobody may be recorded without seeing it; what was kept must be of use to a person at the desk."""

    async def story() -> None:
        async with talking() as (north, south), AsyncExitStack() as stack:
            pages = []
            for side, person, before in ((north, "edda", ""), (south, "samira", WITHOUT)):
                sounding.write_microphone(tmp_path / f"{person}.wav", len(person))
                desk = at_desk(side, person, tmp_path / f"{person}.wav", before=before)
                pages.append(await stack.enter_async_context(desk))
            edda, samira = pages
            await lift(edda, 0.5)
            await samira.until("document.getElementById('handset-call').textContent.includes('Edda')")
            await until(lambda: now(south, "samira").state == "ringing")
            await lift(samira, 0.5)
            await until(lambda: now(north, "edda").state == "active")
            subject = now(north, "edda").subject
            await recordings.ask(north.node, north["edda"], "leaders", subject)
            await samira.until("document.querySelector('[data-alert=recording-asked]') !== null")
            await until(lambda: now(south, "samira").recordings)
            await samira.go("/channels/leaders/call")
            await samira.until("document.documentElement.dataset.ready === 'yes'")
            await samira.run("document.querySelector('form[action$=recording-agree] button').click()")
            for page in pages:
                await page.until(f"{LAMP} && {ALERT}")
            assert "being recorded" in await edda.run(SAID)
            await samira.until("document.getElementById('handset').dataset.state === 'ready'")
            await lift(edda, 2.0)
            await lift(samira, 2.0)
            await edda.go("/channels/leaders/call")
            await edda.until("document.querySelector('.recording-now.lit .lamp') !== null")
            await edda.run("document.querySelector('form[action$=recording-stop] button').click()")
            for page in pages:
                await page.until(f"!({LAMP}) && !({ALERT})")
            await until(lambda: len(only(north, "edda").kept) == len(only(south, "samira").kept) == 2)
            assert min(one.frames for one in only(north, "edda").kept) > 150
            path = f"/channels/leaders/recordings/{subject.removeprefix('call/')}"
            for page in pages:
                await page.go(path)
                await page.until("document.querySelectorAll('audio').length === 2")
                kinds = await page.run("[...document.querySelectorAll('audio')].map((one) => one.src.slice(-4)).sort()")
                assert kinds == [".wav", "opus"]
                for number in (0, 1):
                    heard = await play(page, number)
                    assert 1.5 < heard["seconds"] < 4, heard
            found = await edda.run(
                "(async () => { const audio = document.querySelector('audio');"
                " const part = await fetch(audio.src, {headers: {Range: 'bytes=4-9'}});"
                " const whole = await fetch(document.querySelector('a[download]').href);"
                " const policy = part.headers.get('content-security-policy');"
                " return [part.status, (await part.arrayBuffer()).byteLength, policy,"
                "  (await whole.arrayBuffer()).byteLength, (await fetch(audio.src + 'x')).status]; })()"
            )
            assert found[:2] == [206, 6] and "default-src 'none'" in found[2]
            assert found[3] > 10_000 and found[4] == 404

    asyncio.run(story())
