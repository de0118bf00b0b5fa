"""`parley watch` against the API of a real node: take, note, hand over, call the roll, answer."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from typing import Any

import pytest
from tests.actions.pair import WAIT_S, talking
from tests.api.test_api import Door, door

from parley.api import PREFIX
from parley.cli import watching
from parley.cli.client import Client
from parley.cli.parser import make_parser
from parley.errors import Refused


def chosen(*words: str) -> Namespace:
    return make_parser().parse_args(["watch", *words])


async def change(at: Door, person: str, *words: str) -> Any:
    """Do what the terminal does, as one person; the terminal waits, the node must not."""
    origin, _, _ = at.base.partition(PREFIX)
    client = Client(origin, origin.removeprefix("http://"), at.tokens[person])
    return await asyncio.to_thread(watching._change, client, chosen(*words))


def test_a_watch_is_handed_over_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody whose browser is broken must still be able to come on watch."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as at:
            await change(at, "edda", "take", "leaders")
            await change(at, "edda", "note", "leaders", "--text", "The buoy has drifted.")
            with pytest.raises(Refused):
                await change(at, "tomas", "take", "leaders")
            await change(at, "tomas", "take", "leaders", "--read")
            status, row = await at.ask("GET", "/channels/leaders/watch", person="tomas")
            assert (status, row["mine"], row["ours"]["name"], row["notes"]) == (200, True, "Tomas", [])
            watching._show(row)
            await change(at, "tomas", "plan", "leaders", "--from", "2099-01-01T06:00Z", "--person", "edda")
            _, row = await at.ask("GET", "/channels/leaders/watch")
            await change(at, "tomas", "unplan", "leaders", "--shift", row["shifts"][0]["id"])
            _, row = await at.ask("GET", "/channels/leaders/watch")
            assert row["shifts"] == []
            await change(at, "tomas", "leave", "leaders")
            _, row = await at.ask("GET", "/channels/leaders/watch")
            watching._show(row)

    asyncio.run(story())
    there, _, left = capsys.readouterr().out.rpartition("nobody is there")
    assert "somebody is there since" in there and "Tomas, handed over" in there
    assert ", before that Tomas" in left and "handed over" not in left  # a name beside "nobody" is not who is there


def test_the_roll_is_called_and_answered_from_terminals() -> None:
    """The exit code says whether a person was there."""

    async def story() -> None:
        async with talking() as (north, south), door(north) as at, door(south) as there:
            origin, _, _ = at.base.partition(PREFIX)
            client = Client(origin, origin.removeprefix("http://"), at.tokens["edda"])
            asked = asyncio.create_task(asyncio.to_thread(watching._roll, client, chosen("roll", "leaders", "--json")))
            end = time.monotonic() + WAIT_S
            while time.monotonic() < end and not asked.done():
                try:
                    await change(there, "samira", "answer", "leaders")
                    break
                except Refused as none_yet:
                    assert none_yet.code == "rolls.unknown"
            assert await asked == 0

    asyncio.run(story())
