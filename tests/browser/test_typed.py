"""What somebody types is theirs until it is done: after a refusal, and while the page around it changes."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import cookies, play, sample_desk, seated, two_desks

from parley.actions import messages
from parley.actions.wording import Words

pytestmark = pytest.mark.browser
WORDS = "The buoy has drifted again;\ntheir tug \u2066waits\u0007 there."  # pasted with a mark nobody sees


# Each time the parts of an incident are asked for there is something new among them.
NEWS = """(() => {
  const ask = window.fetch;
  let number = 0;
  window.fetch = async (path, ...more) => {
    const answer = await ask(path, ...more);
    return String(path).endsWith("/all") ? new Response(`${await answer.text()}<p id="fresh">${++number}</p>`) : answer;
  };
})()"""


async def ready(page: Page) -> None:
    await page.locator("html[data-ready=yes]").wait_for()


def test_a_refused_text_is_on_the_page_again_wherever_it_was_typed() -> None:
    """A note, a translation, a correction: refused for one hidden mark, and the whole of it was gone."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            [edda] = await seated(browser, (north, "edda", "/watch"))
            await ready(edda)
            await edda.locator("summary", has_text="Write a note").first.press("Enter")
            await edda.locator("#leaders-note").fill(WORDS)
            await edda.get_by_role("button", name="Keep the note").first.click()
            await expect(edda.locator("#main > .note.bad")).to_contain_text("Not done")
            await expect(edda.locator("#leaders-note")).to_be_visible()
            await expect(edda.locator("#leaders-note")).to_have_value(WORDS)
            await ready(edda)
            await edda.locator("#leaders-note").fill(WORDS.replace("\u0007", "").replace("\u2066", ""))
            await edda.get_by_role("button", name="Keep the note").first.click()
            await expect(edda.locator(".hand-note").first).to_contain_text("drifted again")

    play(story())


def test_what_was_typed_and_left_stays_while_the_page_around_it_changes() -> None:
    """Whoever looks something up in the middle of an answer loses the focus, and lost the answer with it."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off"))

            await page.add_init_script(NEWS)
            await page.goto(desk.origin + "/incidents/duty/north/0/40")
            await ready(page)
            fresh = page.locator("#fresh")
            before = await fresh.text_content()
            field = page.locator("input[id^=st-]").first
            await field.fill("We were south of the line")
            await field.blur()
            await page.evaluate("document.dispatchEvent(new Event('parley:overdue'))")
            await expect(fresh).not_to_have_text(before or "")
            await expect(field).to_have_value("We were south of the line")

    play(story())


def test_an_act_refused_beside_its_message_says_why() -> None:
    """It read "422": the sentence was looked for in the wrong part of the answer."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None and south.side_at is not None
            words = Words(channel="leaders", text="Is the tug there?", language="en", precedence="IMMEDIATE")
            await messages.send_message(north.side_at.node, north.side_at["edda"], words)
            samira = await south.sign_in(browser, "samira", at="/channels/leaders")
            await ready(samira)
            message = samira.locator(".message").first
            await message.wait_for()
            await message.locator("summary", has_text="Acknowledge").first.press("Enter")
            await message.locator("textarea, input[type=text]").first.fill(WORDS)
            await message.locator("form button[type=submit]").first.click()
            await expect(message.locator(".note.bad")).to_contain_text("cannot be signed")

    play(story())


def test_while_our_node_is_away_nothing_is_sent_into_the_void_and_the_page_stays() -> None:
    """A press on Send in the ten seconds of a restart: the browser's own error page, and neither words nor alarms."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            edda = await north.sign_in(browser, "edda", at="/channels/leaders")
            await ready(edda)
            await edda.keyboard.press("c")
            await edda.locator("#c-text").fill("The buoy has drifted again.")
            await north.close()
            await expect(edda.locator("#desk-lost")).to_be_visible(timeout=8000)  # the page knows
            await edda.locator("#c-text").press("Control+Enter")
            await expect(edda.locator("#desk-unsent")).to_be_visible()
            await expect(edda.locator("#say-now")).to_contain_text("nothing was taken")
            await edda.locator(".places a", has_text="The line").click()
            await edda.wait_for_timeout(300)  # what would come then is the browser's own page
            await expect(edda.locator("#c-text")).to_have_value("The buoy has drifted again.")
            await north.open()
            await expect(edda.locator("#desk-unsent")).to_be_hidden()
            await edda.locator("#c-text").press("Control+Enter")
            await expect(edda.locator("article.message")).to_contain_text("drifted again")

    play(story())
