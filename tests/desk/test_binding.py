"""The page that shows what is signed: asked for by a form of our own, whole, and with nothing in an address."""

from __future__ import annotations

import asyncio
import re

import pytest
from tests.desk.browsing import browsing
from tests.desk.sample import Samples

from parley.desk import shown
from parley.desk.words import LANGUAGES

MESSAGE = "/channels/duty/message/south/0/31"
PATHS = ("/drafts/d7/sign", "/drafts/policy/agree", MESSAGE + "/sign", "/people/y.mei/roster/list")
HOSTILE = "</dd><script>alert(1)</script>"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/drafts/d7/sign", "/drafts/policy/agree", MESSAGE + "/sign", "/people/y.mei/roster/list"]
)
def test_the_page_shows_every_member_once_in_every_language(path: str, language: str) -> None:
    """What is signed and not shown is a blank cheque; the script refuses it, and must not have to."""

    class Binds(Samples):
        binds = True

    async def story() -> None:
        async with browsing(Binds()) as browser:
            cookie = f"parley=sample-session; parley-view=language={language}"
            status, text, _ = await browser.post(path, {"note": "Understood."}, Cookie=cookie)
            assert status == 200, text
            places = re.findall(r'data-signed="([^"]+)"', text)
            assert len(places) == len(set(places)) >= 4
            assert {"words.refs.0.2", "act.nonce", "act.odd"} <= set(places)

    asyncio.run(story())


def test_what_is_signed_is_text_and_stays_text() -> None:
    """Words of the other side stand on this page too; none of them may become a part of it."""

    class Hostile(Samples):
        def ask_release(self, who: shown.Person, origin: str, draft: str) -> shown.AskedShown:
            return self._asked("message.sent", {"text": HOSTILE, HOSTILE: HOSTILE})

    async def story() -> None:
        async with browsing(Hostile()) as browser:
            _, text, _ = await browser.post("/drafts/d7/sign")
            assert "<script>alert" not in text and "&lt;script&gt;" in text

    asyncio.run(story())


def test_no_link_opens_the_page_and_no_other_site_asks_for_it() -> None:
    """A page that waits for a finger must not be put before somebody from outside."""

    async def story() -> None:
        async with browsing() as browser:
            for path in ("/drafts/d7/sign", MESSAGE + "/sign", "/people/y.mei/roster/list", "/binding/" + "ab" * 16):
                status, _, _ = await browser.ask("GET", path)
                assert status in (404, 405)
                status, _, _ = await browser.post(path, Sec_Fetch_Site="cross-site")
                assert status == 403
                status, _, _ = await browser.post(path, Cookie="")
                assert status == 401
            assert browser.samples.said == []

    asyncio.run(story())


def test_the_first_listing_is_made_at_once_and_later_ones_are_signed() -> None:
    """While nobody else binds there is nobody to sign it."""

    async def story() -> None:
        async with browsing() as browser:
            status, _, headers = await browser.post("/people/d.marsh/roster/list")
            assert (status, headers["Location"]) == (303, "/people")
            status, text, _ = await browser.post("/people/y.mei/roster/take-off")
            assert status == 200 and 'data-binding="/binding/' in text
            status, _, _ = await browser.post("/binding/" + "ab" * 16, {"given": "{}"})
            assert status == 200
            assert [act for act, _ in browser.samples.said] == ["list-passkeys", "ask-listing", "sign"]

    asyncio.run(story())
