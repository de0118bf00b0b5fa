"""What the administrators of one side do at their own node: accounts, names by law, names of places on the chart.

Owns: running the shipped actions of a person against a simulated node, and what these were told is kept.
Does not own: the actions (actions/), when somebody acts (clients.py), what is checked of it (kept.py).
Always true:
  1. An action goes on only when its node answered; a crash ends it wherever it stood, and nobody tells it.
The actions are coroutines that wait for nothing but the node: no event loop is needed to drive them, and virtual time
passes between two steps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Generator, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from parley.actions import legal_names, people, place_names
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.errors import ParleyError, Refused, Unavailable
from parley.line import Authored, Failed, Wish
from parley.people import accounts
from parley.sim.dice import Dice
from parley.storage import ValueRow
from parley.times import Moment

if TYPE_CHECKING:
    from parley.identity import LineIdentity
    from parley.sim.clients import Desk
    from parley.sim.node import SimNode
    from parley.storage import Store
    from parley.subjects import Book

_CHANCE: Final = 0.025
DONE: Final = ("an account", "a name by law", "a name by law forgotten", "names of places")
_Answer = Callable[[object], None]


class _Wait:
    """One thing an action waits for."""

    def __init__(self, begin: Callable[[_Answer], None]) -> None:
        self.begin = begin

    def __await__(self) -> Generator[_Wait, object, object]:
        answer = yield self
        if isinstance(answer, ParleyError):
            raise answer
        return answer


class Office:
    """The administrators of one side, and their node as actions see it (the part of NodePort that these ask for)."""

    def __init__(self, dice: Dice, people_here: Sequence[str]) -> None:
        self._dice = dice
        self._people = people_here
        self._who = Who(person=people_here[0], roles=("administrator",), via="terminal")
        self._node: SimNode | None = None
        self._desk: Desk | None = None
        self._running: list[Coroutine[Any, Any, object]] = []
        self._waiting: dict[int, _Answer] = {}

    # --- what actions ask of a node -------------------------------------------------------------------------------

    @property
    def identity(self) -> LineIdentity:
        """Who speaks for both sides."""
        return self._at.keys.identity

    @property
    def store(self) -> Store:
        """The node's disk."""
        return self._at.store

    @property
    def book(self) -> Book:
        """The node's views."""
        book = self._at.book
        if book is None:
            raise Unavailable("node.stopped", "the node does not run")
        return book

    def moment(self) -> Moment:
        """The node's calendar."""
        return self._at.clock()

    async def keep(self, rows: Sequence[ValueRow]) -> None:
        """Commit private values; goes on once they are on the disk."""
        node = self._at
        kept = node.world.watcher.kept
        kept.tries(node, rows)

        def begin(answer: _Answer) -> None:
            node.disk.keep(rows, lambda: answer(None), answer)

        await _Wait(begin)
        kept.told(node, rows)

    async def author(self, **fields: object) -> Authored:
        """Make an entry; goes on once it is on our disk. A change of who binds is signed by another who does."""
        node, desk = self._at, self._desk
        wish = Wish(token=0, **cast("dict[str, Any]", {**fields, "status": fields["status"] or "actual"}))
        if desk is None or node.book is None:
            raise Unavailable("node.stopped", "the node does not run")
        signed, at = desk.acts.signed_listing(wish, node.book), desk

        def begin(answer: _Answer) -> None:
            token = at.next_token
            self._waiting[token] = answer
            told = node.world.clients.ask(at, node, signed)
            if told != "asked" and self._waiting.pop(token, None) is not None:
                node.world.schedule.after(0.0, lambda: answer(Refused(told, "the node did not take it")))

        return cast(Authored, await _Wait(begin))

    @property
    def _at(self) -> SimNode:
        if self._node is None:
            raise Unavailable("node.stopped", "the node does not run")
        return self._node

    # --- driving them ---------------------------------------------------------------------------------------------

    def act(self, desk: Desk, node: SimNode) -> None:
        """Perhaps somebody does one of these now."""
        if not self._dice.chance(_CHANCE) or self._running:
            return
        self._node, self._desk = node, desk
        name, doing = self._choose(node)
        self._running.append(doing)
        self._step(name, doing, None)

    def told(self, event: Authored | Failed) -> None:
        """The node answered a wish."""
        answer = self._waiting.pop(event.token, None)
        if answer is not None:  # not at once: the node is in the middle of its effects
            said = event if isinstance(event, Authored) else Unavailable(event.code, event.sentence)
            self._at.world.schedule.after(0.0, lambda: answer(said))

    def forget(self) -> None:
        """The node's program went: what was under way goes on no more."""
        self._waiting.clear()
        for doing in self._running:
            doing.close()
        self._running.clear()

    def _choose(self, node: SimNode) -> tuple[str, Coroutine[Any, Any, object]]:
        port, dice = cast(NodePort, self), self._dice
        person = dice.choice(self._people)
        pick = dice.random()
        if pick < 0.05 or (pick < 0.75 and accounts.find(node.store, person) is None):
            form = people.PersonForm(person=person, name=f"Person {person}", role="duty-officer", listed=False)
            return "an account", people.add_person(port, self._who, form)
        if pick < 0.65:
            name = node.world.watcher.kept.secret(node.side, f"Lawful {dice.randbytes(6).hex()}")
            return "a name by law", legal_names.commit_legal_name(
                port, self._who, person, name, draw=lambda size: dice.randbytes(size)
            )
        if pick < 0.75:
            return "a name by law forgotten", legal_names.forget_legal_name(port, self._who, person)
        place = node.world.watcher.kept.secret(node.side, f"Canary Rock {dice.randbytes(6).hex()}")
        point = {"type": "Point", "coordinates": [18.25, 54.5]}
        feature = {"type": "Feature", "geometry": point, "properties": {"name": place}}
        text = json.dumps({"type": "FeatureCollection", "features": [feature]})
        return "names of places", place_names.load_place_names(port, self._who, text if dice.chance(0.85) else "")

    def _step(self, name: str, doing: Coroutine[Any, Any, object], answer: object) -> None:
        """Let an action go on until it waits again, or is at its end."""
        if doing not in self._running:
            return
        meter = self._at.world.meter
        try:
            waits = cast(_Wait, doing.send(answer))
        except StopIteration:
            self._running.remove(doing)
            meter.met("done", name)
        except (Refused, Unavailable) as no:
            self._running.remove(doing)
            meter.met("done", f"{name}: {no.code}")
        else:
            waits.begin(lambda told: self._step(name, doing, told))
