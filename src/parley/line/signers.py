"""Whose signature a head, a cosignature or a receipt carries: that of the keys in force, or of keys that were replaced.

Owns: which of a side's cards is tried, and how far a former one counts.
Does not own: the forms that are signed (record/notes.py), how a card comes into force (identity/, node/succession.py).
Always true:
  1. A former key signs no entry beyond what its side listed when it ended, or what was held here by then.
  2. Once a signature of the new keys was seen, a former one beyond that is a fault of the peer; before, it is only
     dropped: their node may not have heard yet that the new keys are confirmed, and sends it again under them.
"""

from __future__ import annotations

from collections.abc import Callable

from parley.errors import PeerError
from parley.identity import LineIdentity, Party, verify
from parley.line.frames import Cosigned, Head
from parley.line.states import TheirLog
from parley.record import notes


class Late(PeerError):
    """A signature by keys that end, over more than they count for, from a node that may not know it yet."""


class Signers:
    """Checks signatures of both sides of one line. `settled`: the other side's newest keys were seen in use."""

    def __init__(self, identity: LineIdentity, *, settled: bool) -> None:
        self._identity = identity
        self.settled = settled or not identity.formers(identity.theirs.side)

    def head(self, head: Head, state: TheirLog | None = None, *, held: int = 0) -> None:
        """Check a head's Ed25519 signature once; a repeat of the last head of a log is free.

        Raises: PeerError `identity.signature`; `keys.former` beyond what a former key may sign (Late if not settled).
        """
        key = (head.size, head.root, head.signature)
        if state is not None and state.verified == key:
            return
        self._author(head, notes.verify_checkpoint, max(held, 0 if state is None else state.durable))
        if state is not None:
            state.verified = key

    def seal(self, head: Head, held: int) -> None:
        """Check an ML-DSA-44 signature over a head; raises as `head` does."""
        self._author(head, notes.verify_checkpoint_pq, held)

    def _author(self, head: Head, check: Callable[..., None], held: int) -> None:
        identity, side = self._identity, head.log.side
        arguments = (identity.line, head.log, head.size, head.root, head.signature)
        try:
            check(identity.party(side), *arguments)
        except PeerError:
            former = next((each for each in identity.formers(side) if _fits(check, each.party, *arguments)), None)
            if former is None:
                raise
            if head.size > max(held, former.heads.get(head.log.text, 0)):
                error = PeerError if self.settled else Late
                raise error(
                    "keys.former",
                    f"{head.log.text} at {head.size} is signed with keys of {side} that were replaced; they count up to"
                    f" {max(held, former.heads.get(head.log.text, 0))}. It was not taken in.",
                ) from None
            return
        if side == identity.theirs.side:
            self.settled = True

    def cosignature(self, row: Cosigned) -> None:
        """Check the other side's cosignature over a log of ours; raises PeerError `identity.signature`."""
        identity = self._identity
        check = notes.verify_cosignature if row.suite == 1 else notes.verify_cosignature_pq
        arguments = (identity.ours, identity.line, row.log, row.size, row.root, row.at_s, row.signature)
        self._theirs(lambda party: check(party, *arguments))

    def receipt(self, message: bytes, signature: bytes) -> None:
        """Check the other side's receipt; raises PeerError `identity.signature`."""
        self._theirs(lambda party: verify(party.cosign.ed, message, signature, what="receipt"))

    def answer(self, message: bytes, signature: bytes) -> None:
        """Check the other side's answer about our tail; raises PeerError `identity.signature`.

        Their node may not have heard yet that the card we run with is confirmed: until a signature of their new keys
        was seen, it answers under those before.
        """

        def check(party: Party) -> None:
            verify(party.cosign.ed, message, signature, what="tail answer")

        formers = () if self.settled else self._identity.formers(self._identity.theirs.side)
        if not any(_fits(check, each.party) for each in formers):
            check(self._identity.theirs)

    def _theirs(self, check: Callable[[Party], None]) -> None:
        """What they hold they said when they held it: statements of former keys come again after a loss of ours."""
        identity = self._identity
        try:
            check(identity.theirs)
        except PeerError:
            if not any(_fits(check, each.party) for each in identity.formers(identity.theirs.side)):
                raise


def _fits(check: Callable[..., None], party: Party, *arguments: object) -> bool:
    try:
        check(party, *arguments)
    except PeerError:
        return False
    return True
