"""The index of a node's words keeps up with the record without standing in a message's way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from tests.line.sides import NORTH_TALK, Line, line

from parley.line import Folded
from parley.node.finding import Finding
from parley.record.names import LogId
from parley.statements.terms import wanted
from parley.storage.memory import MemoryStore
from parley.storage.search import Doc, MemorySearch


class Index(MemorySearch):
    """An index that is told of more to come each time it has added something."""

    def __init__(self, added: Callable[[LogId, int], None]) -> None:
        super().__init__()
        self._added = added

    def add(self, log: LogId, size: int, docs: Sequence[tuple[Doc, str]]) -> None:
        super().add(log, size, docs)
        self._added(log, len(docs))


class Household:
    """A store, as a node has it."""

    def __init__(self, world: Line) -> None:
        self.store: MemoryStore = world.north.store


def test_entries_that_come_one_by_one_are_indexed_together() -> None:
    """Each of three entries that follow one another is there before the index asks again: they cost one turn."""
    world = line()
    adds: list[tuple[int, float]] = []

    async def story() -> None:
        loop = asyncio.get_running_loop()
        finding = Finding(Household(world))
        caught_up = world.north.store.folded(NORTH_TALK)

        def speak(text: str) -> None:
            world.north.say(text)
            finding.folded(cast(Folded, None))

        def added(log: LogId, count: int) -> None:  # called in the index's thread
            if log == NORTH_TALK:
                adds.append((count, loop.time()))
                if len(adds) == 1:
                    for number in range(3):
                        loop.call_soon_threadsafe(loop.call_later, 0.02 * number, speak, f"word{number} of three")

        finding.start()
        finding.index = Index(added)
        speak("The first word.")
        async with asyncio.timeout(20):
            while finding.index.size(NORTH_TALK) < caught_up + 4:
                await asyncio.sleep(0.01)
        found = finding.index.find(wanted("three"), ["leaders"])
        assert len(found) == 3
        await finding.stop()

    asyncio.run(story())
    assert [count for count, _ in adds[1:]] == [3], "what came within a quarter of a second is indexed in one turn"
