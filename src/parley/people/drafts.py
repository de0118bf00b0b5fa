"""A message before it is released: written by one, reviewed and released by another. Private to our side.

Owns: the space `private.drafts`, the states of a draft and its moves, the rule of the second person before release.
Does not own: the rule by which the other side judges a released FLASH (subjects/messages/rules.py says the same again).
Always true:
  1. Persons are compared, not sessions: who changed the words last is their drafter, and is not the second person.
  2. A changed word takes back every review.
  3. A draft whose release was begun and not seen to end is never released by itself again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from parley.errors import Refused
from parley.people import kept
from parley.people.kept import Values
from parley.storage.port import ValueRow
from parley.times import Moment, moment_text

SPACE: Final = "private.drafts"
DRAFT, REVIEW, RETURNED, APPROVED, RELEASING = "draft", "review", "returned", "approved", "releasing"
# What may be done in which state, and what state it leads to; what is not here is refused.
MOVES: Final[dict[tuple[str, str], str]] = {
    **{(state, "change"): DRAFT for state in (DRAFT, REVIEW, RETURNED, APPROVED, RELEASING)},
    **{(state, "submit"): REVIEW for state in (DRAFT, RETURNED)},
    **{(state, "approve"): APPROVED for state in (REVIEW, APPROVED)},
    **{(state, "return"): RETURNED for state in (REVIEW, APPROVED)},
    **{(state, "release"): RELEASING for state in (DRAFT, REVIEW, APPROVED)},
    **{(state, "discard"): "" for state in (DRAFT, REVIEW, RETURNED, APPROVED, RELEASING)},
}
_WORDS: Final = {
    RETURNED: "it was sent back: change it or submit it again first",
    RELEASING: "its release was begun; look in the thread whether it went out, then change or discard it",
}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The words, who wrote them last, and how far they have come."""

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


class Alone(msgspec.Struct, frozen=True, kw_only=True):
    """What our release policy in force says (subjects.standing.ReleaseView): who, after how long."""

    persons: tuple[str, ...]
    after_s: int


_decoder: Final = msgspec.json.Decoder(Draft)


def find(values: Values, draft: str) -> Draft:
    """Give a draft; raises Refused `drafts.unknown`."""
    data = values.value(SPACE, draft)
    if data is None:
        raise Refused("drafts.unknown", "there is no such draft; somebody may have released or discarded it")
    return kept.read(_decoder, data)


def every(values: Values) -> list[Draft]:
    """Give every draft, the last changed first."""
    found = [draft for _, draft in kept.every(values, SPACE, _decoder)]
    return sorted(found, key=lambda draft: (-draft.changed_at, draft.id))


def row(draft: Draft) -> ValueRow:
    """Give the row that stores a draft."""
    return ValueRow(SPACE, draft.id, kept.write(draft))


def gone(draft: str) -> ValueRow:
    """Give the row that removes a draft."""
    return ValueRow(SPACE, draft, None)


def move(draft: Draft, act: str) -> str:
    """Give the state an act leads to; raises Refused `drafts.state` if it may not follow on the draft's state."""
    state = MOVES.get((draft.state, act))
    if state is None:
        raise Refused("drafts.state", _WORDS.get(draft.state, f"a draft in state {draft.state} cannot do that"))
    return state


def change(draft: Draft, words: Draft, person: str, now: Moment) -> Draft:
    """Give the draft with other words, which are this person's now; every review is taken back."""
    return msgspec.structs.replace(
        words, id=draft.id, drafted_by=person, state=move(draft, "change"), reviewed_by=(), note="",
        changed_at=int(now), submitted_at=None,
    )  # fmt: skip


def submit(draft: Draft, note: str, now: Moment) -> Draft:
    """Give the draft put before others."""
    return msgspec.structs.replace(draft, state=move(draft, "submit"), note=note, submitted_at=int(now))


def review(draft: Draft, person: str, *, good: bool, note: str = "") -> Draft:
    """Give the draft approved or sent back; raises Refused `drafts.own` for one's own words."""
    state = move(draft, "approve" if good else "return")
    if person == draft.drafted_by:
        raise Refused("drafts.own", "the words are yours; somebody else has to review them")
    seen = tuple(dict.fromkeys((*draft.reviewed_by, person))) if good else ()
    return msgspec.structs.replace(draft, state=state, reviewed_by=seen, note=note)


def alone_after(draft: Draft, person: str, policy: Alone | None) -> Moment | None:
    """Give the moment from which this person may release the draft alone by the policy laid down; None for never."""
    if policy is None or person not in policy.persons or draft.submitted_at is None:
        return None
    return Moment(draft.submitted_at + policy.after_s * 1000)


def why_not(draft: Draft, person: str, rights: Collection[str], policy: Alone | None, now: Moment) -> str:
    """Say why the person may not release the draft just now, or "" if they may."""
    if "release" not in rights:
        return "your role does not release messages"
    if (draft.state, "release") not in MOVES:
        return _WORDS.get(draft.state, f"a draft in state {draft.state} cannot be released")
    if draft.precedence != "FLASH" or person != draft.drafted_by:
        return ""
    after = alone_after(draft, person, policy)
    if after is None:
        return "a FLASH needs a second person, and the words are yours"
    if now < after:
        return f"a FLASH needs a second person; from {moment_text(after)} the policy lets you release it alone"
    return ""


def release(
    draft: Draft, person: str, rights: Collection[str], policy: Alone | None, now: Moment, *, precedence: str = ""
) -> Draft:
    """Give the draft with its release begun: store it, author the entry, then store `gone`.

    Args:
        precedence: The releaser's, where it differs from the drafter's; the rule is asked of this one.
    Raises: Refused `people.right`, `drafts.state`, `messages.second-person`; the draft stays as it is.
    """
    final = msgspec.structs.replace(draft, precedence=precedence or draft.precedence)
    refused = why_not(final, person, rights, policy, now)
    if not refused:
        return msgspec.structs.replace(final, state=move(draft, "release"))
    if "release" not in rights:
        raise Refused("people.right", refused)
    second = (draft.state, "release") in MOVES
    raise Refused("messages.second-person" if second else "drafts.state", refused)


def is_alone(draft: Draft, person: str) -> bool:
    """Say whether this release is by one person: the entry then says so (`released_alone`)."""
    return draft.precedence == "FLASH" and person == draft.drafted_by
