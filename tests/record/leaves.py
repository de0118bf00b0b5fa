"""A log's hashes in memory, for the tests of this room: every complete subtree, read as a store gives them."""

from __future__ import annotations

from collections.abc import Iterable

from parley.record import node_hash
from parley.record.tree import Hash


class LeafHashes:
    """A `HashReader` over leaf hashes; grows a leaf at a time."""

    def __init__(self, leaves: Iterable[Hash] = ()) -> None:
        self._levels: list[list[Hash]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: Hash) -> None:
        """Add the hash of the next leaf and of every subtree it completes."""
        level = 0
        self._levels[0].append(leaf)
        while len(self._levels[level]) % 2 == 0:
            pair = self._levels[level][-2:]
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node_hash(*pair))

    def subtree(self, level: int, index: int) -> Hash:
        """Give the hash of one complete subtree."""
        assert level < len(self._levels) and 0 <= index < len(self._levels[level]), f"no subtree {level}/{index}"
        return self._levels[level][index]
