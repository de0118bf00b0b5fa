"""The pages of negotiated texts over samples: a paper put in, a part put elsewhere, nothing typed lost."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import FormData
from tests.desk.browsing import browsing

from parley import limits

TEXT = "/texts/ai-talks/north/0/40"


def paper(name: str, data: bytes, tag: str = "en") -> FormData:
    form = FormData()
    form.add_field("file", data, filename=name, content_type="application/octet-stream")
    form.add_field("language", tag)
    return form


def test_a_paper_is_put_in_at_the_desk_in_the_language_that_was_chosen() -> None:
    """A draft that exists is not typed again."""

    async def story() -> None:
        async with browsing() as browser:
            assert 'enctype="multipart/form-data"' in await browser.get(TEXT)
            status, _, headers = await browser.post(TEXT + "/import", paper("draft.docx", b"PK", "en"))
            assert (status, headers["Location"]) == (303, TEXT)
            assert browser.samples.imported == ("draft.docx", b"PK", "en")

    asyncio.run(story())


@pytest.mark.parametrize(("name", "size"), [("draft.zip", 3), ("draft.txt", limits.TEXT_FILE_BYTES_MAX + 1)])
def test_a_paper_that_cannot_be_read_is_said_where_it_was_chosen(name: str, size: int) -> None:
    """The form stays open with the reason above it; the node takes no more into memory than a text may be."""

    async def story() -> None:
        async with browsing() as browser:
            status, text, _ = await browser.post(TEXT + "/import", paper(name, b"x" * size))
            assert status == 422
            assert '<details class="act fold" open><summary>Put a paper in' in text
            assert browser.samples.imported is None

    asyncio.run(story())


def test_a_part_is_put_under_another_at_the_desk() -> None:
    """The order of a treaty is made by hand, and by keyboard: the places are two lists."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get(TEXT + "?work=north/0/41")
            assert f'action="{TEXT}/move"' in page and '<select id="u-north-0-41-under" name="under">' in page
            form = {"unit": "north/0/41", "under": "north/0/42", "after": ""}
            status, _, headers = await browser.post(TEXT + "/move", form)
            assert (status, headers["Location"]) == (303, TEXT + "#u-north-0-41")
            assert browser.samples.moved == form

    asyncio.run(story())
