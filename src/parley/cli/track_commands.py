"""The words and options of `tracks`; what it does is in tracking.py, which is loaded when it runs."""

from __future__ import annotations

import argparse
from argparse import Namespace
from pathlib import Path
from typing import Final

WORDS: Final = "Read one or two files of tracks and say how near two ships or aircraft came. Needs no node."


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("file", type=Path, metavar="FILE", help="AIS, SBS, CSV, GeoJSON or GPX, told by its content")
    command.add_argument("other", type=Path, nargs="?", metavar="FILE", help="the other account, or the other ship")
    command.add_argument(
        "--of", action="append", default=[], metavar="ID", help="this ship alone: number or name; repeat it"
    )
    command.add_argument(
        "--from", dest="since", default="", metavar="MOMENT", help="not before, such as 2026-11-23T10:00Z"
    )
    command.add_argument("--to", dest="until", default="", metavar="MOMENT", help="not after")
    command.add_argument("--at", default="", metavar="MOMENT", help="CPA and TCPA at this moment too")
    twice = "; once for both files, or once for each in turn"
    command.add_argument(
        "--kind", action="append", default=[], help=f"surface, aircraft, submarine, land, other{twice}"
    )
    command.add_argument("--source", action="append", default=[], help=f"who says so{twice}")
    for name, words in (
        ("position-m", "radius that holds the truth in 95 of 100 cases, metres"),
        ("vertical-m", "the same for height, metres"),
        ("clock-s", "the same for the clock, seconds"),
    ):
        command.add_argument(f"--{name}", action="append", default=[], metavar="NUMBER", help=words + twice)


def tracks(chosen: Namespace) -> int:
    """Say how near two came."""
    from parley.cli.tracking import run

    return run(chosen)
