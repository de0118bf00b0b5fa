"""The Merkle tree of a log: SHA-256, as RFC 9162 section 2.1 lays it down.

Owns: hashes of leaves and nodes, the growing edge of a tree, proofs that an entry is in it and that it only grew.
Does not own: who signed a root (notes.py), where hashes are kept (storage/).
Always true:
  1. A proof of wrong length is refused, as is one with a hash too many: one statement has one proof.
  2. No function here looks at more than 64 levels, however large the numbers it is given.
Read first: docs/protocol/logs-and-proofs.md. Vectors: tests/vectors/tree.json.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from parley import limits
from parley.errors import PeerError, ensure

Hash = bytes  # 32 bytes of SHA-256
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

_sha256 = hashlib.sha256


def leaf_hash(leaf: bytes) -> Hash:
    """Hash one entry's bytes; the 0x00 in front keeps a leaf from passing for a node."""
    return _sha256(b"\x00" + leaf).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Hash two neighbours into their parent."""
    return _sha256(b"\x01" + left + right).digest()


class HashReader(Protocol):
    """Reads the hash of a complete subtree over leaves [index << level, (index + 1) << level)."""

    def subtree(self, level: int, index: int) -> Hash: ...


class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first.

    `peaks` has one hash for each 1 bit of `size`. Appending costs one or two hashes on average.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[Hash] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        ensure(size >= 0 and len(self.peaks) == size.bit_count(), f"{len(self.peaks)} peaks do not fit size {size}")

    def append(self, leaf: Hash) -> None:
        """Add the hash of the next leaf."""
        peaks, size = self.peaks, self.size
        while size & 1:
            leaf = _sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[Hash]) -> None:
        """Add the hashes of the next leaves, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> Hash:
        """Give the root of the tree so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def copy(self) -> Frontier:
        """Give a frontier that grows on its own."""
        return Frontier(self.size, self.peaks)


class EdgeHashes:
    """A `HashReader` over the edge of a tree and the leaves after it: for proofs of those leaves alone."""

    def __init__(self, edge: Frontier, leaves: Sequence[Hash]) -> None:
        self._peaks: dict[tuple[int, int], Hash] = {}
        self._first, self._leaves, start = edge.size, leaves, 0
        for peak in edge.peaks:
            level = (edge.size - start).bit_length() - 1
            self._peaks[(level, start >> level)] = peak
            start += 1 << level

    def subtree(self, level: int, index: int) -> Hash:
        """Give the hash of one complete subtree that holds none of the edge's subtrees in part."""
        peak = self._peaks.get((level, index))
        if peak is not None:
            return peak
        if level == 0:
            ensure(0 <= index - self._first < len(self._leaves), f"leaf {index} is not here")
            return self._leaves[index - self._first]
        return node_hash(self.subtree(level - 1, 2 * index), self.subtree(level - 1, 2 * index + 1))


def root_at(size: int, reader: HashReader) -> Hash:
    """Give the root of the first `size` leaves."""
    return _range_hash(0, size, reader) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, reader: HashReader) -> list[Hash]:
    """Give the hashes that show leaf `index` is in the tree of the first `size` leaves.

    Returns: 32-byte hashes, lowest level first, at most 63.
    Raises: OurMistake unless 0 <= index < size.
    Source: RFC 9162 section 2.1.3.1.
    """
    ensure(0 <= index < size, f"no leaf {index} in a tree of {size}")
    return _path(index, 0, size, reader)[::-1]


def grown_inclusion_proof(index: int, old: int, new: int, growth: Sequence[Hash], reader: HashReader) -> list[Hash]:
    """Give the proof that leaf `index` is in a tree of `new` leaves, of which only the first `old` are here.

    Args:
        growth: The consistency proof from `old` to `new`, already verified: it names what lies beyond `old`.
        reader: Reads subtrees of the first `old` leaves.
    Returns: as inclusion_proof(index, new, ...) by one who holds all leaves.
    Raises: OurMistake unless 0 <= index < old <= new.
    """
    ensure(0 <= index < old <= new, f"no leaf {index} among {old} of {new}")
    steps, start, end = list(growth), 0, new
    path: list[Hash] = []  # from the root down, as `steps` is taken from its end
    while old < end:
        middle = start + _split(end - start)
        step = steps.pop()  # the half in which the old tree's edge does not lie
        if old <= middle or index >= middle:
            path.append(step)
            start, end = (start, middle) if old <= middle else (middle, end)
        else:
            path.append(_grown_hash(middle, end, old, steps))
            end = middle
    return (path + _path(index, start, end, reader))[::-1]


def _grown_hash(start: int, end: int, old: int, steps: list[Hash]) -> Hash:
    """Hash leaves [start, end) by what is left of a consistency proof, where start < old <= end."""
    step = steps.pop()
    if old == end:
        return step
    middle = start + _split(end - start)
    if old <= middle:
        return node_hash(_grown_hash(start, middle, old, steps), step)
    return node_hash(step, _grown_hash(middle, end, old, steps))


def _path(index: int, start: int, end: int, reader: HashReader) -> list[Hash]:
    """Give the hashes beside the way from the root over leaves [start, end) down to leaf `index`."""
    proof: list[Hash] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, reader))
            end = middle
        else:
            proof.append(_range_hash(start, middle, reader))
            start = middle
    return proof


def consistency_proof(old: int, new: int, reader: HashReader) -> list[Hash]:
    """Give the hashes that show a tree of `old` leaves grew into one of `new`.

    Returns: 32-byte hashes, lowest level first, at most 64; empty if the sizes are equal or `old` is 0.
    Raises: OurMistake unless 0 <= old <= new.
    Source: RFC 9162 section 2.1.4.1.
    """
    ensure(0 <= old <= new, f"a tree of {old} cannot have grown into one of {new}")
    if old in (0, new):
        return []
    start, end = 0, new
    proof: list[Hash] = []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range_hash(middle, end, reader))
            end = middle
        else:
            proof.append(_range_hash(start, middle, reader))
            start = middle
    if start:  # the old tree's last subtree is not the old root itself, so the checker needs it
        proof.append(_range_hash(start, end, reader))
    proof.reverse()
    return proof


def verify_inclusion(leaf: Hash, index: int, size: int, proof: Sequence[Hash], root: Hash) -> None:
    """Check that the leaf with this hash is number `index` of the `size` under `root`.

    Raises: PeerError `record.inclusion`. Source: RFC 9162 section 2.1.3.2.
    """
    where = f"entry {index} in a log of {size}"
    if not 0 <= index < size:
        raise PeerError("record.inclusion", f"{where}: there is no such entry")
    _check_hashes("record.inclusion", where, proof)
    number, last, seen = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise PeerError("record.inclusion", f"{where}: the proof has more hashes than the tree has levels")
        if number & 1 or number == last:
            seen = node_hash(step, seen)
            while not number & 1 and number:
                number >>= 1
                last >>= 1
        else:
            seen = node_hash(seen, step)
        number >>= 1
        last >>= 1
    if last:
        raise PeerError("record.inclusion", f"{where}: the proof has fewer hashes than the tree has levels")
    if seen != root:
        raise PeerError("record.inclusion", f"{where}: the proof leads to another root than the one signed")


def verify_consistency(old: int, new: int, old_root: Hash, new_root: Hash, proof: Sequence[Hash]) -> None:
    """Check that the log of `old` entries under `old_root` is the beginning of the one of `new` under `new_root`.

    Raises: PeerError `record.consistency`. Source: RFC 9162 section 2.1.4.2.
    """
    where = f"a log of {old} growing to {new}"
    if not 0 <= old <= new:
        raise PeerError("record.consistency", f"{where}: a log never gets shorter")
    _check_hashes("record.consistency", where, proof)
    if old == 0 or old == new:
        if proof:
            raise PeerError("record.consistency", f"{where}: expected an empty proof")
        if old == 0 and old_root != EMPTY_ROOT:
            raise PeerError("record.consistency", f"{where}: an empty log has just one root, and it is not this")
        if old == new and old_root != new_root:
            raise PeerError("record.consistency", f"{where}: two roots for one size: the log was forked")
        return
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        raise PeerError("record.consistency", f"{where}: the proof is empty")
    number, last = old - 1, new - 1
    while number & 1:
        number >>= 1
        last >>= 1
    from_old = from_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise PeerError("record.consistency", f"{where}: the proof has too many hashes")
        if number & 1 or number == last:
            from_old = node_hash(step, from_old)
            from_new = node_hash(step, from_new)
            while not number & 1 and number:
                number >>= 1
                last >>= 1
        else:
            from_new = node_hash(from_new, step)
        number >>= 1
        last >>= 1
    if last:
        raise PeerError("record.consistency", f"{where}: the proof has too few hashes")
    if from_old != old_root:
        raise PeerError("record.consistency", f"{where}: the longer log does not begin with the shorter one")
    if from_new != new_root:
        raise PeerError("record.consistency", f"{where}: the proof leads to another root than the one signed")


def _split(count: int) -> int:
    """Give the largest power of two below `count` (at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(start: int, end: int, reader: HashReader) -> Hash:
    """Hash leaves [start, end), where start is a multiple of the smallest power of two that spans them."""
    seen: Hash | None = None
    while start < end:  # complete subtrees from the right edge inwards
        level = ((end - start) & -(end - start)).bit_length() - 1
        peak = reader.subtree(level, (end >> level) - 1)
        seen = peak if seen is None else node_hash(peak, seen)
        end -= 1 << level
    ensure(seen is not None, "the hash of no leaves was asked for")
    return seen if seen is not None else EMPTY_ROOT


def _check_hashes(code: str, where: str, proof: Sequence[Hash]) -> None:
    if len(proof) > limits.PROOF_HASHES_MAX + 1:
        raise PeerError(code, f"{where}: expected at most {limits.PROOF_HASHES_MAX + 1} hashes, got {len(proof)}")
    if any(len(step) != 32 for step in proof):
        raise PeerError(code, f"{where}: every hash must have 32 bytes")
