"""`message`: one message from a terminal, whole; and the next thing said of it. How a message stands on a terminal.

Always true: 1. What a message is worth now (cancelled, not valid, corrected, an order) is said before its words.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any, Final

from parley.cli.client import Client, message_path
from parley.cli.output import print_done, print_whole, safe, span
from parley.cli.reading import read_text
from parley.errors import Refused

# What each act needs of the command line.
_NEEDED: Final = {
    "correct": ("text", "reason"),
    "cancel": ("reason",),
    "translate": ("text", "language"),
    "read-back": ("text",),
    "confirm": (),
    "wrong": ("text",),
}
_ORDER: Final = {
    "asked": "AN ORDER: to be read back",
    "read-back": "AN ORDER: read back, to be confirmed",
    "confirmed": "AN ORDER: read back and confirmed",
    "not-confirmed": "AN ORDER: read back wrongly, to be read back again",
}


def message(chosen: Namespace) -> int:
    """Show one message with all that was said of it, or say the next thing."""
    client = Client.of(chosen)
    path = message_path(chosen.channel, chosen.subject)
    if chosen.act == "show":
        return print_whole(chosen, client.get(path), _show)
    for name in _NEEDED[chosen.act]:
        if not getattr(chosen, name):
            raise Refused("cli.usage", f"message {chosen.act}: --{name} is needed")
    text = read_text(Path("-")) if chosen.text == "-" else chosen.text
    if chosen.act == "correct":
        language = chosen.language or client.get(path)["language"]
        done = client.post(f"{path}/correct", text=text, language=language, reason=chosen.reason)
    elif chosen.act == "cancel":
        done = client.post(f"{path}/cancel", reason=chosen.reason)
    elif chosen.act == "translate":
        done = client.post(f"{path}/translations", grade=chosen.grade, language=chosen.language, text=text)
    elif chosen.act == "read-back":
        done = client.post(f"{path}/read-back", text=text)
    else:
        back = client.get(path)["readback"] or {"id": "", "text": ""}
        done = client.post(f"{path}/read-back/confirm", good=chosen.act == "confirm", text=text, seen=back["id"])
        words = f"{chosen.subject}: {chosen.act}, of the read-back: {safe(back['text'])}"
        return print_done(chosen, done, f"{words}\nOn our disk since {done['at']}.")
    return print_done(chosen, done, f"{chosen.subject}: {chosen.act}, on our disk since {done['at']}.")


def _show(row: dict[str, Any]) -> None:
    print_message(row)
    if row["corrections"]:
        print(safe(f"  first words: {row['first_text']}"))
    for each in row["history"]:
        verdict = "" if each["verdict"] == "valid" else f" · {each['verdict'].upper()}: {each['reason']}"
        note = f": {each['note']}" if each["note"] else ""
        print(safe(f"  {each['at']} · {each['side']} · {each['person_name'] or '-'} · {each['kind']}{note}{verdict}"))


def print_message(row: dict[str, Any]) -> None:
    """Print a message: who, when, what it is worth now, its words, the four facts."""
    mark = "" if row["status"] == "actual" else f" [{row['status'].upper()}]"
    head = f"{row['precedence']}{mark} · {row['person_name']} ({row['side']}) · {row['at']} · {row['subject']}"
    print(safe(head) + (f" · due {row['due']}" if row["due"] else "") + (" · OVERDUE" if row["overdue"] else ""))
    for words in _worth(row):
        print(f"  {safe(words)}")
    if row["title"]:
        print(f"  {safe(row['title'])}")
    for line in safe(row["text"]).split("\n"):
        print(f"  {line}")
    for each in row["translations"]:
        print(f"  [{each['grade']} {each['language']}] {safe(each['text'])}")
    for each in row["attachments"]:
        print(f"  attached: {safe(each['name'])} ({each['size']} B)")
    print(f"  {delivery_words(row)}\n")


def print_draft(row: dict[str, Any]) -> None:
    """Print exactly what the other side would get, and how to let these words go, and no others."""
    mark = "" if row["status"] == "actual" else f" [{row['status'].upper()}]"
    print(safe(f"{row['precedence']}{mark} · {row['channel']} · drafted by {row['drafted_by_name']} · {row['state']}"))
    if row["order"]:
        print("  AN ORDER: to be read back")
    if row["answers"]:
        print(safe(f"  answers {row['answers']}"))
    for line in safe(f"{row['title']}\n{row['text']}" if row["title"] else row["text"]).split("\n"):
        print(f"  {line}")
    for each in row["attachments"]:
        print(f"  attached: {safe(each['name'])} ({each['size']} B)")
    if row["why_not"]:
        print(f"Not to be released by you: {safe(row['why_not'])}.")
    else:
        print(f"Release these words: parley drafts release {row['id']} --seen {row['changed_at']}")


def _worth(row: dict[str, Any]) -> list[str]:
    """Give what a reader must know before the words."""
    said = []
    if row["state"] == "cancelled":
        at = row["cancelled"]
        said.append(f"CANCELLED {at['at']} by {at['name']}: {row['cancel_reason']}")
    elif row["state"] == "not-valid":
        said.append("NOT VALID, it counts for nothing: " + " · ".join(row["marks"]))
    if row["ahead"]:
        said.append("EARLIER ENTRIES STILL COMING: it came ahead of its log")
    if row["rang_as"]:
        said.append(f"rang as {row['rang_as']}: more came in this hour than is allowed for")
    if row["released_alone"]:
        said.append("released by one person alone")
    for each in row["corrections"]:
        said.append(f"corrected {each['at']} by {each['by_name']}: {each['reason']}")
    if row["readback"]:
        back = row["readback"]
        # What was read back of earlier words is no reading of these.
        by = "" if back["state"] == "asked" else f", by {back['by_name']} {back['at']}: {back['text']}"
        said.append(_ORDER[back["state"]] + by)
    if row["answers"]:
        said.append(f"answers {row['answers']}")
    if row["state"] != "not-valid":
        said += [f"look: {each}" for each in row["marks"]]
    return said


def worth_telling_again(row: dict[str, Any]) -> tuple[object, ...]:
    """Give what of a message, once it changes, somebody who follows the channel has to see."""
    back = row["readback"] or {"state": "", "text": ""}
    return row["state"], row["text"], back["state"], back["text"], len(row["translations"]), row["marks"]


def delivery_words(row: dict[str, Any]) -> str:
    """Give the four facts of delivery in one line."""
    facts, said = row["delivery"], []
    for key, words in (("on_our_disk", "on our disk"), ("on_their_disk", "on their disk")):
        if facts[key]:
            said.append(f"{words} {signed_at(facts[key]['at'])}")
    if not facts["on_their_disk"] and row["waiting_for_s"] is not None and row["ours"]:
        said.append(f"their node has not had it for {span(row['waiting_for_s'])}")
    if facts["shown"]:
        said.append(f"shown {facts['shown']['at']}")
    if facts["acknowledged"]:
        said.append(f"acknowledged by {safe(facts['acknowledged']['name'])} {facts['acknowledged']['at']}")
    return " · ".join(said)


def signed_at(moment: str) -> str:
    """Give a time without the milliseconds that it does not have: a cosignature or receipt states a whole second."""
    return moment.removesuffix(".000Z") + "Z" if moment.endswith(".000Z") else moment
