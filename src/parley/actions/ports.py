"""What actions need of a node, written down as types. `node.Node` satisfies it; so does the node the tests use.

Owns: nothing. This page is the whole contract between a person's wish and the machine behind it; what of it is about
calls is in call_ports.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

# A contract needs no machine: `parley check` comes by here, and must load neither a node nor a database.
if TYPE_CHECKING:
    from parley.actions.call_ports import (
        CallingPort,
        InterpretingPort,
        LiftingPort,
        PicturesPort,
        RecordingsPort,
        TextingPort,
        TurningPort,
        VoicePort,
    )
    from parley.codec import JsonValue
    from parley.codec.canonical import JsonInput
    from parley.identity import Card, LineIdentity
    from parley.node.feeds import Feeds
    from parley.node.stopping import Early
    from parley.people.escalation import Waits
    from parley.record.names import LogId, Ref
    from parley.storage import StoreReads, ValueRow
    from parley.storage.search import Search
    from parley.subjects import Book
    from parley.subjects.stops import Due, StopView
    from parley.subjects.watches import WatchView
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
    def second_place(self) -> str: ...
    @property
    def watch(self) -> WatchPort | None: ...
    @property
    def our_watch(self) -> WatchPort: ...
    @property
    def waiting(self) -> int: ...
    @property
    def waiting_since(self) -> str | None: ...
    @property
    def put_off(self) -> int: ...
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
    """One listener; iterate over it or take all that came, and close it."""

    async def come(self) -> Sequence[EventPort]: ...
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


class ExportsPort(Protocol):
    """What leaves the node as a file, or comes as one by hand."""

    async def evidence(self, channel: str, subject: str, path: Path, joined: Sequence[tuple[str, str]] = ()) -> int:
        """Write the bundle, with what was said of joined incidents; give the number of entries in it."""
        ...

    async def entry(self, log: LogId, number: int) -> bytes:
        """Give the evidence of one entry."""
        ...

    async def record(self, path: Path) -> int:
        """Write the whole record; give the number of entries in it."""
        ...

    async def carry_out(self, path: Path, *, whole: bool = False) -> CarriedPort:
        """Write what the other side has not cosigned, or everything, to a file sealed to it."""
        ...

    async def carry_in(self, path: Path) -> CarriedPort:
        """Take in the other side's carried file; returns once all of it is on our disk. Raises PeerError `carry.…`."""
        ...


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
    def at(self, channel: str) -> Sequence[Any]: ...


class StoppingPort(Protocol):
    """Emergency stops that still want somebody."""

    def now(self) -> Sequence[StopView]: ...
    def early(self) -> Sequence[Early]: ...
    def seen(self, channel: str, subject: str) -> None: ...
    def now_at(self, raising: str) -> Moment: ...
    def overdue(self, view: StopView) -> Due | None: ...
    def tell_open(self, desk: Any) -> None: ...


class NotifierPort(Protocol):
    """What leaves the desk."""

    @property
    def failing(self) -> Mapping[str, Any]: ...  # node.notifying.Result by target
    def under_way(self) -> Sequence[Any]: ...  # node.notifying.Sending


class EscalatingPort(Protocol):
    """What waits for our people, and who is told."""

    @property
    def waiting(self) -> Collection[Waits]: ...
    @property
    def silent(self) -> Sequence[Any]: ...  # node.escalating.Silent
    @property
    def notifier(self) -> NotifierPort: ...
    def taken(self, waits: Waits) -> tuple[int, int]: ...
    def ringing(self, key: str) -> int: ...
    def desk_rings(self, desk: Any, keys: Iterable[str]) -> Sequence[Waits]: ...
    def trial(self, target: str, kind: str = "") -> None: ...
    def poke(self) -> None: ...


class WatchesPort(Protocol):
    """Who has which watch, as the record has it."""

    def now(self, side: str, channel: str) -> WatchView | None: ...
    def of_side(self, side: str) -> Sequence[WatchView]: ...
    def ends_at(self, view: WatchView) -> Moment: ...


class FindingPort(Protocol):
    """The index of the record's words."""

    @property
    def index(self) -> Search: ...


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
    def feeds(self) -> Feeds: ...
    @property
    def stopping(self) -> StoppingPort: ...
    @property
    def exports(self) -> ExportsPort: ...
    @property
    def voice(self) -> VoicePort: ...
    @property
    def texting(self) -> TextingPort: ...
    @property
    def watches(self) -> WatchesPort: ...
    @property
    def recordings(self) -> RecordingsPort | None:
        """What this node keeps of recorded calls; None where it keeps none."""
        ...

    @property
    def turns(self) -> TurningPort: ...
    @property
    def interpreting(self) -> InterpretingPort: ...
    @property
    def pictures(self) -> PicturesPort: ...
    @property
    def finding(self) -> FindingPort: ...
    @property
    def escalating(self) -> EscalatingPort: ...

    @property
    def default_status(self) -> str:
        """What entries are marked with where nobody says otherwise: actual, exercise or test."""
        ...

    @property
    def illustration(self) -> bool:
        """Whether this whole node shows an example after public sources."""
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
    def subscribe(self) -> SubscriptionPort: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None:
        """Put a private event (kind "draft") on our own subscriptions; it never crosses the line."""
        ...

    async def line_test(self, person: str) -> AuthoredPort: ...
    def set_watch(self, person: str, present: bool) -> None: ...
    def faults(self, count: int) -> Sequence[FaultPort]: ...
    async def renew_log(self, log: LogId, person: str) -> None:
        """Go on in the next epoch of a log of ours that the other side ended; returns once that is on our disk."""
        ...

    async def attach(self, content: AsyncIterable[bytes]) -> tuple[str, int]:
        """Take a file in; give its root (hex) and size. Raises Unavailable `storage.quota` or `storage.full`."""
        ...

    def attachment_held(self, root: str) -> int:
        """Give how many verified bytes of a file are on our disk."""
        ...

    def read_attachment(self, root: str, first: int = 0) -> AsyncIterator[bytes]:
        """Give a file from one of its chunks on, each chunk verified again."""
        ...
