"""The commands about channels and people: who belongs, who may sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from parley.cli.command import command, data

ROLES: Final = ("principal", "duty-officer", "delegate", "interpreter", "recorder", "auditor", "administrator")


def add_channels(commands: object) -> None:
    """Add `channels`."""
    channels = command(commands, "channels", "organising:channels", "List channels, or change one.")
    channels.add_argument(
        "act",
        nargs="?",
        choices=("list", "propose", "agree", "decline", "withdraw", "suspend", "restore", "members"),
        default="list",
    )
    channels.add_argument("channel", nargs="?", metavar="CHANNEL")
    channels.add_argument("--title", default="")
    channels.add_argument("--purpose", default="")
    channels.add_argument("--reason", default="")
    channels.add_argument("--person", action="append", default=[], metavar="PERSON", help="for members")
    data(channels, person=True)


def add_people(commands: object) -> None:
    """Add `people`."""
    people = command(commands, "people", "organising:people", "List people; add, invite, or close an account.")
    people.add_argument(
        "act",
        nargs="?",
        choices=(
            "list",
            "add",
            "link",
            "token",
            "publish",
            "withdraw",
            "disable",
            "legal-name",
            "disclose",
            "forget-name",
        ),
        default="list",
    )
    people.add_argument("id", nargs="?", metavar="PERSON")
    people.add_argument("--name", default="", help="for add; for legal-name: the name by law")
    people.add_argument("--out", type=Path, metavar="FILE", help="with disclose: where the disclosure goes")
    people.add_argument("--channel", default="", metavar="CHANNEL", help="with list: both sides' people of a channel")
    people.add_argument("--role", action="append", choices=ROLES, help="default: duty-officer; may be repeated")
    people.add_argument("--office", default="")
    people.add_argument("--address", default="", help="form of address")
    people.add_argument("--language", action="append", default=[], metavar="TAG")
    people.add_argument("--private", action="store_true", help="do not list in the roster both sides hold")
    people.add_argument("--minutes", type=int, default=30, help="how long a link for a passkey stays good")
    people.add_argument("--lost", action="store_true", help="with link: remove all their passkeys first, end sessions")
    people.add_argument("--scope", action="append", default=[], help="what a token may do; may be repeated")
    people.add_argument("--days", type=int, default=90, help="how long a token stays good")
    data(people, person=True)
