"""A microphone taken away while somebody is on watch: who is not heard learns it, and why, and is not heard after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.actions.pair import talking
from tests.browser.desks import play
from tests.browser.test_devices import OPEN as TRY
from tests.browser.test_devices import STATE as TRIED
from tests.browser.test_devices import at_page
from tests.browser.test_voice import STATE, at_desk, lift
from tests.desk.sitting import served

from parley.cli import sounding
from parley.cli.chromium import Page

pytestmark = pytest.mark.browser
LATCH = "document.getElementById('handset-latch')"
SAID_ALOUD = "document.getElementById('say-now').textContent"
# A microphone that can be pulled out and put in again, as a browser tells a page of it.
CABLE = """(() => {
  const {mediaDevices} = navigator, open = mediaDevices.getUserMedia.bind(mediaDevices), streams = [];
  let pulled = false;
  mediaDevices.getUserMedia = async (wanted) => {
    if (pulled) throw new DOMException('', 'NotFoundError');
    streams.push(await open(wanted));
    return streams.at(-1);
  };
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  mediaDevices.enumerateDevices = async () => (await list()).filter((one) => !pulled || one.kind !== 'audioinput');
  window.hush = (off) => streams.at(-1).getTracks().forEach((track) => (track.enabled = !off));
  window.pull = (out) => {
    pulled = out;
    for (const track of out ? streams.splice(0).flatMap((one) => one.getTracks()) : []) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    mediaDevices.dispatchEvent(new Event('devicechange'));
  };
})()"""


async def allow(page: Page, setting: str) -> None:
    """Let the person grant or deny the microphone in the browser's own settings."""
    what = {"name": "microphone"}
    await page.do("Browser.setPermission", permission=what, setting=setting, origin=page.origin)


def test_a_microphone_forbidden_in_mid_word_is_told_at_once_and_stays_shut_when_it_is_back(tmp_path: Path) -> None:
    """The latch outlived it: when it was back, one short press left the microphone open with nobody's hand on a key."""

    async def story() -> None:
        file = tmp_path / "edda.wav"
        sounding.write_microphone(file, 4)
        async with talking() as (north, _), at_desk(north, "edda", file) as page:
            await page.run(f"{LATCH}.click()")
            await page.until(f"{STATE} === 'open'")
            await allow(page, "denied")
            await page.until(f"{STATE} === 'forbidden'")
            assert not await page.run(f"{LATCH}.checked")
            await page.until(f"{SAID_ALOUD}.includes('The browser forbids the microphone')")
            await allow(page, "granted")
            await page.until(f"{STATE} === 'ready'")
            await lift(page, 0.2)  # and the key that is let go lets go

    play(story())


def test_a_microphone_that_was_pulled_out_is_missed_aloud_and_is_ready_as_soon_as_it_is_put_in(tmp_path: Path) -> None:
    """Whoever puts the cable back goes on speaking; nobody thinks of pressing something first."""

    async def story() -> None:
        file = tmp_path / "edda.wav"
        sounding.write_microphone(file, 4)
        async with talking() as (north, _), at_desk(north, "edda", file, before=CABLE) as page:
            await page.run(f"{LATCH}.click()")
            await page.until(f"{STATE} === 'open'")
            await page.run("pull(true)")
            await page.until(f"{STATE} === 'missing'")
            await page.until(f"{SAID_ALOUD}.includes('No microphone was found')")
            await page.run("pull(false)")
            await page.until(f"{STATE} === 'ready'")
            await lift(page, 0.2)

    play(story())


@pytest.mark.long
def test_an_open_microphone_that_gives_no_sound_is_not_said_to_be_heard(tmp_path: Path) -> None:
    """Switched off at its cable or by the machine: "South hears you" stood there for the whole of what was said."""

    async def story() -> None:
        file = tmp_path / "edda.wav"
        sounding.write_microphone(file, 4)
        async with talking() as (north, _), at_desk(north, "edda", file, before=CABLE) as page:
            words = "document.getElementById('handset-state').textContent"
            await page.run("hush(true)")
            await page.run(f"{LATCH}.click()")
            await page.until(f"{words}.includes('gives no sound')")
            assert await page.run(STATE) == "open"
            await page.run("hush(false)")
            await page.until(f"{words}.startsWith('OPEN: ')")

    play(story())


def test_nobody_is_said_to_hear_before_a_loudspeaker_there_has_played_it(tmp_path: Path) -> None:
    """With nobody at any desk there "OPEN: South hears you" stood beside "perhaps nobody hears it"."""

    async def story() -> None:
        file = tmp_path / "edda.wav"
        sounding.write_microphone(file, 4)
        async with talking() as (north, south), served(south) as (there,), at_desk(north, "edda", file) as page:
            words = "document.getElementById('handset-state').textContent"
            samira = await there.on_watch("samira", "leaders")
            await page.run(f"{LATCH}.click()")
            await page.until(f"{words}.includes('does not hear you yet')")
            told = await samira.hear("speaking")
            await samira.hear_sound(50)  # it is at a desk, and a second old
            assert "does not hear you yet" in await page.run(words)
            fields = {"channel": "leaders", "session": told["session"], "stream": told["stream"]}
            await samira.say("heard", **fields)
            await page.until(f"{words}.includes('hears you')")
            await page.run(f"{LATCH}.click()")
            await page.run(f"{LATCH}.click()")
            await page.until(f"{words}.includes('hears you')")  # in that call from the first moment on
            await samira.socket.close()

    play(story())


SEEN = """(() => {
  const box = document.querySelector('WHAT').getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
})()"""


def test_on_a_telephone_too_it_is_seen_on_every_page_that_nobody_hears_this_desk(tmp_path: Path) -> None:
    """It stood under everything that was ever said, and in a call the way to hang up went there with it."""

    async def story() -> None:
        file = tmp_path / "edda.wav"
        sounding.write_microphone(file, 4)
        async with talking() as (north, _), at_desk(north, "edda", file) as page:
            small = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": False}
            await page.do("Emulation.setDeviceMetricsOverride", **small)
            await page.run(f"{LATCH}.click()")
            await page.until(f"{STATE} === 'open' && !document.getElementById('handset-hang-up').hidden")
            await allow(page, "denied")
            await page.until(f"{STATE} === 'forbidden'")
            for what in ("#handset-state", "#handset-again", "#handset-help", "#handset-hang-up", "#handset-call"):
                assert await page.run(SEEN.replace("WHAT", what)), what
            assert await page.run("document.getElementById('handset').offsetHeight") <= 740 / 3

    play(story())


@pytest.mark.long
def test_trying_the_sound_never_says_that_a_microphone_is_open_which_was_taken_away(tmp_path: Path) -> None:
    """It was pulled out while somebody listened to their own words, and the page said at the end that it was open."""

    async def story() -> None:
        async with at_page(tmp_path, before=CABLE) as page:
            await page.run(TRY)
            await page.until(f"{TRIED}.includes('microphone is open')")
            loop = "document.getElementById('devices-loop')"
            watched = "document.getElementById('devices-state'), {childList: true}"
            await page.run("window.said = []")
            await page.run(f"new MutationObserver(() => window.said.push({TRIED})).observe({watched})")
            for during in ("Speak now", "hear yourself now"):
                await page.run(f"{loop}.click()")
                await page.until(f"{TRIED}.includes({json.dumps(during)})")
                await page.run("window.said = []; pull(true)")
                await page.until(f"{TRIED}.includes('No microphone was found')")
                await page.run("new Promise((later) => setTimeout(later, 2500))")  # as long as words are and last
                assert await page.run("said") == [await page.run(TRIED)]
                assert await page.run(f"{loop}.disabled")
                await page.run("pull(false)")
                await page.run(TRY)
                await page.until(f"{TRIED}.includes('microphone is open')")

    play(story())


ASKED = """(() => {
  const {mediaDevices} = navigator, open = mediaDevices.getUserMedia.bind(mediaDevices);
  const answered = new Promise((done) => (window.answer = done));
  mediaDevices.getUserMedia = (wanted) => answered.then(() => open(wanted));
})()"""
HELD_AND_TOUCHED = """(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {voice} = await import(base + 'voice.js');
  while (!voice().audio) await new Promise((later) => setTimeout(later, 20));
  const {context} = voice().audio;
  await context.suspend();
  const told = new Promise((done) => context.addEventListener('statechange', () => setTimeout(done), {once: true}));
  await context.resume();
  await told;
})()"""


def test_while_the_browser_still_asks_for_the_microphone_nobody_reads_that_they_may_speak(tmp_path: Path) -> None:
    """A touch that frees the loudspeaker made it ready; who spoke then read that the other side heard them."""

    async def story() -> None:
        file = tmp_path / "edda.wav"
        sounding.write_microphone(file, 4)
        async with talking() as (north, _), at_desk(north, "edda", file, ready="asking", before=ASKED) as page:
            await page.run(HELD_AND_TOUCHED)
            assert await page.run(STATE) == "asking"
            await page.run("answer()")
            await page.until(f"{STATE} === 'ready'")

    play(story())
