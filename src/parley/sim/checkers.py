"""The promises of DESIGN section 2, as checks on everything an honest node stores, says and tells.

Owns: what is checked at every commit, every frame and every event (`Watcher`).
Does not own: what is checked once both nodes rest (`rest.py`), how trouble is made.
Always true:
  1. A check looks at the node from outside: its disk, its frames, its events. It never asks the core what it thinks.
  2. A hostile side is not checked; what an honest side does about it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from parley.codec import decode
from parley.errors import PeerError
from parley.line import AheadArrived, Authored, Event, Folded, Held, Received, frames
from parley.record import LogId, tree
from parley.sim.copies import Histories, Told
from parley.sim.disk import SimDisk
from parley.sim.kept import Kept
from parley.sim.meter import Meter, PromiseBroken
from parley.storage import EntryRow, Row, SignatureRow, Store, ValueRow
from parley.subjects import Book

# What an urgent entry may take from our disk to theirs when nothing is wrong: two commits, one way and slack.
URGENT_LIMIT_S = 1.0


class Watched(Protocol):
    """The parts of a simulated node that a checker looks at."""

    side: str
    honest: bool
    disk: SimDisk
    book: Book | None

    @property
    def store(self) -> Store: ...
    @property
    def rekeyed(self) -> bool: ...


@dataclass
class Watcher:
    """Follows one world's nodes and raises PromiseBroken."""

    meter: Meter
    now: Callable[[], float]
    nodes: dict[str, Watched] = field(default_factory=dict)
    histories: Histories = field(default_factory=Histories)
    told: dict[tuple[LogId, int], Told] = field(default_factory=dict)
    folded: dict[tuple[str, LogId], int] = field(default_factory=dict)
    ahead: dict[tuple[LogId, int], float] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    cosigned: dict[tuple[str, LogId, str], int] = field(default_factory=dict)  # the newest time a cosigner stated

    def peer(self, side: str) -> Watched:
        """Give the node at the other end."""
        return next(node for name, node in self.nodes.items() if name != side)

    # --- the disk ---------------------------------------------------------------------------------------------

    def landed(self, node: Watched, rows: Sequence[Row]) -> None:
        """Rows reached a node's platter: promise 4 and 5 on its own logs, promise 2 on its cosignatures."""
        if not node.honest:
            return
        self.kept.landed(node, rows)
        for row in rows:
            if isinstance(row, EntryRow) and row.log.side == node.side:
                self.histories.of(row.log).entry(row.number, row.id)
        for row in rows:
            if not isinstance(row, SignatureRow):
                continue
            if row.kind in ("own-ed", "own-pq") and row.log.side == node.side:
                self.histories.of(row.log).head(row.size, row.root)
            elif row.kind in ("co-ed", "co-pq") and row.log.side != node.side:
                self._cosigns(node, row)

    def _cosigns(self, node: Watched, row: SignatureRow) -> None:
        held = node.store.size(row.log)
        if row.size > held:
            raise PromiseBroken(2, f"{node.side} cosigned {row.log.text} up to {row.size} and holds {held}")
        if node.store.root_at(row.log, row.size) != row.root:
            raise PromiseBroken(5, f"{node.side} cosigned a root of {row.log.text} that it does not hold")
        key = (node.side, row.log, row.kind)
        if row.at_s < self.cosigned.get(key, 0):
            raise PromiseBroken(
                5, f"{node.side} cosigned {row.log.text} at {row.size} with an earlier time than before"
            )
        self.cosigned[key] = row.at_s

    # --- frames -----------------------------------------------------------------------------------------------

    def sent(self, node: Watched, frame: bytes) -> None:
        """A frame left: all that it claims must be on its sender's platter (promise 2)."""
        if not node.honest:
            return
        self.kept.sent(node, frame)
        try:
            kind, reader, blob = frames.open_frame(frame)
            if kind is frames.Kind.RUN:
                self._sent_run(node, frames.read_run(reader, blob))
            elif kind is frames.Kind.STANDING:
                self._sent_standing(node, frames.read_standing(reader))
            elif kind is frames.Kind.COSIGNED:
                for row in frames.read_cosigned(reader):
                    self._signature_landed(node, row.signature, f"a cosignature of {row.log.text} at {row.size}")
            elif kind is frames.Kind.SEALED:
                for head in frames.read_sealed(reader):
                    self._signature_landed(node, head.signature, f"a sealed head of {head.log.text}")
            elif kind is frames.Kind.AHEAD:
                self._sent_ahead(node, frames.read_ahead(reader, blob))
            elif kind is frames.Kind.PROGRESS:
                log, held, _ = frames.read_progress(reader)
                if held > node.store.size(log):
                    raise PromiseBroken(2, f"{node.side} says that it holds {held} of {log.text} and does not")
            elif kind is frames.Kind.RECEIPT:
                self._sent_receipt(node, frames.read_receipt(reader))
        except PeerError as wrong:
            raise PromiseBroken(0, f"{node.side} sent a frame that our own reader refuses: {wrong}") from wrong
        self.meter.met("frame", kind.name)

    def _signature_landed(self, node: Watched, signature: bytes, what: str) -> None:
        if signature not in node.disk.landed:
            raise PromiseBroken(2, f"{node.side} sent {what} before it was on its disk")

    def _head_landed(self, node: Watched, head: frames.Head) -> None:
        """A head of ours may go out under newer keys than it was stored under: that says nothing new."""
        row = node.store.signature(head.log, "own-ed", at_least=head.size)
        if row is not None and (row.size, row.root) == (head.size, head.root) and node.rekeyed:
            self._signature_landed(node, row.signature, f"a head of {head.log.text} at {head.size}")
        else:
            self._signature_landed(node, head.signature, f"a head of {head.log.text} at {head.size}")

    def _sent_run(self, node: Watched, run: frames.Run) -> None:
        log = run.head.log
        self._head_landed(node, run.head)
        ids = node.store.ids(log, run.first, len(run.leaves))
        if ids != [tree.leaf_hash(leaf) for leaf in run.leaves]:
            raise PromiseBroken(2, f"{node.side} sent entries of {log.text} from {run.first} that are not on its disk")

    def _sent_standing(self, node: Watched, standing: frames.Standing) -> None:
        for head in standing.heads:
            self._head_landed(node, head)
        for log, held in standing.held:
            if held > node.store.size(log):
                raise PromiseBroken(2, f"{node.side} says that it holds {held} of {log.text} and does not")

    def _sent_ahead(self, node: Watched, ahead: frames.Ahead) -> None:
        log = ahead.head.log
        identity = tree.leaf_hash(ahead.leaf)
        if log.side != node.side:  # given back to its author
            if not self.holds(node, log, ahead.number, identity):
                raise PromiseBroken(2, f"{node.side} gave back entry {ahead.number} of {log.text}, and has not got it")
            return
        self._head_landed(node, ahead.head)
        if node.store.ids(log, ahead.number, 1) != [identity]:
            raise PromiseBroken(2, f"{node.side} sent entry {ahead.number} of {log.text} ahead, and has not got it")

    def _sent_receipt(self, node: Watched, receipt: frames.Receipt) -> None:
        if not self.holds(node, receipt.log, receipt.number, receipt.id):
            raise PromiseBroken(2, f"{node.side} signed a receipt for an entry of {receipt.log.text} it has not got")

    def holds(self, node: Watched, log: LogId, number: int, identity: bytes) -> bool:
        """True if an entry is on a node's platter: in its log, or as bytes kept ahead of the log."""
        if node.store.ids(log, number, 1) == [identity]:
            return True
        return any(tree.leaf_hash(leaf) == identity for rows in node.disk.journal for leaf in ahead_leaves(rows))

    # --- events -----------------------------------------------------------------------------------------------

    def event(self, node: Watched, event: Event) -> None:
        """A node told its clients something: it must be true, and told once and in order."""
        if isinstance(event, Authored):
            self._authored(node, event)
        elif isinstance(event, Folded):
            self._folds(node, event)
        elif isinstance(event, Held):
            self._held(node, event)
        elif isinstance(event, AheadArrived):
            self.ahead.setdefault((event.log, event.number), self.now())
        elif isinstance(event, Received):
            self._received(node, event)

    def _authored(self, node: Watched, event: Authored) -> None:
        if not node.honest:
            return
        if node.store.ids(event.log, event.number, 1) != [event.id]:
            raise PromiseBroken(2, f"{node.side} told its client of {event.log.text}/{event.number}, not on its disk")
        key = (event.log, event.number)
        before = self.told.get(key)
        if before is not None and not before.excused:
            raise PromiseBroken(5, f"{node.side} told two clients that theirs is {event.log.text}/{event.number}")
        self.told[key] = Told(
            log=event.log, number=event.number, id=event.id, subject=event.subject, precedence="", at=self.now()
        )

    def _folds(self, node: Watched, event: Folded) -> None:
        row = event.row
        self.meter.met("kind", row.kind or "unreadable")
        self.meter.met("verdict", row.verdict)
        if row.log.side != node.side:
            self.ahead.setdefault((row.log, row.number), self.now())
        if not node.honest:
            return
        key = (node.side, row.log)
        expected = self.folded.get(key)
        if expected is not None and row.number != expected:
            word = "again" if row.number < expected else "with a gap"
            raise PromiseBroken(3, f"{node.side} told {row.log.text}/{row.number} {word}, {expected} was next")
        if node.store.size(row.log) <= row.number:
            raise PromiseBroken(2, f"{node.side} told {row.log.text}/{row.number} before it was on its disk")
        self.folded[key] = row.number + 1

    def _held(self, node: Watched, event: Held) -> None:
        if not node.honest:
            return
        peer = self.peer(node.side)
        for number in range(event.size):
            told = self.told.get((event.log, number))
            if told is not None and not told.held:
                told.held = True
        self.meter.met("event", f"held-{event.suite}")
        if peer.honest and not self._ever_held(peer, event.log, event.size):
            raise PromiseBroken(2, f"{node.side} said that {event.log.text} up to {event.size} is on the other disk")

    def _ever_held(self, peer: Watched, log: LogId, size: int) -> bool:
        return peer.store.size(log) >= size or self.most.get((peer.side, log), 0) >= size

    most: dict[tuple[str, LogId], int] = field(default_factory=dict)  # the most a node held before a restore

    def _received(self, node: Watched, event: Received) -> None:
        peer = self.peer(node.side)
        if not (node.honest and peer.honest):
            return
        ids = node.store.ids(event.log, event.number, 1)
        if ids and not self.holds(peer, event.log, event.number, ids[0]) and not self.most:
            raise PromiseBroken(2, f"{node.side} said that {event.log.text}/{event.number} reached the other disk")

    # --- life and death of nodes --------------------------------------------------------------------------------

    def started(self, node: Watched) -> None:
        """A node's program starts: what it had folded is what its disk says."""
        for key in [key for key in self.folded if key[0] == node.side]:
            del self.folded[key]
        for log in node.store.logs():
            self.folded[(node.side, log)] = node.store.folded(log)

    def before_restore(self, node: Watched) -> None:
        """A node's disk is about to be replaced: remember what it held, others rely on it having said so."""
        self.kept.put_back(node.side)
        self.cosigned.clear()  # times on a restored disk start from what it holds
        for log in node.store.logs():
            key = (node.side, log)
            self.most[key] = max(self.most.get(key, 0), node.store.size(log))

    def after_restore(self) -> None:
        """A node's disk was replaced by an old one: what nobody has any more is lost, and that is excused."""
        for told in self.told.values():
            if told.excused:
                continue
            # A peer that lies is not counted on to give anything back.
            safe = [other for other in self.nodes.values() if other.honest or other.side == told.log.side]
            if not any(other.store.ids(told.log, told.number, 1) == [told.id] for other in safe):
                told.excused = True
                self.meter.met("trouble", "entry lost by both disks")

    def after_loss(self, side: str, anchor: bytes | None) -> None:
        """A disk or an anchor went: what nobody knows any more may be signed again.

        DESIGN 2.5 promises what at least one place still knows; docs/limits.md says the rest.
        """
        kept = _anchor_sizes(anchor)
        for log, history in self.histories.logs.items():
            if log.side == side:
                known = [kept.get(log.text, 0), *(node.store.size(log) for node in self.nodes.values() if node.honest)]
                history.forget_beyond(max(known))


def _anchor_sizes(anchor: bytes | None) -> dict[str, int]:
    if anchor is None:
        return {}
    # "before": what a batch adds that was under way has not left the node, so nobody else knows of it either.
    before = cast("dict[str, dict[str, list[int]]]", decode(anchor, bytes_max=1_048_576))["before"]
    return {log: row[0] for log, row in before.items()}


def ahead_leaves(rows: Sequence[Row]) -> list[bytes]:
    """Give the leaves among rows that keep an urgent entry ahead of its log (docs/protocol/line.md: id, then leaf)."""
    return [row.value[32:] for row in rows if isinstance(row, ValueRow) and row.space == "ahead" and row.value]
