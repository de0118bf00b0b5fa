"""`stop`: raise an emergency stop, or take, read back, confirm, correct and report one, from a terminal."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client, subject_path
from parley.cli.output import print_done, print_json, print_table, print_whole, safe
from parley.errors import Refused

# What each act needs of the command line, and the name of its field in the API's form.
_FIELDS: Final = {
    "take": None, "read-back": "text", "reach": "decider", "effect": "note",
    "not-possible": "reason", "withdraw": "reason", "clear": None,
}  # fmt: skip
_NEEDED: Final = ("read-back", "not-possible")


def stop(chosen: Namespace) -> int:
    """Raise a stop, list them, or say the next thing about one."""
    client = Client.of(chosen)
    if chosen.act in ("list", "drills"):
        return _list(client, chosen)
    if chosen.act == "raise":
        words = _words(chosen) | {"channel": chosen.channel, "status": chosen.status}
        sent = client.post("/stops", **words)
        where = f"parley stop show {sent['subject']} --channel {sent['channel']}"
        return print_done(chosen, sent, f"{sent['subject']} is on our disk since {sent['at']}. How it goes: {where}")
    path = _path(chosen)
    if chosen.act == "show":
        return print_whole(chosen, client.get(path), _show)
    if chosen.act == "correct":
        done = client.post(f"{path}/correct", **_words(chosen))
    elif chosen.act == "confirm":
        waits = next((one for one in client.get(path)["read_backs"] if one["waits"]), None)
        done = client.post(f"{path}/confirm", seen=waits["id"] if waits else "")
        if waits and not chosen.json:
            print(f"Confirmed is what was read back: {safe(waits['text'])}")
    else:
        field = _FIELDS[chosen.act]
        if chosen.act in _NEEDED and not chosen.text:
            raise Refused("cli.usage", f"stop {chosen.act}: --text is needed")
        done = client.post(f"{path}/{chosen.act}", **({field: chosen.text} if field else {}))
    return print_done(
        chosen, done, f"{chosen.subject}: {chosen.act}, on our disk since {done['at']}." if done else "Done."
    )


def _words(chosen: Namespace) -> dict[str, str]:
    if not chosen.what or not chosen.where:
        raise Refused("cli.usage", f"stop {chosen.act}: --what and --where are needed")
    return {"what": chosen.what, "where": chosen.where, "since": chosen.since}


def _path(chosen: Namespace) -> str:
    return f"/channels/{quote(chosen.channel, safe='')}/stops/{subject_path('stop', chosen.subject)}"


def _list(client: Client, chosen: Namespace) -> int:
    rows = client.get("/stops/drills" if chosen.act == "drills" else "/stops")
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("stop", "channel", "raised", "by", "state", "overdue", "what", "where"),
        ((r["subject"], r["channel"], r["at"], r["person_name"], _mark(r) + r["state"], r["overdue"] or "-",
          r["what"][:40], r["where"][:40]) for r in rows),
    )  # fmt: skip
    return 0


def _mark(row: dict[str, Any]) -> str:
    return "" if row["status"] == "actual" else f"[{row['status'].upper()}] "


def _show(row: dict[str, Any]) -> None:
    print(safe(f"{_mark(row)}STOP {row['state']} · {row['person_name']} · {row['at']} · {row['subject']}"))
    for name in ("what", "where", "since"):
        print(f"  {name}: {safe(row[name]) or '-'}")
    for name in ("taken", "reached", "confirmed", "effected", "not_possible", "withdrawn"):
        said = row[name]
        if said:
            print(safe(f"  {name.replace('_', ' ')}: {said['at']} {said['name']} {said['text']}"))
    for each in row["read_backs"]:
        mark = " (of earlier words)" if each["earlier"] else " (waits)" if each["waits"] else ""
        print(safe(f"  read back: {each['at']} {each['name']}: {each['text']}{mark}"))
    print_table(
        ("step", "due", "done", "took", ""),
        ((s["step"], s["due"], s["done_at"] or "-", "-" if s["took_ms"] is None else f"{s['took_ms'] / 1000:.1f} s",
          "OVERDUE" if s["overdue"] else "late" if s["late"] else "") for s in row["steps"]),
    )  # fmt: skip
