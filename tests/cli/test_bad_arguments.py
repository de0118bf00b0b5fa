"""What every command answers to files, folders and words that it cannot use: a sentence and a code, never a stack."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.api.errors import form_sentence
from parley.cli import main
from parley.cli.parser import make_parser

from .test_terminal import run

# They start programs of their own, or fetch: tests/cli/test_demo.py, test_bundle.py, tests/simulation/.
APART = {"bench", "bundle", "demo", "simulate"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one side, for each test to copy."""
    data = tmp_path_factory.mktemp("side") / "north"
    assert main(["init", str(data), "--side=north", "--name=North", "--listen=127.0.0.1:0", "--desk=127.0.0.1:0"]) == 0
    return data


def commands() -> dict[str, argparse.ArgumentParser]:
    """Give every command's own parser."""
    found = next(each for each in make_parser()._actions if isinstance(each, argparse._SubParsersAction))
    return {name: parser for name, parser in found.choices.items() if name not in APART}


def places(folder: Path) -> dict[str, Path]:
    """Make everything that a path on the command line may turn out to be."""
    (folder / "full").mkdir()
    (folder / "full" / "file").write_text("something")
    (folder / "noise").write_bytes(bytes(range(256)) * 20)
    (folder / "words").write_text("words\n")
    with (folder / "huge").open("wb") as huge:
        huge.truncate(1 << 40)
    return {
        "missing": folder / "no" / "such",
        "folder": folder / "full",
        "noise": folder / "noise",
        "huge": folder / "huge",
        "through a file": folder / "words" / "x",
        "too long": folder / ("x" * 300),
    }


def wrong_commands(name: str, parser: argparse.ArgumentParser, data: Path, bad: dict[str, Path]) -> Iterator[list[str]]:
    """Give command lines in which one path is wrong, or one word is empty, and the rest is as it should be."""
    words = [each for each in parser._actions if not each.option_strings]
    options = [each for each in parser._actions if each.option_strings and each.nargs != 0]
    needed = [f"{each.option_strings[-1]}=x" for each in options if each.required]
    node = [f"--data={data}"] if any(each.dest == "data" for each in options) else []

    def right(word: argparse.Action) -> list[str]:
        if word.choices:
            return [str(next(iter(word.choices)))]
        if word.dest == "dir":
            return [str(data)]
        return [] if word.nargs == "?" else [str(bad["noise"].with_name("words")) if word.type is Path else "leaders"]

    yield [name]
    for at, word in enumerate(words):
        values = [str(path) for path in bad.values()] if word.type is Path else ["", "\x1b[2J\u202e" * 10_000]
        for value in values:
            given = [part for each in words[:at] for part in right(each)]
            yield [name, *needed, *node, *given, value, *(part for each in words[at + 1 :] for part in right(each))]
    for option in options:
        for value in (bad["missing"], bad["folder"], bad["huge"]) if option.type is Path else ("",):
            told = f"{option.option_strings[-1]}={value}"
            yield [name, *needed, *node, *(part for each in words for part in right(each)), told]


@pytest.mark.parametrize("name", sorted(commands()))
def test_no_command_answers_what_it_cannot_use_with_a_stack(
    name: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At three in the morning the operator needs to know what is wrong with the command, not where our code ended."""
    data = shutil.copytree(made, tmp_path / "north")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    for given in wrong_commands(name, commands()[name], data, places(tmp_path)):
        try:
            code = main(given)
        except SystemExit as usage:  # argparse has said it already
            code = int(str(usage.code))
        out = capsys.readouterr()
        assert code in (0, 1, 2, 3), given
        assert code == 0 or out.err.startswith(("parley: ", "usage: parley")) or out.out, given
        assert len(out.err) < 8_000, given
        assert "storage.failed" not in out.err, given


def test_an_argument_that_is_not_text_is_named_and_nothing_is_done(tmp_path: Path) -> None:
    """Linux lets a name be any bytes; ours go on into files, signed entries and a screen."""
    told = [sys.executable, "-m", "parley.cli", "init", os.fsencode(tmp_path) + b"/\xff", "--side=north", "--name=N"]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert (done.returncode, "word 2" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_without_the_letters_shows_their_numbers(made: Path) -> None:
    """A console in an old encoding must not make the command fail after it has been done."""
    told = [sys.executable, "-m", "parley.cli", "card", str(made)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(told, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr, "\\u2588" in done.stdout) == (0, "", True)


def test_options_may_stand_between_the_words_of_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People write `stop show --data DIR SUBJECT`; it is the same command as with the option at the end."""
    for given in (
        ("show", "--data", str(tmp_path), "stop/north/0/1"),
        ("show", "stop/north/0/1", f"--data={tmp_path}"),
    ):
        code, _, error = run(capsys, "stop", *given)
        assert (code, "cli.not-running" in error) == (3, True)
    with pytest.raises(SystemExit) as usage:
        main(["stop", "show", "--colour", "red"])
    assert (usage.value.code, "not known here: --colour red" in capsys.readouterr().err) == (2, True)
    chosen = make_parser().parse_args(["say", "--title", "t", "--", "leaders", "-5 °C"])
    assert (chosen.channel, chosen.text) == ("leaders", "-5 °C")


def test_a_person_is_an_id_and_never_a_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--as` becomes the name of a file of tokens; it must not lead out of their folder."""
    (tmp_path / "run.json").write_text('{"desk": "http://127.0.0.1:1", "address": "127.0.0.1:1"}')
    code, _, error = run(capsys, "status", "--data", str(tmp_path), "--as", "../../etc/passwd")
    assert (code, "cli.usage" in error, "expected an id" in error) == (2, True, True)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("Expected `str` of length >= 1 - at `$.text`", "text: expected text, got none; nothing was done"),
        ("Expected `int`, got `str` - at `$.a[0].b`", "a[0].b: expected a whole number, got text; nothing was done"),
        ("Object contains unknown field `z`", 'the body: object contains unknown field "z"; nothing was done'),
        ("Expected `array` of length <= 2 - at `$.l`", "l: expected a list of at most 2 entries; nothing was done"),
    ],
)
def test_a_form_is_refused_in_words_that_people_use(told: str, words: str) -> None:
    """`parley say leaders ""` is answered at a terminal: no name of a type of ours belongs there."""
    assert form_sentence(told) == words


def test_a_backup_before_the_first_run_does_not_blame_the_disk(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reads that the disk failed looks at cables, when all that is missing is a first start."""
    word = tmp_path / "words"
    word.write_text("a long and quiet sentence\n")
    target = tmp_path / "whole.sealed"

    assert main(["backup", str(made), str(target), f"--passphrase-file={word}"]) == 3
    said = capsys.readouterr().err
    assert "[backup.file]" in said and "record.db is not there" in said and "--keys-only" in said
    assert not target.exists()
