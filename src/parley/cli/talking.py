"""`say`, `read`, `ack`, `drafts`, `status`, `test-line`: working on the line from a terminal."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client, message_path
from parley.cli.messaging import print_draft, print_message, signed_at, worth_telling_again
from parley.cli.output import clocks_apart, print_done, print_json, print_table, print_whole, safe, span
from parley.cli.reading import read_text
from parley.errors import Refused, Unavailable

_LANES: Final = 3  # connections of a link: urgent, ordinary, bulk
_POLL_S: Final = 0.1  # the terminal asks; desks and programs listen to events


def say(chosen: Namespace) -> int:
    """Send a message; FLASH, or --draft, stops at the draft for a second person."""
    client = Client.of(chosen)
    text = read_text(Path("-")) if chosen.text == "-" else chosen.text
    words = {
        "text": text,
        "language": chosen.language or client.get("/line")["ours"]["languages"][0],
        "precedence": chosen.precedence,
        "status": chosen.status,
        "title": chosen.title,
        "order": chosen.order,
        "answers": chosen.answers,
        "attachments": [client.attach(each) for each in chosen.attach],
    }
    if chosen.draft or chosen.precedence == "FLASH":
        draft = client.post("/drafts", channel=chosen.channel, **words)
        draft = client.post(f"/drafts/{draft['id']}/submit")
        return print_done(
            chosen,
            draft,
            f"Draft {draft['id']} waits for release: parley drafts show {draft['id']} --as SECOND-PERSON",
        )
    sent = client.post(f"/channels/{quote(chosen.channel, safe='')}/messages", **words)
    if chosen.wait > 0:
        return _wait_held(client, chosen, sent)
    return print_done(chosen, sent, f"{sent['subject']} is on our disk since {sent['at']}.")


def _wait_held(client: Client, chosen: Namespace, sent: dict[str, Any]) -> int:
    path = message_path(chosen.channel, sent["subject"])
    end = time.monotonic() + chosen.wait
    while True:
        row = client.get(path)
        there = row["delivery"]["on_their_disk"]
        if there is not None or time.monotonic() >= end:
            break
        time.sleep(_POLL_S)
    if chosen.json:
        print_json(row)
    elif there is not None:
        print(f"{sent['subject']} is on our disk since {sent['at']}, on their disk since {signed_at(there['at'])}.")
    else:
        print(
            f"{sent['subject']} is on our disk since {sent['at']}; their node has not had it for {span(chosen.wait)}."
        )
    return 0 if there is not None else 3


def read(chosen: Namespace) -> int:
    """Print a channel's newest messages, or the most urgent that wait for us and how many more do."""
    client = Client.of(chosen)
    if chosen.channel is None:
        rows = client.get("/waiting")
        if chosen.json:
            print_json(rows)
        for row in [] if chosen.json else rows:
            print_message(row)
        left = sum(room["waiting"] for room in client.get("/channels")) - len(rows)
        if left > 0:
            print(f"{left} more wait for us: `parley read CHANNEL` shows them.", file=sys.stderr)
        return 0
    seen = _page(client, chosen, {})
    while chosen.follow:
        time.sleep(1)
        seen = _page(client, chosen, seen)
    return 0


def _page(client: Client, chosen: Namespace, seen: dict[str, object]) -> dict[str, object]:
    """Print what is new, or has become something else since it was printed; gives what was seen."""
    page = client.get(f"/channels/{quote(chosen.channel, safe='')}/messages", count=chosen.count)
    now: dict[str, object] = {row["subject"]: worth_telling_again(row) for row in page["messages"]}
    fresh = [row for row in page["messages"] if seen.get(row["subject"]) != now[row["subject"]]]
    if chosen.json and (fresh or not seen):
        print_json(page | {"messages": fresh})
    for row in [] if chosen.json else fresh:
        print_message(row)
    return seen | now


def ack(chosen: Namespace) -> int:
    """Acknowledge one message in the person's name."""
    client = Client.of(chosen)
    path = message_path(chosen.channel, chosen.subject)
    row = client.get(path)
    client.post(f"{path}/shown")
    done = client.post(f"{path}/acknowledge", note=chosen.note, seen=row["words"])
    words = f" with the words in force: {safe(row['text'])}" if row["corrections"] else "."
    return print_done(chosen, done, f"{chosen.subject} acknowledged at {done['at']}{words}")


def drafts(chosen: Namespace) -> int:
    """List drafts, or move one on."""
    client = Client.of(chosen)
    if chosen.act == "list":
        rows = client.get("/drafts")
        if chosen.json:
            print_json(rows)
        else:
            print_table(
                ("draft", "channel", "precedence", "state", "drafted by", "words", "text"),
                ((r["id"], r["channel"], r["precedence"], r["state"], r["drafted_by_name"], r["words"], r["text"][:60])
                 for r in rows),
            )  # fmt: skip
        return 0
    if chosen.draft is None:
        raise Refused("cli.usage", f"drafts {chosen.act}: which draft?")
    path = f"/drafts/{quote(chosen.draft, safe='')}"
    if chosen.act == "show":
        return print_whole(chosen, client.get(path), print_draft)
    seen = {"seen": chosen.seen} if chosen.seen else {}
    answer: Any = None
    if chosen.act == "submit":
        answer = client.post(f"{path}/submit", note=chosen.note)
    elif chosen.act in ("approve", "return"):
        answer = client.post(f"{path}/review", good=chosen.act == "approve", note=chosen.note, **seen)
    elif chosen.act == "release":
        if not seen and client.get(path)["needs_second"]:
            raise Refused("cli.usage", f"drafts release: a FLASH needs --seen: parley drafts show {chosen.draft}")
        answer = client.post(f"{path}/release", **seen)
    else:
        client.delete(path)
    if chosen.json:
        print_json(answer)
    elif chosen.act == "release":
        print(f"{answer['subject']} is on our disk since {answer['at']}.")
    else:
        print("Done.")
    return 0


def status(chosen: Namespace) -> int:
    """Print how the line is; exit code 3 while it is down."""
    row = Client.of(chosen).get("/line")
    if chosen.json:
        print_json(row)
        return 0 if row["up"] else 3
    print(f"{safe(row['ours']['name'])} to {safe(row['theirs']['name'])}: {'UP' if row['up'] else 'DOWN'}")
    print_table(
        ("link", "state", "last heard", "round trip", "key exchange", "last trouble"),
        ((_named(each), "up" if each["up"] else "down", _number(each["heard_age_s"], "s ago", 1),
          _number(each["rtt_ms"], "ms", 1), each["group"] or "-", last_trouble(each)) for each in row["links"]),
    )  # fmt: skip
    if row["up"] and all(each["bits_s"] for each in row["links"] if each["up"]):
        print("Only thin links are up: sound, picture and files wait for another one.")
        if row["put_off"]:
            print(f"Post-quantum signatures over {row['put_off']} logs are put off, for ten minutes at most.")
    if row["signing"] != "ok":
        print(f"This node does not sign: {row['signing']}. {safe(row['signing_reason'])}")
    if row["second_place"]:
        print(f"Look: {safe(row['second_place'])}.")
    if row["waiting"]:
        print(f"{row['waiting']} entries wait for their node, the first for {span(row['waiting_for_s'] or 0)}.")
    if apart := clocks_apart(row):
        print(f"{apart}.")
    test = row["last_test"]
    words = {True: "both nodes see the same", False: "THE NODES SEE DIFFERENT THINGS", None: "not answered yet"}
    print(f"Last test: {test['at']}, {words[test['same']]}." if test else "No line test yet.")
    if not row["up"] and row["fallback"]:
        print(f"Until it is back: {safe(row['fallback'])}")
    return 0 if row["up"] else 3


def last_trouble(link: dict[str, Any]) -> str:
    """Give what was last wrong with a link; of one that is whole again it says so, so that nobody mends what works.

    What two operators have set differently is not over because the link came up once more.
    """
    whole = link["up"] and (link["bits_s"] or len(link["lanes"]) == _LANES)  # a thin link is one connection
    said = str(link["last_error"])
    return f"over: {said}" if whole and said and "(link.thin)" not in said else said


def _named(link: dict[str, Any]) -> str:
    return f"{link['name']} (thin, {link['bits_s']:,} bit/s)" if link["bits_s"] else str(link["name"])


def _number(value: float | None, unit: str, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f} {unit}"


def test_line(chosen: Namespace) -> int:
    """Start a line test and wait until the other node answered it."""
    client = Client.of(chosen)
    started = client.post("/line/tests")
    end = time.monotonic() + chosen.wait
    while time.monotonic() < end:
        for row in client.get("/line/tests"):
            if row["subject"] == started["subject"] and row["same"] is not None:
                if chosen.json:
                    print_json(row)
                else:
                    print("Both nodes see the same." if row["same"] else "THE TWO NODES SEE DIFFERENT THINGS.")
                return 0 if row["same"] else 1
        time.sleep(_POLL_S)
    raise Unavailable("line.no-answer", f"the other node has not answered within {span(chosen.wait)}; it still may")
