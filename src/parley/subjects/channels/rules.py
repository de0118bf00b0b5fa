"""When a fact about a channel is allowed; raises Refused.

Owns: who may propose, answer, suspend and restore, after what.
Does not own: what crossed facts come to (view.py; the table is in docs/protocol/channels.md).
"""

from __future__ import annotations

from typing import cast

from parley.subjects.acts import Act
from parley.subjects.channels.view import ChannelView
from parley.subjects.kinds import Standing, need


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on this view of its channel, as its own past shows it."""
    entry = act.entry
    if entry.kind == "channel.proposed":
        _allow_proposed(entry.side, cast("ChannelView | None", view))
        return
    need(isinstance(view, ChannelView), "channels.unknown", "nobody has proposed this channel")
    channel = cast(ChannelView, view)
    match entry.kind:
        case "channel.agreed" | "channel.declined":
            need(not channel.agreed, "channels.agreed", "the channel was agreed before")
            _answers(act, channel.open_proposals)
        case "channel.withdrawn":
            need(not channel.agreed, "channels.agreed", "the channel was agreed before")
            own = (entry.side, entry.refs[0]) if len(entry.refs) == 1 else None
            need(own in channel.open_proposals, "channels.own-only", "it must name an open proposal of its own side")
        case "channel.suspended":
            need(channel.agreed, "channels.not-agreed", "the channel was never agreed")
            need(
                all(one.side != entry.side for one in channel.suspensions),
                "channels.suspended",
                "this side has suspended it before",
            )
        case "channel.restore-proposed":
            need(channel.suspensions, "channels.not-suspended", "the channel is not suspended")
            need(
                all(side != entry.side for side, _ in channel.restores),
                "channels.again",
                "this side has proposed to restore it before",
            )
        case "channel.restored":
            need(channel.suspensions, "channels.not-suspended", "the channel is not suspended")
            _answers(act, channel.restores)
        case "channel.members":
            persons = cast("list[str]", entry.body["persons"])
            unknown = [person for person in persons if not standing.listed(entry.side, person)]
            need(not unknown, "channels.member", f"{len(unknown)} of the persons are not on the roster of {entry.side}")
        case _:
            pass


def _allow_proposed(side: str, channel: ChannelView | None) -> None:
    if channel is None:
        return
    need(not channel.agreed, "channels.agreed", "the channel was agreed before")
    need(
        all(proposer == side for proposer, _ in channel.open_proposals),
        "channels.answer",
        "the other side has proposed this channel: agree to it or decline it",
    )
    need(not channel.open_proposals, "channels.again", "this side has proposed it before and waits for an answer")


def _answers(act: Act, waiting: tuple[tuple[str, object], ...]) -> None:
    """An answer holds for the one proposal it names; a side cannot answer its own."""
    need(len(act.entry.refs) == 1, "channels.names-one", "it must name exactly one proposal")
    ref = act.entry.refs[0]
    side = next((proposer for proposer, proposal in waiting if proposal == ref), None)
    need(side is not None, "channels.names-one", "the proposal it names is not open in its past")
    need(side != act.entry.side, "channels.own", "a side cannot answer its own proposal")
