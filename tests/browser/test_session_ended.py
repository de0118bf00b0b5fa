"""A session that ends under an open page: what was being written stays, and nobody wonders whether it was taken."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import Desk, play, two_desks
from tests.browser.test_passkeys import enrol, enter, holding

from parley.actions import people

pytestmark = pytest.mark.browser
WORDS = "The tug waits at buoy 17; their pilot is aboard until six."


async def end(desk: Desk, page: Page) -> None:
    """End the session of a page in the node, as its limit of time does, or its person at another desk."""
    assert desk.side_at is not None
    node = desk.side_at.node
    secret = next(one["value"] for one in await page.context.cookies() if one["name"] == "parley")
    await people.sign_out(node, people.who_by_session(node, secret))


async def writing(desk: Desk, page: Page) -> None:
    """Write half a note for the next person."""
    await page.goto(desk.origin + "/watch")
    await page.locator("html[data-ready=yes]").wait_for()
    await page.locator("summary", has_text="Write a note").first.press("Enter")
    await page.locator("#leaders-note").fill(WORDS)


def test_words_half_written_outlive_the_session_and_go_on_with_the_same_person() -> None:
    """The page was loaded anew at once: a shift's notes were gone with the twelfth hour, and nothing said why."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            page = await north.page(browser)
            edda = await enrol(north, page, "edda")
            await enter(north, page, edda)
            other = await page.context.new_page()  # where nothing was being written the way in is shown at once
            await other.goto(north.origin + "/line")
            await other.locator("html[data-ready=yes]").wait_for()
            await writing(north, page)
            await end(north, page)

            await other.wait_for_url(re.compile("/sign-in"))
            await expect(other.get_by_role("alert")).to_contain_text("Your session has ended")
            cover = page.get_by_role("dialog")
            await expect(cover).to_contain_text("Your session has ended")
            assert await page.locator("#leaders-note").evaluate(
                "(field) => { const at = field.getBoundingClientRect();"
                " return !field.contains(document.elementFromPoint(at.left + 20, at.top + 20)); }"
            )
            await page.keyboard.press("Escape")
            await page.keyboard.press("Escape")
            await expect(cover).to_be_visible()  # only signing in takes it away
            await page.get_by_role("button", name="Sign in with a passkey").press("Enter")
            await expect(cover).to_be_hidden()
            await expect(page.locator("#leaders-note")).to_have_value(WORDS)
            await page.get_by_role("button", name="Keep the note").first.click()
            await expect(page.locator(".hand-note").first).to_contain_text(WORDS)

    play(story())


def test_words_half_written_are_shown_to_nobody_else_who_signs_in() -> None:
    """They are for the person's own side, and perhaps not for whoever comes to the desk next."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            page = await north.page(browser)
            edda, tomas = await enrol(north, page, "edda"), await enrol(north, page, "tomas")
            await enter(north, page, edda)
            await writing(north, page)
            await end(north, page)
            await expect(page.get_by_role("dialog")).to_be_visible()
            await holding(page, tomas)
            await page.get_by_role("button", name="Sign in with a passkey").press("Enter")
            await expect(page.locator(".me")).to_contain_text("Tomas")
            await page.goto(north.origin + "/watch")
            await expect(page.locator("#leaders-note")).to_have_value("")

    play(story())


def test_who_sends_before_the_page_knows_reads_that_it_was_not_taken() -> None:
    """It showed the way in and not a word: a form gone without an answer is a form that may have gone through."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            page = await north.sign_in(browser, "edda", at="")
            await writing(north, page)
            await page.context.clear_cookies()
            # Sent even if the page has come to know meanwhile and lies under its cover.
            await page.locator("#leaders-note").evaluate("(field) => field.form.requestSubmit()")
            await page.wait_for_url(re.compile("/sign-in"))
            await expect(page.get_by_role("alert")).to_contain_text("it was not taken")
            await page.goto(north.origin + "/sign-in")  # who comes in the morning reads nothing of it
            await expect(page.get_by_text("Your session has ended")).to_have_count(0)

    play(story())
