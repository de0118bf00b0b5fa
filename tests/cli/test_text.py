"""`parley text`: from an open bracket to two signatures and a copy that `check` reads, from two terminals."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from tests.actions.pair import WAIT_S, until
from tests.cli.terminals import two_terminals

from parley.cli import main

TEN, FIVE = "Each side answers within ten days.", "Each side answers within five days."
THEIR_TEN, THEIR_FIVE = "双方在十日内答复。", "双方在五日内答复。"


def test_a_text_goes_from_brackets_to_signatures_from_two_terminals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same actions as at a desk; whoever signs names the digest of what they read."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (north, south, terminals):

            async def run(person: str, act: str, *words: str) -> tuple[int, str]:
                return await terminals.run(person, f"text --channel leaders {act}", *words)

            async def done(person: str, act: str, *words: str) -> str:
                return await terminals.done(person, f"text --channel leaders {act}", *words)

            async def shown(person: str, status: str) -> dict[str, Any]:
                end = time.monotonic() + WAIT_S
                while True:
                    code, said = await run(person, f"show {subject} --json")
                    units = json.loads(said)["units"] if code == 0 else []
                    if units and units[0]["status"] == status:
                        return dict(json.loads(said))
                    assert time.monotonic() < end, said

            said = await done("edda", "open --title Notice --ours en --theirs zh --json")
            subject = json.loads(said)["subject"]
            await done("edda", f"add {subject} --language en --words", TEN)
            part = (await shown("samira", "bracketed"))["units"][0]["name"]
            await done("samira", f"render {subject} --part {part} --language zh --words", THEIR_TEN)
            await done("samira", f"accept {subject} --part {part}")
            await shown("edda", "clean")
            await done("edda", f"propose {subject} --part {part} --language en --reason Sooner. --words", FIVE)
            await shown("samira", "bracketed")
            said = await done("samira", f"show {subject}")
            assert "[ten / north: five]" in said and "2. Edda, open, to be given in zh: Sooner." in said
            await done("samira", f"render {subject} --part {part} --alternative 2 --language zh --words", THEIR_FIVE)
            await done("samira", f"accept {subject} --part {part} --alternative 2")
            await done("samira", f"comment {subject} --part {part} --text Good.")
            await done("samira", f"note {subject} --part {part} --text Ours.")

            digest = (await shown("edda", "clean"))["units"][0]["digest"]
            for person in ("edda", "samira"):
                await shown(person, "clean")
                await done(person, f"agree {subject} --part {part} --digest {digest}")
            await done("edda", f"fallback {subject}")
            code, said = await run("edda", f"sign {subject} --office Envoy --powers L7 --digest", "0" * 64)
            assert (code, "[texts.changed]" in said) == (1, True)
            whole = (await shown("edda", "agreed"))["digest"]
            await shown("samira", "agreed")
            for person in ("edda", "samira"):
                await done(person, f"sign {subject} --office Envoy --powers L7 --digest {whole}")
            await until(lambda: north.node.status().waiting == 0 and south.node.status().waiting == 0)
            said = await done("edda", f"moments {subject}")
            first = next(line.split("  ")[0] for line in said.splitlines() if "text.added" in line)
            assert "[-ten-][+five+]" in await done("edda", f"compare {subject} --before", first)
            assert "Ours." not in await done("edda", f"show {subject}")
            end = time.monotonic() + WAIT_S
            while (await done("edda", f"show {subject}")).count("signed: ") < 2:
                assert time.monotonic() < end
            for form in ("pdf", "docx", "html", "txt"):
                await done("edda", f"copy {subject} --out", str(tmp_path / f"copy.{form}"))
            assert await asyncio.to_thread(main, ["check", str(tmp_path / "copy.pdf"), "--text"]) == 0
            assert THEIR_FIVE in capsys.readouterr().out
            code, said = await run("edda", f"copy {subject} --out", str(tmp_path / "copy.odt"))
            assert (code, "texts.form" in said) == (1, True)
            code, said = await run("edda", f"accept {subject} --part {part} --alternative 9")
            assert (code, "has no alternative 9" in said) == (2, True)

    asyncio.run(story())
