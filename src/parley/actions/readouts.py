"""The readouts of a meeting, as a person has them: ask for both, draft ours, seal it, lay press reports beside them.

Owns: rights, the draft and its warnings, salt and digest, what each person may do next.
Does not own: which facts are allowed (subjects/readouts/), opening (node/readouts.py does it), the comparison
(comparing.py).
Always true:
  1. Salt and text are on our disk before the digest is in the record.
  2. A warning is shown and never blocks: the side speaks for itself.
"""

from __future__ import annotations

import secrets
from typing import Final

from parley import limits
from parley.actions import binding
from parley.actions.binding import Asked
from parley.actions.passkeys import Place
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.readout_facts import neutral_of
from parley.actions.readout_rows import (
    AccountRow,
    ContestRow,
    PressRow,
    ReadoutDraftRow,
    ReadoutRow,
    StatementRow,
    Warning,
)
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, may_read, need, need_in
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.people import readouts as kept
from parley.statements.neutral import warnings as contradictions
from parley.subjects.kinds import Fact
from parley.subjects.readouts import Account, ReadoutView
from parley.subjects.readouts import facts as said
from parley.subjects.readouts.sealing import SALT_BYTES, digest_of
from parley.times import moment_text, read_moment

_SHOWN: Final = 100  # readouts listed of a channel, the latest


async def ask(
    node: NodePort, who: Who, channel: str, *, title: str, date: str, meeting: str = "", open_at: str = "",
    status: str = "",
) -> Sent:  # fmt: skip
    """Ask for both readouts of a meeting, by its subject or by title and date; maybe with a time of opening."""
    need_in(node, who, "release", channel)
    fact = said.ask(channel, title=make_text(title).strip(), date=date, meeting=meeting, open_at=_moment(open_at))
    return await write(node, who, fact, status=status)


async def agree_time(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Agree to the time of opening that the other side asked for."""
    view = readout_view(node, who, "release", channel, subject)
    return await write(node, who, said.agree_time(channel, subject), status=view.status)


async def save_draft(
    node: NodePort, who: Who, channel: str, subject: str, *, text: str, language: str = ""
) -> tuple[Warning, ...]:
    """Keep our draft; give where it contradicts the record."""
    view = readout_view(node, who, "draft", channel, subject)
    words = _fitting(text)
    held = kept.Draft(
        text=words, language=language or node.identity.ours.languages[0], changed_by=who.person,
        changed_at=moment_text(node.moment()),
    )  # fmt: skip
    await node.keep([kept.draft_row(channel, subject, held)])
    node.tell("draft", {"channel": channel})
    return contradictions(words, neutral_of(node, who, view))


async def seal(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Seal our draft: its digest is in the record when this returns, its words stay here until they are opened.

    Raises: Refused `binding.missing` where our side lists passkeys: `begin_seal` is the way then.
    """
    binding.refuse_unsigned(node, "sealing a readout")
    view, digest, held = _sealing(node, who, channel, subject)
    await node.keep([kept.sealed_row(channel, subject, digest, held)])
    return await write(node, who, said.seal(channel, subject, digest), status=view.status)


def begin_seal(node: NodePort, who: Who, place: Place, channel: str, subject: str) -> Asked:
    """Begin to seal our draft with the person's passkey; `binding.complete` does it."""
    view, digest, held = _sealing(node, who, channel, subject)

    async def seal_signed(signed: Fact) -> Sent:
        again = readout_view(node, who, "release", channel, subject)
        draft = kept.draft(node.store, channel, subject)
        if draft is None or (draft.text, draft.language) != (held.text, held.language) or _ours(node, again):
            raise Refused("binding.changed", "the draft was changed since you were shown it; nothing was sealed")
        await node.keep([kept.sealed_row(channel, subject, digest, held)])
        return await write(node, who, signed, status=view.status)

    fact = said.seal(channel, subject, digest)
    return binding.begin(node, who, place, fact, seal_signed, precedence="", status=view.status)


def _sealing(node: NodePort, who: Who, channel: str, subject: str) -> tuple[ReadoutView, str, kept.Sealed]:
    view = readout_view(node, who, "release", channel, subject)
    if _ours(node, view) is not None:
        raise Refused("readouts.again", "our readout is sealed already: a side seals once")
    draft = kept.draft(node.store, channel, subject)
    if draft is None or not draft.text.strip():
        raise Refused("readouts.no-draft", "there is no draft to seal yet")
    held = kept.Sealed(text=draft.text, language=draft.language, salt=secrets.token_bytes(SALT_BYTES).hex())
    digest = digest_of(
        line=node.identity.line, channel=channel, subject=subject, side=node.identity.ours.side,
        language=held.language, salt=held.salt, text=held.text,
    )  # fmt: skip
    return view, digest, held


async def contest(
    node: NodePort, who: Who, channel: str, subject: str, *, statement: int, reason: str
) -> Sent:  # fmt: skip
    """Contest an attribution in the other side's readout; their words and their statement stay as they are."""
    view = readout_view(node, who, "release", channel, subject)
    theirs = view.account(node.identity.theirs.side)
    if theirs is None or theirs.confirmed is None:
        raise Refused("readouts.not-confirmed", "the other side has confirmed no statements yet")
    fact = said.contest(channel, subject, theirs.confirmed, statement, make_text(reason).strip())
    return await write(node, who, fact, status=view.status)


async def share_press(
    node: NodePort, who: Who, channel: str, subject: str, *, source: str, date: str, text: str, address: str = "",
    language: str = "",
) -> Sent:  # fmt: skip
    """Lay a press report beside the readouts, for both sides, with where it is from."""
    view = readout_view(node, who, "release", channel, subject)
    fact = said.share_press(
        channel, subject, source=make_text(source).strip(), date=date, address=make_text(address).strip(),
        language=language or node.identity.ours.languages[0], text=_fitting(text),
    )  # fmt: skip
    return await write(node, who, fact, status=view.status)


def readouts(node: NodePort, who: Who) -> list[ReadoutRow]:
    """Give the latest readouts of all channels this person may read, newest first."""
    need(who, "read")
    found: list[ReadoutRow] = []
    for room in node.book.line_view().channels:
        if may_read(node, who, room.id):
            rows = node.store.recent(room.id, ("readout.asked",), before=None, count=_SHOWN)
            views = [node.book.view(room.id, row.subject) for row in rows if row.verdict == "valid"]
            found += [row_of(node, who, view) for view in views if isinstance(view, ReadoutView)]
    return sorted(found, key=lambda row: row.at, reverse=True)


def readout(node: NodePort, who: Who, channel: str, subject: str) -> ReadoutRow:
    """Give the readouts of one meeting."""
    return row_of(node, who, readout_view(node, who, "read", channel, subject))


def readout_view(node: NodePort, who: Who, right: str, channel: str, subject: str) -> ReadoutView:
    """Give the view, for a person with the right. Raises Refused `readouts.unknown`."""
    need_in(node, who, right, channel)
    view = node.book.view(channel, subject)
    if not isinstance(view, ReadoutView):
        raise Refused("readouts.unknown", f'no readouts "{subject[:100]}" in {channel[:48]}')
    return view


# --- inside -----------------------------------------------------------------------------------------------------------


def _fitting(text: str) -> str:
    words = make_text(text).strip()
    if len(words) > limits.READOUT_CHARS_MAX:
        raise Refused("readouts.long", f"at most {limits.READOUT_CHARS_MAX} characters, this has {len(words)}")
    return words


def _moment(text: str) -> str:
    if not text:
        return ""
    try:
        return moment_text(read_moment(text))
    except PeerError:
        raise Refused("readouts.time", "say when, as 2026-11-23T10:00:00.000Z, or nothing") from None


def _ours(node: NodePort, view: ReadoutView) -> Account | None:
    return view.account(node.identity.ours.side)


def row_of(node: NodePort, who: Who, view: ReadoutView) -> ReadoutRow:
    """Give the row of a view that the person may read."""
    us, them = node.identity.ours, node.identity.theirs
    facts = neutral_of(node, who, view)
    accounts = tuple(_account(node, view, party.side, party.name) for party in (us, them))
    board = kept.board(node.store, view.channel, view.subject)
    may_see = bool({"draft", "release"} & who.rights)
    draft = kept.draft(node.store, view.channel, view.subject) if may_see else None
    return ReadoutRow(
        subject=view.subject, channel=view.channel, ours=view.side == us.side,
        asked_by=person_name(node, view.side, view.person)[0], title=view.title, date=view.date, meeting=view.meeting,
        open_at=view.open_at or None, time_agreed_at=view.time_agreed_at or None, status=view.status, at=view.at,
        state=view.state, accounts=accounts, press=_press(node, view, board if may_see else kept.Board()), facts=facts,
        draft=None if not may_see else ReadoutDraftRow(
            text=draft.text if draft else "", language=draft.language if draft else us.languages[0],
            changed_by=person_name(node, us.side, draft.changed_by)[0] if draft else "",
            changed_at=draft.changed_at if draft else None,
            warnings=contradictions(draft.text, facts) if draft else (),
        ),
        signs=binding.must_sign(node), may=frozenset(_may(node, who, view)),
    )  # fmt: skip


def _may(node: NodePort, who: Who, view: ReadoutView) -> list[str]:
    ours, theirs = _ours(node, view), view.account(node.identity.theirs.side)
    found = ["compare"] if any(one.opened_at for one in view.accounts) else []
    if "draft" in who.rights and ours is None:
        found.append("draft")
    if "release" not in who.rights:
        return found
    if view.open_at and not view.time_agreed_at and view.side != node.identity.ours.side:
        found.append("agree-time")
    if ours is None and kept.draft(node.store, view.channel, view.subject) is not None:
        found.append("seal")
    if ours is not None and ours.opened_at:
        found.append("confirm")
    if theirs is not None and theirs.statements:
        found.append("contest")
    return [*found, "press"]


def _account(node: NodePort, view: ReadoutView, side: str, name: str) -> AccountRow:
    ours = side == node.identity.ours.side
    held = view.account(side)
    refused = tuple(
        (row.kind, row.reason)
        for log, number in node.store.parts(view.channel, view.subject) if log.side == side
        for row in node.store.folds(log, number, 1) if row.verdict == "not-valid"
    )  # fmt: skip
    if held is None:
        return AccountRow(side=side, side_name=name, ours=ours, state="none", refused=refused)
    return AccountRow(
        side=side, side_name=name, ours=ours, state="opened" if held.opened_at else "sealed", digest=held.digest,
        sealed_at=held.sealed_at, sealed_by=person_name(node, side, held.person)[0], signed=held.signed,
        after=held.after, opened_at=held.opened_at or None, alone=held.alone, language=held.language, text=held.text,
        statements=statement_rows(node, held), confirmed_at=held.confirmed_at or None,
        confirmed_by=person_name(node, side, held.confirmed_by)[0] if held.confirmed_by else "", refused=refused,
    )  # fmt: skip


def statement_rows(node: NodePort, account: Account) -> tuple[StatementRow, ...]:
    """Give an account's confirmed statements with their words and what is contested of them."""
    other = node.identity.theirs.side if account.side == node.identity.ours.side else node.identity.ours.side
    return tuple(
        StatementRow(
            number=number, place=f"{one.words_start}-{one.words_end}", statement=one,
            words=account.text[one.words_start : one.words_end],
            contests=tuple(
                ContestRow(by=person_name(node, other, each.person)[0], at=each.at, reason=each.reason)
                for each in account.contests if each.statement == number
            ),
        )
        for number, one in enumerate(account.statements)
    )  # fmt: skip


def _press(node: NodePort, view: ReadoutView, board: kept.Board) -> tuple[PressRow, ...]:
    us = node.identity.ours.side
    shared = [
        PressRow(
            id=f"press-{one.ref.log.side}-{one.ref.log.epoch}-{one.ref.number}", shared=True, ours=one.side == us,
            source=one.source, date=one.date, address=one.address, language=one.language, text=one.text,
        )
        for one in view.press
    ]  # fmt: skip
    private = [
        PressRow(
            id=one.id, shared=False, ours=True, source=one.source, date=one.date, address=one.address,
            language=one.language, text=one.text,
        )
        for one in board.reports
    ]  # fmt: skip
    return (*shared, *private)
