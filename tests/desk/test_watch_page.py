"""The watch page and its alerts over samples: every form reaches its act, nothing leads away from the desk."""

from __future__ import annotations

import asyncio

from tests.desk.browsing import browsing, plain
from tests.desk.sample import Samples
from tests.replacing import replace

from parley.errors import Refused


def test_each_form_of_the_watch_reaches_its_act() -> None:
    """A form whose field has another name than the page reads does nothing, and says it did."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            for path, form in (
                ("/watch/duty/take", {"read": "n1", "until": ""}),
                ("/watch/duty/ask", {"minutes": "2"}),
                ("/watch/duty/plan", {"since": "2026-11-23T06:00", "person": "j.cole", "hours": "8", "times": "1"}),
                ("/watch/rolls/south/0/0/answer", {"back": "/line"}),
                ("/watch/rolls/north/0/1/clear", {"back": "//elsewhere.example/"}),
            ):
                got, _, headers = await browser.post(path, form)
                assert got == 303, path
                where = headers["Location"]
                assert where.startswith("/") and not where.startswith("//"), where
        assert samples.said == [
            ("watch take", ("duty", ("n1",))),
            ("watch ask", ("duty", ())),
            ("watch plan", ("duty", ("j.cole",))),
            ("roll answer", ("roll/south/0/0",)),
            ("roll clear", ("roll/north/0/1",)),
        ]

    asyncio.run(story())


def test_a_refused_hand_over_says_why() -> None:
    """At the change of shift nobody has time to guess."""

    async def story() -> None:
        samples = Samples()
        samples.refuse = Refused("watches.unread", "notes wait")
        async with browsing(samples) as browser:
            got, text, _ = await browser.post("/watch/duty/take", {})
            assert got == 422
            assert "Notes of the hand-over wait for you" in text

    asyncio.run(story())


def test_the_first_page_says_of_line_and_people_apart() -> None:
    """A machine that is up is not a person who is there, nor the other way."""

    async def story() -> None:
        async with browsing() as browser:
            text = plain(await browser.get("/"))
            line = text.index("The line Line up")
            theirs = text.index("Watch of South Duty officers Somebody is there since")
            assert text.index("What waits for us") < line < theirs < text.index("Our watch Duty officers")
            assert "handed over at 02:57:44Z" in text
            assert "Leaders Nobody is there since 01:49:24Z" in text

    asyncio.run(story())


def test_a_roll_call_that_waits_has_its_key_on_every_page() -> None:
    """One key, from any page; the one that waits longest for nobody does not take it away."""

    async def story() -> None:
        async with browsing() as browser:
            for path in ("/", "/line", "/people", "/channels/duty"):
                text = await browser.get(path)
                assert text.count('data-key="0"') == 1, path
                assert 'action="/watch/rolls/south/0/0/answer"' in text, path

    asyncio.run(story())


def test_clocks_that_are_far_apart_are_told_in_words() -> None:
    """A day is 86,400,000 milliseconds: nobody reads that as a wrong calendar."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            assert "differs from ours by -38 ms." in plain(await browser.get("/line"))
            for off, words in ((86_400_000 + 3_000, "ahead of ours"), (-4_000, "behind ours")):
                samples.line_now = replace(samples.line_now, clock_offset_ms=off)
                text = plain(await browser.get("/line"))
                assert words in text and str(abs(off)) not in text

    asyncio.run(story())
