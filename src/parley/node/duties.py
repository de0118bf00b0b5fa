"""What nobody should have to remember: the hourly line test, its answer, and a note of every gap.

Always true: a duty that cannot be done now (line down, disk full) is tried again or left to the next hour; it never
stops the node.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Sequence
from typing import Protocol

from parley.errors import ParleyError
from parley.line import Folded
from parley.record.names import LogId
from parley.subjects import Book, Fact
from parley.subjects.standing import facts
from parley.times import Moment, moment_text
from parley.transports import LinkState

TEST_EVERY_S = 3600.0
_GAP_MS_MIN = 3_000  # shorter cuts are a link's daily life; what a desk never saw needs no note
_log = logging.getLogger("parley.duties")


class Household(Protocol):
    """What the duties need of the node."""

    @property
    def book(self) -> Book: ...
    def moment(self) -> Moment: ...
    def links_now(self) -> Sequence[LinkState]: ...
    async def state(self, fact: Fact, person: str = "") -> object: ...


class Duties:
    """Tests the line, answers tests, notes gaps."""

    def __init__(self, node: Household, us: str) -> None:
        self._node = node
        self._us = us
        self._tasks: set[asyncio.Task[object]] = set()
        self._hourly: asyncio.Task[None] | None = None
        self._down: dict[str, tuple[Moment, str]] = {}  # link (or "line") -> since, cause
        self._up_once: set[str] = set()

    def start(self) -> None:
        """Begin the hourly round; sides begin half an hour apart so that both directions are tested."""
        self._hourly = asyncio.create_task(self._every_hour(), name="line tests")

    async def stop(self) -> None:
        """End all duties."""
        tasks = [*self._tasks, *([self._hourly] if self._hourly else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _every_hour(self) -> None:
        while True:
            await asyncio.sleep(TEST_EVERY_S)
            await self._quietly(self.test(""))

    async def test(self, person: str) -> object:
        """Write a line test: digest of all views at the present cut, each link's round trip and group."""
        book = self._node.book
        cut = book.cut()
        offsets = [link.offset_ms for link in self._node.links_now() if link.up and link.offset_ms is not None]
        links = [
            (link.name, round((link.rtt_ms or 0) * 1000), link.group) for link in self._node.links_now() if link.up
        ]
        fact = facts.test_line(
            secrets.token_hex(16),
            cut,
            book.digest(cut),
            clock_offset_ms=offsets[0] if offsets else None,
            links=links,
        )
        return await self._node.state(fact, person)

    def folded(self, event: Folded) -> None:
        """Answer a test of theirs."""
        row, entry = event.row, event.entry
        if entry is None or row.kind != "line.test" or row.verdict != "valid" or row.log.side == self._us:
            return
        body = entry.body
        self._spawn(self._answer(row.subject, str(body["nonce"]), str(body["digest"]), body["cut"]))

    async def _answer(self, subject: str, nonce: str, theirs: str, cut: object) -> None:
        wanted = {LogId.read(name): int(str(size)) for name, size in cut.items()} if isinstance(cut, dict) else {}
        try:
            ours = self._node.book.digest(wanted)
        except ParleyError:
            ours = ""  # we have not folded that far: we say so instead of guessing
        await self._node.state(facts.answer_test(subject, nonce, theirs, ours))

    def link_up(self, name: str, others_up: int) -> None:
        """A link is back: note how long it was gone; the first link that is back ends a gap of the line."""
        for gone in (name, "line") if others_up == 0 else (name,):
            since, cause = self._down.pop(gone, (None, ""))
            self._up_once.add(gone)
            if since is not None and self._node.moment() - since >= _GAP_MS_MIN:
                until = moment_text(self._node.moment())
                self._spawn(self._note(facts.note_gap(gone, moment_text(since), until, cause)))

    def link_down(self, name: str, others_up: int, code: str) -> None:
        """A link is gone."""
        now = self._node.moment()
        for gone in (name, "line") if others_up == 0 else (name,):
            if gone in self._up_once:
                self._down.setdefault(gone, (now, code))

    async def _note(self, fact: Fact) -> None:
        await self._node.state(fact)

    def also(self, duty: Awaitable[object]) -> None:
        """Do something small that the node owes, without anybody waiting for it."""
        self._spawn(duty)

    def _spawn(self, duty: Awaitable[object]) -> None:
        task = asyncio.ensure_future(self._quietly(duty))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, duty: Awaitable[object]) -> None:
        try:
            await duty
        except ParleyError as error:
            _log.warning("a duty could not be done: %s", error)
