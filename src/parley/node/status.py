"""What a node says of itself and since when, of an entry it wrote, and a few things read off its store and cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parley.identity import Card, LineIdentity, Party
from parley.node.nearby import Nearby
from parley.node.shell import Shell
from parley.node.watching import Watch, since_text
from parley.record.names import LogId
from parley.storage.port import Store
from parley.subjects import Book, Fact
from parley.subjects.standing import ContinuedView
from parley.subjects.standing.facts import continue_line
from parley.times import Moment
from parley.transports import LinkHost, LinkState


def card_of(cards: Sequence[Card], party: Party) -> str:
    """Give the digest of the card that states a party."""
    return next(card.digest.hex() for card in reversed(cards) if card.party == party)


def continued_fact(identity: LineIdentity, cards: Sequence[Card], store: Store, book: Book) -> Fact | None:
    """Give what our side has yet to say of where the line goes on under cards compared anew; None if it was said."""
    us = identity.ours.side
    ours = [card_of(cards, identity.party(side)) for side in (us, identity.theirs.side)]
    view = book.view("line", f"continued/{us}")
    if isinstance(view, ContinuedView) and view.cards == tuple(sorted(ours)):
        return None
    heads = {log: (size, root.hex()) for log in store.logs() if (size := store.size(log))
             and (root := store.root_at(log, size)) is not None}  # fmt: skip
    return continue_line(us, ours, heads)


def former_pins(identity: LineIdentity, store: Store) -> tuple[bytes, ...]:
    """Give the TLS key their node may still show: it may not have heard yet that its new ones are confirmed."""
    former = identity.formers(identity.theirs.side)
    settled = store.value("core", "keys-settled") == identity.theirs.log.ed
    return (former[0].party.tls_spki,) if former and not settled else ()


class AuthoredEntry(NamedTuple):
    """An entry of ours that is on our disk; `id` is its leaf hash in hex, `at` its moment text."""

    log: LogId
    number: int
    id: str
    subject: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    """What a desk shows of the line at any time. Machine (`line_up`) and people (`watch`) are separate facts."""

    links: tuple[LinkState, ...]
    line_up: bool
    signing: str  # ok | waiting | healing | read-only
    signing_reason: str
    second_place: str  # what our operator should know of it, in words; empty where all is well
    watch: Watch | None
    our_watch: Watch
    waiting: int  # entries of ours that their node has not cosigned
    waiting_since: str | None
    put_off: int  # logs over which our post-quantum signatures wait, because all links are thin
    down_since: str | None
    clock_offset_ms: int | None


class LineTimes:
    """Since when the line is down, and since when entries of ours wait for the other side."""

    def __init__(self, host: LinkHost, shell: Shell, nearby: Nearby) -> None:
        self._host = host
        self._shell = shell
        self._nearby = nearby
        self.down_since: Moment | None = Shell.moment()
        self._waiting_since: Moment | None = None

    def up(self) -> None:
        """A link came up."""
        self.down_since = None

    def down(self) -> None:
        """A link went down; it may have been the last."""
        if not self._shell.core.links and self.down_since is None:
            self.down_since = Shell.moment()

    def wrote(self) -> None:
        """An entry of ours is on our disk."""
        if self._waiting_since is None:
            self._waiting_since = Shell.moment()

    def offset_ms(self) -> int | None:
        """Give how far their clock is ahead of ours, as far as a link has measured it."""
        return next((link.offset_ms for link in self._host.links() if link.up and link.offset_ms is not None), None)

    def offset_error_ms(self) -> float:
        """Give by how much that may be wrong: by half the shortest round trip of the link that measured it."""
        measured = (link for link in self._host.links() if link.up and link.offset_ms is not None)
        return next(((link.rtt_min_ms or 0.0) / 2 for link in measured), 0.0)

    def status(self) -> NodeStatus:
        """Give the state of the line and of this node."""
        links = tuple(self._host.links())
        state, reason = self._shell.core.signing
        waiting = self._shell.core.waiting()
        if not waiting:
            self._waiting_since = None
        return NodeStatus(
            links=links,
            line_up=any(link.up for link in links),
            signing=state,
            signing_reason=reason,
            second_place=self._shell.second_place,
            watch=self._nearby.theirs(),
            our_watch=self._nearby.ours,
            waiting=waiting,
            waiting_since=since_text(self._waiting_since) if waiting else None,
            put_off=self._shell.core.put_off,
            down_since=since_text(self.down_since) or None,
            clock_offset_ms=self.offset_ms(),
        )
