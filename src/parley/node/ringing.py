"""How a FLASH of theirs rings here: as a FLASH, or, beyond the hour's allowance, as ROUTINE; and telling its author so.

Owns: the allowance, which messages rang as less, the signal that says so to the other side.
Always true: what is beyond is recorded, shown and acknowledged like any FLASH; only its ringing is less, and both
desks are marked (DESIGN 4, "Credit").
"""

from __future__ import annotations

from collections import deque
from typing import Final

from parley import limits
from parley.codec import Reader
from parley.codec.canonical import JsonInput
from parley.record.names import LogId
from parley.storage.port import StoreReads, ValueRow
from parley.times import Instant

RANG: Final = "rang"  # space: "<log>|<number>" of a FLASH that rang as less, at both nodes
RANG_LASTS_MS: Final = 60_000


class FlashAllowance:
    """How many FLASH of theirs may still ring this hour, by our own steady clock: their times are their statement."""

    def __init__(self) -> None:
        self._rung: deque[Instant] = deque()
        self._told: set[tuple[LogId, int]] = set()  # one that came ahead of its log rings once

    def may_ring(self, log: LogId, number: int, now: Instant) -> bool:
        """Say whether this one may ring as a FLASH, and count it once."""
        if (log, number) in self._told:
            return True
        while self._rung and now - self._rung[0] >= 3600:
            self._rung.popleft()
        if len(self._rung) >= limits.FLASH_HOURLY:
            return False
        self._rung.append(now)
        if len(self._told) >= 2 * limits.FLASH_HOURLY:
            self._told.clear()
        self._told.add((log, number))
        return True


def rang_row(log: LogId, number: int) -> ValueRow:
    """Give the row that keeps that a FLASH rang as ROUTINE."""
    return ValueRow(RANG, f"{log.text}|{number:016d}", b"ROUTINE")


def rang_as_less(store: StoreReads, log: LogId, number: int) -> bool:
    """Say whether a FLASH rang as ROUTINE."""
    return store.value(RANG, f"{log.text}|{number:016d}") is not None


def rang_fields(log: LogId, number: int) -> dict[str, JsonInput]:
    """Give the fields of the `rang` signal."""
    return {"entry": number, "log": log.text}


def read_rang(fields: Reader) -> tuple[LogId, int]:
    """Read a `rang` signal; raises PeerError for a wrong form."""
    log, number = LogId.read(fields.text("log", max_chars=128)), fields.integer("entry", 0)
    fields.done()
    return log, number
