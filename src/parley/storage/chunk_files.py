"""The files of one attachment: hashes of every complete subtree, and a part that is being pulled.

Owns: where a hash lies in a `.tree` file, the order "bytes first, then the hashes that vouch for them".
Does not own: which files there are, quota and names (chunks.py).
Read first: chunks.py.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from parley.errors import Unavailable
from parley.record.tree import node_hash
from parley.storage.port import chunk_count
from parley.storage.trouble import SENTENCES

HASH_BYTES: Final = 32
NO_HASH: Final = bytes(HASH_BYTES)


class Levels:
    """Where the hashes of a tree of `count` leaves lie in a `.tree` file: level by level, complete subtrees only."""

    def __init__(self, handle: int, count: int) -> None:
        self._handle = handle
        self._starts = [0]
        while count >> len(self._starts):
            self._starts.append(self._starts[-1] + (count >> (len(self._starts) - 1)))

    def subtree(self, level: int, index: int) -> bytes:
        """Give one hash (record.tree.HashReader)."""
        return os.pread(self._handle, HASH_BYTES, (self._starts[level] + index) * HASH_BYTES)

    def build(self, count: int) -> None:
        """Work out all levels above the leaves, a block at a time."""
        for level in range(1, len(self._starts)):
            for first in range(0, count >> level, 4096):
                wanted = min(4096, (count >> level) - first)
                below = os.pread(
                    self._handle, 2 * wanted * HASH_BYTES, (self._starts[level - 1] + 2 * first) * HASH_BYTES
                )
                hashes = b"".join(
                    node_hash(below[at : at + HASH_BYTES], below[at + HASH_BYTES : at + 2 * HASH_BYTES])
                    for at in range(0, len(below), 2 * HASH_BYTES)
                )
                write_all(self._handle, hashes, (self._starts[level] + first) * HASH_BYTES)


class Part:
    """A file that is being pulled: two open files, one bit a chunk, hashes that wait for the next sync."""

    def __init__(self, folder: Path, root: bytes, size: int) -> None:
        self.size, self.count = size, chunk_count(size)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        content = folder / f"{root.hex()}.part"
        fresh = 0 if content.exists() else os.O_TRUNC  # hashes without their bytes vouch for nothing
        self.bytes = os.open(content, flags, 0o600)
        self.hashes = os.open(folder / f"{root.hex()}.hashes", flags | fresh, 0o600)
        sync_folder(folder)
        self.here = bytearray((self.count + 7) // 8)
        self.unsynced: list[tuple[int, bytes]] = []
        for first in range(0, self.count, 4096):
            held = os.pread(self.hashes, 4096 * HASH_BYTES, first * HASH_BYTES)
            for at in range(0, len(held) - HASH_BYTES + 1, HASH_BYTES):
                if held[at : at + HASH_BYTES] != NO_HASH and first + at // HASH_BYTES < self.count:
                    self.mark(first + at // HASH_BYTES)

    def mark(self, index: int) -> None:
        """Count a chunk as here."""
        self.here[index >> 3] |= 1 << (index & 7)

    def has(self, index: int) -> bool:
        """Say whether a chunk is here."""
        return bool(self.here[index >> 3] >> (index & 7) & 1)

    def sync(self) -> None:
        """Bytes first, then the hashes that vouch for them."""
        os.fdatasync(self.bytes)
        for index, leaf in self.unsynced:
            write_all(self.hashes, leaf, index * HASH_BYTES)
        self.unsynced.clear()

    def close(self) -> None:
        """Let go of both files."""
        os.close(self.bytes)
        os.close(self.hashes)


def write_all(handle: int, data: bytes, offset: int) -> None:
    """Write all of it: one pwrite may stop short, at a full disk or a file-size limit."""
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, offset)
        if written == 0:
            raise Unavailable("storage.full", SENTENCES["storage.full"])
        offset += written
        view = view[written:]


def sync_folder(folder: Path) -> None:
    """Make names in a folder safe."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
