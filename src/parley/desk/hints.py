"""From the node's events to hints for a page: what to ask again, and whether it is urgent. Never any content.

Always true: the person is looked up again each time hints are given, so a closed account or a lost right ends at once.
What comes within GATHER_S is looked at together: with hundreds of pages a look for each event and page fills a core.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from parley.actions import events
from parley.actions.ports import EventPort, NodePort
from parley.actions.who import Who
from parley.desk.port import Hint
from parley.errors import Refused

GATHER_S: Final = 0.1
INCIDENT: Final = "INCIDENT"  # as urgent as a FLASH, and said in words of its own
_KEPT: Final = 1024
_TOPICS: Final = {"draft": "drafts", "people": "people", "reload": "all", "notify": "escalation", "near": "near"}
_OF_CHANNELS: Final = ("entry", "held", "rings", "ahead")


def hints_of(told: dict[str, Any]) -> tuple[Hint, ...]:
    """Give what a page has to ask again after one event."""
    kind, channel, fields = told["kind"], told["channel"], told["fields"]
    if kind == "call":
        return (Hint(topic="channel", channel=channel),)
    if kind == "stop":
        return (Hint(topic="stops", channel=channel),)
    if kind not in _OF_CHANNELS:
        return (Hint(topic=_TOPICS.get(kind, "line")),)
    said = str(fields.get("kind", "message.sent" if kind == "ahead" else ""))
    arrived = said in ("message.sent", "incident.reported", "call.statement") and (
        kind == "ahead" or not fields.get("ours")
    )
    rings = str(fields.get("rings") or fields.get("precedence") or "") if arrived else ""
    if rings and said == "incident.reported":
        rings = INCIDENT
    if channel == "line":
        return (Hint(topic="line", urgent=rings), Hint(topic="channels"))
    return (Hint(topic="channel", channel=channel, urgent=rings),)


class _Made:
    """The hints of the latest events, made once for all pages."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[EventPort, str, tuple[Hint, ...]]] = {}  # an event is kept, so its id is its own

    def of(self, event: EventPort) -> tuple[EventPort, str, tuple[Hint, ...]]:
        """Give an event with its channel and what a page has to ask again after it."""
        found = self._kept.get(id(event))
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            channel = events.channel_of(event)
            hints = hints_of({"kind": event.kind, "channel": channel, "fields": event.fields})
            found = self._kept[id(event)] = (event, channel, hints)
        return found


_made: Final = _Made()


def _together(node: NodePort, asker: Who, came: Sequence[EventPort]) -> Iterable[Hint]:
    """Give each hint of these events once, of channels that this person may read."""
    may: dict[str, bool] = {}
    hints: dict[Hint, None] = {}
    for event in came:
        _, channel, found = _made.of(event)
        if channel not in may:
            may[channel] = events.may_hear(node, asker, channel)
        if may[channel]:
            for hint in found:
                hints[hint] = None
    return hints


@asynccontextmanager
async def follow(node: NodePort, who: Callable[[], Who]) -> AsyncIterator[AsyncIterator[Hint]]:
    """Follow a node's events as one person; ends when that person may no longer."""
    subscription = node.subscribe()

    async def hints() -> AsyncIterator[Hint]:
        while came := await subscription.come():
            try:
                asker = who()
                events.may_listen(asker)
            except Refused:
                return
            for hint in _together(node, asker, came):
                yield hint
            await asyncio.sleep(GATHER_S)

    try:
        yield hints()
    finally:
        subscription.close()
