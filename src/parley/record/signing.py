"""The persons' signatures in a whole record: kept while the file streams by, judged once every roster entry is known.

Owns: which entries carry one, and which roster entries list keys. Does not own: the check itself (binding.py).
Always true:
  1. Memory grows with roster entries that list keys, not with entries: what is signed waits in a temporary file.
  2. A signature that does not hold spoils nobody's record (DESIGN 2.7): it is told, with its reason, and not counted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Final

from parley.errors import PeerError
from parley.record.binding import is_signed, verify_by_listing
from parley.record.entry import Entry, read_entry
from parley.record.names import Ref

_SPOOL_BYTES: Final = 1_048_576
_SIZE_BYTES: Final = 4


class Signing:
    """Gathers signed entries; `judge` then checks them."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115
        self._listings: dict[Ref, Entry] = {}

    def close(self) -> None:
        """Let the temporary file go."""
        self._file.close()

    def hear(self, entry: Entry, leaf: bytes, leaf_hash: bytes) -> None:
        """Keep an entry that stands in its place, if it is signed or lists keys."""
        if entry.kind == "roster.listed" and entry.channel == "line" and "passkeys" in entry.body:
            self._listings[Ref(entry.log, entry.number, leaf_hash.hex())] = entry
        if is_signed(entry):
            self._file.write(len(leaf).to_bytes(_SIZE_BYTES, "big") + leaf)

    def judge(self, tell: Callable[[str], None]) -> int:
        """Check every signed entry; give how many hold, and tell of each that does not."""
        good = 0
        self._file.seek(0)
        while size := int.from_bytes(self._file.read(_SIZE_BYTES), "big"):
            entry = read_entry(self._file.read(size))
            try:
                verify_by_listing(entry, self._listings.get)
                good += 1
            except PeerError as fault:
                tell(f"entry {entry.number} of {entry.log} is signed, and that does not hold: {fault.sentence}")
        return good
