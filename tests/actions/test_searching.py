"""Search and the register of positions over two real nodes: rights, drafts, and what a side said before."""

from __future__ import annotations

import asyncio

import pytest
from tests.actions.pair import Side, talking, until
from tests.actions.test_comparing import mark, opened

from parley.actions import channels, comparing, drafting, messages, positions, readouts, searching
from parley.actions.wording import Words
from parley.errors import Refused

CANARY = "canary"


async def say(side: Side, who: str, text: str, channel: str = "leaders") -> str:
    words = Words(channel=channel, text=text, language="zh" if "台" in text else "en")
    return (await messages.send_message(side.node, side[who], words)).ref.log


def found(side: Side, who: str, query: str) -> list[str]:
    return [row.excerpt for row in searching.search(side.node, side[who], query)]


def test_the_record_is_searched_in_every_language_and_no_draft_is() -> None:
    """Promise 9: a draft is in no index, also not our own."""

    async def story() -> None:
        async with talking() as (north, south):
            await say(south, "samira", "台湾问题最重要。")
            words = Words(channel="leaders", text=f"Export controls: {CANARY}", language="en")
            await drafting.save_draft(north.node, north["edda"], words)
            await say(north, "edda", "Export controls stay.")
            await until(lambda: found(north, "edda", "台湾"))
            await until(lambda: found(north, "edda", "export"))
            assert found(north, "edda", "台湾") == ["台湾问题最重要。"]
            assert found(north, "edda", "export controls") == ["Export controls stay."]
            (row,) = searching.search(north.node, north["edda"], "export controls")
            assert row.path == f"/channels/leaders/{row.subject}"
            assert found(north, "edda", CANARY) == []
            for query in ("", "  ", "x" * 201):
                with pytest.raises(Refused) as no:
                    found(north, "edda", query)
                assert no.value.code == "search.query"

    asyncio.run(story())


def test_nobody_finds_what_they_may_not_read() -> None:
    """A search across channels must not become the way round their members."""

    async def story() -> None:
        async with talking() as (north, south):
            await channels.propose_channel(north.node, north["edda"], channel="closed", title="Closed")
            await until(lambda: south.node.book.channel("closed"))
            await channels.agree_channel(south.node, south["samira"], channel="closed")
            await until(lambda: north.node.book.channel("closed").agreed)  # type: ignore[union-attr]
            await channels.set_members(north.node, north["edda"], channel="closed", persons=("edda",))
            await say(north, "edda", f"The {CANARY} of few.", "closed")
            await until(lambda: found(north, "edda", CANARY))
            assert found(north, "tomas", CANARY) == []

    asyncio.run(story())


def test_the_register_has_confirmed_statements_and_notes_in_order_with_what_changed() -> None:
    """Issue D, 6: by topic, what each side has said, when and where, and what changed."""

    async def story() -> None:
        async with opened() as (north, _south, subject):
            node, edda = north.node, north["edda"]
            assert positions.register(node, edda) == ()
            await mark(north, "edda", subject, "north", "the strait stays open")
            log = await say(north, "edda", "The strait does not stay open after 30 days.")
            number = node.store.size(next(one for one in node.store.logs() if one.text == log)) - 1
            with pytest.raises(Refused) as no:
                await positions.note(node, edda, log, number, topic="Strait", words="The strait is shut.")
            assert no.value.code == "positions.words"
            await positions.note(node, edda, log, number, topic="strait")
            [topic] = positions.register(node, edda)
            assert [row.origin for row in topic.rows] == ["readout", "note"]
            assert {kind for kind, _, _ in topic.rows[1].changed} == {"number", "negation"}
            assert positions.register(node, edda, topic="fish") == ()
            wren = await north.add("wren", "Wren", "recorder")
            with pytest.raises(Refused):
                await positions.note(node, wren, log, number, topic="Strait")
            await positions.take_back(node, edda, topic.rows[1].note)
            assert len(positions.register(node, edda)[0].rows) == 1
            assert comparing.compare(node, edda, "leaders", subject).topics
            assert readouts.readouts(node, edda)

    asyncio.run(story())
