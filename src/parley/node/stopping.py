"""What a node does about emergency stops by itself: tells every desk on watch at once, and says which step is overdue.

Owns: which stops still want somebody here, those that came ahead of their log, the clock of the steps.
Does not own: who may say what (actions/stops.py), rules and states (subjects/stops/), notifying outside the desk: for
that each turn of a stop, and each overdue step, is an event `stop` with a code.
Always true:
  1. A stop is told to the desks as soon as it is here: also ahead of its log, before it can be taken.
  2. No allowance bounds how a stop rings; the peer cannot make it ring twice for one turn.
  3. However many stops one side raises, none of the other's is forgotten for it, and no real one for drills.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from parley import limits
from parley.codec.canonical import JsonInput
from parley.errors import PeerError
from parley.line import AheadArrived, Folded
from parley.node.desks import Desk, Desks
from parley.node.early import early
from parley.record.entry import Entry
from parley.record.names import LogId, Ref
from parley.storage.port import StoreReads, ValueRow, latest
from parley.subjects import KINDS, Book
from parley.subjects.kinds import own_subject
from parley.subjects.stops import Due, StopView
from parley.subjects.stops.facts import PRECEDENCE
from parley.times import Moment, moment_text, read_moment

RAISED: Final = ("stop.raised",)
SEEN: Final = "private.stops"  # space: "<channel>|<subject>" of a stop that a person of ours has taken off the strip
_LOOK_S: Final = 1.0  # how late an overdue step may be told


class Early(NamedTuple):
    """A stop of theirs that came ahead of its log: shown and rung, and taken once its log is whole."""

    entry: Entry
    ref: Ref

    @property
    def subject(self) -> str:
        """How the stop will be named when it is folded: by its place, whatever the entry says."""
        return own_subject("stop", self.ref.log, self.ref.number)


class Around(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def them(self) -> str: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...
    @property
    def desks(self) -> Desks: ...
    def moment(self) -> Moment: ...
    def offset_ms(self) -> int | None: ...
    def person_shown(self, side: str, person: str) -> tuple[str, str]: ...
    def stop_told(self, ref: Ref, subject: str, fields: Mapping[str, str | int | bool | None]) -> None: ...


class Stopping:
    """The stops of one node that still want somebody."""

    def __init__(self, node: Around) -> None:
        self._node = node
        self._known: dict[tuple[str, str], tuple[str, bool]] = {}  # and whose it is, and whether it is real
        self._ahead: dict[tuple[LogId, int], Early] = {}
        self._overdue: set[tuple[str, str, int, str]] = set()  # channel, subject, version, step: told
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Take up the stops that were open when the node stopped, and those that came ahead."""
        node = self._node
        for channel in ("line", *(room.id for room in node.book.line_view().channels)):
            for row in reversed(list(latest(node.store, channel, RAISED, of_a_side=limits.STOPS_READ_AT_START))):
                self._note(channel, row.subject)
            for one in early(node.store, node.them, channel):
                if _is_good(one.entry):
                    ref = Ref(one.log, one.number, one.id.hex())
                    self._ahead[one.log, one.number] = Early(one.entry, ref)
        self._look()

    def stop(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()

    # --- for actions ------------------------------------------------------------------------------------------------

    def now(self) -> list[StopView]:
        """Give the stops that are open, or over and not yet seen by a person of ours; the latest first."""
        views = [self._node.book.view(channel, subject) for channel, subject in reversed(self._known)]
        return [view for view in views if isinstance(view, StopView)]

    def early(self) -> list[Early]:
        """Give the stops of theirs that came ahead of their log."""
        return list(self._ahead.values())

    def seen(self, channel: str, subject: str) -> None:
        """A person of ours has taken a stop that is over off the strip."""
        self._known.pop((channel, subject), None)

    def now_at(self, raising: str) -> Moment:
        """Give the time by the clock of the side that raised a stop, as far as the difference was measured."""
        offset = 0 if raising == self._node.us else self._node.offset_ms() or 0
        return Moment(self._node.moment() + offset)

    def overdue(self, view: StopView) -> Due | None:
        """Give the first step of an open stop that is not done and whose time has passed."""
        if not view.open:
            return None
        now = self.now_at(view.side)
        return next((due for due in view.due() if not view.done_at(due.step) and read_moment(due.at) < now), None)

    def waits_for_us(self, view: StopView) -> bool:
        """Say whether somebody of ours should act this minute: take it, judge a read-back, do what is overdue."""
        ours = view.side == self._node.us
        if view.state == ("read-back" if ours else "raised"):
            return True
        late = self.overdue(view)
        return late is not None and (late.side == "raising") is ours

    # --- what comes -------------------------------------------------------------------------------------------------

    def folded(self, event: Folded) -> None:
        """A fact about a stop is in the record."""
        row, entry = event.row, event.entry
        if entry is None or not row.kind.startswith("stop."):
            return
        was_ahead = self._ahead.pop((row.log, row.number), None) is not None
        view = self._note(row.channel, row.subject)
        if view is not None:
            code = row.kind.removeprefix("stop.")
            self._say(view, "settled" if was_ahead else code)
            self._look()

    def ahead(self, event: AheadArrived) -> None:
        """A stop of theirs came ahead of its log: it rings now."""
        key, entry = (event.log, event.number), event.entry
        if entry is None or key in self._ahead or len(self._ahead) >= limits.AHEAD_ENTRIES_MAX or not _is_good(entry):
            return
        self._ahead[key] = Early(entry, Ref(event.log, event.number, event.id.hex()))
        self._tell(self._ahead[key])

    def tell_open(self, desk: Desk) -> None:
        """A desk has come on watch: it hears of the stops that are open."""
        for view in self.now():
            if view.open and (view.channel == "line" or view.channel in desk.watches):
                desk.sink.tell(self._word(view, "raised"))

    def _note(self, channel: str, subject: str) -> StopView | None:
        view = self._node.book.view(channel, subject)
        if not isinstance(view, StopView):
            return None
        key = (channel, subject)
        if self._wants_somebody(view):
            kind = self._known[key] = (view.side, view.status == "actual")
            alike = [one for one, of in self._known.items() if of == kind]
            for over in alike[: -limits.STOPS_LOOKED_AT]:  # a flood takes the place of its own, and is in the list
                del self._known[over]
        else:
            self._known.pop(key, None)
        return view

    def _wants_somebody(self, view: StopView) -> bool:
        """Say whether it is open, or over in a way that we have to hear of and nobody here has seen."""
        ours = view.side == self._node.us
        told = ours if view.state in ("effected", "not-possible") else not ours and view.state == "withdrawn"
        return view.open or (told and self._node.store.value(SEEN, f"{view.channel}|{view.subject}") is None)

    # --- telling ----------------------------------------------------------------------------------------------------

    def _say(self, view: StopView, code: str, step: str = "") -> None:
        self._tell_desks(view.channel, self._word(view, code, step))
        self._event(view.ref, view.subject, view.side, view.status, view.state, code, step)

    def _tell(self, early: Early) -> None:
        entry = early.entry
        body = {name: str(entry.body[name]) for name in ("what", "where", "since", "language")}
        self._tell_desks(entry.channel, self._told(entry, early.subject, "raised", "raised", "", body))
        self._event(early.ref, early.subject, entry.side, entry.status, "raised", "raised", "")

    def _event(self, ref: Ref, subject: str, side: str, status: str, state: str, code: str, step: str) -> None:
        ours = side == self._node.us
        fields: dict[str, str | int | bool | None] = {
            "code": code, "ours": ours, "status": status, "state": state, "step": step,
        }  # fmt: skip
        self._node.stop_told(ref, subject, fields)

    def _word(self, view: StopView, code: str, step: str = "") -> dict[str, JsonInput]:
        body = {"what": view.what, "where": view.where, "since": view.since, "language": view.language}
        return self._told(view, view.subject, view.state, code, step, body)

    def _told(
        self, of: Entry | StopView, subject: str, state: str, code: str, step: str, body: Mapping[str, str]
    ) -> dict[str, JsonInput]:
        name, office = self._node.person_shown(of.side, of.person)
        return {
            "told": "stop", "channel": of.channel, "subject": subject, "code": code, "step": step, "state": state,
            "status": of.status, "ours": of.side == self._node.us, "name": name, "office": office, "at": of.at,
            "now": moment_text(self._node.moment()), **body,
        }  # fmt: skip

    def _tell_desks(self, channel: str, word: Mapping[str, JsonInput]) -> None:
        desks = self._node.desks
        for desk in desks.watching() if channel == "line" else desks.on_watch(channel):
            desk.sink.tell(word)

    # --- the clock --------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Tell each overdue step once, and look again when the next may be."""
        self.stop()
        waits: list[float] = []
        for view in self.now():
            if not view.open:
                continue
            now = self.now_at(view.side)
            for due in view.due():
                key = (view.channel, view.subject, view.version, due.step)
                if view.done_at(due.step) or key in self._overdue:
                    continue
                left_s = (read_moment(due.at) - now) / 1000
                if left_s < 0:
                    self._overdue.add(key)
                    self._say(view, "overdue", due.step)
                else:
                    waits.append(left_s)
        if not self._known:
            self._overdue.clear()
        elif waits:
            self._next = asyncio.get_running_loop().call_later(min(waits) + _LOOK_S / 10, self._look)


def _is_good(entry: Entry) -> bool:
    """Say whether an entry that came ahead has the form of a stop; its verdict waits for its past."""
    if entry.kind != "stop.raised" or entry.precedence != PRECEDENCE:
        return False
    try:
        KINDS[entry.kind].check(entry.body)
    except PeerError:
        return False
    return True


def seen_row(channel: str, subject: str, person: str) -> ValueRow:
    """Give the row that keeps that a person has seen how a stop ended."""
    return ValueRow(SEEN, f"{channel}|{subject}", person.encode())
