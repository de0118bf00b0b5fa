"""Which moves of which state table a world has made: of every subject that has states, and of a node's leave to sign.

Owns: the moves a full batch must have met, and counting them as a node tells of entries.
Does not own: the states themselves; they are read from the views, as a desk reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from parley.line import Folded
from parley.record import Entry
from parley.subjects import ChannelView, MessageView
from parley.subjects.calls import CallView
from parley.subjects.commitments import CommitmentView
from parley.subjects.incidents import IncidentView
from parley.subjects.notices import NoticeView
from parley.subjects.readouts import ReadoutView
from parley.subjects.rulebooks import RulebookView
from parley.subjects.stops import StopView
from parley.subjects.talks import BodyView, MeetingView
from parley.subjects.texts import TextView
from parley.subjects.watches import RollView

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
CALL: Final = (
    "new to ringing",
    "ringing to active",
    "ringing to declined",
    "ringing to later",
    "ringing to unanswered",
    "any to missed",  # it was answered and given up at once
    "active to ended",
)
AGREEING: Final = (
    "new to asked",
    "asked to running",
    "asked to declined",
    "asked to withdrawn",
    "asked to lapsed",
    "running to stopped",
)
MEETING: Final = (
    "new to requested",
    "requested to accepted",
    "requested to declined",
    "requested to cancelled",
    "accepted to begun",
    "begun to ended",
)
BODY: Final = (
    "new to proposed",
    "proposed to agreed",
    "proposed to declined",
    "proposed to withdrawn",
    "agreed to suspended",
    "agreed to ended",
    "suspended to agreed",
    "suspended to ended",
)
COMMITMENT: Final = (
    "new to proposed",
    "new to promised",
    "proposed to agreed",
    "proposed to declined",
    "proposed to withdrawn",
)
NOTICE: Final = ("new to given", "given to cancelled", "given to ended")
INCIDENT: Final = (
    "new to open",
    "open to closed-by-one",
    "open to closed",
    "closed-by-one to closed",
    "closed-by-one to open",
    "closed to open",
)
READOUT: Final = (
    "new to asked",
    "asked to sealed-by-one",
    "sealed-by-one to sealed",
    "sealed-by-one to opened-by-one",  # the agreed time came
    "sealed to opened-by-one",
    "opened-by-one to opened",
)
RULE_BOOK: Final = (
    "new to proposed",
    "proposed to adopted",
    "proposed to declined",
    "proposed to withdrawn",
    "adopted to ended",
)
ROLL: Final = ("new to open", "open to answered", "open to unanswered", "unanswered to late")
UNIT: Final = (  # of a text
    "new to bracketed",
    "bracketed to clean",
    "bracketed to withdrawn",
    "clean to bracketed",
    "clean to ad-referendum",
    "clean to agreed",
    "agreed to clean",
)
ALTERNATIVE: Final = ("new to open", "open to accepted", "open to withdrawn", "any to lapsed")
TABLES: Final = {
    "signing": SIGNING,
    "channel": CHANNEL,
    "message": MESSAGE,
    "order": ORDER,
    "stop": STOP,
    "call": CALL,
    "recording": (*AGREEING, "any to over"),
    "kept text": (*AGREEING, "any to over"),
    "turns": AGREEING,
    "meeting": MEETING,
    "body": BODY,
    "commitment": COMMITMENT,
    "notice": NOTICE,
    "incident": INCIDENT,
    "readout": READOUT,
    "rule book": RULE_BOOK,
    "roll": ROLL,
    "unit": UNIT,
    "alternative": ALTERNATIVE,
}


def made(counts: Mapping[str, int], move: str) -> bool:
    """Say whether a table's counts have a move; "any to" stands for whatever came before."""
    if move.startswith("any "):
        return any(name.endswith(move.removeprefix("any")) and count for name, count in counts.items())
    return counts.get(move, 0) > 0


_ONE_STATE: Final[dict[type, str]] = {
    ChannelView: "channel", MessageView: "message", StopView: "stop", CallView: "call", MeetingView: "meeting",
    BodyView: "body", CommitmentView: "commitment", NoticeView: "notice", IncidentView: "incident",
    ReadoutView: "readout", RulebookView: "rule book", RollView: "roll",
}  # fmt: skip


class Moves:
    """The last state of every subject that has states, as one node shows them."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], str] = {}

    def told(self, node: SimNode, event: Folded) -> None:
        """A node told of an entry: note what state its subject is in now."""
        entry = event.entry
        if node.book is None or entry is None or event.row.verdict != "valid":
            return
        view = node.book.view(entry.channel, entry.subject)
        for table, part, state in _states(view, entry):
            self._note(node, table, f"{entry.channel} {entry.subject} {part}", state)

    def _note(self, node: SimNode, table: str, subject: str, state: str) -> None:
        before = self._last.get((table, subject), "new")
        if state != before:
            self._last[(table, subject)] = state
            node.world.meter.met(table, f"{before} to {state}")


def _states(view: object, entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Give table, part and state of everything in a view that an entry may have moved."""
    table = _ONE_STATE.get(type(view))
    if table is not None:
        yield table, "", view.state  # type: ignore[attr-defined]
    if isinstance(view, MessageView) and view.order_state:
        yield "order", "", view.order_state
    elif isinstance(view, CallView):
        for kind, found in (("recording", view.recordings), ("kept text", view.texts), ("turns", view.turns)):
            for one in found:
                yield kind, one.ref.id, one.state
    elif isinstance(view, TextView):
        unit = view.units.get(str(entry.body.get("unit") or f"{entry.side}/{entry.epoch}/{entry.number}"))
        if unit is not None:
            yield "unit", unit.name, unit.status
            for alternative in unit.alternatives.values():
                yield "alternative", alternative.name, alternative.state
