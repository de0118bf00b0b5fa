"""A fault of ours in what shows and rings must not stop the record: a peer that finds one would stop the node."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.actions.pair import talking, until

from parley.actions import messages
from parley.actions.drafting import Words


def test_a_listener_that_fails_stops_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry dated to the end of 9999 once did it: nothing that came after was on the disk any more."""

    async def story() -> None:
        async with talking() as (north, south):
            noted: list[dict[str, Any]] = []
            asyncio.get_running_loop().set_exception_handler(lambda _, context: noted.append(context))

            def fails(_: object) -> None:
                raise OverflowError("date value out of range")

            monkeypatch.setattr(south.node.stopping, "folded", fails)
            words = Words(channel="leaders", text="Buoy 17.", language="en")
            await asyncio.gather(*(messages.send_message(north.node, north["edda"], words) for _ in range(60)))
            await until(lambda: not north.node.status().waiting)
            back = await messages.send_message(south.node, south["samira"], words)
            await until(lambda: north.node.book.message("leaders", back.subject))
            assert len(noted) >= 4 and "the record goes on" in noted[0]["message"]

    asyncio.run(story())
