"""Which messages wait for an acknowledgement: for countdowns, escalation and the count beside a channel.

Owns: bounded lists a channel. Beside the views, never part of them: what is listed depends on nothing but the views,
how many are listed on a bound. Does not own: clocks; `due` is absolute and the caller compares.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley import limits
from parley.subjects.messages.facts import PRECEDENCES
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
    """The open messages of one channel, in the order they were folded.

    At most limits.OPEN_ITEMS_MAX of each side, real ones and drills apart: no flood of the other side's, and no drill,
    takes what we count down off our desks.
    """

    __slots__ = ("_groups",)

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], dict[str, OpenItem]] = {}  # by side and status, then by subject

    def note(self, view: MessageView) -> None:
        """Take in a message's new view."""
        items = self._groups.setdefault((view.side, view.status), {})
        if not view.awaiting:
            items.pop(view.subject, None)
        elif view.subject not in items:
            self.add(view.subject, view.channel, view.side, view.precedence, view.status, view.at, view.due)

    def add(self, subject: str, channel: str, side: str, precedence: str, status: str, at: str, due: str) -> None:
        """Take in a message just sent."""
        items = self._groups.setdefault((side, status), {})
        if len(items) >= limits.OPEN_ITEMS_MAX:
            below = PRECEDENCES[PRECEDENCES.index(precedence) + 1 :]
            for least in reversed(below):  # the oldest wait longest, so they stay
                last = next((one for one in reversed(items.values()) if one.precedence == least), None)
                if last is not None:
                    del items[last.subject]
                    break
            else:
                return
        items[subject] = OpenItem(
            subject=subject, channel=channel, side=side, precedence=precedence, status=status, at=at, due=due
        )

    def list(self) -> list[OpenItem]:
        """Give the open messages, the most pressing due time first."""
        found = [item for items in self._groups.values() for item in items.values()]
        return sorted(found, key=lambda item: (item.due, item.subject))
