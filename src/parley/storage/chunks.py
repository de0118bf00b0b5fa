"""Attachments on the disk: each file once, named by the Merkle root over its 64 KiB chunks.

    <root>.file   the bytes                     <root>.part     the bytes so far, in place
    <root>.tree   every complete subtree hash   <root>.hashes   leaf hashes of the chunks that are synced, in place
    new-<random>  a file of our own, being taken in

Owns: those files, the quota and the reserve, what is missing, proofs, the check of what is read back.
Does not own: asking and giving (line/attachments.py), who may read a file (actions/).
Always true:
  1. A chunk counts as here after a restart only if its bytes were synced before its hash was written.
  2. `<root>.file` exists only if every chunk was hashed, the hashes lead to the root, and all of it was synced.
  3. A chunk is given only if it still hashes to what it did.
  4. Memory does not grow with a file: a bit a chunk, and 16 MiB of chunks not yet synced.
Read first: docs/protocol/attachments.md.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from parley import limits
from parley.errors import Refused, Unavailable, ensure
from parley.record.tree import inclusion_proof, leaf_hash, root_at
from parley.storage.chunk_files import HASH_BYTES, NO_HASH, Levels, Part, sync_folder, write_all
from parley.storage.file import corrupt, trouble
from parley.storage.port import chunk_bytes, chunk_count

# Files being pulled that are kept open; the line pulls limits.PULLS_MAX at once.
_OPEN_MAX: Final = 2 * limits.PULLS_MAX
# Chunks between two syncs: a crash costs at most this much to be sent again.
SYNC_CHUNKS: Final = 256
# Free space that attachments never touch, so that a flood of files cannot stop the record.
RESERVE_BYTES: Final = 512 * 1_048_576


class ChunkStore:
    """Keeps attachments. Any thread may call it; writing belongs off the event loop."""

    def __init__(self, folder: Path, *, quota_bytes: int, reserve_bytes: int = RESERVE_BYTES) -> None:
        """Open the folder, making it if needed; what a crash left half taken in is removed, what was pulled stays."""
        self._folder = folder
        self._quota = quota_bytes
        self._reserve = reserve_bytes
        self._guard = threading.RLock()
        self._parts: dict[bytes, Part] = {}
        self._rooms: dict[bytes, int] = {}
        self._ours: dict[bytes, int] = {}  # being taken in, by what stands for a root
        self._sizes: dict[bytes, int] = {}
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in sorted(folder.iterdir()):
                if path.name.startswith("new-"):
                    path.unlink()
                elif path.suffix == ".part" and self._named_by_half(path):
                    path.rename(path.with_suffix(".file"))  # the power went between the two names; both were synced
                    self._sizes[bytes.fromhex(path.stem)] = path.with_suffix(".file").stat().st_size
                elif path.suffix == ".file":
                    self._sizes[bytes.fromhex(path.stem)] = path.stat().st_size
                elif path.suffix == ".part":
                    self._rooms[bytes.fromhex(path.stem)] = path.stat().st_size
        except OSError as error:
            raise trouble(error, f"opening {folder}") from error

    # --- what is here

    def held(self, root: bytes) -> int | None:
        """Give the size of a whole file, or None."""
        return self._sizes.get(root)

    def arrived(self, root: bytes, size: int) -> int:
        """Give how many bytes of a file are here, whole or not."""
        if root in self._sizes:
            return self._sizes[root]
        with self._guard:
            if root not in self._rooms:
                return 0
            part = self._part(root, size)
            return min(size, sum(byte.bit_count() for byte in part.here) * limits.CHUNK_BYTES)

    def used(self) -> int:
        """Give the bytes that files take up or have been promised."""
        with self._guard:
            return sum(self._sizes.values()) + sum(self._rooms.values()) + sum(self._ours.values())

    def room(self, root: bytes, size: int, *, ours: bool = False) -> None:
        """Keep room for a file; raises Unavailable `storage.quota` or `storage.full`.

        What is promised to files that are still coming takes nothing from `ours`: the other side names any size, and
        need never send it.
        """
        with self._guard:
            if root in self._sizes:
                return
            others = self.used() - self._rooms.get(root, 0)
            if ours:
                others = sum(self._sizes.values()) + sum(self._ours.values()) - self._ours.get(root, 0)
            if others + size > self._quota:
                raise Unavailable(
                    "storage.quota",
                    f"a file of {size} bytes goes beyond the quota of {self._quota}; raise it or free some",
                )
            if shutil.disk_usage(self._folder).free - size < self._reserve:
                raise Unavailable("storage.full", f"a file of {size} bytes would leave too little space for the record")
            (self._ours if ours else self._rooms)[root] = size

    def missing(self, root: bytes, size: int, first: int, count: int) -> list[int]:
        """Give up to `count` chunks from `first` on that are not here, in order."""
        with self._guard:
            part = self._part(root, size)
            found: list[int] = []
            index = first
            while index < part.count and len(found) < count:
                if index & 7 == 0 and part.here[index >> 3] == 0xFF:
                    index += 8
                    continue
                if not part.has(index):
                    found.append(index)
                index += 1
            return found

    # --- pulling

    def put(self, root: bytes, size: int, index: int, data: bytes, leaf: bytes) -> None:
        """Write a chunk that was verified to the root; `leaf` is its leaf hash. Once more changes nothing."""
        with self._guard:
            part = self._part(root, size)
            ensure(index < part.count and len(data) == chunk_bytes(size, index), "a chunk of the wrong place or length")
            if part.has(index):
                return
            if shutil.disk_usage(self._folder).free - len(data) < self._reserve:
                raise Unavailable("storage.full", "the file would leave too little space for the record")
            try:
                write_all(part.bytes, data, index * limits.CHUNK_BYTES)
                part.unsynced.append((index, leaf))
                part.mark(index)
                if len(part.unsynced) >= SYNC_CHUNKS:
                    part.sync()
            except OSError as error:
                self._forget(root)
                raise trouble(error, "writing a chunk") from error

    def finish(self, root: bytes, size: int) -> bool:
        """Sync the file and look whether it is whole. If damage shows, drop the bad chunks and give False."""
        with self._guard:
            if root in self._sizes and not self._path(root, "part").exists():
                return True
            part = self._part(root, size)
            try:
                part.sync()
                if self.missing(root, size, 0, 1):
                    return False
                levels = Levels(part.hashes, part.count)
                levels.build(part.count)
                if root_at(part.count, levels) != root or os.fstat(part.bytes).st_size != size:
                    self._look_through(root, part)
                    return False
                os.fsync(part.hashes)
                self._settle(self._path(root, "hashes"), self._path(root, "part"), root, size)
            except OSError as error:
                self._forget(root)
                raise trouble(error, "finishing a file") from error
            self._forget(root)
            self._rooms.pop(root, None)
            return True

    @staticmethod
    def _named_by_half(part: Path) -> bool:
        return part.with_suffix(".tree").exists() and not part.with_suffix(".file").exists()

    def drop(self, root: bytes) -> None:
        """Remove a file, whole or not."""
        with self._guard:
            self._forget(root)
            self._sizes.pop(root, None)
            self._rooms.pop(root, None)
            for suffix in ("file", "part", "tree", "hashes"):
                self._path(root, suffix).unlink(missing_ok=True)

    def _part(self, root: bytes, size: int) -> Part:
        part = self._parts.get(root)
        if part is not None and part.size == size:
            return part
        try:
            if part is not None:  # a second entry names the same root with another size; `finish` shows which is true
                self._forget(root)
                self._path(root, "hashes").unlink()
            while len(self._parts) >= _OPEN_MAX:
                oldest = next(iter(self._parts))
                self._parts[oldest].sync()
                self._forget(oldest)
            part = self._parts[root] = Part(self._folder, root, size)
        except OSError as error:
            raise trouble(error, "opening a file that is being pulled") from error
        return part

    def _forget(self, root: bytes) -> None:
        part = self._parts.pop(root, None)
        if part is not None:
            part.close()

    def _look_through(self, root: bytes, part: Part) -> None:
        """Some hash or chunk was damaged on this disk: hash every chunk again, forget those that do not fit."""
        good = True
        for index in range(part.count):
            data = os.pread(part.bytes, chunk_bytes(part.size, index), index * limits.CHUNK_BYTES)
            if leaf_hash(data) != os.pread(part.hashes, HASH_BYTES, index * HASH_BYTES):
                write_all(part.hashes, NO_HASH, index * HASH_BYTES)
                good = False
        if good:  # hashes and bytes agree and lead elsewhere: nothing here can be trusted
            os.ftruncate(part.hashes, 0)
        os.ftruncate(part.bytes, part.size)
        os.ftruncate(part.hashes, min(os.fstat(part.hashes).st_size, part.count * HASH_BYTES))
        self._forget(root)

    def _settle(self, tree: Path, content: Path, root: bytes, size: int) -> None:
        """Give both files their lasting names; the tree first, so that a file always has its tree."""
        tree.rename(self._path(root, "tree"))
        content.rename(self._path(root, "file"))
        sync_folder(self._folder)
        self._sizes[root] = size

    def _path(self, root: bytes, suffix: str) -> Path:
        return self._folder / f"{root.hex()}.{suffix}"

    # --- giving

    def chunk(self, root: bytes, index: int) -> tuple[bytes, list[bytes]]:
        """Give one chunk of a whole file, checked, and its inclusion proof."""
        size = self._sizes.get(root)
        ensure(size is not None and 0 <= index < chunk_count(size), "a chunk of no file that is here")
        count = chunk_count(size or 1)
        try:
            with self._path(root, "file").open("rb", buffering=0) as content:
                data = os.pread(content.fileno(), limits.CHUNK_BYTES, index * limits.CHUNK_BYTES)
            with self._path(root, "tree").open("rb", buffering=0) as tree:
                levels = Levels(tree.fileno(), count)
                leaf = levels.subtree(0, index)
                proof = inclusion_proof(index, count, levels)
        except OSError as error:
            raise trouble(error, "reading a file") from error
        if leaf_hash(data) != leaf:
            raise corrupt(f"file {root.hex()[:16]}, chunk {index}")
        return data, proof

    def read(self, root: bytes, first: int = 0) -> Iterator[bytes]:
        """Give a file from one of its chunks on, chunk by chunk, each checked."""
        for index in range(first, chunk_count(self._sizes.get(root) or 0)):
            yield self.chunk(root, index)[0]

    # --- taking in a file of our own

    def add(self) -> NewFile:
        """Begin to take in a file; write to it, then `finish` or `drop` it."""
        return NewFile(self, self._folder)

    def take(self, new: NewFile, root: bytes) -> None:
        """Keep a file just taken in, unless it is here already."""
        with self._guard:
            if root in self._sizes:
                new.drop()
                return
            self._settle(new.tree_path, new.path, root, new.size)
            self._forget(root)
            self._rooms.pop(root, None)
            for suffix in ("part", "hashes"):  # ours is whole; what was being pulled is not needed
                self._path(root, suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Sync what was pulled and let go."""
        with self._guard:
            for root in list(self._parts):
                part = self._parts[root]
                try:
                    part.sync()
                except OSError as error:
                    raise trouble(error, "closing a file that is being pulled") from error
                finally:
                    self._forget(root)


class NewFile:
    """A file of our own on its way in: cut into chunks and hashed as it comes."""

    def __init__(self, store: ChunkStore, folder: Path) -> None:
        name = secrets.token_hex(8)
        self._store = store
        self.path = folder / f"new-{name}"
        self.tree_path = folder / f"new-{name}-tree"
        self.size = 0
        self._rest = b""
        self._count = 0
        self._room = secrets.token_bytes(HASH_BYTES)  # stands for the root, which is not known yet, in the quota
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            self._bytes = os.open(self.path, flags, 0o600)
            self._tree = os.open(self.tree_path, flags, 0o600)
        except OSError as error:
            raise trouble(error, "taking in a file") from error

    def write(self, data: bytes) -> None:
        """Take in some bytes.

        Raises:
            Unavailable: `storage.quota`, `storage.full`; the file was dropped.
            Refused: `attachments.size`, it is larger than the protocol carries; the file was dropped.
        """
        try:
            self._store.room(self._room, self.size + len(self._rest) + len(data), ours=True)
            rest = self._rest + data
            whole = len(rest) - len(rest) % limits.CHUNK_BYTES
            for at in range(0, whole, limits.CHUNK_BYTES):
                self._chunk(rest[at : at + limits.CHUNK_BYTES])
            self._rest = rest[whole:]
        except OSError as error:
            self.drop()
            raise trouble(error, "taking in a file") from error
        except (Unavailable, Refused):
            self.drop()
            raise

    def _chunk(self, data: bytes) -> None:
        if self._count == limits.CHUNKS_MAX:
            raise Refused("attachments.size", f"a file has at most {limits.CHUNKS_MAX * limits.CHUNK_BYTES} bytes")
        write_all(self._bytes, data, self.size)
        write_all(self._tree, leaf_hash(data), self._count * HASH_BYTES)
        self._count += 1
        self.size += len(data)

    def finish(self) -> tuple[bytes, int]:
        """Sync and keep the file; gives (root, size). Raises Refused `attachments.empty` for a file of no bytes."""
        try:
            if self._rest:
                self._chunk(self._rest)
                self._rest = b""
            if not self.size:
                raise Refused("attachments.empty", "an attachment must have at least one byte")
            levels = Levels(self._tree, self._count)
            levels.build(self._count)
            root = root_at(self._count, levels)
            os.fsync(self._bytes)
            os.fsync(self._tree)
            self._store.take(self, root)
        except OSError as error:
            self.drop()
            raise trouble(error, "taking in a file") from error
        except Refused:
            self.drop()
            raise
        size = self.size
        self._close()
        return root, size

    def drop(self) -> None:
        """Forget the file."""
        self._close()
        self.path.unlink(missing_ok=True)
        self.tree_path.unlink(missing_ok=True)

    def _close(self) -> None:
        self._store._ours.pop(self._room, None)
        for handle in (self._bytes, self._tree):
            if handle >= 0:
                os.close(handle)
        self._bytes = self._tree = -1
