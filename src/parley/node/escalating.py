"""Tells our people of what waits: asks the sources, carries out the steps, listens which desks really ring.

Owns: the sources, the task, who may be rung, how far each thing had come at the last commit.
Does not own: when a step is taken (people/escalation.py), desks that ring (bells.py), what leaves (notifying.py).
Always true: 1. A source that fails leaves what it said last: nothing stops ringing because of a fault here.
A new source is `source("kind", …)` here and its row in people/ladders.KINDS.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final, Protocol

from parley.identity import LineIdentity
from parley.node.bells import Bells, Silent
from parley.node.desks import Desk, Desks
from parley.node.events import Event
from parley.node.lifting import Lifting
from parley.node.notifying import Notifier, Sending
from parley.people import accounts, ladders, notices
from parley.people.escalation import NOBODY_S, Escalation, Over, Take, Waits
from parley.people.ladders import KINDS, Step
from parley.people.rights import EVERY_CHANNEL, rights_of
from parley.record.entry import Entry
from parley.storage.port import StoreReads, ValueRow
from parley.subjects import Book
from parley.subjects.channels import ChannelView
from parley.times import Instant, Moment

SPACE: Final = "private.escalation"  # key: a Waits' key; value: how many of its steps were taken
_LOOKS_EVERY_S: Final = 5.0  # also without a word: a source may forget to say that something changed
_LOOKS_WAITING_S: Final = 0.5
_GATHERS_S: Final = 0.03
_RIGHTS_S: Final = 1.0  # how old what is known of a right may be; the page of a closed account ends at once
_URGENCY: Final = {"FLASH": 0, "IMMEDIATE": 1, "PRIORITY": 2, "ROUTINE": 3}
_KINDS: Final = ("stop", *(kind for kind in KINDS if kind != "stop"))  # a stop before a call before the rest
_log = logging.getLogger("parley.escalation")

Source = Callable[[], Iterable[Waits]]


class House(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def identity(self) -> LineIdentity: ...
    @property
    def lifting(self) -> Lifting: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...
    @property
    def desks(self) -> Desks: ...
    def now(self) -> Instant: ...
    def moment(self) -> Moment: ...
    def keep_soon(self, rows: Sequence[ValueRow]) -> None: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...


class Escalating:
    """The escalation of one node."""

    def __init__(self, node: House, sources: Mapping[str, Source]) -> None:
        self._node = node
        self._sources = dict(sources)
        self._said: dict[str, list[Waits]] = {}
        self._core = Escalation()
        self._poked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.bells = Bells(node)
        self._began: dict[str, Instant] = {}
        self._known: dict[tuple[str, ...], bool] = {}  # who may be rung: person and role, or person, right and channel
        self._known_at = Instant(0.0)
        self.notifier = Notifier(node)

    def source(self, kind: str, source: Source) -> None:
        """Bring a kind of thing that waits; `source` gives all of it, anew each time, and may read only memory."""
        assert kind in KINDS, kind
        self._sources[kind] = source

    def start(self) -> None:
        """Begin; what had been told before the node stopped is not told again."""
        taken = {key: int(value) for key, value in self._node.store.values(SPACE, count=10_000)}
        self._core = Escalation(taken)
        self.notifier.start()
        self._task = asyncio.create_task(self._go_on(), name="escalation")

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.notifier.stop()

    def poke(self) -> None:
        """Something may have begun to wait, or waits no more."""
        self._poked.set()

    def heard(self, event: Event) -> None:
        """Look again after an event, but not because the other side holds what we said; entries come by `folded`."""
        if event.kind not in ("entry", "held"):
            self.poke()

    def folded(self, entry: Entry) -> None:
        """Look again after an entry. Words without urgency wait at no ladder: a look costs as much as a message."""
        if entry.kind != "message.sent" or _URGENCY.get(entry.precedence, 0) < _URGENCY["PRIORITY"]:
            self.poke()

    # --- what others ask --------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> Collection[Waits]:
        """Everything that waits."""
        return self._core.now

    def taken(self, waits: Waits) -> tuple[int, int]:
        """Give how many steps were taken for it, of how many."""
        return self._core.taken(waits.key)

    def ringing(self, key: str) -> int:
        """Give how many desks of ours really ring for a thing."""
        return self.bells.ringing(key)

    @property
    def silent(self) -> list[Silent]:
        """Give the desks that should ring and do not."""
        return self.bells.silent

    def desk_rings(self, desk: Desk, keys: Iterable[str]) -> list[Waits]:
        """A page says that it really rings for these; gives what they are. What it was never told of does not count."""
        found = {one.key: one for one in self._core.now}
        told = []
        for key in keys:
            waits = found.get(key)
            if waits is not None and desk.person not in waits.not_for and self.bells.rings(desk, waits):
                told.append(waits)
        if told:
            self.poke()
        return told

    def trial(self, target: str, kind: str = "") -> None:
        """Send a test to a target; its result is kept like any other."""
        node = self._node
        notice = notices.trial(side=node.identity.ours.name, language=node.identity.ours.languages[0], kind=kind)
        self.notifier.send(Sending(target, notice, kind, "", True, lambda: True))

    # --- the round --------------------------------------------------------------------------------------------------

    async def _go_on(self) -> None:
        while True:
            began = self._node.now()
            try:
                self._look()
            except Exception:  # a fault in one step must not end the ringing of all others
                _log.exception("a round of the escalation failed; the next one follows")
            now = self._node.now()
            took = now - began
            pause = _LOOKS_WAITING_S if self._core.now else _LOOKS_EVERY_S
            due = self._core.wake_at()
            if due is not None:
                pause = min(pause, max(0.01, due - now))
            with suppress(TimeoutError):  # not wait_for: in Python 3.11 it may swallow the end of this task
                async with asyncio.timeout(pause):
                    await self._poked.wait()
            self._poked.clear()
            await asyncio.sleep(max(_GATHERS_S, 5 * took))  # however many desks: at most a sixth of the loop

    def _look(self) -> None:
        now = self._node.now()
        if now - self._known_at >= _RIGHTS_S:
            self._known.clear()
            self._known_at = now
        for kind, source in self._sources.items():
            try:
                self._said[kind] = list(source())
            except Exception:  # a fault in one subject must not silence what waits in the others
                _log.exception("the source of %s failed; what it said last still counts", kind)
        waiting = [one for said in self._said.values() for one in said]
        rows: list[ValueRow] = []
        for effect in self._core.fold(waiting, self._steps_of, now):
            rows.append(self._over(effect) if isinstance(effect, Over) else self._take(effect, now))
        rows += [ValueRow(SPACE, key, None) for key in self._core.forget_rest()]
        self._core.reached(self._ring(now), now)
        if rows:
            self._node.keep_soon(rows)
        if rows or self.bells.changed:
            self.bells.changed = False
            self._node.tell("notify", {})

    def _steps_of(self, waits: Waits) -> tuple[Step, ...]:
        return ladders.ladder_for(self._node.store, waits.channel, waits.kind).steps

    def _over(self, over: Over) -> ValueRow:
        key = over.waits.key
        self._began.pop(key, None)
        self.bells.over(key)
        return ValueRow(SPACE, key, None)

    def _take(self, take: Take, now: Instant) -> ValueRow:
        self._began.setdefault(take.waits.key, now)
        if take.step.how == ladders.NOTIFY:
            for name in take.step.who:
                self._notify(take.waits, name)
        return ValueRow(SPACE, take.waits.key, str(take.number + 1).encode())

    def _notify(self, waits: Waits, name: str) -> None:
        node = self._node
        target = next((one for one in ladders.targets(node.store) if one.name == name), None)
        hidden = target is None or target.hides_channel
        notice = notices.notice(
            side=node.identity.ours.name, language=node.identity.ours.languages[0], kind=waits.kind,
            channel="" if hidden else self._title(waits.channel), precedence=waits.precedence, status=waits.status,
            since=waits.since,
        )  # fmt: skip
        key = waits.key
        self.notifier.send(
            Sending(
                name, notice, waits.kind, waits.channel, False, lambda: any(one.key == key for one in self._core.now)
            )
        )

    def _title(self, channel: str) -> str:
        view = self._node.book.view("line", f"channel/{channel}") if channel else None
        return " ".join(view.title.split()) if isinstance(view, ChannelView) else channel

    # --- the desks --------------------------------------------------------------------------------------------------

    def _ring(self, now: Instant) -> dict[str, int]:
        """Let the desks ring for what waits; give for each thing how many desks hear it."""
        urgent = sorted(self._core.now, key=_place)
        heard = self.bells.ring([(waits, self._audience(waits)) for waits in urgent], now)
        for waits in urgent:
            rings = self.bells.ringing(waits.key)
            if waits.session and (rings or now - self._began.get(waits.key, now) >= NOBODY_S):
                self._node.lifting.desks_ring(waits.channel, waits.session, rings)
        return heard

    def _audience(self, waits: Waits) -> list[Desk]:
        desks, kind = self._node.desks, KINDS[waits.kind]
        found: dict[int, Desk] = {}
        for step in self._core.rings(waits.key):
            if step.how == ladders.WATCH and waits.channel:
                reached = desks.on_watch(waits.channel)
            elif step.how == ladders.WATCH:
                reached = desks.watching()
            else:
                reached = [desk for desk in desks.alive() if step.how == ladders.DESKS or desk.person in step.who]
            if kind.role and step.how != ladders.PERSONS:
                reached = [desk for desk in reached if self._is(desk.person, kind.role)]
            found.update((desk.number, desk) for desk in reached)
        return [
            desk
            for desk in found.values()
            if desk.person not in waits.not_for and self._may(desk.person, kind.right, waits.channel)
        ]

    def _lately(self, key: tuple[str, ...], ask: Callable[[], bool]) -> bool:
        """Give what the store says of somebody, as it was within the last second: each look asks for each desk."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = ask()
        return known

    def _is(self, person: str, role: str) -> bool:
        return self._lately((person, role), lambda: self._is_now(person, role))

    def _may(self, person: str, right: str, channel: str) -> bool:
        """Say whether somebody may be rung for something in a channel."""
        return self._lately((person, right, channel), lambda: self._may_now(person, right, channel))

    def _is_now(self, person: str, role: str) -> bool:
        account = accounts.find(self._node.store, person)
        return account is not None and role in account.roles

    def _may_now(self, person: str, right: str, channel: str) -> bool:
        account = accounts.find(self._node.store, person)
        if account is None or account.state == accounts.DISABLED or right not in rights_of(account.roles):
            return False
        if not channel:
            return True
        room = self._node.book.view("line", f"channel/{channel}")
        if not isinstance(room, ChannelView):
            return False
        members = room.members.get(self._node.us, ())
        return not members or person in members or not EVERY_CHANNEL.isdisjoint(account.roles)


def _place(one: Waits) -> tuple[int, bool, int]:
    """Give where a thing stands among what rings: of so many a desk is told, and no drill may be before a real one."""
    return _KINDS.index(one.kind), one.status != "actual", _URGENCY.get(one.precedence, 9)
