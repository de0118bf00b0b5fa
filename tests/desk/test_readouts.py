"""The readouts' pages over samples: every form reaches its act, nothing unconfirmed passes for said."""

from __future__ import annotations

import asyncio

from tests.desk.browsing import browsing, plain
from tests.desk.sample import Samples

from parley.errors import Refused

ONE, OTHER = "/readouts/duty/north/0/2", "/readouts/duty/south/0/3"


def test_each_form_of_the_readouts_reaches_its_act() -> None:
    """A form whose field has another name than the page reads does nothing, and says it did."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            for path, form, after in (
                (OTHER + "/draft", {"text": "We met.", "language": "en"}, OTHER),
                (OTHER + "/seal", {}, OTHER),
                (ONE + "/contest", {"statement": "0", "reason": "Not so."}, ONE),
                (ONE + "/mark", {"source": "north", "words": "the strait", "at": "40", "who": "North"},
                 ONE + "/words/north#after-40"),
                (ONE + "/link", {"first": "north:1-2", "second": "south:3-4", "verdict": "same"}, ONE + "/compare"),
            ):  # fmt: skip
                got, _, headers = await browser.post(path, form)
                assert (got, headers["Location"]) == (303, after), path
            got, _, headers = await browser.post("/readouts", {"channel": "duty", "title": "T", "date": "2026-11-23"})
            assert (got, headers["Location"]) == (303, OTHER)
        assert [act for act, _ in samples.said] == [
            "readout draft", "readout seal", "readout contest", "readout mark", "readout link", "ask-readouts",
        ]  # fmt: skip

    asyncio.run(story())


def test_a_refused_draft_keeps_every_word() -> None:
    """Nobody writes a communiqué twice because a disk was full."""

    async def story() -> None:
        samples = Samples()
        samples.refuse = Refused("readouts.long", "too long")
        async with browsing(samples) as browser:
            got, text, _ = await browser.post(OTHER + "/draft", {"text": "Word for word.", "language": "en"})
            assert got == 422
            assert "Word for word." in text and "1 to 20,000 characters" in plain(text)

    asyncio.run(story())


def test_the_page_says_what_the_draft_contradicts_and_which_seal_came_late() -> None:
    """Both are easily overlooked at midnight, and cannot be put right after."""

    async def story() -> None:
        async with browsing() as browser:
            text = plain(await browser.get(OTHER))
            assert "The record has the date 2026-11-23 · the draft says 22 November" in text
            opened = plain(await browser.get(ONE))
            assert "Sealed after the other was opened" in opened
            assert "readouts.digest" in opened
            assert "Contested by A. Berg" in opened
            signed = await browser.post(OTHER + "/sign")
            assert signed[0] == 200 and "9f" * 32 in signed[1]

    asyncio.run(story())


def test_what_a_machine_offers_is_set_apart_until_a_person_confirms_it() -> None:
    """Issue D, 5: level and ground, dashed, and never in the comparison or its files."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get(ONE + "/words/north")
            at = page.index('class="offered"')
            assert "Unsure" in page[at:] and "a verb that may be one of saying" in page[at:]
            assert page.index('id="p-') < at
            compared = await browser.get(ONE + "/compare")
            table = compared[: compared.index('class="offered"')]
            assert "in 60 days</q>" not in table
            got, _, headers = await browser.ask("GET", ONE + "/compare.csv")
            assert (got, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
            got, paper, headers = await browser.ask("GET", ONE + "/compare.pdf")
            assert (got, headers["Content-Type"], paper[:5]) == (200, "application/pdf", "%PDF-")

    asyncio.run(story())


def test_what_a_search_found_is_noted_in_the_register_and_taken_back() -> None:
    """From a search to the register in two presses, without script."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            text = plain(await browser.get("/search?q=%E5%8F%B0%E6%B9%BE&side=south&since=2022-01-01"))
            assert "Found: 1" in text and "台湾问题" in text
            assert "Nothing was found." in plain(await browser.get("/search?q=nothing"))
            form = {"log": "duty/south/0", "number": "31", "topic": "Strait", "words": ""}
            assert (await browser.post("/positions", form))[0] == 303
            assert (await browser.post("/positions", form | {"number": "-1"}))[0] == 422
            assert (await browser.post(f"/positions/{'ab' * 8}/take-back"))[0] == 303
            assert "60 → 90" in plain(await browser.get("/positions?topic=strait"))
        assert samples.said == [
            ("note-position", ("duty/south/0", 31, "Strait", "")), ("take-back", ("ab" * 8,)),
        ]  # fmt: skip

    asyncio.run(story())
