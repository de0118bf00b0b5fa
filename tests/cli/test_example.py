"""The example after public facts: loaded by the ordinary actions, marked on every page, signed by nobody."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.desk.browsing import browsing, plain
from tests.desk.sample import Samples
from tests.desk.test_pages import PAGES
from tests.replacing import replace

from parley.cli import example_words as words
from parley.desk.words import Words


@pytest.mark.processes
def test_the_example_is_an_exercise_throughout_and_no_passkey_signed_it(tmp_path: Path) -> None:
    """Nobody may take it for what a government made, or find a person's signature in it."""
    done = subprocess.run(
        [sys.executable, "-m", "parley.cli", "demo", "--example", "filoli-2023", "--script", "--json",
         "--out", str(tmp_path)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"] is True
    record = (tmp_path / "a-record.parley").read_text("utf-8")
    assert record.count('"status":"exercise"') >= 60
    assert '"status":"actual"' not in record
    assert '"assertion":{' not in record
    assert record.count('"kind":"meeting.attendance"') == 2
    assert f'"words":"{words.BRACKET[4:5]}"' in record  # the bracket that the tutorial settles
    for told in (*words.A_SAYS, *words.B_SAYS):
        assert told.words in record
    assert "illustration = true" in (tmp_path / "b" / "config.toml").read_text("utf-8")


def test_every_statement_of_the_example_stands_in_its_account_with_its_source() -> None:
    """A statement without its source would be our own claim about a government."""
    for says in (words.A_SAYS, words.B_SAYS):
        paragraphs = words.account(says).split("\n\n")
        for told, paragraph in zip(says, paragraphs, strict=True):
            assert told.words in told.sentence
            assert paragraph == f"{told.sentence} [{told.source}, {words.DATE}]"
    assert {told.topic for told in words.A_SAYS} & {told.topic for told in words.B_SAYS} == set(words.PAIRS)


def test_every_page_of_an_illustration_says_so() -> None:
    """Whoever opens any page, or prints it, must know what it is."""

    async def story() -> None:
        samples = Samples()
        samples.mode = "exercise"
        samples.sides = replace(samples.sides, illustration=True)
        band = Words("en").plain("illustration.band")
        async with browsing(samples) as browser:
            for path in (*PAGES, "/sign-in"):
                assert band in plain(await browser.get(path)), path

    asyncio.run(story())
