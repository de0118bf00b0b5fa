"""From the node's events to hints for a page: what to ask again, and whether it is urgent. Never any content.

Always true: the person is looked up again for every event, so a closed account or a lost right ends at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from parley.actions import events
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.desk.port import Hint
from parley.errors import Refused

_TOPICS: Final = {"draft": "drafts", "people": "people", "reload": "all", "notify": "escalation"}
_OF_CHANNELS: Final = ("entry", "held", "rings", "ahead")


def hints_of(told: dict[str, Any]) -> tuple[Hint, ...]:
    """Give what a page has to ask again after one event."""
    kind, channel, fields = told["kind"], told["channel"], told["fields"]
    if kind == "call":
        return (Hint(topic="channel", channel=channel),)
    if kind not in _OF_CHANNELS:
        return (Hint(topic=_TOPICS.get(kind, "line")),)
    if channel == "line":
        return (Hint(topic="line"), Hint(topic="channels"))
    arrived = (kind == "ahead" and fields.get("kind") == "message.sent") or (
        fields.get("kind") == "message.sent" and not fields.get("ours")
    )
    rings = str(fields.get("rings") or fields.get("precedence") or "") if arrived else ""
    return (Hint(topic="channel", channel=channel, urgent=rings),)


@asynccontextmanager
async def follow(node: NodePort, who: Callable[[], Who]) -> AsyncIterator[AsyncIterator[Hint]]:
    """Follow a node's events as one person; ends when that person may no longer."""
    subscription = node.subscribe()

    async def hints() -> AsyncIterator[Hint]:
        async for event in subscription:
            try:
                asker = who()
                events.may_listen(asker)
            except Refused:
                return
            told = events.for_person(node, asker, event)
            for hint in () if told is None else hints_of(told):
                yield hint

    try:
        yield hints()
    finally:
        subscription.close()
