"""A meeting from both desks in a real browser: asked for, accepted, held, while both pages stay true by themselves."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect
from tests.browser.desks import two_desks

pytestmark = pytest.mark.browser


def test_a_meeting_goes_from_the_request_to_the_clock_on_two_desks() -> None:
    """What one desk does stands on the other's without a reload, and a note that is being written is not lost to it."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            ours = await north.sign_in(browser, "edda")
            theirs = await south.sign_in(browser, "samira")
            await theirs.goto(south.origin + "/talks")
            await theirs.locator("html[data-ready=yes]").wait_for()
            await ours.goto(north.origin + "/meetings/new")
            await ours.get_by_label("Purpose").fill("First session")
            await ours.get_by_label("Form").select_option("video")
            await ours.get_by_label("Time 1").fill("2027-03-01T15:00")
            await ours.get_by_role("button", name="Show on both clocks").click()
            await expect(ours.get_by_role("status").filter(has_text="Nothing was asked yet")).to_contain_text(
                "South 2027-03-01 15:00"
            )
            await ours.get_by_role("button", name="Ask South").click()
            await ours.wait_for_url(re.compile("/meetings/leaders/north/"))
            await ours.locator("html[data-ready=yes]").wait_for()

            await expect(theirs.get_by_role("row", name="First session")).to_contain_text("waits for our answer")
            await theirs.get_by_role("link", name="First session").click()
            await theirs.get_by_role("button", name="Accept").click()
            await expect(ours.locator("main")).to_contain_text("As a calendar entry")
            await ours.get_by_role("button", name="The meeting begins").click()
            await ours.locator("html[data-ready=yes]").wait_for()
            await ours.get_by_role("button", name="Give the floor North").click()
            await ours.locator("html[data-ready=yes]").wait_for()

            # The recorder writes a note while South puts an item: the agenda comes, the note stays.
            await ours.locator("summary", has_text="Note it").click()
            await ours.get_by_label("Words").fill("A line is to be")
            await theirs.locator("summary", has_text="Put on the agenda").click()
            await theirs.locator("#it-title").fill("Hotline")
            await theirs.get_by_role("button", name="Put on the agenda").click()
            await expect(ours.get_by_role("row", name="Hotline")).to_be_visible()
            await expect(ours.get_by_label("Words")).to_have_value("A line is to be")
            await expect(theirs.locator("main")).to_contain_text("has the floor")
            await ours.get_by_label("Words").press_sequentially(" set up.")
            await ours.get_by_role("button", name="Note it").click()
            await expect(theirs.locator("main")).to_contain_text("A line is to be set up.")
            assert north.troubles == [] and south.troubles == []

    asyncio.run(story())
