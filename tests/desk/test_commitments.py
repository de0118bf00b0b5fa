"""The pages of commitments over samples: words pointed at stand in the form, nothing typed is lost."""

from __future__ import annotations

import asyncio

from aiohttp import FormData
from tests.desk.browsing import browsing, plain
from tests.desk.sample import Samples

from parley.errors import Refused

AT = "/commitments/ai-talks/north/0/50"
NEW = "/commitments/new?channel=ai-talks&source=text/north/0/40&part=north/0/41+en"


def test_the_words_that_were_pointed_at_stand_in_the_form() -> None:
    """Without a script the paragraph is taken whole; a stretch of it where one was chosen."""

    async def story() -> None:
        async with browsing() as browser:
            assert ">Each side names a point of contact.</textarea>" in await browser.get(NEW)
            text = await browser.get(NEW + "&from=11&to=34")
            assert ">names a point of contact</textarea>" in text and 'value="north/0/41 en"' in text
            other = await browser.get(NEW + "&from=²&to=-1")
            assert ">Each side names a point of contact.</textarea>" in other
            status, _, headers = await browser.post("/commitments/new", {"channel": "ai-talks", "what": "Name them"})
            assert (status, headers["Location"]) == (303, AT)

    asyncio.run(story())


def test_a_refusal_loses_nothing_that_was_typed() -> None:
    """Neither in a new commitment nor in a view of one."""

    async def story() -> None:
        samples = Samples()
        samples.refuse = Refused("commitments.words", "no")
        async with browsing(samples) as browser:
            fields = {"channel": "ai-talks", "source": "text/north/0/40", "words": "Other words", "what": "Name them",
                      "seen": "A list", "due": "2027-03-31", "who": "both"}  # fmt: skip
            status, text, _ = await browser.post("/commitments/new", fields)
            assert status == 422
            for typed in (
                ">Other words</textarea>",
                ">Name them</textarea>",
                ">A list</textarea>",
                'value="2027-03-31"',
            ):
                assert typed in text
            status, text, _ = await browser.post(AT + "/view", {"state": "overtaken", "note": "War", "entries": "x 1"})
            assert status == 422
            for typed in ('value="overtaken" selected', ">War</textarea>", ">x 1</textarea>"):
                assert typed in text

    asyncio.run(story())


def test_files_go_with_a_view_and_the_page_leads_to_each_that_is_there() -> None:
    """Evidence that nobody can open is none."""

    async def story() -> None:
        async with browsing() as browser:
            form = FormData()
            form.add_field("state", "kept")
            form.add_field("files", b"words", filename="list.pdf", content_type="application/pdf")
            status, _, _ = await browser.post(AT + "/view", form)
            assert status == 303
            what, fields = browser.samples.said[-1]
            assert what == "commitment-view" and fields["files"] and fields["state"] == "kept"
            text = await browser.get(AT)
            assert f'<a href="/channels/duty/message/south/0/31/files/{"5e" * 32}" download>' in text
            assert 'name="files" multiple' in text

    asyncio.run(story())


def test_the_first_page_lists_what_wants_our_side_without_a_sound() -> None:
    """A promise that is due is a reminder and no alarm: it is not among what rings or is urgent."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/")
            assert "Waits for our view" in plain(text) and "Waits for our answer" in plain(text)
            assert "commitments/ai-talks/north/0/51" in text
            assert "commitments" not in await browser.get("/fragments/alerts")

    asyncio.run(story())


def test_both_views_stand_beside_each_other_and_the_difference_has_a_word() -> None:
    """Colour is never the only sign, and neither view is drawn above the other's."""

    async def story() -> None:
        async with browsing() as browser:
            words = plain(await browser.get(AT))
            assert "View of North Not kept" in words and "View of South Kept" in words
            assert "≠ The views differ" in words and "Overdue" in words
            assert "and the source reads otherwise now" in words

    asyncio.run(story())
