"""Two real nodes in one process, joined over loopback, with stores in memory and people who may work."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from parley.actions import channels, people
from parley.actions.people import PersonForm
from parley.actions.who import Who
from parley.codec.canonical import encode
from parley.identity import Card, LineIdentity, SideKeys
from parley.link import Thin
from parley.node.anchor import AnchorFile
from parley.node.node import Node
from parley.people import accounts
from parley.storage.chunks import ChunkStore
from parley.storage.memory import MemoryStore
from parley.storage.recordings import Recordings
from parley.times import Moment
from parley.transports import Route
from parley.transports.proxy import CutProxy

MADE = "2026-11-23T10:00:00.000Z"
WAIT_S = 10.0
SIDES = ("north", "south")


@dataclass
class Side:
    """One node and its people."""

    node: Node
    people: dict[str, Who] = field(default_factory=dict)

    def __getitem__(self, person: str) -> Who:
        return self.people[person]

    async def add(self, person: str, name: str, role: str, *more: str, listed: bool = True) -> Who:
        """Give somebody an account, and be them."""
        form = PersonForm(person=person, name=name, role=role, roles=more, listed=listed)
        await people.add_person(self.node, self["admin"], form)
        self.people[person] = Who(person=person, roles=(role, *more), via="session", desk="desk 1")
        return self.people[person]


async def until(true: Callable[[], object]) -> None:
    """Let the nodes work until it is so."""
    end = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < end, "it never came about"
        await asyncio.sleep(0.002)


@cache
def keys_of(side: str) -> SideKeys:
    """Give a side's keys, the same in every test."""
    return SideKeys.from_seed(f"{side}-actions".encode().ljust(32))


@cache
def card_of(side: str) -> Card:
    """Give a side's card, the same in every test."""
    return keys_of(side).card(
        side=side, name=side.title(), domain=f"{side}.example", languages=("en",), nonce=side.encode().ljust(16),
        made=MADE,
    )  # fmt: skip


@asynccontextmanager
async def pair(
    *, status: str = "actual", cable: CutProxy | None = None, thin: Thin | None = None
) -> AsyncIterator[tuple[Side, Side]]:
    """Give North and South, joined by one link (through `cable`, if it is to be cut), each with an administrator."""
    keys, cards = {side: keys_of(side) for side in SIDES}, {side: card_of(side) for side in SIDES}
    with tempfile.TemporaryDirectory() as folder:
        routes = [Route(name="cable", host="", port=0, thin=thin)] if thin is not None else []
        south = _node(Path(folder), "south", "north", keys, cards, routes, status)
        await south.start()
        host, port = south.addresses[0][:2]
        if cable is not None:
            cable.target = (host, port)
            port = await cable.start()
        routes = [Route(name="cable", host=host, port=port, thin=thin)]
        north = _node(Path(folder), "north", "south", keys, cards, routes, status)
        await north.start()
        sides = Side(north), Side(south)
        try:
            for side in sides:
                admin = accounts.admit(
                    None, person="admin", name="Admin", roles=("administrator",), now=side.node.moment()
                )
                await side.node.keep([accounts.row(admin)])
                side.people["admin"] = Who(person="admin", roles=("administrator",), via="terminal")
            await until(lambda: all(side.node.status().line_up for side in sides))
            await until(lambda: all(side.node.status().signing == "ok" for side in sides))
            yield sides
        finally:
            await north.stop()
            await south.stop()
            if cable is not None:
                await cable.stop()


def _node(folder: Path, us: str, them: str, keys: dict, cards: dict, routes: list[Route], status: str) -> Node:
    identity = LineIdentity.found(cards[us], cards[them])
    anchor = AnchorFile(folder / us)
    anchor.write(encode({"after": {}, "before": {}, "line": identity.line}))
    return Node(
        identity=identity,
        cards=(cards[us], cards[them]),
        keys=keys[us],
        store=MemoryStore(),
        chunks=ChunkStore(folder / f"{us}-chunks", quota_bytes=1 << 26),
        anchor=anchor,
        listen=[("127.0.0.1", 0)],
        routes=routes,
        status=status,
        recordings=Recordings(folder / f"{us}-recordings", quota_bytes=1 << 24, reserve_bytes=0),
    )


@asynccontextmanager
async def talking(
    *, status: str = "actual", cable: CutProxy | None = None, thin: Thin | None = None
) -> AsyncIterator[tuple[Side, Side]]:
    """Give both sides with a duty officer and a second one each, and the channel `leaders` agreed."""
    async with pair(status=status, cable=cable, thin=thin) as (north, south):
        for side, names in ((north, ("edda", "tomas")), (south, ("samira", "rafael"))):
            for name in names:
                await side.add(name, name.title(), "duty-officer")
        await channels.propose_channel(north.node, north["edda"], channel="leaders", title="Leaders")
        await until(lambda: south.node.book.channel("leaders"))
        await channels.agree_channel(south.node, south["samira"], channel="leaders")
        await until(lambda: state(north, "leaders") == "agreed")
        yield north, south


def state(side: Side, channel: str) -> str:
    """Give a channel's state at one side."""
    view = side.node.book.channel(channel)
    return view.state if view else ""


def later(side: Side, milliseconds: int) -> None:
    """Move one node's calendar clock on."""
    ahead = side.node.moment() - int(time.time() * 1000) + milliseconds
    side.node.moment = lambda: Moment(int(time.time() * 1000) + ahead)  # type: ignore[method-assign]
