"""The commands that send and read messages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from parley.cli.command import PRECEDENCES, STATUSES, command, data

GRADES: Final = ("sight", "rough", "official")


def add_messages(commands: object) -> None:
    """Add `say`, `read`, `ack`, `message` and `drafts`."""
    say = command(commands, "say", "talking:say", "Send a message, or draft one that needs a second person.")
    say.add_argument("channel", metavar="CHANNEL")
    say.add_argument("text", metavar="TEXT", help='"-" reads standard input')
    say.add_argument("--precedence", choices=PRECEDENCES, default="ROUTINE")
    say.add_argument("--language", default="", metavar="TAG", help="default: the side's first language")
    say.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    say.add_argument("--title", default="")
    say.add_argument("--order", action="store_true", help="ask for a read-back")
    say.add_argument("--answers", default="", metavar="SUBJECT")
    say.add_argument("--attach", action="append", type=Path, default=[], metavar="FILE")
    say.add_argument("--draft", action="store_true", help="only keep it as a draft, for review and release")
    say.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait until it is on their disk")
    data(say, person=True)
    read = command(commands, "read", "talking:read", "Read a channel, or what waits for us.")
    read.add_argument(
        "channel", nargs="?", metavar="CHANNEL", help="default: the most urgent messages that wait for us"
    )
    read.add_argument("--count", type=int, default=20)
    read.add_argument("--follow", action="store_true", help="go on as messages come")
    data(read, person=True)
    ack = command(commands, "ack", "talking:ack", "Acknowledge a message by name.")
    ack.add_argument("channel", metavar="CHANNEL")
    ack.add_argument("subject", metavar="SUBJECT", help="message/south/0/4, as `read` shows it")
    ack.add_argument("--note", default="")
    data(ack, person=True)
    one = command(commands, "message", "messaging:message", "Show one message whole, or say the next thing of it.")
    one.add_argument("act", choices=("show", "correct", "cancel", "translate", "read-back", "confirm", "wrong"))
    one.add_argument("channel", metavar="CHANNEL")
    one.add_argument("subject", metavar="SUBJECT", help="message/south/0/4, as `read` shows it")
    one.add_argument(
        "--text", default="", help='the new words, or what is wrong with a read-back; "-" reads standard input'
    )
    one.add_argument(
        "--language", default="", metavar="TAG", help="of the words; for correct the default is the message's"
    )
    one.add_argument("--grade", choices=GRADES, default="sight", help="of a translation")
    one.add_argument("--reason", default="", help="for correct and cancel; the other side reads it")
    data(one, person=True)
    drafts = command(commands, "drafts", "talking:drafts", "List drafts; show, submit, review, release or discard one.")
    drafts.add_argument(
        "act", nargs="?", choices=("list", "show", "submit", "approve", "return", "release", "discard"), default="list"
    )
    drafts.add_argument("draft", nargs="?", metavar="DRAFT")
    drafts.add_argument("--note", default="")
    drafts.add_argument(
        "--seen",
        default="",
        metavar="MOMENT",
        help="for release and approve: as `show` gives it; other words are refused",
    )
    data(drafts, person=True)
