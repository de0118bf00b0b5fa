"""Carries out what the line core wants: store, send, tell, wake. As thin as it can be.

Owns: the core's life (and its rebirth from the disk after a failed commit), the one timer, tokens of waiting wishes.
Does not own: any decision.
Always true:
  1. Effects are carried out in the order given; a wish is answered once, with what the disk said.
  2. A fault in what listens to events stops no effect behind it: else one word of the peer's that a page cannot take
     would leave a commit undone, and the core waiting for it for ever.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from parley.errors import ParleyError, PeerError, Unavailable, ensure
from parley.identity import LineIdentity, SigningPair
from parley.line import (
    Authored,
    BookReader,
    CloseLink,
    Commit,
    Effect,
    Event,
    Failed,
    LineCore,
    Restart,
    Roots,
    SaveAnchor,
    Send,
    Signing,
    Tell,
    Wish,
)
from parley.link import Lane, Thin
from parley.node.anchor import AnchorFile
from parley.node.writer import Writer
from parley.record.names import LogId
from parley.storage.ballast import Ballast
from parley.storage.port import Store, ValueRow
from parley.subjects import Book
from parley.times import Instant, Moment

_REBIRTH_S = 1.0  # pause before a core is built again: a full disk must not make a busy loop
_ANCHOR_SYNC_S = 1.0


class Links(Protocol):
    """What the shell needs of the links."""

    def send(self, link: str, lane: Lane, frame: bytes) -> bool: ...
    def close_link(self, link: str, code: str, reason: str) -> None: ...


class Shell:
    """Runs one LineCore on the event loop."""

    def __init__(
        self,
        *,
        identity: LineIdentity,
        log_pair: SigningPair,
        cosign_pair: SigningPair,
        store: Store,
        anchor: AnchorFile,
        ballast: Ballast | None,
        status: str,
        tell: Callable[[Event], None],
    ) -> None:
        self._identity = identity
        self._log_pair = log_pair
        self._cosign_pair = cosign_pair
        self._store = store
        self._anchor = anchor
        self._ballast = ballast
        self._status = status
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self.writer = Writer(store, self._loop)
        self._links: Links | None = None
        self._up: dict[str, Thin | None] = {}
        self._tokens = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Authored]] = {}  # only `author` puts in and takes out
        self._timer: asyncio.TimerHandle | None = None
        self._anchor_timer: asyncio.TimerHandle | None = None
        self._wakes_late = False  # when to wake was not asked yet, since a commit was handed over
        self._stopped = False
        self._anchor_failed: Unavailable | None = None
        self.book: Book
        self.core: LineCore
        self._build()

    def _build(self) -> None:
        roots = Roots(self._store)
        reader = BookReader(self._store, roots)
        identity = self._identity
        self.book = Book(identity.ours.side, identity.theirs.side, identity.line, reader)
        self.core = LineCore(
            identity=identity,
            log_pair=self._log_pair,
            cosign_pair=self._cosign_pair,
            store=self._store,
            book=self.book,
            roots=roots,
            anchor=self._anchor.read(),
            entropy=os.urandom,
            store_id=self._store.identity().store,
            status=self._status,
        )

    @staticmethod
    def moment() -> Moment:
        """Give the calendar time."""
        return Moment(time.time_ns() // 1_000_000)

    @property
    def second_place(self) -> str:
        """What an operator should know of the second place; empty where all is well."""
        return self._anchor.words

    def now(self) -> Instant:
        """Give the loop's steady time."""
        return Instant(self._loop.time())

    def start(self, links: Links) -> None:
        """Begin."""
        self._links = links
        self._apply(self.core.start(self.now(), self.moment()))
        self._sync_anchor()

    def stop(self) -> None:
        """Finish the commit under way, answer who still waits, and let go."""
        self._stopped = True
        for timer in (self._timer, self._anchor_timer):
            if timer is not None:
                timer.cancel()
        self.writer.stop()
        self._anchor.close()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(
                    Unavailable("node.stopped", "the node stopped; whether the entry was stored shows after the start")
                )

    # --- wishes ---------------------------------------------------------------------------------------------------

    def token(self) -> int:
        """Give the token of a new wish."""
        return next(self._tokens)

    async def author(self, wish: Wish) -> Authored:
        """Make a wish an entry; returns when it is on our disk. Raises Refused or Unavailable."""
        effects = self.core.author(wish, self.now(), self.moment())
        future: asyncio.Future[Authored] = self._loop.create_future()
        self._waiting[wish.token] = future
        try:
            if effects:
                self._apply(effects)
            return await future
        finally:
            del self._waiting[wish.token]

    def renew(self, log: LogId, person: str) -> None:
        """Go on in the next epoch of a log of ours; the commit is under way when this returns. Raises Refused."""
        self._apply(self.core.renew(log, person, self.now(), self.moment()))

    async def keep(self, rows: Sequence[ValueRow]) -> None:
        """Commit private values through the one writer, between two commits of the core. Raises Unavailable."""
        future: asyncio.Future[None] = self._loop.create_future()

        def done(error: Exception | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.writer.commit(rows, done)
        await future

    # --- what comes from outside ----------------------------------------------------------------------------------

    def link_up(self, link: str, thin: Thin | None) -> None:
        """A link came up; `thin` says so if its operator did."""
        self._up[link] = thin
        self._run(lambda: self.core.link_up(link, self.now(), self.moment(), thin))

    def link_down(self, link: str) -> None:
        """A link went down."""
        self._up.pop(link, None)
        self._run(lambda: self.core.link_down(link, self.now(), self.moment()))

    def frame(self, link: str, lane: Lane, frame: bytes) -> None:
        """A frame came."""
        self._run(lambda: self.core.heard(link, lane, frame, self.now(), self.moment()))

    def blame(self, link: str, frame: bytes, error: PeerError) -> None:
        """Keep what the peer did wrong in something the core never saw."""
        self._run(lambda: self.core.blame(link, frame, error, self.now(), self.moment()))

    async def settled(self) -> None:
        """Wait until every commit given so far has been answered."""
        while self.core.busy:
            await self.committed()

    async def committed(self) -> None:
        """Wait until the commit under way has been answered: what others give meanwhile is not waited for."""
        future: asyncio.Future[None] = self._loop.create_future()

        def answered(_: ParleyError | None) -> None:
            if not future.done():
                future.set_result(None)

        self.writer.commit((), answered)
        await future

    def _run(self, work: Callable[[], list[Effect]]) -> None:
        """Carry out what the core answers; if it could not read the disk, start again from there."""
        try:
            effects = work()
        except Unavailable as failed:
            effects = self.core.disk_failed(failed)
        self._apply(effects)

    # --- effects --------------------------------------------------------------------------------------------------

    def _apply(self, effects: list[Effect]) -> None:
        links = self._links
        ensure(links is not None, "effects before the start")
        assert links is not None
        committing = False
        for effect in effects:
            if isinstance(effect, Send):
                if effect.link in self._up and self._anchor_failed is None:  # what is not marked there may not leave
                    links.send(effect.link, effect.lane, effect.frame)
            elif isinstance(effect, Tell):
                self._told(effect.event)
            elif isinstance(effect, Commit):
                self._commit(effect)
                committing = True
            elif isinstance(effect, SaveAnchor):
                self._save_anchor(effect)
            elif isinstance(effect, CloseLink):
                links.close_link(effect.link, effect.code, effect.reason)
            elif isinstance(effect, Restart):
                self._loop.call_later(_REBIRTH_S, self._reborn)
        if committing:  # the disk's answer comes first, and brings us here again
            self._wakes_late = True
        elif self._anchor_failed is not None:
            failed, self._anchor_failed = self._anchor_failed, None
            self._apply(self.core.disk_failed(failed))
        elif effects or self._wakes_late or self._timer is None:
            self._wakes_late = False
            self._wake()

    def _commit(self, effect: Commit) -> None:
        core, batch = self.core, effect.batch
        if self._anchor_failed is not None:  # without the second place nothing is signed that could leave
            self._loop.call_soon(self._stored, core, batch, self._anchor_failed)
            return
        self.writer.commit(effect.rows, lambda error: self._stored(core, batch, error))

    def _save_anchor(self, effect: SaveAnchor) -> None:
        try:
            self._anchor.write(effect.data)
        except Unavailable as failed:
            self._anchor_failed = failed

    def _stored(self, core: LineCore, batch: int, error: ParleyError | None) -> None:
        if self._stopped or core is not self.core:
            return
        if error is None:
            self._run(lambda: core.stored(batch, self.now(), self.moment()))
            return
        failed = error if isinstance(error, Unavailable) else Unavailable(error.code, error.sentence)
        if failed.code == "storage.full" and self._ballast is not None:
            self._ballast.let_go()  # room to stop in order and to say what is wrong; not to go on as before
        self._apply(core.store_failed(batch, failed, self.now()))

    def _reborn(self) -> None:
        """Build the core again from what the disk holds, and go on."""
        if self._stopped:
            return
        try:
            self._build()
            self._apply(self.core.start(self.now(), self.moment()))
            for link, thin in list(self._up.items()):
                self._apply(self.core.link_up(link, self.now(), self.moment(), thin))
        except Unavailable as failed:
            self._tell(Signing("read-only", failed.sentence))
            self._loop.call_later(_REBIRTH_S, self._reborn)

    def _told(self, event: Event) -> None:
        if isinstance(event, Authored):
            future = self._waiting.get(event.token)
            if future is not None and not future.done():
                future.set_result(event)
            return
        if isinstance(event, Failed):
            future = self._waiting.get(event.token)
            if future is not None and not future.done():
                future.set_exception(Unavailable(event.code, event.sentence))
            return
        try:
            self._tell(event)
        except Exception as fault:  # it shows, rings and counts; what stands behind it here is the record
            said = f"a listener failed at {type(event).__name__}; the record goes on"
            self._loop.call_exception_handler({"message": said, "exception": fault})

    # --- time -----------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        due = self.core.wake_at(self.now())
        if self._stopped or due is None:
            return
        if self._timer is not None:
            if not self._timer.cancelled() and self._timer.when() <= due:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if not self._stopped:
            self._run(lambda: self.core.tick(self.now(), self.moment()))

    def _sync_anchor(self) -> None:
        self.writer.also(self._anchor.sync)
        if not self._stopped:
            self._anchor_timer = self._loop.call_later(_ANCHOR_SYNC_S, self._sync_anchor)
