"""`parley body` and `parley meeting`, at nodes that really run: from the body to the notes, by the API underneath."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.cli.terminals import two_terminals


def test_a_body_meets_from_two_terminals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole path without a browser: nobody needs a desk to be at the table."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):
            run = terminals.run

            days = ("--zone", "Europe/Paris", "--holiday", "2026-12-25 Xmas")
            assert (await run("edda", "body", "days", *days))[0] == 0
            code, said = await run("edda", "body", "propose", "--channel", "ai", "--title", "AI", "--mandate", "Risks",
                                   "--json")  # fmt: skip
            body = json.loads(said)["subject"]
            await terminals.sees("samira", "proposed", "body", "list")
            assert (await run("samira", "body", "agree", body))[0] == 0
            assert (await run("samira", "body", "delegation", body, "--chair", "The envoy", "--person", "samira",
                              "--other", "Ode; Adviser"))[0] == 0  # fmt: skip
            said = await terminals.sees("edda", "The envoy", "body", "show", body)
            assert "sent Ode, Adviser" in said
            code, said = await run("samira", "body", "suspend", body)
            assert (code, "api.form" in said) == (2, True)

            ask = ("meeting", "ask", "--channel", "ai", "--body", body, "--purpose", "First", "--form", "video")
            code, said = await run("edda", *ask, "--time", "2026-12-25T15:00", "--consecutive", "--json")
            meeting = json.loads(said)["subject"]
            said = await terminals.sees(
                "samira", "2026-12-25T14:00:00.000Z", "meeting", "show", meeting, "--channel", "ai"
            )
            assert "2026-12-25 15:00 +01:00 (holiday: Xmas)" in said
            at = (meeting, "--channel", "ai")
            assert (await run("samira", "meeting", "accept", *at, "--time", "2026-12-25T14:00:00.000Z"))[0] == 0
            await terminals.sees("edda", "accepted", "meeting", "list")
            assert (await run("edda", "meeting", "hold", *at, "--title", "CANARY"))[0] == 0
            assert (await run("edda", "meeting", "item", *at, "--title", "Hotline", "--minutes", "30"))[0] == 0
            paper = tmp_path / "hotline.txt"
            paper.write_text("Two numbers.")
            item = (await run("edda", "meeting", "show", *at))[1].partition("  item ")[2].split()[0]
            assert (await run("edda", "meeting", "document", *at, "--file", str(paper), "--item", item))[0] == 0
            assert (await run("edda", "meeting", "document", *at, "--file", str(paper)))[0] == 0  # kept on our side
            assert (await run("edda", "meeting", "glossary", *at, "--term", "hotline = ligne directe"))[0] == 0
            code, said = await run("edda", "meeting", "document", *at)
            assert (code, "--file is needed" in said) == (2, True)
            assert (await run("edda", "meeting", "begin", *at))[0] == 0
            assert (await run("edda", "meeting", "note", *at, "--text", "A line is set up."))[0] == 0
            assert (await run("edda", "meeting", "end", *at))[0] == 0
            said = await terminals.sees("samira", "ended", "meeting", "show", *at)
            assert "Hotline [-] 60 min" in said and "CANARY" not in said
            note = said.partition("  decision ")[2].split()[0]
            assert (await run("samira", "meeting", "agree", *at, "--item", note))[0] == 0
            code, said = await run("samira", "meeting", "facts", *at)
            assert json.loads(said)["agreed"] == [["decision", "A line is set up."]]
            out = tmp_path / "all.ics"
            assert (await run("samira", "meeting", "calendar", "--out", str(out)))[0] == 0
            assert b"DTSTART:20261225T140000Z" in out.read_bytes()
            code, said = await run("samira", "meeting", "cancel", *at)
            assert (code, "reason is needed" in said) == (2, True)
            code, said = await run("samira", "meeting", "show", body, "--channel", "ai")
            assert (code, "cli.subject" in said) == (2, True)

    asyncio.run(story())
