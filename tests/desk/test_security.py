"""What the desk refuses before any page runs, and what it tells a browser with every answer."""

from __future__ import annotations

import asyncio

import pytest
from tests.desk.browsing import browsing
from tests.desk.sample import Samples, ago

from parley.desk.security import Origin, local_path

CHANGING = (
    ("/sign-in", {"token": "good-link"}),
    ("/sign-out", {}),
    ("/view", {"theme": "dark", "back": "/"}),
    ("/channels", {"channel": "x", "title": "X"}),
    ("/channels/duty/messages", {"text": "x", "act": "send"}),
    ("/channels/duty/shown", {"subject": "message/south/0/31"}),
    ("/channels/duty/suspend", {"reason": "x"}),
    ("/channels/duty/members", {"person": "d.marsh"}),
    ("/channels/duty/message/south/0/31/acknowledge", {}),
    ("/drafts/d7/release", {"sure": "yes", "seen": ago(33)}),
    ("/line/test", {}),
    ("/line/fallback", {"text": "x"}),
    ("/people", {"person": "x", "name": "X", "role": "delegate"}),
    ("/people/j.cole/link", {}),
    ("/people/j.cole/disable", {}),
)
FOREIGN = (
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": ""},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://south.localhost"},
    {"Host": "elsewhere.example"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_change_is_taken_from_anywhere_but_a_page_of_this_desk(headers: dict[str, str]) -> None:
    """A page of another site, or of the other side's desk on this machine, must not act in somebody's name."""

    async def story() -> None:
        async with browsing() as browser:
            for path, form in CHANGING:
                status, _, answer = await browser.post(path, form, **headers)
                assert status in (403, 421), (path, status)
                assert "Set-Cookie" not in answer
            assert browser.samples.said == []

    asyncio.run(story())


def test_every_change_is_taken_from_a_page_of_this_desk() -> None:
    """The list above must be real addresses, or the refusals prove nothing."""

    async def story() -> None:
        for path, form in CHANGING:
            async with browsing() as browser:
                status, text, _ = await browser.post(path, form)
                assert status in (200, 204, 303), (path, status, text)

    asyncio.run(story())


def test_no_address_changes_anything_by_being_opened() -> None:
    """ASVS 3.5.3: what opens links by itself (mail programs, previews) must be harmless."""

    async def story() -> None:
        async with browsing() as browser:
            for path, _ in CHANGING:
                await browser.ask("GET", path)
            await browser.get("/sign-in/good-link")
            await browser.get("/sign-in?token=good-link")
            assert browser.samples.said == []

    asyncio.run(story())


def test_a_link_signs_in_by_the_button_and_gives_a_cookie_for_this_host_only() -> None:
    """The session must be unreadable by script, unsent from elsewhere, and bound to this host."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get("/sign-in?token=good-link", Cookie="")
            assert 'value="good-link"' in page
            status, _, answer = await browser.post("/sign-in", {"token": "good-link"}, Cookie="")
            cookie = answer["Set-Cookie"]
            assert status == 303
            assert cookie.startswith("parley=sample-session;")
            assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
            assert "Domain" not in cookie

    asyncio.run(story())


def test_over_https_the_cookie_is_bound_by_its_name() -> None:
    """`__Host-` makes the browser itself refuse a cookie that another host tries to plant."""

    async def story() -> None:
        async with browsing(origin="https://desk.north.example") as browser:
            status, _, answer = await browser.post(
                "/sign-in", {"token": "good-link"}, Host="desk.north.example", Cookie=""
            )
            assert status == 303
            assert answer["Set-Cookie"].startswith("__Host-parley=")
            assert "Secure" in answer["Set-Cookie"].split("; ")

    asyncio.run(story())


def test_a_spent_link_is_refused_in_words() -> None:
    """Whoever presses too late must learn that the link is the reason, and not be left at a blank page."""

    async def story() -> None:
        async with browsing() as browser:
            status, text, answer = await browser.post("/sign-in", {"token": "old"}, Cookie="")
            assert status == 422
            assert "Ask for a new one" in text
            assert "Set-Cookie" not in answer

    asyncio.run(story())


def test_nobody_reads_without_a_session() -> None:
    """A page asks for sign-in; a script hears 401 and reloads."""

    async def story() -> None:
        async with browsing() as browser:
            for path in ("/", "/channels/duty", "/record", "/people", "/help", "/fragments/bar", "/live"):
                status, _, answer = await browser.ask("GET", path, Cookie="", Sec_Fetch_Mode="navigate")
                assert (status, answer.get("Location")) == (303, "/sign-in"), path
                status, text, _ = await browser.ask("GET", path, Cookie="parley=wrong", Sec_Fetch_Mode="cors")
                assert status == 401, path
                assert "North" not in text

    asyncio.run(story())


def test_every_answer_carries_the_policy() -> None:
    """Errors and redirects are answers too."""

    async def story() -> None:
        async with browsing(origin="https://desk.north.example") as browser:
            for path in ("/", "/nowhere", "/sign-in", "/record/export.parley", "/channels/none"):
                _, _, answer = await browser.ask("GET", path, Host="desk.north.example")
                assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
                assert "Access-Control-Allow-Origin" not in answer
                policy = answer["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'"), path
                assert "unsafe" not in policy
                assert {"frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"} <= set(policy.split("; ")), (
                    path
                )
                assert answer["X-Content-Type-Options"] == "nosniff"
                assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
                assert answer["Referrer-Policy"] == "no-referrer"
                assert answer["Cache-Control"] == "no-store"

    asyncio.run(story())


def test_an_attachment_is_saved_and_never_opened() -> None:
    """Its bytes are the other side's: a page of theirs must not run in our origin."""

    async def story() -> None:
        async with browsing() as browser:
            path = f"/channels/duty/message/south/0/30/files/{'ab' * 32}"
            status, _, answer = await browser.ask("GET", path)
            assert status == 200
            assert answer["Content-Type"] == "application/octet-stream"
            assert answer["Content-Disposition"].startswith("attachment;")
            assert "\n" not in answer["Content-Disposition"]
            assert "sandbox" in answer["Content-Security-Policy"]

    asyncio.run(story())


def test_a_place_to_go_back_to_stays_on_this_desk() -> None:
    """A form field decides it, so it must not lead elsewhere."""
    assert local_path("/line?x=1") == "/line?x=1"
    for path in (
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere.example",
        "",
        "/a\r\nX: y",
        "javascript:x",
    ):
        assert local_path(path) == "/"


def test_an_origin_is_secure_by_its_scheme_alone() -> None:
    """Guessing would put an unprotected cookie on a real site."""
    assert (Origin("https://a.example").cookie, Origin("http://a.localhost:8001").cookie) == ("__Host-parley", "parley")
    assert Origin("http://a.localhost:8001").host == "a.localhost:8001"


def test_a_form_without_bound_is_refused() -> None:
    """A browser session must not be able to fill the node's memory."""

    async def story() -> None:
        async with browsing(Samples()) as browser:
            status, _, _ = await browser.post("/line/fallback", {"text": "x" * 2_000_000})
            assert status in (400, 413)
            assert browser.samples.said == []

    asyncio.run(story())
