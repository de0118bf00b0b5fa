"""The interpreter's console at real desks: microphone, direction, what the talkers are told, what stays private."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from tests.actions.pair import talking, until
from tests.browser.desks import play, seated, two_desks
from tests.browser.test_accessibility import AXE, violations
from tests.browser.test_calls import CALL, ready
from tests.browser.test_microphone import CABLE
from tests.browser.test_text import both_in_a_call
from tests.browser.test_voice import STATE, at_desk
from tests.node.test_turns import in_turns

from parley.actions import calls
from parley.cli import sounding
from parley.desk.pages.direct import Outbox

pytestmark = pytest.mark.browser


def on_watch(origin: str) -> list[Any]:
    return [{"name": "parley-view", "value": "watch=on&language=en&sound=off", "url": origin}]


def test_an_interpreter_works_by_keys_and_the_talkers_see_what_they_must() -> None:
    """DOMAIN f.2: direction by one key, pause and repeat shown to those who talk, hand-over after thirty minutes."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None and south.side_at is not None
            for person in ("ines", "igor"):
                await north.side_at.add(person, person.title(), "interpreter")
            view = south.side_at.node.book
            await until(lambda: view.view("line", "roster/north/igor") is not None)
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            await both_in_a_call(edda, samira)
            ines, igor = await seated(browser, (north, "ines", CALL), (north, "igor", CALL))
            for page in (ines, igor):
                await ready(page)
                await page.evaluate("document.getElementById('interpreters').dataset.remindMs = '0'")
            await expect(edda.locator("#interpreters")).to_be_hidden()  # nobody interprets, and she is none
            await ines.select_option("#interpreter-from", "en")
            await ines.select_option("#interpreter-to", "zh")
            await ines.locator("h1").click()
            await ines.keyboard.press("q")
            await expect(ines.locator("#interpreter-state")).to_contain_text("English → Chinese")
            row = samira.locator("#interpreter-list li")
            await expect(row).to_contain_text("Ines · English → Chinese")
            await ines.keyboard.press("v")
            await expect(row).to_contain_text("Ines · Chinese → English")
            await ines.select_option("#interpreter-via", "fr")
            await expect(row).to_contain_text("by way of French (nobody there: hears the floor)")
            await expect(ines.locator("#interpreter-list li")).to_contain_text("time to hand over")
            await expect(row).not_to_contain_text("time to hand over")  # theirs to know

            await ines.locator("h1").click()
            for key, words in (("p", "please pause"), ("r", "please say it again")):
                await ines.keyboard.press(key)
                for page in (edda, samira):
                    await expect(page.locator("#interpreter-asks")).to_contain_text(f"Ines: {words}")

            node = north.side_at.node
            session = str(await ines.locator("#call-now article").get_attribute("data-session"))
            for desk in node.desks.everyone():
                if desk.person == "ines" and isinstance(desk.sink, Outbox):
                    desk.sink.behind.set()  # her connection is cut, and comes back
            await until(lambda: not node.interpreting.sides(session))
            await until(lambda: node.interpreting.sides(session))
            await expect(row).to_contain_text("Ines · Chinese → English")

            await ines.locator("h1").click()
            await ines.keyboard.press("h")
            await expect(igor.locator("#aside-list")).to_contain_text("asks to be relieved")
            await igor.locator("#aside-field").fill("好的")
            await igor.keyboard.press("Enter")
            await expect(ines.locator("#aside-list")).to_contain_text("Igor: 好的")
            await igor.locator("h1").click()
            await igor.select_option("#interpreter-to", "en")
            await igor.select_option("#interpreter-from", "zh")
            await igor.locator("h1").click()
            await igor.keyboard.press("q")
            await expect(row).to_contain_text("Igor")
            await expect(row).to_have_count(1)
            await expect(ines.locator("#interpreter-state")).to_contain_text("at no microphone")
            source = (AXE / "axe.min.js").read_text("utf-8")
            for page in (ines, igor, samira):
                await page.evaluate(source)
                assert await violations(page) == []
            for page in (edda, samira):
                assert "好的" not in await page.content()
            assert north.troubles + south.troubles == []

    play(story())


def test_what_an_interpreter_hears_is_what_is_told_however_it_was_chosen() -> None:
    """The console said "the floor" after a reload while the handset still played a pivot: a relay told to nobody."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None and south.side_at is not None
            await north.side_at.add("ines", "Ines", "interpreter")
            view = south.side_at.node.book
            await until(lambda: view.view("line", "roster/north/ines") is not None)
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            await both_in_a_call(edda, samira)
            (ines,) = await seated(browser, (north, "ines", ""))
            await ines.context.add_cookies(on_watch(north.origin))
            await ines.goto(north.origin + CALL)
            await ready(ines)
            await ines.select_option("#interpreter-via", "fr")
            await expect(ines.locator("#handset-listen")).to_have_value("fr")
            await ines.reload()
            await ready(ines)
            await expect(ines.locator("#interpreter-via")).to_have_value("fr")
            await ines.select_option("#interpreter-from", "en")
            await ines.select_option("#interpreter-to", "zh")
            await ines.locator("h1").click()
            await ines.keyboard.press("q")
            row = samira.locator("#interpreter-list li")
            await expect(row).to_contain_text("by way of French")
            await ines.select_option("#handset-listen", "")  # in the handset, not in the console
            await expect(row).not_to_contain_text("by way of")
            await expect(ines.locator("#interpreter-via")).to_have_value("")
            await ines.reload()  # as a change of language or theme does
            await expect(ines.locator("#interpreter-state")).to_contain_text("English → Chinese")
            await expect(row).to_contain_text("Ines · English → Chinese")
            assert north.troubles + south.troubles == []

    play(story())


def test_an_interpreter_back_in_a_direction_listens_to_its_pivot_again_and_hears_whom_a_word_reached() -> None:
    """After two switches the pivot was the floor, in a language they do not know; and a wish for relief that nobody saw
    stood there as said."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert north.side_at is not None and south.side_at is not None
            for person in ("ines", "igor"):
                await north.side_at.add(person, person.title(), "interpreter")
            await until(lambda: south.side_at.node.book.view("line", "roster/north/igor") is not None)
            edda, samira, ines = await seated(
                browser, (north, "edda", CALL), (south, "samira", CALL), (north, "ines", CALL)
            )
            await both_in_a_call(edda, samira)
            await ready(ines)
            await ines.select_option("#interpreter-from", "fr")
            await ines.select_option("#interpreter-to", "ar")
            await ines.select_option("#interpreter-via", "fr")
            await ines.locator("h1").click()
            await ines.keyboard.press("q")
            row = samira.locator("#interpreter-list li")
            await expect(row).to_contain_text("French → Arabic · by way of French")
            await ines.keyboard.press("v")
            await expect(row).to_contain_text("Arabic → French")
            await expect(row).not_to_contain_text("by way of")
            await ines.keyboard.press("v")
            await expect(row).to_contain_text("French → Arabic · by way of French")

            await ines.keyboard.press("h")
            await expect(ines.locator("#aside-list li").last).to_contain_text("nobody saw it")
            (igor,) = await seated(browser, (north, "igor", ""))
            await igor.context.add_cookies(on_watch(north.origin))
            await igor.goto(north.origin + "/line")  # on watch, and not at the call's page
            await ready(igor)
            await until(lambda: any(desk.person == "igor" for desk in north.side_at.node.desks.on_watch("leaders")))
            await ines.keyboard.press("h")
            await expect(igor.locator("#handset-asks")).to_have_text("Ines: asks to be relieved")
            await expect(ines.locator("#aside-list li").last).not_to_contain_text("nobody saw it")
            assert "asks to be relieved" not in await samira.inner_text("body")
            assert north.troubles + south.troubles == []

    play(story())


def test_an_interpreter_whose_microphone_is_pulled_out_is_at_none_until_it_is_back(tmp_path: Path) -> None:
    """Both sides went on reading that they interpret, and who was not heard, that they were at the microphone."""

    async def story() -> None:
        file = tmp_path / "ines.wav"
        sounding.write_microphone(file, 3)
        async with talking() as (north, south):
            await north.add("ines", "Ines", "interpreter")
            await until(lambda: south.node.book.view("line", "roster/north/ines") is not None)
            async with at_desk(north, "ines", file, before=CABLE) as ines:
                await calls.lift(south.node, south["samira"], "leaders")
                await until(lambda: calls.calls_now(north.node, north["edda"]))
                session = calls.calls_now(north.node, north["edda"])[0].session
                await ines.go(CALL)
                await ines.until(f"{STATE} === 'ready' && document.getElementById('interpreter-console')")
                await ines.run("document.querySelector('#interpreter-console [data-key=q]').click()")
                await until(lambda: south.node.interpreting.sides(session))
                said = "document.getElementById('interpreter-state').textContent"
                await ines.run("pull(true)")
                await until(lambda: not south.node.interpreting.sides(session))
                await ines.until(f"{said}.startsWith('Your microphone is gone')")
                await ines.run("pull(false)")
                await until(lambda: south.node.interpreting.sides(session))
                await ines.until(f"{said}.startsWith('You are at the microphone')")

    play(story())


@pytest.mark.long
def test_turns_are_agreed_passed_by_a_key_and_shown_to_both() -> None:
    """Who waits for their turn must see whose it is, and how much time each side has had."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            await both_in_a_call(edda, samira)
            await edda.locator(".agreement", has_text="Talking in turns").get_by_role("button").click()
            await samira.locator(".agreement", has_text="Talking in turns").get_by_role("button", name="Agree").click()
            now = "#turn-now"
            for page in (edda, samira):
                await expect(page.locator(now)).to_have_text("The turn is with North · speaker")
                await expect(page.locator(".agreement.lit")).to_contain_text("asked by Edda, agreed by Samira")
            await expect(samira.locator("#turn-pass button").first).to_be_disabled()
            await ready(edda)
            await edda.keyboard.press("z")
            for page in (edda, samira):
                await expect(page.locator(now)).to_have_text("The turn is with South · speaker")
            await samira.get_by_role("button", name="To our interpreter").click()
            await expect(edda.locator(now)).to_have_text("The turn is with South · interpreter")
            await expect(edda.locator("#turn-spent li")).to_have_count(4)
            await expect(edda.locator("#turn-for")).to_have_text("00:00:01")  # it runs
            source = (AXE / "axe.min.js").read_text("utf-8")
            for page in (edda, samira):
                await page.evaluate(source)
                assert await violations(page) == []
            await samira.locator(".agreement", has_text="Talking in turns").get_by_role("button").click()
            for page in (edda, samira):
                await expect(page.locator("#turns")).to_be_hidden()
            assert north.troubles + south.troubles == []

    play(story())


def test_who_lifts_out_of_turn_is_told_that_nobody_hears_them(tmp_path: Path) -> None:
    """Both nodes hold the voice back, and the handset said "OPEN: North hears you"."""

    async def story() -> None:
        file = tmp_path / "samira.wav"
        sounding.write_microphone(file, 3)
        async with talking() as (north, south), at_desk(south, "samira", file) as samira:
            await calls.lift(north.node, north["edda"], "leaders")
            await until(lambda: calls.calls_now(south.node, south["samira"]))
            call = calls.calls_now(south.node, south["samira"])[0]
            await in_turns(north, south)
            said = "document.getElementById('handset-state').textContent"
            await samira.until(f"{said}.includes('nobody would hear you')")
            await samira.run("document.getElementById('handset-latch').click()")
            await samira.until(f"{said}.includes('OPEN, but it is not your turn')")
            north.node.turns.hand("leaders", call.session, "their-speaker")
            await samira.until(f"{said}.startsWith('OPEN: ')")

    asyncio.run(story())
