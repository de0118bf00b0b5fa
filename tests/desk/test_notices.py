"""The pages of notices and of the rule book: all of it without script, and nothing typed is lost."""

from __future__ import annotations

import asyncio

from tests.desk.browsing import browsing
from tests.desk.notice_samples import LATE, notice
from tests.desk.sample import Samples
from tests.desk.test_pages import HOSTILE
from tests.replacing import replace

from parley.errors import Refused


def test_a_notice_is_checked_and_then_given() -> None:
    """The first button says how it would stand, to our side alone; only the second gives it."""

    async def story() -> None:
        async with browsing() as browser:
            form = {"channel": "duty", "what": "exercise", "title": "Gunnery", "since": "2026-11-24T10:00",
                    "until": "2026-11-24T18:00", "area": "WITHIN 5 NM OF 54-30N 010-15E"}  # fmt: skip
            status, text, _ = await browser.post("/notices/new", form | {"act": "check"})
            assert status == 200
            for part in (
                "8/2026",
                "Overlaps: <bdi>1</bdi>",
                "Only our side sees this",
                "<b>Late.</b>",
                'value="Gunnery"',
            ):
                assert part in text
            assert [said[0] for said in browser.samples.said] == ["check_notice"]
            status, _, answer = await browser.post("/notices/new", form | {"act": "give"})
            assert (status, answer["Location"]) == (303, "/notices/duty/north/0/4")

    asyncio.run(story())


def test_what_was_typed_stays_after_a_refusal() -> None:
    """Somebody who pasted forty positions does not paste them again for a slip in one."""

    async def story() -> None:
        samples = Samples()
        samples.refuse = Refused("areas.text", '"55-30N" is no whole position')
        async with browsing(samples) as browser:
            status, text, _ = await browser.post(
                "/notices/new", {"act": "give", "title": "Gunnery", "area": "55-30N X"}
            )
            assert status == 422
            assert "The area was not understood." in text and "55-30N&#34; is no whole position" in text
            assert 'value="Gunnery"' in text and ">55-30N X</textarea>" in text

    asyncio.run(story())


def test_every_next_word_about_a_notice_has_its_form() -> None:
    """Ours: amend, extend, end, cancel. Theirs: that we have read it."""

    async def story() -> None:
        async with browsing() as browser:
            for act in ("amend", "extend", "end", "cancel"):
                path = f"/notices/duty/north/0/4/{act}"
                assert f'action="{path}"' in await browser.get(
                    "/notices/duty/north/0/4" + ("/amend" if act == "amend" else "")
                )
                status, _, answer = await browser.post(path, {"reason": "Weather."})
                assert (status, answer["Location"]) == (303, "/notices/duty/north/0/4")
                assert browser.samples.said[-1][1][2] == act  # type: ignore[index]
            theirs = await browser.get("/notices/duty/south/0/5")
            assert 'action="/notices/duty/south/0/5/acknowledge"' in theirs and "/cancel" not in theirs
            assert (await browser.post("/notices/duty/north/0/4/odd"))[0] == 404

    asyncio.run(story())


def test_the_slider_works_without_script_and_marks_in_words() -> None:
    """What is in force at the chosen hour says so; colour is never the only sign."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/notices?day=2026-11-23&days=7&hour=10")
            assert text.count("● in force</span>") == 4 and text.count("data-notice-there hidden") == 1
            assert 'value="10"' in text and "2026-11-23 10:00Z" in text
            only = await browser.get("/notices?day=2026-11-23&days=7&hour=10&only=1")
            assert "Gunnery" in only and only.count("<tr data-notice") == 3
            assert (await browser.ask("GET", "/notices?day=never"))[0] in (403, 409, 422)

    asyncio.run(story())


def test_notice_given_after_it_had_begun_counts_no_hours_below_nothing() -> None:
    """`-2 hours beforehand` has to be read twice at three in the morning."""

    async def story() -> None:
        samples = Samples()
        lead = replace(LATE, given_hours=-2)
        samples.notices_now = lambda: (notice(5, ours=False, lead=lead),)  # type: ignore[method-assign]
        async with browsing(samples) as browser:
            text = await browser.get("/notices/duty/south/0/5")
            assert "given after it had begun." in text and "-2" not in text.split("after it had begun")[0][-200:]

    asyncio.run(story())


def test_words_of_the_other_side_go_into_text_alone() -> None:
    """A title, a free kind or a number of theirs may hold anything."""

    async def story() -> None:
        samples = Samples()
        odd = {"title": HOSTILE, "number": HOSTILE, "what": HOSTILE, "forces": HOSTILE, "basis": HOSTILE}
        samples.notices_now = lambda: (replace(notice(5, ours=False), **odd),)  # type: ignore[method-assign]
        async with browsing(samples) as browser:
            for path in ("/notices", "/notices/duty/south/0/5", "/notices/duty/south/0/5/amend"):
                assert "<script>alert" not in await browser.get(path), path

    asyncio.run(story())


def test_a_movement_of_ours_is_planned_and_taken_out() -> None:
    """Beside the notices, and said to be private."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/notices")
            assert "Convoy to Cape Hann" in text and 'name="id" value="a1b2c3d4"' in text
            for act, form in (("plan", {"title": "Convoy", "area": "54-30N"}), ("drop", {"id": "a1b2c3d4"})):
                status, _, answer = await browser.post(f"/notices/movements/{act}", form)
                assert (status, answer["Location"]) == (303, "/notices#movements")
                assert browser.samples.said[-1] == ("settle_movement", (act, form))

    asyncio.run(story())


def test_a_cap_message_fills_the_form_and_gives_nothing() -> None:
    """Another centre's warning is looked at before it becomes ours."""

    async def story() -> None:
        async with browsing() as browser:
            status, text, _ = await browser.post("/notices/new", {"act": "read", "cap": "<alert/>"})
            assert status == 200 and 'value="From a warning"' in text
            assert [said[0] for said in browser.samples.said] == ["read_cap"]
            for path, media in (("/notices.ics", "text/calendar"), ("/notices.geojson", "application/geo+json"),
                                ("/notices/duty/north/0/4/cap", "application/cap+xml")):  # fmt: skip
                _, _, headers = await browser.ask("GET", path)
                assert headers["Content-Type"].startswith(media) and "attachment" in headers["Content-Disposition"]

    asyncio.run(story())


def test_a_cap_message_that_cannot_be_read_is_refused_with_the_place() -> None:
    """A translated sentence alone does not say which element of three hundred lines is wrong."""

    async def story() -> None:
        said, samples = "alert: expected sender here", Samples()
        samples.refuse = Refused("cap.form", said)
        async with browsing(samples) as browser:
            status, text, _ = await browser.post("/notices/new", {"act": "read", "cap": "<alert/>"})
            assert status == 422 and "could not be read" in text and said in text

    asyncio.run(story())


def test_a_signal_is_a_key_a_code_and_enter() -> None:
    """The field of a channel's page takes the code; the desk's status goes with it."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/channels/duty")
            assert 'name="code"' in text and 'data-key="d"' in text
            status, _, answer = await browser.post("/channels/duty/signal", {"code": "KC1?"})
            assert (status, answer["Location"]) == (303, "/channels/duty")
            assert browser.samples.said[-1] == ("send_signal", ("duty", {"code": "KC1?", "status": "actual"}))

    asyncio.run(story())


def test_a_document_is_proposed_from_an_example_and_adopted_by_one_press() -> None:
    """In all its languages on one page, since that is what is adopted."""

    async def story() -> None:
        async with browsing() as browser:
            assert "sea-air" in await browser.get("/rulebook/new?example=sea-air")
            assert (await browser.post("/rulebook/new", {"document": "{}"}))[2]["Location"] == "/rulebook/south/0/7"
            text = await browser.get("/rulebook/north/0/8")
            for part in ("请避让我船。", "ابتعدوا عني.", 'action="/rulebook/north/0/8/adopt"', 'lang="zh-Hans"'):
                assert part in text
            await browser.post("/rulebook/north/0/8/adopt")
            assert browser.samples.said[-1] == ("settle_rulebook", ("rulebook/north/0/8", "adopt", ""))

    asyncio.run(story())
