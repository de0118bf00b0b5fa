"""An urgent entry is seen as soon as it is on our disk, also where what it rests on is not here yet (promise 8)."""

from __future__ import annotations

import asyncio

from tests.actions.pair import Side, talking

from parley.actions import messages
from parley.node import reported, waiting
from parley.record.entry import Entry, encode_entry
from parley.record.names import LogId
from parley.record.tree import leaf_hash
from parley.storage.port import EntryRow

_LOG = LogId("leaders", "north", 7)  # an epoch that nothing here leads to


def stored(south: Side, precedence: str, number: int, *, kind: str = "message.sent", body: dict | None = None) -> None:
    """Put an entry of North's on South's disk that no view can have yet."""
    entry = Entry(
        rules=1, line=south.node.identity.line, channel="leaders", side="north", epoch=7, number=number, past=(),
        refs=(), at="2026-11-23T10:00:00.000Z", status="actual", precedence=precedence, person="edda",
        kind=kind, subject=f"{kind.partition('.')[0]}/north/7/{number}",
        body=body or {"text": f"Stop number {number}.", "language": "en", "due": "2026-11-23T10:01:00.000Z"},
    )  # fmt: skip
    leaf = encode_entry(entry)
    south.node.store.commit([EntryRow(_LOG, number, leaf_hash(leaf), leaf)])


def test_urgent_words_that_rest_on_what_is_not_here_are_read_and_ring() -> None:
    """A log that a fork froze may keep back for days what everything later rests on; a FLASH must not wait with it."""

    async def story() -> None:
        async with talking() as (_, south):
            stored(south, "ROUTINE", 0)
            stored(south, "FLASH", 1)
            samira = south["samira"]
            shown = messages.waiting(south.node, samira)
            assert [(row.subject, row.state, row.text, row.ahead) for row in shown] == [
                ("message/north/7/1", "ahead", "Stop number 1.", True)
            ]
            page = messages.thread(south.node, samira, "leaders")
            assert [row.subject for row in page.messages] == ["message/north/7/1"]
            assert messages.message(south.node, samira, "leaders", "message/north/7/1").text == "Stop number 1."
            rings = [(one.subject, one.precedence) for one in waiting.messages(south.node)]  # type: ignore[arg-type]
            assert rings == [("message/north/7/1", "FLASH")]
            stored(south, "IMMEDIATE", 2, kind="incident.reported", body={"what": "A near collision."})
            reports = reported.unseen(south.node.store, south.node.book, "leaders")
            assert [(one.subject, one.ahead) for one in reports] == [("incident/north/7/2", True)]

    asyncio.run(story())
