"""Files of what people see already: the disk may be a moment behind the page, and the file then waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking
from tests.actions.test_messages import arrive, words

from parley.actions import messages, record
from parley.errors import Refused
from parley.node import carry
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


def test_a_carried_file_holds_nobody_up_while_it_is_written_and_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that sealed the record of years answered neither desk nor heartbeat for as long, and a call broke off."""

    async def story() -> None:
        async with talking() as (north, south):
            for name in ("seal_to", "open_sealed"):
                monkeypatch.setattr(carry, name, slowly(getattr(carry, name)))
            file = tmp_path / "stick.carry"
            longest: list[float] = []
            beating = asyncio.create_task(beat(longest))
            await record.carry_out(north.node, north["edda"], file, whole=True)
            assert (await record.carry_in(south.node, south["samira"], file)).frames > 1
            beating.cancel()
            assert len(longest) > 10 and max(longest) < SLOW_S

    asyncio.run(story())


SLOW_S = 0.3


def slowly(work: Callable[..., bytes]) -> Callable[..., bytes]:
    """Let one piece of a file take as long as a thousand do."""

    def later(*given: object, **more: object) -> bytes:
        time.sleep(SLOW_S)
        return work(*given, **more)

    return later


async def beat(longest: list[float]) -> None:
    """Note how long the node was away, again and again."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.01)
        longest.append(time.monotonic() - began)
