"""Which events a person may hear, and in what form. Hints only: whoever hears one asks again for the state.

Always true: 1. An event of a channel reaches only those who may read that channel, judged when the event is told.
"""

from __future__ import annotations

from typing import Any

from parley.actions.ports import NodePort
from parley.actions.who import Who, may_read, need


def may_listen(node: NodePort, who: Who) -> None:
    """Raise Refused unless the person may listen at all."""
    need(node, who, "read")


def for_person(node: NodePort, who: Who, event: Any) -> dict[str, Any] | None:
    """Give an event as plain fields, or None where the person may not hear it."""
    channel = event.channel or ""
    if channel and channel != "line" and not may_read(node, who, channel):
        return None
    told: dict[str, Any] = {"kind": event.kind, "channel": channel, "subject": event.subject or ""}
    if event.log is not None:
        told["log"] = getattr(event.log, "text", event.log)
        told["number"] = event.number
    told["fields"] = event.fields
    return told
