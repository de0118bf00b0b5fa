"""The pages of standing talks over samples: nothing typed is lost, both clocks stand beside each other."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import FormData
from tests.desk.browsing import browsing, plain
from tests.desk.meeting_samples import item, line, meeting_row, note
from tests.desk.sample import Samples
from tests.desk.talk_rows import AT
from tests.desk.test_pages import HOSTILE

from parley import limits
from parley.actions.talk_people import read_people
from parley.desk import shown
from parley.desk.shown.meetings import MeetingRow
from parley.desk.talk_alerts import body_alerts, meeting_alerts

BODY = "/bodies/north/0/12"


def test_a_body_that_is_refused_keeps_every_word() -> None:
    """A mandate is negotiated at home for weeks; nobody types it twice."""

    async def story() -> None:
        async with browsing() as browser:
            status, text, _ = await browser.post("/talks", {"title": "Talks on <AI>", "channel": "ai", "mandate": ""})
            assert status == 422
            assert "Talks on &lt;AI&gt;" in text and 'value="ai"' in text
            status, _, headers = await browser.post("/talks", {"title": "AI", "channel": "ai", "mandate": "Risks"})
            assert (status, headers["Location"]) == (303, BODY)
            status, text, _ = await browser.post("/talks/days", {"zone": "Nowhere", "holidays": "2026-10-01 Day"})
            assert status == 422
            assert "2026-10-01 Day" in text

    asyncio.run(story())


def test_a_reason_and_a_delegation_stand_again_when_they_are_refused() -> None:
    """The form that was refused opens by itself, with what was ticked and typed in it."""

    async def story() -> None:
        async with browsing() as browser:
            status, text, _ = await browser.post(BODY + "/suspend", {"reason": ""})
            assert status == 422
            assert '<details class="act fold-act" open><summary class="button">Suspend' in text
            form = {"chair": "The minister", "person": "d.marsh", "others": ";"}
            status, text, _ = await browser.post(BODY + "/delegation", form)
            assert status == 422
            assert 'value="The minister"' in text and 'value="d.marsh" checked' in text
            await browser.post(BODY + "/delegation", form | {"others": "Ode; Counsellor"})
            assert browser.samples.settled[2] == {"person": ("d.marsh",)}
            assert (await browser.post(BODY + "/dissolve"))[0] == 404

    asyncio.run(story())


def test_a_term_is_put_and_agreed_to_at_the_desk_and_a_meeting_shows_it() -> None:
    """Interpreters read both sides' words before the meeting; what the other side wrote is only ever text."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get(BODY)
            assert "&lt;b&gt;notice&lt;/b&gt;" in page and f'action="{BODY}/term-agree"' in page
            form = {"word-en": "notice", "word-zh": "通报", "note": ""}
            status, _, headers = await browser.post(BODY + "/term", form)
            assert (status, headers["Location"]) == (303, BODY + "#glossary")
            assert browser.samples.settled[:2] == ("term", form)
            await browser.post(BODY + "/term-agree", {"term": "cd" * 32})
            assert browser.samples.settled[0] == "term-agree"
            shown_there = await browser.get(MEETING)
            assert "通报" in shown_there and "term-agree" not in shown_there

    asyncio.run(story())


def test_a_list_shows_the_next_meeting_on_both_clocks_with_the_holiday() -> None:
    """Twelve o'clock here is midnight there, and there it may be a holiday."""

    async def story() -> None:
        async with browsing() as browser:
            text = plain(await browser.get("/talks"))
            assert "North 2026-12-01 15:00 Tue +01:00" in text
            assert "South 2026-12-01 22:00 Tue +08:00 Holiday" in text
            assert "This node does not know that zone." in text

    asyncio.run(story())


@pytest.mark.parametrize("line", ["Ode; Counsellor", "Ode；Counsellor", "Ode ؛ Counsellor"])
def test_name_and_office_are_set_apart_by_the_mark_of_each_script(line: str) -> None:
    """A Chinese keyboard has no narrow semicolon under the fingers."""
    assert read_people(("ann",), f"{line}\n\n Bea ") == [
        ("ann", "", ""), ("", "Ode", "Counsellor"), ("", "Bea", ""),
    ]  # fmt: skip


def test_what_waits_for_our_answer_is_on_every_screen() -> None:
    """A request that lies in a list is answered after its hour."""
    waits = [line(waits="ours", answer_by="2026-11-25T09:14:30.000Z"), line(waits="theirs"), line()]
    (alert,) = meeting_alerts(waits)
    assert (alert.key, alert.path, alert.due) == ("meeting", "/meetings/ai-talks/north/0/7", "2026-11-25T09:14:30.000Z")
    assert meeting_alerts([line(waits="ours", no_answer=True)])[0].key == "meeting-late"
    assert body_alerts([("body/south/0/3", "Fisheries", AT)])[0].path == "/bodies/south/0/3"


MEETING = "/meetings/ai-talks/north/0/7"


def test_times_are_shown_on_both_clocks_before_anything_is_asked() -> None:
    """A request for their national holiday is an insult that nobody meant."""

    async def story() -> None:
        async with browsing() as browser:
            form = {"purpose": "On <AI>", "time": "2026-10-01T15:00", "act": "check", "minutes": "90"}
            status, text, _ = await browser.post("/meetings/new", form)
            assert status == 200
            assert "Holiday · 国庆节" in plain(text)
            assert 'value="2026-10-01T15:00"' in text and "On &lt;AI&gt;" in text
            status, text, _ = await browser.post("/meetings/new", form | {"act": "ask", "time": ""})
            assert status == 422
            assert "On &lt;AI&gt;" in text
            status, _, headers = await browser.post("/meetings/new", form | {"act": "ask"})
            assert (status, headers["Location"]) == (303, MEETING)

    asyncio.run(story())


def test_a_body_that_meets_fills_in_its_own_channel_and_level() -> None:
    """The page leads from the body to the request; nothing is looked up by hand."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(BODY)
            assert "/meetings/new?body=body/north/0/12" in text

    asyncio.run(story())


def test_the_page_of_a_call_leads_to_asking_for_one_at_another_time() -> None:
    """Who cannot be reached now is asked for an hour that both know, in the same channel and by voice."""

    async def story() -> None:
        async with browsing() as browser:
            assert 'href="/meetings/new?call=leaders"' in await browser.get("/channels/leaders/call")
            text = await browser.get("/meetings/new?call=leaders")
            assert '<option value="leaders|" selected>' in text and '<option value="voice" selected>' in text

    asyncio.run(story())


def test_what_was_being_noted_stands_again_when_it_is_refused() -> None:
    """A recorder writes while others speak; a lost line cannot be heard again."""

    async def story() -> None:
        async with browsing() as browser:
            note = {"what": "action", "text": "", "responsible": "Both <sides>", "due": "2026-12-20T10:00"}
            status, text, _ = await browser.post(MEETING + "/note", note)
            assert status == 422
            assert "Both &lt;sides&gt;" in text and 'value="2026-12-20T10:00"' in text
            assert '<option value="action" selected>' in text
            status, text, _ = await browser.post(MEETING + "/offer", {"time": "", "reason": "A storm"})
            assert status == 422
            assert (await browser.post(MEETING + "/adjourn"))[0] == 404
            status, _, headers = await browser.post(MEETING + "/floor", {"to": "ours", "after": "#day"})
            assert (status, headers["Location"]) == (303, MEETING + "#day")
            assert browser.samples.settled[:2] == ("floor", {"to": "ours", "after": "#day"})
            status, _, headers = await browser.post(MEETING + "/open-minutes")
            assert (status, headers["Location"]) == (303, "/texts/ai-talks/north/0/40")

    asyncio.run(story())


def test_the_clock_stands_by_item_and_by_side() -> None:
    """The chair sees who has spoken how long, and which item has eaten the hour."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get(MEETING)
            assert (
                "/commitments/new?channel=ai-talks&amp;source=meeting/north/0/7&amp;part=ai-talks/north/0%2012" in page
            )
            text = plain(page)
            assert "North 00:30:00" in text and "South 00:40:00 has the floor" in text
            assert "01:06:40 longer than planned" in text
            assert "All items: 200 minutes; the meeting: 180 minutes. The items do not fit." in text
            assert "180 90 minutes, doubled for consecutive interpretation" in text

    asyncio.run(story())


def test_a_meeting_by_video_says_that_its_call_is_under_way() -> None:
    """Whoever opens the page late must not wait for a call that goes on without them."""

    async def story() -> None:
        async with browsing() as browser:
            head = "/part/head"
            assert "To the call Under way" in plain(await browser.get(MEETING + head))
            assert "Under way" not in plain(await browser.get("/meetings/ai-talks/south/0/8" + head))

    asyncio.run(story())


def test_a_paper_of_ours_is_kept_and_never_runs_in_the_desk() -> None:
    """What somebody mailed to a delegate may be a page with a script."""

    async def story() -> None:
        async with browsing() as browser:
            form = FormData()
            form.add_field("file", b"words", filename="line.txt", content_type="text/plain")
            status, _, headers = await browser.post(MEETING + "/papers", form)
            assert (status, headers["Location"]) == (303, MEETING + "#ready")
            assert browser.samples.papers == ("line.txt:words",)
            _, _, told = await browser.ask("GET", f"{MEETING}/papers/{'cd' * 32}")
            assert told["Content-Type"] == "application/octet-stream"
            assert told["Content-Disposition"] == 'attachment; filename="a__.html"'
            status, _, told = await browser.ask("GET", "/meetings.ics")
            assert (status, told["Content-Type"]) == (200, "text/calendar; charset=utf-8")

    asyncio.run(story())


def test_what_our_side_holds_back_is_not_on_the_page_of_who_may_not_see_it() -> None:
    """The part is left out whole, not hidden by a style."""

    async def story() -> None:
        async with browsing() as browser:
            assert "Prisoners" in await browser.get(MEETING)
            assert "Ready on our side" not in await browser.get("/meetings/ai-talks/south/0/8")

    asyncio.run(story())


def test_a_list_that_is_cut_says_so() -> None:
    """What is left out without a word is taken for what there is."""

    async def story() -> None:
        async with browsing() as browser:
            assert "There are older meetings" not in await browser.get("/talks")
            browser.samples.meetings_before = limits.MEETINGS_SHOWN
            assert "There are older meetings" in await browser.get("/talks")

    asyncio.run(story())


def test_what_the_other_side_writes_of_a_meeting_is_only_ever_text() -> None:
    """Titles, notes and names of theirs stand on our screens."""

    class Hostile(Samples):
        def meeting(self, who: shown.Person, channel: str, subject: str) -> MeetingRow:
            items = (item(1, HOSTILE, ours=False, note=HOSTILE, may=frozenset(("agree",))),)
            notes = (note("action", HOSTILE, ours=False, who=HOSTILE, may_agree=True),)
            return meeting_row(
                purpose=HOSTILE, place=HOSTILE, body_title=HOSTILE, items=items, notes=notes, name=HOSTILE,
                languages=('"><x',),
            )  # fmt: skip

    async def story() -> None:
        async with browsing(Hostile()) as browser:
            text = await browser.get(MEETING)
            assert text.count("&lt;script&gt;alert") >= 6
            assert "<script>alert" not in text and "<img src=x" not in text and "<x" not in text

    asyncio.run(story())
