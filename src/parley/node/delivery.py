"""When an entry reached each disk, from signatures alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from parley.line import Held, Received
from parley.record.names import LogId
from parley.storage.port import StoreReads
from parley.times import Moment, moment_text

_RECENT_MAX = 256  # cosignatures the store may not have yet: they are stored with the next batch, within 50 ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The two facts about disks, as moment texts, None while not so; `pq`: an ML-DSA-44 cosignature covers it too."""

    on_our_disk_at: str | None
    on_their_disk_at: str | None
    pq: bool


class Deliveries:
    """Reads delivery off the cosignatures, also those that came a moment ago."""

    def __init__(self, store: StoreReads, us: str) -> None:
        self._store = store
        self._us = us
        self._recent: deque[Held] = deque(maxlen=_RECENT_MAX)
        self._receipts: deque[Received] = deque(maxlen=_RECENT_MAX)

    def held(self, event: Held) -> None:
        """Note a cosignature of theirs."""
        self._recent.append(event)

    def received(self, event: Received) -> None:
        """Note a receipt of theirs for an entry that went ahead."""
        self._receipts.append(event)

    def of(self, log: LogId, number: int, at: str = "") -> Delivery:
        """Give the delivery of one entry; `at` is the author's time of it, if the caller has it."""
        at = at or next((row.at for row in self._store.folds(log, number, 1)), "")
        cosigned = self._first(log, number, 1)
        if log.side == self._us:
            times = [at_s for at_s in (cosigned, self._receipt(log, number)) if at_s is not None]
            theirs = moment_text(Moment(min(times) * 1000)) if times else None
            ours: str | None = at
        else:
            ours = None if cosigned is None else moment_text(Moment(cosigned * 1000))
            theirs = at
        return Delivery(on_our_disk_at=ours, on_their_disk_at=theirs, pq=self._first(log, number, 2) is not None)

    def _first(self, log: LogId, number: int, suite: int) -> int | None:
        row = self._store.signature(log, "co-ed" if suite == 1 else "co-pq", at_least=number + 1)
        if row is not None:
            return row.at_s
        found = [held.at_s for held in self._recent if held.log == log and held.suite == suite and held.size > number]
        return min(found, default=None)

    def _receipt(self, log: LogId, number: int) -> int | None:
        value = self._store.value("receipt", f"{log.text}|{number:016d}")
        if value is not None:
            return int.from_bytes(value[:8], "big")
        found = [each.at_s for each in self._receipts if each.log == log and each.number == number]
        return min(found, default=None)
