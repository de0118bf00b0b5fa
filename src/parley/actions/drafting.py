"""What a person may do with a draft, from its first words to its release.

Owns: rights, the steps of a draft, the second person, a release that is under way.
Does not own: which step may follow which (people/drafts.py), the words themselves (wording.py), messages (messages.py).
"""

from __future__ import annotations

import secrets
from typing import Final

from parley.actions import binding
from parley.actions.binding import Asked
from parley.actions.files import file_row
from parley.actions.passkeys import Place as DeskPlace
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import DraftRow, Sent
from parley.actions.sending import write
from parley.actions.who import Who, may_read, need_in
from parley.actions.wording import Words, checked, fact_of, known_precedence
from parley.codec.text import count_words, make_text
from parley.errors import Refused
from parley.people import Alone, Draft, drafts
from parley.subjects.kinds import Fact
from parley.subjects.standing import ReleaseView
from parley.times import Moment, moment_text


async def save_draft(node: NodePort, who: Who, words: Words, *, draft: str | None = None) -> DraftRow:
    """Keep a draft, new or changed; a change takes back every review of it, and makes its author the drafter."""
    need_in(node, who, "draft", words.channel)
    words = checked(node, words)
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


async def review_draft(
    node: NodePort, who: Who, draft: str, *, good: bool, note: str = "", seen: str | None = None
) -> DraftRow:
    """Approve a draft or send it back; its drafter cannot review it. For `seen` see `release_draft`."""
    kept = _found(node, who, "release", draft)
    _refuse_unseen(kept, seen)
    return await _keep(node, who, drafts.review(kept, who.person, good=good, note=make_text(note)))


async def release_draft(
    node: NodePort, who: Who, draft: str, *, precedence: str | None = None, seen: str | None = None
) -> Sent:
    """Send a draft across the line; the releaser may change the precedence. FLASH needs a second person.

    Args:
        seen: `changed_at` of the words that the releaser was shown; None where nobody was shown any.
    Raises: Refused `drafts.changed` if the words are others by now, `binding.missing` for a FLASH where our side lists
        passkeys: `begin_release` is the way then.
    """
    kept = _found(node, who, "release", draft)
    _refuse_unseen(kept, seen)
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
        precedence=known_precedence(precedence) if precedence else "",
    )  # fmt: skip
    words = checked(node, _words(begun))
    alone = drafts.is_alone(begun, who.person)
    return begun, fact_of(node, who.person, words, drafted_by=kept.drafted_by, alone=alone)


def _refuse_unseen(kept: Draft, seen: str | None) -> None:
    """Raise Refused `drafts.changed`: its drafter may change the words while the second person still reads them."""
    if seen is not None and seen != moment_text(Moment(kept.changed_at)):
        raise Refused("drafts.changed", "the words were changed since you were shown them; nothing was sent")


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
