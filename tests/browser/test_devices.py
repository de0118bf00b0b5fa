"""The page of sound in a real browser: devices, level, hearing oneself; and what band the encoder really passes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.browser.desks import Desk, play
from tests.desk.sample import Samples

from parley.cli import sounding
from parley.cli.chromium import Chromium, Page

pytestmark = pytest.mark.browser
WITHOUT = "delete globalThis.AudioEncoder; delete globalThis.AudioDecoder"
STATE = "document.getElementById('devices-state').textContent"
OPEN = "document.getElementById('devices-open').click()"


@asynccontextmanager
async def at_page(tmp_path: Path, *, allowed: str = "granted", before: str = "") -> AsyncIterator[Page]:
    """Give the page of sound at a desk over samples."""
    sounding.write_microphone(tmp_path / "voice.wav", 4)
    desk = Desk("north", samples=Samples())
    await desk.open()
    try:
        async with Chromium(tmp_path / "voice.wav") as browser:
            cookies = {"parley": "sample-session", "parley-view": "language=en&sound=off"}
            page = await browser.page(desk.origin, cookies, microphone=allowed)
            await page.do("Page.addScriptToEvaluateOnNewDocument", source=before)
            await page.go("/sound")
            await page.until("document.documentElement.dataset.ready === 'yes'")
            yield page
    finally:
        await desk.close()


def test_devices_are_chosen_heard_and_remembered(tmp_path: Path) -> None:
    """Who finds out in the call that the wrong microphone was open finds out too late."""

    async def story() -> None:
        async with at_page(tmp_path) as page:
            await page.run(OPEN)
            await page.until(f"{STATE}.includes('microphone is open')")
            await page.until("document.getElementById('devices-word').textContent === 'Good'")
            assert await page.run("document.getElementById('devices-level').value") > 0.1
            await page.until("document.getElementById('devices-microphone').options.length > 2")
            chosen = await page.run(
                "(() => { const box = document.getElementById('devices-microphone'); box.selectedIndex = 2;"
                " box.dispatchEvent(new Event('change')); return box.selectedOptions[0].textContent; })()"
            )
            assert chosen and chosen != "The usual one of this machine"
            await page.run("document.querySelector('#devices input[value=left]').click()")
            await page.run("document.getElementById('devices-echo').click()")
            await page.until(f"{STATE}.includes('microphone is open')")
            await page.run("localStorage.clear()")  # as signing out does
            await page.go("/sound")
            await page.until("document.documentElement.dataset.ready === 'yes'")
            assert await page.run("document.querySelector('#devices input[name=ears]:checked').value") == "left"
            assert not await page.run("document.getElementById('devices-echo').checked")
            await page.run(OPEN)
            await page.until(f"{STATE}.includes('microphone is open')")
            shown = "document.getElementById('devices-microphone').selectedOptions[0].textContent"
            await page.until(f"{shown} === {json.dumps(chosen)}")  # the list comes after the microphone
            await page.run("document.getElementById('devices-loop').click()")
            await page.until(f"{STATE}.includes('Speak now')")
            await page.until(f"{STATE}.includes('hear yourself now')")
            await page.until(f"{STATE}.includes('microphone is open')")

    play(story())


@pytest.mark.parametrize(
    ("allowed", "before", "said"),
    [
        ("denied", "", "forbids the microphone"),
        pytest.param(
            "granted",
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))",
            "No microphone was found", marks=pytest.mark.long,
        ),
        pytest.param(
            "granted", "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})", "not secure enough",
            marks=pytest.mark.long,
        ),
    ],
)  # fmt: skip
def test_without_a_microphone_the_page_says_why(tmp_path: Path, allowed: str, before: str, said: str) -> None:
    """A person can only put right what is named."""

    async def story() -> None:
        async with at_page(tmp_path, allowed=allowed, before=before) as page:
            await page.run(OPEN)
            await page.until(f"{STATE}.includes({json.dumps(said)})")
            assert await page.run("document.getElementById('devices-loop').disabled")

    play(story())


@pytest.mark.long
def test_a_browser_without_webcodecs_hears_itself_and_says_so(tmp_path: Path) -> None:
    """The way without an encoder must work where nobody has one to compare with."""

    async def story() -> None:
        async with at_page(tmp_path, before=WITHOUT) as page:
            await page.run(OPEN)
            await page.until(f"{STATE}.includes('microphone is open')")
            await page.run("document.getElementById('devices-loop').click()")
            await page.until(f"{STATE}.includes('without compression')")

    play(story())


# Noise through the encoder and the decoder, as a call sends it; gives the strength in a band, out over in, in decibels.
BAND = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {makeEncoder, Decoder, canOpus} = await import(base + 'voice-codecs.js');
  const opus = OPUS && await canOpus();
  let seed = 7;
  const noise = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return (seed / 1073741824 - 1) * 0.3; };
  const said = [], heard = [], decoder = new Decoder();
  decoder.done = (_, samples) => heard.push(samples);
  const encoder = makeEncoder(opus, (codec, at, payload) => decoder.take(codec, at, payload), () => {});
  for (let block = 0; block < 150; block++) {
    const samples = Float32Array.from({length: 960}, noise);
    said.push(samples.slice());
    encoder.take(samples);
    await new Promise((later) => setTimeout(later, 2));
  }
  for (let tries = 0; heard.length < 140 && tries < 100; tries++) await new Promise((later) => setTimeout(later, 20));
  const power = (blocks, low, high) => {
    let sum = 0;
    for (const block of blocks.slice(20, 130)) for (let hz = low; hz <= high; hz += 50) {
      let [a, b] = [0, 0];
      for (let at = 0; at < block.length; at++) {
        const turn = 2 * Math.PI * hz * at / 48000;
        a += block[at] * Math.cos(turn); b += block[at] * Math.sin(turn);
      }
      sum += a * a + b * b;
    }
    return sum;
  };
  const db = (low, high) => 10 * Math.log10(power(heard, low, high) / power(said, low, high));
  return {opus, speech: db(300, 3400), upper: db(6500, 7000)};
})()
"""


@pytest.mark.long
@pytest.mark.parametrize("opus", [True, False])
def test_the_band_reaches_seven_kilohertz(tmp_path: Path, opus: bool) -> None:
    """A consonant lives above 4 kHz; a telephone's band turns "fifteen" into "fifty"."""

    async def story() -> None:
        async with at_page(tmp_path) as page:
            found = await page.run(BAND.replace("OPUS", json.dumps(opus)))
            assert found["opus"] is opus
            assert abs(found["speech"]) < 3, found
            assert found["upper"] - found["speech"] > -3, found  # Opus makes noise a little weaker in every band

    play(story())
