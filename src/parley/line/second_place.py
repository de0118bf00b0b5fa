"""The second place: what one small file outside the store remembers of our heads, held against the store at a start.

Owns: what its bytes say. Does not own: when they are written (core.py, ledger.py), what follows (tail.py).
Always true:
  1. A store that holds less than it names, or something else, does not match.
  2. An epoch that it names is never opened a second time, though nobody else may have heard of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from parley.codec.canonical import JsonValue, decode
from parley.errors import PeerError
from parley.line.ledger import Ledger
from parley.record.names import LogId


def anchor_matches(ledger: Ledger, anchor: bytes | None) -> bool:
    """Say whether the store holds at least what the second place remembers, and is the store it speaks of.

    It may hold more: the second place is synced once a second, the store with every commit, so after a power cut the
    store is ahead. A store that holds less, or something else, was put back; a restored copy has a name of its own.
    """
    kept = _read(ledger, anchor)
    if kept.get("store", "") not in ("", ledger.store_id):
        return False
    before = kept.get("before")
    if not isinstance(before, dict):
        return False
    for ours in ledger.ours.values():
        if ours.durable and (ours.head is None or ours.head.size != ours.durable):
            return False  # entries without our signature over them: taken back, but not to their end
    return all(_holds(ledger, name, head) for name, head in before.items())


def _holds(ledger: Ledger, name: str, head: object) -> bool:
    if not (isinstance(head, list) and len(head) == 2 and type(head[0]) is int):
        return False
    root = ledger.roots.root_at(LogId.read(name), head[0])
    return root is not None and root.hex() == head[1]


def anchored_epochs(ledger: Ledger, anchor: bytes | None) -> dict[str, int]:
    """Give the highest epoch of our log in each channel that the second place names."""
    kept, found = _read(ledger, anchor), dict[str, int]()
    for heads in (kept.get("before"), kept.get("after")):
        for log in map(LogId.read, heads if isinstance(heads, dict) else ()):
            if log.side == ledger.us:
                found[log.channel] = max(found.get(log.channel, 0), log.epoch)
    return found


def _read(ledger: Ledger, anchor: bytes | None) -> Mapping[str, JsonValue]:
    """Give what it says; nothing where there is none, it is damaged, or it belongs to another line."""
    try:
        kept = decode(anchor or b"", bytes_max=1_048_576)
        if not isinstance(kept, dict) or kept.get("line") != ledger.line:
            return {}
        for heads in (kept.get("before"), kept.get("after")):
            for name in heads if isinstance(heads, dict) else ():
                LogId.read(name)
    except PeerError:
        return {}
    return kept
