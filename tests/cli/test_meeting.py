"""`parley body` and `parley meeting`, at nodes that really run: from the body to the notes, by the API underneath."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest
from tests.actions.pair import WAIT_S, talking
from tests.api.test_api import door
from tests.cli.test_stop import folder

from parley.cli import main


def test_a_body_meets_from_two_terminals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole path without a browser: nobody needs a desk to be at the table."""

    async def story() -> None:
        async with talking() as (north, south), door(north) as here, door(south) as there:
            data = {"north": folder(tmp_path / "n", here.base, here.tokens),
                    "south": folder(tmp_path / "s", there.base, there.tokens)}  # fmt: skip

            async def run(side: str, *words: str) -> tuple[int, str]:
                person = {"north": "edda", "south": "samira"}[side]
                code = await asyncio.to_thread(main, [*words, "--data", str(data[side]), "--as", person])
                out = capsys.readouterr()
                return code, out.out + out.err

            async def until(side: str, so: str, *words: str) -> str:
                end = time.monotonic() + WAIT_S
                while so not in (said := (await run(side, *words))[1]):
                    assert time.monotonic() < end, said
                return said

            days = ("--zone", "Europe/Paris", "--holiday", "2026-12-25 Xmas")
            assert (await run("north", "body", "days", *days))[0] == 0
            code, said = await run("north", "body", "propose", "--channel", "ai", "--title", "AI", "--mandate", "Risks",
                                   "--json")  # fmt: skip
            body = json.loads(said)["subject"]
            await until("south", "proposed", "body", "list")
            assert (await run("south", "body", "agree", body))[0] == 0
            assert (await run("south", "body", "delegation", body, "--chair", "The envoy", "--person", "samira",
                              "--other", "Ode; Adviser"))[0] == 0  # fmt: skip
            said = await until("north", "The envoy", "body", "show", body)
            assert "sent Ode, Adviser" in said
            code, said = await run("south", "body", "suspend", body)
            assert (code, "api.form" in said) == (2, True)

            ask = ("meeting", "ask", "--channel", "ai", "--body", body, "--purpose", "First", "--form", "video")
            code, said = await run("north", *ask, "--time", "2026-12-25T15:00", "--consecutive", "--json")
            meeting = json.loads(said)["subject"]
            said = await until("south", "2026-12-25T14:00:00.000Z", "meeting", "show", meeting, "--channel", "ai")
            assert "2026-12-25 15:00 +01:00 (holiday: Xmas)" in said
            at = (meeting, "--channel", "ai")
            assert (await run("south", "meeting", "accept", *at, "--time", "2026-12-25T14:00:00.000Z"))[0] == 0
            await until("north", "accepted", "meeting", "list")
            assert (await run("north", "meeting", "hold", *at, "--title", "CANARY"))[0] == 0
            assert (await run("north", "meeting", "item", *at, "--title", "Hotline", "--minutes", "30"))[0] == 0
            paper = tmp_path / "hotline.txt"
            paper.write_text("Two numbers.")
            item = (await run("north", "meeting", "show", *at))[1].partition("  item ")[2].split()[0]
            assert (await run("north", "meeting", "document", *at, "--file", str(paper), "--item", item))[0] == 0
            assert (await run("north", "meeting", "document", *at, "--file", str(paper)))[0] == 0  # kept on our side
            assert (await run("north", "meeting", "glossary", *at, "--term", "hotline = ligne directe"))[0] == 0
            code, said = await run("north", "meeting", "document", *at)
            assert (code, "--file is needed" in said) == (2, True)
            assert (await run("north", "meeting", "begin", *at))[0] == 0
            assert (await run("north", "meeting", "note", *at, "--text", "A line is set up."))[0] == 0
            assert (await run("north", "meeting", "end", *at))[0] == 0
            said = await until("south", "ended", "meeting", "show", *at)
            assert "Hotline [-] 60 min" in said and "CANARY" not in said
            note = said.partition("  decision ")[2].split()[0]
            assert (await run("south", "meeting", "agree", *at, "--item", note))[0] == 0
            code, said = await run("south", "meeting", "facts", *at)
            assert json.loads(said)["agreed"] == [["decision", "A line is set up."]]
            out = tmp_path / "all.ics"
            assert (await run("south", "meeting", "calendar", "--out", str(out)))[0] == 0
            assert b"DTSTART:20261225T140000Z" in out.read_bytes()
            code, said = await run("south", "meeting", "cancel", *at)
            assert (code, "reason is needed" in said) == (2, True)
            code, said = await run("south", "meeting", "show", body, "--channel", "ai")
            assert (code, "cli.subject" in said) == (2, True)

    asyncio.run(story())
