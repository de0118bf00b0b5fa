"""Two accounts of a meeting at the desks of two nodes: drafted, sealed, opened; a statement drawn with the mouse."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import play, seated, two_desks

pytestmark = pytest.mark.browser

OURS = "North said that the strait stays open. Both sides agreed to meet again."
THEIRS = "南方表示，海峡保持开放。"
SELECT = """() => {
  const node = document.querySelector("[data-account]").firstChild;
  const at = node.data.indexOf("the strait stays open");
  const range = document.createRange();
  range.setStart(node, at);
  range.setEnd(node, at + "the strait stays open".length);
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""


async def draft(page: Page, text: str) -> None:
    await page.get_by_label("Text", exact=True).fill(text)
    await page.get_by_role("button", name="Keep the draft").click()
    await page.get_by_role("button", name="Seal our readout").click()


def test_both_desks_seal_and_see_both_open_and_a_statement_is_drawn_and_paired() -> None:
    """Issue D, 5: the whole way from both desks, English and Chinese, without anybody loading a page again to see."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", "/readouts"), (south, "samira", ""))
            await edda.get_by_label("Meeting", exact=True).fill("First meeting")
            await edda.get_by_label("Date", exact=True).fill("2026-11-23")
            await edda.get_by_role("button", name="Ask for both").click()
            await expect(edda.get_by_text("Asked for, none sealed")).to_be_visible()
            await draft(edda, OURS)
            await expect(edda.get_by_text("One is sealed")).to_be_visible()
            await samira.goto(south.origin + "/readouts")
            await samira.get_by_role("link", name="First meeting").click()
            assert "strait" not in await samira.content()
            await draft(samira, THEIRS)
            await expect(edda.get_by_text("Both are opened")).to_be_visible()  # by itself
            await expect(edda.get_by_text("海峡保持开放")).to_be_visible()

            await edda.locator("#main section", has_text="North").get_by_role("link", name="Its words").click()
            await expect(edda.locator(".offered")).to_have_count(2)
            await edda.evaluate(SELECT)
            form = edda.locator("form", has=edda.locator("[data-drawn]"))
            await expect(form.get_by_label("The words")).to_have_value("the strait stays open")
            await form.get_by_label("Topic").fill("Strait")
            await form.get_by_role("button", name="Confirm it so").click()
            await expect(edda.locator("mark")).to_have_text("the strait stays open")
            await expect(edda.locator(".offered")).to_have_count(1)
            await edda.get_by_role("button", name="Confirm all in the record").click()
            await expect(samira.get_by_role("link", name="the strait stays open")).to_be_visible()  # by itself
            assert north.troubles + south.troubles == []

    play(story())
