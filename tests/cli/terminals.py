"""Terminals in front of running nodes: a data folder for each, a command typed there, and what it said."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.actions.pair import WAIT_S, Side, talking
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


async def typed(capsys: pytest.CaptureFixture[str], data: Path, person: str, *words: str) -> tuple[int, str]:
    """Type a command as somebody at the node of a data folder; give its exit code and all that it said."""
    code = await asyncio.to_thread(main, [*words, "--data", str(data), "--as", person])
    out = capsys.readouterr()
    return code, out.out + out.err


@dataclass
class Terminals:
    """One terminal a person, at their own side's node."""

    capsys: pytest.CaptureFixture[str]
    data: dict[str, Path]  # by person

    async def run(self, person: str, command: str, *words: str) -> tuple[int, str]:
        """Type a command, and words that may hold blanks; give its exit code and all that it said."""
        return await typed(self.capsys, self.data[person], person, *command.split(), *words)

    async def done(self, person: str, command: str, *words: str) -> str:
        """Type a command that must succeed; give what it said."""
        code, said = await self.run(person, command, *words)
        assert code == 0, said
        return said

    async def sees(self, person: str, so: str, command: str, *words: str) -> str:
        """Type a command until it says so; give what it said."""
        end = time.monotonic() + WAIT_S
        while so not in (said := (await self.run(person, command, *words))[1]):
            assert time.monotonic() < end, said
        return said


@asynccontextmanager
async def two_terminals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[tuple[Side, Side, Terminals]]:
    """Give two talking nodes, and the terminals of Edda and the administrator at North and of Samira at South."""
    async with talking() as (north, south), door(north) as here, door(south) as there:
        edda = folder(tmp_path / "n", here.base, here.tokens)
        samira = folder(tmp_path / "s", there.base, there.tokens)
        yield north, south, Terminals(capsys, {"edda": edda, "admin": edda, "samira": samira})
