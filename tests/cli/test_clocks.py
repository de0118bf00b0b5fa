"""Two clocks that differ: due times and receipts are by them, so a terminal says so."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from tests.cli.terminals import two_terminals

from parley.cli.doctor import examine
from parley.node.status import LineTimes

SETTINGS = 'side = "north"\norigin = "http://north.localhost:7880"\n'


@pytest.mark.parametrize(
    ("offset_ms", "words"),
    [
        (86_400_000, "South's clock is 24:00:00 ahead of ours: one of the two is wrong"),
        (-61_000, "South's clock is 00:01:01 behind ours: one of the two is wrong"),
        (-40, ""),
        (None, ""),
    ],
)
def test_a_clock_a_day_off_is_said_at_the_terminal(
    offset_ms: int | None,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Receipts of tomorrow were listed as if all was well; only a small line of the desk had the difference, in ms."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):
            monkeypatch.setattr(LineTimes, "offset_ms", lambda _: offset_ms)
            said = await terminals.done("edda", "status")
            assert ("clock" in said, words in said) == (bool(words), True)
            data = terminals.data["edda"]
            (data / "config.toml").write_text(SETTINGS)
            shutil.copy(data / "tokens" / "edda", data / "api-token")
            monkeypatch.setattr("parley.cli.doctor.is_open", lambda _: True)  # its node has its record in memory
            found = await asyncio.to_thread(lambda: [each for each in examine(data) if "ours: one" in each.words])
            assert [(each.level, words in each.words) for each in found] == ([("wrong", True)] if words else [])

    asyncio.run(story())
