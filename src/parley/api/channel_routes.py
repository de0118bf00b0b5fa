"""The routes about channels: proposed, agreed, suspended, and who of ours belongs to one."""

from __future__ import annotations

from typing import Final

from parley.actions import channels
from parley.actions.rows import ChannelRow, Sent
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies


async def _channels(call: Call) -> list[ChannelRow]:
    return channels.list_channels(call.node, call.who)


async def _channel(call: Call) -> ChannelRow:
    return channels.channel(call.node, call.who, call.part("channel"))


async def _propose(call: Call) -> Sent:
    return await channels.propose_channel(
        call.node, call.who, channel=call.body.channel, title=call.body.title, purpose=call.body.purpose
    )


async def _agree(call: Call) -> Sent:
    return await channels.agree_channel(call.node, call.who, channel=call.part("channel"), seen=call.body.seen)


async def _decline(call: Call) -> Sent:
    return await channels.decline_channel(call.node, call.who, channel=call.part("channel"), reason=call.body.reason)


async def _withdraw_channel(call: Call) -> Sent:
    return await channels.withdraw_channel(call.node, call.who, channel=call.part("channel"), reason=call.body.reason)


async def _suspend(call: Call) -> Sent:
    return await channels.suspend_channel(call.node, call.who, channel=call.part("channel"), reason=call.body.reason)


async def _restore(call: Call) -> Sent:
    return await channels.restore_channel(call.node, call.who, channel=call.part("channel"))


async def _members(call: Call) -> Sent:
    return await channels.set_members(
        call.node, call.who, channel=call.part("channel"), persons=tuple(call.body.persons)
    )


CHANNELS: Final[tuple[Route, ...]] = (
    Route("GET", "/channels", "Channels and what waits in them", None, list[ChannelRow], _channels),
    Route("POST", "/channels", "Propose a channel", B.NewChannel, Sent, _propose, 201),
    Route("GET", "/channels/{channel}", "One channel", None, ChannelRow, _channel),
    Route("POST", "/channels/{channel}/agree", "Agree to a proposed channel", B.ChannelAgreed, Sent, _agree, 201),
    Route("POST", "/channels/{channel}/decline", "Decline a proposed channel", B.Reasoned, Sent, _decline, 201),
    Route(
        "POST", "/channels/{channel}/withdraw", "Take our own proposal back", B.Reasoned, Sent, _withdraw_channel, 201
    ),
    Route("POST", "/channels/{channel}/suspend", "Suspend a channel", B.Reasoned, Sent, _suspend, 201),
    Route("POST", "/channels/{channel}/restore", "Restore: propose it, or agree", B.Nothing, Sent, _restore, 201),
    Route("PUT", "/channels/{channel}/members", "Set our members", B.Members, Sent, _members, 201),
)
