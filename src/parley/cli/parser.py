"""Every command in one place; help, completion and docs/cli.md are read from here.

Owns: the order of the commands, and the words of those that have no file of their own.
Does not own: the words of a subject's commands (`…_commands.py`), what a command does (its module, named in `run`).
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path
from typing import Final

import parley
from parley.cli import commitment_commands, readout_commands, talk_commands, text_commands, track_commands
from parley.cli.command import CommandParser, command, data, passphrase
from parley.cli.founding_commands import add_founding, add_rekeying
from parley.cli.incident_commands import add_incidents, add_places
from parley.cli.keeping_commands import add_keeping, add_record
from parley.cli.message_commands import add_messages
from parley.cli.notice_commands import add_notices
from parley.cli.people_commands import add_channels, add_people
from parley.cli.stop_commands import add_stops
from parley.cli.watch_commands import add_notify, add_watch

EXAMPLES: Final = ("filoli-2023",)


@cache
def make_parser() -> argparse.ArgumentParser:
    """Make the parser of `parley`, once: it has some five hundred options, and reading changes nothing of it."""
    parser = argparse.ArgumentParser(
        prog="parley",
        description="A direct line between two sides that do not trust each other.",
        epilog="Exit codes: 0 done or proven, 1 refused or not proven, 2 usage or unreadable, 3 unavailable.",
    )
    parser.add_argument("--version", action="version", version=f"parley {parley.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=CommandParser)
    for add in _ALL:
        add(commands)
    return parser


def _running(commands: object) -> None:
    run = command(commands, "run", "start:run", "Run the node with its desk and its API.")
    run.add_argument("dir", type=Path, metavar="DIR")
    run.add_argument("--log", choices=("error", "warning", "info", "debug"), default="info", help="how much to log")
    passphrase(run, "the keys")
    status = command(commands, "status", "talking:status", "Say how the line is.")
    data(status, person=True)
    doctor = command(commands, "doctor", "doctor:doctor", "Say what is wrong with this node, in words.")
    doctor.add_argument("dir", type=Path, metavar="DIR")
    demo = command(commands, "demo", "demo:demo", "Start two sides on this machine and let them talk.")
    demo.add_argument("--script", action="store_true", help="play it without a browser, verify all, then stop")
    demo.add_argument("--call", action="store_true", help="with --script: two browsers call each other, and are timed")
    demo.add_argument("--out", type=Path, metavar="DIR", help="leave both data folders and the evidence here")
    demo.add_argument("--example", choices=EXAMPLES, help="load an example after public facts in place of the play")
    demo.add_argument("--no-browser", action="store_true", help="print the addresses, open nothing")


def _conferring(commands: object) -> None:
    body = command(commands, "body", "conferring:body", "List standing bodies, propose one, or say the next of one.")
    talk_commands.add_body_options(body)
    data(body, person=True)
    meeting = command(commands, "meeting", "meeting:meeting", "List meetings, ask for one, or say the next of one.")
    talk_commands.add_meeting_options(meeting)
    data(meeting, person=True)


def _negotiating(commands: object) -> None:
    text = command(commands, "text", "negotiating:text", "List, show or open negotiated texts, and work on one.")
    text_commands.add_options(text)
    data(text, person=True)


def _testing(commands: object) -> None:
    test = command(commands, "test-line", "talking:test_line", "Test the line now and wait for the answer.")
    test.add_argument("--wait", type=float, default=10, metavar="SECONDS")
    data(test, person=True)


def _promising(commands: object) -> None:
    readout = command(commands, "readout", "readouts:readout", "Draft, seal and compare the readouts of a meeting.")
    readout_commands.add_options(readout)
    data(readout, person=True)
    commitment = command(commands, "commitment", "committing:commitment", "Promises: the register, new ones, our view.")
    commitment_commands.add_options(commitment)
    data(commitment, person=True)
    search = command(commands, "search", "readouts:search", "Search the whole record, in any language.")
    readout_commands.add_search_options(search)
    data(search, person=True)
    positions = command(
        commands, "positions", "comparing:positions", "What each side has said, by topic; notes of ours."
    )
    readout_commands.add_position_options(positions)
    data(positions, person=True)


def _proving(commands: object) -> None:
    check = command(commands, "check", "checking:check", "Verify an exported file without any node.")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument(
        "--name", action="append", default=[], type=Path, metavar="FILE", help="a disclosed legal name; repeat it"
    )
    check.add_argument("--recording", type=Path, metavar="FILE", help="a recording to be judged by the record in FILE")
    check.add_argument("--text", action="store_true", help="of a signed text's PDF: print what was signed")
    check.add_argument("--line", metavar="ID", help="the line it must belong to (32 hex digits)")
    check.add_argument(
        "--words", action="append", default=[], metavar="WORDS",
        help="the twelve words of a later card with an identity of its own, once you compared them; repeat it",
    )  # fmt: skip
    track_commands.add_options(command(commands, "tracks", "track_commands:tracks", track_commands.WORDS))
    simulate = command(commands, "simulate", "proving:simulate", "Run whole worlds from seeds and check promises.")
    simulate.add_argument("--seeds", type=int, metavar="N", help="run seeds 1 to N")
    simulate.add_argument("--seed", type=int, metavar="K", help="run one seed")
    simulate.add_argument("--explain", action="store_true", help="say what happened, step by step")
    bench = command(commands, "bench", "proving:bench", "Measure, each figure beside its floor.")
    bench.add_argument("group", nargs="?", default="line")
    completion = command(commands, "completion", "completion:completion", "Print completion for a shell.", json=False)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))


# In the order of the help and of docs/cli.md.
_ALL: Final = (
    add_founding, add_rekeying, _running, add_messages, add_stops, add_incidents, _conferring, _negotiating,
    add_places, add_notices, _testing, add_channels, add_watch, _promising, add_people, add_notify, add_keeping,
    add_record, _proving,
)  # fmt: skip
