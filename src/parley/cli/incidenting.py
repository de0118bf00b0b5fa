"""`incidents`: report an incident, list them, or say the next thing about one, from a terminal."""

from __future__ import annotations

import json
import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from parley.actions.incident_tracks import may_be_tracks
from parley.cli.client import Client, subject_path
from parley.cli.output import print_done, print_json, print_table, print_whole, safe
from parley.cli.reading import read_text
from parley.errors import Refused

_MEDIA: Final = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".mp4": "video/mp4", ".webm": "video/webm", ".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4",
    ".wav": "audio/wav", ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv",
}  # fmt: skip
_YEAR: Final = re.compile("[0-9]{4}")
# The acts of the API that are words alone, and what of the command line each needs.
WORDS: Final = {
    "no-knowledge": (), "ask": ("text",), "answer": ("entry", "text"), "ask-meeting": ("text",),
    "answer-meeting": ("entry",), "state": ("text",), "take-back": ("entry",), "stand": ("entry", "stand"),
    "freeze": (), "sign": ("entry",), "propose-closing": ("text",), "close": ("entry",), "close-alone": ("text",),
    "reopen": ("text",), "join": ("entry",), "propose-join": ("other",),
    "propose-offset": ("ours", "theirs", "seconds"), "agree-offset": ("entry",),
}  # fmt: skip


def incidents(chosen: Namespace) -> int:
    """List incidents, report one, or say the next thing about one."""
    client = Client.of(chosen)
    if chosen.act == "list":
        return _list(client, chosen)
    if chosen.act == "unseen":
        return _unseen(client, chosen)
    if chosen.act == "year":
        return _year(client, chosen)
    if chosen.act == "report":
        body = {"report": _report(chosen), "channel": chosen.channel, "status": chosen.status}
        sent = client.post("/incidents", **body, evidence=_evidence(client, chosen))
        where = f"parley incidents show {sent['subject']} --channel {sent['channel']}"
        return print_done(chosen, sent, f"{sent['subject']} is on our disk since {sent['at']}. How it goes: {where}")
    if chosen.act == "check":
        return _check(client, chosen)
    path = incident_path(chosen.channel, chosen.subject or "")
    if chosen.act == "show":
        return print_whole(chosen, client.get(path), _show)
    if chosen.act == "seen":
        client.post(f"{path}/seen")
        print(f"{chosen.subject} rings no more at our desks. An account is still due.")
        return 0
    if chosen.act == "account":
        body = {"report": _report(chosen), "stage": chosen.stage, "evidence": _evidence(client, chosen)}
        sent = client.post(f"{path}/account", **body)
    elif chosen.act == "evidence":
        sent = client.post(f"{path}/evidence", evidence=_evidence(client, chosen), note=chosen.text)
    else:
        sent = client.post(f"{path}/{chosen.act}", **_words(chosen))
    return print_done(chosen, sent, f"{chosen.subject}: {chosen.act}, on our disk since {sent['at']}.")


def _words(chosen: Namespace) -> dict[str, Any]:
    for name in WORDS[chosen.act]:
        if not getattr(chosen, name):
            raise Refused("cli.usage", f"incidents {chosen.act}: --{name} is needed")
    body: dict[str, Any] = {"text": chosen.text, "entry": chosen.entry, "stand": chosen.stand}
    if chosen.act == "propose-join":
        body |= {"other": chosen.other, "other_channel": chosen.channel}
    if chosen.act == "propose-offset":
        body |= {name: getattr(chosen, name) for name in WORDS[chosen.act]}
    return {name: value for name, value in body.items() if value} | {"accepted": chosen.accepted}


def _report(chosen: Namespace) -> dict[str, Any]:
    """Give the report: the fields of a file, and over them what the command line says."""
    given: dict[str, Any] = {}
    if chosen.file is not None:
        try:
            read = json.loads(read_text(chosen.file))
        except ValueError as fault:
            raise Refused(
                "cli.unreadable", f"{chosen.file}: expected a report as JSON: {fault}; nothing was done"
            ) from None
        if not isinstance(read, dict):
            raise Refused("cli.unreadable", f"{chosen.file}: expected a report as a JSON object; nothing was done")
        given = read
    typed = {name: getattr(chosen, name) for name in ("what", "place", "time", "closest", "commitment")}
    return given | {name: value for name, value in typed.items() if value}


def _evidence(client: Client, chosen: Namespace) -> list[dict[str, Any]]:
    """Send the files to our node, and give what is stated of each; of one command all are stated alike."""
    files: list[Path] = chosen.attach or []
    said = {"taken": chosen.taken, "source": chosen.source, "errors": _errors(chosen), "keep": chosen.keep_hidden}
    found = []
    for file in files:
        media = _MEDIA.get(file.suffix.lower(), "application/octet-stream")
        root = client.upload("/attachments", file, name=file.name, media=media)["root"]
        _look(client, chosen, file.name, media, root)
        found.append({"root": root, **said})
    return found


def _look(client: Client, chosen: Namespace, name: str, media: str, root: str) -> None:
    """Say what is hidden in a file before it crosses; whether it crosses with what cannot be taken out, people say."""
    seen = client.post("/incidents/look", root=root)
    told = [f"{what} {value}".strip() for what, value in seen["found"] if what != "left"]
    if told:
        with_it = "crosses with it" if chosen.keep_hidden else "is taken out of the copy that crosses"
        print(safe(f"{name}: hidden in it, and {with_it}: {'; '.join(told)}"), file=sys.stderr)
    stays = any(what == "left" for what, _ in seen["found"])
    unread = not seen["read"] and not media.startswith("text/") and not may_be_tracks(name)
    if not (stays or unread):
        return
    why = "it could not be looked into" if unread else "something in it is packed or encrypted"
    if not (chosen.as_it_is or chosen.keep_hidden):
        raise Refused("cli.hidden", f"{name}: {why}: place or device may stay in it. Nothing crossed; see --as-it-is")
    print(safe(f"{name}: {why}; it crosses as it is"), file=sys.stderr)


def _errors(chosen: Namespace) -> dict[str, str]:
    """Give the errors that were stated of tracks, as position_m=25; the node says what may stand there."""
    pairs = [one.partition("=") for one in chosen.error or []]
    if any(not name or not value for name, _, value in pairs):
        raise Refused("cli.usage", "--error: expected NAME=NUMBER, such as position_m=25")
    return {name: value for name, _, value in pairs}


def incident_path(channel: str, subject: str) -> str:
    """Give the path of an incident in the API; raises Refused `cli.subject`."""
    return f"/channels/{quote(channel, safe='')}/incidents/{subject_path('incident', subject)}"


def _list(client: Client, chosen: Namespace) -> int:
    rows = client.get(f"/incidents?which={quote(chosen.which, safe='')}")
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("incident", "channel", "when", "by", "state", "waits for us", "what"),
        ((r["subject"], r["channel"], r["time"][:16], r["name"], r["state"] + (" OVERDUE" if r["overdue"] else ""),
          " ".join(r["waits"]) or "-", r["what"][:50]) for r in rows),
    )  # fmt: skip
    return 0


def _year(client: Client, chosen: Namespace) -> int:
    """Show the counts of a year, as the page for the yearly consultation has them."""
    asked = chosen.subject or f"{datetime.now(UTC).year:04d}"
    if not _YEAR.fullmatch(asked):
        raise Refused("cli.usage", f"incidents year: expected a year of four digits, got {asked[:40]!r}")
    year = client.get(f"/incidents/year/{asked}")
    if chosen.json:
        print_json(year)
        return 0
    marked = "" if year["status"] == "actual" else f" ({year['status']})"
    print(f"Incidents of {asked}{marked}: {len(year['rows'])}, {year['signed']} with facts signed by both sides")
    months = [(f"{asked}-{month:02d}", ours, theirs) for month, (ours, theirs) in enumerate(year["months"], 1)]
    _part(("reported", "by us", "by them"), months)
    _part(("year", "incidents"), ((f"{one:04d}", count) for one, count in year["years"]))
    _part(("state", "incidents"), year["states"])
    _part(("statements", "count"), year["stands"])
    _part(("answered", "in time", "late", "not yet"), year["answered"])
    _part(("article", "named by us", "by them"), year["articles"])
    _part(
        ("incident", "channel", "when", "by", "state", "what"),
        ((r["subject"], r["channel"], r["time"][:16], r["name"], r["state"], r["what"][:50]) for r in year["rows"]),
    )
    return 0


def _part(head: tuple[str, ...], rows: Iterable[Sequence[object]]) -> None:
    """Print a table after an empty line; nothing where nothing was counted."""
    if found := list(rows):
        print()
        print_table(head, found)


def _check(client: Client, chosen: Namespace) -> int:
    """Say how long a report is on the wire, and what would be flagged in it; nothing crosses."""
    checked = client.post("/incidents/check", report=_report(chosen))
    if chosen.json:
        print_json(checked)
        return 0
    print(f"It takes {checked['bytes']} of {checked['bytes_max']} bytes. Nothing was sent.")
    for flag in checked["flags"]:
        print(safe(f"  FLAGGED {flag['code']}: {flag['value']}"))
    return 0


def _unseen(client: Client, chosen: Namespace) -> int:
    """Show the first reports of theirs that ring: nobody here has seen them."""
    rows = client.get("/incidents/unseen")
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("incident", "channel", "since", "by"),
        ((r["subject"] or "earlier entries coming", r["channel"], r["at"][:16], r["name"]) for r in rows),
    )
    return 0


def _show(whole: dict[str, Any]) -> None:
    row = whole["row"]
    print(safe(f"INCIDENT {row['state']} · {row['time']} · {row['latitude']}, {row['longitude']} · {row['subject']}"))
    for one in whole["accounts"]:
        whose = "ours" if one["ours"] else "theirs"
        print(safe(f"  {one['stage']} account, {whose}, {one['name']} {one['at']}: {one['what']}"))
        for flag in one["flags"]:
            print(safe(f"    FLAGGED {flag['code']}: {flag['value']}"))
    if row["silent_s"] is not None:
        print(f"  the other side has said nothing for {row['silent_s'] // 3600} h")
    for one in whole["statements"]:
        stand = "taken back" if one["withdrawn"] else one["stand"]
        print(safe(f"  {one['number']} [{stand}] {one['said']['text']}  ({one['said']['entry']})"))
    for one in whole["queries"]:
        answer = one["answer"]["text"] if one["answer"] else f"due {one['clock']['due']}"
        print(safe(f"  {'meeting' if one['meeting'] else 'question'}: {one['asked']['text']} → {answer}"))
    for one in whole["lists"]:
        print(safe(f"  list {one['digest'][:16]} of {len(one['facts'])}, signed by {len(one['signatures'])} sides"))
