"""`meeting`: list meetings, ask for one, answer, and keep the account of one from a terminal."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client, subject_path
from parley.cli.conferring import clocks, done, people_of
from parley.cli.output import print_json, print_table, safe
from parley.errors import Refused

# What each act sends, and what of it must be there.
_NEEDS: Final = {
    "accept": ("time",), "offer": ("times",), "decline": ("reason",), "cancel": ("reason",), "item": ("title",),
    "hold": ("title",), "note": ("text",), "agree": ("id",),
}  # fmt: skip
_PATHS: Final = {"glossary": "terms", "item": "items", "hold": "items/held", "note": "notes", "attend": "attendance"}
_OF_ITEMS: Final = ("agree-item", "withdraw", "begin-item", "end-item", "raise", "drop")


def meeting(chosen: Namespace) -> int:
    """List meetings, ask for one, or say the next thing of one."""
    client = Client.of(chosen)
    if chosen.act == "list":
        return _list(chosen, client.get("/meetings"))
    if chosen.act == "calendar":
        return _calendar(chosen, client)
    at = f"/channels/{quote(chosen.channel, safe='')}/meetings"
    if chosen.act == "ask":
        sent = client.post(
            at, purpose=chosen.purpose, times=chosen.time, level=chosen.level, form=chosen.form, place=chosen.place,
            minutes=chosen.minutes or 60, consecutive=chosen.consecutive, languages=chosen.language, body=chosen.body,
            answer_hours=chosen.hours, status=chosen.status,
        )  # fmt: skip
        return done(chosen, sent, f"{sent['subject']} is on our disk since {sent['at']}.")
    path = f"{at}/{subject_path('meeting', chosen.subject)}"
    if chosen.act in ("show", "facts"):
        found = client.get(path + ("/facts" if chosen.act == "facts" else ""))
        print_json(found) if chosen.json or chosen.act == "facts" else _show(found)
        return 0
    if chosen.act == "document":
        if chosen.file is None:
            raise Refused("cli.usage", "meeting document: --file is needed")
        sent = client.post(f"{path}/documents", root=client.attach(chosen.file), item=chosen.item)
    elif chosen.act in _OF_ITEMS:
        sent = client.post(f"{path}/items/act", act=chosen.act.removesuffix("-item"), item=chosen.item)
    else:
        sent = client.post(f"{path}/{_PATHS.get(chosen.act, chosen.act)}", **_fields(chosen))
    return done(chosen, sent, f"{chosen.subject}: {chosen.act}, on our disk.")


def _fields(chosen: Namespace) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {
        "accept": {"time": "".join(chosen.time[:1])},
        "offer": {"times": chosen.time, "reason": chosen.reason, "answer_hours": chosen.hours},
        "decline": {"reason": chosen.reason}, "cancel": {"reason": chosen.reason},
        "item": {"title": chosen.title, "note": chosen.text, "minutes": chosen.minutes},
        "floor": {"to": "" if chosen.to == "nobody" else chosen.to},
        "attend": {"people": people_of(chosen)},
        "note": {"what": chosen.what, "text": chosen.text, "responsible": chosen.who, "due": chosen.due},
        "agree": {"id": chosen.item}, "minutes": {"text": chosen.text},
        "glossary": {"terms": "\n".join(chosen.term)},
    }  # fmt: skip
    told["hold"] = told["item"]
    fields = told.get(chosen.act, {})
    for name in _NEEDS.get(chosen.act, ()):
        if not fields[name]:
            raise Refused("cli.usage", f"meeting {chosen.act}: {name} is needed")
    return fields


def _calendar(chosen: Namespace, client: Client) -> int:
    if chosen.out is None:
        raise Refused("cli.usage", "meeting calendar: --out is needed")
    path = "/meetings.ics"
    if chosen.subject:
        room = quote(chosen.channel, safe="")
        path = f"/channels/{room}/meetings/{subject_path('meeting', chosen.subject)}/calendar"
    client.download(path, chosen.out)
    return done(chosen, {"file": str(chosen.out)}, f"{chosen.out} is written.")


def _list(chosen: Namespace, rows: list[dict[str, Any]]) -> int:
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("meeting", "channel", "purpose", "state", "waits for", "when"),
        ((r["subject"], r["channel"], r["purpose"][:40], r["state"], {"ours": "us", "theirs": "them"}.get(r["waits"],
          "-") + (" NO ANSWER" if r["no_answer"] else ""), clocks(r["time"])) for r in rows),
    )  # fmt: skip
    return 0


def _show(row: dict[str, Any]) -> None:
    print(safe(f"{row['purpose']} · {row['state']} · {row['level']}, {row['form']} {row['place']} · {row['subject']}"))
    print(safe(f"  when: {clocks(row['time'])}; {row['planned']} minutes planned"))
    for one in row["offers"]:
        print(safe(f"  offered by {'us' if one['ours'] else 'them'}, answer by {one['answer_by']}: {one['reason']}"))
        for time in one["times"]:
            print(safe(f"    {time['at']}  {clocks(time)}"))
    for one in row["items"]:
        marks = " ".join(name for name in ("agreed", "raised", "withdrawn", "taken") if one[name])
        print(safe(f"  item {one['id']} {one['title']} [{marks or '-'}] {one['planned']} min, took {one['spent_s']} s"))
    for whose in ("ours", "theirs"):
        print(safe(f"  {whose}: spoke {row['floor_' + whose + '_s']} s; there: " + ", ".join(
            f"{one['name']} ({one['office'] or '-'})" for one in row["attended_" + whose])))  # fmt: skip
    for one in (*row["notes"], *row["minutes_of"]):
        agreed = "agreed" if one["agreed"] else "not agreed"
        print(safe(f"  {one['what']} {one['id']} [{agreed}] {one['text'] or one['subject']}"))
