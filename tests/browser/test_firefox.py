"""The pages in another browser than the one everything else is tried in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser.desks import Desk, play
from tests.browser.firefox import FIREFOX, firefox
from tests.desk.sample import Samples
from tests.desk.test_pages import PAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed"),
]
READY = """new Promise((told) => { const look = () => document.documentElement.dataset.ready === "yes"
  ? told(true) : setTimeout(look, 20); look(); })"""
# Everything unfolded; how far it is wider than the room beside the bar by which a page is scrolled.
STICKS_OUT = """(() => { for (const part of document.querySelectorAll("details")) part.open = true;
  return document.documentElement.scrollWidth - document.documentElement.clientWidth; })()"""


@pytest.mark.parametrize("view", ["language=en&theme=light", "language=ar&theme=night"])
def test_every_page_runs_and_none_sticks_out(tmp_path: Path, view: str) -> None:
    """A duty officer has the browser that their house gives them."""

    async def story() -> None:
        desk = Desk("north", samples=Samples())
        await desk.open()
        try:
            async with firefox(tmp_path) as browser:
                await browser.cookie("north.localhost", "parley", "sample-session")
                await browser.cookie("north.localhost", "parley-view", f"{view}&sound=off&watch=on")
                for path in (*PAGES, "/sign-in"):
                    await browser.wide(1280)
                    await browser.go(desk.origin + path)
                    await browser.run(READY)
                    for width in (320, 1280):
                        await browser.wide(width)
                        assert await browser.run(STICKS_OUT) <= 0, (path, width)
                    assert browser.troubles == [], path
        finally:
            await desk.close()

    play(story())
