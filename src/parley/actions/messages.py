"""What a person may do with messages, from sending to the last acknowledgement.

Owns: rights, pages of a thread.
Does not own: drafts and the second person (drafting.py), the words (wording.py), when a message fact is allowed
(subjects/messages/), the row (showing.py), how it travels (node/, line/).
"""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import replace
from pathlib import Path
from typing import Final

from parley import limits
from parley.actions import binding
from parley.actions.binding import Asked
from parley.actions.passkeys import Place as DeskPlace
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.record_rows import EvidenceFile
from parley.actions.rows import MessageRow, Sent, ThreadPage
from parley.actions.sending import write
from parley.actions.showing import ahead_rows, ignored_row, message_row, message_view
from parley.actions.who import Who, may_read, need_in
from parley.actions.wording import Words, checked, fact_of
from parley.codec.text import make_text
from parley.errors import Refused
from parley.storage.port import Place
from parley.subjects import OpenItem
from parley.subjects.kinds import Fact
from parley.subjects.messages import PRECEDENCES, MessageView
from parley.subjects.messages import facts as said

_URGENCY: Final = {name: rank for rank, name in enumerate(PRECEDENCES)}


# --- messages -------------------------------------------------------------------------------------------------------


async def send_message(node: NodePort, who: Who, words: Words) -> Sent:
    """Draft and release in one where one person may; FLASH is refused here with `messages.second-person`."""
    need_in(node, who, "release", words.channel)
    if words.precedence == "FLASH":
        raise Refused("messages.second-person", "a FLASH needs a second person: save a draft, another releases it")
    words = checked(node, words)
    fact = fact_of(node, who.person, words, drafted_by=who.person, alone=False)
    return await write(node, who, fact, precedence=words.precedence, status=words.status)


async def show_message(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Say across the line that a desk of ours shows the message; once a desk, later calls do nothing."""
    need_in(node, who, "read", channel)
    view = message_view(node, channel, subject)
    desk = who.desk or who.via
    if view.side == node.identity.ours.side or any(one.desk == desk and one.person == who.person for one in view.shown):
        return
    await _write(node, who, view, said.show(channel, subject, desk))


async def acknowledge(
    node: NodePort, who: Who, channel: str, subject: str, *, note: str = "", seen: str | None = None
) -> Sent:
    """Acknowledge the other side's message in the person's name.

    Args:
        seen: Id of the entry whose words the person was shown (`MessageRow.words`); None where nobody was shown any.
    Raises: Refused `messages.changed` if other words are in force by now, `binding.missing` for a FLASH where our side
        lists passkeys: `begin_acknowledge` is the way then.
    """
    need_in(node, who, "acknowledge", channel)
    view = message_view(node, channel, subject)
    if seen is not None and seen != view.words[-1].id:  # the other side may correct it while it is read
        raise Refused("messages.changed", "the words were corrected since you were shown them; nothing was said")
    if view.precedence == "FLASH":
        binding.refuse_unsigned(node, "acknowledging a FLASH")
    return await _write(node, who, view, said.acknowledge(channel, subject, make_text(note), view.words))


def begin_acknowledge(
    node: NodePort, who: Who, place: DeskPlace, channel: str, subject: str, *, note: str = ""
) -> Asked:
    """Begin to acknowledge with the person's passkey; `binding.complete` writes it."""
    need_in(node, who, "acknowledge", channel)
    view = message_view(node, channel, subject)

    async def acknowledge(signed: Fact) -> Sent:
        need_in(node, who, "acknowledge", channel)
        if message_view(node, channel, subject).words != signed.refs:
            raise Refused("binding.changed", "the words were corrected since you were shown them; nothing was said")
        return await _write(node, who, view, signed)

    fact = said.acknowledge(channel, subject, make_text(note), view.words)
    return binding.begin(node, who, place, fact, acknowledge, precedence="", status=view.status)


async def answer(node: NodePort, who: Who, channel: str, subject: str, words: Words) -> Sent:
    """Send a message that answers another one in the same channel."""
    need_in(node, who, "release", channel)
    message_view(node, channel, subject)
    return await send_message(node, who, replace(words, channel=channel, answers=subject))


async def correct(
    node: NodePort, who: Who, channel: str, subject: str, *, text: str, language: str, reason: str
) -> Sent:
    """Correct our own message by reference; the first text stays readable."""
    need_in(node, who, "release", channel)
    view = message_view(node, channel, subject)
    fact = said.correct(channel, subject, text=make_text(text), language=language, reason=make_text(reason))
    return await _write(node, who, view, fact)


async def cancel(node: NodePort, who: Who, channel: str, subject: str, *, reason: str) -> Sent:
    """Cancel our own message by reference."""
    need_in(node, who, "release", channel)
    view = message_view(node, channel, subject)
    return await _write(node, who, view, said.cancel(channel, subject, make_text(reason)))


async def translate(
    node: NodePort, who: Who, channel: str, subject: str, *, grade: str, language: str, text: str
) -> Sent:
    """Add a translation of grade sight, rough or official."""
    need_in(node, who, "translate", channel)
    view = message_view(node, channel, subject)
    by = person_name(node, node.identity.ours.side, who.person)[0]
    fact = said.translate(channel, subject, grade=grade, language=language, text=make_text(text), by=by)
    return await _write(node, who, view, fact)


async def read_back(node: NodePort, who: Who, channel: str, subject: str, *, text: str) -> Sent:
    """Repeat the other side's order in our own words."""
    need_in(node, who, "acknowledge", channel)
    view = message_view(node, channel, subject)
    return await _write(node, who, view, said.read_back(channel, subject, make_text(text)))


async def confirm_read_back(
    node: NodePort, who: Who, channel: str, subject: str, *, good: bool, text: str = "", seen: str | None = None
) -> Sent:
    """Confirm the other side's last open read-back of our order, or say what is wrong with it.

    Args:
        seen: Id of the read-back that the person was shown (`ReadBackRow.id`); None where nobody was shown any.
    Raises: Refused `messages.changed` if another one is the last by now.
    """
    need_in(node, who, "acknowledge", channel)
    view = message_view(node, channel, subject)
    reading = next((one for one in reversed(view.read_backs) if one.state == "waiting"), None)
    if reading is None:
        raise Refused("messages.no-read-back", "no read-back of this message waits for a word of ours")
    if seen is not None and seen != reading.ref.id:
        raise Refused("messages.changed", "it was read back anew since you were shown it; nothing was said")
    if not good and not text.strip():
        raise Refused("messages.read-back-text", "say what is wrong with the read-back")
    words = make_text(text)
    fact = (
        said.confirm(channel, subject, reading.ref, words) if good else said.deny(channel, subject, reading.ref, words)
    )
    return await _write(node, who, view, fact)


# --- reading --------------------------------------------------------------------------------------------------------


def thread(node: NodePort, who: Who, channel: str, *, before: str = "", count: int = 50) -> ThreadPage:
    """Give one page of a channel's messages, oldest first; `before` from an earlier page asks for the one above."""
    room = need_in(node, who, "read", channel)
    count = max(1, min(count, 200))
    found = node.book.thread(channel, before=_place(before), count=count + 1)
    shown, more = found[:count], len(found) > count
    rows = [
        ignored_row(node, room, each) if each.view is None else message_row(node, who, room, each.view)
        for each in reversed(shown)
    ]
    if not before:
        rows += ahead_rows(node, room)
    last = shown[-1].place if shown and more else None
    return ThreadPage(
        channel=channel,
        messages=tuple(rows),
        before="" if last is None else f"{last[0]}.{last[2]}.{last[3]}.{last[1]}",
        newest=found[0].place[0] if found else 0,
    )


def message(node: NodePort, who: Who, channel: str, subject: str) -> MessageRow:
    """Give one message, with its history."""
    room = need_in(node, who, "read", channel)
    early = next((row for row in ahead_rows(node, room) if row.subject == subject), None)
    if early is not None and node.book.view(channel, subject) is None:
        return early
    return message_row(node, who, room, message_view(node, channel, subject), whole=True)


def waiting(node: NodePort, who: Who) -> list[MessageRow]:
    """Give the messages that wait for somebody here, the most urgent first: limits.WAITING_SHOWN and so many drills.

    Every page asks for them, and a side whose people acknowledge nothing ROUTINE has thousands: `ChannelRow.waiting`
    counts them all.
    """
    rooms = {room.id: room for room in node.book.line_view().channels if may_read(node, who, room.id)}
    items = [item for room in rooms for item in node.book.open_items(room) if item.side != node.identity.ours.side]
    rows = [row for room in rooms.values() for row in ahead_rows(node, room)]
    for drill in (False, True):
        alike = (item for item in items if (item.status != "actual") is drill)
        for item in heapq.nsmallest(limits.WAITING_SHOWN, alike, key=_pressing):
            view = node.book.message(item.channel, item.subject)
            if view is not None:
                rows.append(message_row(node, who, rooms[item.channel], view))
    return sorted(rows, key=_pressing)


def _pressing(one: OpenItem | MessageRow) -> tuple[int, str, str]:
    return _URGENCY.get(one.precedence, 9), one.due, one.subject


async def evidence(node: NodePort, who: Who, channel: str, subject: str, path: Path) -> EvidenceFile:
    """Write the evidence of one message, its acknowledgement and what proves them, to a file."""
    need_in(node, who, "record", channel)
    message_view(node, channel, subject)
    entries = await node.exports.evidence(channel, subject, path)
    return written(path, entries)


def written(path: Path, entries: int) -> EvidenceFile:
    """Give what was written, with its SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(1_048_576):
            digest.update(chunk)
    return EvidenceFile(path=str(path), bytes=path.stat().st_size, sha256=digest.hexdigest(), entries=entries)


# --- helpers --------------------------------------------------------------------------------------------------------


async def _write(node: NodePort, who: Who, view: MessageView, fact: Fact) -> Sent:
    return await write(node, who, fact, precedence="", status=view.status)


def _place(before: str) -> Place | None:
    if not before:
        return None
    turn, _, rest = before.partition(".")
    epoch, _, rest = rest.partition(".")
    number, _, side = rest.partition(".")
    if not all(each.isascii() and each.isdigit() and len(each) < 17 for each in (turn, epoch, number)) or not side:
        raise Refused("messages.page", "`before` has to come from an earlier page")
    return (int(turn), side, int(epoch), int(number))
