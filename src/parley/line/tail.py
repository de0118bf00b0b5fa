"""Whether we may sign: our own tail, asked of the peer, and taken back if we lost it.

At every start a node asks the peer, with a fresh nonce, for the highest heads it holds of our logs. A store that
matches the second place may sign at once, also while the line is down. Any other store waits for the answer, takes
back what is missing, and goes on in the next epoch of each log (DESIGN 2.5).

Owns: the signing state, the question and its answer, our own entries given back, also those held ahead of their log.
Always true:
  1. `ok` is reached only by a matching anchor, or by a signed answer to our own nonce and everything it names.
  2. What is taken back carries our own signature; a peer cannot make us hold what we never said.
  3. A log that had to be taken back, or whose store did not match, is never continued.
"""

from __future__ import annotations

from typing import Literal

from parley import limits
from parley.errors import PeerError
from parley.line.events import Effect, Send, Signing, Tell
from parley.line.frames import (
    AHEAD_HEADS_MAX,
    HEADS_MAX,
    Ahead,
    Head,
    Run,
    TailAnswer,
    open_frame,
    read_ahead,
    write_back,
    write_tail_answer,
    write_tail_ask,
)
from parley.line.ledger import Entropy, Ledger
from parley.line.second_place import anchor_matches, anchored_epochs
from parley.line.sending import THIN_RUN_S, prove_run, read_leaves
from parley.line.states import OurLog, TheirLog, verify_run
from parley.link.lanes import Lane
from parley.link.thin import Thin
from parley.record.names import LogId
from parley.record.tree import Frontier, leaf_hash, verify_inclusion
from parley.storage.port import EntryRow, SignatureRow, ValueRow
from parley.times import Instant

_ASK_AGAIN_S = 2.0
_ASK_AGAIN_THIN_S = 300.0  # by a thin link an answer, or a long entry given back, may take minutes
_ASKS_IN_VAIN_MAX = 15  # for what they said they hold; then they hold it no more, and are asked how far they do
_BACK_RUNS = 8

State = Literal["ok", "waiting", "healing", "read-only"]


def tail_message(line: str, nonce: bytes, heads: tuple[Head, ...], ahead: tuple[tuple[int, Head], ...] = ()) -> bytes:
    """Give the bytes a tail answer signs."""
    rows = "".join(f"{head.log.text} {head.size} {head.root.hex()}\n" for head in heads)
    early = "".join(f"ahead {number} {head.log.text} {head.size} {head.root.hex()}\n" for number, head in ahead)
    return f"parley-tail/v1\n{line}\n{nonce.hex()}\n{rows}{early}".encode()


class Tail:
    """The guard of our own logs."""

    def __init__(self, ledger: Ledger, entropy: Entropy) -> None:
        self._ledger = ledger
        self._entropy = entropy
        self.state: State = "waiting"
        self.reason = ""
        self._nonce = b""
        self._asked_at: Instant | None = None
        self._answered = False
        self._need: dict[LogId, Head] = {}
        self._back: dict[LogId, TheirLog] = {}
        self._in_vain = 0  # times we asked since anything came back
        self._ahead: dict[LogId, int] = {}  # the last entry of each log that they hold ahead of it and we lack
        self.sparing: Thin | None = None  # all links are thin: ask seldom, give back little at once
        self.unmarked = False  # healed, and the disk does not know yet that each log goes on in its next epoch
        self.reborn = False  # this store once did not match: what it does not hold may have been said all the same

    def start(self, anchor: bytes | None) -> list[Effect]:
        """Judge the store at a start."""
        marked = [key for key, _ in self._ledger.store.values("renew", count=limits.LOGS_MAX)]
        self._ledger.renew = set(marked)
        self.reborn = self._ledger.store.value("core", "reborn") is not None
        self._ledger.anchored = anchored_epochs(self._ledger, anchor)
        if anchor_matches(self._ledger, anchor):
            return self._set("ok", "the store matches its second place")
        why = "the store does not match its second place"
        return self._set("waiting", f"{why}; the other side must first say what it holds of our logs")

    def _set(self, state: State, reason: str) -> list[Effect]:
        self.state, self.reason = state, reason
        self._trust()
        return [Tell(Signing(state, reason))]

    def _trust(self) -> None:
        """Let the views hold the peer to the end of our logs once it has answered and nothing is missing.

        Not before, even if the anchor matches: both may have been rolled back together.
        """
        ledger = self._ledger
        ledger.book.trust_our_end(self.state == "ok" and self._answered and not self._need)
        ledger.take_fold()
        if ledger.open.folds:
            ledger.open.lazy = False

    def ask(self, link: str, now: Instant) -> list[Effect]:
        """Ask the peer on a link that just came up, or again because no answer came."""
        if self._answered:
            return self._ask_ahead(link)
        if not self._nonce:
            self._nonce = self._entropy(32)
        self._asked_at = now
        return [Send(link, Lane.URGENT, write_tail_ask(self._nonce))]

    @property
    def settled(self) -> bool:
        """Whether they have answered about our tail, and hold nothing of ours that we lack."""
        return self._answered and not self._need and not self._ahead

    def wake_at(self) -> Instant | None:
        """Say when to ask again."""
        if self._asked_at is None or (self._answered and not self._need):
            return None
        return Instant(self._asked_at + (_ASK_AGAIN_THIN_S if self.sparing else _ASK_AGAIN_S))

    def give_up(self) -> list[Effect]:
        """Say why we begin again, if what they said they hold does not come: their disk was put back too."""
        if self._in_vain < _ASKS_IN_VAIN_MAX:
            return []
        missing = ", ".join(f"{log.text} up to {head.size}" for log, head in sorted(self._need.items()))
        return self._set(
            "waiting", f"the other side does not give back what it said it holds ({missing}); it is asked anew"
        )

    def tick(self, links: tuple[str, ...], now: Instant) -> list[Effect]:
        """Ask again if the answer, or an entry of ours, does not come."""
        due = self.wake_at()
        if due is None or now < due or not links:
            return []
        if self._need:
            self._asked_at, self._in_vain = now, self._in_vain + 1
            return [effect for log in self._need for effect in self._ask_back(links[0], log)]
        return self.ask(links[0], now)

    def answer(self, link: str, nonce: bytes) -> list[Effect]:
        """Say, signed, how far we hold each of the asker's logs, with the asker's own signature over it."""
        ledger = self._ledger
        heads = []
        for log, theirs in sorted(ledger.theirs.items()):
            row = ledger.store.newest_signature(log, "own-ed")
            if row is not None and row.size <= theirs.durable:
                heads.append(Head(log=log, size=row.size, root=row.root, signature=row.signature))
        chosen = tuple(heads[-HEADS_MAX:])
        ahead = self._held_ahead()
        signature = ledger.cosign_pair.sign(tail_message(ledger.line, nonce, chosen, ahead))
        answer = TailAnswer(nonce=nonce, heads=chosen, signature=signature, ahead=ahead)
        return [Send(link, Lane.URGENT, write_tail_answer(answer))]

    def _held_ahead(self) -> tuple[tuple[int, Head], ...]:
        """Give the last entry held ahead of each log, those that may still go on first."""
        ledger = self._ledger
        order = sorted(ledger.theirs.values(), key=lambda each: (ledger.book.ended(each.log) is not None, each.log))
        found = [last for theirs in order if theirs.ahead and (last := self._last_ahead(theirs)) is not None]
        return tuple(found[:AHEAD_HEADS_MAX])

    def _last_ahead(self, theirs: TheirLog) -> tuple[int, Head] | None:
        """Give the last entry that is on our disk ahead of its log, with the head that its author sent with it."""
        for number in sorted(theirs.ahead, reverse=True):
            kept = self._ledger.store.value("ahead-proof", f"{theirs.log.text}|{number:016d}")
            if kept is not None:
                _, reader, blob = open_frame(kept)
                return number, read_ahead(reader, blob).head
        return None

    def answered(self, link: str, answer: TailAnswer, now: Instant) -> list[Effect]:
        """Take in the answer: only one to our own nonce, signed, and only heads that we signed ourselves."""
        ledger = self._ledger
        if answer.nonce != self._nonce or self._answered:
            return []  # an answer to an earlier question: it cannot raise what we know
        message = tail_message(ledger.line, answer.nonce, answer.heads, answer.ahead)
        ledger.signers.answer(message, answer.signature)
        need: dict[LogId, Head] = {}
        lost: list[LogId] = []
        for head in answer.heads:
            self._check_own(head)
            ours = ledger.ours.get(head.log)
            held = 0 if ours is None else ours.frontier.size
            if ours is not None and ours.lost:
                continue
            if head.size > held:
                need[head.log] = head
            elif ledger.roots.root_at(head.log, head.size) != head.root:
                lost.append(head.log)  # we went on from an older store after signing
        behind = False
        for number, head in answer.ahead:
            if number >= head.size:
                raise PeerError(
                    "line.log", f"a tail answer names entry {number} of {head.log.text} beyond its own head"
                )
            self._check_own(head)
        for number, head in answer.ahead:
            ours = ledger.ours.get(head.log)
            within = ours is not None and head.size <= ours.frontier.size
            if within and ledger.roots.root_at(head.log, head.size) == head.root:
                continue
            self._ahead[head.log] = number
            if ours is not None and within and not ours.lost:
                lost.append(head.log)
            elif (
                not within
            ):  # signed by us, and not here: this store was put back, with its second place if that matched
                behind = behind or not self._went_on(head.log)
        self._answered = True
        for log in dict.fromkeys(lost):
            ledger.mark_lost(log, ledger.ours[log].held)
        asked = self._ask_ahead(link)
        if not need and not lost and not behind and self.state == "ok":
            self._trust()
            return asked
        self._need = need
        self._asked_at = now
        if not need:
            return self._healed() + asked
        missing = ", ".join(f"{log.text} up to {head.size}" for log, head in sorted(need.items()))
        effects = self._set("healing", f"taking back from the other side: {missing}")
        for log in need:
            effects += self._ask_back(link, log)
        return effects + asked

    def _check_own(self, head: Head) -> None:
        ledger = self._ledger
        if head.log.side != ledger.us:
            raise PeerError("line.log", f"a tail answer names {head.log.text}, which is not a log of ours")
        ledger.signers.head(head, held=limits.INTEGER_MAX)

    def _went_on(self, log: LogId) -> bool:
        """Say whether nothing more will be said in this log: a later epoch is open, or the next entry opens one."""
        newest = self._ledger.newest_ours(log.channel)
        if newest is None:
            return self.reborn
        return newest.log.epoch > log.epoch or log.channel in self._ledger.renew

    def _ask_ahead(self, link: str) -> list[Effect]:
        """Ask for what they hold ahead of our logs: from behind it on, so that no run comes along."""
        return [Send(link, Lane.ORDINARY, write_back(log, number + 1)) for log, number in sorted(self._ahead.items())]

    def ahead_back(self, ahead: Ahead) -> list[Effect]:
        """Take in an urgent entry of ours that they hold ahead of its log, proven to a head that we signed.

        The entries before it are lost with our disk, so its log cannot go on to it: it is kept as part of a lost tail.
        """
        ledger, log = self._ledger, ahead.head.log
        last = self._ahead.get(log)
        if last is None or ahead.number > last:
            return []
        ledger.signers.head(ahead.head, held=limits.INTEGER_MAX)
        id = leaf_hash(ahead.leaf)
        verify_inclusion(id, ahead.number, ahead.head.size, list(ahead.proof), ahead.head.root)
        if ahead.number == last:
            del self._ahead[log]  # they come in order: it was the last
        key = f"{log.text}|{ahead.number:016d}"
        here = ledger.store.value("lost-tail", key) is not None or ledger.store.ids(log, ahead.number, 1) == [id]
        if not here:
            ledger.open.rows.append(ValueRow("lost-tail", key, ahead.leaf))
            ledger.open.lazy = False
        return []

    def _ask_back(self, link: str, log: LogId) -> list[Effect]:
        state = self._back.get(log)
        if state is None:
            known = log in self._ledger.ours
            state = self._ledger.their_state(log) if known else TheirLog(log=log, frontier=Frontier(), durable=0)
            self._back[log] = state
        return [Send(link, Lane.ORDINARY, write_back(log, state.frontier.size))]

    def give_back(self, link: str, log: LogId, first: int) -> list[Effect]:
        """Give the asker some runs of its own log, up to the newest head that it signed and we hold, then, asked for
        what is beyond that, its urgent entries that we hold ahead of the log.
        """
        ledger = self._ledger
        theirs = ledger.theirs.get(log)
        if theirs is None:
            return []
        if first > theirs.durable:
            return self._give_ahead(link, log)
        row = ledger.store.newest_signature(log, "own-ed")
        if row is None or row.size > theirs.durable:
            return []
        head = Head(log=log, size=row.size, root=row.root, signature=row.signature)
        effects: list[Effect] = []
        thin = self.sparing
        runs, size = (_BACK_RUNS, limits.RUN_BYTES_MAX) if thin is None else (1, int(thin.bytes_s * THIN_RUN_S))
        while first < head.size and len(effects) < runs:
            leaves = read_leaves(ledger, log, first, head.size, size)
            effects.append(Send(link, Lane.ORDINARY, prove_run(ledger, head, first, leaves)))
            first += len(leaves)
        return effects

    def _give_ahead(self, link: str, log: LogId) -> list[Effect]:
        store, effects = self._ledger.store, list[Effect]()
        for key, proof in store.values("ahead-proof", prefix=f"{log.text}|", count=limits.AHEAD_ENTRIES_MAX):
            kept = store.value("ahead", key)
            if kept is not None:
                effects.append(Send(link, Lane.ORDINARY, proof + kept[32:]))  # an id, then the leaf
        return effects

    def taken_back(self, run: Run) -> list[Effect]:
        """Take in a run of our own log, proven to a head that we signed."""
        ledger, log = self._ledger, run.head.log
        state, need = self._back.get(log), self._need.get(log)
        if need is None or state is None:
            return []
        held = state.frontier.size
        if run.first > held or run.first + len(run.leaves) <= held or held >= need.size:
            return []
        ledger.signers.head(run.head, state, held=limits.INTEGER_MAX)
        if run.head.size > need.size:
            self._need[log] = run.head  # more of it reached the peer since its answer
        try:
            leaves, hashes, grown = verify_run(state, run)
        except PeerError as error:
            if error.code not in ("line.root", "record.consistency") or log not in ledger.ours:
                raise
            state.strikes += 1
            if state.strikes < limits.STRIKES_MAX:
                raise  # a bad copy: asked for again by another link
            del self._need[log], self._back[log]
            # What we hold is no beginning of what we once signed.
            ledger.mark_lost(log, ledger.ours[log].held)
            return [] if self._need else self._healed()
        ledger.roots.grow(log, state.frontier, hashes)
        for offset, (leaf, id) in enumerate(zip(leaves, hashes, strict=True)):
            ledger.open.rows.append(EntryRow(log, held + offset, id, leaf))
            ledger.book.take(log, held + offset, leaf, id)
        state.frontier = grown
        if run.head.size == grown.size:
            state.exact = run.head
            head = run.head
            ledger.open.rows.append(SignatureRow(log, "own-ed", head.size, head.root, 0, head.signature))
        ledger.open.back[log] = grown.size
        ledger.open.lazy = False
        ledger.take_fold()
        return []

    def stored(self, log: LogId, size: int, links: tuple[str, ...], now: Instant) -> list[Effect]:
        """Entries of ours are back on our disk: ask for more, or be done."""
        ledger = self._ledger
        state, need = self._back.get(log), self._need.get(log)
        if state is None or need is None:
            return []
        state.durable = size
        self._asked_at, self._in_vain = now, 0
        if size >= need.size:
            ours = ledger.ours.get(log)
            if ours is None:
                ours = ledger.ours[log] = OurLog(log=log, frontier=Frontier(), durable=0, head=None)
            ours.frontier, ours.durable = state.frontier.copy(), size
            ours.head = None if state.exact is None else ledger.signed_now(state.exact)
            del self._need[log]
            return [] if self._need else self._healed()
        if size == state.frontier.size and links:
            return self._ask_back(links[0], log)
        return []

    def _healed(self) -> list[Effect]:
        """Everything that can be had is back: each log goes on in its next epoch."""
        ledger = self._ledger
        ledger.renew = {log.channel for log in ledger.ours}
        for channel in sorted(ledger.renew):
            ledger.open.rows.append(ValueRow("renew", channel, b"1"))
        self.reborn = self.unmarked = True
        ledger.open.rows.append(ValueRow("core", "reborn", b"1"))
        ledger.open.lazy = False
        return self._set(
            "ok", "everything the other side holds of our logs is here; each log goes on in its next epoch"
        )
