"""What actions need of a node, written down as types. `node.Node` satisfies it; so does the node the tests use.

Owns: nothing. This page is the whole contract between a person's wish and the machine behind it.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

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
    def log(self) -> Any: ...
    @property
    def number(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def at(self) -> str: ...


class NodePort(Protocol):
    """A running node, as far as actions use it."""

    @property
    def identity(self) -> Any: ...  # identity.LineIdentity
    @property
    def store(self) -> Any: ...  # storage.Store (reads)
    @property
    def book(self) -> Any: ...  # subjects.Book
    @property
    def people(self) -> Any: ...  # people.People

    def moment(self) -> Moment:
        """Give the node's calendar time."""
        ...

    async def author(
        self,
        *,
        channel: str,
        kind: str,
        subject: str | None,
        body: dict[str, Any],
        person: str,
        precedence: str = "",
        status: str = "actual",
        refs: Sequence[Any] = (),
    ) -> AuthoredPort:
        """Write an entry of our side; returns once it is on our disk. Raises Refused or Unavailable."""
        ...

    async def keep(self, rows: Sequence[Any]) -> None:
        """Commit private values (storage.ValueRow) through the one writer. Raises Unavailable."""
        ...

    def delivery(self, log: Any, number: int) -> DeliveryPort: ...
    def status(self) -> Any: ...  # node.NodeStatus
    def subscribe(self) -> Any: ...  # node.Subscription: async iterator of Event, with close()
    def tell(self, kind: str, fields: dict[str, str | int | bool | None]) -> None:
        """Put a private event (kind "draft") on our own subscriptions; it never crosses the line."""
        ...

    async def line_test(self, person: str) -> AuthoredPort: ...
    def set_watch(self, person: str, present: bool) -> None: ...
    def faults(self, count: int) -> Sequence[Any]: ...  # newest first: at, code, sentence, link
    async def export_evidence(self, channel: str, subject: str, path: Path) -> int:
        """Write the bundle; give the number of entries in it."""
        ...

    async def export_record(self, path: Path) -> int: ...
    async def attach(self, content: AsyncIterable[bytes]) -> tuple[str, int]:
        """Take a file in; give its root (hex) and size."""
        ...

    def attachment_held(self, root: str) -> int:
        """Give how many verified bytes of a file are on our disk."""
        ...

    def read_attachment(self, root: str) -> AsyncIterator[bytes]: ...
