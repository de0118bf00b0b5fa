"""Places in a call that nobody sits at: a person of ours without a desk for minutes has left, and the node says so.

Owns: since when each of our people in an open call has no desk. Does not own: who is in a call (subjects/calls/),
leaving by one's own wish (actions/calls.py).
Always true:
  1. Whoever has a desk open here, at whatever page, keeps their place, also through a reload or in the background.
  2. One of ours stays in each call, desk or not: a call is ended by people.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from parley import limits
from parley.node.desks import Desks
from parley.subjects import Fact
from parley.subjects.calls import CallView
from parley.subjects.calls import facts as said
from parley.times import Instant


class Calls(Protocol):
    """Which calls go on."""

    def going_on(self) -> Sequence[CallView]: ...


class Around(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def desks(self) -> Desks: ...
    def now(self) -> Instant: ...
    def owe(self, duty: Awaitable[object]) -> None: ...
    async def state(self, fact: Fact, person: str = "", precedence: str = "", status: str = "") -> object: ...


class Places:
    """The places that our people have in calls."""

    def __init__(self, node: Around, calls: Calls) -> None:
        self._node, self._calls = node, calls
        self._empty: dict[tuple[str, str], Instant] = {}  # session, person -> since when there is no desk of theirs

    def look(self) -> None:
        """Time has passed: note whose desks are all closed, and state who has left by that."""
        node, now = self._node, self._node.now()
        seated = {desk.person for desk in node.desks.alive()}
        empty: dict[tuple[str, str], Instant] = {}
        for view in self._calls.going_on():
            ours = [person for side, person in view.there if side == node.us]
            away = [person for person in ours if person not in seated]
            empty |= {(view.session, one): self._empty.get((view.session, one), now) for one in away}
            over = [one for one in away if now - empty[view.session, one] >= limits.CALL_EMPTY_S]
            for person in over[: len(ours) - 1]:
                fact = said.leave(view.channel, view.subject, said.NO_DESK)
                node.owe(node.state(fact, person, status=view.status))
                empty[view.session, person] = now  # what the disk refuses is said again, not at every look
        self._empty = empty
