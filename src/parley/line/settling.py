"""What leaves once the disk has a commit: our entries, receipts, what is held of theirs, what people are told.

Owns: the order of these: the second place first, then words that claim something, then events.
Does not own: when a commit is made (core.py), by which links what goes (sending.py).
Always true: nothing here is called before the disk has answered, so whatever a frame claims is on it (DESIGN 2.2).
"""

from __future__ import annotations

from parley.errors import PeerError, ensure
from parley.line import frames
from parley.line.authoring import Authoring
from parley.line.events import AheadArrived, Effect, Folded, SaveAnchor, Send, Tell
from parley.line.frames import Head
from parley.line.greeting import Greeting, signature_frames
from parley.line.intake import Intake
from parley.line.ledger import Batch, Ledger
from parley.line.sending import URGENT, Sending
from parley.line.tail import Tail
from parley.link.lanes import Lane
from parley.record.names import LogId
from parley.record.notes import receipt_message
from parley.times import Instant, Moment


class Settling:
    """Carries a stored batch into the logs' states, and says what may be said of it."""

    def __init__(
        self, ledger: Ledger, *, sending: Sending, intake: Intake, tail: Tail, authoring: Authoring, greeting: Greeting
    ) -> None:
        self._ledger = ledger
        self._sending = sending
        self._intake = intake
        self._tail = tail
        self._authoring = authoring
        self._greeting = greeting

    def settle(self, batch: Batch, now: Instant, clock: Moment) -> list[Effect]:
        """Give all that follows from a batch that is on disk, in order."""
        ledger = self._ledger
        effects: list[Effect] = []
        # Before the book is told that they are on disk and may let them go: they would have to be read again.
        folded = [Folded(row, ledger.book.entry(row.log, row.number)) for row in batch.folds]
        for log, part in batch.ours.items():
            ensure(part.head is not None, "a stored batch without a head")
            assert part.head is not None
            ledger.ours[log].durable, ledger.ours[log].head = part.head.size, part.head
        if batch.ours:  # before its words leave: a store put back to before this commit must no longer match
            effects.append(SaveAnchor(ledger.anchor()))
        effects += [Tell(authored) for authored in batch.authored]
        for log, part in batch.ours.items():
            ours = ledger.ours[log]
            ledger.roots.settled(log, ours.durable)
            ledger.book.settled(log, ours.durable)
            effects += self._sending.stored(ours, part, now)
        effects += self._theirs(batch)
        effects += self._signatures(batch)
        effects += self._ask_thirsty()
        effects += self._receipts(batch, clock)
        effects += [Tell(event) for event in (*batch.aheads, *batch.events)]
        effects += [Tell(event) for event in folded]
        effects += self._back(batch, now, clock)
        return effects

    def _theirs(self, batch: Batch) -> list[Effect]:
        """What is now held of their logs."""
        ledger = self._ledger
        effects: list[Effect] = []
        ledger.unstored_bytes -= batch.their_bytes
        for log, size in batch.theirs.items():
            theirs = ledger.theirs[log]
            theirs.durable = size
            ledger.roots.settled(log, size)
            ledger.book.settled(log, size)
            if theirs.cosigned != size and self._sending.links:
                progress = frames.write_progress(log, size, again=False)
                effects.append(Send(self._sending.links[0], Lane.URGENT, progress))
            effects += self.urgent_unfolded(log, size)
            if theirs.waiting_seal is not None and theirs.waiting_seal.size <= size:
                head, theirs.waiting_seal = theirs.waiting_seal, None
                self._late_seal(head)
        return effects

    def _signatures(self, batch: Batch) -> list[Effect]:
        """Our cosignatures over their logs, and the seals of our own."""
        ledger = self._ledger
        effects: list[Effect] = []
        ledger.stale_seals -= {head.log for head in batch.sealed}
        classical = [row for row in batch.cosigned if row.suite == 1]
        for frame in signature_frames(classical, []):
            effects += self._sending.fitting(frame)
        if self._sending.links and self._sending.thin is None:
            # Post-quantum ones are large and can wait; a link that comes up brings them again, a thin one in time.
            later = signature_frames([row for row in batch.cosigned if row.suite != 1], batch.sealed)
            effects += [Send(self._sending.links[0], Lane.ORDINARY, frame) for frame in later]
        return effects

    def _back(self, batch: Batch, now: Instant, clock: Moment) -> list[Effect]:
        """Our own logs, as far as the other side gave them back."""
        ledger = self._ledger
        effects: list[Effect] = []
        for log, size in batch.back.items():
            ledger.roots.settled(log, size)
            ledger.book.settled(log, size)
            effects += self._tail.stored(log, size, self._sending.links, now)
            self._authoring.open_epochs(clock)
            if self._tail.state == "ok":  # the peer's cosignatures over what is back were passed by: ask once more
                effects += self._sending.fitting(self._greeting.standing(thin=self._sending.thin is not None))
        return effects

    def _ask_thirsty(self) -> list[Effect]:
        """The disk has caught up: ask again for what we let go."""
        ledger, links = self._ledger, self._sending.links
        thirsty, ledger.thirsty = ledger.thirsty, set()
        if not links:
            return []  # the standing of the next link says where we are
        return [
            Send(links[0], Lane.URGENT, frames.write_progress(log, ledger.theirs[log].durable, again=True))
            for log in sorted(thirsty)
        ]

    def urgent_unfolded(self, log: LogId, size: int) -> list[Effect]:
        """An urgent entry may be here before the entries of other logs that it rests on: people see it at once."""
        ledger, theirs = self._ledger, self._ledger.theirs[log]
        effects: list[Effect] = []
        for number in range(max(theirs.told, ledger.book.folded(log)), size):
            entry = ledger.book.entry(log, number)
            if entry is not None and entry.precedence in URGENT:
                id = ledger.store.ids(log, number, 1)[0]
                effects.append(Tell(AheadArrived(log, number, id, entry)))
        theirs.told = size
        return effects

    def _late_seal(self, head: Head) -> None:
        try:
            self._intake.sealed(head)
        except PeerError:
            return  # its own link is long gone; the newest seal comes again with the next link or entry

    def _receipts(self, batch: Batch, clock: Moment) -> list[Effect]:
        ledger = self._ledger
        effects: list[Effect] = []
        for _, log, number, id in batch.receipts:
            at_s = clock // 1000
            signature = ledger.cosign_pair.sign(receipt_message(ledger.line, log, number, id, at_s))
            receipt = frames.Receipt(log=log, number=number, id=id, at_s=at_s, signature=signature)
            effects += self._sending.everywhere(frames.write_receipt(receipt))
        return effects
