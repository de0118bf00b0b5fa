"""The wall view: large enough to be read across a room, on any screen that hangs on a wall."""

from __future__ import annotations

import pytest
from tests.browser.desks import cookies, play, sample_desk

pytestmark = pytest.mark.browser
# Of everything with words of its own that is seen, outside the way back: the smallest letters, as a share of the width.
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.top *, .alerts *, #main *')]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => one.checkVisibility() && !one.closest('.unseen, .wall-leave, .end small, svg'))
  .map((one) => parseFloat(getComputedStyle(one).fontSize) / innerWidth))"""


@pytest.mark.long
def test_the_wall_is_read_from_four_metres() -> None:
    """16 minutes of arc at 4 m are 18.6 mm: 2.1 % of a width of 1.2 m, for letters of 0.7 of their size."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            for language in ("en", "ar", "zh"):
                await page.context.add_cookies(cookies(desk, f"language={language}&theme=night&sound=off"))
                await page.goto(desk.origin + "/wall")
                for width, height in ((1920, 1080), (3840, 2160)):
                    await page.set_viewport_size({"width": width, "height": height})
                    assert await page.evaluate(SMALLEST) >= 0.021, (language, width)
                    below = await page.evaluate("document.querySelector('.wall-rooms').getBoundingClientRect().bottom")
                    assert below <= height  # nobody scrolls a wall

    play(story())


def test_the_wall_is_reached_and_left_by_keys() -> None:
    """A keyboard lies on a shelf behind the screen."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off"))
            for keys, path in (("gv", "/wall"), ("u", "/")):
                if path == "/wall":
                    await page.goto(desk.origin + "/")
                await page.locator("html[data-ready=yes]").wait_for()
                for key in keys:
                    await page.keyboard.press(key)
                await page.wait_for_url(desk.origin + path)

    play(story())
