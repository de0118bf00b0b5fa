"""Picture in a call between two real browsers: shown by choice, seen with whose it is, and gone when it ends."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect
from tests.actions.pair import talking, until
from tests.browser.desks import ARGS, CHROMIUM, Desk, driver, play, two_desks
from tests.node.test_voice import SESSION

from parley import limits
from parley.actions import calls

pytestmark = pytest.mark.browser
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
COLOURS = """canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(Array.from({length: 400}, (_, at) => data.slice(4 * at * 97, 4 * at * 97 + 3).join())).size;
}"""


async def at_call(desk: Desk, page: Page) -> None:
    await page.goto(desk.origin + "/channels/leaders/call")
    await page.locator("html[data-ready=yes]").wait_for()
    await expect(page.locator("#picture")).to_be_visible()


def test_a_camera_is_shown_by_choice_seen_with_whose_it_is_and_ends_with_the_call() -> None:
    """DESIGN 6: WebCodecs both ways, over the line itself; nobody is shown without having chosen it."""

    async def story() -> None:
        async with talking() as (at_north, at_south), driver() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, *CAMERA])
            north, south = Desk("north", side_at=at_north), Desk("south", side_at=at_south)
            for desk in (north, south):
                await desk.open()
            edda = await north.sign_in(browser, "edda", at="", permissions=["camera"])
            samira = await south.sign_in(browser, "samira", at="")
            subject = (await calls.lift(at_north.node, at_north["edda"], "leaders", session=SESSION)).subject
            await until(lambda: at_south.node.calling.is_open(SESSION))
            await calls.answer(at_south.node, at_south["samira"], "leaders", subject)
            await until(lambda: all(side.node.calling.goes_on(SESSION) for side in (at_north, at_south)))
            await at_call(north, edda)
            await at_call(south, samira)
            seen = samira.locator("#picture-seen figure")
            await expect(seen).to_have_count(0)

            await edda.get_by_role("button", name="Show my camera").click()
            await expect(edda.locator("#picture-state")).to_contain_text("Your camera is shown to")
            await expect(seen.locator("figcaption")).to_have_text("Edda · camera")
            await expect(seen.locator("canvas")).to_have_attribute("data-frames", re.compile(r"[6-9]|\d\d+"))
            assert await seen.locator("canvas").evaluate(COLOURS) > 1  # a picture, not a blank
            assert await edda.locator("#picture-own").is_visible()

            await edda.get_by_role("button", name="Show nothing more").click()
            await expect(seen).to_have_count(0)
            await edda.get_by_role("button", name="Show a document").click()
            await expect(seen).to_have_count(1)
            await calls.hang_up(at_north.node, at_north["edda"], "leaders", subject)
            await expect(edda.locator("#picture")).to_be_hidden()
            assert await edda.locator("#picture-own").evaluate("video => video.srcObject") is None  # the lamp is out
            held = "AudioContext was not allowed to start"  # nobody has touched the other page: its ring is held
            assert [one for one in north.troubles + south.troubles if held not in one] == []
            await browser.close()
            for desk in (north, south):
                await desk.close()

    play(story())


def test_a_page_too_many_says_so_once_and_asks_again_when_a_person_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asked its node again each second without a word, and who sat before it thought that nothing was shown."""
    monkeypatch.setattr(limits, "PICTURE_PAGES_PERSON_MAX", 1)

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            at_north, at_south = north.side_at, south.side_at
            assert at_north is not None and at_south is not None
            subject = (await calls.lift(at_north.node, at_north["edda"], "leaders", session=SESSION)).subject
            await until(lambda: at_south.node.calling.is_open(SESSION))
            await calls.answer(at_south.node, at_south["samira"], "leaders", subject)
            await until(lambda: all(side.node.calling.goes_on(SESSION) for side in (at_north, at_south)))
            first = await south.sign_in(browser, "samira", at="")
            await at_call(south, first)
            await until(lambda: at_south.node.pictures._looking)
            second = await first.context.new_page()
            asked: list[str] = []
            second.on("websocket", lambda one: asked.append(one.url) if one.url.endswith("/picture") else None)
            await at_call(south, second)
            await expect(second.locator("#picture-state")).to_contain_text("Too many pages")
            await second.wait_for_timeout(2500)
            assert len(asked) == 1
            again = second.get_by_role("button", name="Ask for pictures again")
            await again.press("Enter")
            await expect(again).to_be_focused()  # refused once more: who works by keyboard stays where they were
            await first.close()
            await until(lambda: not at_south.node.pictures._looking)
            await again.press("Enter")
            await until(lambda: at_south.node.pictures._looking)
            await expect(again).to_be_hidden()
            await expect(second.locator("#picture-state")).to_have_text("")

    play(story())
