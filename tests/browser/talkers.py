"""People before the desks of two nodes who negotiate a text: two languages, brackets, passkeys, a copy each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.desks import Desk
from tests.browser.test_passkeys import enrol

from parley.actions import binding
from parley.actions.passkeys import Place

# What South says in its own language: the first words, what it wants in their place, and North's proposal given in it.
THEIRS = {
    "zh": ("每一方在十日内通知另一方。", "每一方在三日内通知另一方。", "每一方在五日内通知另一方。"),
    "ar": (
        "يُخطر كل طرف الطرف الآخر خلال عشرة أيام.", "يُخطر كل طرف الطرف الآخر خلال ثلاثة أيام.",
        "يُخطر كل طرف الطرف الآخر خلال خمسة أيام.",
    ),
}  # fmt: skip
OURS = "Each side notifies the other within ten days."


@dataclass
class At:
    """One person before one desk that speaks one language."""

    desk: Desk
    page: Page
    speaks: str

    def say(self, key: str, **fills: object) -> str:
        """Give a sentence as this desk shows it."""
        return str(catalogue(self.speaks)[key]).format(**fills)

    def button(self, key: str, within: Page | Locator | None = None, **fills: object) -> Locator:
        return (within or self.page).get_by_role("button", name=self.say(key, **fills))

    async def work(self) -> Locator:
        """Open what can be done with the first part."""
        if await (link := self.page.locator(".unit .t-open").first).count():
            await link.click()
        fold = self.page.locator(".unit details[open]").first
        await fold.wait_for()
        return fold

    async def words(self, alternative: int, words: str, act: str, *, before: str = "") -> None:
        """Type other words for an alternative in place of those there, and propose or give them in our language."""
        fold = await self.work()
        key = "texts.render" if act == "texts.act.render" else "texts.propose"
        if key == "texts.propose":
            await fold.locator("summary", has_text=self.say(key, number=alternative)).click()
        form = fold.locator("form", has_text=self.say(key, number=alternative))
        if before:
            await expect(form.locator("textarea")).to_have_value(before)
        await form.locator("textarea").fill(words)
        await self.button(act, form).click()

    async def status(self, status: str) -> None:
        """Wait until the first part stands so; the page asks by itself."""
        await expect(self.page.locator(f".unit[data-unit-status={status}]").first).to_be_visible()

    async def press(self, key: str, within: Page | Locator | None = None, **fills: object) -> None:
        """Press a button by the words on it, once the page's script has come."""
        await self.page.locator("html[data-ready=yes]").wait_for()
        await self.button(key, within, **fills).first.click()

    async def unfold(self, key: str) -> Locator:
        """Open what the page keeps folded, and give it."""
        await self.page.locator("html[data-ready=yes]").wait_for()
        fold = self.page.locator("details", has=self.page.locator("summary", has_text=self.say(key)))
        await fold.locator("summary").click()
        return fold

    def field(self, key: str, within: Page | Locator | None = None, **fills: object) -> Locator:
        return (within or self.page.locator("#main")).get_by_label(self.say(key, **fills))

    async def sign(self, name: str, grade: str = "signed") -> None:
        """Put this person's passkey to both languages of the text."""
        await self.page.get_by_role("link", name=self.say("texts.sign"), exact=True).click()
        await self.page.get_by_label(self.say("texts.grade")).select_option(grade)
        await self.page.get_by_label(self.say("texts.office")).fill("Envoy")
        await self.page.get_by_label(self.say("texts.powers")).fill("Letter 7 of 3 November")
        await self.button("texts.sign-go").click()
        await self.page.locator("html[data-ready=yes]").wait_for()
        await self.page.get_by_role("button", name=self.say("binding.sign", name=name)).click()
        await self.page.wait_for_url(re.compile(r"/texts/talks-ai/north/0/\d+$"))


def catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(files("parley.desk").joinpath(f"strings/{language}.json").read_text("utf-8"))
    return found


async def sit(desk: Desk, browser: Browser, person: str, speaks: str) -> At:
    """Let somebody sit down who signs with a passkey of their own."""
    page = await desk.sign_in(browser, person, at="")
    await enrol(desk, page, person)
    side = desk.side_at
    assert side is not None
    await binding.list_passkeys(side.node, side["admin"], Place(desk.origin), person)
    session = next(one for one in await page.context.cookies() if one["name"] == "parley")
    view = {"name": "parley-view", "value": f"language={speaks}&theme=dark&sound=off", "url": desk.origin}
    await page.context.add_cookies([session, view])  # type: ignore[list-item]
    return At(desk, page, speaks)


async def negotiate(north: At, south: At, tag: str) -> None:
    """Open a text, bracket it from both desks, and agree."""
    first, third, fifth = THEIRS[tag]
    await north.page.goto(north.desk.origin + "/texts")
    await north.page.get_by_label(north.say("texts.title")).fill("On notification")
    await north.field("texts.channel").select_option("talks-ai")
    await north.page.get_by_label("Languages that South answers for").fill(tag)
    await north.button("texts.open").click()
    await north.page.locator("textarea[name=words-en]").fill(OURS)
    await north.button("texts.act.add").click()
    await north.status("bracketed")

    await south.page.goto(south.desk.origin + "/texts")
    await south.page.get_by_role("link", name="On notification").click()
    await south.words(1, first, "texts.act.render")
    await expect(south.page.locator(f".column[lang={tag}] .t-words")).to_contain_text(first)
    await south.button("texts.act.accept", await south.work()).click()
    await north.status("clean")

    # Each wants other words for the ten days: neither overwrites the other, and both desks show one bracket.
    await north.words(1, OURS.replace("ten", "five"), "texts.act.propose")
    await expect(south.page.locator(".column[lang=en] .bracket .option")).to_have_count(2)
    await south.words(1, third, "texts.act.propose")
    await expect(north.page.locator(f".column[lang={tag}] .bracket .option")).to_have_count(3)
    await south.words(2, fifth, "texts.act.render", before=first)
    await expect(north.page.locator(f".column[lang={tag}] .t-words")).not_to_contain_text(north.say("texts.not-given"))
    fold = await south.work()
    await south.button("texts.act.accept", fold.locator(".t-alternatives > li").nth(1)).click()
    for desk in (north, south):
        await desk.status("clean")
        await expect(desk.page.locator(f".column[lang={tag}] .t-words")).to_have_text(fifth)
        await desk.button("texts.act.agree", await desk.work()).click()
    for desk in (north, south):
        await desk.status("agreed")


async def copied(at: At, name: str, folder: Path) -> Path:
    """Download this side's copy."""
    await at.page.reload()
    async with at.page.expect_download() as coming:
        await at.page.get_by_role("link", name=at.say("texts.alternat", us=name)).click()
    kept = folder / f"{name}.pdf"
    await (await coming.value).save_as(kept)
    return kept
