"""Acts that bind in a real browser: signed by the person's passkey over the words on the screen, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from tests.actions.pair import until
from tests.browser.desks import Desk, authenticator, cookies, play, sample_desk, two_desks
from tests.browser.test_accessibility import AXE, violations
from tests.browser.test_passkeys import enrol, enter, holding

from parley.actions import binding, drafting, messages, people
from parley.actions.passkeys import Place
from parley.actions.wording import Words

pytestmark = pytest.mark.browser

FLASH = Words(channel="leaders", text="Pump 3 is stopped.\nAnswer by noon.", language="en", precedence="FLASH")


async def both_bind(north: Desk, browser: Browser) -> tuple[Page, dict[str, Any]]:
    """Let Tomas and Edda bind; give a page at which Tomas is signed in, and both credentials.

    Tomas is listed by the administrator; he signs Edda's listing at his desk, with the keyboard alone.
    """
    page = await north.page(browser)
    held = {name: await enrol(north, page, name) for name in ("edda", "tomas")}
    side = north.side_at
    assert side is not None
    await binding.list_passkeys(side.node, side["admin"], Place(north.origin), "tomas")
    await enter(north, page, held["tomas"])
    await page.goto(north.origin + "/people")
    await page.locator("html[data-ready=yes]").wait_for()
    await page.get_by_role("button", name="List their passkeys Edda").press("Enter")
    await page.locator("html[data-ready=yes]").wait_for()
    await page.get_by_role("button", name="Sign as Tomas").press("Enter")
    await page.wait_for_url(north.origin + "/people")
    assert binding.listing_of(side.node, side["tomas"], "edda").same
    return page, held


async def look(page: Page, north: Desk) -> None:
    """Open a draft of Edda's FLASH, and the page on which it is signed."""
    side = north.side_at
    assert side is not None
    draft = await drafting.save_draft(side.node, side["edda"], FLASH)
    await drafting.submit_draft(side.node, side["edda"], draft.id)
    await page.goto(f"{north.origin}/drafts/{draft.id}")
    await page.locator("html[data-ready=yes]").wait_for()
    await page.get_by_role("button", name="Look at it and sign the release").press("Enter")
    await page.locator("html[data-ready=yes]").wait_for()


def test_a_flash_is_released_and_acknowledged_by_passkeys_over_the_words_on_the_screen() -> None:
    """The second person reads exactly what is signed, and both desks say whose key it was or whose word it is."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            page, _ = await both_bind(north, browser)
            await look(page, north)
            await expect(page.locator("[data-signed='words.body.text']")).to_have_text(FLASH.text)
            await expect(page.locator("[data-signed='act.person']")).to_have_text("tomas")
            await page.get_by_role("button", name="Sign as Tomas").press("Enter")
            await page.wait_for_url(north.origin + "/channels/leaders")
            node, there = north.side_at.node, south.side_at.node  # type: ignore[union-attr]
            await until(lambda: there.book.thread("leaders"))
            subject = there.book.thread("leaders")[0].subject
            assert there.book.message("leaders", subject).signed  # type: ignore[union-attr]

            reader = await south.sign_in(browser, "samira", at=f"/channels/leaders/{subject}")
            await expect(reader.locator(".message")).to_contain_text("signed with the key that North lists for Tomas")
            await messages.acknowledge(there, south.side_at["samira"], "leaders", subject)  # type: ignore[index]
            await until(lambda: node.book.message("leaders", subject).state == "acknowledged")  # type: ignore[union-attr]
            await page.goto(f"{north.origin}/channels/leaders/{subject}")
            await expect(page.locator(".facts")).to_contain_text("South's node states that Samira acknowledged")

            draft = await drafting.save_draft(there, south.side_at["samira"], FLASH)  # type: ignore[index]
            sent = await drafting.release_draft(there, south.side_at["rafael"], draft.id)  # type: ignore[index]
            await until(lambda: node.book.message("leaders", sent.subject))
            await page.goto(f"{north.origin}/channels/leaders")
            await page.locator("html[data-ready=yes]").wait_for()
            await page.keyboard.press("a")
            await page.locator("input[name=note]").fill("Understood.")
            await page.get_by_role("button", name="Look at it and sign").press("Enter")
            await page.locator("html[data-ready=yes]").wait_for()
            await expect(page.locator(".thread .words")).to_have_text(FLASH.text)
            await page.get_by_role("button", name="Sign as Tomas").press("Enter")
            await page.wait_for_url(re.compile("/channels/leaders#m-"))
            await until(lambda: there.book.message("leaders", sent.subject).state == "acknowledged")  # type: ignore[union-attr]
            assert there.book.message("leaders", sent.subject).acknowledged[0].signed  # type: ignore[union-attr]
            assert [one for one in north.troubles if "AudioContext" not in one] == []

    play(story())


CHANGES = {
    "another text": "document.querySelector(\"[data-signed='words.body.text']\").textContent = 'Pump 4 is stopped.'",
    "a hidden text": "document.querySelector(\"[data-signed='words.body.text']\").style.display = 'none'",
    "a member left out": "document.querySelector(\"[data-signed='words.body.due']\").remove()",
    "a member more": "document.querySelector('dl.signed').append(Object.assign(document.createElement('dd'),"
    " {textContent: 'x'}).cloneNode(true)); document.querySelector('dl.signed').lastChild.dataset.signed = 'act.more'",
    "other bytes": "document.forms[document.forms.length - 1]; const f = document.querySelector('[data-binding]');"
    " f.dataset.words = f.dataset.words.replace('Pump 3', 'Pump 4');"
    " document.querySelector(\"[data-signed='words.body.text']\").textContent = 'Pump 4 is stopped.\\nAnswer by noon.'",
    "another person": "document.documentElement.dataset.who = 'edda'",
}


def test_a_screen_that_shows_anything_else_than_what_is_signed_signs_nothing() -> None:
    """A page gone stale, an extension that edits, a hidden part: the finger must not cover what the eye missed."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            page, _ = await both_bind(north, browser)
            for name, change in CHANGES.items():
                await look(page, north)
                await page.evaluate(f"() => {{ {change} }}")
                await page.get_by_role("button", name="Sign as Tomas").press("Enter")
                await expect(page.locator("main [data-passkey-problem]"), name).to_contain_text("Nothing was signed")
            assert not south.side_at.node.book.thread("leaders")  # type: ignore[union-attr]

    play(story())


def test_a_release_whose_answer_is_lost_is_not_called_undone_and_is_done_once() -> None:
    """The FLASH was on their disk, and the page said that nothing was changed: it would have been drafted again."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            page, _ = await both_bind(north, browser)
            await look(page, north)
            lose = """() => { const real = window.fetch; window.fetch = async (...given) => {
                await real(...given); window.fetch = real; throw new TypeError("the network went away"); }; }"""
            await page.evaluate(lose)
            await page.get_by_role("button", name="Sign as Tomas").press("Enter")
            problem = page.locator("main [data-passkey-problem]")
            await expect(problem).to_contain_text("it is not known here whether it was done")
            await page.get_by_role("button", name="Sign as Tomas").press("Enter")
            await page.wait_for_url(north.origin + "/channels/leaders")
            await until(lambda: len(south.side_at.node.book.thread("leaders")) == 1)  # type: ignore[union-attr]
            assert len(north.side_at.node.book.thread("leaders")) == 1  # type: ignore[union-attr]

    play(story())


def test_a_passkey_that_is_waited_for_is_said_to_be_and_a_second_press_asks_anew() -> None:
    """The browser's question was closed unseen: the page showed nothing, and no press did anything for five minutes."""

    async def story() -> None:
        async with two_desks() as (north, _, browser):
            page, held = await both_bind(north, browser)
            await look(page, north)
            session, holder = await authenticator(page)  # an empty one: it is asked, and nobody touches it
            touch = {"authenticatorId": holder, "enabled": False}
            await session.send("WebAuthn.setAutomaticPresenceSimulation", touch)
            await session.send("WebAuthn.addCredential", {"authenticatorId": holder, "credential": held["tomas"]})
            press = page.get_by_role("button", name="Sign as Tomas")
            await press.press("Enter")
            waiting = page.locator("main [role=status]", has_text="Waiting for your passkey")
            await expect(waiting).to_be_visible()
            await session.send("WebAuthn.setAutomaticPresenceSimulation", touch | {"enabled": True})
            await press.press("Enter")
            await expect(page.locator("main [data-passkey-problem]")).to_contain_text(
                "copied"
            )  # it was asked, and answered
            await expect(waiting).to_have_count(0)

    play(story())


LOOKS = (("en", "light", 1280), ("ar", "dark", 320), ("zh", "night", 1280))


@pytest.mark.long
@pytest.mark.parametrize(
    "act",
    [
        "/drafts/d7/sign",
        pytest.param("/channels/duty/message/south/0/31/sign", marks=pytest.mark.long),
        pytest.param("/people/y.mei/roster/list", marks=pytest.mark.long),
    ],
)
def test_the_page_that_asks_for_a_signature_passes_wcag(act: str) -> None:
    """The one page on which nobody may be left guessing what they put their name to."""

    async def story() -> None:
        source = (AXE / "axe.min.js").read_text("utf-8")
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser, reduced_motion="reduce")
            for language, theme, width in LOOKS:
                await page.set_viewport_size({"width": width, "height": 900})
                await page.context.add_cookies(cookies(desk, f"language={language}&theme={theme}&sound=off"))
                await page.goto(desk.origin + "/help")
                form = "document.body.append(Object.assign(document.createElement('form'), {method: 'post', id: 'go'}))"
                await page.evaluate(f"{form}; const f = document.getElementById('go'); f.action = '{act}'; f.submit()")
                await page.wait_for_url(desk.origin + act)
                await page.locator("form[data-binding]").wait_for()
                await page.evaluate(source)
                assert await violations(page) == [], (language, theme, width)

    play(story())


def test_a_passkey_of_another_desk_or_person_signs_nothing_and_a_disabled_person_is_out() -> None:
    """From another origin, by another's key, and after the account was closed in the middle of the page."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            page, held = await both_bind(north, browser)
            await look(page, north)
            asked = await page.locator("[data-binding]").get_attribute("data-challenge")
            elsewhere = await south.page(browser)
            await elsewhere.goto(south.origin + "/sign-in")
            await holding(elsewhere, held["tomas"])
            script = """(challenge) => navigator.credentials.get({publicKey: {rpId: "north.localhost",
                challenge: Uint8Array.from(challenge, (c) => c.charCodeAt(0)), userVerification: "required"}})
                .then(() => "signed", (error) => error.name)"""
            assert await elsewhere.evaluate(script, asked) == "SecurityError"

            await holding(page, held["edda"])  # her key is in the machine, his page asks for his
            await page.get_by_role("button", name="Sign as Tomas").press("Enter")
            await expect(page.locator("main [data-passkey-problem]")).to_contain_text("there is none for this desk")

            await holding(page, held["tomas"])
            side = north.side_at
            assert side is not None
            await people.disable(side.node, side["admin"], "tomas")
            await page.wait_for_url(re.compile("/sign-in"))
            assert not south.side_at.node.book.thread("leaders")  # type: ignore[union-attr]

    play(story())
