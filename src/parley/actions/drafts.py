"""Drafts as they lie on disk: private to our side, never on the wire. And who may release one, as words.

Owns: the space `private.drafts`, the states of a draft, the rule of the second person before release.
Does not own: the rule the other side judges a released FLASH by (subjects/messages/rules.py says the same again).
Always true:
  1. Persons are compared, not sessions: whoever last changed the text is its drafter, and is not the second person.
  2. A draft whose release was begun and not finished is never released by itself again.
"""

from __future__ import annotations

import secrets
from typing import Final

import msgspec

from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.errors import OurMistake, Refused
from parley.storage import ValueRow
from parley.subjects.standing import ReleaseView
from parley.times import Moment, moment_text

SPACE: Final = "private.drafts"
DRAFT, REVIEW, RETURNED, APPROVED, RELEASING = "draft", "review", "returned", "approved", "releasing"
# What may be done in which state; what is not here is refused.
MOVES: Final = {
    "change": (DRAFT, REVIEW, RETURNED, APPROVED, RELEASING),
    "submit": (DRAFT, RETURNED),
    "review": (REVIEW, APPROVED),
    "release": (DRAFT, REVIEW, APPROVED),
    "discard": (DRAFT, REVIEW, RETURNED, APPROVED, RELEASING),
}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message before it is released."""

    id: str
    channel: str
    text: str
    language: str
    precedence: str
    status: str
    title: str
    order: bool
    answers: str
    attachments: tuple[str, ...]
    drafted_by: str
    state: str = DRAFT
    reviewed_by: tuple[str, ...] = ()
    note: str = ""
    changed_at: int = 0
    submitted_at: int | None = None


_draft = msgspec.json.Decoder(Draft)


def new_id() -> str:
    """Give the id of a new draft."""
    return secrets.token_hex(6)


def find(node: NodePort, draft: str) -> Draft:
    """Give a draft; raises Refused `drafts.unknown`."""
    raw = node.store.value(SPACE, draft)
    if raw is None:
        raise Refused("drafts.unknown", "there is no such draft; somebody may have released or discarded it")
    return _read(raw)


def every(node: NodePort) -> list[Draft]:
    """Give every draft, the last changed first."""
    found = [_read(raw) for _, raw in node.store.values(SPACE, count=10_000)]
    return sorted(found, key=lambda draft: (-draft.changed_at, draft.id))


def row(draft: Draft) -> ValueRow:
    """Give the row that stores a draft."""
    return ValueRow(SPACE, draft.id, msgspec.json.encode(draft))


def gone(draft: str) -> ValueRow:
    """Give the row that removes a draft."""
    return ValueRow(SPACE, draft, None)


def move(draft: Draft, act: str) -> None:
    """Raise Refused `drafts.state` unless the act may follow on the draft's state."""
    if draft.state not in MOVES[act]:
        words = {
            RETURNED: "it was sent back: change it or submit it again first",
            RELEASING: "its release was begun; look in the thread whether it went out, then change or discard it",
        }
        raise Refused("drafts.state", words.get(draft.state, f"a draft in state {draft.state} cannot do that"))


def alone_after(node: NodePort, who: Who, draft: Draft) -> Moment | None:
    """Give the moment from which the side's policy lets this person release the FLASH alone; None for never."""
    policy = node.book.view("line", f"release/{node.identity.ours.side}")
    if not isinstance(policy, ReleaseView) or who.person not in policy.persons or draft.submitted_at is None:
        return None
    return Moment(draft.submitted_at + policy.after_s * 1000)


def why_not(node: NodePort, who: Who, draft: Draft) -> str:
    """Say why the person may not release the draft just now, or "" if they may."""
    if "release" not in who.rights:
        return "your role does not release messages"
    if draft.state not in MOVES["release"]:
        return "it was sent back" if draft.state == RETURNED else "its release was begun before"
    if draft.precedence != "FLASH" or who.person != draft.drafted_by:
        return ""
    after = alone_after(node, who, draft)
    if after is None:
        return "a FLASH needs a second person, and the words are yours"
    if node.moment() < after:
        return f"a FLASH needs a second person; from {moment_text(after)} the policy lets you release it alone"
    return ""


def _read(raw: bytes) -> Draft:
    try:
        return _draft.decode(raw)
    except msgspec.MsgspecError:
        raise OurMistake("drafts.form", "a draft on our own disk does not have the form we write") from None
