"""A commitment taken by pointing at words in a message and in both languages of a text, and the way back to them."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import play, two_desks

from parley.actions import messages, negotiating
from parley.actions.wording import Words

pytestmark = pytest.mark.browser
SELECT = """([place, words]) => {
  const node = document.querySelector(place).firstChild;
  const at = node.data.indexOf(words);
  document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
}"""
MESSAGE = "Good day 🙂.\n\n  We release the crew by June."
ARTICLE = {"en": "Each side names a point of contact.", "ar": "يسمّي كل طرف نقطة اتصال واحدة."}


async def take(page: Page, place: str, words: str) -> None:
    """Select words and follow the offer."""
    await page.wait_for_selector("html[data-ready]")
    await page.evaluate(SELECT, [place, words])
    await page.get_by_role("link", name="Take a commitment from the chosen words").click()
    await expect(page.get_by_label("The words it is taken from")).to_have_value(words)


def test_words_that_are_pointed_at_become_a_commitment_that_leads_back_to_them() -> None:
    """Issue D, 4: in a message with a sign beyond the first plane, and in a text from left and from right."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None
            node, who, at = north.side_at.node, north.side_at["edda"], "leaders"
            said = await messages.send_message(node, who, Words(channel=at, text=MESSAGE, language="en"))
            opened = await negotiating.open_text(node, who, at, title="T", languages=[("en", True), ("ar", True)])
            await negotiating.add_unit(node, who, at, opened.subject, level="article", words=ARTICLE)
            edda = await north.sign_in(browser, "edda", at=f"/channels/{at}/{said.subject}")
            await take(edda, "[data-passage]", "release the crew by June")
            await edda.get_by_label("What", exact=True).fill("Release the crew")
            await edda.get_by_role("button", name="Put it into the record").click()
            await expect(edda.get_by_text("The source reads so now.")).to_be_visible()
            await expect(edda.get_by_text("2 [en] 4-27")).to_be_visible()
            await edda.get_by_role("link", name="Look at the words there").click()
            await expect(edda).to_have_url(f"{north.origin}/channels/{at}/{said.subject}")  # the mark is the browser's

            await edda.goto(f"{north.origin}/texts/{at}/{opened.subject[5:]}")
            await take(edda, "[data-passage$=en]", "names a point of contact")
            await edda.go_back()
            await take(edda, "[data-passage$=ar]", "نقطة اتصال")
            await edda.get_by_label("By when").fill("2027-03-31")
            await edda.get_by_role("button", name="Put it into the record").click()
            await edda.get_by_role("link", name="Look at the words there").click()
            await expect(edda.locator(":target")).to_contain_text("نقطة اتصال")

            samira = await south.sign_in(browser, "samira", at="/commitments?which=answer")
            await samira.get_by_role("link", name="نقطة اتصال").click()
            await samira.get_by_role("button", name="Agree to it").click()
            await samira.get_by_text("State our view").click()
            await samira.get_by_role("combobox", name="View of South").select_option("kept")
            await samira.get_by_role("button", name="State it as Samira").click()
            await edda.goto(north.origin + "/commitments")
            row = edda.get_by_role("row", name="نقطة اتصال")
            await expect(row.get_by_text("Kept", exact=True)).to_be_visible()
            await expect(row.get_by_text("Agreed")).to_be_visible()
            assert north.troubles + south.troubles == []

    play(story())
