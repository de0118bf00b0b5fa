"""Which moves of which state table a world has made: channels, messages, orders, stops, and a node's leave to sign.

Owns: the moves a full batch must have met, and counting them as a node tells of entries.
Does not own: the states themselves; they are read from the views, as a desk reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.line import Folded
from parley.subjects import ChannelView, MessageView
from parley.subjects.stops import StopView

if TYPE_CHECKING:
    from parley.sim.node import SimNode

# "ok to healing" is left out: a disk and a second place that went back together, which docs/limits.md excludes.
SIGNING: Final = (
    "starting to ok",
    "starting to waiting",
    "waiting to healing",
    "waiting to ok",
    "healing to ok",
    "ok to read-only",
    "waiting to read-only",
)
CHANNEL: Final = (
    "new to proposed",
    "proposed to agreed",
    "proposed to declined",
    "declined to proposed",
    "agreed to suspended",
    "suspended to restore-proposed",
    "restore-proposed to agreed",
)
MESSAGE: Final = (
    "new to open",
    "open to acknowledged",
    "open to cancelled",
    "acknowledged to open",
    "acknowledged to cancelled",
)
ORDER: Final = (
    "asked to read-back",
    "read-back to confirmed",
    "read-back to not-confirmed",
    "not-confirmed to read-back",
)
STOP: Final = (
    "new to raised",
    "raised to taken",
    "raised to read-back",
    "raised to withdrawn",
    "taken to read-back",
    "taken to effected",
    "read-back to confirmed",
    "read-back to taken",
    "read-back to effected",
    "read-back to not-possible",
    "read-back to withdrawn",
    "confirmed to effected",
    "confirmed to taken",
    "not-possible to effected",
    "effected to withdrawn",
)
TABLES: Final = {"signing": SIGNING, "channel": CHANNEL, "message": MESSAGE, "order": ORDER, "stop": STOP}


class Moves:
    """The last state of every channel and message, as one node shows them."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], str] = {}

    def told(self, node: SimNode, event: Folded) -> None:
        """A node told of an entry: note what state its subject is in now."""
        entry = event.entry
        if node.book is None or entry is None or event.row.verdict != "valid":
            return
        view = node.book.view(entry.channel, entry.subject)
        if isinstance(view, ChannelView):
            self._note(node, "channel", entry.subject, view.state)
        elif isinstance(view, MessageView):
            self._note(node, "message", f"{entry.channel} {entry.subject}", view.state)
            if view.order_state:
                self._note(node, "order", f"{entry.channel} {entry.subject}", view.order_state)
        elif isinstance(view, StopView):
            self._note(node, "stop", f"{entry.channel} {entry.subject}", view.state)

    def _note(self, node: SimNode, table: str, subject: str, state: str) -> None:
        before = self._last.get((table, subject), "new")
        if state != before:
            self._last[(table, subject)] = state
            node.world.meter.met(table, f"{before} to {state}")
