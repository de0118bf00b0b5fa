"""How a node's program is put together: as node/ does it, with a place where broken.py may spoil it.

Does not own: the ways of spoiling (broken.py).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parley.line import BookReader, LineCore, Roots
from parley.record import RULES
from parley.storage.memory import MemoryStore
from parley.subjects import Book

if TYPE_CHECKING:
    from parley.sim.node import SimNode
    from parley.sim.trouble import Plan


@dataclass(kw_only=True, frozen=True)
class Build:
    """One way to put a node together.

    Args:
        promise: Which promise it breaks; None for the shipped build.
        both: Both nodes run it; otherwise only north does.
        lies: The build makes its node break the protocol towards its peer, so the peer may name a fault.
        early_disk: Its disk confirms a commit before the platter has it.
        rules_known: The newest rules its program knows.
        spoil: Changes a fresh core in the way that breaks it.
        around: Held open around the whole world; for what cannot be spoilt in one core.
        plan: The trouble in which the fault shows soon.
    """

    name: str
    story: str
    promise: int | None = None
    both: bool = True
    lies: bool = False
    early_disk: bool = False
    rules_known: int = RULES
    spoil: Callable[[LineCore, SimNode], None] | None = None
    around: Callable[[], AbstractContextManager[None]] | None = None
    plan: Callable[[], Plan] | None = None

    def new_store(self, identity: str) -> MemoryStore:
        """Make an empty store."""
        return MemoryStore(identity)

    def make_core(self, node: SimNode, entropy: Callable[[int], bytes]) -> tuple[LineCore, Book]:
        """Put the core and its book together over a node's disk, as node/ does."""
        keys = node.keys
        roots = Roots(node.store)
        reader = BookReader(node.store, roots)
        identity = keys.identity
        book = Book(identity.ours.side, identity.theirs.side, identity.line, reader, rules_known=self.rules_known)
        core = LineCore(
            identity=identity,
            log_pair=keys.log,
            cosign_pair=keys.cosign,
            store=node.store,
            book=book,
            roots=roots,
            anchor=node.anchor,
            entropy=entropy,
            store_id=node.store.identity().store,
        )
        if self.spoil is not None:
            self.spoil(core, node)
        return core, book


HONEST = Build(name="shipped", story="the program as it ships")
NEWER = Build(name="newer", story="a later program that knows one more version of the rules", rules_known=RULES + 1)
