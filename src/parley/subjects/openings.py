"""Which messages wait for an acknowledgement: for countdowns, escalation and the count beside a channel.

Owns: a bounded list a channel. Beside the views, never part of them: what is listed depends on nothing but the views,
how many are listed on a bound. Does not own: clocks; `due` is absolute and the caller compares.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley import limits
from parley.subjects.messages.view import MessageView


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """A message whose text in force nobody of the other side has acknowledged."""

    subject: str
    channel: str
    side: str  # who sent it; the other side owes the acknowledgement
    precedence: str
    status: str
    at: str
    due: str


class OpenItems:
    """The open messages of one channel, in the order they were folded; at most limits.OPEN_ITEMS_MAX."""

    __slots__ = ("_items",)

    def __init__(self) -> None:
        self._items: dict[str, OpenItem] = {}

    def note(self, view: MessageView) -> None:
        """Take in a message's new view."""
        if not view.awaiting:
            self._items.pop(view.subject, None)
        elif view.subject not in self._items:
            self.add(view.subject, view.channel, view.side, view.precedence, view.status, view.at, view.due)

    def add(self, subject: str, channel: str, side: str, precedence: str, status: str, at: str, due: str) -> None:
        """Take in a message just sent."""
        if len(self._items) >= limits.OPEN_ITEMS_MAX:
            if precedence not in ("FLASH", "IMMEDIATE"):
                return  # the oldest wait longest, so they stay
            last = next((one for one in reversed(self._items.values()) if one.precedence == "ROUTINE"), None)
            if last is None:
                return
            del self._items[last.subject]
        self._items[subject] = OpenItem(
            subject=subject, channel=channel, side=side, precedence=precedence, status=status, at=at, due=due
        )

    def list(self) -> list[OpenItem]:
        """Give the open messages, the most pressing due time first."""
        return sorted(self._items.values(), key=lambda item: (item.due, item.subject))
