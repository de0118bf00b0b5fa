"""Two whole nodes over a thin link alone: what people are told, and that what they say arrives."""

from __future__ import annotations

import asyncio

from tests.actions.pair import talking, until

from parley.actions import line, messages
from parley.actions.wording import Words
from parley.link import Thin
from parley.record.names import LogId

THIN = Thin(256_000)  # the widest that is still called so: what is shown does not depend on the rate


def test_people_are_told_that_only_a_thin_link_is_up_and_what_waits() -> None:
    """Who has a photo to send, or wonders why evidence says "classical signature only", must find the reason."""

    async def story() -> None:
        async with talking(thin=THIN) as (north, south):
            edda = north["edda"]
            words = Words(channel="leaders", text="All quiet.", language="en", precedence="IMMEDIATE")
            sent = await messages.send_message(north.node, edda, words)
            log = LogId.read(sent.ref.log)
            await until(lambda: north.node.delivery(log, sent.ref.number).on_their_disk_at)
            await until(lambda: line.line_status(north.node, edda).put_off)
            await until(lambda: line.line_status(north.node, edda).theirs.watch is False)  # their node's word of it
            shown = line.line_status(north.node, edda)

            (link,) = shown.links
            assert (link.up, link.bits_s, link.lanes, link.post_quantum) == (True, 256_000, ("urgent",), True)
            assert line.line_status(south.node, south["samira"]).links[0].bits_s == 256_000

    asyncio.run(story())
