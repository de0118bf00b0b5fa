"""The tracks of an incident in a real browser: files are read after the page has come, and its chart shows both."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.browser.desks import cookies, play, sample_desk

from parley.actions.track_rows import TracksRow

pytestmark = pytest.mark.browser


def test_a_page_that_came_before_its_files_shows_them_when_they_are_read() -> None:
    """Nobody presses a button for it, the moment asked about stays, and the slider moves both."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            assert desk.samples is not None
            desk.samples.tracks_row = TracksRow(ready=False, files=2)
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/incidents/duty/north/0/40?at=2026-11-22+09:14:10")
            await expect(page.locator("#tracks table").first).to_contain_text("By the files of South", timeout=20_000)
            await expect(page.locator("#tracks")).to_contain_text("900 m apart")
            chart = page.locator("#incident-chart")
            await expect(chart).to_have_attribute("data-drawn", "8", timeout=20_000)  # 2 accounts, 4 tracks, 2 closest
            slider = chart.locator("input[type=range]")
            await slider.focus()
            await slider.press("ArrowRight")
            await expect(chart.locator("output")).to_contain_text("2026-11-22 09:14")
            assert [one for one in desk.troubles if "AudioContext" not in one] == []

    play(story())
