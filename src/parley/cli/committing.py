"""`commitment`: the register, one commitment, and what may be said about one, from a terminal."""

from __future__ import annotations

from argparse import Namespace
from typing import Any
from urllib.parse import quote, urlencode

from parley.cli.client import Client, subject_path
from parley.cli.output import print_done, print_json, print_table, print_whole, safe
from parley.errors import Refused


def commitment(chosen: Namespace) -> int:
    """List commitments, show one, make one, or say the next thing about one."""
    client, act = Client.of(chosen), chosen.act
    if act in ("list", "reminders"):
        found = client.get("/commitments/reminders") if act == "reminders" else _register(client, chosen)
        return _list(chosen, found)
    if act == "csv":
        if chosen.out is None:
            raise Refused("cli.usage", "commitment csv: --out is needed")
        path = "/commitments.csv?" + urlencode({"which": chosen.which, "channel": chosen.channel})
        print(f"{chosen.out}: {client.download(path, chosen.out)} bytes")
        return 0
    if act in ("propose", "promise"):
        return _told(chosen, client.post(_room(chosen), **_made(chosen)))
    path = _path(chosen)
    if act == "show":
        return print_whole(chosen, client.get(path), _show)
    if act == "view":
        evidence = [{"text": words} for words in chosen.evidence]
        sent = client.post(
            f"{path}/view", state=chosen.state, as_of=chosen.as_of, note=chosen.note, evidence=evidence,
            entries=chosen.entry, files=[client.attach(one) for one in chosen.file],
        )  # fmt: skip
    elif act == "agree":
        sent = client.post(f"{path}/agree")
    else:
        sent = client.post(f"{path}/{act}", reason=chosen.reason)
    return _told(chosen, sent)


def _register(client: Client, chosen: Namespace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/commitments", which=chosen.which, channel=chosen.channel)["rows"]
    return rows


def _made(chosen: Namespace) -> dict[str, Any]:
    names = ("what", "who", "due", "seen", "source", "part", "words", "status")
    return {name: getattr(chosen, name) for name in names} | {"alone": chosen.act == "promise"}


def _room(chosen: Namespace) -> str:
    if not chosen.channel:
        raise Refused("cli.usage", f"commitment {chosen.act}: --channel is needed")
    return f"/channels/{quote(chosen.channel, safe='')}/commitments"


def _path(chosen: Namespace) -> str:
    return f"{_room(chosen)}/{subject_path('commitment', chosen.subject)}"


def _told(chosen: Namespace, answer: Any) -> int:
    return print_done(chosen, answer, f"{answer['subject']}: on our disk since {answer['at']}.")


def _list(chosen: Namespace, rows: list[dict[str, Any]]) -> int:
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("commitment", "channel", "due", "", "state", "ours", "theirs", "who", "what"),
        ((r["subject"], r["channel"], r["due"][:10] or "-", _marks(r), r["state"], r["our_view"] or "-",
          r["their_view"] or "-", ", ".join(name for name, _ in r["who"]), r["what"][:50]) for r in rows),
    )  # fmt: skip
    return 0


def _marks(row: dict[str, Any]) -> str:
    marks = [row["clock"].upper()] if row["clock"] else []
    marks += ["DISPUTED"] if row["disputed"] else []
    return " ".join(marks + ([] if row["status"] == "actual" else [f"[{row['status'].upper()}]"]))


def _show(whole: dict[str, Any]) -> None:
    row, source = whole["row"], whole["source"]
    print(safe(f"{row['state']} · {row['subject']} · due {row['due'] or '-'} {_marks(row)}"))
    print(safe(f"  who: {', '.join(name for name, _ in row['who'])}\n  what: {row['what']}\n  seen: {whole['seen']}"))
    if source["ref"]:
        at = f"{source['ref']['log']} {source['ref']['number']}"
        print(safe(f'  from {source["kind"]} {at}, {source["place"]}: "{source["words"]}" ({source["stands"]})'))
    for one in whole["history"]:
        whose = "our view" if one["ours"] else "their view"
        print(safe(f"  {whose} as of {one['as_of'][:10]}, {one['person_name']}: {one['state']} {one['note']}"))
        for words, root, _ in one["evidence"]:
            print(safe(f"    {words} {root[:16]}"))
