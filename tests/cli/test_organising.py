"""`parley channels` and `parley people`, and whom a command names beside whom it speaks as."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

import pytest
from tests.cli.terminals import two_terminals

from parley.cli.completion import subcommands
from parley.cli.parser import make_parser


def test_no_two_options_of_a_command_write_to_one_place() -> None:
    """`--person` and `--as` did: who was named was taken for who speaks, and the other way round."""
    for name, command in subcommands(make_parser()).items():
        places = [each.dest for each in command._actions if each.dest is not argparse.SUPPRESS]
        assert len(places) == len(set(places)), name


def test_members_shifts_delegations_and_names_by_law_are_set_from_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each names a person and is spoken by one; who has no browser must be able to say both."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (north, _, terminals):
            done = terminals.done
            await done("edda", "channels members leaders --person edda --person tomas")
            assert north.node.book.channel("leaders").members["north"] == ("edda", "tomas")
            code, said = await terminals.run("samira", "channels members leaders --person edda")
            assert code == 1, said  # she is not on that side's roster

            await done("edda", "watch plan leaders --from 2099-01-01T06:00Z --person tomas --person edda")
            row = json.loads(await done("edda", "watch show leaders --json"))
            planned = (row[0] if isinstance(row, list) else row)["shifts"]
            assert [each["person"] for each in planned] == ["tomas", "edda"]

            body = json.loads(
                await done("edda", "body propose --channel ai --title AI --mandate Risks --json")
            )["subject"]  # fmt: skip
            await terminals.sees("samira", "proposed", "body list")
            await done("samira", f"body agree {body}")
            await done("samira", f"body delegation {body} --chair Envoy --person samira")
            await terminals.sees("edda", "sent Samira", f"body show {body}")

            name = ("--name", "Edda Ingrid Marlow")
            assert "disclose edda" in await done("admin", "people legal-name edda", *name)
            file = tmp_path / "edda.json"
            await done("admin", "people disclose edda --out", str(file))
            assert "Edda Ingrid Marlow" in file.read_text() and file.stat().st_mode & 0o77 == 0
            code, said = await terminals.run("admin", "channels members leaders")
            assert code == 1, said  # the administrator is no member

    asyncio.run(story())
