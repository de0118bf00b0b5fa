"""Incidents by the API: a report is checked and sent, rings at the other side, and is cleared there."""

from __future__ import annotations

import asyncio

from tests.actions.pair import WAIT_S, talking
from tests.api.test_api import door

REPORT = {
    "what": "A pass at mast height.", "place": "54.8 18.9",
    "units": [{"side": "ours", "told": {"imo": {"value": "9074728"}}}],
}  # fmt: skip


def test_a_report_is_checked_sent_found_ringing_cleared_and_taken_away() -> None:
    """A program of the watch does what a desk does, with the same rights."""

    async def story() -> None:
        async with talking() as (north, south), door(north) as ours, door(south) as theirs:
            status, told = await ours.ask("POST", "/incidents/check", {"report": REPORT})
            assert (status, [one["code"] for one in told["flags"]]) == (200, ["imo-check-digit"])
            assert (await ours.ask("POST", "/incidents/look", {"root": "0" * 64}))[1]["code"] == "files.unknown"
            status, sent = await ours.ask("POST", "/incidents", {"report": REPORT, "channel": "leaders"})
            assert status == 201
            async with asyncio.timeout(WAIT_S):  # it is unseen once the disk has it, after the view does
                while not (rows := (await theirs.ask("GET", "/incidents/unseen", person="samira"))[1]):
                    await asyncio.sleep(0.01)
            assert [row["subject"] for row in rows] == [sent["subject"]]
            path = f"/channels/leaders/incidents/{sent['subject'].partition('/')[2]}"
            assert (await theirs.ask("POST", path + "/seen", {}, person="samira"))[0] < 300
            assert await theirs.ask("GET", "/incidents/unseen", person="samira") == (200, [])
            assert (await theirs.ask("POST", path + "/seen", {}, person="samira"))[0] >= 400
            headers = {"Authorization": f"Bearer {theirs.tokens['samira']}"}
            async with theirs.http.get(f"{theirs.base}{path}/evidence.parley", headers=headers) as answer:
                assert (answer.status, (await answer.read())[:17]) == (200, b"parley-evidence/1")

    asyncio.run(story())
