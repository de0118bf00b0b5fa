"""Files of what people see already: the disk may be a moment behind the page, and the file then waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking
from tests.actions.test_messages import arrive, words

from parley.actions import messages
from parley.errors import Refused
from parley.record.check import check_file
from parley.record.names import LogId
from parley.storage.port import Row

LOG = LogId.read("leaders/north/0")


def slow(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a side's disk take its time, as one does beside a backup."""
    store = side.node.store
    commit = store.commit

    def later(rows: Sequence[Row]) -> None:
        time.sleep(0.3 if rows else 0)
        commit(rows)

    monkeypatch.setattr(store, "commit", later)


def test_what_people_see_can_be_taken_away_though_the_disk_is_a_moment_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sees a signature and asks for its paper was told that there was no such entry, and had to ask again."""

    async def story() -> None:
        async with talking() as (north, south):
            slow(south, monkeypatch)
            file = tmp_path / "evidence.parley"
            sent = await messages.send_message(north.node, north["edda"], words())
            await arrive(south, sent)
            assert south.node.store.size(LOG) == 0  # the case this is about
            await messages.evidence(south.node, south["samira"], "leaders", sent.subject, file)
            assert check_file(file).verdict == "proven"

            sent = await messages.send_message(north.node, north["edda"], words())
            number = int(sent.subject.rpartition("/")[2])
            await arrive(south, sent)
            assert south.node.store.size(LOG) == number
            assert await south.node.exports.entry(LOG, number)

            with pytest.raises(Refused, match=r"record\.no-evidence"):
                await south.node.exports.entry(LOG, number + 1)

    asyncio.run(story())
