"""One simulated node: the real core, book and store, in a shell that can die between any two effects.

Owns: carrying out effects in order, one commit at a time, the anchor (the second place), crash, restart, restore.
Does not own: when trouble comes (trouble.py), what is checked (checkers.py).
Always true:
  1. Effects are carried out in the order given, and what a crash cuts off never happens.
  2. A node that runs again has only its disk, its anchor and its keys.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from parley.errors import OurMistake, PeerError, Refused, Unavailable
from parley.line import (
    CloseLink,
    Commit,
    Effect,
    Event,
    Failed,
    Fault,
    Folded,
    LineCore,
    Restart,
    SaveAnchor,
    Send,
    Signing,
    Tell,
    Wish,
)
from parley.link import Lane
from parley.node.succession import Later
from parley.record import LogId
from parley.sim.dice import Dice, entropy_from
from parley.sim.disk import SimDisk
from parley.sim.keys import NodeKeys, keys_differ, keys_of
from parley.sim.meter import PromiseBroken
from parley.sim.sticks import ROUTE
from parley.storage import Row, Store
from parley.subjects import Book
from parley.times import Instant, Moment

if TYPE_CHECKING:
    from parley.sim.build import Build
    from parley.sim.world import World

# The calendar of the simulated world starts here: 2026-11-23T10:00:00Z.
EPOCH_MS = 1_795_428_000_000
# How long the shell waits before it builds a core again (node/shell.py): a full disk is not asked without pause.
REBIRTH_S = 1.0
ANCHOR_SYNC_S = 1.0


class SimNode:
    """A node of a world. `honest` is False for a peer that lies on purpose."""

    def __init__(self, world: World, side: str, build: Build, *, honest: bool) -> None:
        self.world = world
        self.side = side
        self.later: list[Later] = []  # cards that came into force; kept beside the record, as private keys are
        self.keys: NodeKeys = keys_of(side, self.later)
        self.build = build
        self.honest = honest
        self.dice = Dice(world.seed, "node", side)
        self.disk = SimDisk(world.schedule, Dice(world.seed, "disk", side), build.new_store, early=build.early_disk)
        self.disk.on_landed = self._landed
        self.anchor: bytes | None = None
        self._anchors: deque[tuple[float, bytes]] = deque()  # the latest, of which a power cut may keep any
        self.clock_ahead_ms = 0
        self.core: LineCore | None = None
        self.book: Book | None = None
        self.forks = False  # it signed two histories on purpose (hostile.py)
        self.boots = 0
        self.crash_after: int | None = None  # effects left until the power fails
        self.crash_in_commit = False
        self.away_s = 1.0  # how long it stays away after the next crash
        self.loses_anchor = False  # and whether the second place goes with it
        self.backups: list[int] = []
        self.put_back = False  # since it last ran: the operators compare words before it starts
        self.signing = "off"
        self.change: Callable[[list[Effect]], list[Effect]] = lambda effects: effects  # hostile.py lies here
        self._tick_at: float | None = None

    @property
    def store(self) -> Store:
        """The node's disk, as its program reads it."""
        return self.disk.store

    @property
    def running(self) -> bool:
        """True while the program runs."""
        return self.core is not None

    @property
    def rekeyed(self) -> bool:
        """True once its side's first keys were replaced."""
        return bool(self.keys.identity.formers(self.side))

    def clock(self) -> Moment:
        """The node's own calendar, right or wrong."""
        return Moment(EPOCH_MS + int(self.world.schedule.now * 1000) + self.clock_ahead_ms)

    # --- life ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the program over what the disk and the anchor hold."""
        self.boots += 1
        self.crash_after = None
        self.crash_in_commit = False
        self.signing = "starting"
        self.world.watcher.started(self)
        self.keys = keys_of(self.side, self.later, self.store)
        core, self.book = self.build.make_core(
            self, entropy_from(Dice(self.world.seed, "nonce", self.side, str(self.boots)))
        )
        self.core = core
        self.perform(lambda: core.start(self.now(), self.clock()))
        for link in self.world.links:
            if self.running:
                link.node_started(self.side)

    def crash(self, why: str, *, power: bool = True) -> None:
        """Stop at once, wherever it was; without `power` being lost, what was written to the second place stays."""
        if not self.running:
            return
        self.core = None
        self.signing = "off"
        self._tick_at = None
        became = self.disk.crash()
        if power:
            self._lose_unsynced_anchor()
        self._anchors.clear()
        self.world.meter.met("trouble", f"crash with commit {became}")
        self.world.tell(f"{self.side} crashes ({why}); its commit: {became}")
        for link in self.world.links:
            link.node_stopped(self.side)
        self.world.clients.forget(self.side)

    def now(self) -> Instant:
        """The node's steady clock. It begins at another number after each start, as real ones do."""
        return Instant(self.world.schedule.now + 1000.0 * self.boots)

    def heads(self) -> dict[LogId, int]:
        """Give how many entries each of our logs has on disk."""
        return {log: size for log in self.store.logs() if log.side == self.side and (size := self.store.size(log))}

    def stop_lying(self) -> None:
        """From now on the node behaves, as far as its past lets it."""
        self.change = lambda effects: effects

    # --- what moves the core --------------------------------------------------------------------------------------

    def link_up(self, link: str) -> None:
        """A link has come up."""
        thin = self.world.link(link).nature.thin
        self._move(lambda core: core.link_up(link, self.now(), self.clock(), thin))

    def link_down(self, link: str) -> None:
        """A link has gone."""
        self._move(lambda core: core.link_down(link, self.now(), self.clock()))

    def heard(self, link: str, lane: Lane, frame: bytes) -> None:
        """A frame has come."""
        try:
            self._move(lambda core: core.heard(link, lane, frame, self.now(), self.clock()))
        except PeerError as leaked:
            raise PromiseBroken(7, f"{self.side}: a fault of the peer came out of `heard`: {leaked}") from leaked

    def author(self, wish: Wish) -> str:
        """Ask for an entry. Gives "asked", or the code of the refusal."""
        core = self.core
        if core is None:
            return "off"
        try:
            effects = core.author(wish, self.now(), self.clock())
        except (Refused, Unavailable) as no:
            self.world.meter.met("code", no.code)
            return no.code
        self.carry_out(effects)
        return "asked"

    def renew(self, log: LogId) -> str:
        """Go on in the next epoch of a log of ours. Gives "gone on", or the code of the refusal."""
        core = self.core
        if core is None:
            return "off"
        try:
            effects = core.renew(log, "", self.now(), self.clock())
        except (Refused, Unavailable) as no:
            return no.code
        self.carry_out(effects)
        return "gone on"

    def _move(self, call: Callable[[LineCore], list[Effect]]) -> None:
        core = self.core
        if core is not None:
            self.perform(lambda: call(core))

    def perform(self, call: Callable[[], list[Effect]]) -> None:
        """Move the core and carry out what it answers."""
        try:
            effects = call()
        except OurMistake as mistake:
            raise PromiseBroken(0, f"{self.side}: {mistake}") from mistake
        self.carry_out(effects)

    # --- effects --------------------------------------------------------------------------------------------------

    def carry_out(self, effects: Sequence[Effect]) -> None:
        """Carry out effects in order, until a crash."""
        core = self.core
        for effect in self.change(list(effects)):
            if self.crash_after is not None:
                self.crash_after -= 1
                if self.crash_after <= 0:
                    self.crash_after = None
                    self.world.crash(self, f"before {type(effect).__name__}")
            if core is None or self.core is not core:
                return
            self._do_one(core, effect)
        self._set_timer()

    def _do_one(self, core: LineCore, effect: Effect) -> None:
        if isinstance(effect, Send | CloseLink) and effect.link.startswith(ROUTE):
            self._answer_a_stick(effect)
        elif isinstance(effect, Commit):
            self._commit(core, effect)
        elif isinstance(effect, SaveAnchor):
            self._save_anchor(effect.data)
        elif isinstance(effect, Send):
            self.world.watcher.sent(self, effect.frame)
            self.world.link(effect.link).send(self.side, effect.lane, effect.frame)
        elif isinstance(effect, CloseLink):
            self.world.meter.met("closed", effect.code)
            self.world.tell(f"{self.side} closes {effect.link}: {effect.code}: {effect.reason}")
            self.world.disturbed(effect.link)
            self.world.link(effect.link).closed_by(self.side)
            name = effect.link
            self.world.schedule.after(0.0, lambda: self._closed(core, name))
        elif isinstance(effect, Restart):
            self.world.meter.met("trouble", "restart asked by the core")
            self.world.tell(f"{self.side} restarts its core: {effect.reason}")
            self.world.disturbed(self.side)
            self.world.schedule.after(REBIRTH_S, lambda: self._restart_core(core))
        elif isinstance(effect, Tell):
            self._tell(effect.event)

    def _answer_a_stick(self, effect: Send | CloseLink) -> None:
        """A file reads no answer, and cannot be closed: what it brought is taken in or named as a fault."""
        if isinstance(effect, CloseLink):
            self.world.meter.met("closed", effect.code)
            self.world.tell(f"{self.side} does not take in {effect.link}: {effect.code}: {effect.reason}")

    def _commit(self, core: LineCore, effect: Commit) -> None:
        batch = effect.batch
        self.disk.write(effect.rows, lambda: self._stored(core, batch), lambda error: self._failed(core, batch, error))
        if self.crash_in_commit:
            self.crash_in_commit = False
            self.world.schedule.after(self.dice.random() * self.disk.takes_s, lambda: self._crash_if(core))

    def _crash_if(self, core: LineCore) -> None:
        if self.core is core:
            self.world.crash(self, "in a commit")

    def _closed(self, core: LineCore, link: str) -> None:
        if self.core is core:
            self.link_down(link)

    def _restart_core(self, failed: LineCore) -> None:
        """The program goes on with a new core over the same disk, as node/shell.py does; its links stay."""
        if self.core is not failed:
            return
        self.world.disturbed(self.side)
        self.boots += 1
        self.world.watcher.started(self)
        core, self.book = self.build.make_core(
            self, entropy_from(Dice(self.world.seed, "nonce", self.side, str(self.boots)))
        )
        self.core = core
        self._tick_at = None
        self.world.clients.forget(self.side)
        self.perform(lambda: core.start(self.now(), self.clock()))
        for link in self.world.links:
            if self.core is core and link.ends[self.side].up:
                self.link_up(link.name)

    def _save_anchor(self, data: bytes) -> None:
        """The second place is written at once and synced a little later: a power cut may take the last writes."""
        self.anchor = data
        self._anchors.append((self.world.schedule.now, data))
        while len(self._anchors) > 1 and self._anchors[1][0] < self.world.schedule.now - ANCHOR_SYNC_S:
            self._anchors.popleft()

    def _lose_unsynced_anchor(self) -> None:
        if len(self._anchors) > 1 and self.dice.chance(0.2):
            self.anchor = self.dice.choice(list(self._anchors))[1]
            self.world.meter.met("trouble", "anchor falls back")

    def _tell(self, event: Event) -> None:
        self.world.meter.met("event", type(event).__name__)
        if isinstance(event, Signing):
            self.world.meter.met("signing", f"{self.signing} to {event.state}")
            self.signing = event.state
            self.world.tell(f"{self.side} may sign: {event.state} ({event.reason})")
            if event.state == "ok":
                self._reopen_soon()
        elif isinstance(event, Fault):
            self.world.meter.met("code", event.code)
            self.world.fault(self, event)
        elif isinstance(event, Failed):
            self.world.meter.met("code", event.code)
        elif isinstance(event, Folded) and event.row.kind == "keys.confirmed" and event.row.verdict == "valid":
            self._reopen_soon()
        self.world.watcher.event(self, event)
        self.world.clients.event(self, event)

    def _reopen_soon(self) -> None:
        """Other keys are in force: the program stops and opens again with them, as node/ does."""
        core = self.core

        def reopen() -> None:
            if self.core is core and core is not None and keys_differ(self.side, self.later, self.store):
                self.away_s = 0.2
                self.world.meter.met("trouble", "opened again with other keys")
                self.world.crash(self, "to put other keys in force")

        self.world.schedule.after(0.0, reopen)

    def _landed(self, rows: Sequence[Row]) -> None:
        self.world.watcher.landed(self, rows)

    def _stored(self, core: LineCore, batch: int) -> None:
        if self.core is core:
            self.perform(lambda: core.stored(batch, self.now(), self.clock()))

    def _failed(self, core: LineCore, batch: int, error: Unavailable) -> None:
        if self.core is core:
            self.world.meter.met("code", error.code)
            self.perform(lambda: core.store_failed(batch, error, self.now()))

    # --- time -----------------------------------------------------------------------------------------------------

    def _set_timer(self) -> None:
        core = self.core
        if core is None:
            return
        wake = core.wake_at(self.now())
        if wake is None:
            return
        at = max(wake - 1000.0 * self.boots, self.world.schedule.now + 0.0005)
        if self._tick_at is not None and self._tick_at <= at and self._tick_at > self.world.schedule.now:
            return
        self._tick_at = at
        self.world.schedule.at(at, lambda: self._tick(core, at))

    def _tick(self, core: LineCore, at: float) -> None:
        if self.core is not core or self._tick_at != at:
            return
        self._tick_at = None
        self.perform(lambda: core.tick(self.now(), self.clock()))
        if self.core is core and self._tick_at is None:
            self._set_timer()
