"""What the line core wants done (effects) and what it has to tell (events). All frozen; nothing here acts.

What comes with every entry is a NamedTuple: making one costs a third of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from parley.codec.canonical import JsonValue
from parley.link.lanes import Lane
from parley.record.entry import Entry
from parley.record.names import LogId, Ref
from parley.storage.port import FoldRow, Row

# --- wishes -----------------------------------------------------------------------------------------------------


class Wish(NamedTuple):
    """Somebody of our side wants to add an entry; rights were checked in the action, rules are checked here."""

    token: int  # comes back in Authored or Failed
    channel: str
    kind: str
    subject: str | None  # None: the entry opens a subject named after itself
    body: dict[str, JsonValue]
    person: str = ""
    precedence: str = ""
    status: str = "actual"
    refs: tuple[Ref, ...] = ()


# --- effects ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Commit:
    """Store these rows in one synced transaction, then call `stored(batch)`. At most one is under way."""

    batch: int
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class SaveAnchor:
    """Write these bytes to the second place before the commit that follows."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Send:
    """Give a frame to a link. Everything it claims is on our disk."""

    link: str
    lane: Lane
    frame: bytes


@dataclass(frozen=True, slots=True)
class CloseLink:
    """The peer broke the protocol on this link: close it with the coded reason."""

    link: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Restart:
    """What we held in memory no longer matches the disk: build a new core from the store, then `start` it."""

    reason: str


# --- events -----------------------------------------------------------------------------------------------------


class Authored(NamedTuple):
    """The wish is an entry on our disk."""

    token: int
    log: LogId
    number: int
    id: bytes
    subject: str
    at: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The wish is not an entry and never will be; `code` says why."""

    token: int
    code: str
    sentence: str


class Folded(NamedTuple):
    """An entry (ours or theirs) is on our disk and in the views. `entry` is None if it is unreadable."""

    row: FoldRow
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Held:
    """The other side has cosigned our log up to `size`: it is on their disk. Told once a rise and suite."""

    log: LogId
    size: int
    at_s: int
    suite: int


@dataclass(frozen=True, slots=True)
class AheadArrived:
    """An urgent entry of theirs is on our disk before its log; earlier entries are still coming."""

    log: LogId
    number: int
    id: bytes
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Received:
    """The other side signed that it has this urgent entry of ours, come ahead, on its disk."""

    log: LogId
    number: int
    at_s: int


@dataclass(frozen=True, slots=True)
class Signing:
    """Whether this node may author: `ok`, `waiting` (for the peer's word on our own tail), `healing`, `read-only`."""

    state: Literal["ok", "waiting", "healing", "read-only"]
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The peer did what the protocol forbids; the bytes are kept under `evidence`."""

    code: str
    sentence: str
    link: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Other:
    """A frame that belongs to somebody else in the node: a signal, a want, a chunk."""

    link: str
    kind: int
    frame: bytes


Event = Authored | Failed | Folded | Held | AheadArrived | Received | Signing | Fault | Other


class Tell(NamedTuple):
    """Something the node's desks, actions and logs want to know."""

    event: Event


Effect = Commit | SaveAnchor | Send | CloseLink | Restart | Tell
