"""Real-time text at two desks: read as it is typed, composed words only once they are words, and nothing doubled."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import play, seated, two_desks
from tests.browser.test_calls import CALL, ready

pytestmark = pytest.mark.browser


WATCHED = """
  window.shown = [];
  const now = document.getElementById("text-now");
  new MutationObserver(() => shown.push(now.textContent)).observe(now, {childList: true, subtree: true});
"""


async def both_in_a_call(edda: Page, samira: Page) -> None:
    """Let the one call and the other answer; both have the call's page open."""
    for page in (edda, samira):
        await ready(page)
    await edda.keyboard.press("l")
    await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "ringing")
    await samira.keyboard.press("a")
    for page in (edda, samira):
        now = page.locator("#call-now article")
        await expect(now).to_have_attribute("data-call-state", "active", timeout=15_000)
        await expect(page.locator("#text-field")).to_be_enabled()


def test_what_is_typed_at_one_desk_is_read_at_the_other_as_it_is_typed() -> None:
    """EN 301 549, 6.2; by keys alone, without a microphone, and with desks that are not on watch."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            await both_in_a_call(edda, samira)
            now, lines = samira.locator("#text-now li"), samira.locator("#text-lines li")
            await edda.keyboard.press("m")
            await expect(edda.locator("#text-field")).to_be_focused()
            for typed in ("Stop", " the ship."):
                await edda.keyboard.type(typed)
                await expect(now).to_contain_text(typed.strip())
            await edda.keyboard.press("Backspace")
            await edda.keyboard.type("!")
            await expect(now).to_have_text("Edda: Stop the ship!")
            await expect(lines).to_have_count(0)
            await edda.keyboard.press("Enter")
            for page in (edda, samira):
                await expect(page.locator("#text-lines li")).to_have_text(["Edda: Stop the ship!"])
                await expect(page.locator("#text-now li")).to_have_count(0)
            await expect(edda.locator("#text-field")).to_have_value("")
            assert await samira.locator("#text-log").get_attribute("aria-live") == "polite"
            assert await samira.locator("#text-now").get_attribute("aria-live") is None

            await samira.reload()  # what was written so far is there again
            await ready(samira)
            await expect(lines).to_have_text(["Edda: Stop the ship!"])
            await samira.locator("#text-field").fill("توقفت السفينة 🚢")
            await expect(edda.locator("#text-now li")).to_have_text("Samira: توقفت السفينة 🚢")
            await samira.keyboard.press("Enter")
            await expect(edda.locator("#text-lines li")).to_have_count(2)
            assert north.troubles + south.troubles == []

    play(story())


@pytest.mark.long
def test_a_word_that_is_still_being_composed_stays_at_its_desk() -> None:
    """Chinese is typed in another alphabet first: what an input method composes is no text yet, nor is its Enter."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            await both_in_a_call(edda, samira)
            await edda.locator("#text-field").fill("A")
            await expect(samira.locator("#text-now li")).to_have_text("Edda: A")
            await samira.evaluate(WATCHED)
            keys = await edda.context.new_cdp_session(edda)
            for composed in ("t", "ti", "ting", "ting chuan"):
                end = len(composed)
                await keys.send(
                    "Input.imeSetComposition", {"text": composed, "selectionStart": end, "selectionEnd": end}
                )
            await expect(edda.locator("#text-field")).to_have_value("Ating chuan")
            await keys.send(
                "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229}
            )
            await keys.send("Input.insertText", {"text": "停船"})
            await expect(samira.locator("#text-now li")).to_have_text("Edda: A停船")
            await expect(samira.locator("#text-lines li")).to_have_count(0)
            assert not [text for text in await samira.evaluate("shown") if "t" in text]
            await edda.keyboard.press("Enter")
            await expect(samira.locator("#text-lines li")).to_have_text(["Edda: A停船"])

    play(story())


def test_a_desk_on_watch_reads_the_last_words_on_any_page_and_finds_the_way_to_the_call() -> None:
    """Who is on another page while somebody who cannot speak writes must not miss them."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", ""))
            view = {"name": "parley-view", "value": "watch=on&language=en&sound=off", "url": south.origin}
            await samira.context.add_cookies([view])  # type: ignore[list-item]
            await samira.goto(south.origin + "/line")
            await ready(samira)
            await ready(edda)
            await edda.keyboard.press("l")
            await expect(edda.locator("#text-field")).to_be_enabled()
            await edda.locator("#text-field").fill("I cannot speak here.")
            row = samira.locator("#handset-text")
            await expect(row).to_contain_text("I cannot speak here.")
            assert await row.locator("a").get_attribute("href") == CALL
            await edda.keyboard.press("Escape")
            await edda.keyboard.press("x")
            await expect(row).to_be_hidden()

    play(story())
