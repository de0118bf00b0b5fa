"""`parley stop`: an emergency stop from a terminal, at a node that really runs."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest
from tests.actions.pair import WAIT_S, talking
from tests.api.test_api import door

from parley.api import PREFIX
from parley.cli import main


def folder(at: Path, base: str, tokens: dict[str, str]) -> Path:
    """Make a data folder in which a terminal finds a running node and its people's tokens."""
    origin = base.removesuffix(PREFIX)
    (at / "tokens").mkdir(parents=True)
    (at / "run.json").write_text(json.dumps({"desk": origin, "address": origin.partition("://")[2]}))
    for person, token in tokens.items():
        file = at / "tokens" / person
        file.touch(mode=0o600)
        file.write_text(token)
    return at


def test_a_stop_is_raised_and_answered_from_two_terminals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A side whose browsers are gone can still stop what must stop, and say that it has."""

    async def story() -> None:
        async with talking() as (north, south), door(north) as here, door(south) as there:
            data = {"north": folder(tmp_path / "n", here.base, here.tokens),
                    "south": folder(tmp_path / "s", there.base, there.tokens)}  # fmt: skip

            async def run(side: str, person: str, *words: str) -> tuple[int, str]:
                arguments = ["stop", *words, "--data", str(data[side]), "--as", person]
                code = await asyncio.to_thread(main, arguments)
                out = capsys.readouterr()
                return code, out.out + out.err

            async def says(words: str, side: str, person: str, *asked: str) -> None:
                end = time.monotonic() + WAIT_S
                while words not in (said := (await run(side, person, *asked))[1]):
                    assert time.monotonic() < end, said

            code, said = await run("north", "edda", "raise", "--what", "Shelling", "--where", "Hill 12", "--json")
            subject = json.loads(said)["subject"]
            await says("raised", "south", "samira", "list")
            code, said = await run("south", "samira", "read-back", subject)
            assert (code, "--text is needed" in said) == (2, True)
            assert (await run("south", "samira", "read-back", subject, "--text", "Hill 12."))[0] == 0
            await says("Hill 12. (waits)", "north", "edda", "show", subject)
            assert (await run("north", "edda", "confirm", subject))[0] == 0
            await says("STOP confirmed", "south", "samira", "show", subject)
            assert (await run("south", "samira", "effect", subject, "--text", "All tubes."))[0] == 0
            code, said = await run("south", "samira", "show", subject)
            assert code == 0 and "STOP effected · Edda" in said and "read back" in said
            code, said = await run("south", "samira", "take", subject)
            assert (code, "stops.taken" in said) == (1, True)
            code, said = await run("north", "edda", "show", "message/north/0/1")
            assert (code, "cli.subject" in said) == (2, True)
            code, said = await run("north", "edda", "raise", "--what", "Shelling")
            assert (code, "cli.usage" in said) == (2, True)

    asyncio.run(story())
