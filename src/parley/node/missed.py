"""Which calls of theirs left something at our desks: that nobody took them, and words left for us.

Owns: the calls of which something waits until a person of ours clears it. Does not own: what of it is shown, a call
that was put off (actions/calls.py): that one waits only until either side calls again.
Always true: what waits stays, however many calls come after it; of a channel at most limits.CALLS_LEFT_MAX.
"""

from __future__ import annotations

from typing import Final, Protocol

from parley import limits
from parley.storage.port import StoreReads
from parley.subjects import Book
from parley.subjects.calls import CallView

SEEN: Final = "private.calls"  # space: "<channel>|<subject>|<what>" of what waited and a person has cleared


class Around(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...


def is_cleared(store: StoreReads, view: CallView, what: str) -> bool:
    """Say whether a person of ours has taken this off our desks."""
    return store.value(SEEN, f"{view.channel}|{view.subject}|{what}") is not None


def left_by(store: StoreReads, us: str, view: CallView) -> list[str]:
    """Give what of a call waits for us, uncleared: `statement` before `missed`."""
    if view.side == us:
        return []
    waits = ["statement"] if view.statement else []
    waits += ["missed"] if view.state in ("unanswered", "missed") else []
    return [one for one in waits if not is_cleared(store, view, one)]


class Missed:
    """The calls of one node of which something waits."""

    def __init__(self, node: Around) -> None:
        self._node = node
        self._left: dict[str, dict[str, None]] = {}  # channel -> subjects, the oldest first

    def note(self, view: CallView) -> None:
        """A call is in the record, more was said of it, or somebody has cleared it."""
        left = self._left.setdefault(view.channel, {})
        if not left_by(self._node.store, self._node.us, view):
            left.pop(view.subject, None)
            return
        left.setdefault(view.subject)
        if len(left) > limits.CALLS_LEFT_MAX:  # nobody reads so many, and they are in the record
            del left[next(iter(left))]

    def left_in(self, channel: str) -> list[CallView]:
        """Give the calls of a channel of which something waits, the latest first."""
        views = (self._node.book.view(channel, subject) for subject in reversed(self._left.get(channel, {})))
        return [view for view in views if isinstance(view, CallView)]
