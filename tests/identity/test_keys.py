"""Signing pairs: what fits is taken, what does not raises, and keys that prove nothing are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parley.errors import OurMistake, PeerError
from parley.identity import SigningPair, verify, verify_pq
from parley.identity.keys import PublicPair, check_public_pair

PAIR = SigningPair.from_seed(b"\x01" * 32)
VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "ed25519.json").read_text())


def test_what_a_pair_signs_its_public_half_takes() -> None:
    """The plainest promise of the room; all others stand on it."""
    verify(PAIR.public.ed, b"words", PAIR.sign(b"words"), what="words")
    verify_pq(PAIR.public.pq, b"words", PAIR.sign_pq(b"words"), what="words")


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_any_change_to_bytes_key_or_signature_raises(place: int) -> None:
    """A check that answered False could be forgotten by its caller; this one cannot."""
    signature = bytearray(PAIR.sign(b"words"))
    signature[place] ^= 1
    for key, message, signed in (
        (PAIR.public.ed, b"words", bytes(signature)),
        (PAIR.public.ed, b"Words", PAIR.sign(b"words")),
        (SigningPair.from_seed(b"\x02" * 32).public.ed, b"words", PAIR.sign(b"words")),
        (PAIR.public.ed, b"words", PAIR.sign(b"words")[:-1]),
        (PAIR.public.ed, b"words", b""),
    ):
        with pytest.raises(PeerError) as refused:
            verify(key, message, signed, what="words")
        assert refused.value.code == "identity.signature"


def test_a_changed_ml_dsa_signature_raises() -> None:
    """The second suite must guard as much as the first, or it is decoration."""
    signature = bytearray(PAIR.sign_pq(b"words"))
    signature[1000] ^= 1
    for message, signed in ((b"words", bytes(signature)), (b"Words", PAIR.sign_pq(b"words")), (b"words", b"")):
        with pytest.raises(PeerError) as refused:
            verify_pq(PAIR.public.pq, message, signed, what="words")
        assert refused.value.code == "identity.signature"


@pytest.mark.parametrize("vector", VECTORS["signatures"], ids=lambda vector: vector["name"])
def test_ed25519_vectors_are_taken_or_refused_as_they_should(vector: dict[str, Any]) -> None:
    """RFC 8032's own, and forms that lenient libraries have taken."""
    args = (bytes.fromhex(vector["key"]), bytes.fromhex(vector["message"]), bytes.fromhex(vector["signature"]))
    if vector["fault"] is None:
        verify(*args, what="vector")
        return
    with pytest.raises(PeerError):
        verify(*args, what="vector")


@pytest.mark.parametrize("vector", VECTORS["weak_keys"], ids=lambda vector: vector["name"])
def test_a_key_under_which_anything_fits_is_refused(vector: dict[str, Any]) -> None:
    """With such a key on its card a side could later deny every word it signed."""
    with pytest.raises(PeerError) as refused:
        check_public_pair(PublicPair(bytes.fromhex(vector["key"]), PAIR.public.pq), what="card")
    assert refused.value.code == "identity.key"


def test_a_pair_is_the_same_again_from_its_seed_and_from_its_bytes() -> None:
    """A replayed simulation and a restored key file must speak with the same voice."""
    assert SigningPair.from_seed(b"\x01" * 32).public == PAIR.public
    assert SigningPair.from_bytes(PAIR.to_bytes()).public == PAIR.public
    assert SigningPair.generate().public != SigningPair.generate().public
    with pytest.raises(OurMistake):
        SigningPair.from_bytes(b"short")


def test_a_pair_never_shows_its_secret() -> None:
    """Pairs end up in tracebacks and debug prints; seeds must not."""
    assert PAIR.to_bytes()[:8].hex() not in repr(PAIR)
