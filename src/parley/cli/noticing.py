"""`notices` and `rulebook`: give and read notices, adopt documents, send signals, from a terminal."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client, subject_path
from parley.cli.output import print_done, print_json, print_table, print_whole, safe
from parley.cli.reading import read_text
from parley.errors import Refused

_FIELDS: Final = (
    "what", "title", "since", "until", "area", "low", "high", "forces", "contact", "book", "basis", "text", "status",
    "commitment",
)  # fmt: skip


def notices(chosen: Namespace) -> int:
    """List notices, show one, give one, or say the next thing about one."""
    client, act = Client.of(chosen), chosen.act
    if act == "list":
        rows = client.get("/notices", since=chosen.since, until=chosen.until)
        return _list(chosen, rows["notices"])
    if act == "in-force":
        return _list(chosen, client.get("/notices/in-force", at=chosen.since))
    if act in ("calendar", "cap", "geojson"):
        return _file(client, chosen)
    if act in ("give", "check"):
        path = f"/channels/{quote(chosen.channel, safe='')}/notices"
        words = {name: getattr(chosen, name) for name in _FIELDS}
        answer = client.post(path if act == "give" else f"{path}/check", **words)
        if chosen.json or act == "check":
            print_json(answer)
        else:
            print(f"{answer['subject']} is on our disk since {answer['at']}.")
        return 0
    path = _path(chosen, "notice", f"/channels/{quote(chosen.channel, safe='')}/notices")
    if act == "show":
        return print_whole(chosen, client.get(path), _show)
    given: dict[str, Any] = {"acknowledge": {"note": chosen.reason}, "end": {"note": chosen.reason}}.get(
        act, {"reason": chosen.reason}
    )
    if act == "extend":
        given["until"] = chosen.until
    if act == "amend":
        given |= {name: getattr(chosen, name) for name in _FIELDS}
    return _told(chosen, client.post(f"{path}/{act}", **given))


def rulebook(chosen: Namespace) -> int:
    """List documents, articles or signals; propose, adopt, decline, withdraw or end one; send a signal."""
    client, act = Client.of(chosen), chosen.act
    if act == "list":
        rows = client.get("/rulebook")
        if chosen.json:
            print_json(rows)
            return 0
        print_table(
            ("document", "version", "state", "in force", "subject", "title"),
            ((r["id"], r["version"], r["state"], "yes" if r["in_force"] else "-", r["subject"],
              next(iter(r["title"].values()))) for r in rows),
        )  # fmt: skip
        return 0
    if act in ("articles", "signals"):
        print_json(client.get(f"/rulebook/{act}"))
        return 0
    if act == "example":
        print(client.get(f"/rulebook/examples/{quote(chosen.subject or '', safe='')}")["document"], end="")
        return 0
    if act == "propose":
        return _told(chosen, client.post("/rulebook", document=_text(chosen.subject), status=chosen.status))
    if act == "send":
        where = f"/channels/{quote(chosen.channel, safe='')}/signals"
        return _told(chosen, client.post(where, code=chosen.subject or "", status=chosen.status))
    path = _path(chosen, "rulebook", "/rulebook")
    if act == "show":
        print_json(client.get(path))
        return 0
    return _told(chosen, client.post(f"{path}/{act}", **({} if act == "adopt" else {"reason": chosen.reason})))


def _path(chosen: Namespace, room: str, under: str) -> str:
    return f"{under}/{subject_path(room, chosen.subject)}"


def _told(chosen: Namespace, answer: Any) -> int:
    return print_done(chosen, answer, f"{answer['subject']}: on our disk since {answer['at']}.")


def _file(client: Client, chosen: Namespace) -> int:
    if chosen.out is None:
        raise Refused("cli.usage", f"notices {chosen.act}: --out is needed")
    path = {"calendar": "/notices.ics", "geojson": "/notices.geojson"}.get(chosen.act)
    if path is None:
        path = _path(chosen, "notice", f"/channels/{quote(chosen.channel, safe='')}/notices") + "/cap"
    print(f"{chosen.out}: {client.download(path, chosen.out)} bytes")
    return 0


def _text(path: str | None) -> str:
    return read_text(Path(path or "-"))


def _list(chosen: Namespace, rows: list[dict[str, Any]]) -> int:
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("notice", "channel", "number", "kind", "from", "to", "state", "", "title"),
        ((r["subject"], r["channel"], r["number"], r["what"], r["since"], r["until"],
          ("" if r["status"] == "actual" else f"[{r['status'].upper()}] ") + r["state"], _marks(r), r["title"][:40])
         for r in rows),
    )  # fmt: skip
    return 0


def _marks(row: dict[str, Any]) -> str:
    found = ["LATE"] if row["lead"] and row["lead"]["late"] else []
    found += [f"OVERLAPS {len(row['overlaps'])}"] if row["overlaps"] else []
    return " ".join(found + (["in force"] if row["in_force"] else []))


def _show(row: dict[str, Any]) -> None:
    print(safe(f"{row['number']} {row['what']} · {row['title']} · {row['state']} · {row['subject']} {_marks(row)}"))
    for name in ("since", "until", "area_text", "low_m", "high_m", "forces", "contact", "basis", "text"):
        if row[name] not in ("", None):
            print(safe(f"  {name}: {row[name]}"))
    for form in row["forms"]:
        after = f"follows form {form['form'] - 1}" if form["follows"] else "the first"
        print(safe(f"  form {form['form']} ({after}): {form['kind']} {form['at']} {form['name']} {form['reason']}"))
    for other in row["overlaps"]:
        print(safe(f"  overlaps {other['subject']} {other['title']} from {other['since']} to {other['until']}"))
