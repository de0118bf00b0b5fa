"""The chart in a real browser: it draws, moves by keys, and writes what is drawn into the field."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.browser.desks import cookies, play, sample_desk

pytestmark = pytest.mark.browser
SPACE = """async (base) => {
  const { Space, pointsOf, wrap } = await import(base + "/chart-space.js");
  let worst = 0;
  for (const [lat, lon] of [[0, 0], [54, 11], [-40, 179.99], [89.9, 20], [-90, 0], [66, -180]])
    for (const scale of [1e-5, 1e-4, 0.05])
      for (const [x, y] of [[400, 300], [10, 20], [790, 590], [400, 1]]) {
        const space = new Space({ lat, lon, scale, width: 800, height: 600 });
        const found = space.back(x, y);
        space.put(pointsOf([[found.lon, found.lat]]), 0);
        if (space.near) worst = Math.max(worst, Math.hypot(space.x - x, space.y - y));
      }
  return worst;
}"""
AREAS = """async (base) => {
  const { areaText } = await import(base + "/chart-area.js");
  return [areaText("circle", [[11.1, 54.25], [11.1, 54.35]], 1), areaText("polygon", [[179.5, -1], [-179.5, -1]], 1),
    areaText("corridor", [[179.5, -1], [-179.5, -1.00001]], 2)];
}"""

# Two marks so close that the words of the first would lie upon the second: what is written where.
WORDS = """async (base) => {
  const { Labels } = await import(base + "/chart-words.js"), said = [];
  const on = { setLineDash() {}, strokeText() {}, measureText: () => ({ width: 60 }) };
  on.fillText = (...one) => said.push(one);
  const labels = new Labels({ on, look: {}, space: { view: { width: 800, height: 600 } } });
  for (const [text, x] of [["ours", 300], ["theirs", 320]]) { labels.put(text, x, 200, ""); labels.avoid(x, 200, 5); }
  labels.write();
  return said;
}"""


def test_a_chart_draws_moves_and_goes_back() -> None:
    """By keyboard alone; what is a pixel must be the same place on the way back, at the poles and over ±180°."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/chart")
            chart = page.locator("[data-chart]")
            await expect(chart).to_have_attribute("data-ready", "yes")
            await expect(chart).to_have_attribute("data-drawn", "7")
            await expect(chart).to_have_attribute("data-named", "2")  # the names our side loaded
            canvas = page.locator("canvas")
            await canvas.focus()
            before = await canvas.screenshot()
            await page.keyboard.press("ArrowLeft")
            await page.keyboard.press("+")
            await expect(page.locator("[data-chart-here]")).not_to_be_empty()
            assert await canvas.screenshot() != before
            await page.keyboard.press("0")
            slider = page.locator("input[type=range]")
            await slider.focus()
            await page.keyboard.press("ArrowRight")
            await expect(page.locator("[data-chart-time] output")).to_have_text("2026-11-23 02:00:11Z")
            base = (await chart.get_attribute("data-coarse") or "").rpartition("/")[0]
            assert await page.evaluate(SPACE, base) < 0.01
            assert await page.evaluate(WORDS, base) == [["ours", 231, 200], ["theirs", 329, 200]]
            assert await page.evaluate(AREAS, base) == [
                "WITHIN 6.00 NM OF 54-15.00N 011-06.00E",
                "",
                "WITHIN 2.00 NM OF THE LINE 01-00.00S 179-30.00E, 01-00.00S 179-30.00W",
            ]
            assert desk.troubles == []

    play(story())
