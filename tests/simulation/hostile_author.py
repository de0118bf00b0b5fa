"""A side that writes what it likes: entries of simulated worlds, changed, under its own name, in the right form.

Owns: what such a side says next. Nothing here is signed or sent: the other side's book is handed it as if it had come.
"""

from __future__ import annotations

import random
from dataclasses import replace

from tests.subjects.pair import Node

from parley.codec import JsonValue
from parley.errors import OurMistake
from parley.record.entry import Entry, encode_entry, read_entry
from parley.record.names import LogId, Past, Ref
from parley.record.tree import EMPTY_ROOT, leaf_hash
from parley.sim.run import plan_of
from parley.sim.world import World
from parley.subjects import subject_for

_RARELY = frozenset(("channel.suspended", "keys.replaced", "rules.proposed", "rules.agreed", "roster.removed"))


class HostileAuthor:
    """South, and North's node that has to fold what South says. The same seed says the same."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        world = World(seed, replace(plan_of(seed), hostile=None))
        world.run()
        store = world.nodes["north"].store
        self._pool: list[Entry] = []
        self.north = Node("north", "south")
        for log in sorted(store.logs(), key=lambda log: (log.channel != "line", log)):
            leaves = list(store.leaves(log, 0, store.size(log)))
            self._pool += [read_entry(leaf) for leaf in leaves]
            if not self.north.store.logs():
                self.north = Node("north", "south", 2, self._pool[0].line)
            kept = (
                len(leaves) if "line" in (log.channel, log.side) else self._dice.randint(len(leaves) // 2, len(leaves))
            )
            self.north.take(log, leaves[:kept])
        self.north.book.trust_our_end(True)
        self.north.store.commit(self.north.book.fold())
        self._last: dict[LogId, tuple[Past, ...]] = {}

    def say(self) -> list[str]:
        """Say one thing; gives the verdicts that North came to."""
        entry = self._entry()
        try:
            leaf = encode_entry(entry)
        except OurMistake:
            return []  # no entry at all: the codec's tests know more of those
        rows = self.north.take(entry.log, [leaf])
        if any(row.log == entry.log and row.verdict == "valid" for row in rows):
            self._last[entry.log] = entry.past
        self._pool.append(entry)
        return [row.verdict for row in rows]

    def _entry(self) -> Entry:
        dice, store = self._dice, self.north.store
        base = dice.choice(self._pool)
        if base.kind in _RARELY or dice.random() < 0.4:
            base = dice.choice([one for one in self._pool if one.kind.startswith("text.")] or self._pool)
        logs = [log for log in store.logs() if (log.channel, log.side) == (base.channel, "south")]
        newest = max(logs, key=lambda log: log.epoch, default=LogId(base.channel, "south", 0))
        if logs and dice.random() < 0.05:
            return self._opening(newest)
        alike = [one for one in self._pool if one.kind == base.kind]
        body = dice.choice(alike).body if dice.random() < 0.25 else base.body
        number = store.size(newest)
        own = subject_for(base.kind, body, newest, number)
        speakers = [one.person for one in self._pool if one.side == "south" and one.person]
        person = dice.choice(speakers) if base.person and (base.side == "north" or dice.random() < 0.1) else base.person
        return replace(
            base, side="south", epoch=newest.epoch, number=number, body=body, person=person, refs=self._refs(base),
            subject=own if own is not None and dice.random() < 0.95 else dice.choice(alike).subject,
            past=self._past(newest),
        )  # fmt: skip

    def _refs(self, base: Entry) -> tuple[Ref, ...]:
        dice, store = self._dice, self.north.store
        if dice.random() < 0.75:
            return base.refs
        refs = []
        for _ in range(dice.choice((0, 1, 1, 2))):
            log = dice.choice([log for log in store.logs() if store.size(log)])
            number = dice.randrange(store.size(log))
            refs.append(Ref(log, number, leaf_hash(store.leaves(log, number, 1)[0]).hex()))
        return tuple(refs)

    def _past(self, log: LogId) -> tuple[Past, ...]:
        """All that there is; or what it named last; or less of something than it knows."""
        dice, store = self._dice, self.north.store
        if log in self._last and dice.random() < 0.6:
            return self._last[log]
        less = dice.random() < 0.4
        past = []
        for other in sorted(store.logs(), key=lambda one: one.text):
            if other.channel not in (log.channel, "line") or other == log:
                continue
            size = store.folded(other)
            if less and dice.random() < 0.3:
                size = dice.randint(0, size)
            root = store.root_at(other, size)
            if size and root is not None:
                past.append(Past(other, size, root.hex()))
        return tuple(past)

    def _opening(self, last: LogId) -> Entry:
        """Go on in the next epoch, from an end that may be far before the one it had."""
        dice, store = self._dice, self.north.store
        size = dice.randint(0, store.size(last))
        root = store.root_at(last, size) if size else EMPTY_ROOT
        assert root is not None
        log = last._replace(epoch=last.epoch + 1)
        named = Past(last, size, root.hex())
        past = tuple(named if one.log == last else one for one in self._past(log) if one.log != last or size)
        previous: list[JsonValue] = [last.text, size, root.hex()]
        base = next(one for one in self._pool if one.channel == last.channel)
        return replace(
            base, side="south", epoch=log.epoch, number=0, past=past, refs=(), person="", kind="log.opened",
            precedence="", subject=f"log/south/{log.epoch}/0", body={"previous": previous, "reason": "restored"},
        )  # fmt: skip
