"""What our side has ready for a meeting, in private: items held back, papers, a glossary, and who may see it.

Owns: the right of each act, the way from private to the agenda. Does not own: the form on disk
(people/preparations.py).
Always true:
  1. Nothing here crosses until somebody raises the item or gives the paper (promise 9).
  2. An interpreter sees nothing of it before somebody who speaks for the side has released it to interpreters.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import msgspec

from parley import limits
from parley.actions import messages
from parley.actions.files import file_facts
from parley.actions.meetings import add_document, meeting_view, put_item
from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow, Sent
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.codec.text import make_text
from parley.errors import Refused
from parley.people import preparations
from parley.people.preparations import Paper, Prepared, Raise
from parley.times import moment_text


async def hold_item(
    node: NodePort, who: Who, channel: str, subject: str, *, title: str, note: str = "", minutes: int = 0
) -> str:
    """Keep an item back, to be raised in the room; gives its id. Nothing of it crosses until then."""
    meeting_view(node, who, "release", channel, subject)
    words, more = make_text(title).strip(), make_text(note).strip()
    if not words or len(words) > limits.TITLE_CHARS_MAX or len(more) > limits.NOTE_CHARS_MAX:
        raise Refused("talks.item", f"a title of at most {limits.TITLE_CHARS_MAX} signs, a note of at most 1,000")
    if not 0 <= minutes <= limits.MEETING_MINUTES_MAX:
        raise Refused("talks.item", f"expected 0 to {limits.MEETING_MINUTES_MAX} minutes")
    item = Raise(
        id=secrets.token_hex(8), title=words, note=more, minutes=minutes, by=who.person, at=moment_text(node.moment())
    )
    await _keep(node, channel, subject, preparations.hold(_found(node, channel, subject), item))
    return item.id


async def drop_item(node: NodePort, who: Who, channel: str, subject: str, item: str) -> None:
    """Forget an item that was held back."""
    meeting_view(node, who, "release", channel, subject)
    await _keep(node, channel, subject, preparations.take(_found(node, channel, subject), item)[1])


async def raise_item(node: NodePort, who: Who, channel: str, subject: str, item: str) -> Sent:
    """Raise an item that was held back: it is on the agenda, marked so, and held back no more."""
    meeting_view(node, who, "release", channel, subject)
    found, _ = preparations.take(_found(node, channel, subject), item)
    done = await put_item(
        node, who, channel, subject, title=found.title, note=found.note, minutes=found.minutes, raised=True
    )  # fmt: skip
    _, left = preparations.take(_found(node, channel, subject), item)  # as it is now: something may have been added
    await _keep(node, channel, subject, left)
    return done


async def keep_paper(node: NodePort, who: Who, channel: str, subject: str, root: str) -> None:
    """Keep a file that was handed in as a paper of our side alone."""
    meeting_view(node, who, "release", channel, subject)
    facts = file_facts(node, root)
    paper = Paper(
        root=root, name=str(facts["name"]), media=str(facts["media"]), size=int(str(facts["size"])), by=who.person,
        at=moment_text(node.moment()),
    )  # fmt: skip
    await _keep(node, channel, subject, preparations.put_by(_found(node, channel, subject), paper))


async def drop_paper(node: NodePort, who: Who, channel: str, subject: str, root: str) -> None:
    """Take a paper of ours out."""
    meeting_view(node, who, "release", channel, subject)
    await _keep(node, channel, subject, preparations.take_paper(_found(node, channel, subject), root)[1])


async def give_paper(node: NodePort, who: Who, channel: str, subject: str, item: str, root: str) -> Sent:
    """Give a file of ours to the other side as a document of an item: a message carries it, the item names it."""
    view = meeting_view(node, who, "release", channel, subject)
    found = next((one for one in view.items if one.ref.id == item), None)
    if found is None or found.withdrawn:
        raise Refused("talks.unknown", "there is no such item on this agenda")
    language = node.identity.ours.languages[0]
    words = Words(
        channel=channel, text=f"{view.purpose}: {found.title}", language=language, status=view.status,
        attachments=(root,),
    )  # fmt: skip
    message = await messages.send_message(node, who, words)
    sent = await add_document(node, who, channel, subject, item, message=message.subject, root=root)
    prepared = _found(node, channel, subject)
    if any(one.root == root for one in prepared.papers):
        await _keep(node, channel, subject, preparations.take_paper(prepared, root)[1])
    return sent


def read_paper(
    node: NodePort, who: Who, channel: str, subject: str, root: str
) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
    """Give a paper of ours to somebody who may see what is prepared."""
    meeting_view(node, who, "read", channel, subject)
    prepared = _found(node, channel, subject)
    if not preparations.may_see(prepared, who.rights):
        raise Refused("talks.not-released", "what is prepared was not released to interpreters yet")
    paper, _ = preparations.take_paper(prepared, root)
    row = AttachmentRow(
        root=root, size=paper.size, media=paper.media, name=paper.name, here_bytes=paper.size, here=True, there=None
    )
    return row, node.read_attachment(root)


async def set_terms(node: NodePort, who: Who, channel: str, subject: str, *, terms: str) -> None:
    """Set our glossary for the meeting, private to our side: a line each, `word = word`."""
    meeting_view(node, who, "draft", channel, subject)
    prepared = _found(node, channel, subject)
    if not preparations.may_see(prepared, who.rights):
        raise Refused("talks.not-released", "what is prepared was not released to interpreters yet")
    found = preparations.read_terms(make_text(terms))
    await _keep(node, channel, subject, msgspec.structs.replace(prepared, terms=found))


async def release_to_interpreters(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Let our interpreters see what is prepared, before the meeting."""
    meeting_view(node, who, "release", channel, subject)
    prepared = msgspec.structs.replace(
        _found(node, channel, subject), released_at=moment_text(node.moment()), released_by=who.person
    )
    await _keep(node, channel, subject, prepared)


def _found(node: NodePort, channel: str, subject: str) -> Prepared:
    return preparations.find(node.store, channel, subject)


async def _keep(node: NodePort, channel: str, subject: str, prepared: Prepared) -> None:
    await node.keep([preparations.row(channel, subject, prepared)])
    node.tell("draft", {"channel": channel, "code": "prepared"})
