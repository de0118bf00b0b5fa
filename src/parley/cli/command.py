"""What the commands have in common: how one is added, whose node and person it means, words that several take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from parley.cli.output import bounded

PRECEDENCES: Final = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")
STATUSES: Final = ("actual", "exercise", "test")


class CommandParser(argparse.ArgumentParser):
    """Of one command. Options may stand between its words: `stop show --data DIR SUBJECT`, too, means what it says."""

    _inner = False

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """Read options first, then words; argparse by itself gives up on a word that may be left out."""
        words = sys.argv[1:] if args is None else list(args)
        if self._inner or "--" in words:  # after "--" all is words, which the other way forgets
            return super().parse_known_args(words, namespace)
        self._inner = True
        try:
            chosen, left = self.parse_known_intermixed_args(words, namespace)
        finally:
            self._inner = False
        if left:
            self.error(f"not known here: {' '.join(left)}; `{self.prog} --help` lists what it takes")
        return chosen, left

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, however long or strange what was typed."""
        super().error(bounded(message))


class _Commands:
    """The subparsers object of argparse has no public name to annotate; this says what is used of it."""

    add_parser: Callable[..., argparse.ArgumentParser]


def command(commands: object, name: str, run: str, words: str, *, json: bool = True) -> argparse.ArgumentParser:
    """Add a command that the module `run` names carries out; `words` are its help."""
    adder: _Commands = commands  # type: ignore[assignment]
    made = adder.add_parser(name, help=words, description=words)
    made.set_defaults(run=f"parley.cli.{run}")
    if json:
        made.add_argument("--json", action="store_true", help="answer as one JSON value")
    return made


def data(command: argparse.ArgumentParser, *, person: bool = False) -> None:
    """Say which node is meant, and who speaks."""
    command.add_argument("--data", type=Path, metavar="DIR", help="data folder of the node (or PARLEY_DATA)")
    if person:
        command.add_argument("--as", dest="speaker", metavar="PERSON", help="speak as this person (or PARLEY_PERSON)")


def passphrase(command: argparse.ArgumentParser, what: str) -> None:
    """Take a passphrase from a file."""
    command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=f"first line is the passphrase of {what}")
