"""What `body` takes on the command line.

Owns: the options and their words. Does not own: what a command does (conferring.py).
"""

from __future__ import annotations

from argparse import ArgumentParser


def add_body_options(body: ArgumentParser) -> None:
    """Add the options of `body`."""
    body.add_argument(
        "act",
        choices=("list", "show", "propose", "agree", "decline", "suspend", "resume", "end", "delegation", "days"),
    )
    body.add_argument("subject", nargs="?", metavar="SUBJECT", help="body/south/0/4, as `list` shows it")
    body.add_argument("--channel", default="", help="for propose: the channel it speaks in, proposed with it")
    body.add_argument("--title", default="")
    body.add_argument("--mandate", default="", help="what it is for")
    body.add_argument("--level", choices=("leaders", "ministers", "officials", "experts"), default="officials")
    body.add_argument("--language", action="append", default=[], metavar="TAG", help="default: the first of each side")
    body.add_argument("--rhythm", default="", help="how often it meets, in words")
    body.add_argument("--reason", default="", help="for decline, suspend, resume and end; the other side reads it")
    body.add_argument("--chair", default="", help="for delegation: who leads it, in words")
    body.add_argument("--person", action="append", default=[], metavar="PERSON", help="for delegation: of our roster")
    body.add_argument("--other", action="append", default=[], metavar='"NAME; OFFICE"', help="for delegation")
    body.add_argument("--zone", default="", help="for days: our zone, as Asia/Shanghai; without it both are shown")
    body.add_argument("--holiday", action="append", default=[], metavar='"DATE NAME"', help="for days: repeat it")
    body.add_argument("--status", choices=("actual", "exercise", "test"), default="", help="default: the node's own")
