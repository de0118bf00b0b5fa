"""Taking in what the other side says: verify, put in the batch, fold; cosign only what is whole and on disk.

Owns: the checks every run, cosignature, seal, head and entry-ahead must pass.
Does not own: the commit (core.py) and the answers, which leave after it.
Always true:
  1. A leaf enters a batch only when it hashes into a root that its author signed (DESIGN 2.3, 2.5).
  2. What a leaf says never stops intake (DESIGN 2.7): the views mark it, we hold and cosign it all the same.
  3. Two roots that one author signed for one size are kept as proof, and that log is frozen here (DESIGN 2.5).
"""

from __future__ import annotations

from dataclasses import replace

from parley import limits
from parley.codec.canonical import JsonInput, encode
from parley.codec.text import b64
from parley.errors import PeerError
from parley.line.events import AheadArrived, Effect, Fault, Held, Received, Send, Tell
from parley.line.frames import Ahead, Cosigned, Head, Receipt, Run, write_ahead, write_progress
from parley.line.ledger import Ledger
from parley.line.signers import Late
from parley.line.states import TheirLog, verify_run
from parley.link.lanes import Lane
from parley.record import tree
from parley.record.entry import Entry, read_entry
from parley.record.names import LogId
from parley.record.notes import receipt_message
from parley.record.tree import Frontier
from parley.storage.port import EntryRow, SignatureRow, ValueRow
from parley.times import Moment


class Intake:
    """The receiving half of replication."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._told_forks: set[str] = set()
        self._faults_kept: int | None = None
        self._tail_kept = 0

    def their_log(self, log: LogId) -> TheirLog:
        """Give the state of a log of theirs; a fresh one, not kept yet, if we hold nothing of it."""
        ledger = self._ledger
        if log.side != ledger.them:
            raise PeerError("line.log", f"expected a log of {ledger.them}, got {log.text}", log=log.text)
        state = ledger.theirs.get(log)
        return TheirLog(log=log, frontier=Frontier(), durable=0) if state is None else state

    def _begin(self, state: TheirLog) -> None:
        """Keep the state of a log once a signature of its author was checked: names alone cost us nothing."""
        theirs = self._ledger.theirs
        if state.log in theirs:
            return
        epochs = sum(log.channel == state.log.channel for log in theirs)
        if len(theirs) >= limits.LOGS_MAX or epochs >= limits.EPOCHS_MAX:
            raise PeerError(
                "line.logs",
                f"{state.log.text}: at most {limits.LOGS_MAX} logs a side, {limits.EPOCHS_MAX} epochs a channel",
            )
        theirs[state.log] = state

    def run(self, link: str, run: Run) -> list[Effect]:
        """Take in a run of theirs; effects only ask for what is missing."""
        ledger = self._ledger
        state = self.their_log(run.head.log)
        held = state.frontier.size
        if state.frozen:
            return []
        if run.first + len(run.leaves) <= held:
            self._check_fork(state, run.head)
            return []
        if run.first > held:
            return [Send(link, Lane.URGENT, write_progress(state.log, state.durable, again=True))]
        ended = ledger.book.ended(state.log)
        if ended is not None and run.first + len(run.leaves) > ended:
            self._keep_tail(run)
            return []
        if held + len(run.leaves) - state.durable > 2 * limits.CREDIT_ENTRIES:
            raise PeerError("line.credit", f"{state.log.text}: more entries in flight than were granted")
        try:
            ledger.signers.head(run.head, state)
        except Late:
            return []
        self._begin(state)
        coming = sum(map(len, run.leaves))
        if ledger.unstored_bytes + coming > limits.UNSTORED_BYTES_MAX:
            ledger.thirsty.add(state.log)  # our disk is behind: asked for again once it has caught up
            return []
        try:
            leaves, hashes, grown = verify_run(state, run)
        except PeerError as error:
            if error.code not in ("line.root", "record.consistency"):
                raise
            state.strikes += 1
            if state.strikes < limits.STRIKES_MAX:
                raise
            return self._forked(state, run.head, error)
        state.strikes = 0
        self._check_ahead(state, run, hashes)
        ledger.unstored_bytes += coming
        ledger.open.their_bytes += coming
        ledger.roots.grow(state.log, state.frontier, hashes)
        batch = ledger.open
        for offset, (leaf, id) in enumerate(zip(leaves, hashes, strict=True)):
            batch.rows.append(EntryRow(state.log, held + offset, id, leaf))
            ledger.book.take(state.log, held + offset, leaf, id)
        state.frontier = grown
        state.exact = run.head if run.head.size == grown.size else None
        if state.exact is not None:
            ledger.roots.remember(state.log, grown.size, run.head.root)
            batch.rows.append(SignatureRow(state.log, "own-ed", grown.size, run.head.root, 0, run.head.signature))
        batch.theirs[state.log] = grown.size
        batch.lazy = False
        ledger.take_fold()
        self._check_promise(state)
        return []

    def _keep_tail(self, run: Run) -> None:
        """A lost tail, found after its author went on without it: kept beside the log, for the views end before it."""
        if self._tail_kept >= limits.FAULTS_KEPT_MAX:
            return
        for offset, leaf in enumerate(run.leaves):
            key = f"{run.head.log.text}|{run.first + offset:016d}"
            self._ledger.open.rows.append(ValueRow("lost-tail", key, leaf))
        self._tail_kept += len(run.leaves)
        self._ledger.open.lazy = False

    def _check_ahead(self, state: TheirLog, run: Run, hashes: list[bytes]) -> None:
        """An entry that came ahead must be the one its log now brings; then it needs no place of its own any more."""
        first, end = state.frontier.size, state.frontier.size + len(hashes)
        brought = sorted(number for number in state.ahead if first <= number < end)
        for number in brought:
            if hashes[number - first] != state.ahead[number]:
                edge = tree.EdgeHashes(state.frontier, hashes)
                proof = tree.grown_inclusion_proof(number, end, run.head.size, run.proof, edge)
                leaf = run.leaves[number - run.first]
                other = Ahead(head=run.head, number=number, leaf=leaf, proof=tuple(proof))
                self._two_entries(state, other, f"entry {number} came ahead as another entry than its log now holds")
        for number in brought:
            del state.ahead[number]
            key = f"{state.log.text}|{number:016d}"
            self._ledger.open.rows += [ValueRow("ahead", key, None), ValueRow("ahead-proof", key, None)]

    def _two_entries(self, state: TheirLog, other: Ahead, reason: str) -> None:
        """Keep the second entry at a place with the proof to its signed head, as the first was: for anybody to see."""
        key = f"{state.log.text}|{other.number:016d}"
        self._ledger.open.rows.append(ValueRow("fork-ahead", key, write_ahead(other)))
        self._freeze(state, reason)
        raise PeerError("line.fork", f"{state.log.text} has two different entries {other.number}", number=other.number)

    def _check_promise(self, state: TheirLog) -> None:
        """A log must grow into the head under which its urgent entries came ahead of it."""
        head = state.promised
        if head is not None and head.size <= state.frontier.size:
            state.promised = None
            self._check_fork(state, head)

    def _check_fork(self, state: TheirLog, head: Head) -> None:
        """Compare a head within what we hold; another root, properly signed, is a fork."""
        ours = self._ledger.roots.root_at(state.log, head.size) if head.size <= state.frontier.size else head.root
        if ours == head.root or head.size == 0:
            return
        self._ledger.signers.head(head, held=limits.INTEGER_MAX)  # both roots count as signed, whichever keys did it
        self._keep_fork(_fork_key(head), state.log, head.size, head.root, b64(head.signature), "head")
        self._freeze(state, f"two histories of size {head.size} are signed")
        raise PeerError("line.fork", f"{state.log.text}: two different roots are signed for {head.size} entries")

    def _forked(self, state: TheirLog, head: Head, error: PeerError) -> list[Effect]:
        """Again and again the author's signed heads do not continue what it signed before.

        One such run may be a bad copy, and closes its link. Several without a good one between are a fork: that log is
        frozen and the link stays, for closing it for ever would let one bad log jam all others (DESIGN 2.7).
        """
        self._freeze(state, error.sentence)
        key = _fork_key(head)
        self._keep_fork(key, state.log, head.size, head.root, b64(head.signature), "head")
        return [Tell(Fault("line.fork", f"{state.log.text} is frozen: {error.sentence}", "", key))]

    def _keep_fork(self, key: str, log: LogId, size: int, root: bytes, signature: str, kind: str) -> None:
        held = self._ledger.roots.root_at(log, size)
        value: dict[str, JsonInput] = {
            "held": "" if held is None else b64(held),
            "kind": kind,
            "log": log.text,
            "root": b64(root),
            "signature": signature,
            "size": size,
        }
        self._ledger.open.rows.append(ValueRow("fork", key, encode(value)))
        self._ledger.open.lazy = False

    def _freeze(self, state: TheirLog, reason: str) -> None:
        state.frozen = True
        self._ledger.open.rows.append(ValueRow("frozen", state.log.text, reason.encode()))
        self._ledger.open.lazy = False

    def heads(self, heads: tuple[Head, ...]) -> None:
        """Compare the heads the peer stands by with what we hold: this is where an old fork shows."""
        for head in heads:
            state = self.their_log(head.log)
            if not state.frozen and 0 < head.size <= state.frontier.size:
                self._check_fork(state, head)

    def cosigned(self, row: Cosigned) -> list[Effect]:
        """Take in the other side's cosignature over a log of ours."""
        ledger = self._ledger
        ours = ledger.ours.get(row.log)
        if row.log.side != ledger.us:
            raise PeerError("line.log", f"a cosignature over {row.log.text}, which is not a log of ours")
        if ours is None or ours.lost or row.size > ours.durable:
            return []  # they hold more than we do: the answer about our tail deals with it
        if row.size <= (ours.held if row.suite == 1 else ours.held_pq):
            return []
        ledger.signers.cosignature(row)
        if ledger.roots.root_at(row.log, row.size) != row.root:
            return self._other_history(row)
        kind = "co-ed" if row.suite == 1 else "co-pq"
        ledger.open.rows.append(SignatureRow(row.log, kind, row.size, row.root, row.at_s, row.signature))  # type: ignore[arg-type]
        if row.suite == 1:
            ours.held = row.size
            ours.ack(row.size)
        else:
            ours.held_pq = row.size
        return [Tell(Held(row.log, row.size, row.at_s, row.suite))]

    def _other_history(self, row: Cosigned) -> list[Effect]:
        """They cosigned something else under our name. Only our own signature could show that we said it, so this is
        kept (once a log) and told, and changes nothing; if we were rolled back, the answer about our tail shows it.
        """
        key = f"{row.log.text}|cosigned"
        if key in self._told_forks or self._ledger.store.value("fork", key) is not None:
            return []
        self._told_forks.add(key)
        self._keep_fork(key, row.log, row.size, row.root, b64(row.signature), f"cosigned {row.suite} {row.at_s}")
        sentence = f"a cosignature over {row.log.text} at {row.size} names another root than ours; it was kept"
        return [Tell(Fault("line.root", sentence, "", key))]

    def sealed(self, head: Head) -> None:
        """Take in an ML-DSA-44 signature over a head of theirs; it may come before the entries do."""
        try:
            self._sealed(head)
        except Late:
            return  # it comes again under their new keys

    def _sealed(self, head: Head) -> None:
        state = self.their_log(head.log)
        if state.frozen:
            return
        if head.size > state.frontier.size:
            if head.log not in self._ledger.theirs:  # a name alone is not kept: its signature must be good first
                self._ledger.signers.seal(head, 0)
                self._begin(state)
            state.waiting_seal = head
            return
        ledger = self._ledger
        if ledger.roots.root_at(head.log, head.size) != head.root:
            raise PeerError("line.root", f"an ML-DSA signature over {head.log.text} names another root", size=head.size)
        ledger.signers.seal(head, state.durable)
        ledger.open.rows.append(SignatureRow(head.log, "own-pq", head.size, head.root, 0, head.signature))

    def ahead(self, link: str, ahead: Ahead) -> list[Effect]:
        """Take in an urgent entry before its log: verified, stored, receipted, shown; not folded, not cosigned."""
        ledger = self._ledger
        state = self.their_log(ahead.head.log)
        if state.frozen:
            return []
        id = tree.leaf_hash(ahead.leaf)
        if ahead.number < state.frontier.size:
            return self._behind(state, ahead, id)
        known = state.ahead.get(ahead.number)
        if known == id:
            ledger.open.receipts.append((link, state.log, ahead.number, id))
            ledger.open.lazy = False
            return []
        if known is None and len(state.ahead) >= limits.AHEAD_ENTRIES_MAX:
            return []  # it comes with its log all the same; an honest side may well write this many in an outage
        try:
            ledger.signers.head(ahead.head, held=state.durable)
        except Late:
            return []
        self._begin(state)
        tree.verify_inclusion(id, ahead.number, ahead.head.size, list(ahead.proof), ahead.head.root)
        if known is not None:
            self._two_entries(state, ahead, f"two different entries {ahead.number} came ahead")
        if state.promised is None or state.promised.size < ahead.head.size:
            state.promised = ahead.head
        state.ahead[ahead.number] = id
        key = f"{state.log.text}|{ahead.number:016d}"
        proof = write_ahead(replace(ahead, leaf=b""))  # to prove it to its author, should the author lose its disk
        ledger.open.rows += [ValueRow("ahead", key, id + ahead.leaf), ValueRow("ahead-proof", key, proof)]
        ledger.open.receipts.append((link, state.log, ahead.number, id))
        ledger.open.aheads.append(
            AheadArrived(state.log, ahead.number, id, _readable(ahead.leaf, state.log, ahead.number, ledger.line))
        )
        ledger.open.lazy = False
        return []

    def _behind(self, state: TheirLog, ahead: Ahead, id: bytes) -> list[Effect]:
        """An entry came ahead by another link, after its log had brought it: a repeat, unless it is another entry."""
        if self._ledger.roots.id_at(state.log, ahead.number) != id:
            self._ledger.signers.head(ahead.head, held=limits.INTEGER_MAX)
            tree.verify_inclusion(id, ahead.number, ahead.head.size, list(ahead.proof), ahead.head.root)
            self._two_entries(state, ahead, f"entry {ahead.number} came ahead as another entry than its log holds")
        return []

    def kept_ahead(self, state: TheirLog) -> list[AheadArrived]:
        """Give the entries that are here ahead of their log, as after a start."""
        found = []
        for number, id in sorted(state.ahead.items()):
            value = self._ledger.store.value("ahead", f"{state.log.text}|{number:016d}")
            entry = None if value is None else _readable(value[32:], state.log, number, self._ledger.line)
            found.append(AheadArrived(state.log, number, id, entry))
        return found

    def receipt(self, receipt: Receipt) -> list[Effect]:
        """Take in their receipt for an urgent entry that we sent ahead."""
        ledger = self._ledger
        ours = ledger.ours.get(receipt.log)
        if ours is None or receipt.number >= ours.durable:
            raise PeerError(
                "line.log", f"a receipt for entry {receipt.number} of {receipt.log.text}, which is not there"
            )
        if receipt.number < ours.held:
            return []
        if ledger.store.ids(receipt.log, receipt.number, 1) != [receipt.id]:
            raise PeerError("line.root", f"a receipt names another entry {receipt.number} of {receipt.log.text}")
        message = receipt_message(ledger.line, receipt.log, receipt.number, receipt.id, receipt.at_s)
        ledger.signers.receipt(message, receipt.signature)
        key = f"{receipt.log.text}|{receipt.number:016d}"
        if ledger.store.value("receipt", key) is not None:
            return []
        value = receipt.at_s.to_bytes(8, "big") + receipt.signature
        ledger.open.rows.append(ValueRow("receipt", key, value))
        return [Tell(Received(receipt.log, receipt.number, receipt.at_s))]

    def fault(self, link: str, frame: bytes, error: PeerError, clock: Moment) -> Fault:
        """Keep the bytes of a broken rule (bounded) and name it."""
        ledger = self._ledger
        if self._faults_kept is None:  # read once: a peer that errs ten times a second must not cost us a read each
            self._faults_kept = len(ledger.store.values("fault", count=limits.FAULTS_KEPT_MAX))
        key = f"{clock:016d}|{link}|{error.code}"
        if self._faults_kept < limits.FAULTS_KEPT_MAX:
            self._faults_kept += 1
            note = encode({"at": clock, "code": error.code, "link": link, "sentence": error.sentence})
            evidence = len(note).to_bytes(4, "big") + note + frame[: limits.FAULT_BYTES_MAX]
            ledger.open.rows.append(ValueRow("fault", key, evidence))
            ledger.open.lazy = False
        return Fault(error.code, error.sentence, link, key)


def _fork_key(head: Head) -> str:
    return f"{head.log.text}|{head.size:016d}|{head.root.hex()}"


def _readable(leaf: bytes, log: LogId, number: int, line: str) -> Entry | None:
    try:
        entry = read_entry(leaf)
    except PeerError:
        return None
    return entry if (entry.log, entry.number, entry.line) == (log, number, line) else None
