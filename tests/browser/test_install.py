"""The desk as a program of its own, with an icon and a window without an address bar."""

from __future__ import annotations

import json

import pytest
from tests.browser.desks import cookies, play, sample_desk

pytestmark = pytest.mark.browser


@pytest.mark.long
def test_a_browser_offers_to_install_the_desk() -> None:
    """A duty desk is a window that nobody closes by mistake among forty tabs."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            for path in ("/", "/sign-in"):
                page = await desk.page(browser)
                await page.context.add_cookies(cookies(desk, "language=zh&sound=off") if path == "/" else [])
                await page.goto(desk.origin + path)
                session = await page.context.new_cdp_session(page)
                found = await session.send("Page.getAppManifest")
                assert found["errors"] == []
                told = json.loads(found["data"])
                assert (told["name"], told["lang"]) == ("North ⟷ South", "zh-Hans" if path == "/" else "en")
                for icon in told["icons"]:
                    kind = await page.evaluate(
                        "async (path) => { const answer = await fetch(path);"
                        " return answer.ok && answer.headers.get('content-type').split(';')[0]; }",
                        icon["src"],
                    )
                    assert kind == icon["type"]
                missing = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
                assert [one["errorId"] for one in missing if one["errorId"] != "in-incognito"] == []
            assert desk.troubles == []

    play(story())
