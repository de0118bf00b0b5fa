"""The line as one state machine: what comes in from people, links, the disk and the clock; what must be done about it.

Owns: the order of things: one commit under way, what waits for the next.
Does not own: the checks on what the peer sends (intake.py), choosing links (sending.py), our tail (tail.py), our
    entries (authoring.py), what leaves after a commit (settling.py), what is said when a link comes up (greeting.py),
    post-quantum signatures (seals.py), sockets, threads and files (node/).
Always true:
  1. On disk before said: every Send that claims anything comes from `stored` (DESIGN 2.2).
  2. After a failed commit nothing goes on from memory: the core asks to be built again from the disk.
  3. No clock, no dice, no I/O beyond reading the store: the same inputs give the same effects (DESIGN 2.11).
Read first: docs/protocol/line.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from parley import limits
from parley.errors import PeerError, Refused, Unavailable, ensure
from parley.identity import LineIdentity, SigningPair
from parley.line import frames
from parley.line.authoring import Authoring
from parley.line.events import (
    CloseLink,
    Commit,
    Effect,
    Failed,
    Other,
    Restart,
    SaveAnchor,
    Send,
    Signing,
    Tell,
    Wish,
)
from parley.line.frames import Cosigned, Head, Kind, Standing
from parley.line.greeting import Greeting
from parley.line.intake import Intake
from parley.line.ledger import Batch, Entropy, Ledger, Views
from parley.line.put_off import PutOff
from parley.line.roots import Roots
from parley.line.seals import Seals
from parley.line.sending import Sending, prove_run, read_leaves
from parley.line.settling import Settling
from parley.line.tail import State, Tail
from parley.link.lanes import Lane
from parley.link.thin import Thin
from parley.record.names import LogId
from parley.storage.port import StoreReads
from parley.times import Instant, Moment

# Failures after which the disk surely does not hold the commit; after any other nobody knows until it is read back.
_SURELY_NOT_STORED = ("storage.full", "storage.readonly", "storage.closed", "node.anchor")
_QUESTIONS = (Kind.STANDING, Kind.TAIL_ASK, Kind.BACK)
_LAZY_S = 0.05  # rows that nobody waits for (the peer's cosignatures) may wait this long for company


class LineCore:
    """Both halves of replication, authoring and healing for one side of one line."""

    def __init__(
        self,
        *,
        identity: LineIdentity,
        log_pair: SigningPair,
        cosign_pair: SigningPair,
        store: StoreReads,
        book: Views,
        roots: Roots,
        anchor: bytes | None,
        entropy: Entropy,
        store_id: str = "",
        status: str = "actual",  # of what the node says by itself here: the opening of an epoch
    ) -> None:
        self.ledger = Ledger(
            identity=identity,
            log_pair=log_pair,
            cosign_pair=cosign_pair,
            store=store,
            book=book,
            roots=roots,
            store_id=store_id,
        )
        self._anchor = anchor
        self._intake = Intake(self.ledger)
        self._sending = Sending(self.ledger)
        self._tail = Tail(self.ledger, entropy)
        self._seals = Seals(self.ledger)
        self._authoring = Authoring(self.ledger, self._tail, status)
        self._greeting = Greeting(self.ledger)
        self._put_off = PutOff(self.ledger, self._greeting)
        self._settling = Settling(
            self.ledger, sending=self._sending, intake=self._intake, tail=self._tail, authoring=self._authoring,
            greeting=self._greeting,
        )  # fmt: skip
        self._batch = 0
        self._under_way: Batch | None = None
        self._lazy_at: Instant | None = None
        self._stopped = False

    # --- what a node may ask ------------------------------------------------------------------------------------

    @property
    def signing(self) -> tuple[State, str]:
        """Give whether this node may author, and why."""
        return self._tail.state, self._tail.reason

    @property
    def links(self) -> tuple[str, ...]:
        """Give the links that are up, the fastest first."""
        return self._sending.links

    @property
    def put_off(self) -> int:
        """Give over how many logs our newest ML-DSA signatures wait, because all links are thin."""
        return len(self._put_off.owed)

    def waiting(self) -> int:
        """Give how many of our entries the other side has not cosigned yet."""
        return sum(max(0, ours.durable - ours.held) for ours in self.ledger.speaking())

    @property
    def busy(self) -> bool:
        """Say whether a commit is under way or waits."""
        return self._under_way is not None or not self.ledger.open.lazy

    def carried(self, *, whole: bool) -> Iterator[bytes]:
        """Give the frames of a hand-carried file: our newest signatures, then runs of what the peer has not cosigned.

        `whole` begins every log at 0, for a peer that lost its disk.
        """
        for ours in self.ledger.speaking():
            first = 0 if whole else ours.held
            while ours.head is not None and first < ours.head.size:
                leaves = read_leaves(self.ledger, ours.log, first, ours.head.size)
                yield prove_run(self.ledger, ours.head, first, leaves)
                first += len(leaves)
        yield from self._greeting.frames()

    def covered(self, *, whole: bool) -> dict[str, tuple[int, int]]:
        """Give what `carried` covers: for each log of ours, from which entry up to which size."""
        return {
            ours.log.text: (0 if whole else min(ours.held, ours.durable), ours.durable)
            for ours in self.ledger.speaking()
        }

    # --- inputs -------------------------------------------------------------------------------------------------

    def start(self, now: Instant, clock: Moment) -> list[Effect]:
        """Begin from what the store holds."""
        effects = self._tail.start(self._anchor)
        if self._tail.state == "ok":  # the commit before the stop may have landed and not been marked: as in settle
            effects.insert(0, SaveAnchor(self.ledger.anchor()))
        self._refold()
        for log, theirs in self.ledger.theirs.items():  # who was to be told may have been cut off by the stop
            theirs.told = max(0, theirs.durable - limits.AHEAD_ENTRIES_MAX)  # no more of them stand on any page
            effects += self._settling.urgent_unfolded(log, theirs.durable)
            effects += [Tell(arrived) for arrived in self._intake.kept_ahead(theirs)]
        return effects + self._flush(now, clock)

    def _refold(self) -> None:
        """Give the views the entries that are stored but not folded: they waited for their past when we stopped."""
        store = self.ledger.store
        for log in store.logs():
            self.ledger.book.resume(log, store.size(log))
        self._fold_on()

    def _fold_on(self) -> None:
        self.ledger.take_fold()
        if self.ledger.open.folds:
            self.ledger.open.lazy = False

    def link_up(self, link: str, now: Instant, clock: Moment, thin: Thin | None = None) -> list[Effect]:
        """A link may be used: say where we stand, ask about our tail, catch up."""
        if self._stopped:
            return []
        self._sending.link_up(link, thin)
        self._tail.sparing = self._sending.thin
        if thin is not None:
            return self._greet_thin(now) if self._sending.links == (link,) else []
        self._put_off.wide_up()
        effects: list[Effect] = [*self._tail.ask(link, now), Send(link, Lane.URGENT, self._greeting.standing())]
        effects += self._greeting.signatures(link)
        return effects + self._sending.pump(now)

    def link_down(self, link: str, now: Instant, clock: Moment) -> list[Effect]:
        """A link is gone: what it carried goes by another."""
        if self._stopped:
            return []
        wide = self._sending.thin is None
        self._sending.link_down(link)
        self._greeting.link_down(link)
        self._tail.sparing = self._sending.thin
        if wide and self._sending.thin is not None:  # what went by the other link may be lost
            return self._greet_thin(now)
        return self._sending.pump(now)

    def _greet_thin(self, now: Instant) -> list[Effect]:
        """Only thin links are up: what is urgent goes first, then only what the other side cannot know."""
        link = self._sending.links[0]
        self._put_off.thin_up(now)
        effects = self._sending.thin_first(link, now)
        if not self._tail.settled:
            effects += self._tail.ask(link, now)
        return [*effects, Send(link, Lane.URGENT, self._greeting.standing(thin=True)), *self._sending.pump(now)]

    def link_round_trip(self, link: str, seconds: float) -> None:
        """Note how fast a link is."""
        self._sending.link_round_trip(link, seconds)

    def heard(self, link: str, lane: Lane, frame: bytes, now: Instant, clock: Moment) -> list[Effect]:
        """Take in a frame. What the peer does wrong becomes a Fault and closes that link; it never raises."""
        if self._stopped:
            return []
        try:
            effects = self._dispatch(link, frame, now, clock)
        except PeerError as error:
            fault = self._intake.fault(link, frame, error, clock)
            effects = [Tell(fault), CloseLink(link, error.code, error.sentence)]
            self._sending.link_down(link)
        return effects + self._flush(now, clock)

    def blame(self, link: str, frame: bytes, error: PeerError, now: Instant, clock: Moment) -> list[Effect]:
        """Keep and tell a broken rule of what does not pass through here (signals, voice); the links stay."""
        if self._stopped:
            return []
        return [Tell(self._intake.fault(link, frame, error, clock)), *self._flush(now, clock)]

    def author(self, wish: Wish, now: Instant, clock: Moment) -> list[Effect]:
        """Make the wish the next entry of our log in its channel.

        Raises:
            Refused: A rule of its subject forbids it now; nothing was changed.
            Unavailable: `line.signing`: this node may not sign at present; the sentence says what it waits for.
        """
        if self._tail.state != "ok" or self._stopped:
            raise Unavailable("line.signing", self._tail.reason, state=self._tail.state)
        ours = self._authoring.writable(wish.channel, clock)
        try:
            self._authoring.append(ours, wish, clock)
        except Refused:
            self._authoring.forget_empty(ours)
            raise
        self.ledger.take_fold()
        return self._flush(now, clock)

    def renew(self, log: LogId, person: str, now: Instant, clock: Moment) -> list[Effect]:
        """Go on in the next epoch of a log of ours that the other side froze and ended, as `person` says.

        Raises:
            Refused: As `Authoring.let_go`; nothing was changed.
            Unavailable: `line.signing`, as for `author`.
        """
        if self._tail.state != "ok" or self._stopped:
            raise Unavailable("line.signing", self._tail.reason, state=self._tail.state)
        self._authoring.let_go(log, person)
        self._authoring.open_epochs(clock)
        self.ledger.take_fold()
        return self._flush(now, clock)

    def stored(self, batch: int, now: Instant, clock: Moment) -> list[Effect]:
        """The disk has the commit: now, and only now, its words may leave."""
        done = self._under_way
        ensure(done is not None and batch == self._batch, "the disk confirmed a commit that is not under way")
        assert done is not None
        self._under_way = None
        effects = self._settling.settle(done, now, clock)
        return effects + self._sending.pump(now) + self._flush(now, clock)

    def store_failed(self, batch: int, error: Unavailable, now: Instant) -> list[Effect]:
        """The disk did not take the commit, or nobody knows: say what failed, and start again from the disk."""
        ensure(batch == self._batch, "the disk refused a commit that is not under way")
        return self.disk_failed(error)

    def disk_failed(self, error: Unavailable) -> list[Effect]:
        """The disk could not be written or read: answer who waits, and start again from what it holds."""
        if self._stopped:
            return []
        self._stopped = True
        self._tail.state, self._tail.reason = "read-only", error.sentence
        effects: list[Effect] = [Tell(Signing("read-only", error.sentence))]
        unsure = "the disk did not answer well; whether this was stored shows in a moment: look before you repeat it"
        for authored in self._under_way.authored if self._under_way is not None else ():
            known = error.code in _SURELY_NOT_STORED
            code, sentence = (error.code, error.sentence) if known else ("line.unsure", unsure)
            effects.append(Tell(Failed(authored.token, code, sentence)))
        effects += [Tell(Failed(each.token, error.code, error.sentence)) for each in self.ledger.open.authored]
        return [*effects, Restart(error.sentence)]

    def tick(self, now: Instant, clock: Moment) -> list[Effect]:
        """Do what is due."""
        if self._stopped:
            return []
        if self._under_way is None and (given_up := self._tail.give_up()):
            self._stopped = True
            return [*given_up, Restart(self._tail.reason)]
        effects = self._tail.tick(self._sending.links, now) + self._greeting.tick(now)
        if self._sending.thin is not None:
            effects += self._put_off.tick(self._sending.links[0], now)
        self._sending.retry(now)
        if self.ledger.book.more:
            self._fold_on()
        if self._under_way is None:
            self._seals.tick(now, clock)
            if not self._sending.links or self._sending.thin is not None:
                self._put_off.mark()
        if self._lazy_at is not None and now >= self._lazy_at:
            self.ledger.open.lazy = False
        return effects + self._sending.pump(now) + self._flush(now, clock)

    def wake_at(self, now: Instant) -> Instant | None:
        """Say when `tick` has something to do."""
        if self._stopped:
            return None  # the rebirth is already on its way
        due: list[Instant | None] = []
        if self._sending.links:  # nobody can be asked while the line is down; a link that comes up wakes us
            due += [self._tail.wake_at(), self._sending.retry_at(), self._greeting.wake_at()]
        if self._sending.thin is not None:
            due.append(self._put_off.wake_at())
        if self._under_way is None:  # the disk's answer wakes us otherwise
            due += [self._seals.wake_at(now), self._lazy_at]
        if self._sending.more or self.ledger.book.more:
            due.append(now)
        return min((at for at in due if at is not None), default=None)

    # --- hearing ------------------------------------------------------------------------------------------------

    def _dispatch(self, link: str, frame: bytes, now: Instant, clock: Moment) -> list[Effect]:
        kind, reader, blob = frames.open_frame(frame)
        if kind in _QUESTIONS and not self._greeting.may_ask(link, now):
            return []
        if kind in (Kind.SIGNAL, Kind.WANT, Kind.CHUNK):
            return [Tell(Other(link, kind, frame))]
        if kind is Kind.RUN:
            run = frames.read_run(reader, blob)
            if run.head.log.side == self.ledger.us:
                return self._then_epochs(self._tail.taken_back(run), clock)
            return self._intake.run(link, run)
        handler = {
            Kind.COSIGNED: lambda: self._cosigned(frames.read_cosigned(reader), now, clock),
            Kind.PROGRESS: lambda: self._progress(*frames.read_progress(reader), now),
            Kind.STANDING: lambda: self._heard_standing(link, frames.read_standing(reader), now),
            Kind.AHEAD: lambda: self._ahead(link, frames.read_ahead(reader, blob)),
            Kind.RECEIPT: lambda: self._intake.receipt(frames.read_receipt(reader)),
            Kind.SEALED: lambda: self._sealed(frames.read_sealed(reader)),
            Kind.TAIL_ASK: lambda: self._tail.answer(link, frames.read_tail_ask(reader)),
            Kind.TAIL_ANSWER: lambda: self._then_epochs(
                self._tail.answered(link, frames.read_tail_answer(reader), now), clock
            ),
            Kind.BACK: lambda: self._tail.give_back(link, *frames.read_back(reader)),
        }.get(kind)
        if handler is None:
            raise PeerError("line.frame", f"frame type 0x{kind:02x} does not belong in the record's own traffic")
        return handler()

    def _ahead(self, link: str, ahead: frames.Ahead) -> list[Effect]:
        if ahead.head.log.side == self.ledger.us:
            return self._tail.ahead_back(ahead)
        return self._intake.ahead(link, ahead)

    def _sealed(self, heads: list[Head]) -> list[Effect]:
        for head in heads:
            self._intake.sealed(head)
        return []

    def _cosigned(self, rows: list[Cosigned], now: Instant, clock: Moment) -> list[Effect]:
        effects: list[Effect] = []
        for row in rows:
            effects += self._intake.cosigned(row)
            ours = self.ledger.ours.get(row.log)
            if ours is not None and row.suite == 1:
                # Also where we hold a later one already: a peer that lost its disk cosigns once more from the start.
                self._sending.acked(ours, row.size, now)
        return self._then_epochs(effects, clock) + self._sending.pump(now)

    def _progress(self, log: LogId, held: int, again: bool, now: Instant) -> list[Effect]:
        ours = self.ledger.ours.get(log)
        if ours is None:
            return []
        if again:
            ours.rewind(held)
        self._sending.acked(ours, held, now)
        return self._sending.pump(now)

    def _heard_standing(self, link: str, standing: Standing, now: Instant) -> list[Effect]:
        held, thin = dict(standing.held), self._sending.is_thin(link)
        for log, ours in self.ledger.ours.items():
            if not thin or held.get(log, 0) < ours.acked:  # what is on its way by a thin link is not sent twice
                ours.rewind(held.get(log, 0))
        self._intake.heads(standing.heads)
        if thin:
            return self._greeting.sparing(link, standing.heads) + self._sending.pump(now)
        effects = [] if self.ledger.signers.settled else self._sending.word_of_keys(link)
        effects += self._greeting.answer(link, now) + self._sending.urgent_backlog(link)
        return effects + self._sending.pump(now)

    def _then_epochs(self, effects: list[Effect], clock: Moment) -> list[Effect]:
        """What was just heard may have settled our tail: logs that wait for it go on in new epochs."""
        self._authoring.open_epochs(clock)
        return effects

    # --- committing ---------------------------------------------------------------------------------------------

    def _flush(self, now: Instant, clock: Moment) -> list[Effect]:
        """Hand the open batch to the disk if none is under way and it holds anything that somebody waits for."""
        if self._under_way is not None or self._stopped:
            return []
        if self.ledger.open.lazy:
            if self.ledger.open.rows and self._lazy_at is None:
                self._lazy_at = Instant(now + _LAZY_S)
            return []
        self._lazy_at = None
        batch = self.ledger.seal_batch(clock)
        self._batch += 1
        self._under_way = batch
        commit = Commit(self._batch, batch.rows)
        if self._tail.unmarked:
            # The second place must go on contradicting a store that was put back until that store itself says that its
            # logs end here: should this commit fail, the next start would take the one for the other's match.
            self._tail.unmarked = False
            return [commit]
        return [SaveAnchor(self.ledger.anchor(batch)), commit] if batch.ours else [commit]
