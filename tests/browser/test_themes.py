"""What the screen shows in each theme, pixel by pixel where that is the promise."""

from __future__ import annotations

import base64

import pytest
from playwright.async_api import Page
from tests.browser.desks import Desk, cookies, looked_at, play, sample_desk
from tests.desk.test_pages import PAGES

pytestmark = pytest.mark.browser
# The greatest green, blue and red of a picture; it is decoded by a page that has no content policy.
BRIGHTEST = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d", {willReadFrequently: true});
  canvas.drawImage(image, 0, 0);
  const found = canvas.getImageData(0, 0, image.width, image.height).data;
  let [red, green, blue] = [0, 0, 0];
  for (let at = 0; at < found.length; at += 4) {
    if (found[at] > red) red = found[at];
    if (found[at + 1] > green) green = found[at + 1];
    if (found[at + 2] > blue) blue = found[at + 2];
  }
  return [red, green, blue];
}"""


async def brightest(page: Page, reader: Page) -> list[int]:
    """Give the greatest red, green and blue that the whole page shows, with everything on it unfolded."""
    await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    picture = base64.b64encode(await page.screenshot(full_page=True)).decode()
    found: list[int] = await reader.evaluate(BRIGHTEST, picture)
    return found


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, 6))])
def test_night_red_shows_nothing_but_red(part: int) -> None:
    """One grey box to tick is enough to end the night sight of whoever looks at the screen. A sixth in each run."""

    readers: dict[Page, Page] = {}

    async def look(desk: Desk, page: Page, path: str) -> None:
        if page not in readers:
            assert page.context.browser is not None
            readers[page] = await page.context.browser.new_page()
            await page.context.add_cookies(cookies(desk, "language=en&theme=night&sound=off&watch=on"))
        await page.goto(desk.origin + path)
        assert await brightest(page, readers[page]) == [255, 0, 0], path

    async def story() -> None:
        await looked_at((*PAGES, "/sign-in", "/nowhere")[part::6], look, color_scheme="light")

    play(story())


def test_a_list_that_is_open_is_red_too() -> None:
    """What a browser draws over the page is not in the page's colours by itself."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            reader = await browser.new_page()
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&theme=night&sound=off"))
            await page.goto(desk.origin + "/line")
            await page.evaluate("document.querySelector('#v-theme').closest('details').open = true")
            await page.locator("#v-theme").click()
            await page.locator("#v-theme option[value=dark]").hover()
            await page.keyboard.press("Tab")
            found = await reader.evaluate(BRIGHTEST, base64.b64encode(await page.screenshot()).decode())
            assert found == [255, 0, 0]

    play(story())


def test_no_white_before_the_styles_have_come() -> None:
    """A slow node must not light up a dark bridge: the page names its colours before its first style."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            reader = await browser.new_page()
            for theme in ("dark", "night"):
                page = await desk.page(browser, color_scheme="light")
                await page.context.add_cookies(cookies(desk, f"language=en&theme={theme}&sound=off"))
                await page.route("**/*.css", lambda route: route.abort())
                await page.goto(desk.origin + "/help")
                empty = {"x": 1200, "y": 880, "width": 60, "height": 15}
                found = await reader.evaluate(BRIGHTEST, base64.b64encode(await page.screenshot(clip=empty)).decode())
                assert max(found) < 0x20, theme

    play(story())
