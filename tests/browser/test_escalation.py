"""Escalation in a real browser: a desk that does not ring is named, and the page sets, tests and tells."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Page, expect
from tests.actions.pair import until
from tests.browser.desks import Desk, play, seated, two_desks
from tests.node.test_escalating import Receiver, until_slowly

from parley.actions import calls, channels

pytestmark = pytest.mark.browser
CALL = "/channels/leaders/call"


async def ready(page: Page) -> None:
    await page.locator("html[data-ready=yes]").wait_for()


async def sound(page: Page, desk: Desk, *, on: bool) -> None:
    """Switch the sound of a page on or off, as its person does in the view."""
    view = f"language=en&sound={'on' if on else 'off'}"
    await page.context.add_cookies([{"name": "parley-view", "value": view, "url": desk.origin}])
    await page.goto(desk.origin + "/")
    await ready(page)


def test_a_desk_that_does_not_ring_is_named_at_the_others_and_the_caller_is_told() -> None:
    """Its sound is off, or its browser waits for a touch. Nobody ever wonders whether it rang."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert south.side_at is not None and north.side_at is not None
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", ""))
            await sound(samira, south, on=False)
            await ready(edda)
            await edda.keyboard.press("l")
            # Samira's page has no sound, and nobody else is there: the caller hears so in words.
            await expect(edda.locator("[data-silent]")).to_contain_text("No desk of South")
            await expect(edda.locator(".call-facts .lit")).to_have_count(1)
            rafael = await south.sign_in(browser, "rafael")
            await ready(rafael)
            await rafael.keyboard.press("Shift")
            await expect(rafael.locator('[data-alert="desk-silent"]')).to_contain_text("Samira")
            await expect(edda.locator("[data-silent]")).to_have_count(0)
            await expect(edda.locator(".call-facts")).to_contain_text("1 desk is ringing")

            await sound(samira, south, on=True)
            await expect(edda.locator(".call-facts")).to_contain_text("2 desks are ringing")
            await expect(rafael.locator('[data-alert="desk-silent"]')).to_have_count(0)
            found = calls.calls(north.side_at.node, north.side_at["edda"], "leaders")[0]
            await calls.answer(south.side_at.node, south.side_at["samira"], "leaders", found.subject)
            await expect(edda.locator("#call-now article")).to_have_attribute("data-call-state", "active")
            await expect(edda.locator(".call-facts")).to_contain_text("A desk rang")  # it does so no more
            await expect(edda.locator(".call-facts")).not_to_contain_text("ringing")
            await until(lambda: not south.side_at.node.escalating.waiting)  # type: ignore[union-attr]
            assert not [one for one in north.troubles + south.troubles if "AudioContext" not in one]

    play(story())


@pytest.mark.long
def test_the_page_sets_steps_adds_a_target_and_tests_both() -> None:
    """What is set at noon must be tried at noon, by the person who sets it, and without a secret on any page."""

    async def story() -> None:
        async with two_desks() as (_, south, browser), Receiver().open() as web:
            samira, admin = await seated(browser, (south, "samira", "/"), (south, "admin", "/escalation"))
            await ready(samira)
            await samira.keyboard.press("g")
            await samira.keyboard.press("e")
            await samira.wait_for_url("**/escalation")
            await expect(samira.locator("#t-url")).to_have_count(0)  # addresses are the administrator's

            await ready(admin)
            await admin.fill("#t-name", "duty-sms")
            await admin.fill("#t-url", web.address + " x")
            await admin.press("#t-url", "Enter")
            await expect(admin.get_by_role("alert").first).to_contain_text("not an address")
            assert "hunter2" not in await admin.content()
            await admin.fill("#t-url", web.address)
            await admin.press("#t-url", "Enter")
            await expect(admin.locator("#targets tbody")).to_contain_text("json://…")

            await samira.reload()
            await ready(samira)
            await samira.locator("#targets").get_by_role("button", name="Test").press("Enter")
            await until_slowly(lambda: web.heard)
            await expect(samira.locator("#results tbody")).to_contain_text("The service took it", timeout=20_000)
            await expect(samira.locator("#targets tbody")).to_contain_text("service took it")  # it read "never tried"

            call = samira.locator("#call")
            await call.locator("summary").press("Enter")
            await call.locator("[name=after-1]").fill("5")
            await call.locator("[name=after-2]").fill("20")
            await call.locator("[name=who-2]").fill("duty-sms")
            await call.get_by_role("button", name="Set these steps").press("Enter")
            await expect(samira.locator("#call ol")).to_contain_text("after 20 s: notification to duty-sms")
            await samira.locator("#call").get_by_role("button", name="Test its targets").press("Enter")
            await until_slowly(lambda: len(web.heard) == 2)
            titles = [json.loads(one.split(b"\r\n\r\n", 1)[1])["title"] for one in web.heard]
            assert titles == ["[TEST] South", "[TEST] South (a call rings)"]

            await samira.locator("#call summary").press("Enter")
            await samira.locator("#call").locator("[name=after-0]").fill("7")
            await samira.locator("#call").get_by_role("button", name="Set these steps").press("Enter")
            await expect(samira.get_by_role("alert").first).to_contain_text("first step")
            for page in (admin, samira):
                content = await page.content()
                assert not any(word in content for word in ("hunter2", "s3cr3t", "k3y"))

    play(story())


@pytest.mark.long
def test_two_callers_at_once_are_joined_and_neither_desk_is_left_ringing() -> None:
    """ "Glare": both lift at the same moment. Lifting answers; one call goes on, the same at both desks."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert south.side_at is not None and north.side_at is not None
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            for page in (edda, samira):
                await ready(page)
            await asyncio.gather(edda.keyboard.press("l"), samira.keyboard.press("l"))
            for page in (edda, samira):
                await expect(page.locator("#call-now article")).to_have_attribute("data-call-state", "active")
                await expect(page.locator(".alert[data-alert=call]")).to_have_count(0)
            await until(lambda: all(len(open_now(side)) == 1 for side in (north.side_at, south.side_at)))
            assert open_now(north.side_at) == open_now(south.side_at)
            for page in (edda, samira):
                await expect(page.locator("#call-now article")).to_have_attribute(
                    "data-call", open_now(north.side_at)[0]
                )
                await expect(page.locator(".call-facts")).to_contain_text("Answered by")

    play(story())


def test_the_handset_stands_at_the_precedence_of_the_call_that_goes_on() -> None:
    """It stood at IMMEDIATE in a ROUTINE call: whoever pressed it to join broke in. A telephone hides it."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert south.side_at is not None and north.side_at is not None
            (samira,) = await seated(browser, (south, "samira", ""))
            view = {"name": "parley-view", "value": "watch=on&language=en&sound=off", "url": south.origin}
            await samira.context.add_cookies([view])  # type: ignore[list-item]
            await samira.goto(south.origin + "/line")
            await ready(samira)
            choice = samira.locator("#handset-precedence")
            await expect(choice).to_have_value("IMMEDIATE")
            await until(lambda: south.side_at.node.desks.on_watch("leaders"))
            node, edda = north.side_at.node, north.side_at["edda"]
            sent = await calls.lift(node, edda, "leaders", precedence="ROUTINE")
            await expect(choice).to_have_value("ROUTINE")
            await until(lambda: open_now(south.side_at) == [sent.subject])
            await calls.answer(south.side_at.node, south.side_at["rafael"], "leaders", sent.subject)
            await expect(samira.locator("#handset-call")).to_contain_text("In a call")
            await expect(choice).to_have_value("ROUTINE")
            await choice.select_option("FLASH")  # what a person chose on purpose stands
            await calls.join(south.side_at.node, south.side_at["samira"], "leaders", sent.subject)
            await expect(choice).to_have_value("FLASH")
            await calls.hang_up(node, edda, "leaders", sent.subject)
            await expect(choice).to_have_value("IMMEDIATE")  # and not for the next call

    play(story())


def test_a_channel_that_a_person_chose_stays_chosen_while_a_call_goes_on_elsewhere() -> None:
    """Each word about a colleague's call put the choice back to it: the next press spoke into that call."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert south.side_at is not None and north.side_at is not None
            at, node, edda = south.side_at, north.side_at.node, north.side_at["edda"]
            await channels.propose_channel(node, edda, channel="military", title="Military")
            await until(lambda: at.node.book.view("line", "channel/military"))
            await channels.agree_channel(at.node, at["samira"], channel="military")
            await until(lambda: node.book.view("line", "channel/military").agreed)
            (samira,) = await seated(browser, (south, "samira", ""))
            view = {"name": "parley-view", "value": "watch=on&language=en&sound=off", "url": south.origin}
            await samira.context.add_cookies([view])  # type: ignore[list-item]
            await samira.goto(south.origin + "/channels/military")
            await ready(samira)
            await until(lambda: at.node.desks.on_watch("leaders"))
            chosen, told = samira.locator("#handset-channel"), samira.locator("#handset-call")
            sent = await calls.lift(node, edda, "leaders", precedence="FLASH")
            await expect(chosen).to_have_value("leaders")  # what rings is answered by lifting
            await until(lambda: open_now(at) == [sent.subject])
            await calls.answer(at.node, at["rafael"], "leaders", sent.subject)
            await expect(told).to_contain_text("In a call")

            await chosen.select_option("military")
            await expect(told).to_contain_text("Leaders: In a call")
            await calls.join(node, north.side_at["tomas"], "leaders", sent.subject)
            await until(lambda: len(calls.calls_now(at.node, at["samira"])[0].there) == 3)
            await samira.wait_for_timeout(200)  # for the word of it
            await expect(chosen).to_have_value("military")
            await expect(samira.locator("#handset-precedence")).to_have_value("IMMEDIATE")
            await chosen.select_option("leaders")
            await expect(samira.locator("#handset-precedence")).to_have_value("FLASH")

    play(story())


def test_a_flash_call_breaks_in_and_both_desks_see_that_it_did() -> None:
    """One ring a channel; what is more urgent ends what is less, in plain sight of both."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            assert south.side_at is not None and north.side_at is not None
            edda, samira = await seated(browser, (north, "edda", CALL), (south, "samira", CALL))
            for page in (edda, samira):
                await ready(page)
            await edda.keyboard.press("l")
            await expect(samira.locator("#call-now article")).to_have_attribute("data-call-state", "ringing")
            await samira.keyboard.press("a")
            await expect(edda.locator("#call-now article")).to_have_attribute("data-call-state", "active")
            first = open_now(north.side_at)[0]
            again = await calls.lift(south.side_at.node, south.side_at["rafael"], "leaders", precedence="FLASH")
            for page in (edda, samira):
                await expect(page.locator("#call-now article")).to_have_attribute("data-call", again.subject)
                await expect(page.locator("#call-now article.flash")).to_contain_text("Rafael")
                await page.reload()
                await expect(page.locator("tbody")).to_contain_text("broke in")
            assert first not in open_now(north.side_at)
            await expect(edda.locator(".alert[data-alert=call]")).to_contain_text("Rafael")

    play(story())


def open_now(side: object) -> list[str]:
    """Give the calls that are open in the channel, as one side's record has it."""
    return sorted(view.subject for view in calls.open_calls(side.node, "leaders"))  # type: ignore[attr-defined]
