"""What a person may do with channels: propose, agree, decline, suspend, restore, set our members, list.

Owns: the right, the wish and the row. Does not own: when a channel may change state (subjects/channels/).
"""

from __future__ import annotations

from parley.actions.ports import NodePort
from parley.actions.rows import ChannelRow, Sent
from parley.actions.who import Who


async def propose_channel(node: NodePort, who: Who, *, channel: str, title: str, purpose: str = "") -> Sent:
    """Propose a channel to the other side; it opens when they agree."""
    raise NotImplementedError


async def agree_channel(node: NodePort, who: Who, *, channel: str) -> Sent:
    """Agree to a channel the other side proposed."""
    raise NotImplementedError


async def decline_channel(node: NodePort, who: Who, *, channel: str, reason: str) -> Sent:
    """Decline a channel the other side proposed, saying why."""
    raise NotImplementedError


async def suspend_channel(node: NodePort, who: Who, *, channel: str, reason: str) -> Sent:
    """Suspend an agreed channel, saying why."""
    raise NotImplementedError


async def restore_channel(node: NodePort, who: Who, *, channel: str) -> Sent:
    """Propose to restore a suspended channel, or agree to the other side's proposal to."""
    raise NotImplementedError


async def set_members(node: NodePort, who: Who, *, channel: str, persons: tuple[str, ...]) -> Sent:
    """Set who of our side belongs to a channel; an empty list means everybody whose role allows it."""
    raise NotImplementedError


def list_channels(node: NodePort, who: Who) -> list[ChannelRow]:
    """Give every channel the person may see, with what waits in it."""
    raise NotImplementedError


def channel(node: NodePort, who: Who, channel: str) -> ChannelRow:
    """Give one channel."""
    raise NotImplementedError
