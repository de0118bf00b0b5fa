"""The pages of emergency stops: one form, a ringing screen, each step, drills apart; all of it without script."""

from __future__ import annotations

import asyncio
import re

import pytest
from tests.desk.browsing import browsing, plain
from tests.desk.sample import Samples
from tests.desk.stop_samples import every, stop
from tests.desk.test_pages import HOSTILE, PAGES

from parley.desk.words import LANGUAGES
from parley.errors import Refused, Unavailable


def path(row: object) -> str:
    return f"/stops/line/{row.subject.partition('/')[2]}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_words_in_every_language(language: str) -> None:
    """A sentence made of parts that is missing would fail in the one minute in which it is needed."""

    async def story() -> None:
        samples = Samples()
        samples.stops_open = every()
        async with browsing(samples) as browser:
            cookie = f"parley=sample-session; parley-view=language={language}"
            for row in every():
                for part in ("", "/words", "/acts"):
                    assert row.where in await browser.get(path(row) + part, Cookie=cookie) or part == "/acts"
            for page in (
                "/",
                "/stop",
                "/stops",
                "/stops/drills",
                "/stops/strip",
                "/stops/list",
                "/stops/list?drills=1",
            ):
                await browser.get(page, Cookie=cookie)

    asyncio.run(story())


def test_the_control_stands_on_every_page_and_opens_one_form() -> None:
    """From any page by one control; nobody looks for it in a menu."""

    async def story() -> None:
        async with browsing() as browser:
            for page in PAGES:
                assert 'href="/stop" data-key="Shift X"' in await browser.get(page), page
            form = {"what": "Firing", "where": "Lane 4", "minutes": "3", "channel": "line", "status": "actual"}
            status, _, answer = await browser.post("/stop", form)
            assert (status, answer["Location"]) == (303, "/stops/line/north/0/9")
            assert browser.samples.said[-1][1][2]["minutes"] == "3"  # type: ignore[index]
            text = await browser.get("/stop")
            assert re.findall(r'name="status" value="(\w+)"', text) == ["actual", "exercise"]  # the button says which
            text = await browser.get("/stop?drill=1")
            assert re.findall(r'name="status" value="(\w+)"', text) == ["exercise"]

    asyncio.run(story())


def test_on_a_node_for_exercises_nothing_real_can_be_raised() -> None:
    """Promise 10: the mode of the node stands before every choice."""

    async def story() -> None:
        samples = Samples()
        samples.mode = "exercise"
        async with browsing(samples) as browser:
            text = await browser.get("/stop")
            assert re.findall(r'name="status" value="(\w+)"', text) == ["exercise"]

    asyncio.run(story())


def test_a_stop_that_cannot_be_raised_says_so_keeps_the_words_and_shows_the_other_ways() -> None:
    """If the node may not sign, seconds count twice: the fallback stands beside the refusal."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            samples.refuse = Unavailable("line.signing", "this node may not sign now")  # type: ignore[assignment]
            form = {"what": "Firing <here>", "where": "Lane 4", "minutes": "", "channel": "line", "status": "actual"}
            status, text, _ = await browser.post("/stop", form)
            assert status == 503
            assert "Firing &lt;here&gt;</textarea>" in text
            assert "If it does not go, use the other ways at once:" in plain(text)

    asyncio.run(story())


def test_what_nobody_has_taken_rings_across_every_page_and_is_taken_by_one_press() -> None:
    """Whoever sits there, at whatever page, takes it; without any script."""

    async def story() -> None:
        samples = Samples()
        samples.stops_open = (stop("raised"),)
        async with browsing(samples) as browser:
            for page in ("/", "/channels/duty", "/people", "/record"):
                text = await browser.get(page)
                assert 'role="alertdialog"' in text, page
                assert "Lane 4, off the north buoy" in text
            own = await browser.get("/stops/line/south/0/5")
            assert 'role="alertdialog"' not in own  # its own page is the screen
            status, _, answer = await browser.post("/stops/line/south/0/5/take", {})
            assert (status, answer["Location"]) == (303, "/stops/line/south/0/5#stop-acts")
            samples.stops_open = (stop("taken"), stop("raised", ours=True, number=6))
            text = await browser.get("/")
            assert 'role="alertdialog"' not in text
            assert "STOP: read it back" in text and "Our STOP: nobody there has taken it" in text

    asyncio.run(story())


def test_a_drill_is_marked_wherever_the_first_page_names_it() -> None:
    """It stands among what waits and under the stops: who reads either must not send a ship about for an exercise."""

    async def story() -> None:
        samples = Samples()
        samples.stops_open = (stop("taken", status="exercise"),)
        async with browsing(samples) as browser:
            text = await browser.get("/fragments/home")
            marked = re.findall(r'<li data-status="exercise"><span class="tag">Exercise</span> <a href="/stops/', text)
            assert len(marked) == text.count('href="/stops/line/') == 2

    asyncio.run(story())


def test_who_may_not_answer_a_stop_sees_the_strip_and_no_controls() -> None:
    """The auditor looks on."""

    async def story() -> None:
        samples = Samples()
        samples.rights = frozenset({"state", "read"})
        samples.stops_open = (stop("raised", may=frozenset()),)
        async with browsing(samples) as browser:
            text = await browser.get("/")
            assert "stop-line" in text and "alertdialog" not in text and 'href="/stop"' not in text
            assert (
                'class="alert' in text and text.count("(f)") == text.count('data-key="f"') == 1
            )  # it leads to the stop

    asyncio.run(story())


def test_a_refusal_about_a_stop_is_said_on_its_page() -> None:
    """Two desks press at once: the second learns who was quicker."""

    async def story() -> None:
        samples = Samples()
        samples.stops_open = (stop("taken"),)
        async with browsing(samples) as browser:
            samples.refuse = Refused("stops.taken", "it was taken before, by d.marsh")  # type: ignore[assignment]
            status, text, _ = await browser.post("/stops/line/south/0/5/take", {})
            assert status == 422 and "Somebody here has taken it already." in text
            assert (await browser.post("/stops/line/south/0/5/rings", {}))[0] == 204
            samples.refuse = None
            assert (await browser.post("/stops/line/south/0/5/nonsense", {}))[0] == 404

    asyncio.run(story())


def test_a_drill_stands_apart_in_words_marks_and_on_a_page_of_its_own() -> None:
    """Who drills must not frighten anybody, nor teach anybody to ignore the real one."""

    async def story() -> None:
        samples = Samples()
        samples.stops_open = (stop("effected", ours=True, status="exercise"), stop("confirmed", number=6))
        async with browsing(samples) as browser:
            real, drills = await browser.get("/stops"), await browser.get("/stops/drills")
            real, drills = (text[text.index('<main id="main"') :] for text in (real, drills))
            assert "/stops/line/south/0/6" in real and "/stops/line/north/0/5" not in real
            assert "/stops/line/north/0/5" in drills and "/stops/line/south/0/6" not in drills
            assert "4 of 4 steps in time" in plain(drills) and "10.4 s" in plain(drills)
            text = await browser.get("/")
            assert '<li class="stop-line" data-status="exercise"' in text
            page = await browser.get("/stops/line/north/0/5")
            assert "EXERCISE EXERCISE EXERCISE" in page

    asyncio.run(story())


def test_words_of_the_other_side_are_only_ever_text() -> None:
    """The form of a stop is the other side's to fill."""

    async def story() -> None:
        samples = Samples()
        samples.stops_open = (stop("raised", what=HOSTILE, where=HOSTILE, person_name=HOSTILE, language='"><x'),)
        async with browsing(samples) as browser:
            for page in ("/", "/stops", "/stops/line/south/0/5"):
                text = await browser.get(page)
                assert "<script>alert" not in text and "<img" not in text and "<x" not in text

    asyncio.run(story())
