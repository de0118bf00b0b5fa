"""WCAG 2.2 AA on every page, in every language and theme, by axe-core, with no exceptions; and nothing sticks out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page
from tests.browser.desks import Desk, cookies, looked_at, play, sample_desk
from tests.desk.test_pages import PAGES

from parley.desk.words import LANGUAGES

pytestmark = pytest.mark.browser
AXE: Final = Path(__file__).parent / "axe"
ALL: Final = (*dict.fromkeys(PAGES), "/sign-in", "/nowhere")
PARTS: Final = 6
THEMES: Final = ("light", "dark", "night")
WIDTHS: Final = (1280, 320)
FITS: Final = (320, 768, 1400, 3840)  # somebody will hold it in a car; somebody will hang it on a wall
RUN: Final = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return found.violations.map((one) => [one.id, one.nodes.map((node) => `${node.html} ${node.failureSummary}`)]);
}"""


async def violations(page: Page) -> list[Any]:
    """Give what axe finds on the page with everything on it unfolded."""
    await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    # An unfolded composer takes the focus in the next frame and scrolls to itself: what then lies half under the strip
    # at the top is no small target. Look at the page from its beginning.
    await page.evaluate("new Promise((on) => requestAnimationFrame(() => requestAnimationFrame(on)))")
    await page.evaluate("window.scrollTo(0, 0)")
    found: list[Any] = await page.evaluate(RUN)
    return found


async def sticks_out(page: Page, width: int) -> int:
    """Give how many pixels the page, with everything on it unfolded, is wider than a screen of this width."""
    await page.set_viewport_size({"width": width, "height": 900})
    return int(await page.evaluate("document.documentElement.scrollWidth")) - width


def check(looks: Iterable[tuple[str, str, str, int]]) -> None:
    """Look at each (path, language, theme, width); the browser's policy stops added scripts, so axe is evaluated."""

    source = (AXE / "axe.min.js").read_text("utf-8")
    wrong: list[object] = []

    async def look(desk: Desk, page: Page, at: tuple[str, str, str, int]) -> None:
        path, language, theme, width = at
        await page.set_viewport_size({"width": width, "height": 900})
        await page.context.add_cookies(cookies(desk, f"language={language}&theme={theme}&sound=off&watch=on"))
        await page.goto(desk.origin + path)
        await page.evaluate(source)
        wrong.extend((at, one) for one in await violations(page))
        for wide in FITS:
            if (over := await sticks_out(page, wide)) > 0:
                wrong.append((path, language, wide, over))

    async def story() -> None:
        await looked_at(looks, look, reduced_motion="reduce")
        assert wrong == []

    play(story())


def sample() -> Iterator[tuple[str, str, str, int]]:
    """Give each page once, with languages, themes and widths taking turns."""
    turns = cycle((language, theme, width) for width in WIDTHS for theme in THEMES for language in LANGUAGES)
    for path in ALL:
        yield path, *next(turns)


def test_axe_is_the_file_we_looked_at() -> None:
    """A checker that somebody changed would find what they like."""
    stated = (AXE / "README.md").read_text("utf-8")
    assert hashlib.sha256((AXE / "axe.min.js").read_bytes()).hexdigest() in stated


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_every_page_passes_once(part: int) -> None:
    """Each page in one of the languages, themes and widths, in turn; a sixth of the pages, all in the long run."""
    check(islice(sample(), part, None, PARTS))


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_page_passes_in_every_language_and_theme(language: str, theme: str) -> None:
    """EN 301 549 asks it of a public body, and people on duty wear glasses at three in the morning."""
    check((path, language, theme, width) for path in ALL for width in WIDTHS)


def test_axe_would_see_a_fault() -> None:
    """A check that finds nothing on a bad page proves nothing on a good one."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/help")
            await page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
            await page.evaluate(
                "document.querySelector('main').innerHTML = '<img src=\"/static/x\"><button></button><input>'"
            )
            assert {"image-alt", "button-name", "label"} <= {one[0] for one in await violations(page)}

    play(story())
