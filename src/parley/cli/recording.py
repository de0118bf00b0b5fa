"""`recording`: what was recorded of a call, and deleting what our node keeps of it."""

from __future__ import annotations

from argparse import Namespace
from urllib.parse import quote

from parley.cli.client import Client, subject_path
from parley.cli.output import print_done, print_json, print_table
from parley.errors import Refused


def recording(chosen: Namespace) -> int:
    """List the recordings of a call, or delete our copy of one."""
    client = Client.of(chosen)
    path = f"/channels/{quote(chosen.channel, safe='')}/calls/{subject_path('call', chosen.subject)}/recordings"
    if chosen.act == "list":
        rows = client.get(path)
        if chosen.json:
            print_json(rows)
        else:
            print_table(
                ("number", "state", "asked by", "kept by", "our copy deleted"),
                ((str(r["number"]), r["state"], r["asked_by"],
                  " ".join("us" if kept["ours"] else "them" for kept in r["kept"]) or "-", r["deleted_at"] or "-")
                 for r in rows),
            )  # fmt: skip
        return 0
    if not chosen.number:
        raise Refused("cli.usage", "recording delete: which one? Give --number, as `list` shows it")
    if not chosen.yes:
        raise Refused("cli.usage", "recording delete: our copy cannot be had back; give --yes if that is meant")
    done = client.post(f"{path}/{chosen.number}/delete")
    return print_done(chosen, done, f"Our copy is deleted. Its root stays in the record: {done['root']}")
