"""People at both sides: who writes what, and when, by chance; and what they were told.

Owns: the wishes, in bursts and crossings, over every kind of entry; the knowledge a client has of its own side.
Does not own: whether a wish is allowed: the real rules refuse what does not fit, and refusals are counted.
Always true: a client acts only on what its own node told it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from parley.line import Authored, Event, Failed, Folded, Wish
from parley.record import Entry, Ref
from parley.record.binding import is_signed
from parley.record.vouching import is_vouched
from parley.sim.acts import PEOPLE, Acts
from parley.sim.dice import Dice
from parley.sim.epoch_acts import EpochActs
from parley.sim.key_acts import KeyActs
from parley.sim.moves import Moves
from parley.sim.office import Office

if TYPE_CHECKING:
    from parley.sim.node import SimNode
    from parley.sim.world import World
    from parley.subjects import Book

BY_IDENTITY: Final = "roster.listed by the identity"
COMMITTED: Final = "with a name by law"
ALONE: Final = "a FLASH by one person under a policy"


@dataclass
class Desk:
    """The people of one side."""

    side: str
    dice: Dice
    acts: Acts
    keys: KeyActs
    epochs: EpochActs
    office: Office
    next_token: int = 1
    asked: dict[int, str] = field(default_factory=dict)
    told: int = 0
    urgent: dict[int, float] = field(default_factory=dict)


class Clients:
    """The desks of both sides."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stopped = False
        self._moves = {side: Moves() for side in world.nodes}
        self.desks = {
            side: Desk(
                side,
                dice,
                Acts(world.seed, side, dice),
                KeyActs(Dice(world.seed, "key operators", side)),
                EpochActs(Dice(world.seed, "epoch operators", side)),
                Office(Dice(world.seed, "office", side), PEOPLE[side]),
            )
            for side, dice in ((side, Dice(world.seed, "people", side)) for side in world.nodes)
        }

    def told_counts(self) -> dict[str, int]:
        """Give how many entries each side's clients were told of."""
        return {side: desk.told for side, desk in self.desks.items()}

    def begin(self) -> None:
        """People come to work."""
        for desk in self.desks.values():
            self._later(desk, 0.05)

    def stop(self) -> None:
        """Nobody writes any more."""
        self._stopped = True

    def forget(self, side: str) -> None:
        """A node's program went: whoever waited for its answer will never get it."""
        self.desks[side].asked.clear()
        self.desks[side].office.forget()

    def _later(self, desk: Desk, delay_s: float) -> None:
        self._world.schedule.after(delay_s, lambda: self._act(desk))

    def _act(self, desk: Desk) -> None:
        if self._stopped:
            return
        node = self._world.nodes[desk.side]
        burst = desk.dice.randint(2, 12) if desk.dice.chance(0.08) else 1
        for _ in range(burst):
            if not node.running:
                break
            if node.book is not None:
                self._speak(desk, node, node.book)
        # A side whose line log was signed twice, or that kept back the end of the other's, confirms new keys where
        # nobody reads on: it then jams itself, until people compare words anew.
        steady = node.running and self._world.plan.hostile not in ("fork", "copied", "tail")
        about_keys = desk.keys.next(node) if steady else None
        if about_keys is not None:
            self.ask(desk, node, desk.acts.wish(about_keys, ""))
        if node.running:
            self._about_epochs(desk, node)
            desk.office.act(desk, node)
        self._later(desk, desk.dice.expovariate(self._world.plan.wishes_per_s))

    def _speak(self, desk: Desk, node: SimNode, book: Book) -> None:
        """Somebody says something; where the rules say no to it, perhaps something else of the same subject."""
        for wish in desk.acts.next_wishes(node.clock(), book):
            answer = self.ask(desk, node, wish)
            if answer in ("asked", "off") or answer.startswith("line.") or not node.running:
                return

    def _about_epochs(self, desk: Desk, node: SimNode) -> None:
        """What the operators do after a fork."""
        said, ended = desk.epochs.next(node), desk.epochs.renewable(node)
        if said is not None:
            self.ask(desk, node, desk.acts.wish(said, ""))
        if ended is not None and node.running:
            self._world.meter.met("renewed", node.renew(ended))

    def ask(self, desk: Desk, node: SimNode, wish: Wish) -> str:
        """Ask a node for an entry."""
        wish = wish._replace(token=desk.next_token)
        desk.next_token += 1
        desk.asked[wish.token] = wish.kind
        answer = node.author(wish)
        if answer != "asked":
            desk.asked.pop(wish.token, None)
            self._world.meter.met("refused", f"{wish.kind}: {answer}")
        elif wish.precedence in ("FLASH", "IMMEDIATE"):
            desk.urgent[wish.token] = self._world.schedule.now
        return answer

    def _count(self, entry: Entry) -> None:
        """Count by what authority an entry that counts was made."""
        meter = self._world.meter
        if is_signed(entry):
            meter.met("signed", entry.kind)
        if is_vouched(entry):
            meter.met("signed", BY_IDENTITY)
        if entry.kind == "roster.listed" and "legal" in entry.body:
            meter.met("listed", COMMITTED)
        if entry.kind == "message.sent" and entry.body["released_alone"] is True:
            meter.met("released", ALONE)

    def event(self, node: SimNode, event: Event) -> None:
        """A node told its desks something."""
        desk = self.desks[node.side]
        if isinstance(event, Authored):
            desk.asked.pop(event.token, None)
            desk.office.told(event)
            desk.told += 1
            if desk.urgent.pop(event.token, None) is not None:
                self._world.urgent_told(node, event)
        elif isinstance(event, Failed):
            desk.asked.pop(event.token, None)
            desk.office.told(event)
        elif isinstance(event, Folded):
            row = event.row
            self._moves[node.side].told(node, event)
            if event.entry is not None and row.verdict == "valid":
                self._count(event.entry)
            for identity in node.store.ids(row.log, row.number, 1):
                desk.acts.hear(row, event.entry, Ref(row.log, row.number, identity.hex()))
