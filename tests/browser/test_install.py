"""The desk as a program of its own, with an icon and a window without an address bar."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import expect
from tests.browser.desks import cookies, play, sample_desk

pytestmark = pytest.mark.browser


# A browser's lock on the screen, which this test can take away and refuse.
LOCK = """(() => {
  window.locks = [];
  const request = async (kind) => {
    if (window.refuses) throw new DOMException('', 'NotAllowedError');
    const lock = Object.assign(new EventTarget(), {kind, released: false});
    locks.push(lock);
    return lock;
  };
  Object.defineProperty(navigator, 'wakeLock', {value: {request}});
  window.takeAway = () => {
    locks.at(-1).released = true;
    locks.at(-1).dispatchEvent(new Event('release'));
  };
})()"""


def test_a_desk_on_watch_keeps_the_screen_on_and_says_when_it_cannot() -> None:
    """A dark screen shows no FLASH; and nobody at no desk on watch wants their battery emptied."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_init_script(LOCK)
            for watch, locks in (("off", 0), ("on", 1)):
                await page.context.add_cookies(cookies(desk, f"language=en&sound=off&watch={watch}"))
                await page.goto(desk.origin + "/line")
                await page.locator("html[data-ready=yes]").wait_for()
                assert await page.evaluate("locks.filter((one) => one.kind === 'screen').length") == locks, watch
            note = page.locator("#screen-dark")
            await expect(note).to_be_hidden()
            await page.evaluate("takeAway()")
            assert await page.evaluate("new Promise((told) => setTimeout(() => told(locks.length), 100))") == 2
            await expect(note).to_be_hidden()
            await page.evaluate("refuses = true, takeAway()")
            await expect(note).to_contain_text("does not keep the screen on")

    play(story())


@pytest.mark.long
def test_a_browser_offers_to_install_the_desk() -> None:
    """A duty desk is a window that nobody closes by mistake among forty tabs."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            for path in ("/", "/sign-in"):
                page = await desk.page(browser)
                await page.context.add_cookies(cookies(desk, "language=zh&sound=off") if path == "/" else [])
                await page.goto(desk.origin + path)
                session = await page.context.new_cdp_session(page)
                found = await session.send("Page.getAppManifest")
                assert found["errors"] == []
                told = json.loads(found["data"])
                assert (told["name"], told["lang"]) == ("North ⟷ South", "zh-Hans" if path == "/" else "en")
                for icon in told["icons"]:
                    kind = await page.evaluate(
                        "async (path) => { const answer = await fetch(path);"
                        " return answer.ok && answer.headers.get('content-type').split(';')[0]; }",
                        icon["src"],
                    )
                    assert kind == icon["type"]
                missing = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
                assert [one["errorId"] for one in missing if one["errorId"] != "in-incognito"] == []
            assert desk.troubles == []

    play(story())
