"""A peer writes any time at all into its entries: every page that shows them is given all the same."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any

import pytest
from lxml import html
from tests.actions.pair import talking, until
from tests.actions.test_incidents import FORM
from tests.actions.test_notices import soon
from tests.desk.seats import Seat
from tests.desk.sitting import served

from parley.actions import (
    bodies,
    calls,
    commitments,
    incidents,
    line,
    meetings,
    messages,
    negotiating,
    notices,
    stops,
    watch,
)
from parley.actions.drafting import Words
from parley.errors import Refused
from parley.times import read_moment

PAGES_MAX = 150


async def visited(seat: Seat) -> dict[str, int]:
    """Give every page that links lead to from the first one, with its status."""
    found: dict[str, int] = {}
    waiting = deque(["/"])
    while waiting and len(found) < PAGES_MAX:
        path = waiting.popleft()
        if path in found:
            continue
        status, body, leads = await seat.ask("GET", path)
        found[path] = status
        links = [leads] if leads else []
        if status == 200 and body.lstrip()[:1] == b"<":
            links += html.document_fromstring(body).xpath("//a/@href")
        waiting += [link.partition("#")[0] for link in links if link.startswith("/") and "/year/" not in link]
    return found


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"])
def test_a_peer_at_either_end_of_the_calendar_breaks_no_page(at: str) -> None:
    """One entry of theirs, and the first page, the stops and the line were gone until it scrolled out of sight."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (_, far):
            core: Any = north.node._shell.core
            author = core.author
            core.author = lambda wish, now, _: author(wish, now, read_moment(at))
            edda, node = north["edda"], north.node
            words = Words(channel="leaders", text="Buoy 17.", language="en", precedence="IMMEDIATE")
            for act in (
                messages.send_message(node, edda, words),
                stops.raise_stop(node, edda, channel="leaders", what="Fire", where="Hill 12", language="en"),
                incidents.report_incident(node, edda, FORM, channel="leaders"),
                notices.give(node, edda, "leaders", soon(north)),
                line.run_test(node, edda),
                watch.take(node, edda, "leaders"),
                negotiating.open_text(node, edda, "leaders", title="T", languages=[("en", True)]),
                calls.lift(node, edda, "leaders"),
                commitments.make(
                    node, edda, "leaders", alone=False, who_promised=("north", "south"), what="Tell.", due="2097-01-01"
                ),
                meetings.request_meeting(
                    node, edda, "leaders", purpose="P", level="officials", form="video", times=["2097-03-01T15:00"]
                ),
                bodies.propose_body(
                    node, edda, title="T", mandate="R", channel="leaders", level="experts", languages=("en",)
                ),
            ):
                with contextlib.suppress(Refused):  # of some, nothing may lie after the end of all days
                    await act
            await until(lambda: not north.node.status().waiting)
            seat = Seat(far, await far.session("samira"), "en")
            found = await visited(seat)
            assert len(found) > 30
            assert {path: status for path, status in found.items() if status >= 400} == {}

    asyncio.run(story())
