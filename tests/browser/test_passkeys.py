"""Passkeys in a real browser: enrolled by a link, signed in, handed over, and ended in the middle of a watch."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect
from tests.browser.desks import Desk, authenticator, play, two_desks

from parley.actions import people
from parley.errors import ParleyError

pytestmark = pytest.mark.browser


async def enrol(desk: Desk, page: Page, person: str) -> Any:
    """Make a passkey by a link, with the keyboard alone; give it as the authenticator holds it."""
    await page.goto(await desk.link(person))
    session, holder = await authenticator(page)
    await page.locator("html[data-ready=yes]").wait_for()
    await expect(page.get_by_role("button", name="Make a passkey")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("enrolled"))
    held = await session.send("WebAuthn.getCredentials", {"authenticatorId": holder})
    return held["credentials"][0]


async def holding(page: Page, credential: Any) -> None:
    """Give this page an authenticator that holds one passkey."""
    session, holder = await authenticator(page)
    await session.send("WebAuthn.addCredential", {"authenticatorId": holder, "credential": credential})


async def enter(desk: Desk, page: Page, credential: Any) -> None:
    """Sign in with a passkey, with the keyboard alone."""
    await page.goto(desk.origin + "/sign-in")
    await holding(page, credential)
    await page.locator("html[data-ready=yes]").wait_for()
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url(desk.origin + "/")
    await page.locator("html[data-ready=yes]").wait_for()


def test_a_link_enrols_a_passkey_that_signs_in_and_the_desk_is_handed_over_while_the_page_stays() -> None:
    """The whole way in, and the change of watch: the page, half-written words and the live connection go on."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            node = north.side_at.node  # type: ignore[union-attr]
            page = await north.page(browser)
            edda, tomas = await enrol(north, page, "edda"), await enrol(north, page, "tomas")
            await enter(north, page, edda)
            await expect(page.locator(".me")).to_contain_text("Edda")
            old = (await page.context.cookies())[0]["value"]

            await page.goto(north.origin + "/channels/leaders")
            await holding(page, tomas)
            second = await page.context.new_page()
            await second.goto(north.origin + "/line")
            await second.locator("html[data-ready=yes]").wait_for()
            await page.locator("html[data-ready=yes]").wait_for()
            await page.keyboard.press("c")
            await page.locator("#c-text").fill("half a sentence")
            await page.evaluate("window.kept = 'the same page'")
            await page.locator(".me summary", has_text="Hand over the desk").click()
            await page.get_by_role("button", name="Next person: sign in").click()
            for each in (page, second):  # the other tab goes by the same session, and must show so
                await expect(each.locator(".me")).to_contain_text("Tomas")
                await expect(each.locator(".me")).not_to_contain_text("Edda")
            assert await page.evaluate("window.kept") == "the same page"
            assert await page.locator("#c-text").input_value() == "half a sentence"
            with pytest.raises(ParleyError, match=r"people\.session"):
                people.who_by_session(node, old)

            # Closed in the middle of the watch: no click, no wait for the next hint.
            await people.disable(node, north.side_at["admin"], "tomas")  # type: ignore[index]
            for each in (second, page):
                each.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
            await second.wait_for_url(re.compile("/sign-in"))
            await expect(second.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
            assert north.troubles == []

    play(story())


def test_a_session_is_ended_from_another_desk_by_answering_with_the_passkey_again() -> None:
    """The whole way through the page's script: who only found the desk open gets no further than the question."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            page = await north.page(browser)
            edda = await enrol(north, page, "edda")
            await enter(north, page, edda)
            other = await north.sign_in(browser, "edda", at="")
            await page.goto(north.origin + "/access")
            await page.locator("html[data-ready=yes]").wait_for()
            end = page.get_by_role("button", name="End it")
            await expect(end).to_have_count(1)
            await end.click()
            await expect(end).to_have_count(0)
            await other.goto(north.origin + "/line")
            assert "/sign-in" in other.url

    play(story())


def test_a_passkey_of_another_desk_opens_nothing_and_the_page_says_why() -> None:
    """A page elsewhere cannot ask for a passkey of this desk, and one made elsewhere is not known here."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            page = await north.page(browser)
            edda = await enrol(north, page, "edda")
            await page.goto(south.origin + "/sign-in")
            await holding(page, edda)
            asked = """navigator.credentials.get({publicKey: {challenge: new Uint8Array(32), rpId: "north.localhost",
                userVerification: "required"}}).then(() => "signed", (error) => error.name)"""
            assert await page.evaluate(asked) == "SecurityError"
            await page.get_by_role("button", name="Sign in with a passkey").click()
            await expect(page.locator("[data-passkey-problem]")).to_contain_text("Nothing was changed")
            assert page.url == south.origin + "/sign-in"

    play(story())


def test_a_browser_without_passkeys_is_told_so_in_its_language() -> None:
    """A dead button at three in the morning looks like a broken desk."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            page = await north.page(browser, locale="ar")
            await page.add_init_script("delete window.PublicKeyCredential")
            await page.goto(north.origin + "/sign-in")
            await page.locator("html[data-ready=yes]").wait_for()
            await page.keyboard.press("Enter")
            await expect(page.locator("[data-passkey-problem]")).to_contain_text("لا يدعم هذا المتصفح مفاتيح المرور")

    play(story())
