"""The commands `readout`, `search` and `positions`, and their options."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

ACTS: Final = (
    "list", "show", "ask", "agree-time", "draft", "seal", "contest", "press", "report", "accounts", "suggestions",
    "mark", "unmark", "pair", "confirm", "compare",
)  # fmt: skip


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
    readout.add_argument(
        "--file", type=Path, metavar="FILE", help="for draft, press and report: the text; '-' reads it"
    )
    readout.add_argument("--language", default="", metavar="TAG", help="of the text; default: the side's first")
    readout.add_argument("--statement", type=int, default=0, metavar="N", help="for contest: its number in theirs")
    readout.add_argument("--reason", default="", help="for contest")
    readout.add_argument("--source", default="", help="for press and report: who published it")
    readout.add_argument("--address", default="", help="for press and report: where it stands")
    readout.add_argument("--account", default="", metavar="ID", help="for suggestions and mark, as `accounts` gives it")
    readout.add_argument("--words", default="", help="for mark: words of the account, exactly")
    readout.add_argument("--who", default="", help="for mark: who is said to have said them")
    readout.add_argument("--verb", default="", help="for mark: the verb of saying")
    readout.add_argument("--whom", default="", help="for mark: to whom")
    readout.add_argument("--through", default="", help="for mark: through which source it is known")
    readout.add_argument("--topic", default="", help="for mark")
    readout.add_argument("--manner", choices=("direct", "indirect", "mixed"), default="indirect", help="for mark")
    readout.add_argument("--place", default="", metavar="START-END", help="for unmark, as `accounts` gives it")
    readout.add_argument("--first", default="", metavar="ID:START-END", help="for pair: a statement")
    readout.add_argument("--second", default="", metavar="ID:START-END", help="for pair: one of another account")
    readout.add_argument("--verdict", choices=("same", "different", "apart"), default="same", help="for pair")
    readout.add_argument("--out", type=Path, metavar="FILE", help="for compare: write it as CSV")


def add_search_options(search: ArgumentParser) -> None:
    """Give the command its options."""
    search.add_argument("words", nargs="+", metavar="WORD", help="all must be found; quote those that stand together")
    search.add_argument("--side", default="", metavar="SIDE", help="said by this side alone")
    search.add_argument("--since", default="", metavar="DAY", help="from this day on: 2026-11-23")
    search.add_argument("--until", default="", metavar="DAY", help="until this day, with it")


def add_position_options(positions: ArgumentParser) -> None:
    """Give the command its options."""
    positions.add_argument("act", nargs="?", choices=("list", "note", "remove"), default="list")
    positions.add_argument("--topic", default="", help="for list: topics with these words; for note: the topic")
    positions.add_argument("--entry", default="", metavar="LOG/NUMBER", help="for note, as `search` shows it")
    positions.add_argument("--words", default="", help="for note: words of the entry (default: its longest text)")
    positions.add_argument("--name", default="", help="for remove: of our note, as `list` gives it")
