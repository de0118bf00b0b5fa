"""`export`, `carry`, `backup`, `restore`: files that leave a node, and what comes back from them."""

from __future__ import annotations

from argparse import Namespace

from parley.cli.client import Client, message_path
from parley.cli.output import print_json
from parley.errors import Refused


def export(chosen: Namespace) -> int:
    """Write evidence of one message, or the whole record, to a file that is not there yet."""
    if (chosen.channel is None) != (chosen.subject is None):
        raise Refused("cli.usage", "evidence of a message needs both --channel and --subject")
    client = Client.of(chosen)
    path = "/record.parley"
    if chosen.subject is not None:
        path = message_path(chosen.channel, chosen.subject) + "/evidence"
    size = client.download(path, chosen.file)
    if chosen.json:
        print_json({"file": str(chosen.file), "bytes": size})
    else:
        print(f"{chosen.file}: {size} bytes. Anybody can verify it: parley check {chosen.file}")
    return 0


def carry(chosen: Namespace) -> int:
    """Write a file for the other side's node, or take theirs in; both while links are up or down."""
    client = Client.of(chosen)
    if chosen.act == "out":
        size = client.download("/carry", chosen.file)
        answer = {"file": str(chosen.file), "bytes": size}
        words = f"{chosen.file}: {size} bytes, sealed to the other side. There: parley carry in {chosen.file.name}"
    else:
        answer = client.upload("/carry", chosen.file)
        words = f"Taken in: {answer['frames']} frames of {answer['side']}, written {answer['at']}."
    if chosen.json:
        print_json(answer)
    else:
        print(words)
    return 0
