"""`parley readout` and `parley positions`: accounts sealed, compared with a report, and registered, from terminals."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.cli.terminals import two_terminals

OURS, THEIRS = "North said that the strait stays open.", "南方表示，海峡保持开放。"
PRESS = "Vesk told Holm that the strait stays open, an aide said."


def test_two_accounts_and_a_report_are_compared_from_two_terminals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a desk does about readouts, a program and a terminal do; what nobody confirmed is in no file."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):
            run, done, sees = terminals.run, terminals.done, terminals.sees
            ask = "readout ask --channel leaders --title First --date 2026-11-23 --json"
            at = f"{json.loads(await done('edda', ask))['subject']} --channel leaders"
            await sees("samira", "First", "readout list")
            for person, text, tag in (("edda", OURS, "en"), ("samira", THEIRS, "zh")):
                (tmp_path / tag).write_text(text, "utf-8")
                await done(person, f"readout draft {at} --language {tag} --file", str(tmp_path / tag))
                await done(person, f"readout seal {at}")
            await sees("edda", "海峡", f"readout show {at}")
            (tmp_path / "press").write_text(PRESS, "utf-8")
            await done("edda", f"readout report {at} --source Daily --date 2026-11-24 --file", str(tmp_path / "press"))

            said = await done("edda", f"readout accounts {at}")
            report = next(line.split(" ")[0] for line in said.splitlines() if "Daily" in line)
            said = await done("edda", f"readout suggestions {at} --account {report}")
            assert "possible (plain-verb): Vesk told (through an aide): the strait stays open" in said
            marks = ((report, "Vesk", "told"), ("north", "North", "said"))
            for account, who, verb in marks:
                await done("edda", f"readout mark {at} --account {account} --who {who} --verb {verb} --topic Strait "
                                   "--words", "the strait stays open")  # fmt: skip
            await done("samira", f"readout mark {at} --account south --topic Strait --words 海峡保持开放")
            assert "海峡" not in await done("edda", f"readout compare {at}")  # unconfirmed by its side
            await done("samira", f"readout confirm {at}")
            await done("edda", f"readout confirm {at}")
            said = await sees("edda", "south:", f"readout accounts {at}")
            names = [line.split()[0] for line in said.splitlines() if line.startswith("  ")]
            ours, theirs, told = names
            await done("edda", f"readout pair {at} --first {ours} --second {theirs} --verdict same")
            await done("edda", f"readout pair {at} --first {ours} --second {told} --verdict same")
            said = await done("edda", f"readout compare {at}")
            assert "[Strait] same, a report same · North: North said: the strait stays open" in said
            await done("edda", f"readout compare {at} --out", str(tmp_path / "c.csv"))
            assert "海峡保持开放" in (tmp_path / "c.csv").read_text("utf-8-sig")
            await done("edda", f"readout unmark {at} --account {report} --place", told.partition(":")[2])

            await sees("edda", "海峡保持开放", "positions --topic strait")
            said = await sees(
                "edda", " readout.opened ", "search 海峡"
            )  # the index follows a quarter of a second later
            entry = said.split(" readout.opened ")[1].split(":")[0]
            await done("edda", f"positions note --entry {entry} --topic Ports --words 海峡")
            said = await sees("edda", "Ports", "positions")
            await done("edda", "positions remove --name", said.partition(" note ")[2].split(":")[0])
            assert "Ports" not in await done("edda", "positions")
            code, said = await run("edda", f"readout mark {at} --words x")
            assert (code, "--account is needed" in said) == (2, True)

    asyncio.run(story())
