"""The page of a call at two desks of two nodes: every fact where it is so, and none where it is not yet."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import play, seated, two_desks

from parley.actions import calls
from parley.transports.proxy import CutProxy

pytestmark = pytest.mark.browser
CALL = "/channels/leaders/call"


async def ready(page: Page) -> None:
    await page.locator("html[data-ready=yes]").wait_for()


def test_a_call_is_lifted_answered_and_ended_by_keys_and_both_pages_say_the_same() -> None:
    """DESIGN 6: nobody waits without knowing for what; the state is written down, so it is one at both sides."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", "/channels/leaders"), (south, "samira", "/line"))
            await ready(samira)
            await ready(edda)
            await edda.keyboard.press("l")
            await edda.wait_for_url("**" + CALL)
            await ready(edda)
            await edda.keyboard.press("l")

            await expect(edda.locator("#lift")).to_be_hidden()  # there is a call: nobody is offered another one
            facts = edda.locator(".call-facts .lit")
            await expect(facts).to_have_count(1)  # their node has it; no desk has said that it rings
            await expect(samira.locator(".alert.urgent")).to_contain_text("Edda")
            await expect(samira.locator("#say-now")).to_contain_text("Edda")  # who does not see it hears who calls
            await samira.keyboard.press("f")
            await samira.wait_for_url("**" + CALL)
            await ready(samira)
            await samira.keyboard.press("a")
            for page in (edda, samira):
                await expect(page.locator("#call-now article")).to_have_attribute("data-call-state", "active")
                await expect(page.locator(".call-facts")).to_contain_text("Samira")
                await expect(page.locator("#say-now")).to_contain_text("Samira")
                # Whether her page rang before she answered is a matter of milliseconds; nobody has heard anything yet.
                await expect(page.locator(".call-facts li:is(:nth-child(1), :nth-child(3)).lit")).to_have_count(2)
                await expect(page.locator(".call-facts li:nth-child(n + 4).lit")).to_have_count(0)

            await edda.keyboard.press("x")
            for page in (edda, samira):
                await expect(page.locator("#call-now article")).to_have_count(0)
                await expect(page.locator("#lift")).to_be_visible()  # as soon as it is over
                await page.reload()
                await expect(page.locator("tbody tr")).to_have_count(1)
            assert north.troubles + south.troubles == []

    play(story())


def test_a_declined_call_leaves_room_for_urgent_words() -> None:
    """DESIGN 6: a refusal has a reason, is no fault, and what was to be said is not lost with it."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            await ready(samira)
            await ready(edda)
            await edda.get_by_label("What it is about").fill("Buoy 17")
            await edda.keyboard.press("Escape")
            await edda.keyboard.press("l")
            await expect(samira.locator("#call-now")).to_contain_text("Buoy 17")
            await expect(samira.locator("#lift")).to_be_hidden()  # a page that was open before they called
            await samira.locator("summary", has_text="Decline").focus()
            await samira.keyboard.down("Enter")
            await expect(samira.locator("#decline-why")).to_be_focused()
            await samira.keyboard.down("Enter")  # held a little long: that declines nothing, nor does an "a" answer
            await samira.keyboard.up("Enter")
            await samira.keyboard.type("at sea: the minister is in the air until five.")
            await samira.keyboard.press("Enter")
            await expect(edda.locator("#call-now")).to_contain_text("in the air until five")
            await expect(edda.locator("#say-now")).to_contain_text("in the air until five")
            await edda.locator("#statement").fill("The ship is called off.")
            await edda.get_by_role("button", name="Leave").click()
            await expect(edda.locator("tbody")).to_contain_text("called off")
            await expect(samira.locator("tbody")).to_contain_text("called off")  # without asking for the page again
            await expect(samira.locator(".alert")).to_contain_text("Urgent words left by")
            await samira.goto(south.origin + "/")
            await expect(samira.locator("#main")).to_contain_text("called off")
            await expect(samira.locator(".waits-now")).to_contain_text(
                "Urgent words left by"
            )  # first of all, as what waits
            await expect(samira.locator("#main")).not_to_contain_text("Nothing waits")
            await samira.keyboard.press("f")
            await samira.get_by_role("button", name="Clear").click()
            await expect(samira.locator(".alert")).to_have_count(0)

    play(story())


def test_a_call_that_comes_while_somebody_writes_there_is_not_answered_by_the_next_letter() -> None:
    """The offer to call goes away once there is a call; its field must not go from under somebody's hands."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            (samira,) = await seated(browser, (south, "samira", CALL))
            await ready(samira)
            about = samira.get_by_label("What it is about")
            await about.fill("the ")
            assert north.side_at is not None
            await calls.lift(north.side_at.node, north.side_at["edda"], "leaders")
            await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "ringing")
            await samira.keyboard.type("anchor")
            await expect(about).to_have_value("the anchor")
            await samira.keyboard.press("Escape")
            await expect(samira.locator("#lift")).to_be_hidden()
            await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "ringing")

    play(story())


@pytest.mark.long
def test_a_line_cut_while_it_rings_is_told_at_both_desks_and_the_call_is_one_again_after_it() -> None:
    """Nobody waits without knowing for what, and nobody who answered into a dead line is left with another state."""

    async def story() -> None:
        cable = CutProxy(("127.0.0.1", 0))
        async with two_desks(cable=cable) as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            await ready(samira)
            await ready(edda)
            await edda.keyboard.press("l")
            await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "ringing")
            await cable.cut()
            for page in (edda, samira):
                await expect(page.get_by_text("hears you. A call you place now waits")).to_be_visible(timeout=8000)
                await expect(page.locator("#say-now")).to_contain_text("line is down")
            await samira.keyboard.press("a")
            await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "active")
            await expect(edda.locator("#call-now article")).to_have_attribute("data-call-state", "ringing")

            await cable.heal()
            for page in (edda, samira):
                await expect(page.get_by_text("hears you. A call you place now waits")).to_have_count(0, timeout=8000)
                await expect(page.locator("#call-now article")).to_have_attribute("data-call-state", "active")
                await expect(page.locator(".call-facts")).to_contain_text("Answered by Samira")
            await cable.cut()
            await expect(edda.get_by_text("hears you. A call you place now waits")).to_be_visible(timeout=8000)
            await edda.keyboard.press("x")  # who hangs up into a dead line has hung up
            await expect(edda.locator("#call-now article")).to_have_count(0)
            await cable.heal()
            await expect(samira.locator("#call-now article")).to_have_count(0, timeout=8000)

    play(story())
