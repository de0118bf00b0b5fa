"""`readout`: ask for both readouts of a meeting, draft and seal ours, see both; `search`: find words in the record."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from parley.cli.client import Client, subject_path
from parley.cli.comparing import BOARD, board
from parley.cli.output import print_done, print_json, print_table, print_whole, safe
from parley.cli.reading import read_text
from parley.errors import Refused


def readout(chosen: Namespace) -> int:
    """List readouts, show one meeting's, or do the next thing about them."""
    client = Client.of(chosen)
    if chosen.act == "list":
        return _list(client, chosen)
    if chosen.act == "ask":
        path = f"/channels/{quote(chosen.channel, safe='')}/readouts"
        words = {"title": chosen.title, "date": chosen.date, "meeting": chosen.meeting, "open_at": chosen.open_at}
        sent = client.post(path, **words, status=chosen.status)
        return print_done(chosen, sent, f"{sent['subject']} is on our disk since {sent['at']}.")
    path = _path(chosen)
    if chosen.act == "show":
        return print_whole(chosen, client.get(path), _show)
    if chosen.act == "draft":
        found = client.put(f"{path}/draft", text=_text(chosen), language=chosen.language)
        return print_done(chosen, found, _warned(found))
    if chosen.act in BOARD:
        return board(client, chosen, path)
    if chosen.act == "contest":
        done = client.post(f"{path}/contest", statement=chosen.statement, reason=chosen.reason)
    elif chosen.act in ("press", "report"):
        told = {"source": chosen.source, "date": chosen.date, "address": chosen.address, "language": chosen.language}
        where = "reports" if chosen.act == "report" else "press"
        done = client.post(f"{path}/{where}", text=_text(chosen), **told)
    else:
        done = client.post(f"{path}/{chosen.act}")
    since = f", on our disk since {done['at']}" if done else ", kept here"
    return print_done(chosen, done, f"{chosen.subject}: {chosen.act}{since}.")


def _text(chosen: Namespace) -> str:
    if chosen.file is None:
        raise Refused("cli.usage", f"readout {chosen.act}: --file is needed")
    return read_text(Path(chosen.file))


def _path(chosen: Namespace) -> str:
    return f"/channels/{quote(chosen.channel, safe='')}/readouts/{subject_path('readout', chosen.subject)}"


def _warned(found: list[dict[str, Any]]) -> str:
    lines = [
        f"  {one['code']}: the record has {one['record']}, the draft {one['draft'] or 'does not say'}" for one in found
    ]
    return safe("\n".join(["The draft is kept.", *lines]))


def _list(client: Client, chosen: Namespace) -> int:
    rows = client.get("/readouts")
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("readouts", "channel", "meeting", "date", "state", "status"),
        ((r["subject"], r["channel"], r["title"][:50], r["date"], r["state"], r["status"]) for r in rows),
    )
    return 0


def _show(row: dict[str, Any]) -> None:
    print(safe(f"{row['title']} · {row['date']} · {row['state']} · {row['status']}"))
    for one in row["accounts"]:
        marks = [name for name in ("after", "alone", "signed") if one[name]]
        print(safe(f"\n{one['side_name']}: {one['state']} {one['sealed_at'] or ''} {' '.join(marks)}".rstrip()))
        if one["digest"]:
            print(f"  digest {one['digest']}")
        if one["text"]:
            print(safe(one["text"]))
        for each in one["statements"]:
            told = each["statement"]
            contested = " CONTESTED" if each["contests"] else ""
            print(
                safe(
                    f"  {each['number']}. {told['who'] or one['side_name']} {told['verb']}: {each['words']}{contested}"
                )
            )
        for kind, reason in one["refused"]:
            print(safe(f"  NOT VALID {kind}: {reason}"))
    draft = row["draft"]
    if draft and draft["text"]:
        print(safe(f"\nOur draft, of {draft['changed_at']} by {draft['changed_by']}:\n{draft['text']}"))
        print(_warned(draft["warnings"]))


def search(chosen: Namespace) -> int:
    """Search the record for words, in any language of the line."""
    query = {"q": " ".join(chosen.words), "since": chosen.since, "until": chosen.until, "side": chosen.side}
    rows = Client.of(chosen).get("/search", **query)
    if chosen.json:
        print_json(rows)
        return 0
    for row in rows:
        mark = "" if row["status"] == "actual" else f"[{row['status'].upper()}] "
        print(
            safe(f"{row['at']} {row['side_name']} {mark}{row['kind']} {row['log']}/{row['number']}: {row['excerpt']}")
        )
    if not rows:
        print("Nothing was found.")
    return 0
