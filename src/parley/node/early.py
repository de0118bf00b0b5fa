"""Urgent entries of theirs that people see before any view has them.

Owns: where those stand: beside their log, which they came ahead of, or in it, before what they rest on has come.
Does not own: what is made of them (actions/, waiting.py, reported.py, stopping.py).
Always true: 1. An entry is given until it is folded, and then never again: its view shows it from there on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from parley import limits
from parley.errors import PeerError
from parley.record import Entry, read_entry
from parley.record.names import LogId
from parley.record.tree import leaf_hash
from parley.storage.port import StoreReads

_AHEAD: Final = "ahead"  # the store's space of entries that came before their log: 32 bytes of id, then the leaf
_URGENT: Final = ("FLASH", "IMMEDIATE")


class EarlyEntry(NamedTuple):
    """One of them: its place, its id and what it says."""

    log: LogId
    number: int
    id: bytes
    entry: Entry


def early(store: StoreReads, them: str, channel: str) -> Iterator[EarlyEntry]:
    """Give the other side's urgent entries of a channel that are not folded yet; unreadable ones wait for a verdict."""
    for key, value in store.values(_AHEAD, prefix=f"{channel}/{them}/"):
        name, _, number = key.partition("|")
        yield from _readable(LogId.read(name), int(number), value[32:])
    for log in store.logs():
        if (log.channel, log.side) == (channel, them):
            yield from _resting(store, log)


def _resting(store: StoreReads, log: LogId) -> Iterator[EarlyEntry]:
    """Give the urgent ones among the newest entries that wait in their log for what they rest on."""
    size = store.size(log)
    first = max(store.folded(log), size - limits.AHEAD_ENTRIES_MAX)
    for number, leaf in enumerate(store.leaves(log, first, size - first), first):
        for one in _readable(log, number, leaf):
            if one.entry.precedence in _URGENT:
                yield one


def _readable(log: LogId, number: int, leaf: bytes) -> Iterator[EarlyEntry]:
    try:
        yield EarlyEntry(log, number, leaf_hash(leaf), read_entry(leaf))
    except PeerError:
        return
