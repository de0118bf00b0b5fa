"""The commands about calls' recordings and emergency stops."""

from __future__ import annotations

from parley.cli.command import STATUSES, command, data


def add_stops(commands: object) -> None:
    """Add `recording` and `stop`."""
    recording = command(commands, "recording", "recording:recording", "List a call's recordings; delete our copy.")
    recording.add_argument("act", choices=("list", "delete"))
    recording.add_argument("subject", metavar="CALL", help="call/north/0/41, as the record names it")
    recording.add_argument("--channel", required=True, metavar="CHANNEL")
    recording.add_argument("--number", type=int, default=0, metavar="N", help="which of the call's recordings, from 1")
    recording.add_argument("--yes", action="store_true", help="delete: it cannot be had back")
    data(recording, person=True)
    stop = command(commands, "stop", "stopping:stop", "Raise an emergency stop, or say the next thing about one.")
    stop.add_argument(
        "act",
        choices=(
            *("raise", "list", "drills", "show", "take", "read-back", "confirm", "correct", "reach", "effect"),
            *("not-possible", "withdraw", "clear"),
        ),
    )
    stop.add_argument("subject", nargs="?", metavar="SUBJECT", help="stop/south/0/4, as `list` shows it")
    stop.add_argument("--what", default="", help="what must stop")
    stop.add_argument("--where", default="", help="where")
    stop.add_argument("--since", default="", metavar="MOMENT", help="since when, as 2026-11-23T10:00:00.000Z")
    stop.add_argument("--text", default="", help="the read-back, the reason, a note, or who decides")
    stop.add_argument("--channel", default="line", help="where it stands (default: line, every desk on watch)")
    stop.add_argument("--status", choices=STATUSES, default="", help="exercise for a drill; default: the node's own")
    data(stop, person=True)
