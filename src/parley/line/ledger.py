"""All logs of the line as this node holds them, and the batch that the next commit will store.

Owns: the states of our logs and theirs, rows waiting for the disk, what is to be said once they are there.
Does not own: when to commit (core.py), what to send (sending.py), whether bytes are good (intake.py).
Always true:
  1. Entries, roots and signatures of one batch go into one commit, and nothing of it is said before (DESIGN 2.2).
  2. A head is signed once a size: the newest of each log in each batch, in a large batch one at the end of each run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from parley import limits
from parley.codec.canonical import JsonInput, encode
from parley.errors import PeerError, ensure
from parley.identity import LineIdentity, Party, SigningPair
from parley.line.events import AheadArrived, Authored, Event
from parley.line.frames import Cosigned, Head, open_frame, read_ahead
from parley.line.roots import Roots
from parley.line.signers import Signers
from parley.line.states import OurLog, TheirLog
from parley.record import notes
from parley.record.entry import Entry
from parley.record.names import LogId, Past
from parley.record.tree import Frontier, leaf_hash
from parley.storage.port import FoldRow, Row, SignatureRow, StoreReads, ValueRow
from parley.times import Moment

# How many waiting entries of a log are looked through for urgent ones at a start.
_URGENT_SCAN_MAX = 4096
_URGENT_MARK = re.compile(rb'"precedence":"(FLASH|IMMEDIATE)"')


class Views(Protocol):
    """What the line needs of the views (subjects/book.py): pure, synchronous, and told everything in order."""

    def take(self, log: LogId, number: int, leaf: bytes, id: bytes, entry: Entry | None = None) -> None: ...
    def resume(self, log: LogId, size: int) -> None: ...
    def fold(self, work: int | None = None) -> list[FoldRow]: ...
    def index(self) -> list[ValueRow]: ...
    def trust_our_end(self, whole: bool) -> None: ...
    def settled(self, log: LogId, size: int) -> None: ...
    def judge(self, entry: Entry) -> None: ...
    def past_for(self, channel: str, writing: LogId | None = None) -> tuple[Past, ...]: ...
    def entry(self, log: LogId, number: int) -> Entry | None: ...
    def folded(self, log: LogId) -> int: ...
    def forsake(self, log: LogId, beyond: int = 0) -> None: ...
    def let_go(self, log: LogId) -> tuple[int, str] | None: ...
    def ended(self, log: LogId) -> int | None: ...
    @property
    def more(self) -> bool: ...
    @property
    def rules(self) -> int: ...


@dataclass(slots=True, kw_only=True)
class OurPart:
    """What a batch adds to one of our logs."""

    first: int
    base: Frontier
    leaves: list[bytes] = field(default_factory=list)
    urgent: list[int] = field(default_factory=list)
    head: Head | None = None


@dataclass(slots=True, kw_only=True)
class Batch:
    """Rows for one commit, and what follows once they are on disk."""

    rows: list[Row] = field(default_factory=list)
    ours: dict[LogId, OurPart] = field(default_factory=dict)
    theirs: dict[LogId, int] = field(default_factory=dict)  # size once stored
    back: dict[LogId, int] = field(default_factory=dict)  # our own logs, taken back up to here
    cosigned: list[Cosigned] = field(default_factory=list)
    sealed: list[Head] = field(default_factory=list)
    their_bytes: int = 0
    receipts: list[tuple[str, LogId, int, bytes]] = field(default_factory=list)  # link, log, number, id
    aheads: list[AheadArrived] = field(default_factory=list)
    authored: list[Authored] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    folds: list[FoldRow] = field(default_factory=list)
    lazy: bool = True  # nothing in it is worth a commit of its own yet


def run_ends(part: OurPart) -> Iterator[tuple[int, bytes]]:
    """Give (size, root) where a batch's part of a log is signed: at its end, and before that where a run must end.

    A run that ends at a signed head is cosigned as it stands: a sender that is lost for ever in the middle of a large
    batch then leaves nothing for which only the receiver vouches.
    """
    frontier, count, total = part.base.copy(), 0, 0
    for leaf in part.leaves:
        total += len(leaf) + 4
        if count == limits.RUN_ENTRIES_MAX or (count and total > limits.RUN_BYTES_MAX):
            yield frontier.size, frontier.root()
            count, total = 0, len(leaf) + 4
        frontier.append(leaf_hash(leaf))
        count += 1
    yield frontier.size, frontier.root()


class Ledger:
    """The memory of the line core; rebuilt from the store at every start."""

    def __init__(
        self,
        *,
        identity: LineIdentity,
        log_pair: SigningPair,
        cosign_pair: SigningPair,
        store: StoreReads,
        book: Views,
        roots: Roots,
        store_id: str,
    ) -> None:
        self.store_id = store_id  # drawn anew when a backup is restored: a copy is told from the original
        self.identity = identity
        self.line = identity.line
        self.us = identity.ours.side
        self.them = identity.theirs.side
        self.log_pair = log_pair
        self.cosign_pair = cosign_pair
        self.store = store
        self.book = book
        self.roots = roots
        self.ours: dict[LogId, OurLog] = {}
        self.theirs: dict[LogId, TheirLog] = {}
        self.open = Batch()
        settled = store.value("core", "keys-settled") == identity.theirs.log.ed
        self.signers = Signers(identity, settled=settled)
        self._settled_kept = self.signers.settled
        self.unstored_bytes = 0  # of theirs, taken in and not yet on our disk
        self.thirsty: set[LogId] = set()  # logs of theirs whose runs we let go because of that
        self.renew: set[str] = set()  # channels whose log of ours must go on in the next epoch
        self.anchored: dict[str, int] = {}  # channel -> the highest epoch of ours that the second place named
        self.renewed_by: dict[str, str] = {}  # who asked for that, by channel; nobody after a loss
        self.stale_seals: set[LogId] = set()  # logs of ours whose stored ML-DSA signature is by keys that count no more
        for log in store.logs():
            if log.side == self.us:
                self.ours[log] = self._our_state(log)
            elif log.side == self.them:
                self.theirs[log] = self.their_state(log)
        for key, _ in store.values("ahead", count=limits.LOGS_MAX * limits.AHEAD_ENTRIES_MAX):
            log = LogId.read(key.partition("|")[0])  # of this log nothing but urgent entries may have come so far
            if log not in self.theirs:
                self.theirs[log] = self.their_state(log)

    def _newest(self, log: LogId, kind: str) -> int:
        row = self.store.newest_signature(log, kind)  # type: ignore[arg-type]
        return 0 if row is None else row.size

    def _our_state(self, log: LogId) -> OurLog:
        frontier = self.store.frontier(log)
        row = self.store.newest_signature(log, "own-ed")
        head = None
        if row is not None and row.size <= frontier.size:
            head = self.signed_now(Head(log=log, size=row.size, root=row.root, signature=row.signature))
        held = self._newest(log, "co-ed")
        if not self._seal_counts(log):
            self.stale_seals.add(log)
        state = OurLog(
            log=log,
            frontier=frontier,
            durable=frontier.size,
            head=head,
            held=held,
            held_pq=self._newest(log, "co-pq"),
            sealed=0 if log in self.stale_seals else self._newest(log, "own-pq"),
            acked=min(held, frontier.size),
            cursor=min(held, frontier.size),
            lost=self.store.value("lost", log.text) is not None,
        )
        for number in range(max(state.acked, state.durable - _URGENT_SCAN_MAX), state.durable):
            if _URGENT_MARK.search(self.store.leaves(log, number, 1)[0]):
                state.urgent.append(number)
        return state

    def signed_now(self, head: Head) -> Head:
        """Give a stored head of ours under the keys in force: what the other side has not taken in yet must count.

        Ed25519 gives the same bytes each time, and nothing new is said: the entries and this root are on our disk.
        """
        if not self.identity.formers(self.us):
            return head
        signature = notes.sign_checkpoint(self.log_pair, self.origin(head.log), head.size, head.root)
        if signature != head.signature:
            self.open.rows.append(SignatureRow(head.log, "own-ed", head.size, head.root, 0, signature))
            self.open.lazy = False
        return replace(head, signature=signature)

    def _seal_counts(self, log: LogId) -> bool:
        """Say whether our stored ML-DSA signature over a log is by the keys in force; else it is made anew.

        What the other side held once it may have lost, and how far the former keys count it may know otherwise than we:
        neither decides anything here.
        """
        row = self.store.newest_signature(log, "own-pq")
        if not self.identity.formers(self.us) or row is None:
            return True
        try:
            notes.verify_checkpoint_pq(self.identity.ours, self.line, log, row.size, row.root, row.signature)
        except PeerError:
            return False
        return True

    def their_state(self, log: LogId) -> TheirLog:
        """Read the state of a log we take in (also our own, while it is given back) from the store."""
        frontier = self.store.frontier(log)
        own = self.store.newest_signature(log, "own-ed")
        exact = None
        if own is not None and own.size == frontier.size:
            exact = Head(log=log, size=own.size, root=own.root, signature=own.signature)
        newest = self.store.newest_signature(log, "co-ed")
        newest_pq = self.store.newest_signature(log, "co-pq")
        times = [row.at_s for row in (newest, newest_pq) if row is not None]
        state = TheirLog(
            log=log,
            frontier=frontier,
            durable=frontier.size,
            exact=exact,
            cosigned=0 if newest is None else newest.size,
            cosigned_pq=0 if newest_pq is None else newest_pq.size,
            cosigned_at_s=max(times, default=0),  # of both suites: a cosigner's time never runs back
            frozen=self.store.value("frozen", log.text) is not None,
        )
        prefix = f"{log.text}|"
        for key, value in self.store.values("ahead", prefix=prefix):
            state.ahead[int(key[len(prefix) :])] = value[:32]
        for _, frame in self.store.values("ahead-proof", prefix=prefix):
            _, reader, blob = open_frame(frame)
            head = read_ahead(reader, blob).head
            if state.promised is None or state.promised.size < head.size:
                state.promised = head
        return state

    def mark_lost(self, log: LogId, beyond: int = 0) -> None:
        """A log of ours has another history there, after `beyond` entries: nothing more is said in it (DESIGN 2.5)."""
        ours = self.ours[log]
        ours.lost = True
        self.book.forsake(log, beyond)
        self.renew.add(log.channel)
        if beyond:
            self.open.rows.append(ValueRow("lost-beyond", log.text, b"%d" % beyond))
        self.open.rows += [ValueRow("lost", log.text, b"1"), ValueRow("renew", log.channel, b"1")]
        self.open.lazy = False

    def speaking(self) -> Iterator[OurLog]:
        """Give our logs that may be sent and signed: all that are not lost, the line channel's first."""
        for log in sorted(self.ours, key=lambda log: (log.channel != "line", log)):
            if not self.ours[log].lost:
                yield self.ours[log]

    def party(self, side: str) -> Party:
        """Give the card facts of one of the two sides."""
        return self.identity.ours if side == self.us else self.identity.theirs

    @property
    def cosigner(self) -> str:
        """Give the C2SP name under which we cosign."""
        ours = self.identity.ours
        return notes.cosigner_name(ours.domain, self.line, ours.side)

    def origin(self, log: LogId) -> str:
        """Give the C2SP origin of a log."""
        return notes.origin(self.party(log.side).domain, self.line, log)

    def newest_ours(self, channel: str) -> OurLog | None:
        """Give the state of our newest epoch in a channel."""
        newest: OurLog | None = None
        for log, state in self.ours.items():
            if log.channel == channel and (newest is None or log.epoch > newest.log.epoch):
                newest = state
        return newest

    def take_fold(self) -> None:
        """Fold what can be folded in one turn; its rows go into the open batch. The rest is for the next (core.py)."""
        for row in self.book.fold(limits.FOLD_WORK):
            self.open.rows.append(row)
            self.open.folds.append(row)
        self.open.rows += self.book.index()

    def seal_batch(self, clock: Moment) -> Batch:
        """Sign the newest head of every log of ours in the open batch, cosign theirs, and hand the batch over."""
        batch, self.open = self.open, Batch()
        if self.signers.settled and not self._settled_kept:  # their former keys end for good
            batch.rows.append(ValueRow("core", "keys-settled", self.identity.theirs.log.ed))
            self._settled_kept = True
        for log, part in batch.ours.items():
            for size, root in run_ends(part):
                signature = notes.sign_checkpoint(self.log_pair, self.origin(log), size, root)
                part.head = Head(log=log, size=size, root=root, signature=signature)
                self.roots.remember(log, size, root)
                batch.rows.append(SignatureRow(log, "own-ed", size, root, 0, signature))
        for log, size in batch.theirs.items():
            theirs = self.theirs[log]
            exact = theirs.exact
            if exact is None or exact.size != size or size <= theirs.cosigned or theirs.frozen:
                continue
            at_s = max(clock // 1000, theirs.cosigned_at_s)
            signature = notes.cosign(self.cosign_pair, self.origin(log), size, exact.root, at_s)
            theirs.cosigned, theirs.cosigned_at_s = size, at_s
            batch.rows.append(SignatureRow(log, "co-ed", size, exact.root, at_s, signature))
            batch.cosigned.append(
                Cosigned(log=log, size=size, root=exact.root, at_s=at_s, suite=1, signature=signature)
            )
        return batch

    def anchor(self, batch: Batch | None = None) -> bytes:
        """Give the bytes of the second place: our heads before and after a batch that is handed to the disk.

        A store with either matches, since a crash may come before or after. Once the batch is there, the second place
        is written again without it: from then on a store that lacks it was put back.
        """
        before: dict[str, JsonInput] = {}
        after: dict[str, JsonInput] = {}
        for log, state in self.ours.items():
            if state.head is not None:
                before[log.text] = [state.head.size, state.head.root.hex()]
                after[log.text] = before[log.text]
            part = None if batch is None else batch.ours.get(log)
            if part is not None:
                ensure(part.head is not None, "a batch was not sealed")
                assert part.head is not None
                after[log.text] = [part.head.size, part.head.root.hex()]
        return encode({"after": after, "before": before, "line": self.line, "store": self.store_id})


Entropy = Callable[[int], bytes]
