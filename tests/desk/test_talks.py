"""The pages of standing talks over samples: nothing typed is lost, both clocks stand beside each other."""

from __future__ import annotations

import asyncio

import pytest
from tests.desk.browsing import browsing, plain

from parley.actions.talk_people import read_people

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
            assert browser.samples.settled[2] == ("d.marsh",)
            assert (await browser.post(BODY + "/dissolve"))[0] == 404

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
