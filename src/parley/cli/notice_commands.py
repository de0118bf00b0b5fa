"""The commands about notices, and about the rulebook they cite."""

from __future__ import annotations

from pathlib import Path

from parley.cli.command import STATUSES, command, data


def add_notices(commands: object) -> None:
    """Add `notices` and `rulebook`."""
    notices = command(commands, "notices", "noticing:notices", "List notices, give one, or say the next thing of one.")
    notices.add_argument(
        "act",
        choices=(
            *("list", "in-force", "show", "give", "check", "amend", "extend", "cancel", "end", "acknowledge"),
            *("calendar", "geojson", "cap"),
        ),
    )
    notices.add_argument("subject", nargs="?", metavar="SUBJECT", help="notice/south/0/4, as `list` shows it")
    notices.add_argument("--channel", default="military")
    notices.add_argument("--what", default="exercise", help="kind: exercise, live-firing, launch, closure, …")
    notices.add_argument("--title", default="")
    notices.add_argument("--since", default="", metavar="MOMENT", help="2026-11-23T10:00Z; for in-force, the moment")
    notices.add_argument("--until", default="", metavar="MOMENT")
    notices.add_argument("--area", default="", help="WITHIN 5 NM OF 54-30.0N 010-15.5E, a list of positions, GeoJSON")
    for name, words in (
        ("low", "300 m, 5000 ft, FL200, -50 m, SFC"), ("high", "likewise"), ("forces", "which, in words"),
        ("contact", "whom to ask"), ("book", "document/version/article, as `rulebook articles` shows it"),
        ("basis", "the legal basis in words"), ("text", "remarks"), ("reason", "why, or a note"),
        ("commitment", "that it cites: CHANNEL commitment/SIDE/EPOCH/NUMBER"),
    ):  # fmt: skip
        notices.add_argument(f"--{name}", default="", help=words)
    notices.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    notices.add_argument("--out", type=Path, metavar="FILE", help="for calendar, geojson and cap")
    data(notices, person=True)
    book = command(commands, "rulebook", "noticing:rulebook", "List documents and signals; propose, adopt or send one.")
    book.add_argument(
        "act",
        choices=(
            *("list", "show", "articles", "signals", "example", "propose", "adopt", "decline", "withdraw", "end"),
            "send",
        ),
    )
    book.add_argument("subject", nargs="?", metavar="SUBJECT", help="rulebook/south/0/4; a file, an example, a code")
    book.add_argument("--reason", default="")
    book.add_argument("--channel", default="military", help="for send")
    book.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    data(book, person=True)
