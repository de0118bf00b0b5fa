"""Roll-calls: ask whether somebody of the other side is there, press the key when they ask, see what nobody answered.

Owns: rights, one outstanding roll-call a channel, which unanswered ones a person here has cleared.
Does not own: which facts are allowed (subjects/watches/); saying that nobody answered, and intervals (node/watches.py).
"""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write_as
from parley.actions.watch_rows import RollRow
from parley.actions.who import Who, channel_view, need, need_in, published
from parley.errors import Refused
from parley.people import watches as kept
from parley.storage.port import ValueRow
from parley.subjects.watches import RollView
from parley.subjects.watches import facts as said
from parley.times import Moment, moment_text

_CLEARED: Final = "private.rolls"  # space: subject of an unanswered roll-call that a person has cleared
_LOOKED_AT: Final = 200  # the latest of all channels together
_SHOWN: Final = 10


async def ask(node: NodePort, who: Who, channel: str, *, seconds: int = limits.ROLL_ANSWER_S) -> Sent:
    """Ask the other side's watch to press a key within so many seconds. Raises Refused `rolls.time`, `rolls.open`."""
    need_in(node, who, "acknowledge", channel)
    if not 0 < seconds <= limits.ROLL_ANSWER_S_MAX:
        raise Refused("rolls.time", f"give them 1 to {limits.ROLL_ANSWER_S_MAX} seconds; nothing was asked")
    if any(one.state == "open" and one.side == node.identity.ours.side for one in rolls_now(node).get(channel, ())):
        raise Refused("rolls.open", "a roll-call of ours in this channel waits for its answer")
    by = moment_text(Moment(node.moment() + seconds * 1000))
    return await write_as(node, published(node, who.person), said.ask(channel, by), precedence="IMMEDIATE")


async def answer(node: NodePort, who: Who, subject: str) -> Sent:
    """Press the key: answer a roll-call of theirs by name. Raises `rolls.unknown`; `rolls.again` if it was answered."""
    need(who, "acknowledge")  # before whether there is such a roll-call
    view = roll_view(node, subject)
    need_in(node, who, "acknowledge", view.channel)
    return await write_as(node, who.person, said.answer(subject), precedence="IMMEDIATE", status=view.status)


async def clear(node: NodePort, who: Who, subject: str) -> None:
    """Take an unanswered roll-call off our desks: somebody has seen it."""
    need(who, "acknowledge")  # before whether there is such a roll-call
    view = roll_view(node, subject)
    need_in(node, who, "acknowledge", view.channel)
    await node.keep([ValueRow(_CLEARED, subject, who.person.encode())])
    node.tell("watch", {"ours": True})


async def ask_every(node: NodePort, who: Who, channel: str, *, minutes: int) -> None:
    """Let our node ask by itself each so many minutes while the line is up; 0 for never. Raises `rolls.every`."""
    need(who, "line")
    channel_view(node, channel)
    await node.keep([kept.roll_every_row(channel, minutes)])
    node.tell("watch", {"ours": True})


# --- seeing -----------------------------------------------------------------------------------------------------------


def rolls_now(node: NodePort) -> dict[str, list[RollView]]:
    """Give the latest roll-calls of both sides by channel, newest first."""
    found: dict[str, list[RollView]] = {}
    for row in node.store.recent("line", ("roll.asked",), before=None, count=_LOOKED_AT):
        view = node.book.view("line", row.subject) if row.verdict == "valid" else None
        if isinstance(view, RollView):
            found.setdefault(view.channel, []).append(view)
    return found


def roll_view(node: NodePort, subject: str) -> RollView:
    """Give the view of a roll-call; raises Refused `rolls.unknown`."""
    view = node.book.view("line", subject) if subject.startswith("roll/") else None
    if not isinstance(view, RollView):
        raise Refused("rolls.unknown", f'there is no roll-call "{subject[:100]}"')
    return view


def roll_rows(node: NodePort, views: list[RollView]) -> tuple[RollRow, ...]:
    """Give the rows of a channel's latest roll-calls; only the latest of each side still rings."""
    rows, seen = [], set()
    for view in views[:_SHOWN]:
        rows.append(_row(node, view, latest=view.side not in seen))
        seen.add(view.side)
    return tuple(rows)


def _row(node: NodePort, view: RollView, *, latest: bool) -> RollRow:
    us, them = node.identity.ours.side, node.identity.theirs.side
    ours = view.side == us
    waits = ("unanswered",) if ours else ("open", "unanswered")
    answered_by, office = person_name(node, them if ours else us, view.answered_by)
    return RollRow(
        subject=view.subject, channel=view.channel, ours=ours, at=view.at,
        asked_by=person_name(node, view.side, view.person)[0], answer_by=view.answer_by, state=view.state,
        answered_at=view.answered_at or None, answered_by=answered_by, office=office, status=view.status,
        rings=latest and view.state in waits and node.store.value(_CLEARED, view.subject) is None,
    )  # fmt: skip
