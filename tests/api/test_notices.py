"""Notices by the API: what a program sees, and a calendar that a program with nothing but passwords can fetch."""

from __future__ import annotations

import asyncio
import base64

from tests.actions.pair import talking, until
from tests.api.test_api import door

from parley.subjects.notices import index
from parley.times import Moment, moment_text

WORDS = {"what": "exercise", "title": "Gunnery", "area": "WITHIN 5 NM OF 54-30.0N 010-15.5E"}


def test_a_notice_is_given_found_and_fetched_as_files() -> None:
    """The same actions as at a desk: check, give, list, CAP, calendar."""

    async def story() -> None:
        async with talking() as (north, south), door(north) as ours, door(south) as theirs:
            now = north.node.moment()
            times = {"since": moment_text(Moment(now - 3_600_000)), "until": moment_text(Moment(now + 3_600_000))}
            status, told = await ours.ask("POST", "/channels/leaders/notices/check", WORDS | times)
            assert (status, told["area_text"], told["lead"]) == (200, "WITHIN 5 NM OF 54-30.00N 010-15.50E", None)
            status, sent = await ours.ask("POST", "/channels/leaders/notices", WORDS | times)
            assert status == 201
            await until(lambda: south.node.store.values(index.SPACE))  # the list reads what is committed
            status, rows = await theirs.ask("GET", "/notices/in-force", person="samira")
            assert [row["subject"] for row in rows] == [sent["subject"]]
            assert (await ours.ask("POST", "/channels/leaders/notices", {**WORDS, **times, "odd": 1}))[0] == 422
            path = f"/channels/leaders/notices/{sent['subject'].partition('/')[2]}/cap"
            headers = {"Authorization": f"Bearer {theirs.tokens['samira']}"}
            async with theirs.http.get(theirs.base + path, headers=headers) as answer:
                assert (answer.status, answer.content_type) == (200, "application/cap+xml")
                assert "<sender>north.example</sender>" in await answer.text()

    asyncio.run(story())


def test_the_calendar_takes_a_token_as_a_password_and_nothing_less() -> None:
    """Calendar programs know names and passwords; the token's rights are asked all the same."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as ours:

            async def fetch(password: str) -> int:
                told = base64.b64encode(f"anybody:{password}".encode()).decode()
                headers = {"Authorization": f"Basic {told}"}
                async with ours.http.get(ours.base + "/notices.ics", headers=headers) as answer:
                    return answer.status

            assert await fetch(ours.tokens["edda"]) == 200
            assert await fetch(ours.tokens["admin"]) == 403  # an administrator does not read what is said
            assert {await fetch("guess"), await fetch(""), await fetch("x" * 600)} == {401}
            async with ours.http.get(ours.base + "/notices.ics") as answer:
                assert answer.status == 401

    asyncio.run(story())
