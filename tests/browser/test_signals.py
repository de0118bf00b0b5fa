"""What sounds: each kind in its own way, never without its words, and at its pace in a tab that is out of sight."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import cookies, play, sample_desk

pytestmark = pytest.mark.browser
# Each signal rendered: its loudest sample, its strokes (by the envelope), its length, how often the pitch crosses zero.
RENDER: Final = """async () => {
  const base = document.querySelector('link[rel=stylesheet]').href.replace(/[^/]*$/, '');
  const { SIGNALS, play } = await import(base + 'signals.js');
  const told = {};
  for (const name of Object.keys(SIGNALS)) {
    const audio = new OfflineAudioContext(1, 48000 * 3, 48000);
    play(audio, name);
    const sound = (await audio.startRendering()).getChannelData(0);
    let [most, strokes, quietFor, crossings, last] = [0, 0, 9999, 0, 0];
    sound.forEach((sample, at) => {
      most = Math.max(most, Math.abs(sample));
      if (at && sample * sound[at - 1] < 0 && Math.abs(sample) > 1e-3) crossings++;
      if (Math.abs(sample) < 0.02) quietFor++;
      else { if (quietFor > 1200) strokes++; quietFor = 0; last = at; }
    });
    const pitch = Math.round(crossings / 2 / (last / 48000));
    told[name] = { most, strokes, lasts: last / 48000, pitch, every: SIGNALS[name].everyMs };
  }
  return told;
}"""
# What sounded, kept on the page where a locator sees it.
SOUNDED: Final = """document.addEventListener('parley:sounded', (event) => {
  const root = document.documentElement; root.dataset.sounded = `${root.dataset.sounded ?? ''} ${event.detail}`; });"""
# A browser's rule, which Playwright's own looks at a page would lift: no sound before a key or a touch.
HELD: Final = """let touched = false; const Real = AudioContext;
  addEventListener('keydown', () => (touched = true), true);
  window.AudioContext = class extends Real {
    get state() { return touched ? super.state : 'suspended'; }
    resume() { return touched ? super.resume() : new Promise(() => {}); }
  };"""
# Another browser's way: the page may sound after a key, and its context wakes a good while after it was asked to.
LATE: Final = """let touched = false; const Real = AudioContext;
  addEventListener('keydown', () => (touched = true), true);
  window.AudioContext = class extends Real {
    get state() { return this.woken ? super.state : 'suspended'; }
    async resume() {
      if (!touched || this.asked) return;
      this.asked = true;
      await super.resume();
      setTimeout(() => { this.woken = true; this.dispatchEvent(new Event('statechange')); }, 800);
    }
  };"""


async def opened(page: Page, address: str) -> None:
    await page.goto(address)
    await page.locator("html[data-ready=yes]").wait_for()


def test_every_signal_is_told_apart_by_its_rhythm() -> None:
    """Half of all people over sixty do not hear pitch well, and no night shift has perfect ears."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off"))
            await opened(page, desk.origin + "/help")
            told: dict[str, dict[str, Any]] = await page.evaluate(RENDER)
            assert all(0.2 < one["most"] <= 1 for one in told.values())
            bars = {"FLASH": 4, "IMMEDIATE": 3, "PRIORITY": 2, "ROUTINE": 1}
            assert {name: told[f"call-{name}"]["strokes"] for name in bars} == bars
            assert (told["flash"]["strokes"], told["immediate"]["strokes"]) == (4, 3)
            assert all(one["lasts"] * 1000 < one["every"] for one in told.values())  # a pause between two
            names = sorted(told)
            alike = [
                (first, second)
                for at, first in enumerate(names)
                for second in names[at + 1 :]
                if told[first]["strokes"] == told[second]["strokes"]
                and abs(told[first]["lasts"] - told[second]["lasts"]) < 0.15
                and abs(told[first]["pitch"] - told[second]["pitch"]) < 0.15 * told[first]["pitch"]
            ]
            assert alike == []

    play(story())


def test_each_signal_can_be_heard_on_its_page_by_keyboard() -> None:
    """Nobody learns a sound from the first real FLASH."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off"))
            await opened(page, desk.origin + "/sound")
            buttons = page.locator("button[data-signal]")
            told = await page.evaluate(RENDER)
            assert [await one.get_attribute("data-signal") for one in await buttons.all()] == list(told)
            await page.evaluate(
                "() => { window.started = 0; const start = OscillatorNode.prototype.start;"
                " OscillatorNode.prototype.start = function (at) { window.started++; return start.call(this, at); }; }"
            )
            await buttons.first.focus()
            await page.keyboard.press("Enter")
            assert await page.evaluate("window.started") == told["stop"]["strokes"]
            assert desk.troubles == []

    play(story())


def test_a_page_says_that_its_sound_is_held_and_sounds_after_one_key() -> None:
    """A browser keeps a page silent until it is touched; a duty officer who does not know waits for nothing."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.add_init_script(HELD + SOUNDED)
            await opened(page, desk.origin + "/channels/duty")
            await expect(page.locator("#sound-held")).to_be_visible()
            html = page.locator("html")
            assert await html.get_attribute("data-sounded") is None
            await page.keyboard.press("j")
            await expect(page.locator("#sound-held")).to_be_hidden()
            # The most urgent of what this page sounds by itself, and only that; the rest comes from its node.
            await expect(html).to_have_attribute("data-sounded", " watch")

    play(story())


def test_a_page_takes_its_word_back_once_the_browser_lets_it_sound() -> None:
    """Firefox starts every context as held and wakes it a moment later: the page went on asking for a key."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.add_init_script(LATE)
            await opened(page, desk.origin + "/channels/duty")
            await expect(page.locator("#sound-held")).to_be_visible()
            await page.keyboard.press("s")  # nothing sounds from here on, so nothing looks at the context again
            await expect(page.locator("#sound-held")).to_be_hidden()

    play(story())


def test_the_clock_of_a_page_is_not_slowed_with_the_pages_own_timers() -> None:
    """Browsers run the timers of a tab out of sight once a minute: a desk would fall off watch and ring late."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off"))
            # As a browser does to a tab that has been hidden for five minutes, before any of our modules has run.
            await page.add_init_script(
                "const [slow, once] = [setInterval, setTimeout];"
                "window.setInterval = (run, ms) => slow(run, Math.max(60000, ms));"
                "window.setTimeout = (run, ms) => once(run, Math.max(60000, ms ?? 0));"
            )
            await opened(page, desk.origin + "/help")
            await page.evaluate(
                "async () => { const base = document.querySelector('link[rel=stylesheet]').href.replace(/[^/]*$/, '');"
                " const { every, after } = await import(base + 'clocked.js');"
                " const told = document.documentElement.dataset; let ticks = 0;"
                " every(100, () => (told.ticks = String(++ticks))); after(50, () => (told.later = 'once')); }"
            )
            await expect(page.locator("html")).to_have_attribute("data-later", "once")
            await expect(page.locator("html")).to_have_attribute("data-ticks", re.compile("^[5-9]|..+$"))
            assert desk.troubles == []

    play(story())
