"""A hand-over and a roll-call at the desks of two nodes: what each side sees, without anybody loading a page again."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import play, seated, two_desks

pytestmark = pytest.mark.browser


async def ready(page: Page) -> None:
    await page.locator("html[data-ready=yes]").wait_for()


def test_a_watch_is_taken_and_handed_over_and_the_other_side_sees_both() -> None:
    """Issue B, 2: shifts with hand-over notes (private) and a hand-over both sides see."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", "/"), (south, "samira", "/watch"))
            theirs = edda.locator("section", has=edda.get_by_role("heading", name="Watch of South"))
            await ready(edda)
            await expect(theirs).to_contain_text("Nobody is there")
            await samira.get_by_role("button", name="I take the watch", exact=True).click()
            await expect(theirs).to_contain_text("Somebody is there")
            await expect(theirs).to_contain_text("Samira")
            await expect(edda.locator(".watch-cell")).to_contain_text("South: watch present")
            await expect(theirs).not_to_contain_text("handed over")

            await samira.locator("summary", has_text="Write a note").click()
            await samira.get_by_label("What the next person must know").fill("The buoy has drifted again.")
            await samira.get_by_role("button", name="Keep the note").click()
            rafael = await south.sign_in(browser, "rafael")
            await ready(rafael)
            await rafael.get_by_role("link", name="1 note waits").click()
            await expect(rafael.locator(".hand-note")).to_contain_text("drifted again")
            take = rafael.get_by_role("button", name="I take the watch over")
            await take.click()  # the browser asks for the box; nothing is sent
            await expect(theirs).not_to_contain_text("handed over")
            await rafael.get_by_label("I have read it").check()
            await take.click()
            await expect(theirs).to_contain_text("handed over")
            await expect(theirs).to_contain_text("Rafael")
            await expect(rafael.get_by_text("You have this watch")).to_be_visible()
            await expect(samira.get_by_role("button", name="I take the watch over")).to_be_visible()
            text = await edda.content()
            assert "drifted" not in text
            assert north.troubles + south.troubles == []

    play(story())


def test_a_roll_call_is_answered_with_one_key_from_any_page() -> None:
    """The line being up says nothing about people; a person presses 0 wherever they are, and both sides see who."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", "/"), (south, "samira", "/line"))
            await ready(samira)
            await ready(edda)
            await edda.get_by_role("button", name="Call the roll").click()
            await edda.wait_for_url("**/watch#leaders")
            await expect(edda.locator(".rolls")).to_contain_text("waits")
            await expect(samira.locator(".alert")).to_contain_text("North calls the roll")
            await samira.set_viewport_size({"width": 360, "height": 640})
            await samira.evaluate("scrollTo(0, document.body.scrollHeight)")
            await expect(
                samira.locator("[data-alert=roll-asked]")
            ).to_be_in_viewport()  # there are two minutes to answer
            await samira.keyboard.press("0")
            await expect(samira.locator("[data-alert=roll-asked]")).to_have_count(0)
            assert samira.url == south.origin + "/line"  # what she was doing is still there
            await expect(edda.locator(".rolls")).to_contain_text("answered")
            await expect(edda.locator(".rolls")).to_contain_text("Samira")
            assert north.troubles + south.troubles == []

    play(story())


def test_whoever_is_relieved_learns_of_it_on_any_page_until_they_say_that_they_know() -> None:
    """A colleague pressed "take over" at another desk; who had the watch went on believing that they had it."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            samira, rafael = await seated(browser, (south, "samira", "/watch"), (south, "rafael", "/watch"))
            await ready(samira)
            await samira.get_by_role("button", name="I take the watch", exact=True).click()
            await samira.goto(south.origin + "/line")
            await ready(samira)
            await rafael.get_by_role("button", name="I take the watch over").click()
            relieved = samira.locator("[data-alert=watch-relieved]")
            await expect(relieved).to_contain_text("You are relieved")
            await expect(relieved).to_contain_text("Rafael")
            await expect(samira.locator("#say-quietly")).to_contain_text("You are relieved")
            await expect(rafael.locator("[data-alert=watch-relieved]")).to_have_count(0)
            await samira.reload()
            await relieved.get_by_role("button").click()
            await expect(relieved).to_have_count(0)
            assert samira.url == south.origin + "/line"
            assert north.troubles + south.troubles == []

    play(story())
