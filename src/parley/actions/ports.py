"""What actions need of a node, written down as types. `node.Node` satisfies it; so does the node the tests use.

Owns: nothing. This page is the whole contract between a person's wish and the machine behind it.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from parley.codec import JsonValue
from parley.codec.canonical import JsonInput
from parley.identity import Card, LineIdentity
from parley.record.names import LogId, Ref
from parley.storage import StoreReads, ValueRow
from parley.subjects import Book
from parley.subjects.calls import CallView
from parley.times import Moment


class DeliveryPort(Protocol):
    """When an entry reached each disk (moment texts, or None)."""

    @property
    def on_our_disk_at(self) -> str | None: ...
    @property
    def on_their_disk_at(self) -> str | None: ...
    @property
    def pq(self) -> bool: ...


class AuthoredPort(Protocol):
    """An entry of ours that is on our disk."""

    @property
    def log(self) -> LogId: ...
    @property
    def number(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def at(self) -> str: ...


class WatchPort(Protocol):
    """Whether somebody is there."""

    @property
    def present(self) -> bool: ...
    @property
    def since(self) -> str: ...


class StatusPort(Protocol):
    """The state of the line and of this node."""

    @property
    def links(self) -> Sequence[Any]: ...  # transports.LinkState
    @property
    def line_up(self) -> bool: ...
    @property
    def signing(self) -> str: ...
    @property
    def signing_reason(self) -> str: ...
    @property
    def watch(self) -> WatchPort | None: ...
    @property
    def our_watch(self) -> WatchPort: ...
    @property
    def waiting(self) -> int: ...
    @property
    def waiting_since(self) -> str | None: ...
    @property
    def down_since(self) -> str | None: ...
    @property
    def clock_offset_ms(self) -> int | None: ...


class FaultPort(Protocol):
    """Something the peer, a link or the disk did that it must not."""

    @property
    def at(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def link(self) -> str: ...


class EventPort(Protocol):
    """Something that happened: a hint to ask again."""

    @property
    def kind(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def log(self) -> LogId | None: ...
    @property
    def number(self) -> int: ...
    @property
    def fields(self) -> Mapping[str, str | int | bool | None]: ...


class SubscriptionPort(Protocol):
    """One listener; iterate over it, and close it."""

    def __aiter__(self) -> AsyncIterator[EventPort]: ...
    def close(self) -> None: ...


class CarriedPort(Protocol):
    """What a hand-carried file covers."""

    @property
    def side(self) -> str: ...
    @property
    def at(self) -> Moment: ...
    @property
    def covers(self) -> Mapping[str, tuple[int, int]]: ...
    @property
    def frames(self) -> int: ...


class SinkPort(Protocol):
    """The page behind a desk's socket; none of these waits."""

    def tell(self, told: Mapping[str, JsonInput]) -> None: ...
    def sound(self, frame: bytes) -> None: ...
    def ask_again(self) -> None: ...


class DeskPort(Protocol):
    """One page with its socket open."""

    @property
    def number(self) -> int: ...
    @property
    def person(self) -> str: ...
    @property
    def watches(self) -> frozenset[str]: ...
    @property
    def follows(self) -> str: ...


class DesksPort(Protocol):
    """The desks open at this node."""

    def open(self, person: str, sink: SinkPort) -> DeskPort: ...
    def close(self, desk: Any) -> None: ...  # a DeskPort of `open`
    def beat(self, desk: Any) -> None: ...
    def watch(self, desk: Any, channels: Collection[str]) -> None: ...
    def on_watch(self, channel: str) -> Sequence[Any]: ...
    def follow(self, desk: Any, channel: str) -> None: ...


class CallingPort(Protocol):
    """Which calls go on."""

    def open_in(self, channel: str) -> Sequence[CallView]: ...


class LiftingPort(Protocol):
    """Calls as they happen."""

    def tell_open(self, desk: Any) -> None: ...
    def lift(self, desk: Any, channel: str, session: str, precedence: str, language: str = "") -> int: ...
    def rings(self, channel: str, session: str) -> None: ...
    def plays(self, channel: str, session: str, stream: int) -> None: ...
    def heard_at(self, session: str) -> frozenset[str]: ...


class VoicePort(Protocol):
    """The sound of calls."""

    def speak(self, desk: Any, data: bytes) -> None: ...
    def left(self, desk: Any) -> None: ...


class TextingPort(Protocol):
    """The real-time text of calls."""

    def write(self, desk: Any, channel: str, session: str, text: str, *, finish: bool) -> None: ...
    def left(self, desk: Any) -> None: ...
    def tell_so_far(self, desk: Any, channel: str, sessions: list[str]) -> None: ...


class NodePort(Protocol):
    """A running node, as far as actions use it."""

    @property
    def identity(self) -> LineIdentity: ...
    @property
    def cards(self) -> Sequence[Card]: ...
    @property
    def store(self) -> StoreReads: ...
    def heads(self) -> Mapping[LogId, int]:
        """Give how many entries each of our logs has on disk."""
        ...

    @property
    def book(self) -> Book: ...
    @property
    def desks(self) -> DesksPort:
        """The desks that are open now."""
        ...

    @property
    def calling(self) -> CallingPort: ...
    @property
    def lifting(self) -> LiftingPort: ...
    @property
    def voice(self) -> VoicePort: ...
    @property
    def texting(self) -> TextingPort: ...

    @property
    def default_status(self) -> str:
        """What entries are marked with where nobody says otherwise: actual, exercise or test."""
        ...

    def moment(self) -> Moment:
        """Give the node's calendar time."""
        ...

    async def author(
        self,
        *,
        channel: str,
        kind: str,
        subject: str | None,
        body: Mapping[str, JsonValue],
        person: str,
        precedence: str = "",
        status: str = "",
        refs: Sequence[Ref] = (),
    ) -> AuthoredPort:
        """Write an entry of our side; returns once it is on our disk. Raises Refused or Unavailable."""
        ...

    async def keep(self, rows: Sequence[ValueRow]) -> None:
        """Commit private values through the one writer. Raises Unavailable."""
        ...

    def delivery(self, log: LogId, number: int, at: str = "") -> DeliveryPort: ...
    def status(self) -> StatusPort: ...
    def subscribe(self) -> Any: ...  # SubscriptionPort
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None:
        """Put a private event (kind "draft") on our own subscriptions; it never crosses the line."""
        ...

    async def line_test(self, person: str) -> AuthoredPort: ...
    def set_watch(self, person: str, present: bool) -> None: ...
    def faults(self, count: int) -> Sequence[FaultPort]: ...
    async def export_evidence(self, channel: str, subject: str, path: Path) -> int:
        """Write the bundle; give the number of entries in it."""
        ...

    async def export_record(self, path: Path) -> int:
        """Write the whole record; give the number of entries in it."""
        ...

    def carry_out(self, path: Path) -> CarriedPort:
        """Write what the other side has not cosigned to a file sealed to it."""
        ...

    async def carry_in(self, path: Path) -> CarriedPort:
        """Take in the other side's carried file; returns once all of it is on our disk. Raises PeerError `carry.…`."""
        ...

    async def attach(self, content: AsyncIterable[bytes]) -> tuple[str, int]:
        """Take a file in; give its root (hex) and size. Raises Unavailable `storage.quota` or `storage.full`."""
        ...

    def attachment_held(self, root: str) -> int:
        """Give how many verified bytes of a file are on our disk."""
        ...

    def read_attachment(self, root: str) -> AsyncIterator[bytes]:
        """Give a whole file, each chunk verified again."""
        ...
