"""Two people at two desks of two nodes: what each sees, as it happens, without reloading."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect
from tests.browser.desks import cookies, play, sample_desk, seated, two_desks

from parley.actions import messages

pytestmark = pytest.mark.browser
ROOM = "/channels/leaders"


async def send(page: Page, text: str, precedence: str = "ROUTINE") -> None:
    """Write and send a message, by keys alone."""
    await page.locator("html[data-ready=yes]").wait_for()
    await page.keyboard.press("c")
    await expect(page.locator("#c-text")).to_be_focused()
    await page.locator(f"input[name=precedence][value={precedence}]").check()
    await page.locator("#c-text").fill(text)
    await page.locator("#c-text").press("Control+Enter")


def test_a_message_appears_at_the_other_desk_and_its_four_facts_at_ours() -> None:
    """The whole of promise 2 as people see it, from the key that sends to the name that acknowledged."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", ROOM), (south, "samira", ROOM))
            await samira.locator("html[data-ready=yes]").wait_for()

            await send(edda, "Our survey ship sails at six.")
            arrived = samira.locator("article.message", has_text="Our survey ship sails at six.")
            await expect(arrived).to_be_visible()

            facts = edda.locator("article.message .facts li.reached")
            await expect(facts).to_have_count(3)  # on both disks, and shown: it was in view
            await samira.keyboard.press("a")
            await samira.get_by_role("button", name=re.compile("Acknowledge as")).click()
            await expect(facts).to_have_count(4)
            await expect(edda.locator("article.message .facts")).to_contain_text("Samira")
            await expect(samira.locator("#waits")).to_have_count(0)
            assert north.troubles + south.troubles == []

    play(story())


def test_what_came_while_a_page_was_loading_or_somebody_wrote_is_shown_after() -> None:
    """A hint finds no page before its connection is open, and takes no half-written note away: neither is lost."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", ROOM), (south, "samira", ""))
            go_on = asyncio.Event()

            async def hold(route: Route) -> None:
                await go_on.wait()
                await route.continue_()

            await samira.route("**/main.js", hold)
            await samira.goto(south.origin + ROOM, wait_until="commit")
            await expect(samira.locator("h1")).to_be_visible()
            await send(edda, "Our survey ship sails at six.")
            await expect(edda.locator("article.message .facts li.reached")).to_have_count(2)
            await expect(samira.locator("article.message")).to_have_count(0)
            go_on.set()
            message = samira.locator("article.message", has_text="Our survey ship sails at six.")
            await expect(message).to_be_visible()

            await samira.locator("html[data-ready=yes]").wait_for()
            await samira.keyboard.press("a")
            note = message.get_by_role("textbox").first
            await note.fill("half a note")
            assert north.side_at is not None
            subject = await message.get_attribute("data-subject")
            await messages.cancel(north.side_at.node, north.side_at["edda"], "leaders", subject or "", reason="error")
            await send(edda, "We shall write again.")
            await expect(samira.locator("article.message", has_text="We shall write again.")).to_be_visible()
            await expect(note).to_have_value("half a note")
            await expect(message).not_to_contain_text("cancelled", ignore_case=True)
            await message.locator("details[open] summary").first.click()
            await expect(message).to_contain_text("cancelled", ignore_case=True)
            assert north.troubles + south.troubles == []

    play(story())


# Sixty changes in a third of a second, each answered at once: how often each part was asked for, and in how long.
MUCH = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {keepFragments} = await import(base + 'fragments.js');
  const asked = {};
  window.fetch = async (part) => {
    asked[part] = (asked[part] ?? 0) + 1;
    return new Response('<p>Nothing yet.</p>', {headers: {'Content-Type': 'text/html'}});
  };
  const refresh = keepFragments(), begun = performance.now();
  for (let change = 0; change < 60; change++) {
    refresh('channel:leaders');
    await new Promise((done) => setTimeout(done, 5));
  }
  return [asked, performance.now() - begun];
})()
"""


def test_much_that_happens_at_once_is_a_few_answers() -> None:
    """A call begins with a dozen changes; to draw each of them took the machine from its sound."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + ROOM)
            await page.locator("html[data-ready=yes]").wait_for()
            asked, took_ms = await page.evaluate(MUCH)
            assert f"{ROOM}/thread" in asked
            assert all(1 < times <= 1 + took_ms / 120 for times in asked.values()), asked

    play(story())


# How long after a voice has begun each part is asked for, in ms, though something changed at once.
STILL = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {holdStill, keepFragments} = await import(base + 'fragments.js');
  const asked = [];
  const begun = performance.now();
  const first = new Promise((done) => {
    window.fetch = async () => {
      asked.push(performance.now() - begun);
      done();
      return new Response('<p>Nothing yet.</p>', {headers: {'Content-Type': 'text/html'}});
    };
  });
  const refresh = keepFragments();
  holdStill();
  refresh('channel:leaders');
  await first;
  return asked;
})()
"""


# A page out of sight, whose timers the browser all but stops; `change` is over once the page has asked what changed.
UNSEEN = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {holdStill, keepFragments} = await import(base + 'fragments.js');
  Object.defineProperty(document, 'hidden', {get: () => true});
  window.setTimeout = () => 0;
  let asked = () => {};
  window.fetch = async (part) => {
    if (part.endsWith('/thread')) asked();
    return new Response('<p>Nothing yet.</p>', {headers: {'Content-Type': 'text/html'}});
  };
  const refresh = keepFragments();
  holdStill();
  window.change = () => new Promise((done) => {
    asked = done;
    refresh('channel:leaders');
  });
})()
"""


def test_a_page_out_of_sight_waits_for_no_timer_to_show_what_came() -> None:
    """Chromium lets the timers of such a tab run once a minute; what stands above the page may have to sound there."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + ROOM)
            await page.locator("html[data-ready=yes]").wait_for()
            await page.evaluate(UNSEEN)
            for _ in range(3):
                async with asyncio.timeout(5):
                    await page.evaluate("change()")

    play(story())


def test_while_a_voice_begins_the_page_holds_still_and_then_shows_what_came() -> None:
    """What the page drew as a call began took the machine from its first syllable: first presses came 50 ms later."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + ROOM)
            await page.locator("html[data-ready=yes]").wait_for()
            asked = await page.evaluate(STILL)
            assert asked and min(asked) >= 195

    play(story())


def test_a_flash_needs_a_second_person_and_is_announced_at_once() -> None:
    """DESIGN 5: rung at every desk of ours until somebody else releases it; then assertive at theirs."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            people = (north, "edda", ROOM), (north, "tomas", "/"), (south, "samira", "/line")
            edda, tomas, samira = await seated(browser, *people)
            await samira.locator("html[data-ready=yes]").wait_for()
            await tomas.locator("html[data-ready=yes]").wait_for()
            await send(edda, "Stop your engines.", "FLASH")
            await edda.wait_for_url(re.compile("/drafts"))
            await expect(edda.locator("article.message")).to_contain_text("second person")
            await expect(edda.get_by_role("link", name="Read and release")).to_have_count(0)

            await expect(tomas.locator(".alert.urgent")).to_contain_text("second person")
            await tomas.keyboard.press("f")
            await tomas.get_by_label("I have read these exact words").check()
            await tomas.get_by_role("button", name=re.compile("Release FLASH as")).click()
            await tomas.wait_for_url(re.compile(ROOM))

            await expect(samira.locator("#say-now")).to_contain_text(re.compile("FLASH from .?North"))
            await expect(samira.locator(".alert.urgent")).to_contain_text("FLASH from North")
            await samira.keyboard.press("f")
            await expect(samira.locator("article.message.flash")).to_contain_text("Stop your engines.")

    play(story())


def test_a_page_says_that_it_lost_its_node_and_is_right_again_after() -> None:
    """An old screen that looks alive is the most dangerous thing on a watch."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", ROOM), (south, "samira", ROOM))
            await samira.locator("html[data-ready=yes]").wait_for()
            await south.close()
            await expect(samira.locator("#desk-lost")).to_be_visible(timeout=8000)
            await send(edda, "Said while South's desk was away.")
            await south.open()
            await expect(samira.locator("#desk-lost")).to_be_hidden(timeout=8000)
            await expect(samira.locator("article.message")).to_contain_text("Said while South's desk was away.")

    play(story())


def test_reading_writing_and_acknowledging_work_without_script() -> None:
    """A locked-down browser, or a script that fails, must not silence a side."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda = await north.sign_in(browser, "edda", at=ROOM, java_script_enabled=False)
            samira = await south.sign_in(browser, "samira", at="", java_script_enabled=False)
            await edda.locator("#composer summary").click()
            await edda.locator("#c-text").fill("Without script.")
            await edda.get_by_role("button", name="Send to South").click()
            await expect(edda.locator("article.message")).to_contain_text("Without script.")

            await samira.goto(south.origin + ROOM)
            message = samira.locator("article.message")
            for _ in range(20):
                if await message.count():
                    break
                await samira.reload()
            await message.locator("summary", has_text="Acknowledge").click()
            await samira.get_by_role("button", name=re.compile("Acknowledge as")).click()
            await expect(message.locator(".facts")).to_contain_text("Samira")

    play(story())


def test_every_place_of_a_real_node_can_be_opened() -> None:
    """The pages over real rows: what samples show and a node does not would only be found at a desk."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda = await north.sign_in(browser, "edda", at=ROOM)
            await send(edda, "Hello.")
            await expect(edda.locator("article.message")).to_contain_text("Hello.")
            await expect(edda.locator("article.message .facts li.reached")).to_have_count(2)
            for path in (
                "/",
                "/line",
                "/record",
                "/record/leaders/north/0",
                "/record/leaders/north/0/0",
                "/people",
                "/help",
            ):
                answer = await edda.goto(north.origin + path)
                assert answer is not None
                assert answer.status == 200, path
            await edda.goto(north.origin + "/channels/leaders/message/north/0/0")
            async with edda.expect_download() as saving:
                await edda.get_by_role("link", name="Save the evidence").click()
            assert (await saving.value).suggested_filename == "north-0-0.parley"
            admin = await south.sign_in(browser, "admin", at="/people")
            await admin.get_by_role("button", name="One-time link Samira").click()
            link = await admin.get_by_label("One-time link").input_value()
            assert link.startswith(south.origin + "/sign-in?token=")
            assert north.troubles + south.troubles == []

    play(story())
