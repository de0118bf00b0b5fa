"""What the two nodes tell each other now: who is on watch at each end, and how a FLASH rang there.

Owns: sending and taking signals, the watch of both sides, the FLASH allowance.
Does not own: their form and numbers (signals.py); links and store (handed in).
Always true: a signal is never the only account of anything that must last (DESIGN 2.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from parley import limits
from parley.codec.canonical import JsonInput
from parley.errors import PeerError
from parley.line import Other
from parley.node.ringing import RANG_LASTS_MS, FlashAllowance, rang_as_less, rang_fields, rang_row, read_rang
from parley.node.signals import Signal, Signals
from parley.node.watching import (
    WATCH_LASTS_MS,
    WATCH_THIN_EVERY_S,
    WATCH_THIN_LASTS_MS,
    TheirWatch,
    Watch,
    since_text,
    watch_fields,
)
from parley.record.names import LogId
from parley.storage.port import StoreReads, ValueRow
from parley.subjects import Book
from parley.times import Instant, Moment


class Around(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...
    def moment(self) -> Moment: ...
    def now(self) -> Instant: ...
    def offset_ms(self) -> int | None: ...
    @property
    def thin(self) -> bool: ...
    def everywhere(self, frame: bytes) -> bool: ...
    def keep_soon(self, rows: Sequence[ValueRow]) -> None: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...
    def rang(self, log: LogId, number: int, subject: str) -> None: ...
    def blame(self, link: str, frame: bytes, error: PeerError) -> None: ...


class Nearby:
    """Signals of one node, and what follows from the other's."""

    def __init__(self, node: Around) -> None:
        self._node = node
        self._signals = Signals(node.moment())
        self._theirs = TheirWatch()
        self._allowance = FlashAllowance()
        self._present: dict[str, Moment] = {}
        self._since: Moment | None = None
        self._reported_at = Instant(float("-inf"))
        self._handlers: dict[str, Callable[[Signal], None]] = {"watch": self._heard_watch, "rang": self._heard_rang}

    def on(self, name: str, handler: Callable[[Signal], None]) -> None:
        """Hand signals of that name to another part; it reads every field and ends with `done`."""
        self._handlers[name] = handler

    def listen(self, handlers: Mapping[str, Callable[[Signal], None]]) -> None:
        """Hand signals of these names to another part."""
        for name, handler in handlers.items():
            self.on(name, handler)

    def signal(self, name: str, lasts_ms: int, fields: Mapping[str, JsonInput]) -> bool:
        """Send a signal by every link; the first copy counts. False if no link takes it now."""
        return self._node.everywhere(self._signals.write(name, self._node.moment(), lasts_ms, fields))

    def heard(self, event: Other) -> None:
        """Take in a signal. Raises PeerError for a form that no signal has."""
        node = self._node
        signal = self._signals.take(event.frame, node.now(), node.moment(), node.offset_ms())
        if self._signals.flooded:
            words = f"far more than {limits.SIGNALS_RATE:g} signals a second came; what exceeds it is not looked at"
            node.blame(event.link, b"", PeerError("line.signal-flood", words))
        handler = None if signal is None else self._handlers.get(signal.name)
        if signal is not None and handler is not None:
            handler(signal)

    # --- the watch --------------------------------------------------------------------------------------------------

    @property
    def ours(self) -> Watch:
        """Whether somebody is on watch here, and since when."""
        return Watch(present=bool(self._present), since=since_text(self._since))

    def theirs(self) -> Watch | None:
        """Give what their node said of its watch; None if it has not said it lately."""
        return self._theirs.now(self._node.now())

    def set_watch(self, person: str, present: bool) -> None:
        """Note that a person came on watch or left; both sides see that somebody is there, and since when."""
        self.attend(person, self._node.moment() if present else None)

    def attend(self, key: str, since: Moment | None) -> None:
        """Note that somebody is there since a moment, by whatever shows it (`key`), or is there no more (None)."""
        before = bool(self._present)
        if since is not None:
            self._present.setdefault(key, since)
        else:
            self._present.pop(key, None)
        if bool(self._present) != before:
            self._since = since if since is not None else self._node.moment()
            self.report()
            self._node.tell("watch", {"ours": True, "present": bool(self._present)})

    def report(self) -> None:
        """Say whether somebody is here."""
        lasts_ms = WATCH_THIN_LASTS_MS if self._node.thin else WATCH_LASTS_MS
        sent = self.signal("watch", lasts_ms, watch_fields(bool(self._present), self._since))
        self._reported_at = self._node.now() if sent else Instant(float("-inf"))  # a change must not wait its turn

    def report_again(self) -> None:
        """Say it again if it is time: each 5 s, and less often where that would fill a thin link."""
        if not self._node.thin or self._node.now() - self._reported_at >= WATCH_THIN_EVERY_S:
            self.report()

    def _heard_watch(self, signal: Signal) -> None:
        if self._theirs.heard(signal.fields, self._node.now(), signal.lasts_ms):
            watch = self.theirs()
            self._node.tell("watch", {"ours": False, "present": bool(watch and watch.present)})

    # --- how a FLASH rings --------------------------------------------------------------------------------------------

    def rings(self, log: LogId, number: int) -> str:
        """Say how a FLASH of theirs rings; beyond the hour's allowance as ROUTINE, and their node is told."""
        if self._allowance.may_ring(log, number, self._node.now()):
            return "FLASH"
        self._node.keep_soon([rang_row(log, number)])
        self.signal("rang", RANG_LASTS_MS, rang_fields(log, number))
        return "ROUTINE"

    def _heard_rang(self, signal: Signal) -> None:
        node, (log, number) = self._node, read_rang(signal.fields)
        if log.side != node.us or number >= node.store.size(log) or rang_as_less(node.store, log, number):
            return
        entry = node.book.entry(log, number)
        if entry is not None and entry.precedence == "FLASH":
            node.keep_soon([rang_row(log, number)])
            node.rang(log, number, entry.subject)
