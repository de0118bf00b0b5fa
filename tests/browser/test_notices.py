"""Notices and signals at the desks of two nodes: the other side sees them without anybody loading a page again."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect
from tests.browser.desks import cookies, play, sample_desk, seated, two_desks
from tests.browser.test_watch import ready

from parley.actions import rulebooks
from parley.times import Moment, moment_text

pytestmark = pytest.mark.browser
# What is drawn where the first point was set, and a little beside it.
PIXELS = """canvas => [300, 312].map((x) => {
  const one = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const on = one.getContext("2d", {willReadFrequently: true}), dots = canvas.width / canvas.clientWidth;
  on.drawImage(canvas, x * dots, 100 * dots, 1, 1, 0, 0, 1, 1);
  return [...on.getImageData(0, 0, 1, 1).data].join();
})"""


def test_a_notice_appears_at_the_other_desk_and_a_signal_in_its_own_words() -> None:
    """Issue C, 1 and 2: given by a form, seen at once; a signal is one key, a code, Enter."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None
            ours = north.side_at
            example = rulebooks.example(ours["edda"], "sea-air")
            sent = await rulebooks.propose(ours.node, ours["edda"], example)
            edda, samira = await seated(browser, (north, "edda", ""), (south, "samira", f"/{sent.subject}"))
            await samira.get_by_role("button", name="Adopt", exact=True).click()
            await samira.goto(south.origin + "/notices")
            await ready(samira)

            now = ours.node.moment()
            await edda.goto(north.origin + "/notices/new")
            await edda.get_by_label("What takes place").fill("Gunnery")
            await edda.get_by_label("From (UTC)").fill(moment_text(Moment(now - 3_600_000))[:16])
            await edda.get_by_label("Until (UTC)").fill(moment_text(Moment(now + 7_200_000))[:16])
            await edda.locator("#f-area").fill("WITHIN 5 NM OF 54-30.0N 010-15.5E")
            await edda.get_by_role("button", name="Give notice to South").click()
            await expect(edda.get_by_text("In force now")).to_be_visible()
            await expect(samira.locator("[data-notice]")).to_contain_text("Gunnery")

            await edda.goto(north.origin + "/channels/leaders")
            await ready(edda)
            await edda.keyboard.press("d")
            await edda.keyboard.type("KC1")
            async with edda.expect_navigation():  # to the same address: it is sent once the page has come again
                await edda.keyboard.press("Enter")
            await samira.goto(south.origin + "/channels/leaders")
            await expect(samira.locator(".rendering [lang=ar]", has_text="ابتعدوا عني").first).to_be_visible()
            assert north.troubles + south.troubles == []

    play(story())


def test_an_area_that_is_taken_back_on_the_chart_is_taken_out_of_the_form() -> None:
    """A warning was given of an area that the chart no longer showed; what somebody typed is never taken out."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/notices/new")
            await expect(page.locator("[data-chart]")).to_have_attribute("data-ready", "yes")
            field, canvas = page.locator("#f-area"), page.locator("canvas")
            await page.get_by_role("button", name="Polygon").press("Enter")
            for x, y in ((300, 100), (400, 100), (400, 200)):
                await canvas.click(position={"x": x, "y": y})
            await expect(field).to_have_value(re.compile("^AREA BOUNDED BY (.+,){2}"))
            await canvas.press("Backspace")
            await expect(field).to_have_value("")
            await canvas.press("Enter")
            await expect(field).to_have_value(re.compile("^AREA BOUNDED BY"))
            await field.fill("WITHIN 5 NM OF 54-30.0N 010-15.5E")
            await page.get_by_role("button", name="Take back a point").press("Enter")
            await expect(field).to_have_value("WITHIN 5 NM OF 54-30.0N 010-15.5E")
            assert desk.troubles == []

    play(story())


def test_the_slider_marks_what_is_in_force_without_asking_again() -> None:
    """The mark is a word; the moment stands beside the slider."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/notices?day=2026-11-23&days=7")
            await ready(page)
            there = page.locator("[data-notice-there]:visible")
            await page.locator("#n-hour").fill("10")
            await expect(page.locator("[data-notice-at]")).to_have_text("2026-11-23 10:00Z")
            await expect(there).to_have_count(3)
            await page.locator("#n-hour").fill("100")
            await expect(there).to_have_count(0)
            assert desk.troubles == []

    play(story())


def test_drawing_shows_each_point_at_once_a_drag_sets_none_and_what_was_checked_is_drawn() -> None:
    """A first point that is not seen is pressed again; a corner set by moving the chart is an area nobody meant."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/notices/new")
            chart, canvas, field = page.locator("[data-chart]"), page.locator("canvas"), page.locator("#f-area")
            await expect(chart).to_have_attribute("data-ready", "yes")
            shown = int(await chart.get_attribute("data-drawn") or "0")
            await page.get_by_role("button", name="Polygon").press("Enter")
            await canvas.scroll_into_view_if_needed()
            await canvas.click(position={"x": 300, "y": 100})
            for _ in range(100):
                dot, sea = await canvas.evaluate(PIXELS)
                if dot != sea:
                    break
                await page.wait_for_timeout(20)
            assert dot != sea
            box = await canvas.bounding_box()
            assert box is not None
            await canvas.click(position={"x": 400, "y": 100})
            await page.mouse.move(box["x"] + 600, box["y"] + 150)
            await page.mouse.down()
            await page.mouse.move(box["x"] + 500, box["y"] + 180, steps=4)
            await page.mouse.up()
            await expect(field).to_have_value("")  # two points, and a chart that was moved
            await canvas.click(position={"x": 300, "y": 250})
            await expect(field).to_have_value(re.compile("^AREA BOUNDED BY (.+,){2}"))

            await page.locator("#f-channel").select_option(index=0)
            await page.locator("#f-title").fill("Firing K4")
            await page.locator("#f-since").fill("2026-11-28T01:00")
            await page.locator("#f-until").fill("2026-11-28T02:00")
            await page.get_by_role("button", name="Check first").press("Enter")
            await page.locator("#checked-head").wait_for()
            await expect(chart).to_have_attribute("data-drawn", str(shown + 1))
            await expect(chart.locator("table")).to_contain_text("Firing K4")
            assert desk.troubles == []

    play(story())
