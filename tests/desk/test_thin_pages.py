"""What a page says of thin links: which they are, what they carry, and what waits while there is no other."""

from __future__ import annotations

import asyncio

from tests.desk.browsing import browsing, plain
from tests.desk.sample import Samples
from tests.replacing import replace

from parley.desk.words import LANGUAGES


def only_thin() -> Samples:
    """A desk whose cable is cut and whose satellite is up."""
    samples = Samples()
    cable, satellite = samples.line_now.links
    links = (replace(cable, up=False), replace(satellite, up=True, trouble=""))
    samples.line_now = replace(samples.line_now, links=links, put_off=2)
    return samples


def test_a_thin_link_is_named_with_what_it_carries_in_the_bar_and_on_the_lines_page() -> None:
    """Nobody should wonder why the satellite brings no sound."""

    async def story() -> None:
        async with browsing() as browser:
            for page in ("/fragments/bar", "/fragments/line"):
                assert "thin link, 9 600 bit/s" in plain(await browser.get(page))
            assert "Only thin links are up" not in plain(await browser.get("/fragments/line"))

    asyncio.run(story())


def test_while_only_thin_links_are_up_the_lines_page_says_what_waits() -> None:
    """Sound, picture, files and the second kind of signature: each comes later, and none is lost."""

    async def story() -> None:
        async with browsing(only_thin()) as browser:
            said = plain(await browser.get("/fragments/line"))
            assert "Only thin links are up" in said
            assert "signatures over 2 logs are put off" in said
            for language in LANGUAGES:
                cookie = f"parley=sample-session; parley-view=language={language}"
                assert "bit/s" in await browser.get("/line", Cookie=cookie)

    asyncio.run(story())


def test_who_would_speak_is_told_that_the_line_carries_no_sound() -> None:
    """A duty officer who holds the key and speaks into a thin link believes to have been heard."""

    async def story() -> None:
        samples = Samples()
        cable, satellite = samples.line_now.links
        async with browsing(samples) as browser:
            watch = "parley=sample-session; parley-view=watch=on&language=en"
            whole = plain(await browser.get("/channels/duty/call"))
            assert "no sound reaches" not in whole and "nobody of South hears you" not in whole
            samples.line_now = replace(samples.line_now, links=(replace(cable, up=False), replace(satellite, up=True)))
            assert "no sound reaches South" in plain(await browser.get("/channels/duty/call"))
            assert "no sound reaches South" in plain(await browser.get("/fragments/no-sound"))
            assert (
                plain(await browser.get("/line", Cookie=watch)).count("no sound reaches South") == 1
            )  # beside the handset, on any page
            samples.line_now = replace(samples.line_now, up=False)
            assert "nobody of South hears you" in plain(await browser.get("/channels/duty/call"))

    asyncio.run(story())
