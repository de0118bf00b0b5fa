"""Which events a person may hear, and in what form. Hints only: whoever hears one asks again for the state.

Always true: 1. An event of a channel reaches only those who may read that channel, judged when the event is told.
"""

from __future__ import annotations

from typing import Any

from parley.actions.ports import EventPort, NodePort
from parley.actions.who import Who, may_read, need


def may_listen(who: Who) -> None:
    """Raise Refused unless the person may listen at all."""
    need(who, "state")


def channel_of(event: EventPort) -> str:
    """Give the channel an event is of; "" for what is of none."""
    return event.channel or str(event.fields.get("channel") or "")


def may_hear(node: NodePort, who: Who, channel: str) -> bool:
    """Say whether the person may hear of what happens in this channel."""
    return not channel or channel == "line" or may_read(node, who, channel)


def for_person(node: NodePort, who: Who, event: EventPort) -> dict[str, Any] | None:
    """Give an event as plain fields, or None where the person may not hear it."""
    channel = channel_of(event)
    if not may_hear(node, who, channel):
        return None
    told: dict[str, Any] = {"kind": event.kind, "channel": channel, "subject": event.subject}
    if event.log is not None:
        told["log"] = event.log.text
        told["number"] = event.number
    told["fields"] = dict(event.fields)
    return told
