"""`parley commitment`: from the proposal to both views and the register as a file, from two terminals."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path

import pytest
from tests.actions.pair import until
from tests.cli.terminals import two_terminals

from parley.subjects.commitments import CommitmentView


def test_a_commitment_is_made_answered_and_viewed_from_two_terminals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same actions as at a desk; a cell of the file can do nothing in a spreadsheet."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (north, south, terminals):

            async def run(person: str, *words: str) -> tuple[int, str]:
                return await terminals.run(person, "commitment", *words)

            at = ("--channel", "leaders")
            code, said = await run(
                "edda", "propose", *at, "--what", "=HYPERLINK(A1)", "--who", "south", "--due", "2026-01-31",
                "--json",
            )  # fmt: skip
            subject = json.loads(said)["subject"]

            def stands(side: object, state: str, views: int) -> bool:
                view = side.node.book.view("leaders", subject)  # type: ignore[attr-defined]
                return isinstance(view, CommitmentView) and view.state == state and len(view.views) == views

            await until(lambda: stands(south, "proposed", 0))
            assert "proposed" in (await run("samira", "reminders"))[1]
            assert (await run("samira", "agree", subject, *at))[0] == 0
            await until(lambda: stands(north, "agreed", 0))
            (tmp_path / "pump.txt").write_text("Sealed.")
            kept = ("--state", "kept", "--evidence", "A list", "--file", str(tmp_path / "pump.txt"))
            assert (await run("samira", "view", subject, *at, *kept))[0] == 0
            code, said = await run("samira", "view", subject, *at, *kept[:-1], str(tmp_path / "no.txt"))
            assert (code, "is not a file" in said) == (2, True)
            assert (await run("edda", "view", subject, *at, "--state", "not-kept"))[0] == 0
            await until(lambda: stands(north, "agreed", 2))
            code, said = await run("edda", "list", "--which", "disputed")
            assert code == 0 and "OVERDUE DISPUTED" in said and subject in said
            code, said = await run("edda", "show", subject, *at)
            assert code == 0 and "their view" in said and "A list" in said and "pump.txt" in said
            out = tmp_path / "register.csv"
            assert (await run("edda", "csv", "--which", "overdue", "--out", str(out)))[0] == 0
            row = next(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
            assert (row["what"], row["our view"], row["their view"], row["views differ"]) == (
                "'=HYPERLINK(A1)", "not-kept", "kept", "yes",
            )  # fmt: skip
            code, said = await run("edda", "decline", subject, *at, "--reason", "No.")
            assert (code, "commitments.answered" in said) == (1, True)
            code, said = await run("edda", "show", "text/north/0/1", *at)
            assert (code, "expected a subject such as commitment/" in said) == (2, True)
            assert (await run("admin", "list"))[0] == 1  # an administrator does not read what is said

    asyncio.run(story())
