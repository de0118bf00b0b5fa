"""The tree of a log: RFC 9162 by its own definition, and by vectors others made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.record.leaves import LeafHashes

from parley.errors import OurMistake, PeerError
from parley.record import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from parley.record.tree import EdgeHashes, grown_inclusion_proof

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "tree.json").read_text())
LEAVES = [leaf_hash(b"leaf %d" % number) for number in range(140)]
SMALL = 40


def definition(hashes: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(definition(hashes[:split]), definition(hashes[split:]))


def test_roots_are_those_of_the_published_vectors() -> None:
    """A tree of our own invention would be read by no other tool."""
    for vector in VECTORS["roots"]:
        frontier = Frontier()
        frontier.extend(leaf_hash(bytes.fromhex(leaf)) for leaf in vector["leaves"])
        assert frontier.root().hex() == vector["root"], vector["source"]


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda vector: vector["name"])
def test_inclusion_vectors_are_taken_or_refused_as_they_should(vector: dict[str, Any]) -> None:
    """Each bad one is a proof that some program once took."""
    proof = [bytes.fromhex(step) for step in vector["proof"]]
    args = (bytes.fromhex(vector["leaf_hash"]), vector["index"], vector["size"], proof, bytes.fromhex(vector["root"]))
    if vector["fault"] is None:
        verify_inclusion(*args)
        return
    with pytest.raises(PeerError) as refused:
        verify_inclusion(*args)
    assert refused.value.code == "record.inclusion"


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=lambda vector: vector["name"])
def test_consistency_vectors_are_taken_or_refused_as_they_should(vector: dict[str, Any]) -> None:
    """A log that shrank or changed must never pass for one that grew."""
    proof = [bytes.fromhex(step) for step in vector["proof"]]
    args = (
        vector["old"],
        vector["new"],
        bytes.fromhex(vector["old_root"]),
        bytes.fromhex(vector["new_root"]),
        proof,
    )
    if vector["fault"] is None:
        verify_consistency(*args)
        return
    with pytest.raises(PeerError) as refused:
        verify_consistency(*args)
    assert refused.value.code == "record.consistency"


def test_frontier_and_stored_hashes_give_the_root_of_the_definition_at_every_size() -> None:
    """Two ways to one root: the receiver grows a frontier, the store reads subtrees."""
    frontier, kept = Frontier(), LeafHashes()
    for size in range(len(LEAVES) + 1):
        assert frontier.root() == definition(LEAVES[:size]) == root_at(size, kept)
        assert len(frontier.peaks) == size.bit_count()
        if size < len(LEAVES):
            frontier.append(LEAVES[size])
            kept.append(LEAVES[size])


def test_every_inclusion_proof_fits_and_no_other_place_takes_it() -> None:
    """A proof that fitted two numbers would let an entry be moved."""
    kept = LeafHashes(LEAVES[:SMALL])
    for size in range(1, SMALL + 1):
        root = root_at(size, kept)
        for index in range(size):
            proof = inclusion_proof(index, size, kept)
            verify_inclusion(LEAVES[index], index, size, proof, root)
            for other in {(index + 1) % size, size - 1 - index} - {index}:
                with pytest.raises(PeerError):
                    verify_inclusion(LEAVES[index], other, size, proof, root)


def test_every_consistency_proof_fits_and_no_wrong_root_does() -> None:
    """Between any two heads we ever cosign lies one of these."""
    kept = LeafHashes(LEAVES[:SMALL])
    for new in range(SMALL + 1):
        for old in range(new + 1):
            proof = consistency_proof(old, new, kept)
            verify_consistency(old, new, root_at(old, kept), root_at(new, kept), proof)
            wrong = leaf_hash(b"another history")
            with pytest.raises(PeerError):
                verify_consistency(old, new, wrong, root_at(new, kept), proof)
            if old:
                with pytest.raises(PeerError):
                    verify_consistency(old, new, root_at(old, kept), wrong, proof)


def test_a_leaf_is_proven_under_a_head_beyond_what_is_held_by_what_shows_the_growth() -> None:
    """A run in mid-log brings no more than that, and what it brings may be half of the proof of a fork."""
    kept = LeafHashes(LEAVES[:SMALL])
    for new in range(1, SMALL + 1):
        for old in range(1, new + 1):
            growth = consistency_proof(old, new, kept)
            for first in {0, old // 3, old - 1}:
                edge = Frontier()
                edge.extend(LEAVES[:first])
                reader = EdgeHashes(edge, LEAVES[first:old])
                for index in range(first, old):
                    proof = grown_inclusion_proof(index, old, new, growth, reader)
                    assert proof == inclusion_proof(index, new, kept), (index, first, old, new)


@given(st.integers(-2, 2**64), st.integers(-2, 2**64), st.lists(st.binary(min_size=30, max_size=33), max_size=70))
def test_any_numbers_and_hashes_give_an_answer_or_a_peer_error(a: int, b: int, proof: list[bytes]) -> None:
    """These arguments come straight off the line."""
    for check in (
        lambda: verify_inclusion(LEAVES[0], a, b, proof, LEAVES[1]),
        lambda: verify_consistency(a, b, LEAVES[0], LEAVES[1], proof),
    ):
        try:
            check()
        except PeerError as refused:
            assert refused.code in ("record.inclusion", "record.consistency")


def test_a_hash_too_many_or_too_few_is_refused() -> None:
    """Otherwise one statement had many proofs, and evidence files could differ in bytes that say nothing."""
    kept = LeafHashes(LEAVES[:SMALL])
    proof = inclusion_proof(5, SMALL, kept)
    for changed in (proof[:-1], [*proof, LEAVES[0]], [LEAVES[0], *proof], []):
        with pytest.raises(PeerError):
            verify_inclusion(LEAVES[5], 5, SMALL, changed, root_at(SMALL, kept))


def test_a_frontier_that_does_not_fit_its_size_stops_the_work() -> None:
    """Rows read back from a damaged disk must not become a signed root."""
    with pytest.raises(OurMistake):
        Frontier(3, [LEAVES[0]])
