"""A meeting from both desks in a real browser: asked for, accepted, held, while both pages stay true by themselves."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect
from tests.browser.desks import play, two_desks

from parley.desk.words import Words

pytestmark = pytest.mark.browser


def hold_a_meeting(language: str) -> None:
    """Hold a meeting between an English desk and one in another language, each pressing what it reads."""
    there = Words(language).plain

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            ours = await north.sign_in(browser, "edda", at="/meetings/new")
            theirs = await south.sign_in(browser, "samira", at="")
            await theirs.context.add_cookies(
                [{"name": "parley-view", "value": f"language={language}&sound=off", "url": south.origin}]
            )
            await theirs.goto(south.origin + "/talks")
            await theirs.locator("html[data-ready=yes]").wait_for()
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

            await expect(theirs.locator("#alerts, .alerts")).to_contain_text("First session")
            await expect(theirs.get_by_role("row", name="First session")).to_contain_text(there("talks.waits-for-us"))
            await theirs.get_by_role("link", name="First session").click()
            await theirs.get_by_role("button", name=there("talks.accept")).click()
            await expect(ours.locator("main")).to_contain_text("As a calendar entry")
            await ours.get_by_role("button", name="The meeting begins").click()
            await ours.locator("html[data-ready=yes]").wait_for()
            await ours.get_by_role("button", name="Give the floor North").click()
            await ours.locator("html[data-ready=yes]").wait_for()

            # The recorder writes a note while South puts an item: the agenda comes, the note stays.
            await ours.locator("summary", has_text="Note it").click()
            await ours.get_by_label("Words").fill("A line is to be")
            await theirs.locator("summary", has_text=there("talks.put-item")).click()
            await theirs.locator("#it-title").fill("Hotline")
            await theirs.get_by_role("button", name=there("talks.put-item")).click()
            await expect(ours.get_by_role("row", name="Hotline")).to_be_visible()
            await expect(ours.get_by_label("Words")).to_have_value("A line is to be")
            await expect(theirs.locator("main")).to_contain_text(there("talks.has-floor"))
            await ours.get_by_label("Words").press_sequentially(" set up.")
            await ours.get_by_role("button", name="Note it").click()
            await expect(theirs.locator("main")).to_contain_text("A line is to be set up.")
            assert north.troubles == [] and south.troubles == []

    play(story())


def test_a_meeting_goes_from_the_request_to_the_clock_on_two_desks() -> None:
    """What one desk does stands on the other's without a reload, and a note that is being written is not lost to it."""
    hold_a_meeting("en")


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "ar"])
def test_the_other_desk_may_read_another_language(language: str) -> None:
    """English–Chinese and English–Arabic (issue D)."""
    hold_a_meeting(language)
