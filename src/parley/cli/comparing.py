"""`readout suggestions, mark, pair, compare …`: accounts side by side from a terminal; `positions`: the register."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client
from parley.cli.output import print_done, print_json, safe
from parley.errors import Refused

BOARD: Final = ("accounts", "suggestions", "mark", "unmark", "pair", "confirm", "compare")


def board(client: Client, chosen: Namespace, path: str) -> int:
    """Do one act about the accounts of a meeting: look, confirm a statement, pair two, confirm ours in the record."""
    act = chosen.act
    if act == "compare" and chosen.out is not None:
        print(f"{chosen.out}: {client.download(f'{path}/comparison.csv', chosen.out)} bytes")
        return 0
    if act in ("accounts", "suggestions", "compare"):
        asked = {"accounts": "accounts", "suggestions": f"accounts/{_account(chosen)}/suggestions"}
        found = client.get(f"{path}/{asked.get(act, 'comparison')}")
        return _shown(chosen, found)
    told: dict[str, Any] = {}
    if act == "mark":
        names = ("words", "who", "verb", "whom", "through", "topic", "manner")
        told, where = {name: getattr(chosen, name) for name in names}, f"accounts/{_account(chosen)}/statements"
    elif act == "unmark":
        told, where = {"place": chosen.place}, f"accounts/{_account(chosen)}/statements/remove"
    elif act == "pair":
        told, where = {"first": chosen.first, "second": chosen.second, "verdict": chosen.verdict}, "pairs"
    else:
        where = "confirm"
    sent = client.post(f"{path}/{where}", **told)
    since = f", on our disk since {sent['at']}" if sent else ", kept here"
    return print_done(chosen, sent, f"{chosen.subject}: {act}{since}.")


def _account(chosen: Namespace) -> str:
    if not chosen.account and chosen.act in ("suggestions", "mark", "unmark"):
        raise Refused("cli.usage", f"readout {chosen.act}: --account is needed, as `readout accounts` gives it")
    return quote(chosen.account, safe="")


def _shown(chosen: Namespace, found: Any) -> int:
    if chosen.json:
        print_json(found)
    elif chosen.act == "accounts":
        for one in found:
            print(safe(f"{one['id']} · {one['name']} · {one['language']}, {len(one['statements'])} statements"))
            for told in one["statements"]:
                place = f"{told['words_start']}-{told['words_end']}"
                words = one["text"][told["words_start"] : told["words_end"]]
                print(
                    safe(f"  {one['id']}:{place} [{told['topic'] or '-'}] {told['who'] or '-'} {told['verb']}: {words}")
                )
    elif chosen.act == "suggestions":
        for one in found:
            told = one["statement"]
            source = f" (through {told['through']})" if told["through"] else ""
            print(
                safe(f"{one['level']} ({one['ground']}): {told['who'] or '?'} {told['verb']}{source}: {one['words']}")
            )
    else:
        for row in found["rows"]:
            report = f", a report {row['report']}" if row["report"] else ""
            said = f"{row['source']}: {row['who']} {row['verb']}: {row['words']}"
            print(safe(f"[{row['topic'] or '-'}] {row['verdict']}{report} · {said}"))
    return 0


def positions(chosen: Namespace) -> int:
    """Print what each side has said, by topic, in order of time; note words of an entry, or take a note back."""
    client = Client.of(chosen)
    if chosen.act == "list":
        found = client.get("/positions", topic=chosen.topic)
        if chosen.json:
            print_json(found)
        for topic in [] if chosen.json else found:
            print(safe(topic["topic"]))
            for row in topic["rows"]:
                _show_position(row)
        return 0
    if chosen.act == "note":
        log, _, number = chosen.entry.replace(" ", "/").rpartition("/")
        if not (number.isascii() and number.isdigit()):
            raise Refused("cli.usage", "positions note: --entry is needed, as `search` gives it: LOG/NUMBER")
        client.post("/positions", log=log, number=int(number), topic=chosen.topic, words=chosen.words)
    else:
        client.post("/positions/remove", name=chosen.name)
    return print_done(chosen, None, "The register is changed.")


def _show_position(row: dict[str, Any]) -> None:
    marks = (" CONTESTED" if row["contested"] else "") + (f" note {row['note']}" if row["note"] else "")
    changed = "; ".join(kind for kind, _, _ in row["changed"])
    said = f"{row['side_name']}, {row['who'] or '-'} ({row['origin']}){marks}: {row['words']}"
    print(safe(f"  {row['at'][:10]} {said}" + (f" [changed: {changed}]" if changed else "")))
