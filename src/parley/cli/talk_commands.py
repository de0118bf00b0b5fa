"""What `body` and `meeting` take on the command line.

Owns: the options and their words. Does not own: what a command does (conferring.py, meeting.py).
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path


def add_body_options(body: ArgumentParser) -> None:
    """Add the options of `body`."""
    body.add_argument(
        "act",
        choices=(
            *("list", "show", "propose", "agree", "decline", "withdraw", "suspend", "resume", "end", "delegation"),
            *("term", "agree-term", "withdraw-term", "days"),
        ),
    )
    body.add_argument("subject", nargs="?", metavar="SUBJECT", help="body/south/0/4, as `list` shows it")
    body.add_argument("--channel", default="", help="for propose: the channel it speaks in, proposed with it")
    body.add_argument("--title", default="")
    body.add_argument("--mandate", default="", help="what it is for")
    body.add_argument("--level", choices=("leaders", "ministers", "officials", "experts"), default="officials")
    body.add_argument("--language", action="append", default=[], metavar="TAG", help="default: the first of each side")
    body.add_argument("--rhythm", default="", help="how often it meets, in words")
    body.add_argument(
        "--reason", default="", help="for decline, withdraw, suspend, resume and end; the other side reads it"
    )
    body.add_argument("--chair", default="", help="for delegation: who leads it, in words")
    body.add_argument("--person", action="append", default=[], metavar="PERSON", help="for delegation: of our roster")
    body.add_argument("--other", action="append", default=[], metavar='"NAME; OFFICE"', help="for delegation")
    body.add_argument("--word", action="append", default=[], metavar="TAG=WORD", help="for term: in each language")
    body.add_argument("--note", default="", help="for term")
    body.add_argument("--term", default="", metavar="ID", help="for agree-term and withdraw-term, as `show` gives it")
    body.add_argument("--zone", default="", help="for days: our zone, as Asia/Shanghai; without it both are shown")
    body.add_argument("--holiday", action="append", default=[], metavar='"DATE NAME"', help="for days: repeat it")
    body.add_argument("--status", choices=("actual", "exercise", "test"), default="", help="default: the node's own")


def add_meeting_options(meeting: ArgumentParser) -> None:
    """Add the options of `meeting`."""
    meeting.add_argument(
        "act",
        choices=(
            *("list", "show", "facts", "ask", "accept", "offer", "decline", "cancel", "item", "hold", "raise", "drop"),
            *("agree-item", "withdraw", "begin", "end", "begin-item", "end-item", "floor", "attend", "note", "agree"),
            *("minutes", "interpreters", "calendar", "document", "glossary"),
        ),
    )
    meeting.add_argument("subject", nargs="?", metavar="SUBJECT", help="meeting/south/0/4, as `list` shows it")
    meeting.add_argument("--channel", default="", help="the channel it stands in; for all but list")
    meeting.add_argument("--purpose", default="", help="for ask")
    meeting.add_argument("--body", default="", metavar="SUBJECT", help="for ask: of which body")
    meeting.add_argument("--level", choices=("leaders", "ministers", "officials", "experts"), default="officials")
    meeting.add_argument("--form", choices=("in-person", "video", "voice"), default="in-person")
    meeting.add_argument("--place", default="")
    meeting.add_argument(
        "--time", action="append", default=[], metavar="TIME", help="2026-10-01T20:00 on our clock, or with Z in UTC"
    )
    meeting.add_argument("--minutes", type=int, default=0, help="of the item, or of the meeting (none: 60)")
    meeting.add_argument("--consecutive", action="store_true", help="everything is said twice: the plan doubles")
    meeting.add_argument("--language", action="append", default=[], metavar="TAG")
    meeting.add_argument("--hours", type=int, default=0, help="for ask and offer: within which an answer is expected")
    meeting.add_argument("--reason", default="")
    meeting.add_argument("--title", default="", help="of an item")
    meeting.add_argument("--item", default="", metavar="ID", help="the item or note, as `show` gives it")
    meeting.add_argument("--to", choices=("ours", "theirs", "nobody"), default="nobody", help="for floor")
    meeting.add_argument("--person", action="append", default=[], metavar="PERSON", help="for attend: of our roster")
    meeting.add_argument("--other", action="append", default=[], metavar='"NAME; OFFICE"', help="for attend")
    meeting.add_argument("--what", choices=("decision", "action", "next-date"), default="decision", help="for note")
    meeting.add_argument("--text", default="", help="the note, the item's note, the minutes; none: minutes as a text")
    meeting.add_argument("--who", default="", help="for note: who does it")
    meeting.add_argument("--due", default="", metavar="TIME", help="for note: by when, or the next date")
    meeting.add_argument("--file", type=Path, metavar="FILE", help="for document: given for --item, or kept here")
    meeting.add_argument("--term", action="append", default=[], metavar="WORD=WORD", help="for glossary: all of ours")
    meeting.add_argument("--out", type=Path, metavar="FILE", help="for calendar: one meeting, or all without SUBJECT")
    meeting.add_argument("--status", choices=("actual", "exercise", "test"), default="", help="default: the node's own")
