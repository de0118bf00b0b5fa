"""What a person may do with messages, from the first draft to the last acknowledgement.

Owns: rights, the steps of a draft, the second person, due times, pages of a thread.
Does not own: when a message fact is allowed (subjects/messages/), the row (showing.py), how it travels (node/, line/).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from parley import limits
from parley.actions import binding
from parley.actions.binding import Asked
from parley.actions.files import file_facts, file_row
from parley.actions.passkeys import Place as DeskPlace
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.record_rows import EvidenceFile
from parley.actions.rows import DraftRow, MessageRow, Sent, ThreadPage
from parley.actions.sending import write
from parley.actions.showing import ahead_rows, ignored_row, message_row, message_view
from parley.actions.who import Who, may_read, need_in
from parley.codec.text import count_words, make_text
from parley.errors import Refused
from parley.people import Alone, Draft, drafts
from parley.storage.port import Place
from parley.subjects.kinds import Fact
from parley.subjects.messages import PRECEDENCES, MessageView, due_for
from parley.subjects.messages import facts as said
from parley.subjects.standing import ReleaseView
from parley.times import Moment, moment_text

_URGENCY: Final = {name: rank for rank, name in enumerate(PRECEDENCES)}
_STATUSES: Final = ("actual", "exercise", "test")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What somebody wants to say, before it is a draft or a message."""

    channel: str
    text: str
    language: str
    precedence: str = "ROUTINE"
    status: str = ""  # "": what this node is for
    title: str = ""
    order: bool = False  # asks for a read-back
    answers: str = ""  # subject it answers
    attachments: tuple[str, ...] = ()  # roots of files already taken in by `attach`


# --- drafts ---------------------------------------------------------------------------------------------------------


async def save_draft(node: NodePort, who: Who, words: Words, *, draft: str | None = None) -> DraftRow:
    """Keep a draft, new or changed; a change takes back every review of it, and makes its author the drafter."""
    need_in(node, who, "draft", words.channel)
    words = _checked(node, words)
    kept = Draft(
        id=draft or secrets.token_hex(6),
        channel=words.channel,
        text=words.text,
        language=words.language,
        precedence=words.precedence,
        status=words.status or node.default_status,
        title=words.title,
        order=words.order,
        answers=words.answers,
        attachments=words.attachments,
        drafted_by=who.person,
        changed_at=node.moment(),
    )
    if draft is not None:
        before = _found(node, who, "draft", draft)
        kept = drafts.change(before, kept, who.person, node.moment())
    return await _keep(node, who, kept)


async def submit_draft(node: NodePort, who: Who, draft: str, *, note: str = "") -> DraftRow:
    """Put a draft before others for review and release."""
    kept = _found(node, who, "draft", draft)
    return await _keep(node, who, drafts.submit(kept, make_text(note), node.moment()))


async def review_draft(node: NodePort, who: Who, draft: str, *, good: bool, note: str = "") -> DraftRow:
    """Approve a draft or send it back; its drafter cannot review it."""
    kept = _found(node, who, "release", draft)
    return await _keep(node, who, drafts.review(kept, who.person, good=good, note=make_text(note)))


async def release_draft(node: NodePort, who: Who, draft: str, *, precedence: str | None = None) -> Sent:
    """Send a draft across the line; the releaser may change the precedence. FLASH needs a second person.

    Raises: Refused `binding.missing` for a FLASH where our side lists passkeys: `begin_release` is the way then.
    """
    kept = _found(node, who, "release", draft)
    begun, fact = _prepared(node, who, kept, precedence)
    if begun.precedence == "FLASH":
        binding.refuse_unsigned(node, "releasing a FLASH")
    return await _release(node, who, kept, begun, fact)


def begin_release(node: NodePort, who: Who, place: DeskPlace, draft: str, *, precedence: str | None = None) -> Asked:
    """Begin to release a draft with the releaser's passkey; `binding.complete` sends it."""
    kept = _found(node, who, "release", draft)
    begun, fact = _prepared(node, who, kept, precedence)

    async def release(signed: Fact) -> Sent:
        if _found(node, who, "release", draft) != kept:
            raise Refused("binding.changed", "the words were changed since you were shown them; nothing was sent")
        return await _release(node, who, kept, begun, signed)

    return binding.begin(node, who, place, fact, release, precedence=begun.precedence, status=begun.status)


def _prepared(node: NodePort, who: Who, kept: Draft, precedence: str | None) -> tuple[Draft, Fact]:
    """Give a draft with its release begun, and the fact that would be written."""
    begun = drafts.release(
        kept, who.person, who.rights, _policy(node), node.moment(),
        precedence=_precedence(precedence) if precedence else "",
    )  # fmt: skip
    words = _checked(node, _words(begun))
    alone = drafts.is_alone(begun, who.person)
    return begun, _fact(node, who, words, drafted_by=kept.drafted_by, alone=alone)


async def _release(node: NodePort, who: Who, kept: Draft, begun: Draft, fact: Fact) -> Sent:
    if kept.id in _releasing:
        raise Refused("drafts.state", "somebody releases it at this moment")
    _releasing.add(kept.id)
    try:
        await node.keep([drafts.row(begun)])
        try:
            sent = await write(node, who, fact, precedence=begun.precedence, status=begun.status)
        except Refused:
            await node.keep([drafts.row(kept)])  # nothing was written: it is a draft as before
            raise
        await node.keep([drafts.gone(kept.id)])
    finally:
        _releasing.discard(kept.id)
    _tell(node, kept.channel)
    return sent


# Drafts whose release is under way: the disk says so a moment later, and two desks may press at once.
_releasing: Final[set[str]] = set()


async def discard_draft(node: NodePort, who: Who, draft: str) -> None:
    """Throw a draft away."""
    kept = _found(node, who, "draft", draft)
    drafts.move(kept, "discard")
    await node.keep([drafts.gone(draft)])
    _tell(node, kept.channel)


def list_drafts(node: NodePort, who: Who, *, channel: str | None = None) -> list[DraftRow]:
    """Give the drafts of the channels the person may read, newest first."""
    if not {"draft", "release"} & who.rights:
        return []
    readable: dict[str, bool] = {}
    rows: list[DraftRow] = []
    for kept in drafts.every(node.store):
        if channel is None or kept.channel == channel:
            if kept.channel not in readable:
                readable[kept.channel] = may_read(node, who, kept.channel)
            if readable[kept.channel]:
                rows.append(_draft_row(node, who, kept))
    return rows


def draft(node: NodePort, who: Who, draft: str) -> DraftRow:
    """Give one draft."""
    kept = drafts.find(node.store, draft)
    need_in(node, who, "read", kept.channel)
    return _draft_row(node, who, kept)


# --- messages -------------------------------------------------------------------------------------------------------


async def send_message(node: NodePort, who: Who, words: Words) -> Sent:
    """Draft and release in one where one person may; FLASH is refused here with `messages.second-person`."""
    need_in(node, who, "release", words.channel)
    if words.precedence == "FLASH":
        raise Refused("messages.second-person", "a FLASH needs a second person: save a draft, another releases it")
    words = _checked(node, words)
    fact = _fact(node, who, words, drafted_by=who.person, alone=False)
    return await write(node, who, fact, precedence=words.precedence, status=words.status)


def _fact(node: NodePort, who: Who, words: Words, *, drafted_by: str, alone: bool) -> Fact:
    return said.send(
        words.channel,
        text=words.text,
        language=words.language,
        due=due_for(words.precedence, node.moment()),
        drafted_by=drafted_by,
        released_by=(who.person,),
        title=words.title,
        released_alone=alone,
        attachments=[file_facts(node, root) for root in words.attachments] if words.attachments else (),
        order=words.order,
        answers=words.answers,
    )


async def show_message(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Say across the line that a desk of ours shows the message; once a desk, later calls do nothing."""
    need_in(node, who, "read", channel)
    view = message_view(node, channel, subject)
    desk = who.desk or who.via
    if view.side == node.identity.ours.side or any(one.desk == desk and one.person == who.person for one in view.shown):
        return
    await _write(node, who, view, said.show(channel, subject, desk))


async def acknowledge(node: NodePort, who: Who, channel: str, subject: str, *, note: str = "") -> Sent:
    """Acknowledge the other side's message in the person's name.

    Raises: Refused `binding.missing` for a FLASH where our side lists passkeys: `begin_acknowledge` is the way then.
    """
    need_in(node, who, "acknowledge", channel)
    view = message_view(node, channel, subject)
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
    node: NodePort, who: Who, channel: str, subject: str, *, good: bool, text: str = ""
) -> Sent:
    """Confirm the other side's last open read-back of our order, or say what is wrong with it."""
    need_in(node, who, "acknowledge", channel)
    view = message_view(node, channel, subject)
    reading = next((one for one in reversed(view.read_backs) if one.state == "waiting"), None)
    if reading is None:
        raise Refused("messages.no-read-back", "no read-back of this message waits for a word of ours")
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
    """Give every message that waits for somebody here, the most urgent first."""
    us = node.identity.ours.side
    rows: list[MessageRow] = []
    for room in node.book.line_view().channels:
        if may_read(node, who, room.id):
            rows += ahead_rows(node, room)
            rows += [
                message_row(node, who, room, view)
                for item in node.book.open_items(room.id)
                if item.side != us and (view := node.book.message(room.id, item.subject)) is not None
            ]
    return sorted(rows, key=lambda row: (_URGENCY.get(row.precedence, 9), row.due, row.subject))


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


def _checked(node: NodePort, words: Words) -> Words:
    """Give the words as they will stand in the entry; raises Refused `messages.…` saying what is wrong.

    A status left open stays so: the node fills in its own.
    """
    _precedence(words.precedence)
    status = words.status or node.default_status
    if status not in _STATUSES:
        raise Refused("messages.status", f"expected {', '.join(_STATUSES)}, got {status[:20]!r}")
    if node.default_status != "actual" and status == "actual":
        raise Refused("messages.status", f"this node is for {node.default_status}: nothing here is marked actual")
    text, title = make_text(words.text), make_text(words.title) if words.title else ""
    if not text.strip():
        raise Refused("messages.empty", "there are no words to send")
    if words.precedence in said.URGENT and count_words(text) > limits.URGENT_WORDS_MAX:
        raise Refused(
            "messages.words",
            f"{words.precedence} holds at most {limits.URGENT_WORDS_MAX} words, this has {count_words(text)}",
        )
    if text == words.text and title == words.title:
        return words
    return replace(words, text=text, title=title)


def _precedence(precedence: str) -> str:
    if precedence not in PRECEDENCES:
        raise Refused("messages.precedence", f"expected {', '.join(PRECEDENCES)}, got {precedence[:20]!r}")
    return precedence


def _words(kept: Draft) -> Words:
    return Words(
        channel=kept.channel,
        text=kept.text,
        language=kept.language,
        precedence=kept.precedence,
        status=kept.status,
        title=kept.title,
        order=kept.order,
        answers=kept.answers,
        attachments=kept.attachments,
    )


def _found(node: NodePort, who: Who, right: str, draft: str) -> Draft:
    kept = drafts.find(node.store, draft)
    need_in(node, who, right, kept.channel)
    if kept.id in _releasing:
        raise Refused("drafts.state", "somebody releases it at this moment")
    return kept


def _policy(node: NodePort) -> Alone | None:
    """Give who may release a FLASH alone, as our side laid it down in the record."""
    view = node.book.view("line", f"release/{node.identity.ours.side}")
    return Alone(persons=view.persons, after_s=view.after_s) if isinstance(view, ReleaseView) else None


async def _keep(node: NodePort, who: Who, kept: Draft) -> DraftRow:
    await node.keep([drafts.row(kept)])
    _tell(node, kept.channel, kept)
    return _draft_row(node, who, kept)


def _tell(node: NodePort, channel: str, kept: Draft | None = None) -> None:
    """Ring our own desks: a FLASH that waits for its second person must be seen at once."""
    urgent = kept.precedence if kept is not None and kept.state == drafts.REVIEW else ""
    node.tell("draft", {"channel": channel, "precedence": urgent})


def _draft_row(node: NodePort, who: Who, kept: Draft) -> DraftRow:
    policy = _policy(node)
    refused = drafts.why_not(kept, who.person, who.rights, policy, node.moment())
    after = drafts.alone_after(kept, who.person, policy)
    return DraftRow(
        id=kept.id,
        channel=kept.channel,
        precedence=kept.precedence,
        status=kept.status,
        language=kept.language,
        title=kept.title,
        text=kept.text,
        order=kept.order,
        answers=kept.answers,
        attachments=tuple(file_row(node, root) for root in kept.attachments),
        state=kept.state,
        drafted_by=kept.drafted_by,
        drafted_by_name=person_name(node, node.identity.ours.side, kept.drafted_by)[0],
        reviewed_by=kept.reviewed_by,
        note=kept.note,
        changed_at=moment_text(Moment(kept.changed_at)),
        words=count_words(kept.text),
        needs_second=kept.precedence == "FLASH",
        alone_after=None if after is None else moment_text(after),
        may_release=not refused,
        why_not=refused,
        signs=kept.precedence == "FLASH" and binding.must_sign(node),
    )


def _place(before: str) -> Place | None:
    if not before:
        return None
    turn, _, rest = before.partition(".")
    epoch, _, rest = rest.partition(".")
    number, _, side = rest.partition(".")
    if not all(each.isascii() and each.isdigit() and len(each) < 17 for each in (turn, epoch, number)) or not side:
        raise Refused("messages.page", "`before` has to come from an earlier page")
    return (int(turn), side, int(epoch), int(number))
