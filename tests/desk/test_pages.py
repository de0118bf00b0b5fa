"""The pages: whole in every language, true about delivery, and losing nothing that was typed."""

from __future__ import annotations

import asyncio
import re
from importlib.resources import files

import aiohttp
import pytest
from tests.desk.browsing import browsing, plain
from tests.desk.sample import Samples, call, facts, message
from tests.replacing import replace

from parley.desk import shown
from parley.desk.alerts import alerts_of
from parley.desk.render import SHEETS, Static
from parley.desk.words import LANGUAGES, Words
from parley.errors import Refused, Unavailable

PAGES = (
    "/stop", "/stops", "/stops/drills", "/talks", "/bodies/north/0/12", "/meetings/new",
    "/meetings/new?body=body/north/0/12", "/meetings/ai-talks/north/0/7", "/meetings/ai-talks/south/0/8",
    "/texts", "/texts/ai-talks/north/0/40", "/texts/ai-talks/north/0/40?work=north/0/41",
    "/texts/ai-talks/north/0/40/sign",
    "/texts/ai-talks/north/0/40/compare?before=ai-talks/north/0+43",
    "/stop", "/stops", "/stops/drills", "/incidents", "/incidents/new", "/incidents/duty/north/0/40",
    "/incidents/duty/north/0/40/account", "/incidents/duty/north/0/40/evidence", "/incidents/year/2026",
    "/", "/channels/duty", "/channels/leaders", "/channels/ai-talks", "/channels/fisheries",
    "/channels/duty/message/south/0/31", "/channels/duty/message/north/0/16", "/drafts", "/drafts/d7", "/line",
    "/channels/duty/call", "/channels/leaders/call", "/channels/ai-talks/call",
    "/record", "/record/duty/north/0", "/record/duty/north/0/3", "/people", "/help", "/wall",
    "/search", "/search?q=strait", "/positions",
    "/escalation", "/sound", "/watch", "/chart", "/live-watch", "/channels/duty/people",
    "/readouts", "/readouts/duty/south/0/3", "/readouts/duty/north/0/2", "/readouts/duty/north/0/2/compare",
    "/readouts/duty/north/0/2/words/north", "/readouts/duty/north/0/2/words/south",
    "/sound/microphone",
    "/notices", "/notices?days=7&hour=5&only=1", "/notices/new", "/notices/duty/north/0/4", "/notices/duty/south/0/5",
    "/notices/duty/north/0/6", "/notices/duty/north/0/4/amend", "/rulebook", "/rulebook/new?example=sea-air",
    "/rulebook/south/0/7", "/rulebook/north/0/8", "/rulebook/south/0/9",
    "/channels/leaders/recordings/south/0/41",
    "/commitments", "/commitments/ai-talks/north/0/50", "/commitments/ai-talks/north/0/53",
    "/commitments/new?channel=ai-talks&source=text/north/0/40&part=north/0/41+zh&from=1&to=5",
)  # fmt: skip
PARTS = (
    "/readouts/duty/north/0/2/state", "/readouts/duty/north/0/2/compare/now",
    "/talks/list", "/bodies/north/0/12/now", "/talks/meetings",
    *(f"/meetings/ai-talks/north/0/7/part/{part}" for part in ("head", "agenda", "ready", "day", "after")),
    "/fragments/bar", "/fragments/alerts", "/fragments/rooms", "/fragments/home", "/fragments/line",
    "/fragments/drafts", "/watch/now", "/watch/duty/state", "/channels/duty/thread", "/channels/duty/call/now",
    "/channels/ai-talks/call/tone-now", "/notices/list?days=7", "/notices/duty/north/0/4/now", "/rulebook/list",
    "/live-watch/warnings",
    "/commitments/list?which=due", "/commitments/reminders", "/commitments/ai-talks/north/0/50/now",
    "/channels/duty/message/south/0/31/fragment",
)  # fmt: skip
HOSTILE = "</p><script>alert(1)</script>\u200f<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_every_language(language: str) -> None:
    """A template that asks for a word or a value that is not there fails for one of them only."""

    async def story() -> None:
        async with browsing() as browser:
            cookie = f"parley=sample-session; parley-view=language={language}"
            for path in PAGES + PARTS:
                text = await browser.get(path, Cookie=cookie)
                if path in PAGES:
                    assert f'<html lang="{Words(language).tag}" dir="{LANGUAGES[language]}"' in text, path

    asyncio.run(story())


def test_a_list_is_set_as_its_language_sets_lists() -> None:
    """A Latin comma stands on the wrong side of an Arabic word, and nobody writes one between Chinese words."""

    async def story() -> None:
        async with browsing() as browser:
            for language, roles in (
                ("ar", "ضابط مناوب، مدير النظام"),
                ("zh", "值班员、管理员"),
                ("en", "Duty officer, Adm"),
            ):
                cookie = f"parley=sample-session; parley-view=language={language}"
                assert roles in await browser.get("/people", Cookie=cookie)

    asyncio.run(story())


@pytest.mark.parametrize("status", ["exercise", "test"])
def test_exercise_and_test_stand_on_every_screen(status: str) -> None:
    """DESIGN, promise 10: nobody may take an exercise for the real thing, nor the other way."""

    async def story() -> None:
        samples = Samples()
        samples.mode = status
        async with browsing(samples) as browser:
            for path in (*PAGES, "/sign-in"):
                text = await browser.get(path)
                assert f'<body data-status="{status}"' in text or f' data-status="{status}">' in text, path
                assert 'class="status-band"' in text, path

    asyncio.run(story())


def test_what_people_write_is_only_ever_text() -> None:
    """The other side's officer, or one of ours, may send anything that is a text."""

    async def story() -> None:
        samples = Samples()
        samples.thread_now = [
            message(
                1, ours=False, text=HOSTILE, title=HOSTILE, person_name=HOSTILE, state_note=HOSTILE, language='"><x'
            )
        ]
        samples.channels_now = (shown.ChannelShown(id="duty", title=HOSTILE, purpose=HOSTILE, state="open"),)
        async with browsing(samples) as browser:
            for path in ("/", "/channels/duty", "/channels/duty/message/south/0/1", "/record/duty/north/0/3"):
                text = await browser.get(path)
                assert "<script>alert" not in text, path
                assert "<img" not in text, path
                assert "<x" not in text, path

    asyncio.run(story())


def test_a_message_has_its_language_and_its_own_direction() -> None:
    """Screen readers and bidi rules both need it: Chinese by its lang, Arabic from the right in an English desk."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/channels/duty")
            assert re.search(r'<p class="words" dir="auto" lang="zh">我方', text)
            assert re.search(r'<p class="words" dir="auto" lang="ar">نقترح', text)

    asyncio.run(story())


def test_the_four_facts_stand_apart_each_with_its_time() -> None:
    """Promise 2: reached and not yet must never be mixed up, nor one taken from another."""

    async def story() -> None:
        samples = Samples()
        samples.thread_now = [message(1, facts=facts(60, None, None, None), not_had_since="2026-11-23T03:08:34.000Z")]
        async with browsing(samples) as browser:
            text = plain(await browser.get("/channels/duty"))
            assert (
                "On our disk 03:11:44Z On their disk not yet Shown at their desk not yet Acknowledged by name not yet"
                in text
            )
            assert "Their node has not had it for 00:04:10" in text

    asyncio.run(story())


def test_due_times_count_down_and_then_count_what_is_over() -> None:
    """Without script the page still says how things stood when it was asked for."""

    async def story() -> None:
        async with browsing() as browser:
            text = plain(await browser.get("/channels/duty"))
            assert "Our acknowledgement is due in 00:08:25" in text
            assert "OVERDUE by 00:20:00" in text

    asyncio.run(story())


def test_a_refusal_says_why_and_keeps_every_word() -> None:
    """Ten minutes of writing must not be lost to a rule or a disk."""

    async def story() -> None:
        for error, status in (
            (Refused("messages.words", "a FLASH holds at most 200 words, these are 214"), 422),
            (Unavailable("storage.full", "the disk is full"), 503),
        ):
            samples = Samples()
            samples.refuse = error  # type: ignore[assignment]
            async with browsing(samples) as browser:
                form = {
                    "text": "A long text & <more>",
                    "title": "T",
                    "precedence": "IMMEDIATE",
                    "status": "exercise",
                    "act": "send",
                    "language": "ar",
                }
                got, text, _ = await browser.post("/channels/duty/messages", form)
                assert got == status
                words = error.sentence if error.code == "messages.words" else "Our disk is full. Nothing was sent"
                assert words in text
                assert "A long text &amp; &lt;more&gt;</textarea>" in text
                assert 'value="IMMEDIATE" checked' in text
                assert 'value="exercise" checked' in text

    asyncio.run(story())


def test_reading_writing_and_acknowledging_need_no_script() -> None:
    """STYLE, "The desk": a page works before its script does."""

    async def story() -> None:
        async with browsing() as browser:
            form = aiohttp.FormData(
                {
                    "text": "Line one\r\nline two",
                    "precedence": "ROUTINE",
                    "status": "actual",
                    "language": "en",
                    "act": "send",
                }
            )
            form.add_field("files", b"", filename="", content_type="application/octet-stream")
            status, _, answer = await browser.post("/channels/duty/messages", form)
            assert status == 303
            assert answer["Location"] == "/channels/duty#m-message-north-0-32"
            assert "Line one\nline two</p>" in await browser.get("/channels/duty")

            status, _, answer = await browser.post("/channels/duty/message/south/0/31/acknowledge", {"note": "Read."})
            assert (status, answer["Location"]) == (303, "/channels/duty#m-message-south-0-31")
            text = plain(await browser.get("/channels/duty/message/south/0/31"))
            assert "Acknowledged by name 03:12:44Z · D. Marsh" in text

    asyncio.run(story())


def test_a_file_goes_in_without_being_held_in_memory_and_its_root_into_the_message() -> None:
    """Photos and tracks are large; the form must not be read whole."""

    async def story() -> None:
        async with browsing() as browser:
            form = aiohttp.FormData(
                {"text": "See the photo.", "precedence": "ROUTINE", "status": "actual", "language": "en", "act": "send"}
            )
            form.add_field("files", b"x" * 300_000, filename="photo.jpg", content_type="image/jpeg")
            status, text, _ = await browser.post("/channels/duty/messages", form)
            assert status == 303, plain(text)
            acts = dict(browser.samples.said)
            assert acts["attach"] == ("photo.jpg", "image/jpeg", 300_000)
            assert acts["send"][0].attachments == (("cd" * 32, "photo.jpg"),)  # type: ignore[index]

    asyncio.run(story())


def test_a_flash_goes_to_a_second_person_and_is_released_only_with_eyes_on_its_words() -> None:
    """DESIGN 5: persons are compared by the action; the page shows exactly what will go, and asks once more."""

    async def story() -> None:
        async with browsing() as browser:
            form = {"text": "x", "precedence": "FLASH", "status": "actual", "language": "en", "act": "release"}
            status, _, answer = await browser.post("/channels/duty/messages", form)
            assert (status, answer["Location"]) == (303, "/drafts#d-d7")
            page = await browser.get("/drafts/d7")
            assert "Aurora has stopped engines" in page
            seen = page.partition('name="seen" value="')[2].partition('"')[0]
            status, text, _ = await browser.post("/drafts/d7/release", {})
            assert status == 422
            assert "read the exact words first" in text
            for other in ({}, {"seen": "2026-01-01T00:00:00.000Z"}):
                status, text, _ = await browser.post("/drafts/d7/release", {"sure": "yes", **other})
                assert (status, "The words were changed since you were shown them" in text) == (422, True)
            status, _, answer = await browser.post("/drafts/d7/release", {"sure": "yes", "seen": seen})
            assert (status, answer["Location"]) == (303, "/channels/duty")

    asyncio.run(story())


def test_after_a_fork_the_operator_does_the_next_step_at_the_line_page_and_nobody_else_sees_it() -> None:
    """The channel is dead in one direction until both have: each must be shown what is theirs to do."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            page = await browser.get("/line")
            for path, log in (("end", "duty/south/0"), ("renew", "duty/north/0")):
                assert page.count(f'action="/line/frozen/{path}"') == 1
                status, _, _ = await browser.post(f"/line/frozen/{path}", {"log": log})
                assert status == 303
            assert samples.said == [("end-log", ("duty/south/0",)), ("renew-log", ("duty/north/0",))]
            assert "goes on in <bdi>talks/north/1795428004" in page and "waits for <bdi>South" in page
            samples.rights = frozenset({"state", "line", "read", "record"})
            assert "/line/frozen" not in await browser.get("/line")

    asyncio.run(story())


def test_a_fault_of_ours_tells_no_content() -> None:
    """What went wrong inside is for the log, by its code; the page must not leak it."""

    async def story() -> None:
        samples = Samples()

        def broken(who: shown.Person) -> tuple[shown.LogShown, ...]:
            raise RuntimeError("secret words of a draft")

        samples.logs = broken  # type: ignore[method-assign]
        async with browsing(samples) as browser:
            status, text, _ = await browser.ask("GET", "/record")
            assert status == 500
            assert "secret" not in text
            assert "desk.fault" in text

    asyncio.run(story())


def test_the_first_page_names_a_draft_that_waits_for_a_second_person() -> None:
    """ "Nothing waits for us" stood over a FLASH that waited for its release, or a meeting that was asked for."""

    async def story() -> None:
        samples = Samples()
        samples.thread_now = []
        async with browsing(samples) as browser:
            text = (await browser.get("/fragments/home")).partition("</section>")[0]
            assert "Waits for a second person" in text and "Nothing waits" not in text

    asyncio.run(story())


def test_who_left_a_call_by_an_empty_chair_is_named_on_its_page() -> None:
    """Their place was freed by their own node: whoever misses them must see why."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/channels/ai-talks/call/now")
            assert "J. Cole has left: no desk of theirs was open for three minutes." in plain(text)

    asyncio.run(story())


def test_a_desk_that_rang_and_rings_no_more_is_not_said_to_be_ringing() -> None:
    """It stood lit as "a desk is ringing" while the same page said that none does."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            text = plain(await browser.get("/channels/duty/call/now"))
            assert "3 desks of ours are ringing" in text
            for ours, told in ((False, "No desk of ours rings"), (True, "No desk of South rings any more")):
                samples.calls_now = (replace(call("duty"), ours=ours, desks=0, silent=True),)
                text = plain(await browser.get("/channels/duty/call/now"))
                assert told in text and " rang" in text and "is ringing" not in text

    asyncio.run(story())


def test_words_left_with_a_flash_call_stand_above_every_page_as_urgent() -> None:
    """A call that nobody took may have been the one that mattered: its words are rung like it."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            for precedence, urgent in (("FLASH", True), ("PRIORITY", False)):
                one = replace(call("duty", state="unanswered", waits="statement"), precedence=precedence)
                samples.calls_now = (replace(one, statement="Stop the tow."),)
                text = await browser.get("/people")
                assert ('class="alert urgent" data-alert="call-words"' in text) is urgent
                assert ('class="alert" data-alert="call-words"' in text) is not urgent

    asyncio.run(story())


def test_where_no_call_can_be_placed_the_page_of_calls_says_why() -> None:
    """A suspended channel's had no control and no word: whoever came to call in haste looked for it."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/channels/fisheries/call")
            assert "No call can be placed here" in text and "Under review in our ministry." in text
            assert "No call can be placed here" not in await browser.get("/channels/duty/call")

    asyncio.run(story())


def test_without_rights_the_controls_are_left_out() -> None:
    """The action refuses anyway; a page full of buttons that refuse is a page nobody trusts."""

    async def story() -> None:
        samples = Samples()
        samples.rights = frozenset({"state", "read"})
        async with browsing(samples) as browser:
            assert "/people/j.cole/link" not in await browser.get("/people")
            assert 'name="watch"' not in await browser.get("/")
            assert "/channels/duty/suspend" not in await browser.get("/channels/duty")

    asyncio.run(story())


def test_the_static_files_are_kept_for_ever_under_an_address_that_changes_with_them() -> None:
    """An upgrade must not leave an old script beside a new page."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get("/")
            base = re.search(r'src="(/static/[0-9a-f]{16})/main.js"', page)
            assert base is not None
            _, text, answer = await browser.ask("GET", base.group(1) + "/main.js")
            assert "immutable" in answer["Cache-Control"]
            assert answer["Content-Type"].startswith("text/javascript")
            assert (await browser.ask("GET", "/static/0000000000000000/main.js"))[0] == 404
            for name in re.findall(r'from "./([a-z]+\.js)"', text):
                assert (await browser.ask("GET", f"{base.group(1)}/{name}"))[0] == 200

    asyncio.run(story())


def test_a_draft_is_changed_in_the_composer_with_all_its_words() -> None:
    """What was sent back must not be typed again from memory."""

    async def story() -> None:
        async with browsing() as browser:
            assert "/channels/duty?draft=d7#composer" in await browser.get("/drafts")
            text = await browser.get("/channels/duty?draft=d7")
            assert "Aurora has stopped engines" in text
            assert 'value="FLASH" checked' in text
            form = {"text": "Other words.", "precedence": "FLASH", "status": "actual", "language": "en", "draft": "d7"}
            await browser.post("/channels/duty/messages", form | {"act": "review"})
            writing = dict(browser.samples.said)["review"][0]  # type: ignore[index]
            assert (writing.draft, writing.text) == ("d7", "Other words.")

    asyncio.run(story())


def test_a_name_by_law_is_committed_to_disclosed_and_forgotten_by_an_administrator() -> None:
    """Who somebody is by law is needed once, in front of a court; no administrator should need a terminal for it."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/people")
            assert text.count('action="/people/d.marsh/forget-name"') == 1 and "/people/j.cole/forget-name" not in text
            assert (await browser.post("/people/j.cole/legal-name", {"legal": "Jane Cole"}))[0] == 303
            assert browser.samples.said[-1] == ("legal-name", ("j.cole", "Jane Cole"))
            status, text, headers = await browser.ask("GET", "/people/d.marsh/legal-name")
            assert (status, headers["Content-Disposition"]) == (200, 'attachment; filename="legal-name-d.marsh.json"')
            assert "parley-legal-name/1" in text
            assert (await browser.post("/people/d.marsh/forget-name"))[0] == 303
            assert browser.samples.said[-1] == ("forget-name", ("d.marsh",))
            browser.samples.rights = frozenset({"state", "read", "release"})
            assert "legal-name" not in await browser.get("/people")

    asyncio.run(story())


def test_who_may_release_alone_is_proposed_by_one_and_laid_down_by_another() -> None:
    """Two persons decide beforehand, so that one can act when the other does not answer (DESIGN 5)."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            text = await browser.get("/drafts")
            assert "After <bdi>10</bdi> minutes without an answer" in text
            got, _, _ = await browser.post("/drafts/policy", {"person": "w.marlow", "minutes": "15"})
            assert got == 303
            assert samples.said[-1] == ("policy", (("w.marlow",), 900))
            seen = text.partition('name="seen" value="')[2].partition('"')[0]
            assert seen == "300 a.brandt"
            got, _, _ = await browser.post("/drafts/policy/agree", {"seen": seen})
            assert (got, samples.said[-1]) == (303, ("agree-policy", (seen,)))

    asyncio.run(story())


def test_our_copy_of_a_recording_is_deleted_only_by_who_ticks_that_they_mean_it() -> None:
    """It cannot be had back: one press in a hurry must not be enough."""

    async def story() -> None:
        samples = Samples()
        async with browsing(samples) as browser:
            path = "/channels/leaders/recordings/south/0/41"
            assert "Delete our copy" in await browser.get(path)
            status, text, _ = await browser.post(f"{path}/2/delete", {})
            assert status == 422 and "Nothing was deleted" in text
            assert ("delete-recording", ("leaders", "call/south/0/41", 2)) not in samples.said
            status, _, headers = await browser.post(f"{path}/2/delete", {"sure": "yes"})
            assert (status, headers["Location"]) == (303, path)
            assert samples.said[-1] == ("delete-recording", ("leaders", "call/south/0/41", 2))

    asyncio.run(story())


def test_a_page_asks_for_all_its_sheets_at_once_and_none_is_forgotten() -> None:
    """Nineteen requests took a thin link seconds; a sheet that no page asks for is a rule nobody sees."""
    static = Static()
    every = {entry.name.removesuffix(".css") for entry in files("parley.desk").joinpath("static").iterdir()}
    assert set(SHEETS["desk.css"]) == {name for name in every if f"{name}.css" in static.files}
    for name, parts in SHEETS.items():
        texts = [static.files[f"{part}.css"][1] for part in parts]
        assert static.files[name] == ("text/css", b"".join(texts))

    async def story() -> None:
        async with browsing() as browser:
            for cookie, path, name in (("parley=sample-session", "/", "desk.css"), ("", "/sign-in", "alone.css")):
                page = await browser.get(path, Cookie=cookie)
                (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
                assert sheet == f"{static.base}/{name}"
                assert (await browser.ask("GET", sheet))[0] == 200

    asyncio.run(story())


def test_what_is_overdue_does_not_push_all_else_off_the_screen() -> None:
    """Forty messages that nobody acknowledged were forty lines at the head of every page."""
    samples = Samples()
    late = next(one for one in samples.thread_now if one.waits_for_us)
    waiting = [replace(late, subject=f"message/south/0/{n}", precedence="ROUTINE", overdue=True) for n in range(40)]
    alerts = alerts_of(samples.line_now, samples.channels_now, [*waiting, replace(late, precedence="FLASH")], ())
    assert [(one.key, one.more) for one in alerts if one.key in ("flash", "overdue")] == [
        ("flash", 0), ("overdue", 0), ("overdue", 0), ("overdue", 37)
    ]  # fmt: skip
