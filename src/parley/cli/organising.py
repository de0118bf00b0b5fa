"""`channels` and `people`: what is open on the line, and who may work here."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client, data_folder, write_secret
from parley.cli.output import print_done, print_json, print_table
from parley.errors import Refused

# What a token of the terminal may do unless --scope says less: all that its person may.
ALL_SCOPES: Final = ("all",)


def channels(chosen: Namespace) -> int:
    """List channels or change one."""
    client = Client.of(chosen)
    if chosen.act == "list":
        rows = client.get("/channels")
        if chosen.json:
            print_json(rows)
        else:
            print_table(
                ("channel", "title", "state", "waiting", "overdue", "last entry"),
                ((r["id"], r["title"], r["state"], r["waiting"], r["overdue"], r["last_at"] or "-") for r in rows),
            )
        return 0
    if chosen.channel is None:
        raise Refused("cli.usage", f"channels {chosen.act}: which channel?")
    path = f"/channels/{quote(chosen.channel, safe='')}"
    if chosen.act == "propose":
        title = chosen.title or chosen.channel
        done = client.post("/channels", channel=chosen.channel, title=title, purpose=chosen.purpose)
    elif chosen.act in ("decline", "withdraw", "suspend"):
        if not chosen.reason:
            raise Refused("cli.usage", f"channels {chosen.act}: --reason is needed")
        done = client.post(f"{path}/{chosen.act}", reason=chosen.reason)
    elif chosen.act == "members":
        done = client.put(f"{path}/members", persons=chosen.person)
    else:
        done = client.post(f"{path}/{chosen.act}")
    print_done(chosen, done, f"{chosen.channel}: {chosen.act}, on our disk since {done['at']}.")
    return 0


def people(chosen: Namespace) -> int:
    """List people or change one account."""
    client = Client.of(chosen)
    if chosen.act == "list" and chosen.channel:
        return _channel_people(chosen, client)
    if chosen.act == "list":
        rows = client.get("/people")
        if chosen.json:
            print_json(rows)
        else:
            print_table(
                ("person", "side", "name", "office", "role", "account"),
                ((r["id"], r["side"], r["name"], r["office"], " ".join(r["roles"]), r["account"] or "-") for r in rows),
            )
        return 0
    if chosen.id is None:
        raise Refused("cli.usage", f"people {chosen.act}: who?")
    path = f"/people/{quote(chosen.id, safe='')}"
    if chosen.act == "add":
        return _add(chosen, client)
    if chosen.act == "link":
        link = client.post(f"{path}/enrol", minutes=chosen.minutes, lost=chosen.lost)
        print_done(
            chosen, link, f"To make a passkey with, once, until {link['expires_at']}: {client.desk}{link['path']}"
        )
    elif chosen.act == "token":
        made = client.post(f"{path}/tokens", scopes=chosen.scope or list(ALL_SCOPES), days=chosen.days)
        file = data_folder(chosen) / "tokens" / chosen.id
        write_secret(file, made["token"] + "\n")
        print_done(chosen, {"id": made["id"], "file": str(file)}, f"Written to {file}; use it with --as {chosen.id}.")
    elif chosen.act == "legal-name":
        if not chosen.name:
            raise Refused("cli.usage", "people legal-name: --name is needed")
        done = client.post(f"{path}/legal-name", name=chosen.name)
        print_done(
            chosen,
            done,
            f"Kept here; the roster holds a digest of it. Give it away: parley people disclose {chosen.id}",
        )
    elif chosen.act == "disclose":
        return _disclose(chosen, client.get(f"{path}/legal-name"))
    else:
        done = client.post(f"{path}/{chosen.act}")
        print_done(chosen, done, f"{chosen.id}: done.")
    return 0


def _disclose(chosen: Namespace, found: Any) -> int:
    file = chosen.out or Path(f"{chosen.id}.legal-name.json")
    write_secret(file, found["disclosure"])
    words = f"{file} says who {chosen.id} is by law; `parley check FILE --name {file}` holds it against the record."
    print_done(chosen, {"file": str(file), "commitment": found["commitment"]}, words)
    return 0


def _channel_people(chosen: Namespace, client: Client) -> int:
    found = client.get(f"/channels/{quote(chosen.channel, safe='')}/people")
    if chosen.json:
        print_json(found)
        return 0
    for side in ("theirs", "ours"):
        print(f"{side} (card {found['their_key' if side == 'theirs' else 'our_key'][:16]}…)")
        print_table(
            ("person", "name", "office", "addressed as", "languages", "watch since", "keys"),
            ((r["person"], r["name"], r["office"], r["address"], " ".join(r["languages"]), r["on_watch_since"] or "-",
              " ".join(key[:16] for key in r["keys"]) or "-") for r in found[side]),
        )  # fmt: skip
    return 0


def _add(chosen: Namespace, client: Client) -> int:
    if not chosen.name:
        raise Refused("cli.usage", "people add: --name is needed")
    roles = chosen.role or ["duty-officer"]
    row = client.post(
        "/people",
        person=chosen.id,
        name=chosen.name,
        role=roles[0],
        roles=roles[1:],
        office=chosen.office,
        address=chosen.address,
        languages=chosen.language,
        listed=not chosen.private,
    )
    print_done(chosen, row, f"{chosen.id} has an account. Invite them: parley people link {chosen.id}")
    return 0
