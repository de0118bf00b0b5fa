"""Rows about the pages of texts: a large one drawn at a node and opened in Chromium, an edit seen at the other desk."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from aiohttp import ClientSession

from benchmarks.rows import Row, failed, limit_row, quantile
from benchmarks.texts_nodes import Served, desk_at, node_over
from parley.actions import channels, negotiating
from parley.actions.people import PersonForm, add_person
from parley.actions.who import Who
from parley.cli import sounding
from parley.cli.chromium import Chromium, find_chromium
from parley.node.node import Node
from parley.storage.memory import MemoryStore
from parley.transports import Route

NODE_MS, CHROMIUM_MS, EDIT_MS = 300.0, 1000.0, 200.0
EDITS = 60
_WAIT_S = 20.0
_ADMIN = Who(person="admin", roles=("administrator",), via="terminal")
# From the wish to go there until everything that was asked for is loaded and laid out.
_LOADED = "Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)"


def rows(store: MemoryStore, subject: str) -> Iterator[Row]:
    """Give the rows; the node starts from this store, as after a restart."""
    yield from asyncio.run(_pages(store, f"/texts/talks/{subject.partition('/')[2]}"))
    yield from asyncio.run(_edits())


# --- a large text -----------------------------------------------------------------------------------------------------


async def _pages(store: MemoryStore, path: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        node = node_over(store, "north", Path(name), [])
        await node.start()
        async with desk_at(node) as served, ClientSession() as session:
            took = []
            for _ in range(4):
                began = time.perf_counter()
                await served.get(session, path)
                took.append((time.perf_counter() - began) * 1e3)
            found = [
                limit_row(
                    "text page at the node, first after a start", took[0], NODE_MS, "ms", why="50 of 2,000 parts"
                ),
                limit_row("text page at the node", min(took[1:]), NODE_MS, "ms"),
            ]
            if find_chromium() is None:
                return [*found, failed("text page in Chromium", CHROMIUM_MS, "no Chromium here", ok=None)]
            return [*found, limit_row("text page in Chromium, loaded", await _loaded(served, path), CHROMIUM_MS, "ms")]


async def _loaded(served: Served, path: str) -> float:
    """Give how many milliseconds Chromium took from going there until the page is loaded; the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        microphone = Path(folder) / "noise"
        await asyncio.to_thread(sounding.write_microphone, microphone, 1)
        async with Chromium(microphone) as browser:
            origin = f"http://north.localhost:{served.port}"
            page = await browser.page(origin, {"parley": served.secret, "parley-view": "sound=off"})
            took = []
            for _ in range(3):
                await page.go(path)
                await page.until(f"{_LOADED} > 0")
                took.append(float(str(await page.run(_LOADED))))
            return min(took)


# --- one edit, seen at the other desk ---------------------------------------------------------------------------------


async def _edits() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        south = node_over(MemoryStore(), "south", Path(name), [])
        await south.start()
        host, port = south.addresses[0][:2]
        north = node_over(MemoryStore(), "north", Path(name), [Route(name="cable", host=host, port=port)])
        await north.start()
        async with desk_at(south) as theirs, desk_at(north) as ours, ClientSession() as session:
            subject, unit = await _opened(ours, theirs)
            path, took = f"/texts/talks/{subject.partition('/')[2]}/units", []
            for number in range(EDITS):
                began = time.perf_counter()
                words = f"Each side notifies the other within {number + 11} days."
                await negotiating.propose(
                    north, ours.who, "talks", subject, unit, unit, tag="en", words=words, reason="", also=False
                )
                await _until(lambda facts=number + 2: _facts(south, subject) >= facts)
                while f"{number + 11}" not in await theirs.get(session, path):
                    await asyncio.sleep(0)
                took.append((time.perf_counter() - began) * 1e3)
            why = "proposed at one desk, drawn at the other; two nodes in one process"
            return [limit_row("text edit at the other desk, p95", quantile(took, 0.95), EDIT_MS, "ms", why=why)]


async def _opened(ours: Served, theirs: Served) -> tuple[str, str]:
    """Give a text with one article, in a channel that both agreed to."""
    for one in (ours, theirs):
        form = PersonForm(person=one.who.person, name="One", role="duty-officer", roles=(), listed=True)
        await add_person(one.node, _ADMIN, form)
    north, south = ours.node, theirs.node
    await _until(lambda: north.status().line_up and north.status().signing == "ok" == south.status().signing)
    await channels.propose_channel(north, ours.who, channel="talks", title="Talks")
    await _until(lambda: south.book.channel("talks"))
    await channels.agree_channel(south, theirs.who, channel="talks")
    await _until(lambda: (found := north.book.channel("talks")) and found.state == "agreed")
    opened = await negotiating.open_text(north, ours.who, "talks", title="T", languages=[("en", True)])
    words = {"en": "Each side notifies the other within ten days."}
    added = await negotiating.add_unit(north, ours.who, "talks", opened.subject, level="article", words=words)
    await _until(lambda: _facts(south, opened.subject) == 2)
    return opened.subject, f"north/0/{added.ref.number}"


def _facts(node: Node, subject: str) -> int:
    return int(getattr(node.book.view("talks", subject), "facts", 0))


async def _until(true: Callable[[], object]) -> None:
    end = time.monotonic() + _WAIT_S
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("it never came about")
        await asyncio.sleep(0.0005)
