"""An emergency stop at two desks of two nodes: the control, the ringing screen, each step, and what must not happen."""

from __future__ import annotations

import asyncio
import re
from itertools import cycle

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import Desk, cookies, looked_at, play, seated, two_desks
from tests.browser.test_accessibility import AXE, THEMES, violations
from tests.browser.test_signals import SOUNDED
from tests.desk.stop_samples import every
from tests.desk.test_stops import path

from parley.actions import calls
from parley.desk.shown import StopShown
from parley.desk.words import LANGUAGES

pytestmark = pytest.mark.browser
ROOM = "/channels/leaders"
RING = ".stop-ring:not([hidden])"


async def ready(page: Page) -> None:
    await page.locator("html[data-ready=yes]").wait_for()


async def on_watch(desk: Desk, page: Page) -> None:
    """Make this browser a desk on watch, as its person does."""
    await page.locator('button[name="watch"][value="on"]').first.click()
    await page.locator("form.watch[data-on]").wait_for()  # the page that follows, not still the one before
    await ready(page)


async def raise_stop(page: Page, button: str, what: str = "Firing into our lane", where: str = "Lane 4") -> None:
    """From whatever page this is: the key, two fields, one button."""
    await ready(page)
    await page.keyboard.press("Shift+X")
    await page.wait_for_url("**/stop")
    await page.locator("#stop-what").fill(what)
    await page.locator("#stop-where").fill(where)
    await page.get_by_role("button", name=button).click()
    await page.wait_for_url(re.compile("/stops/line/"))
    await ready(page)


def test_a_stop_rings_across_the_far_desk_and_goes_through_each_step_by_keys() -> None:
    """Deir ez-Zor, 2016: 27 minutes for want of the right officer. Here whoever sits there has it in one press."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert south.side_at is not None
            await south.side_at.add("pia", "Pia", "principal")
            people = (north, "edda", "/people"), (south, "samira", ROOM), (south, "pia", "/")
            edda, samira, pia = await seated(browser, *people)
            await ready(pia)
            decides = pia.locator(".alert.urgent[data-alert=stop-decision]")
            await on_watch(south, samira)
            await raise_stop(edda, "Raise the stop")
            await expect(samira.locator(RING)).to_contain_text("Firing into our lane")
            await expect(samira.locator(RING)).to_contain_text("Lane 4")
            await expect(samira.locator("#say-now")).to_contain_text("An emergency stop from")
            await expect(edda.locator(".call-facts")).to_contain_text("A desk of South shows it and rings")
            await expect(edda.locator(".call-facts .lit")).to_have_count(2)  # their node has it; a desk rings

            await samira.keyboard.press("a")
            await samira.wait_for_url(re.compile("/stops/line/north/"))
            await ready(samira)
            await expect(edda.locator(".stop")).to_have_attribute("data-stop-state", "taken")
            await expect(decides).to_contain_text("you decide")
            await expect(samira.locator(".alert[data-alert=stop-decision]")).to_have_count(0)
            await samira.keyboard.press("b")
            await samira.keyboard.type("Stop firing at lane 14.")
            await samira.keyboard.press("Control+Enter")
            await expect(edda.locator(".stop-acts blockquote")).to_have_text("Stop firing at lane 14.")
            await edda.locator("#stop-correct-where").fill("Lane 4, not 14")
            await edda.locator("details[open]").get_by_role("button", name="Correct it").click()
            await ready(edda)
            await expect(samira.locator(".stop")).to_contain_text("Lane 4, not 14")
            await expect(samira.locator(".stop")).to_contain_text("of earlier words")
            await samira.locator("#stop-read-back").fill("Stop firing at lane 4.")
            await samira.get_by_role("button", name="Read back").click()
            await expect(edda.locator(".stop-acts blockquote")).to_have_text("Stop firing at lane 4.")
            await edda.locator("h1").click()
            await edda.keyboard.press("y")
            await expect(samira.locator(".stop")).to_have_attribute("data-stop-state", "confirmed")
            await ready(samira)
            await decides.get_by_role("link").click()
            await pia.get_by_role("button", name="Who decides has it").click()
            await expect(decides).to_have_count(0)
            await samira.get_by_role("button", name="It has stopped").click()
            await expect(edda.locator(".stop")).to_have_attribute("data-stop-state", "effected")
            await expect(edda.locator(".stop-line")).to_contain_text("it has stopped")
            await edda.get_by_role("button", name="Seen").click()
            await expect(edda.locator(".stop-line")).to_have_count(0)
            await expect(samira.locator(".stop-line")).to_have_count(0)
            assert north.troubles + south.troubles == []

    play(story())


@pytest.mark.long
def test_an_exercise_is_told_from_the_real_one_on_every_screen_and_never_overtakes_it() -> None:
    """Promise 10: by words, by pattern, by the signed bytes; and the real one stands first."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", "/"), (south, "samira", "/"))
            await ready(samira)  # not on watch: the hint and the server's own screen are all there is
            await samira.evaluate(SOUNDED)
            await samira.keyboard.press("Shift")  # a browser lets nothing sound before a key or a touch
            await raise_stop(edda, "exercise", what="Drill: stop the pump")
            await expect(samira.locator(RING)).to_have_attribute("data-status", "exercise")
            await expect(samira.locator(RING)).to_contain_text("EXERCISE EXERCISE EXERCISE")
            await expect(samira.locator("#say-now")).to_contain_text("Exercise, exercise.")
            await expect(edda.locator(".call-facts")).to_contain_text("A desk of South shows it and rings")
            await expect(samira.locator("html")).to_have_attribute("data-sounded", re.compile("^( stop-drill)+$"))
            await raise_stop(edda, "Raise the stop", where="Lane 9")
            await expect(samira.locator(RING)).to_have_attribute("data-status", "actual")
            await expect(samira.locator(RING)).to_contain_text("Lane 9")
            await expect(samira.locator("html")).to_have_attribute("data-sounded", re.compile(" stop$"))
            assert [one.code for one in south.side_at.node.faults(9)] == []  # no desk that should ring was silent
            await samira.goto(south.origin + "/stops/drills")
            await expect(samira.locator("main")).to_contain_text("Drill: stop the pump")
            await expect(samira.locator("main")).not_to_contain_text("Lane 9")

    play(story())


def test_who_is_writing_loses_no_word_and_takes_nothing_by_the_next_letter() -> None:
    """A stop that is taken by the letter "a" of somebody's sentence is taken by nobody."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", "/"), (south, "samira", ROOM))
            await on_watch(south, samira)
            await samira.keyboard.press("c")
            await samira.keyboard.type("The ferry goes ")
            text = samira.locator(".composer textarea").first
            await asyncio.gather(
                raise_stop(edda, "Raise the stop"), samira.keyboard.type("a" * 40, delay=100)
            )  # the screen comes in the middle of it
            await samira.locator(RING).wait_for()
            await expect(edda.locator(".stop")).to_have_attribute("data-stop-state", "raised")
            await samira.keyboard.press("Escape")
            await expect(samira.locator(RING)).to_have_count(0)
            await expect(samira.locator(".stop-line")).to_contain_text("nobody here has taken it")
            await expect(text).to_have_value(re.compile("^The ferry goes a+$"))
            await text.fill("The ferry goes at five.")  # what lies below is not locked once it is put aside
            await edda.locator("summary", has_text="Sent in error").click()
            await edda.get_by_role("button", name="Withdraw the stop").click()
            await expect(samira.locator(".stop-line")).to_contain_text("has withdrawn its stop")

    play(story())


def test_a_stop_that_was_put_aside_hides_no_later_one_and_is_taken_by_no_key_meant_for_a_call() -> None:
    """The second was never drawn nor said to be shown, and the key that answers a call took the first."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None
            edda, samira = await seated(browser, (north, "edda", "/"), (south, "samira", ROOM + "/call"))
            await on_watch(south, samira)
            await raise_stop(edda, "Raise the stop")
            await samira.locator(RING).wait_for()
            await samira.keyboard.press("Escape")
            await expect(samira.locator(RING)).to_have_count(0)
            await calls.lift(north.side_at.node, north.side_at["edda"], "leaders")
            await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "ringing")
            await samira.keyboard.press("a")
            await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "active")
            await expect(edda.locator(".stop")).to_have_attribute("data-stop-state", "raised")

            await samira.locator(RING).wait_for()  # on the page that follows it is back
            await ready(samira)
            await samira.keyboard.press("Escape")
            await raise_stop(edda, "Raise the stop", where="Lane 9")
            await expect(samira.locator(RING)).to_contain_text("Lane 9")
            await expect(edda.locator(".call-facts")).to_contain_text("A desk of South shows it and rings")
            await samira.locator(RING).locator("[data-stop-aside]").wait_for()  # the drawn one
            await samira.keyboard.press("a")
            await expect(edda.locator(".stop")).to_have_attribute("data-stop-state", "taken")

    play(story())


def test_it_works_without_script() -> None:
    """A browser whose script broke at the worst hour still raises and answers."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda = await north.sign_in(browser, "edda", java_script_enabled=False)
            samira = await south.sign_in(browser, "samira", java_script_enabled=False)
            await edda.locator(".stop-control").click()
            await edda.locator("#stop-what").fill("Jamming")
            await edda.locator("#stop-where").fill("Sector 4")
            await edda.get_by_role("button", name="Raise the stop").click()
            await edda.wait_for_url(re.compile("/stops/line/"))
            for _ in range(100):
                await samira.reload()
                if await samira.locator(RING).count():
                    break
            await samira.locator(RING).get_by_role("button", name="I take it").click()
            await samira.wait_for_url(re.compile("/stops/line/"))
            await samira.locator("#stop-read-back").fill("Stop jamming in sector 4.")
            await samira.get_by_role("button", name="Read back").click()
            await expect(samira.locator(".stop")).to_contain_text("Stop jamming in sector 4.")

    play(story())


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, 8))])
def test_no_state_of_a_stop_breaks_wcag_or_sticks_out(part: int) -> None:
    """Ringing screen, strip, each state of each side, real and drill: by axe, at 1280 and at 320 pixels.

    An eighth of the looks in each run, the others with --long.
    """

    source = (AXE / "axe.min.js").read_text("utf-8")
    turns = cycle((language, theme, width) for width in (1280, 320) for theme in THEMES for language in LANGUAGES)
    wrong: list[object] = []
    rows = every()
    shown = [("/", (row,)) for row in rows] + [(path(row), (row,)) for row in rows]
    each = [("/stops", rows), ("/stops/drills", rows), *shown]

    async def look(desk: Desk, page: Page, at: tuple[tuple[str, tuple[StopShown, ...]], tuple[str, str, int]]) -> None:
        (address, stops), (language, theme, width) = at
        assert desk.samples is not None
        desk.samples.stops_open = stops
        await page.set_viewport_size({"width": width, "height": 900})
        await page.context.add_cookies(cookies(desk, f"language={language}&theme={theme}&sound=off"))
        await page.goto(desk.origin + address)
        await ready(page)
        await page.keyboard.press("Escape") if address.startswith("/stops") else None
        await page.evaluate(source)
        this = (address, stops[0].state, stops[0].status, language, theme, width)
        wrong.extend((this, one) for one in await violations(page))
        over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong.extend([(this, over)] if over > 0 else [])

    async def story() -> None:
        assert await looked_at(zip(each[part::8], turns, strict=False), look, reduced_motion="reduce") == []
        assert wrong == []

    play(story())
