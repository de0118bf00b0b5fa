"""The commands that keep the record: backups, hand-carried files, evidence, frozen logs."""

from __future__ import annotations

from pathlib import Path

from parley.cli.command import command, data, passphrase


def add_keeping(commands: object) -> None:
    """Add `backup`, `restore`, `carry` and `bundle`."""
    backup = command(commands, "backup", "keeping:backup", "Write everything of this node to one sealed file.")
    backup.add_argument("dir", type=Path, metavar="DIR")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--keys-only", action="store_true", help="only the keys, settings and cards")
    passphrase(backup, "the backup")
    restore = command(commands, "restore", "keeping:restore", "Set up a data folder from a backup.")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("dir", type=Path, metavar="DIR")
    passphrase(restore, "the backup")
    carry = command(commands, "carry", "keeping:carry", "Carry the record by hand when no link is up.")
    carry.add_argument("act", choices=("out", "in"))
    carry.add_argument("file", type=Path, metavar="FILE")
    carry.add_argument("--whole", action="store_true", help="of out: everything, for a side that has lost its disk")
    data(carry, person=True)
    bundle = command(commands, "bundle", "bundle:bundle", "Make a folder that installs a node without a network.")
    bundle.add_argument("out", type=Path, metavar="DIR")
    bundle.add_argument("--wheel", type=Path, help="wheel of parley-line (default: build it from this checkout)")


def add_record(commands: object) -> None:
    """Add `export`, `forks` and `epochs`."""
    export = command(
        commands, "export", "keeping:export", "Write evidence of a message or an incident, or the whole record."
    )
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--channel", metavar="CHANNEL")
    export.add_argument("--subject", metavar="SUBJECT", help="without it: the whole record")
    export.add_argument("--fork", metavar="ID", help="the proof that a log was signed twice; IDs: parley forks")
    data(export, person=True)
    forks = command(commands, "forks", "keeping:forks", "List logs of which the other side signed two histories.")
    data(forks, person=True)
    epochs = command(
        commands,
        "epochs",
        "keeping:epochs",
        "List logs frozen by a fork, and go on with them.",
    )
    epochs.add_argument("act", nargs="?", default="list", choices=("list", "end", "renew"))
    epochs.add_argument("log", nargs="?", metavar="LOG", help="leaders/south/0, as `list` shows it")
    data(epochs, person=True)
