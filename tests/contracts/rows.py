"""Rows for store tests: short to write, true to the tree."""

from __future__ import annotations

from functools import cache

from parley.record.names import LogId
from parley.record.tree import Frontier, leaf_hash
from parley.storage.port import EntryRow, FoldRow, SignatureKind, SignatureRow, Verdict

NORTH = LogId("leaders", "north", 0)
SOUTH = LogId("leaders", "south", 0)
LINE = LogId("line", "north", 0)


@cache
def leaf(log: LogId, number: int, size: int = 0) -> bytes:
    """Give the bytes of an entry; the store does not care what they mean."""
    return f"{log.text} {number} ".encode().ljust(size, b".")


def entry(log: LogId, number: int, size: int = 0) -> EntryRow:
    """Give an entry row."""
    data = leaf(log, number, size)
    return EntryRow(log, number, leaf_hash(data), data)


def entries(log: LogId, first: int, end: int) -> list[EntryRow]:
    """Give entry rows first .. end - 1."""
    return [entry(log, number) for number in range(first, end)]


@cache
def root(log: LogId, size: int) -> bytes:
    """Give the root of the first `size` entries, worked out afresh."""
    frontier = Frontier()
    frontier.extend(leaf_hash(leaf(log, number)) for number in range(size))
    return frontier.root()


def signature(log: LogId, size: int, kind: SignatureKind = "own-ed", at_s: int = 0) -> SignatureRow:
    """Give a signature row over the true root; the signature itself is a stand-in of the right length."""
    length = 64 if kind.endswith("ed") else 2420
    return SignatureRow(log, kind, size, root(log, size), at_s, f"{log.text}{size}{kind}".encode().ljust(length, b"s"))


def fold(
    log: LogId, number: int, *, turn: int, subject: str = "", kind: str = "message.sent", verdict: Verdict = "valid"
) -> FoldRow:
    """Give a fold row; without a subject, one that this entry opens."""
    about = subject or f"message/{log.side}/{log.epoch}/{number}"
    reason = "" if verdict == "valid" else "for a reason"
    return FoldRow(log, number, log.channel, about, kind, turn, verdict, reason, "2026-11-23T10:00:00.000Z")
