"""The watch of each channel on both sides as the record has it, and what a machine does when a time has come.

Owns: which watch of a side is the latest of a channel; ending ours when its shift ended and nobody took over; stating
that a roll-call of ours was not answered; asking at intervals. Does not own: rules (subjects/watches/), rights
(actions/watch.py), whether somebody is at a desk now (nearby.py).
Always true:
  1. A watch of ours ends at its time though nobody is there to say so: the other side never counts on an empty chair.
  2. What could not be written now (disk, signing) is tried again at the next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from parley import limits
from parley.errors import ParleyError
from parley.line import Folded
from parley.people import watches as kept
from parley.storage.port import Place, StoreReads, ValueRow
from parley.subjects import Book, Fact
from parley.subjects.watches import RollView, WatchView
from parley.subjects.watches import facts as said
from parley.times import Moment, moment_text, read_moment

LOOK_EVERY_S: Final = 1.0
_READ_AT_START: Final = 2_000  # takings and askings looked at when a node starts: several months of both sides


class Household(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...
    def moment(self) -> Moment: ...
    def line_is_up(self) -> bool: ...
    def attend(self, key: str, since: Moment | None) -> None: ...
    def keep_soon(self, rows: Sequence[ValueRow]) -> None: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...
    async def state(self, fact: Fact, person: str = "", precedence: str = "", status: str = "") -> object: ...


class Watches:
    """Watches and roll-calls of one line."""

    def __init__(self, node: Household) -> None:
        self._node = node
        self._latest: dict[tuple[str, str], tuple[Place, str]] = {}  # side, channel -> place and subject of the watch
        self._asked: dict[str, str] = {}  # open roll-calls of ours -> until when
        self._last_asked: dict[str, str] = {}  # channel -> when we asked last
        self._warned: set[tuple[str, int]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up what the record has, and begin to look at the clock."""
        for row in reversed(self._node.store.recent("line", ("watch.taken",), before=None, count=_READ_AT_START)):
            if row.verdict == "valid":
                self._note_watch(row.subject, row.place)
        for row in reversed(self._node.store.recent("line", ("roll.asked",), before=None, count=_READ_AT_START)):
            if row.verdict == "valid":
                self._note_roll(row.subject)
        for side, channel in list(self._latest):
            if side == self._node.us:
                self._attend(channel)
        self._task = asyncio.create_task(self._look(), name="watches")

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def now(self, side: str, channel: str) -> WatchView | None:
        """Give a side's latest watch of a channel, which may be over."""
        found = self._latest.get((side, channel))
        view = None if found is None else self._node.book.view("line", found[1])
        return view if isinstance(view, WatchView) else None

    def of_side(self, side: str) -> list[WatchView]:
        """Give a side's latest watch of every channel that ever had one."""
        views = (self.now(side, channel) for each, channel in self._latest if each == side)
        return [view for view in views if view is not None]

    def folded(self, event: Folded) -> None:
        """A fact about a watch or a roll-call is in the record."""
        row = event.row
        if row.kind.startswith("watch."):
            if row.kind == "watch.taken":
                self._note_watch(row.subject, row.place)
            view = self._node.book.view("line", row.subject)
            if isinstance(view, WatchView):
                if view.side == self._node.us:
                    self._attend(view.channel)
                self._node.tell("watch", {"ours": view.side == self._node.us, "present": view.there})
        elif row.kind.startswith("roll."):
            self._note_roll(row.subject)

    def _note_watch(self, subject: str, place: Place) -> None:
        view = self._node.book.view("line", subject)
        if isinstance(view, WatchView):
            known = self._latest.get((view.side, view.channel))
            if known is None or known[0] <= place:
                self._latest[view.side, view.channel] = (place, subject)

    def _note_roll(self, subject: str) -> None:
        view = self._node.book.view("line", subject)
        if isinstance(view, RollView) and view.side == self._node.us:
            self._last_asked[view.channel] = max(view.at, self._last_asked.get(view.channel, ""))
            if view.state == "open":
                self._asked[subject] = view.answer_by
            else:
                self._asked.pop(subject, None)

    def _attend(self, channel: str) -> None:
        """Somebody who has a watch is there; the signal says so, also after a restart of this node."""
        view = self.now(self._node.us, channel)
        there = view is not None and view.there
        self._node.attend(f"watch|{channel}", read_moment(view.since) if there and view is not None else None)

    # --- the clock ------------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        while True:
            await self.look(self._node.moment())
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self, now: Moment) -> None:
        """Do what is due."""
        for view in self.of_side(self._node.us):
            if view.there:
                await self._watch_over(view, now)
        text = moment_text(now)
        for subject, until in list(self._asked.items()):
            if until < text:
                asked = self._node.book.view("line", subject)
                if isinstance(asked, RollView) and asked.state == "open":
                    await self._write(said.unanswered(subject), asked.status)
        await self._ask_again(now)

    def ends_at(self, view: WatchView) -> Moment:
        """Give when a watch of ours ends unless somebody takes over: its shift's end, or eight hours on."""
        mine = kept.held(self._node.store, view.channel)
        if mine is not None and mine.subject == view.subject:
            return Moment(mine.until)
        return Moment(read_moment(view.person_since) + kept.SHIFT_HOURS * kept.HOUR_MS)

    async def _watch_over(self, view: WatchView, now: Moment) -> None:
        until = self.ends_at(view)
        if now >= until:
            mine = kept.held(self._node.store, view.channel)
            if await self._write(said.leave(view.subject, "lapsed"), view.status):
                self._node.keep_soon([kept.held_row(view.channel, None)])
                if mine is not None:
                    self._node.attend(mine.person, None)
        elif now >= until - limits.WATCH_WARN_S * 1000 and (view.subject, until) not in self._warned:
            self._warned.add((view.subject, until))
            self._node.tell("watch", {"ours": True, "present": True, "channel": view.channel})

    async def _ask_again(self, now: Moment) -> None:
        """Ask where somebody set an interval; while the line is down nobody could press a key."""
        if not self._node.line_is_up():
            return
        for room in self._node.book.line_view().channels:
            minutes = kept.roll_every(self._node.store, room.id) if room.writable else 0
            last = self._last_asked.get(room.id, "")
            if minutes and (not last or now - read_moment(last) >= minutes * 60_000):
                by = moment_text(Moment(now + limits.ROLL_ANSWER_S * 1000))
                await self._write(said.ask(room.id, by), "")

    async def _write(self, fact: Fact, status: str) -> bool:
        try:
            await self._node.state(fact, status=status)
        except ParleyError:
            return False  # at the next look again
        return True
