"""ML-DSA signatures while all links are thin: made and stored as ever, sent later, and the newest of each log alone.

Owns: over which logs they wait, also through a restart; when they go.
Does not own: making them (seals.py).
Always true: a log is no longer owed only once its signatures went by a thin link that stayed up, or another link came
up, which brings all. Nothing of the peer says that they arrived, so after a restart they go once more.
"""

from __future__ import annotations

from parley import limits
from parley.line.events import Effect, Send
from parley.line.greeting import Greeting, signature_frames
from parley.line.ledger import Ledger
from parley.link.lanes import Lane
from parley.record.names import LogId
from parley.storage.port import ValueRow
from parley.times import Instant

_SPACE = "pq-owed"


class PutOff:
    """What is owed, and when it goes."""

    def __init__(self, ledger: Ledger, greeting: Greeting) -> None:
        self._ledger, self._greeting = ledger, greeting
        kept = ledger.store.values(_SPACE, count=2 * limits.LOGS_MAX)
        self.owed = {LogId.read(key) for key, _ in kept}
        self._kept = set(self.owed)  # on disk, or in the open batch
        self._sent: set[LogId] = set()  # by the thin link that is up
        self._at: Instant | None = None

    def mark(self) -> None:
        """No other link is up: what the open batch signs is owed. In that batch, so that no crash comes between."""
        batch = self._ledger.open
        made = {row.log for row in batch.cosigned if row.suite != 1} | {head.log for head in batch.sealed}
        batch.rows += [ValueRow(_SPACE, log.text, b"1") for log in sorted(made - self._kept)]
        self._kept |= made
        self.owed |= made
        self._sent -= made

    def thin_up(self, now: Instant) -> None:
        """A thin link is up and no other; what went by an earlier one may be lost."""
        self.owed |= self._sent
        self._sent.clear()
        self._at = Instant(now + limits.THIN_PQ_S)

    def wide_up(self) -> None:
        """Another link is up and brings all newest signatures."""
        self._ledger.open.rows += [ValueRow(_SPACE, log.text, None) for log in sorted(self._kept)]
        for logs in (self.owed, self._sent, self._kept):
            logs.clear()

    def wake_at(self) -> Instant | None:
        """Say when something goes by a thin link after all."""
        return self._at if self.owed else None

    def tick(self, link: str, now: Instant) -> list[Effect]:
        """Send what is owed if it is time, behind everything urgent."""
        if self._at is None or now < self._at or not self.owed:
            return []
        self._at = Instant(now + limits.THIN_PQ_S)
        cosigned, sealed = self._greeting.newest_signatures()
        rows = [row for row in cosigned if row.suite != 1 and row.log in self.owed]
        later = signature_frames(rows, [head for head in sealed if head.log in self.owed])
        self._sent |= self.owed
        self.owed.clear()
        return [Send(link, Lane.ORDINARY, frame) for frame in later]
