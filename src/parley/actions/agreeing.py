"""What both sides must say yes to in a call, as a person has it: keeping its text, talking in turns.

Owns: rights, and how each asking stands for this person. Does not own: which facts are allowed (subjects/calls/),
what follows at once from them (node/turns.py).
"""

from __future__ import annotations

from typing import Final

from parley.actions.agreement_rows import AgreementRow, KeptLine
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, channel_view, need_in
from parley.codec.text import make_text
from parley.errors import Refused
from parley.node.turns import TO
from parley.subjects.calls import CallView, Recording
from parley.subjects.calls import agreed_facts as agreed

ACTS: Final = ("ask", "agree", "decline", "stop")


async def settle(
    node: NodePort, who: Who, channel: str, subject: str, what: str, act: str, *, reason: str = ""
) -> Sent:
    """Ask, agree, decline or stop one of the things that need a yes of both.

    Raises: Refused `calls.agreement` (there is nothing to answer, or no such thing), `calls.…` by its rules.
    """
    need_in(node, who, "call", channel)
    channel_view(node, channel)
    view = node.book.view(channel, subject)
    if not isinstance(view, CallView):
        raise Refused("calls.unknown", f'there is no call "{subject[:100]}" in {channel[:48]}')
    if what not in agreed.WHAT or act not in ACTS:
        raise Refused("calls.agreement", f"expected one of {', '.join(agreed.WHAT)} and of {', '.join(ACTS)}")
    kind: agreed.What = "text" if what == "text" else "turns"
    if act == "ask":
        return await write(node, who, agreed.ask(channel, subject, kind), status=view.status)
    latest = _latest(view, kind)
    if latest is None:
        raise Refused("calls.agreement", "nobody has asked for it in this call")
    if act == "agree":
        fact = agreed.agree(channel, subject, kind, latest.ref)
    elif act == "decline":
        fact = agreed.decline(channel, subject, kind, latest.ref, make_text(reason))
    else:
        fact = agreed.stop(channel, subject, kind, latest.ref)
    return await write(node, who, fact, status=view.status)


def hand_turn(node: NodePort, who: Who, channel: str, session: str, to: str) -> None:
    """Pass our turn on, in a call that goes on in turns: to the next as a rule, or to whom `to` names.

    Raises: Refused `people.right`, `people.member`, `voice.not-ours` (it is not our turn).
    """
    need_in(node, who, "call", channel)
    node.turns.hand(channel, session, to if to in TO else "next")


def keeps_text(view: CallView) -> bool:
    """Say whether both have agreed to keep the text of this call."""
    latest = _latest(view, "text")
    return latest is not None and latest.state == "running"


async def keep_line(node: NodePort, who: Who, view: CallView, text: str) -> None:
    """Keep a finished line of this person's in the record, if both have agreed to."""
    latest = _latest(view, "text")
    if latest is not None and keeps_text(view):
        await write(node, who, agreed.say(view.channel, view.subject, latest.ref, text), status=view.status)


def agreement_rows(node: NodePort, who: Who, view: CallView) -> tuple[AgreementRow, ...]:
    """Give how each stands: the latest asking, and what this person may do about it."""
    return tuple(_row(node, who, view, what) for what in agreed.WHAT)


def kept_lines(node: NodePort, view: CallView) -> tuple[KeptLine, ...]:
    """Give the lines of a call's text that both agreed to keep."""
    us = node.identity.ours.side
    return tuple(
        KeptLine(ours=one.side == us, name=person_name(node, one.side, one.person)[0], at=one.at, text=one.text)
        for one in view.said
    )


def _latest(view: CallView, what: agreed.What) -> Recording | None:
    found = view.texts if what == "text" else view.turns
    return found[-1] if found else None


def _row(node: NodePort, who: Who, view: CallView, what: agreed.What) -> AgreementRow:
    us, them = node.identity.ours.side, node.identity.theirs.side
    latest = _latest(view, what)
    if latest is None:
        may = _may(view, None, who, us)
        return AgreementRow(what=what, state="", ours=False, asked_by="", agreed_by="", reason="", since=None, may=may)
    other = them if latest.asked_side == us else us
    return AgreementRow(
        what=what, state=latest.state, ours=latest.asked_side == us,
        asked_by=person_name(node, latest.asked_side, latest.asked_by)[0],
        agreed_by=person_name(node, other, latest.agreed_by)[0] if latest.agreed_by else "", reason=latest.reason,
        since=latest.agreed_at or latest.asked_at, may=_may(view, latest, who, us),
    )  # fmt: skip


def _may(view: CallView, latest: Recording | None, who: Who, us: str) -> frozenset[str]:
    if "call" not in who.rights or view.state != "active":
        return frozenset()
    there = (us, who.person) in view.there
    if latest is None or not latest.open:
        return frozenset(("ask",) if there else ())
    if latest.state == "running":
        return frozenset(("stop",))
    if latest.asked_side == us:
        return frozenset(("stop",))
    return frozenset(("agree", "decline") if there else ("decline",))
