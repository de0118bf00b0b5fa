"""The command `text` and its options."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Final

# What is done about a part, in the words of the API.
SETTLE: Final = (
    "accept", "withdraw", "agree", "agree-ad-referendum", "take-back", "concordant", "ask-reopen", "reopen",
)  # fmt: skip
ACTS: Final = (
    "list", "show", "open", "import", "add", "propose", "render", *SETTLE, "move", "comment", "note", "moments",
    "compare", "fallback", "agree-fallback", "copy", "sign", "take-signature",
)  # fmt: skip
GRADES: Final = ("initialled", "signed-ad-referendum", "signed")


def add_options(text: ArgumentParser) -> None:
    """Give the command its acts and options."""
    text.add_argument("act", choices=ACTS)
    text.add_argument("subject", nargs="?", metavar="SUBJECT", help="text/south/0/4, as `list` shows it")
    text.add_argument("--channel", required=True)
    text.add_argument("--title", default="", help="of a text to open")
    text.add_argument("--form", choices=("text", "minutes"), default="text", help="of a text to open")
    text.add_argument("--ours", action="append", default=[], metavar="TAG", help="for open: a language we answer for")
    text.add_argument("--theirs", action="append", default=[], metavar="TAG", help="for open: one that they answer for")
    text.add_argument("--file", type=Path, metavar="FILE", help=".txt or .docx, one part a paragraph")
    text.add_argument("--language", default="", metavar="TAG", help="of the file or words, one our side answers for")
    text.add_argument("--part", default="", metavar="PART", help="north/0/41, as `show` gives it; none: the whole text")
    text.add_argument("--alternative", type=int, default=0, metavar="N", help="its number in the part (default: 1)")
    text.add_argument("--words", default="", help="for add, propose and render: the words of the whole part")
    text.add_argument("--alone", action="store_true", help="for propose: it concerns this language alone")
    text.add_argument("--level", choices=("article", "paragraph", "point", "heading"), default="article")
    text.add_argument("--under", default="", metavar="PART", help="for add and move")
    text.add_argument("--after", default="", metavar="PART", help="for add and move; for compare: a moment")
    text.add_argument("--before", default="", metavar="MOMENT", help="for compare, as `moments` gives it")
    text.add_argument("--then", default="", metavar="MOMENT", help="for show: as it was at this moment")
    text.add_argument("--text", default="", help="for comment and note")
    text.add_argument("--reason", default="")
    text.add_argument("--digest", default="", help="for sign, agree, concordant and agree-fallback: as `show` gave it")
    text.add_argument("--grade", choices=GRADES, default="signed", help="for sign")
    text.add_argument("--office", default="", help="for sign: the office in which")
    text.add_argument("--powers", default="", help="for sign: the full powers that entitle to it")
    text.add_argument("--out", type=Path, metavar="FILE", help="for copy: .docx, .html, .txt, or .pdf once signed")
    text.add_argument("--status", default="", help="of a text to open; default: the node's own")
