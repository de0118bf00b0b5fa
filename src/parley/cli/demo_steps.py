"""How a play of two nodes goes: steps that are seen, timed and told, and what every play begins and ends with.

Owns: the line coming up, accounts and rosters, the line test, the files it leaves. Does not own: what is said
(demo_play.py, example_play.py).
Always true: 1. A step that does not come about raises; nothing is reported that was not seen at the node it is about.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

from parley.cli.demo_nodes import DemoNode
from parley.errors import Unavailable

_STEP_S: Final = 20.0
_LOOK_S: Final = 0.01
People = Mapping[str, tuple[tuple[str, str, str, str, list[str]], ...]]  # person, name, office, role, languages


@dataclass
class Step:
    """One thing that was seen to happen."""

    words: str
    took_ms: float


@dataclass
class Steps(ABC):
    """Two nodes, and what was seen of them so far."""

    north: DemoNode
    south: DemoNode
    tell: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)
    people: ClassVar[People]

    @abstractmethod
    async def whole(self) -> None:
        """Play everything once."""

    def evidence(self) -> str:
        """Give the route to the evidence this play leaves, "" for none but both records."""
        return ""

    def reader(self, node: DemoNode) -> str:
        """Give the first of a side's people, a duty officer, who reads everything."""
        return self.people[node.words.side][0][0]

    async def step(self, words: str, done: Awaitable[Any]) -> Any:
        """Await one step, time it, tell it."""
        began = time.perf_counter()
        answer = await done
        seen = Step(words, (time.perf_counter() - began) * 1000)
        self.steps.append(seen)
        self.tell(seen)
        return answer

    async def _up(self) -> None:
        async def both_up() -> bool:
            rows = await asyncio.gather(self.north.get("/line"), self.south.get("/line"))
            return all(row["up"] and len(row["links"]) >= 2 and all(e["up"] for e in row["links"]) for row in rows)

        await until(both_up, "the line did not come up")

    async def _people(self) -> None:
        for node in (self.north, self.south):
            for person, name, office, role, languages in self.people[node.words.side]:
                await node.post("/people", person=person, name=name, office=office, role=role, languages=languages)
                await node.token_for(person)

        async def listed() -> bool:
            for node, other in ((self.north, self.south.words.side), (self.south, self.north.words.side)):
                rows = await node.get("/people")
                if sum(row["side"] == other and row["listed"] for row in rows) < len(self.people[other]):
                    return False
            return True

        await until(listed, "the rosters did not cross")
        for node, number in ((self.north, "0100"), (self.south, "0200")):
            text = f"Exercise fallback: 156.8 MHz, or +00 555 {number}."
            await node.ask("PUT", "/line/fallback", {"text": text}, person=self.reader(node))

    async def _test(self) -> None:
        started = await self.north.post("/line/tests", self.reader(self.north))

        async def answered() -> bool:
            rows = await self.north.get("/line/tests")
            return any(row["subject"] == started["subject"] and row["same"] is True for row in rows)

        await until(answered, "the line test was not answered, or the nodes see different things")


async def until(true: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    """Ask again and again until it is so; raises Unavailable `demo.step` with `otherwise` after 20 s."""
    end = time.monotonic() + _STEP_S
    while not await true():
        if time.monotonic() > end:
            raise Unavailable("demo.step", f"{otherwise} (waited {_STEP_S:.0f} s)")
        await asyncio.sleep(_LOOK_S)


def in_state(node: DemoNode, channel: str, state: str) -> Callable[[], Awaitable[bool]]:
    """Look whether a channel is in a state at a node."""

    async def look() -> bool:
        return any(row["id"] == channel and row["state"] == state for row in await node.get("/channels"))

    return look


async def export_all(play: Steps, out: Path) -> list[Path]:
    """Write the evidence a play is about and both whole records; give the files."""
    wanted = [(play.north, play.evidence(), "evidence.parley")] if play.evidence() else []
    wanted += [(node, "/record.parley", f"{node.words.side}-record.parley") for node in (play.north, play.south)]
    files: list[Path] = []
    for node, route, name in wanted:
        file = out / name
        file.write_bytes(await node.get(route, play.reader(node)))
        files.append(file)
    return files
