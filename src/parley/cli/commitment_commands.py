"""The command `commitment` and its options."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

ACTS: Final = (
    "list", "reminders", "show", "propose", "promise", "agree", "decline", "withdraw", "view", "csv",
)  # fmt: skip
FILTERS: Final = ("open", "answer", "due", "overdue", "disputed", "kept", "all")
VIEWS: Final = ("not-begun", "under-way", "kept", "kept-in-part", "not-kept", "overtaken")


def add_options(commitment: ArgumentParser) -> None:
    """Give the command its acts and options."""
    commitment.add_argument("act", nargs="?", choices=ACTS, default="list")
    commitment.add_argument("subject", nargs="?", metavar="SUBJECT", help="commitment/south/0/4, as `list` shows it")
    commitment.add_argument("--channel", default="", help="where it stands; for list and csv: this channel alone")
    commitment.add_argument("--which", choices=FILTERS, default="open", help="for list and csv")
    commitment.add_argument("--what", default="", help="what was promised")
    commitment.add_argument("--who", action="append", default=[], metavar="SIDE", help="for propose: who promised")
    commitment.add_argument("--due", default="", metavar="DAY", help="by when: 2027-03-31 or a moment")
    commitment.add_argument("--seen", default="", help="how it will be seen to be done")
    commitment.add_argument(
        "--source", default="", metavar="SUBJECT", help="the text, message or meeting it is taken from"
    )
    commitment.add_argument("--part", default="", help='for a text: its part and language, "north/0/41 en"')
    commitment.add_argument("--words", default="", help="the words there, exactly")
    commitment.add_argument("--state", choices=VIEWS, default="", help="for view")
    commitment.add_argument("--as-of", default="", metavar="DAY", help="for view: when it was so (default: now)")
    commitment.add_argument("--note", default="", help="for view")
    commitment.add_argument("--evidence", action="append", default=[], metavar="WORDS", help="for view; repeat it")
    commitment.add_argument(
        "--entry", action="append", default=[], metavar="ENTRY", help='for view; "LOG NUMBER" or a subject; repeat it'
    )
    commitment.add_argument(
        "--file", action="append", default=[], type=Path, metavar="FILE", help="for view: evidence; repeat it"
    )
    commitment.add_argument("--reason", default="", help="for decline and withdraw")
    commitment.add_argument("--status", default="", help="default: the node's own")
    commitment.add_argument("--out", type=Path, metavar="FILE", help="for csv")
