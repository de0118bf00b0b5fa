"""`watch`: who is there, the hand-over, the duty roster and roll-calls, from a terminal."""

from __future__ import annotations

import time
from argparse import Namespace
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client
from parley.cli.output import print_done, print_json, print_table, safe
from parley.errors import Refused

_POLL_S: Final = 0.2


def watch(chosen: Namespace) -> int:
    """Show the watch of every channel or of one, or change it."""
    client = Client.of(chosen)
    if chosen.act == "show":
        rows = client.get("/watch") if chosen.channel is None else [client.get(_path(chosen))]
        if chosen.json:
            print_json(rows)
        for row in [] if chosen.json else rows:
            _show(row)
        return 0
    if chosen.channel is None:
        raise Refused("cli.usage", f"watch {chosen.act}: of which channel?")
    if chosen.act == "roll":
        return _roll(client, chosen)
    answer = _change(client, chosen)
    return print_done(chosen, answer, f"{chosen.channel}: {chosen.act}, done.")


def _path(chosen: Namespace) -> str:
    return f"/channels/{quote(chosen.channel, safe='')}/watch"


def _change(client: Client, chosen: Namespace) -> Any:
    path, act = _path(chosen), chosen.act
    if act == "take":
        waiting = [one["id"] for one in client.get(path)["notes"] if not one["ours"]] if chosen.read else []
        return client.post(f"{path}/take", read=waiting, until=chosen.until)
    if act == "stay":
        return client.post(f"{path}/stay", until=chosen.until)
    if act == "leave":
        return client.post(f"{path}/leave")
    if act == "note":
        return client.post(f"{path}/notes", text=chosen.text)
    if act == "read":
        return client.post(f"{path}/notes/{quote(chosen.note, safe='')}/read")
    if act == "plan":
        return client.post(
            f"{path}/shifts", since=chosen.since, persons=chosen.person, hours=chosen.hours, times=chosen.times
        )
    if act == "unplan":
        client.delete(f"{path}/shifts/{quote(chosen.shift, safe='')}")
        return None
    if act == "every":
        return client.put(f"{path}/roll", minutes=chosen.minutes)
    asked = next((one for one in client.get(path)["rolls"] if not one["ours"] and one["rings"]), None)
    if asked is None:
        raise Refused("rolls.unknown", "no roll-call of theirs waits in this channel")
    return client.post(f"/watch/rolls/{asked['subject'].removeprefix('roll/')}/answer")


def _roll(client: Client, chosen: Namespace) -> int:
    """Ask, and wait until a person answered or the time has passed; exit code 3 for nobody."""
    sent = client.post(f"{_path(chosen)}/roll", seconds=chosen.wait)
    end = time.monotonic() + chosen.wait + 10
    row: dict[str, Any] = {"state": "open"}
    while row["state"] == "open" and time.monotonic() < end:
        time.sleep(_POLL_S)
        row = next(one for one in client.get(_path(chosen))["rolls"] if one["subject"] == sent["subject"])
    if chosen.json:
        print_json(row)
    elif row["state"] in ("answered", "late"):
        print(f"Answered by {safe(row['answered_by'])} at {row['answered_at']}.")
    else:
        print("Nobody has pressed the key.")
    return 0 if row["state"] in ("answered", "late") else 3


def _held(row: dict[str, Any]) -> str:
    there = {True: "somebody is there", False: "nobody is there", None: "not known"}[row["there"]]
    parts = [there + (f" since {row['since']}" if row["since"] else "")]
    if row["name"]:
        parts.append(("before that " if row["there"] is False else "") + safe(row["name"]))
    if row["handed_over_at"] and row["there"] is not False:
        parts.append(f"handed over {row['handed_over_at']}")
    return ", ".join(parts)


def _show(row: dict[str, Any]) -> None:
    print(f"{safe(row['title'])} ({row['channel']})")
    print(f"  theirs: {_held(row['theirs'])}")
    print(f"  ours:   {_held(row['ours'])}" + (f", until {row['until']}" if row["until"] else ""))
    if row["alarm"]:
        print(f"  ALARM: {row['alarm']}")
    if row["shifts"]:
        print_table(
            ("shift", "who", "from", "to"), ((s["id"], s["name"], s["since"], s["until"]) for s in row["shifts"])
        )
    for note in row["notes"]:
        print(f"  note {note['id']} of {safe(note['by_name'])}, {note['at']}: {safe(note['text'])}")
    for roll in row["rolls"]:
        who = "we asked" if roll["ours"] else "they asked"
        told = f"{roll['state']} {roll['answered_at'] or ''} {safe(roll['answered_by'])}".rstrip()
        print(f"  {who} {roll['at']}: {told}")
    print()
