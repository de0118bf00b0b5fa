"""Who has the watch in the demo: without one its desks would say, truly, that nobody is there.

Always true: 1. A step that does not come about raises, as in demo_play.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from parley.cli.demo_nodes import DemoNode

Until = Callable[[Callable[[], Awaitable[bool]], str], Awaitable[None]]
WATCH: Final = {
    "north": {"leaders": "e.marlow", "military": "t.brandt"},
    "south": {"leaders": "s.haddad", "military": "r.tomas"},
}


async def take_watches(north: DemoNode, south: DemoNode, until: Until) -> None:
    """Each side takes the watch of both channels; the other side sees that somebody is there."""
    for node in (north, south):
        for channel, person in WATCH[node.words.side].items():
            await node.post(f"/channels/{channel}/watch/take", person)

    async def seen() -> bool:
        rows = [
            await node.get(f"/channels/{channel}/watch", person)
            for node in (north, south)
            for channel, person in WATCH[node.words.side].items()
        ]
        return all(row["ours"]["there"] and row["theirs"]["there"] for row in rows)

    await until(seen, "a watch that was taken was not seen at the other side")
