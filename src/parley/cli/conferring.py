"""`body`: list standing bodies, show one, propose one, say the next thing of it; state our days."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, Final

from parley.actions.calendars import read_holidays
from parley.actions.talk_people import read_people
from parley.cli.client import Client, subject_path
from parley.cli.output import print_json, print_table, print_whole, safe

WITH_REASON: Final = ("decline", "withdraw", "suspend", "resume", "end")


def body(chosen: Namespace) -> int:
    """List bodies, show one, propose one, or say the next thing of it."""
    client = Client.of(chosen)
    if chosen.act == "list":
        return _list(chosen, client.get("/bodies"))
    if chosen.act == "days":
        return _days(chosen, client)
    if chosen.act == "propose":
        sent = client.post(
            "/bodies", channel=chosen.channel, title=chosen.title, mandate=chosen.mandate, level=chosen.level,
            languages=chosen.language, rhythm=chosen.rhythm, status=chosen.status,
        )  # fmt: skip
        return done(chosen, sent, f"{sent['subject']} is on our disk since {sent['at']}.")
    path = "/bodies/" + subject_path("body", chosen.subject)
    if chosen.act == "show":
        return print_whole(chosen, client.get(path), _show)
    if chosen.act.endswith("term"):
        return _term(chosen, client, path)
    fields: dict[str, Any] = {"reason": chosen.reason} if chosen.act in WITH_REASON else {}
    if chosen.act == "delegation":
        fields = {"chair": chosen.chair, "people": people_of(chosen)}
    sent = client.post(f"{path}/{chosen.act}", **fields)
    return done(chosen, sent, f"{chosen.subject}: {chosen.act}, on our disk since {sent['at']}.")


def _term(chosen: Namespace, client: Client, path: str) -> int:
    if chosen.act == "term":
        words = {tag: word for tag, _, word in (one.partition("=") for one in chosen.word)}
        sent = client.post(f"{path}/terms", words=words, note=chosen.note)
        return done(chosen, sent, f"Term {sent['ref']['id']} is on our disk since {sent['at']}.")
    sent = client.post(f"{path}/terms/act", act=chosen.act.removesuffix("-term"), id=chosen.term)
    return done(chosen, sent, f"{chosen.term}: {chosen.act}, on our disk since {sent['at']}.")


def people_of(chosen: Namespace) -> list[dict[str, str]]:
    """Give the people named by --person and --other."""
    found = read_people(chosen.person, "\n".join(chosen.other))
    return [{"person": person, "name": name, "office": office} for person, name, office in found]


def done(chosen: Namespace, answer: Any, words: str) -> int:
    """Say that it was done."""
    print_json(answer) if chosen.json else print(words)
    return 0


def clocks(time: dict[str, Any] | None) -> str:
    """Give a moment on both sides' clocks, with a holiday where it is one."""
    if time is None:
        return "-"

    def one(row: dict[str, Any]) -> str:
        day = "" if not row["holiday"] else f" (holiday: {row['holiday']})"
        return f"{row['date']} {row['clock']} {row['offset']}{day}"

    return f"ours {one(time['ours'])} · theirs {one(time['theirs'])}"


def _days(chosen: Namespace, client: Client) -> int:
    if chosen.zone:
        holidays = dict(read_holidays("\n".join(chosen.holiday)))
        sent = client.post("/calendars", zone=chosen.zone, holidays=holidays)
        return done(chosen, sent, f"Our days are on our disk since {sent['at']}.")
    found = client.get("/calendars")
    if chosen.json:
        print_json(found)
        return 0
    for whose in ("ours", "theirs"):
        row = found[whose]
        print(safe(f"{whose}: {row['zone']}" + ("" if row["zone_known"] else " (unknown here: times are in UTC)")))
        for day, name in row["holidays"]:
            print(safe(f"  {day} {name}"))
    return 0


def _list(chosen: Namespace, rows: list[dict[str, Any]]) -> int:
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("body", "title", "level", "state", "channel", "meets next"),
        ((r["subject"], r["title"][:40], r["level"], r["state"], r["channel"], clocks(r["next"])) for r in rows),
    )
    return 0


def _show(row: dict[str, Any]) -> None:
    print(safe(f"{row['title']} · {row['state']} · {row['level']} · {row['subject']} · channel {row['channel']}"))
    print(safe(f"  mandate: {row['mandate']}"))
    for whose in ("ours", "theirs"):
        print(safe(f"  {whose}: chair {row['delegation_' + whose]['chair'] or '-'}"))
        for one in row["contacts_" + whose]:
            mark = "sent" if one["sent"] else "    "
            print(safe(f"    {mark} {one['name']}, {one['office'] or '-'}; to be called {one['address'] or '-'}"))
    for one in row["history"]:
        print(safe(f"  {one['at']} {one['kind']} by {'us' if one['ours'] else 'them'}: {one['text']}"))
    for term in row["terms"]:
        words = " = ".join(word for _, word in term["words"])
        print(safe(f"  {term['id']} {'agreed' if term['agreed'] else 'open  '} {words}"))
