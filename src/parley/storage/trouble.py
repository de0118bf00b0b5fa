"""What can go wrong with a store, in one place: the same codes and sentences whichever engine it is.

`Unavailable` codes tell people what to do; `OurMistake` codes mean that this program handed a store wrong rows.
"""

from __future__ import annotations

from typing import Final

from parley.errors import OurMistake
from parley.storage.port import EntryRow, FoldRow, SignatureRow

SENTENCES: Final[dict[str, str]] = {
    "storage.full": "the disk is full; this was not kept, everything before it is safe; free some space",
    "storage.readonly": "the disk takes no writes; this was not kept; everything before it can be read",
    "storage.corrupt": "the record's file is damaged; stop this node, keep the file, and heal from the other side",
    "storage.failed": "the disk answered with an error; this was not kept; look at its cable, mount and quota",
    "storage.busy": "another program has this record open; one node a record",
    "storage.closed": "the record is closed: this node is stopping",
    "storage.newer": "this record was written by a newer Parley",
    "storage.foreign": "this file is not a Parley record",
}


def gap(row: EntryRow, size: int) -> OurMistake:
    """An entry beyond the end of its log."""
    return OurMistake("storage.gap", f"{row.log}: expected entry {size}, got {row.number}; nothing was stored")


def changed_entry(row: EntryRow) -> OurMistake:
    """Other bytes where an entry is held."""
    return OurMistake("storage.changed", f"{row.log}: entry {row.number} is held with other bytes; nothing was stored")


def wrong_id(row: EntryRow) -> OurMistake:
    """An id that is not the leaf hash."""
    return OurMistake("storage.id", f"{row.log}: entry {row.number} does not hash to its id; nothing was stored")


def fold_mistake(row: FoldRow, reason: str) -> OurMistake:
    """A fold row out of its order."""
    return OurMistake("storage.fold", f"{row.log}: fold of entry {row.number}: {reason}; nothing was stored")


def other_root(row: SignatureRow) -> OurMistake:
    """A second root under a size that is signed already: a fork would be written."""
    return OurMistake(
        "storage.fork",
        f"{row.log}: size {row.size} is already signed ({row.kind}) with another root; nothing was stored",
    )
