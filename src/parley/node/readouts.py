"""What a node does about readouts by itself: it opens ours once it holds the other's seal, or at the agreed time.

Owns: which seals of ours wait, the clock of the agreed times, sending the opening; after a restart it goes on.
Does not own: the rule (subjects/readouts/), salt and text, which are private (people/readouts.py).
Always true:
  1. Our words leave only after the other side's seal is in our record, or at a time that both sides agreed to.
  2. What could not be written now is tried again; words that do not match our own seal are never sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, Protocol

from parley.errors import ParleyError
from parley.line import Folded
from parley.people import readouts as kept
from parley.storage.port import StoreReads
from parley.subjects import Book, Fact
from parley.subjects.readouts import Account, ReadoutView
from parley.subjects.readouts import facts as said
from parley.times import Moment, read_moment

_LOOKED_AT: Final = 500  # the latest seals of a channel at start: years of meetings
_AGAIN_S: Final = 5.0


class Household(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...
    def moment(self) -> Moment: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...
    async def state(self, fact: Fact, person: str = "", precedence: str = "", status: str = "") -> object: ...


class Readouts:
    """Our seals that wait to be opened."""

    def __init__(self, node: Household) -> None:
        self._node = node
        self._waiting: set[tuple[str, str]] = set()
        self._opening: set[tuple[str, str]] = set()
        self._next: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Take up the seals that were not opened when the node stopped."""
        for room in self._node.book.line_view().channels:
            for row in self._node.store.recent(room.id, ("readout.sealed",), before=None, count=_LOOKED_AT):
                if row.verdict == "valid" and row.log.side == self._node.us:
                    self._waiting.add((room.id, row.subject))
        self._look()

    def stop(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()
        for task in self._tasks:
            task.cancel()

    def folded(self, event: Folded) -> None:
        """A fact about readouts is in the record."""
        row = event.row
        if row.kind.startswith("readout."):
            if row.kind == "readout.sealed" and row.log.side == self._node.us:
                self._waiting.add((row.channel, row.subject))
            self._look()

    def _look(self) -> None:
        """Begin to open what may be opened now, and look again when the next agreed time comes."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        waits: list[float] = []
        for key in list(self._waiting):
            view = self._node.book.view(*key)
            ours = view.account(self._node.us) if isinstance(view, ReadoutView) else None
            if not isinstance(view, ReadoutView) or ours is None or ours.opened_at:
                self._waiting.discard(key)
                continue
            wait_s = self._wait_s(view)
            if wait_s is None:
                continue
            if wait_s > 0:
                waits.append(wait_s)
            elif key not in self._opening:
                self._opening.add(key)
                task = asyncio.get_running_loop().create_task(self._open(view, ours), name="open a readout")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        if waits:
            self._next = asyncio.get_running_loop().call_later(min(min(waits), 3600.0), self._look)

    def _wait_s(self, view: ReadoutView) -> float | None:
        """Give how long our seal has to wait; None for "until the other side seals"."""
        if len(view.accounts) == 2:
            return 0.0
        if not view.time_agreed_at:
            return None
        return max(0.0, (read_moment(view.open_at) - self._node.moment()) / 1000)

    async def _open(self, view: ReadoutView, ours: Account) -> None:
        key = (view.channel, view.subject)
        held = kept.sealed(self._node.store, view.channel, view.subject, ours.digest)
        try:
            if held is None:  # our own words are gone: the record shows a seal that was never opened
                self._waiting.discard(key)
                return
            fact = said.open_sealed(
                view.channel, view.subject, salt=held.salt, language=held.language, text=held.text
            )  # fmt: skip
            await self._node.state(fact, status=view.status)
        except ParleyError as error:
            self._node.tell("readout", {"code": error.code, "sentence": error.sentence})
            self._next = asyncio.get_running_loop().call_later(_AGAIN_S, self._look)
        finally:
            self._opening.discard(key)
