"""The commands about incidents, and about the names on our own charts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from parley.cli.command import STATUSES, command, data

# What may be said about an incident in words alone (cli/incidenting.py, api/incident_routes.py).
_INCIDENT_ACTS: Final = (
    *(
        "no-knowledge",
        "ask",
        "answer",
        "ask-meeting",
        "answer-meeting",
        "state",
        "take-back",
        "stand",
        "freeze",
        "sign",
    ),
    *("propose-closing", "close", "close-alone", "reopen", "join", "propose-join", "propose-offset", "agree-offset"),
)


def add_incidents(commands: object) -> None:
    """Add `incidents`."""
    found = command(
        commands, "incidents", "incidenting:incidents", "List incidents, report one, or say the next of one."
    )
    acts = ("list", "unseen", "show", "report", "check", "seen", "account", "evidence", "year", *_INCIDENT_ACTS)
    found.add_argument("act", choices=acts)
    found.add_argument(
        "subject",
        nargs="?",
        metavar="SUBJECT",
        help="incident/south/0/4, as `list` shows it; for year: which (default: this one)",
    )
    found.add_argument("--channel", default="line", help="where it stands (default: line)")
    found.add_argument("--which", choices=("open", "waits", "overdue", "all"), default="open", help="for list")
    found.add_argument("--what", default="", help="what happened")
    found.add_argument("--place", default="", help="54.6251 12.5172 or 54°37.5'N 012°31.0'E")
    found.add_argument("--time", default="", metavar="MOMENT", help="when, in UTC: 2026-11-23 09:14 (default: now)")
    found.add_argument("--commitment", default="", help="that it cites: CHANNEL commitment/SIDE/EPOCH/NUMBER")
    found.add_argument("--closest", default="", metavar="METRES", help="closest approach")
    found.add_argument("--file", type=Path, help="a report as JSON; see docs/api.md")
    found.add_argument("--attach", type=Path, action="append", metavar="FILE", help="evidence; may stand several times")
    found.add_argument("--source", default="", help="where the evidence comes from")
    found.add_argument("--taken", default="", metavar="MOMENT", help="when the evidence was taken, in UTC")
    found.add_argument(
        "--error", action="append", metavar="NAME=NUMBER",
        help="how exact a file of tracks is: position_m, vertical_m or clock_s; may stand several times",
    )  # fmt: skip
    found.add_argument("--keep-hidden", action="store_true", help="let place, device and words in a file cross too")
    found.add_argument("--as-it-is", action="store_true", help="let a file cross that cannot be looked into")
    found.add_argument("--stage", choices=("first", "full"), default="full", help="for account")
    found.add_argument("--text", default="", help="the question, answer, sentence, reasons or note")
    found.add_argument("--entry", default="", help="what is answered, as `show` gives it: leaders/north/0|12")
    found.add_argument("--stand", choices=("agreed", "disputed", "law-disputed"), default="", help="for stand")
    found.add_argument("--other", default="", metavar="SUBJECT", help="the other report, for propose-join")
    found.add_argument(
        "--ours", default="", metavar="ROOT", help="of propose-offset: our file, as `show --json` gives it"
    )
    found.add_argument("--theirs", default="", metavar="ROOT", help="of propose-offset: their file")
    found.add_argument("--seconds", default="", help="of propose-offset: by which theirs is ahead of ours")
    found.add_argument("--accepted", action="store_true", help="for answer-meeting")
    found.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    data(found, person=True)


def add_places(commands: object) -> None:
    """Add `places`."""
    found = command(commands, "places", "placing:places", "Load names of places for our own charts, or list them.")
    found.add_argument("file", nargs="?", type=Path, metavar="FILE", help="GeoJSON: Points with a property name each")
    found.add_argument("--clear", action="store_true", help="take all names away")
    data(found, person=True)
