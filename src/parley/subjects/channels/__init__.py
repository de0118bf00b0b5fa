"""Channels: proposed by one side, agreed by the other, suspended by either, restored by both."""

from parley.subjects.channels.view import ChannelView, Suspension

__all__ = ["ChannelView", "Suspension"]
