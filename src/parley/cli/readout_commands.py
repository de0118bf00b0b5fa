"""The commands `readout` and `search`, and their options."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

ACTS: Final = ("list", "show", "ask", "agree-time", "draft", "seal", "contest", "press")


def add_options(readout: ArgumentParser) -> None:
    """Give the command its acts and options."""
    readout.add_argument("act", nargs="?", choices=ACTS, default="list")
    readout.add_argument("subject", nargs="?", metavar="SUBJECT", help="readout/SIDE/EPOCH/NUMBER; for all but ask")
    readout.add_argument("--channel", default="", metavar="CHANNEL", help="the channel it stands in")
    readout.add_argument("--title", default="", help="for ask: what the meeting was")
    readout.add_argument("--date", default="", metavar="YYYY-MM-DD", help="for ask: of the meeting; for press: of it")
    readout.add_argument(
        "--meeting", default="", metavar="SUBJECT", help="for ask: the meeting, where the record has it"
    )
    readout.add_argument("--open-at", default="", metavar="MOMENT", help="for ask: when both are to be opened")
    readout.add_argument("--status", default="", help="for ask; default: the node's own")
    readout.add_argument("--file", type=Path, metavar="FILE", help="for draft and press: the text; '-' reads it")
    readout.add_argument("--language", default="", metavar="TAG", help="of the text; default: the side's first")
    readout.add_argument("--statement", type=int, default=0, metavar="N", help="for contest: its number in theirs")
    readout.add_argument("--reason", default="", help="for contest")
    readout.add_argument("--source", default="", help="for press: who published it")
    readout.add_argument("--address", default="", help="for press: where it stands")


def add_search_options(search: ArgumentParser) -> None:
    """Give the command its options."""
    search.add_argument("words", nargs="+", metavar="WORD", help="all must be found; quote those that stand together")
    search.add_argument("--side", default="", metavar="SIDE", help="said by this side alone")
    search.add_argument("--since", default="", metavar="DAY", help="from this day on: 2026-11-23")
    search.add_argument("--until", default="", metavar="DAY", help="until this day, with it")
