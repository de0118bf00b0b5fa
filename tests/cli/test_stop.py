"""`parley stop`: an emergency stop from a terminal, at a node that really runs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.cli.terminals import two_terminals


def test_a_stop_is_raised_and_answered_from_two_terminals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A side whose browsers are gone can still stop what must stop, and say that it has."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):

            async def run(person: str, *words: str) -> tuple[int, str]:
                return await terminals.run(person, "stop", *words)

            code, said = await run("edda", "raise", "--what", "Shelling", "--where", "Hill 12", "--json")
            subject = json.loads(said)["subject"]
            await terminals.sees("samira", "raised", "stop", "list")
            code, said = await run("samira", "read-back", subject)
            assert (code, "--text is needed" in said) == (2, True)
            assert (await run("samira", "read-back", subject, "--text", "Hill 12."))[0] == 0
            await terminals.sees("edda", "Hill 12. (waits)", "stop", "show", subject)
            assert (await run("edda", "confirm", subject))[0] == 0
            await terminals.sees("samira", "STOP confirmed", "stop", "show", subject)
            assert (await run("samira", "effect", subject, "--text", "All tubes."))[0] == 0
            code, said = await run("samira", "show", subject)
            assert code == 0 and "STOP effected · Edda" in said and "read back" in said
            code, said = await run("samira", "take", subject)
            assert (code, "stops.taken" in said) == (1, True)
            code, said = await run("edda", "show", "message/north/0/1")
            assert (code, "cli.subject" in said) == (2, True)
            code, said = await run("edda", "raise", "--what", "Shelling")
            assert (code, "cli.usage" in said) == (2, True)

    asyncio.run(story())
