"""What a person may do with channels: propose, agree, decline, withdraw, suspend, restore, set our members, list.

Owns: the right, the wish and the row. Does not own: when a channel may change state (subjects/channels/).
"""

from __future__ import annotations

from parley.actions.ports import NodePort
from parley.actions.rows import ChannelRow, Sent
from parley.actions.sending import write
from parley.actions.showing import outstanding
from parley.actions.who import Who, channel_view, may_read, need
from parley.codec.text import check_channel, make_text
from parley.errors import PeerError, Refused
from parley.people import accounts, may
from parley.subjects.channels import ChannelView
from parley.subjects.channels import facts as channels


async def propose_channel(node: NodePort, who: Who, *, channel: str, title: str, purpose: str = "") -> Sent:
    """Propose a channel to the other side; it opens when they agree."""
    need(who, "channels")
    try:
        check_channel(channel)
    except PeerError:
        raise Refused(
            "channels.id", "a channel's id begins with a small letter; then small letters, digits or '-', at most 48"
        ) from None
    if not title.strip():
        raise Refused("channels.title", "a channel needs a title")
    return await write(node, who, channels.propose(channel, make_text(title), make_text(purpose)))


async def agree_channel(node: NodePort, who: Who, *, channel: str, seen: str | None = None) -> Sent:
    """Agree to a channel the other side proposed.

    Args:
        seen: `ChannelRow.proposal` as the person was shown it; None where nobody was shown any.
    Raises: Refused `channels.nothing-to-agree`, `channels.changed` if they propose it otherwise by now.
    """
    need(who, "channels")
    view = channel_view(node, channel)
    proposal = None if view.agreed else view.waits_for(node.identity.ours.side)
    if proposal is None:
        raise Refused("channels.nothing-to-agree", f"the other side has no open proposal for {channel}")
    if seen is not None and seen != proposal.id:
        raise Refused("channels.changed", f"the other side proposes {channel} otherwise by now; nothing was agreed")
    return await write(node, who, channels.agree(channel, proposal))


async def decline_channel(node: NodePort, who: Who, *, channel: str, reason: str) -> Sent:
    """Decline a channel the other side proposed, saying why."""
    need(who, "channels")
    view = channel_view(node, channel)
    proposal = None if view.agreed else view.waits_for(node.identity.ours.side)
    if proposal is None:
        raise Refused("channels.nothing-to-agree", f"the other side has no open proposal for {channel}")
    return await write(node, who, channels.decline(channel, proposal, make_text(reason)))


async def withdraw_channel(node: NodePort, who: Who, *, channel: str, reason: str) -> Sent:
    """Take our own proposal of a channel back, saying why."""
    need(who, "channels")
    us = node.identity.ours.side
    proposal = next((ref for side, ref in channel_view(node, channel).open_proposals if side == us), None)
    if proposal is None:
        raise Refused("channels.nothing-to-withdraw", f"we have no open proposal for {channel}")
    return await write(node, who, channels.withdraw(channel, proposal, make_text(reason)))


async def suspend_channel(node: NodePort, who: Who, *, channel: str, reason: str) -> Sent:
    """Suspend an agreed channel, saying why."""
    _need_own(node, who, channel)
    return await write(node, who, channels.suspend(channel, make_text(reason)))


async def restore_channel(node: NodePort, who: Who, *, channel: str) -> Sent:
    """Propose to restore a suspended channel, or agree to the other side's proposal to."""
    view = _need_own(node, who, channel)
    proposal = view.waits_for(node.identity.ours.side) if view.agreed else None
    if proposal is not None:
        return await write(node, who, channels.restore(channel, proposal))
    return await write(node, who, channels.propose_restore(channel))


async def set_members(node: NodePort, who: Who, *, channel: str, persons: tuple[str, ...]) -> Sent:
    """Set who of our side belongs to a channel; an empty list means everybody whose role allows it.

    Raises: Refused `people.member`: where members are named, one of them changes it, so that nobody lets themselves in.
    """
    _need_own(node, who, channel)
    return await write(node, who, channels.set_members(channel, persons))


def _need_own(node: NodePort, who: Who, channel: str) -> ChannelView:
    """Give a channel that this person may change: their own, or one of whose members nobody is left who may."""
    need(who, "channels")
    view = channel_view(node, channel)
    members = view.members.get(node.identity.ours.side, ())
    accounts_of = (accounts.find(node.store, person) for person in members)
    left = [
        one for one in accounts_of if one is not None and one.state != accounts.DISABLED and may(one.roles, "channels")
    ]
    if left and who.person not in members:
        raise Refused("people.member", f"you do not belong to the channel {view.id}", channel=view.id)
    return view


def list_channels(node: NodePort, who: Who) -> list[ChannelRow]:
    """Give every channel, with what waits in those the person may read."""
    need(who, "state")
    return [_row(node, who, view) for view in node.book.line_view().channels]


def channel(node: NodePort, who: Who, channel: str) -> ChannelRow:
    """Give one channel."""
    need(who, "state")
    return _row(node, who, channel_view(node, channel))


def _row(node: NodePort, who: Who, view: ChannelView) -> ChannelRow:
    us, them = node.identity.ours.side, node.identity.theirs.side
    readable = may_read(node, who, view.id)
    open_here = outstanding(node, view.id) if readable else None
    newest = node.store.recent(view.id, ("message.sent",), before=None, count=1) if readable else []
    return ChannelRow(
        id=view.id,
        title=view.title,
        purpose=view.purpose,
        state=view.state,
        proposed_by=view.proposed_by,
        waiting=open_here.ours_to_answer if open_here else 0,
        waiting_there=open_here.theirs_to_answer if open_here else 0,
        overdue=open_here.overdue if open_here else 0,
        overdue_there=open_here.overdue_there if open_here else 0,
        last_at=newest[0].at if newest else None,
        members_ours=view.members.get(us, ()),
        members_theirs=view.members.get(them, ()),
        reason=view.reason,
        may_read=readable,
        may_write=readable and view.writable and bool({"draft", "release"} & who.rights),
        proposal=asked.id if (asked := view.waits_for(us)) is not None else "",
        may_answer="channels" in who.rights and view.waits_for(us) is not None,
        frozen="" if view.writable else f"the channel is {view.state}",
    )
