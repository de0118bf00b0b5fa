"""Post-quantum signatures: ML-DSA-44 over the newest heads, at most a second after the Ed25519 ones, batched.

Signing takes about a millisecond, so it never stands in the way of an entry: it is done on the timer, over the newest
head only, and made good at the next start (DESIGN 3).
"""

from __future__ import annotations

from parley.line.frames import Cosigned, Head
from parley.line.ledger import Ledger
from parley.record import notes
from parley.storage.port import SignatureRow
from parley.times import Instant, Moment

SEAL_EVERY_S = 0.5
_LOGS_A_TICK = 8  # bounds one tick to some 20 ms


class Seals:
    """Signs and cosigns newest heads with ML-DSA-44."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._due: Instant | None = None

    def wanted(self) -> bool:
        """Say whether any newest head lacks its post-quantum signature."""
        ledger = self._ledger
        return any(ours.durable > ours.sealed for ours in ledger.speaking()) or any(
            theirs.cosigned > theirs.cosigned_pq for theirs in ledger.theirs.values()
        )

    def wake_at(self, now: Instant) -> Instant | None:
        """Say when to sign next; None if nothing waits."""
        if not self.wanted():
            self._due = None
        elif self._due is None:
            self._due = Instant(now + SEAL_EVERY_S)
        return self._due

    def tick(self, now: Instant, clock: Moment) -> None:
        """Put signatures that are due into the open batch."""
        due = self.wake_at(now)
        if due is None or now < due:
            return
        self._due = None
        ledger, left = self._ledger, _LOGS_A_TICK
        for ours in ledger.speaking():
            log = ours.log
            if left and ours.head is not None and ours.head.size > ours.sealed:
                head = ours.head
                signature = notes.sign_checkpoint_pq(ledger.log_pair, ledger.origin(log), head.size, head.root)
                ledger.open.rows.append(SignatureRow(log, "own-pq", head.size, head.root, 0, signature))
                ledger.open.sealed.append(Head(log=log, size=head.size, root=head.root, signature=signature))
                ours.sealed = head.size
                left -= 1
        for log, theirs in ledger.theirs.items():
            root = ledger.roots.root_at(log, theirs.cosigned) if theirs.cosigned > theirs.cosigned_pq else None
            if left and root is not None and not theirs.frozen:
                at_s = max(clock // 1000, theirs.cosigned_at_s)
                name = ledger.cosigner
                signature = notes.cosign_pq(ledger.cosign_pair, name, ledger.origin(log), theirs.cosigned, root, at_s)
                ledger.open.rows.append(SignatureRow(log, "co-pq", theirs.cosigned, root, at_s, signature))
                ledger.open.cosigned.append(
                    Cosigned(log=log, size=theirs.cosigned, root=root, at_s=at_s, suite=2, signature=signature)
                )
                theirs.cosigned_pq, theirs.cosigned_at_s = theirs.cosigned, at_s
                left -= 1
        ledger.open.lazy = False
